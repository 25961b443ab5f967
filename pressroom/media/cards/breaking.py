"""Where a line may end, and which ends make lines of even length.

Lines are chosen by dynamic programming: the fewest that fit, of those the evenest, with a price on a lonely last word
and on ends that read badly (after a preposition, inside a Japanese word).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pressroom.media.cards.wording import typography

ORPHAN = 0.3
"""A last line shorter than this share of the width is a lonely word, which costs as much as half an empty line."""

PARTICLES = "はがをにでとのもへや"
"""Hiragana that, before another script, mostly end a phrase."""

WORD = 12
"""Characters of a word in katakana that stay together."""

_WIDE = (
    r"\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"[{_WIDE}]|[^{_WIDE}]+")
_AFTER_DASH = re.compile(r"(?<=[^\W\d_]{4}[-‐–—/])(?=[^\W\d_]{4})")
_VOWELS = "aeiouyáàâäãåāăąæéèêëēėęěíìîïīįóòôöõøōőœúùûüūůűųýÿаеёиоуыэюяєіїαεηιουωάέήίόύώϊϋ"
_LINKED = "|".join(f"(?<={ending})" for ending in ("ung", "heit", "keit", "schaft", "ion", "tät", "ling", "tum"))
_JOINT = re.compile(rf"(?:{_LINKED.replace(')', 's)')})(?=[^\W\d_]{{4}})", re.I)
"""Inside a German compound: after the `s` that links two words."""

_ONSET = rf"(?:sch[lmnrw]?|[cpst]h|ck|[bcfgkp][lr]|[dt]r|[^\W\d_{_VOWELS}])"
"""The consonants that a syllable begins with; those spoken as one stay together."""

_WITHIN_ONSET = r"(?<=s)ch|(?<=sch)[lmnrw]|(?<=[cpst])h|(?<=c)k|(?<=[bcfgkp])[lr]|(?<=[dt])r"
_SYLLABLE = re.compile(rf"(?<=[^\W\d_])(?!(?:{_LINKED})s|{_WITHIN_ONSET})(?={_ONSET}[{_VOWELS}])", re.I)
_IN_WORD, _AT_JOINT = 0.08, 0.02
"""Prices of a hyphen."""


@dataclass(frozen=True)
class Piece:
    """A piece of text that is never broken. `gap`: follows it within a line; `end`: is added at the end of one."""

    text: str
    gap: str = ""
    end: str = ""
    price: float = 0.0
    """The cost of ending a line after it."""


def pieces(text: str) -> list[Piece]:
    """`text` cut at every place a line may end, without hyphenation."""
    found: list[Piece] = []
    words = text.split(" ")
    for word, after in zip(words, [*words[1:], ""], strict=True):
        parts = _parts(word)
        found += [Piece(part, price=_price(part, then)) for part, then in itertools.pairwise(parts)]
        found += [Piece(parts[-1], " ", price=_word_price(parts[-1], after))] if parts else []
    return found


def hyphenated(piece: Piece, keep: int = 4) -> list[Piece]:
    """An overlong word cut between syllables, as well as vowels and consonants tell; at least `keep` letters a part."""
    word = piece.text
    joints = [found.start() for found in _JOINT.finditer(word) if keep <= found.start() <= len(word) - keep]
    cuts = list(joints)
    for found in _SYLLABLE.finditer(word):
        if all(abs(found.start() - cut) >= keep for cut in (0, len(word), *cuts)):
            cuts.append(found.start())
    bounds = sorted({0, *cuts, len(word)})
    parts = [
        Piece(word[start:stop], end="-", price=_AT_JOINT if stop in joints else _IN_WORD)
        for start, stop in itertools.pairwise(bounds)
    ]
    return [*parts[:-1], Piece(parts[-1].text, piece.gap, piece.end, piece.price)]


def line(run: Sequence[Piece]) -> str:
    """The words of one line."""
    return "".join(piece.text + piece.gap for piece in run[:-1]) + run[-1].text + run[-1].end


def balanced(
    widths: Sequence[float], gaps: Sequence[float], ends: Sequence[float], prices: Sequence[float], width: float
) -> list[int] | None:
    """Where each line ends (index after its last piece), for lines at most `width` long; None if a piece is longer.

    All in pixels: widths of the pieces, of the gaps after them, of what they get at a line's end.
    """
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines so far, their price, where the last of them began
    for stop in range(1, len(widths) + 1):
        found: tuple[int, float, int] | None = None
        run = ends[stop - 1]
        for start in range(stop - 1, -1, -1):
            run += widths[start] + (gaps[start] if start < stop - 1 else 0.0)
            if run > width:
                break
            if best[start][0] < 0:
                continue
            price = best[start][1] + (run / width) ** 2
            if stop == len(widths):
                price += 0.5 if run < ORPHAN * width and start else 0.0
            else:
                price += prices[stop - 1]
            candidate = (best[start][0] + 1, price, start)
            found = candidate if found is None else min(found, candidate)
        best.append(found or (-1, 0.0, 0))
    if best[-1][0] < 0:
        return None
    stops, stop = [], len(widths)
    while stop:
        stops.append(stop)
        stop = best[stop][2]
    return stops[::-1]


def _parts(word: str) -> list[str]:
    """A word cut between wide characters, where Japanese rules allow it, and after an inner hyphen or dash."""
    never_first, never_last = _kinsoku()
    joined: list[str] = []
    for part in (small for piece in _PIECE.findall(word) for small in _AFTER_DASH.split(piece)):
        if joined and (part[0] in never_first or joined[-1][-1] in never_last or _is_one_word(joined[-1], part)):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _is_one_word(before: str, after: str) -> bool:
    """True when a word in katakana goes on; a very long one may be broken."""
    return (
        _kind(before[-1]) == _kind(after[0]) == "katakana" and "・" not in before[-1] + after[0] and len(before) < WORD
    )


def _price(part: str, after: str) -> float:
    """Inside a run without spaces: after a mark is best, then after a particle, worst before a verb's ending."""
    if part[-1] in "-‐–—/":
        return 0.25
    if part[-1] in "、。，！？」』）・：":
        return 0.0
    before, then = _kind(part[-1]), _kind(after[0])
    if then == "hiragana":
        return 0.7
    if before == "hiragana":
        return 0.0 if part[-1] in PARTICLES else 0.3
    return 0.6 if before == then else 0.3


def _word_price(word: str, after: str) -> float:
    """A line ends badly in a number or a short word, which belong to what follows, and well after a mark."""
    if len(after) == 1 and (after in "%‰°" or unicodedata.category(after) == "Sc"):
        return 0.5  # the sign belongs to the number
    if word[-1:] in ",;:.!?—–":
        return -0.03
    if word[-1:].isdecimal():
        return 0.18
    return {1: 0.18, 2: 0.08}.get(len(word), 0.0) if word.isalpha() else 0.0


def _kind(char: str) -> str:
    if "\u3040" <= char <= "\u309f":
        return "hiragana"
    if "\u30a0" <= char <= "\u30ff":
        return "katakana"
    return "han" if char >= "\u2e80" else "other"


@cache
def _kinsoku() -> tuple[frozenset[str], frozenset[str]]:
    table = typography()["kinsoku"]
    return frozenset(table["never_first"]), frozenset(table["never_last"])
