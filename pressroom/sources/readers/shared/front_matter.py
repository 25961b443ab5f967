"""The block of facts at the top of a Markdown file, between `---` (YAML), `+++` (TOML) or braces (JSON)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

_BLOCK = re.compile(
    r"\A\s*?(?P<mark>---|\+\+\+)[^\S\n]*\n(?P<inside>.*?)(?:(?<=\n)|\A)(?P=mark)[^\S\n]*(?:\n|\Z)", re.S
)
_PLAIN = re.compile(r"\A(?:[A-Z][\w -]{0,30}:[^\S\n]+[^\n]+\n){2,30}(?=\n)")
"""Facts at the top without marks around them, as Pelican and MultiMarkdown have them."""
_PERCENT = re.compile(r"\A(?:%[^\n]*\n){2,3}(?=\s*\n)")
"""Title, authors and date at the top, as Pandoc has them."""
_ALSO = frozenset({"date", "author", "authors", "tags", "category", "slug", "status", "modified"})
_KEY = re.compile(r"[\w\"']\s?[:=]")
_MOST = 65_536
"""Characters of a block that is read; a longer one is a text between two rules."""
_KINDS = {"---": "YAML", "+++": "TOML"}


def split(text: str) -> tuple[Mapping[str, Any], str, str]:
    """The facts (keys in lower case), the text below, and a note when the block could not be read."""
    if text.lstrip().startswith("{\n"):
        return _json(text.lstrip())
    if named := _unmarked(text):
        return named
    found = _BLOCK.match(text)
    if found is None or len(found["inside"]) > _MOST:
        return {}, text, ""
    facts = _parsed(found["mark"], found["inside"])
    below = text[found.end() :]
    if facts is not None:
        return {str(key).lower(): value for key, value in facts.items()}, below, ""
    if not _KEY.search(found["inside"]):  # prose between two rules
        return {}, text, ""
    return {}, below, f"The front matter is not valid {_KINDS[found['mark']]} and was left out."


def _unmarked(text: str) -> tuple[Mapping[str, Any], str, str] | None:
    """The facts of a block without marks around it: `Title: ...`, or `% ...` lines."""
    if named := _PLAIN.match(text):
        own = {name.strip().lower(): value.strip() for name, _, value in _pairs(named[0])}
        if "title" in own and not _ALSO.isdisjoint(own):
            return own, text[named.end() :], ""
    if lines := _PERCENT.match(text):
        said = [line.lstrip("%").strip().replace(";", ",") for line in lines[0].splitlines()]
        return dict(zip(("title", "author", "date"), said, strict=False)), text[lines.end() :], ""
    return None


def _pairs(block: str) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in block.splitlines()]


def _parsed(mark: str, inside: str) -> Mapping[str, Any] | None:
    try:
        # The base loader makes text of every value: neither a title like 1.10 nor a date like 2024-02-30 is a fault.
        facts = tomllib.loads(inside) if mark == "+++" else yaml.load(inside, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, TypeError, RecursionError, OverflowError):
        return None
    return {} if facts in (None, "") else facts if isinstance(facts, Mapping) else None


def _json(text: str) -> tuple[Mapping[str, Any], str, str]:
    try:
        facts, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}, text, ""
    return {str(key).lower(): value for key, value in facts.items()}, text[end:], ""
