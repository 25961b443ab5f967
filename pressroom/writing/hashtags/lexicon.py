"""The lexicon of niches and their hashtags that ships: `lexicon.toml`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import Field, field_validator

from pressroom.model.base import Frozen
from pressroom.writing.hashtags.shared.declare import Band
from pressroom.writing.hashtags.shared.words import key, plain

BANDS: tuple[Band, ...] = ("broad", "mid", "niche")
LANGUAGES = ("es", "de", "fr")


class Entry(Frozen):
    """One niche: the keywords that show it, and its hashtags by band; `es`, `de`, `fr`: hashtags of other languages."""

    keywords: tuple[str, ...] = Field(description="Plain words; `word*` for a beginning, `two_words` for a phrase.")
    broad: tuple[str, ...]
    mid: tuple[str, ...]
    niche: tuple[str, ...]
    es: tuple[str, ...] = ()
    de: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("keywords")
    @classmethod
    def _plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(plain(word) for word in value)

    def of_band(self, band: Band) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, band)
        return found

    def of_language(self, language: str) -> tuple[str, ...]:
        """The hashtags in the language of a BCP 47 tag, in addition to the English ones; empty if it is unknown."""
        code = language.partition("-")[0].lower()
        found: tuple[str, ...] = getattr(self, code) if code in LANGUAGES else ()
        return found

    @property
    def all_tags(self) -> tuple[str, ...]:
        return (*self.broad, *self.mid, *self.niche, *self.es, *self.de, *self.fr)


class Lexicon(Frozen):
    """All of it. `general`: hashtags that are true of any picture."""

    as_of: str
    source: str
    general: tuple[str, ...]
    niches: Mapping[str, Entry]

    @field_validator("general", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon.model_validate(
        tomllib.loads(files("pressroom.writing.hashtags").joinpath("lexicon.toml").read_text("utf-8"))
    )


@lru_cache(maxsize=1)
def bands() -> Mapping[str, Band]:
    """How general a hashtag is, by its key, as far as the lexicon knows; a tag of several niches counts as broader."""
    known: dict[str, Band] = {}
    for entry in lexicon().niches.values():
        for band in reversed(BANDS):
            for tag in entry.of_band(band):
                if BANDS.index(known.get(key(tag), "niche")) >= BANDS.index(band):
                    known[key(tag)] = band
    return known
