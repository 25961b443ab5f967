"""Content to take away: as text to paste, as JSON, as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pressroom.review.values import AttachmentShown, CheckedPart, ContentSummary

COLUMNS = (
    "id", "day", "state", "format", "platform", "category", "title", "text", "words", "characters",
    "violation_count", "finding_count", "provider", "model", "created_at", "updated_at",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(parts: Iterable[CheckedPart], attachments: Sequence[AttachmentShown] = ()) -> str:
    """The parts as they are pasted, each under its label when there are several, and the names of what goes along."""
    sections = [(part.label, part.text) for part in parts]
    if attachments:
        sections.append(("Media", "\n".join(map(_listed, attachments))))
    if len(sections) == 1:
        return f"{sections[0][1]}\n"
    return "\n\n".join(f"--- {label}\n{text}" for label, text in sections) + "\n"


def _listed(one: AttachmentShown) -> str:
    size = f", {one.width} x {one.height}" if one.width else ""
    made_by_ai = ", made by AI" if one.made_by_ai else ""
    return f"{one.position + 1}. {one.name} ({one.kind}{size}{made_by_ai}): {one.alt_text or 'no alternative text'}"


def csv_rows(contents: Iterable[ContentSummary]) -> Iterator[str]:
    """A table as CSV (RFC 4180), line by line: `COLUMNS`, then a line for each of `contents`, which are whole.

    Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    yield _line(COLUMNS)
    for content in contents:
        values: Mapping[str, object] = content.model_dump(mode="json")
        yield _line([harmless(values[name]) for name in COLUMNS])


def json_rows(contents: Iterable[ContentSummary]) -> Iterator[str]:
    """A JSON array, item by item."""
    opening = "["
    for content in contents:
        yield f"{opening}\n{content.model_dump_json()}"
        opening = ","
    yield "[]\n" if opening == "[" else "\n]\n"


def _line(values: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()


def harmless(value: object) -> object:
    """The value, with an apostrophe before text that a spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
