"""The rules as data, read once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Forms of figures, units, dates and addresses, and what is never a figure."""
    return _read("rules.toml")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Words with a capital that are not names, by language."""
    return _read("words.toml")


@lru_cache(maxsize=1)
def senses() -> dict[str, Any]:
    """Negations, opposites, words of order and of speech, by language."""
    return _read("senses.toml")


def primary(language: str) -> str:
    """`de` of `de-AT`."""
    return language.split("-", maxsplit=1)[0].lower()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))
