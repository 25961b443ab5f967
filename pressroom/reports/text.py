"""The file of one draft: what is pasted, and nothing else."""

from __future__ import annotations

from pressroom.model import BriefDraft
from pressroom.reports.words import one_line


def to_text(draft: BriefDraft) -> str:
    """A single part is exactly its text and a newline; several are parted by `--- 2/3: First comment ---`."""
    pieces: list[str] = []
    for position, part in enumerate(draft.parts, start=1):
        if position > 1:
            pieces.append(f"--- {position}/{len(draft.parts)}: {one_line(part.label)} ---")
        pieces.append(part.text)
    return "\n".join(pieces) + "\n"
