"""The declared data of each language: what divides its sentences, what are its terms, what may be added to them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pressroom.providers.offline.values import Phrases

_PACKAGE = "pressroom.providers.offline.documents"
_APOSTROPHES = str.maketrans({"’": "'"})


@dataclass(frozen=True)
class Language:
    """What `languages.toml` says of a language, as sets; all of them empty for one it does not know."""

    abbreviations: frozenset[str]
    leaning: tuple[str, ...]
    leaning_pairs: tuple[str, ...]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    common: frozenset[str]
    noun_capitals: bool
    head_first: bool
    stop: frozenset[str]
    elided: frozenset[str]
    ordinals: bool


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
        leaning_pairs=tuple(filter(None, table.get("leaning_pairs", "").split("|"))),
        determiners=frozenset(_words(table, "determiners")),
        pronouns=frozenset(_words(table, "pronouns")),
        common=frozenset(_words(table, "common")),
        noun_capitals=bool(table.get("noun_capitals")),
        head_first=bool(table.get("head_first")),
        stop=frozenset(stop | _frequent(table.get("stoplist", ""))),
        elided=frozenset(_words(table, "elided")),
        ordinals=bool(table.get("ordinals")),
    )


@cache
def phrases_of(tag: str) -> Phrases:
    """The phrases for a BCP 47 tag; only frames for a language that has none."""
    table = _read("phrases").get(primary(tag), {})
    return Phrases(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})


def folded(word: str) -> str:
    """Lower case, with straight apostrophes: as words stand in the tables."""
    return word.translate(_APOSTROPHES).casefold()


def _words(table: dict[str, Any], key: str) -> list[str]:
    return str(table.get(key, "")).split()


def _frequent(name: str) -> set[str]:
    """The most frequent words of a language, from the lists jusText carries (trafilatura reads pages by them too)."""
    if not name:
        return set()
    return {folded(word) for word in files("justext").joinpath("stoplists", f"{name}.txt").read_text("utf-8").split()}


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(_PACKAGE).joinpath(f"{name}.toml").read_text("utf-8"))
