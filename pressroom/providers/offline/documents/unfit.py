"""Why a sentence can't be quoted alone, and what kind of text a document is: told by the patterns of `unfit.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from pressroom.providers.offline.documents.tables import primary

Reason = Literal["points", "links", "aside", "hands", "answers", ""]
Kind = Literal["interview", "changelog", "tutorial", "report", "opinion", "announcement", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)

HEAD = 3
"""Sentences at the start of a document that tell its kind."""

OFTEN = {"report": 0.4, "opinion": 0.12}
"""Of all sentences, how many make a document a report or an opinion."""


def reason(text: str, tag: str, *, is_answer: bool = False) -> Reason:
    """Says why `text`, of the language `tag`, is unfit to stand alone; empty when it is fit.

    is_answer: it is the first sentence after a question.
    """
    names: tuple[Reason, ...] = ("points", "links", "aside", "hands", *(("answers",) if is_answer else ()))
    found = (name for name in names for pattern in _patterns(name, primary(tag)) if pattern.search(text))
    return next(found, "")


def kind_of(title: str, headings: Sequence[str], sentences: Sequence[str], tag: str) -> Kind:
    """Tells a document's kind by its title, its sentences, its start and its headings."""
    language = primary(tag)
    for kind in ("changelog", "tutorial"):
        if _says(kind, title, language):
            return kind
    if _says("announcement", title, language):
        return "announcement"
    shares = {kind: sum(_says(kind, one, language) for one in sentences) / max(len(sentences), 1) for kind in OFTEN}
    if _says("report", title, language) or shares["report"] >= OFTEN["report"]:
        return "report"
    if shares["opinion"] >= OFTEN["opinion"] or _says("opinion", title, language):
        return "opinion"
    if any(_says("announcement", one, language) for one in sentences[:HEAD]):
        return "announcement"
    return "tutorial" if any(_says("tutorial", one, language) for one in headings) else "text"


_CUES = {
    "changelog": "lists",
    "tutorial": "teaches",
    "announcement": "announces",
    "report": "reports",
    "opinion": "thinks",
}


def _says(kind: str, text: str, language: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns(_CUES[kind], language, shared=False))


@cache
def _patterns(name: str, language: str, *, shared: bool = True) -> tuple[re.Pattern[str], ...]:
    """The patterns of a language, and of all languages; for `aside` those for names in capitals too."""
    tables = [_table().get(language, {}), *([_table()["any"]] if shared else [])]
    found = [re.compile(text, re.IGNORECASE) for table in tables for text in _filled(table, name)]
    cased = [re.compile(text) for table in tables for text in _filled(table, "cased")] if name == "aside" else []
    return (*found, *cased)


def _filled(table: dict[str, Any], name: str) -> list[str]:
    texts = table.get(name, [])
    things = table.get("things", "")
    return [text.replace("{thing}", things) for text in ([texts] if isinstance(texts, str) else texts)]


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("unfit.toml").read_text("utf-8"))
