"""The JSON schema of `results.json`, made from the model; `results.schema.json` in this folder is its published copy.

`python -m pressroom.reports.results > pressroom/reports/results/results.schema.json` publishes it again.
"""

from __future__ import annotations

import json

from pressroom.model.results import Results

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as indented JSON, sorted by key, with a line end."""
    schema = {"$schema": DIALECT, **Results.model_json_schema(mode="serialization")}
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
