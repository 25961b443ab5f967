"""`results.json` written and read."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from pressroom.errors import WrongInput
from pressroom.model.results import Results

KIND = Results.model_fields["kind"].default
SCHEMA_VERSION = Results.model_fields["schema_version"].default
MOST_SHOWN = 3
"""Faults of a damaged file that are named; the first ones tell."""


def to_json(results: Results) -> str:
    """Sorted by key, readable by people; `from_json` of it gives the same results."""
    return json.dumps(results.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str | bytes) -> Results:
    """The results that `to_json` wrote.

    Raises:
        WrongInput: the text isn't JSON, isn't a `results.json`, is one of another version, or is damaged.
    """
    data = _object(text)
    if data.get("kind") != KIND:
        raise WrongInput("This is JSON, but no results of a picture.", hint="Name a results.json that Pressroom wrote.")
    version = data.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise WrongInput(
            f"These results have schema version {_short(version)}; this version of Pressroom reads {SCHEMA_VERSION}.",
            hint="Use the Pressroom that wrote them, or optimise the picture again.",
        )
    try:
        return Results.model_validate(data)
    except ValidationError as error:
        raise WrongInput(
            f"These results are damaged: {_faults(error)}.", hint="Optimise the picture again, or undo the change."
        ) from None


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or nested without end
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise WrongInput(
            f"The results can't be read as JSON{where}.", hint="Name a results.json that Pressroom wrote."
        ) from None
    return data if isinstance(data, dict) else {}


def _faults(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)
    said = [f"{'.'.join(map(str, fault['loc'])) or 'the whole'}: {fault['msg']}" for fault in found[:MOST_SHOWN]]
    more = len(found) - MOST_SHOWN
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def _short(value: object) -> str:
    return json.dumps(value)[:20]
