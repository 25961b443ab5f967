"""`brief.html`: one page that works offline, from `templates/brief.html`."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pressroom.model import Brief, BriefDraft, Part
from pressroom.platforms.counting import x_length
from pressroom.reports import words
from pressroom.reports.attention import concerns, failures, reasons
from pressroom.reports.links import address
from pressroom.reports.summary import KINDS, costs

FOLDED_FROM = 13
"""From this many ideas on, each is folded away until it is opened."""


def pieces_of(brief: Brief) -> Iterator[str]:
    """The page, piece by piece."""
    return _template().generate(
        brief=brief,
        concerns=concerns(brief),
        missing=failures(brief),
        formats=_formats(brief),
        pictured=any(idea.pictures for idea in brief.ideas),
        folded=len(brief.ideas) >= FOLDED_FROM,
    )


def _formats(brief: Brief) -> list[tuple[str, int, str]]:
    """Formats as the page filters them: name, number (drafts carry it as a class) and title."""
    titles = {draft.format: draft.format_title for idea in brief.ideas for draft in idea.drafts}
    return [(name, number, titles[name]) for number, name in enumerate(sorted(titles), start=1)]


@cache
def _template() -> Template:
    page = Environment(
        loader=PackageLoader("pressroom.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page.globals.update(words=words, kinds=KINDS, costs=costs, reasons=reasons, address=address)
    page.filters.update(fingerprint=_fingerprint, apart=_apart, measured=_measured)
    return page.get_template("brief.html")


def _fingerprint(content: str) -> str:
    """How the page's own policy names the only style and script it lets through."""
    digest = hashlib.sha256(str(content).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _apart(part: Part, draft: BriefDraft) -> bool:
    """True for what is posted after the post itself, such as the hashtags of a first comment."""
    return len(draft.parts) > 1 and "comment" in part.label.casefold()


def _measured(part: Part, draft: BriefDraft) -> int:
    """Characters as the platform counts them."""
    return x_length(part.text) if draft.platform == "x" else len(part.text)
