"""Reading the lines of an answer: `platform | name | why`, however a model dresses them up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pressroom.platforms import Platform

WHY_CHARACTERS = 200
LEAST_FIELDS = 2

_LINE = re.compile(r"[^\n]+")
_LINK = re.compile(r"\(?\[([^\[\]\n]*)\]\([^)\s\[]*\)\)?")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Candidate:
    """An account as the answer names it, not looked into yet. start, end: characters of its line."""

    platform: Platform
    account: str
    why: str
    start: int
    end: int


def candidates(text: str, asked: Mapping[str, Platform]) -> Iterator[Candidate]:
    """The accounts whose names have their platform's form. asked: platforms by each name they go by."""
    for line in _LINE.finditer(text):
        fields = [field.strip() for field in line[0].strip(" \t|-*•").split("|")]
        platform = asked.get(_bare(fields[0]).casefold())
        if platform is None or len(fields) < LEAST_FIELDS:
            continue
        account = _account(platform, fields[1])
        if account:
            yield Candidate(platform, account, _why(" ".join(fields[2:])), line.start(), line.end())


def _account(platform: Platform, field: str) -> str | None:
    linked = _LINK.search(field)
    written = _bare(linked[1] if linked else field)
    return platform.account(written) or platform.account_at(written)


def _bare(field: str) -> str:
    return field.strip(" \t*`\"'“”:")


def _why(field: str) -> str:
    """Words alone: what a page says may be shown, where it would lead may not."""
    words = " ".join(_ADDRESS.sub("", _LINK.sub("", field)).replace("*", "").split())
    plain = "".join(char for char in words if char.isprintable())
    return plain if len(plain) <= WHY_CHARACTERS else plain[: WHY_CHARACTERS - 1].rpartition(" ")[0] + "…"
