"""Composing by measuring: sentences are added until the text is long enough, as long as it fits.

What fits and what is enough are two questions asked of the text so far, so that a format can ask them of its
whole body. Own sentences come first; stock sentences, true of any subject, and cut ones are the last resorts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pressroom.formats.shared.cutting import Test, ended, shortened
from pressroom.formats.shared.language import invites
from pressroom.platforms import counting, get, tags
from pressroom.providers.offline.values import Insight, Material

T = TypeVar("T")

STOCK = (
    "Start with the smallest version that people would miss.",
    "Write down what you expect before you look at the result.",
    "Ask the people who do the work what slows them down.",
    "Decide in advance what would make you stop or change course.",
    "Give one person the task of saying what does not work.",
    "Keep the old way running until the new one has proved itself.",
    "Tell everybody affected what changes for them, and when.",
    "Look at it again after a month, with the same questions.",
    "Share what went wrong as openly as what went well.",
    "Leave out what no one can explain in a single sentence.",
    "Compare two simple options before you argue about a third.",
    "Make the next step small enough to finish this week.",
    "Note which questions keep coming back, and answer those first.",
    "Take the time to thank the first person who finds a mistake.",
)
"""Sentences of 8 to 12 words that are sound advice on any subject: short, so that one always fits a gap."""


READY_QUESTION = "What would you try first?"

__all__ = [
    "READY_QUESTION",
    "STOCK",
    "Test",
    "always",
    "composed",
    "ended",
    "filled",
    "first_that",
    "hashtags",
    "invitation",
    "is_latin",
    "join",
    "lasting",
    "never",
    "points",
    "sentences",
    "shortened",
    "some",
    "told",
    "turned",
]


def turned(items: Sequence[T], seed: int) -> tuple[T, ...]:
    """All of `items`, beginning somewhere that `seed` chooses."""
    start = seed % len(items) if items else 0
    return (*items[start:], *items[:start])


def some(items: Sequence[T], count: int, seed: int) -> tuple[T, ...]:
    """`count` of `items`, chosen by `seed`, in the order they had."""
    chosen = turned(range(len(items)), seed)[:count]
    return tuple(items[position] for position in sorted(chosen))


def join(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text.strip())


def sentences(insights: Iterable[Insight]) -> list[str]:
    """Points and details in reading order; a point that its detail answers never without it."""
    pairs = ((one.point, one.detail) if one.stands else (join(one.point, one.detail),) for one in insights)
    return [text for pair in pairs for text in pair]


def told(insights: Sequence[Insight]) -> list[str]:
    """Whole insights in reading order, and after them their sentences, for where no whole one fits any more."""
    return [*(join(one.point, one.detail) for one in insights), *sentences(insights)]


def points(insights: Iterable[Insight]) -> list[str]:
    """The points that stand without their details."""
    return [one.point for one in insights if one.stands]


def filled(text: str, more: Iterable[str], fits: Test, enough: Test) -> str:
    """`text` and as many of `more`, in order, as it takes to be enough; those that don't fit are passed over."""
    for sentence in more:
        if enough(text):
            break
        if sentence not in text and fits(join(text, sentence)):
            text = join(text, sentence)
    return text


def composed(text: str, own: Sequence[str], fits: Test, enough: Test, stock: Sequence[str] = STOCK) -> str:
    """`filled` from `own`; while that is not enough, from `stock`, or with an own sentence cut to fit.

    Stock sentences are English: text in another script is rather cut.
    """
    text = filled(text, own, fits, enough)
    if is_latin(text):
        text = filled(text, stock, fits, enough)
    for sentence in own:
        if enough(text):
            return text
        if sentence not in text:
            text = _with_cut(text, sentence, fits)
    return filled(text, stock, fits, enough)


def _with_cut(text: str, sentence: str, fits: Test) -> str:
    return join(text, shortened(sentence, lambda cut: fits(join(text, cut))))


def invitation(material: Material, most_words: int, seed: int) -> str:
    """The question or the call to action, whichever `seed` prefers and is short and recognised as one."""
    offers = turned((material.question, material.call_to_action), seed)
    return first_that(offers, invites, lambda text: counting.words(text) <= most_words) or READY_QUESTION


def hashtags(material: Material, platform: str) -> list[str]:
    """As many hashtags as say what it is about, within the platform's range; all of the caller's that it takes."""
    tagging, found = get(platform).hashtags, tags.usable(material.hashtags)
    telling = len(found) if material.telling_hashtags is None else material.telling_hashtags
    return found[: max(tagging.least, min(tagging.most_for(material.own_hashtags), telling))]


def always(text: str) -> bool:
    return True


def never(text: str) -> bool:
    return False


def first_that(candidates: Iterable[str], *tests: Test) -> str:
    """The first of `candidates` that passes every test, or nothing."""
    return next((text for text in candidates if all(test(text) for test in tests)), "")


def lasting(least: float, most: float) -> tuple[Test, Test]:
    """The two questions for a text to be spoken in `least` to `most` seconds: (fits, enough)."""
    return (lambda text: counting.spoken_seconds(text) <= most, lambda text: counting.spoken_seconds(text) >= least)


def is_latin(text: str) -> bool:
    return all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 for char in text if char.isalpha())
