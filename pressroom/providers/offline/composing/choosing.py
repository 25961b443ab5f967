"""Choosing among a document's sentences: passages rather than samples, nothing said twice, in the document's order.

What fits and what is enough are asked of the text so far, as in `filling`. A sentence that needs an earlier one to
be understood comes with it. One that says what a chosen one says already weighs less (maximal marginal relevance,
Carbonell and Goldstein 1998); a near-equal one is never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from pressroom.platforms import counting
from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.composing.excerpts import joined, limits, shortened
from pressroom.providers.offline.composing.filling import Test
from pressroom.providers.offline.values import Quote

GOES_ON, LEADS_TO, MIDDLE = (3.2, 2.4, 1.6), 1.6, 0.5
"""How much more a sentence weighs after one, two or three quoted ones of its paragraph, before one, and in a paragraph
without one: a paragraph says its thought first, and passages read better than samples."""

REPEATED, EQUAL = 0.75, 0.6
"""How much less one weighs that repeats a chosen one, by the share of words in common; from where it is the same."""

EXCHANGED = 24  # quotations that are tried in the place of another one
_WORD = re.compile(r"\w+")


def pieces(quotes: Iterable[Quote]) -> list[str]:
    """The sentences, each speaker named where their turn begins."""
    found, speaker = list[str](), ""
    for quote in quotes:
        colon = "：" if counting.is_unspaced(quote.speaker) else ": "
        found.append(f"{quote.speaker}{colon}{quote.text}" if quote.speaker not in ("", speaker) else quote.text)
        speaker = quote.speaker
    return found


def said(quotes: Iterable[Quote]) -> str:
    return joined(pieces(quotes))


def chosen(
    quotes: Sequence[Quote], fits: Test, enough: Test, good: Test = filling.always, around: str = ""
) -> list[Quote]:
    """The weightiest of `quotes` that together fit, in their order, until they are enough and, if possible, `good`.

    When whole sentences don't come to enough, one is exchanged for another, then some are added in part.
    around: what the text says already, beside them.
    """
    done = _whole(quotes, fits, lambda text: enough(text) and good(text), around)
    if not enough(said(done)):
        done = _exchanged(done, quotes, fits, enough) or _with_part(done, quotes, fits, enough)
    return done


def likeness(one: str, other: str) -> float:
    """The share of words that the shorter of two sentences has in common with the other one."""
    words, others = _words(one), _words(other)
    return len(words & others) / max(min(len(words), len(others)), 3)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    folded = text.casefold()
    if counting.is_unspaced(text):
        return frozenset(folded[at : at + 2] for at in range(len(folded) - 1))
    return frozenset(word[:6] for word in _WORD.findall(folded) if len(word) > 3)


def _whole(quotes: Sequence[Quote], fits: Test, enough: Test, around: str) -> list[Quote]:
    done: list[Quote] = []
    left = {quote.position: quote for quote in quotes}
    repeated = {quote.position: likeness(quote.text, around) if around else 0.0 for quote in quotes}
    while left and not enough(said(done)):
        taken = {one.position: one for one in done}
        quote = max(
            left.values(),
            key=lambda one: one.weight * _passage(one, taken) * (1 - REPEATED * min(repeated[one.position], 1)),
        )
        del left[quote.position]
        group = _with_needed(quote, quotes)
        more = _ordered(*done, *group)
        new = [one for one in group if one.position not in taken]
        if not new or any(repeated[one.position] >= EQUAL for one in new) or not fits(said(more)):
            continue
        done = more
        for one in left.values():
            repeated[one.position] = max(repeated[one.position], *(likeness(one.text, each.text) for each in new))
    return done


def _passage(quote: Quote, taken: Mapping[int, Quote]) -> float:
    """How much more or less `quote` weighs for where it stands."""
    before, after = taken.get(quote.position - 1), taken.get(quote.position + 1)
    if before and before.paragraph == quote.paragraph and before.speaker == quote.speaker:
        length = next(size for size in range(1, len(taken) + 2) if quote.position - size not in taken)
        return (*GOES_ON, *[MIDDLE] * length)[length - 2]
    if after and after.paragraph == quote.paragraph:
        return LEADS_TO
    return 1.0 if quote.opens else MIDDLE


def _with_needed(quote: Quote, quotes: Sequence[Quote]) -> list[Quote]:
    """`quote`, before it those it can't be understood without, after it what takes a part of it back.

    Nothing when one of them is missing.
    """
    found = [quote]
    while found[-1].limited:
        after = [one for one in quotes if one.needs == found[-1].position and limits(one.text)]
        if not after:
            return []
        found = [*found, after[0]]
    while found[0].needs is not None:
        needed = [one for one in quotes if one.position == found[0].needs]
        if not needed:
            return []
        found = [*needed, *found]
    return found


def _exchanged(done: list[Quote], quotes: Sequence[Quote], fits: Test, enough: Test) -> list[Quote]:
    """`done` with one sentence in the place of another, or one more, so that it is enough; or nothing."""
    alone = [quote for quote in quotes if not _is_said(quote, done) and _is_complete([*done, quote])]
    for new in sorted(alone, key=lambda quote: -quote.weight)[:EXCHANGED]:
        for old in (None, *sorted(done, key=lambda quote: quote.weight)):
            trial = _ordered(*(quote for quote in done if quote is not old), new)
            if _is_complete(trial) and fits(said(trial)) and enough(said(trial)):
                return trial
    return []


def _is_said(quote: Quote, done: Sequence[Quote]) -> bool:
    """True when it, or a near-equal one, is chosen already."""
    return any(quote.position == one.position or likeness(quote.text, one.text) >= EQUAL for one in done)


def _is_complete(quotes: Sequence[Quote]) -> bool:
    positions = {quote.position for quote in quotes}
    limiting = {quote.needs for quote in quotes if limits(quote.text)}
    return all(
        (quote.needs is None or quote.needs in positions) and (not quote.limited or quote.position in limiting)
        for quote in quotes
    )


def _with_part(done: list[Quote], quotes: Sequence[Quote], fits: Test, enough: Test) -> list[Quote]:
    """`done` and as many others, leaning ones too, as fit, whole or cut, until it is enough."""
    for quote in sorted(quotes, key=lambda quote: (quote.needs is not None, -quote.weight)):
        if quote.limited or _is_said(quote, done) or enough(said(done)):
            continue

        def within(text: str, quote: Quote = quote, done: list[Quote] = done) -> bool:
            return fits(said(_ordered(*done, quote.model_copy(update={"text": text}))))

        if text := shortened(quote.text, within):
            done = _ordered(*done, quote.model_copy(update={"text": text}))
    return done


def _ordered(*quotes: Quote) -> list[Quote]:
    by_position = {quote.position: quote for quote in quotes}
    return [by_position[position] for position in sorted(by_position)]
