"""The drafts of a brief that a person should look at, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pressroom import formats
from pressroom.model import Brief, BriefDraft, State
from pressroom.reports.words import is_flagged


@dataclass(frozen=True)
class Concern:
    """`kind`: `quarantined`, `flagged` or `failed`. `at`: places of idea and draft in the brief, from 1."""

    kind: str
    idea: str
    format: str
    reasons: tuple[str, ...]
    at: tuple[int, int] | None = None


def concerns(brief: Brief) -> tuple[Concern, ...]:
    """The drafts that need a person, in the brief's order; drafts that could not be made come last."""
    return (*_drafts(brief), *chain.from_iterable(failures(brief).values()))


def reasons(draft: BriefDraft) -> tuple[str, ...]:
    """Broken rules, then findings, each with the place it is at."""
    broken = [f"{_place(violation.where)}{violation.message}" for violation in draft.violations]
    found = [f"{_place(finding.where)}{finding.reason}" for finding in draft.findings]
    return (*broken, *found)


def failures(brief: Brief) -> dict[int, tuple[Concern, ...]]:
    """The drafts that could not be made, by the position of their idea."""
    # A failure knows its format's name only; a sibling that was made, or the format itself, knows the title.
    titles = {draft.format: draft.format_title for idea in brief.ideas for draft in idea.drafts}
    found: dict[int, tuple[Concern, ...]] = {}
    for failure in brief.failures:
        title = titles.get(failure.format) or _title(failure.format)
        concern = Concern("failed", failure.idea_title, title, (f"{failure.reason} ({failure.code})",))
        found[failure.idea_position] = (*found.get(failure.idea_position, ()), concern)
    return found


def _drafts(brief: Brief) -> Iterator[Concern]:
    for row, idea in enumerate(brief.ideas, start=1):
        for column, draft in enumerate(idea.drafts, start=1):
            if draft.state is State.QUARANTINED or is_flagged(draft):
                name = "quarantined" if draft.state is State.QUARANTINED else "flagged"
                yield Concern(name, idea.title, draft.format_title, reasons(draft), (row, column))


def _title(name: str) -> str:
    return formats.get(name).title if name in formats.names() else name.replace("_", " ").capitalize()


def _place(where: str) -> str:
    return "" if where in {"", "text"} else f"In {where}: "
