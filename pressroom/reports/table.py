"""The drafts as rows, for a table artifact."""

from __future__ import annotations

from pressroom.model import Brief, BriefDraft, BriefIdea
from pressroom.reports.words import one_line, opening, state_words


def drafts_table(brief: Brief) -> list[dict[str, str]]:
    """One row a draft, in the brief's order; every value is one line of text."""
    return [_row(idea, draft) for idea in brief.ideas for draft in idea.drafts]


def _row(idea: BriefIdea, draft: BriefDraft) -> dict[str, str]:
    return {
        "idea": one_line(idea.title),
        "format": one_line(draft.format_title),
        "state": state_words(draft),
        "words": f"{draft.words:,}",
        "characters": f"{draft.characters:,}",
        "provider": draft.provider,
        "model": draft.model,
        "asked": str(draft.asked),
        "opening line": opening(draft),
    }
