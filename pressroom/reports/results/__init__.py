"""A picture's `Results` turned into files, and back: it touches no disk.

    results.json     everything, by the published schema `results.schema.json`
    <platform>.txt   one ready-to-post text file a platform, made from results.json alone

The same results always give the same bytes.
"""

from __future__ import annotations

from pressroom.reports.results.files import RESULTS_FILE, files_of, texts_of
from pressroom.reports.results.reading import from_json, to_json
from pressroom.reports.results.schema import schema_text
from pressroom.reports.results.text import post_text

__all__ = ["RESULTS_FILE", "files_of", "from_json", "post_text", "schema_text", "texts_of", "to_json"]
