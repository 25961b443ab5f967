"""The declared data of each language: what divides its sentences, what are its terms, what may be added to them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import stopwordsiso

from pressroom.providers.offline.values import Phrases

_PACKAGE = "pressroom.providers.offline.documents"
_APOSTROPHES = str.maketrans({"’": "'"})


@dataclass(frozen=True)
class Language:
    """A language in `languages.toml`, as sets, all of them empty for one it does not know.

    stop: words that end a term; empty: words that say nothing as a hashtag; verbal: endings of verbs and adverbs.
    """

    abbreviations: frozenset[str]
    leaning: tuple[str, ...]
    pointing: re.Pattern[str] | None
    determiners: frozenset[str]
    pronouns: frozenset[str]
    common: frozenset[str]
    noun_capitals: bool
    head_first: bool
    stop: frozenset[str]
    elided: frozenset[str]
    ordinals: bool
    empty: frozenset[str]
    verbal: tuple[str, ...]


def primary(language: str) -> str:
    """`pt-BR` as `pt`."""
    return language.replace("_", "-").partition("-")[0].casefold()


@cache
def language_of(tag: str) -> Language:
    """The data for a BCP 47 tag."""
    table = _read("languages").get(primary(tag), {})
    stop = {
        *_words(table, "abbreviations"),
        *_words(table, "weak"),
        *_words(table, "determiners"),
        *_words(table, "leaning"),
    }
    return Language(
        abbreviations=frozenset(_words(table, "abbreviations")),
        leaning=tuple(_words(table, "leaning")),
        pointing=re.compile(table["pointing"]) if "pointing" in table else None,
        determiners=frozenset(_words(table, "determiners")),
        pronouns=frozenset(_words(table, "pronouns")),
        common=frozenset(_words(table, "common")),
        noun_capitals=bool(table.get("noun_capitals")),
        head_first=bool(table.get("head_first")),
        stop=frozenset(stop | (_frequent(table["stoplist"]) if "stoplist" in table else _kept(primary(tag)))),
        elided=frozenset(_words(table, "elided")),
        ordinals=bool(table.get("ordinals")),
        empty=frozenset({*stop, *_words(table, "common"), *_words(table, "empty"), *_kept(primary(tag))}),
        verbal=tuple(_words(table, "verbal")),
    )


@cache
def phrases_of(tag: str) -> Phrases:
    """The phrases for a BCP 47 tag; only frames for a language that has none."""
    table = _read("phrases").get(primary(tag), {})
    plain = {key: value for key, value in table.items() if key != "endings"}
    return Phrases(**{key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()})


def endings_of(tag: str, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(questions, calls) that suit a kind of document; `{term}` in one stands for what it is about."""
    table = _read("phrases").get(primary(tag), {}).get("endings", {}).get(kind, {})
    return tuple(table.get("questions", ())), tuple(table.get("calls", ()))


def folded(word: str) -> str:
    """Lower case, with straight apostrophes: as words stand in the tables."""
    return word.translate(_APOSTROPHES).casefold()


def _words(table: dict[str, Any], key: str) -> list[str]:
    return str(table.get(key, "")).split()


def _kept(language: str) -> set[str]:
    """The stop words of a language from the lists of Stopwords ISO, which has 58; nothing for others."""
    return {folded(word) for word in stopwordsiso.stopwords(language)} if stopwordsiso.has_lang(language) else set()


def _frequent(name: str) -> set[str]:
    """The most frequent words of a language, from the lists jusText carries (trafilatura reads pages by them too)."""
    return {folded(word) for word in files("justext").joinpath("stoplists", f"{name}.txt").read_text("utf-8").split()}


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(_PACKAGE).joinpath(f"{name}.toml").read_text("utf-8"))
