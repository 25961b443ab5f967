"""Tokens as a provider would count them, near enough."""

from __future__ import annotations

from collections import OrderedDict

from pressroom.model import Usage
from sandbox.asks import Ask

CHARACTERS_A_TOKEN = 4
PIXELS_A_TOKEN = 750
CACHED_PREFIX = 1024
"""Tokens a prompt must begin alike, at least, to be found in a provider's prompt cache."""
REMEMBERED = 1000


def tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_A_TOKEN)


def input_tokens(ask: Ask) -> int:
    """System, prompt and pictures."""
    seen = sum(-(-picture.width * picture.height // PIXELS_A_TOKEN) for picture in ask.pictures)
    return tokens(ask.system + ask.prompt) + seen


class Meter:
    """Counts the tokens of calls; remembers how prompts began, for the cached ones."""

    def __init__(self) -> None:
        self._prefixes: OrderedDict[str, None] = OrderedDict()

    def usage(self, ask: Ask, text: str) -> Usage:
        """`cached_tokens` are part of the input when a prompt began the same before."""
        return Usage(
            input_tokens=input_tokens(ask),
            output_tokens=max(1, tokens(text)),
            cached_tokens=self._cached(ask.system + ask.prompt),
        )

    def _cached(self, words: str) -> int:
        if tokens(words) < CACHED_PREFIX:
            return 0
        prefix = words[: CACHED_PREFIX * CHARACTERS_A_TOKEN]
        seen = prefix in self._prefixes
        self._prefixes[prefix] = None
        self._prefixes.move_to_end(prefix)
        if len(self._prefixes) > REMEMBERED:
            self._prefixes.popitem(last=False)
        return CACHED_PREFIX if seen else 0
