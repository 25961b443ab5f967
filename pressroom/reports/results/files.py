"""All files of a picture's results, by their names."""

from __future__ import annotations

from pressroom.model.results import Results
from pressroom.reports.results.reading import to_json
from pressroom.reports.results.text import post_text

RESULTS_FILE = "results.json"


def files_of(results: Results) -> dict[str, bytes]:
    """Name -> content: `results.json` and what `texts_of` makes of it."""
    return {RESULTS_FILE: _encoded(to_json(results)), **texts_of(results)}


def texts_of(results: Results, *, zone: str | None = None) -> dict[str, bytes]:
    """Name -> content of each platform's text file, e.g. `instagram.txt`: plain names, never a path.

    zone: the readers' IANA zone, instead of the results' own.

    Raises:
        WrongInput: there is no such zone.
    """
    return {f"{result.platform}.txt": _encoded(post_text(result, results, zone=zone)) for result in results.platforms}


def _encoded(text: str) -> bytes:
    # Half a surrogate pair is no character and has no UTF-8: a model's cut-off emoji must not cost the file.
    return text.encode("utf-8", errors="replace")
