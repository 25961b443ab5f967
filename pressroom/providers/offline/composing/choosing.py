"""Choosing among a document's sentences: by weight, whole, in its order, until they are enough.

What fits and what is enough are asked of the text so far, as in `filling`. A sentence that needs an earlier one to
be understood comes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.composing.excerpts import joined, shortened
from pressroom.providers.offline.composing.filling import Test
from pressroom.providers.offline.values import Quote

GOES_ON, LEADS_TO = 2.0, 1.5
"""How much more a sentence weighs beside a quoted one of its paragraph: passages read better than samples."""

EXCHANGED = 24  # quotations that are tried in the place of another one


def said(quotes: Iterable[Quote]) -> str:
    return joined(quote.text for quote in quotes)


def chosen(quotes: Sequence[Quote], fits: Test, enough: Test, good: Test = filling.always) -> list[Quote]:
    """The weightiest of `quotes` that together fit, in their order, until they are enough and, if possible, `good`.

    When whole sentences don't come to enough, one is exchanged for another, then some are added in part.
    """
    done = _whole(quotes, fits, lambda text: enough(text) and good(text))
    if not enough(said(done)):
        done = _exchanged(done, quotes, fits, enough) or _with_part(done, quotes, fits, enough)
    return done


def _whole(quotes: Sequence[Quote], fits: Test, enough: Test) -> list[Quote]:
    done: list[Quote] = []
    left = {quote.position: quote for quote in quotes}
    while left and not enough(said(done)):
        taken = {one.position: one for one in done}
        quote = max(left.values(), key=lambda one: one.weight * _passage(one, taken))
        del left[quote.position]
        more = _ordered(*done, *_with_needed(quote, quotes))
        if len(more) > len(done) and fits(said(more)):
            done = more
    return done


def _passage(quote: Quote, taken: Mapping[int, Quote]) -> float:
    """How much more `quote` weighs because it goes on with a passage that has been `taken`, or leads to one."""
    before, after = taken.get(quote.position - 1), taken.get(quote.position + 1)
    is_long = quote.position - 2 in taken and quote.position - 3 in taken
    if before and not quote.opens and not is_long:
        return GOES_ON
    return LEADS_TO if after and not after.opens else 1.0


def _with_needed(quote: Quote, quotes: Sequence[Quote]) -> list[Quote]:
    """`quote`, and before it those it can't be understood without; nothing when one of them is missing."""
    found = [quote]
    while found[0].needs is not None:
        needed = [one for one in quotes if one.position == found[0].needs]
        if not needed:
            return []
        found = [*needed, *found]
    return found


def _exchanged(done: list[Quote], quotes: Sequence[Quote], fits: Test, enough: Test) -> list[Quote]:
    """`done` with one sentence in the place of another, or one more, so that it is enough; or nothing."""
    alone = [quote for quote in quotes if quote not in done and _is_complete([*done, quote])]
    for new in sorted(alone, key=lambda quote: -quote.weight)[:EXCHANGED]:
        for old in (None, *sorted(done, key=lambda quote: quote.weight)):
            trial = _ordered(*(quote for quote in done if quote is not old), new)
            if _is_complete(trial) and fits(said(trial)) and enough(said(trial)):
                return trial
    return []


def _is_complete(quotes: Sequence[Quote]) -> bool:
    positions = {quote.position for quote in quotes}
    return all(quote.needs is None or quote.needs in positions for quote in quotes)


def _with_part(done: list[Quote], quotes: Sequence[Quote], fits: Test, enough: Test) -> list[Quote]:
    """`done` and as many others, leaning ones too, as fit, whole or cut, until it is enough."""
    for quote in sorted(quotes, key=lambda quote: (quote.needs is not None, -quote.weight)):
        if quote in done or enough(said(done)):
            continue

        def within(text: str, quote: Quote = quote, done: list[Quote] = done) -> bool:
            return fits(said(_ordered(*done, quote.model_copy(update={"text": text}))))

        if text := shortened(quote.text, within):
            done = _ordered(*done, quote.model_copy(update={"text": text}))
    return done


def _ordered(*quotes: Quote) -> list[Quote]:
    by_position = {quote.position: quote for quote in quotes}
    return [by_position[position] for position in sorted(by_position)]
