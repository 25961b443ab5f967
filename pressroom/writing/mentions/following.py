"""Where a search's sources lead: Gemini names each page by an address of Google's that sends one on to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from pressroom.calls.searching import Searched
from pressroom.errors import PressroomError
from pressroom.platforms.platform import host_of

REDIRECTS = frozenset({"vertexaisearch.cloud.google.com"})


def followed(searched: Searched, follow: Callable[[str], str]) -> Searched:
    """`searched` with the pages' own addresses; an address that can't be followed stays as it is."""

    @cache
    def end_of(url: str) -> str:
        if host_of(url) not in REDIRECTS:
            return url
        try:
            return follow(url)
        except PressroomError:
            return url

    citations = tuple(one.model_copy(update={"url": end_of(one.url)}) for one in searched.citations)
    return searched.model_copy(update={"citations": citations})
