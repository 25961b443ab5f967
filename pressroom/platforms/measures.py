"""Ways in which platforms measure text, by name; a platform's limits name one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pressroom.platforms import counting

MeasureName = Literal[
    "characters",
    "bytes",
    "x_weight",
    "threads_weight",
    "bluesky_graphemes",
    "utf16_units",
    "mastodon_characters",
    "spoken_seconds",
    "items",
    "seconds",
]


@dataclass(frozen=True)
class Measure:
    """unit: the noun for what `count` returns."""

    unit: str
    count: Callable[[str], float]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", errors="replace"))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _bluesky(text: str) -> int:
    return counting.graphemes(counting.bluesky_shown(text))


MEASURES: Mapping[MeasureName, Measure] = MappingProxyType(
    {
        "characters": Measure("characters", len),
        "bytes": Measure("bytes", _bytes),
        "x_weight": Measure("characters as X counts them", counting.x_length),
        "threads_weight": Measure("characters as Threads counts them", counting.threads_length),
        "bluesky_graphemes": Measure("characters as Bluesky counts them", _bluesky),
        "utf16_units": Measure("characters as TikTok counts them", _utf16),
        "mastodon_characters": Measure("characters as Mastodon counts them", counting.mastodon_length),
        "spoken_seconds": Measure("seconds when spoken", counting.spoken_seconds),
    }
)
