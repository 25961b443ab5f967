"""Composing from a document: how to begin, what to say besides its own sentences, how to part them.

What is said besides them are phrases without a fact in them; for a language without phrases, more of its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, combinations, pairwise

from pressroom.formats.shared import compose
from pressroom.formats.shared.choosing import GOES_ON, chosen, said
from pressroom.formats.shared.compose import Test
from pressroom.formats.shared.excerpts import ended, joined, shortened
from pressroom.formats.shared.language import invites
from pressroom.model import Material
from pressroom.model.drafts import Quote
from pressroom.platforms import counting

NOWHERE = -1
TITLE_WORDS = 3
"""A title of fewer words says too little to begin with."""

OPENS = 1.3
"""How much more one is worth beginning with that opens a paragraph, and one of the first two."""

__all__ = [
    "NOWHERE",
    "after",
    "chosen",
    "closing_sentences",
    "ended",
    "grouped",
    "hook",
    "invitation",
    "joined",
    "said",
    "sentences_in",
    "shortened",
    "stretched",
    "unsaid",
]


def after(material: Material, position: int) -> tuple[Quote, ...]:
    """The quotations that come after `position` in the document; what goes on from there weighs more."""
    return tuple(
        quote.model_copy(update={"weight": quote.weight * GOES_ON}) if _goes_on(quote, position) else quote
        for quote in material.quotes
        if quote.position > position
    )


def _goes_on(quote: Quote, position: int) -> bool:
    return position != NOWHERE and quote.position == position + 1 and not quote.opens


def hook(material: Material, fits: Test, enough: Test, rest: Test = compose.always) -> tuple[str, int]:
    """How to begin: (a strong early sentence, its position), or the title with what makes it long enough.

    rest: asked of all that comes after it in the document, for what follows has to be enough as well.
    """
    openings = _openings(material)
    # What comes after an earlier one is more, so the last position that leaves enough says it for all before it.
    places = sorted((quote.position for quote in openings), reverse=True)
    last = next((place for place in places if rest(said(after(material, place)))), NOWHERE)
    early = [quote for quote in openings if quote.position <= last]
    fitting = [quote for quote in early if fits(quote.text) and enough(quote.text)]
    opening = [quote for quote in fitting if quote.opens] or fitting
    whole = [(quote.text, quote.position) for quote in opening]
    titles = [(text, NOWHERE) for text in _titles(material) if fits(text) and enough(text)]
    alone = [one for one in titles if one[0] == material.title]
    if whole or titles:
        return compose.turned([*whole[:1], *alone, *whole[1:3]] or titles[:1], material.seed)[0]
    leads = [(text, NOWHERE) for text in _leads(material)]
    cuts = [[(shortened(quote.text, fits, strict), quote.position) for quote in early] for strict in (True, False)]
    options = [*cuts[0], *leads, *cuts[1], (shortened(material.title, fits), NOWHERE)]
    return next((cut for cut in options if cut[0] and fits(cut[0]) and enough(cut[0])), options[-1])


def stretched(material: Material, text: str, fits: Test, enough: Test, around: str = "") -> str:
    """`text`, with a phrase before it if it is not enough by itself, and a question after it that is not `around`."""
    leads = _leads(material)
    questions = [question for question in material.phrases.questions if question not in around]
    options = [text, *(joined((lead, text)) for lead in leads)]
    options += [joined((lead, text, question)) for lead in leads[-1:] for question in questions]
    return compose.first_that(options, fits, enough) or text


def invitation(material: Material, fits: Test, enough: Test = compose.always, used: str = "") -> str:
    """A question, a call to action, or both, as much as `fits` and is `enough`; in the document's words at worst."""
    questions = compose.turned(material.phrases.questions, material.seed)
    calls = compose.turned(material.phrases.calls, material.seed // 5)
    pairs = [joined((question, call)) for question in questions[:3] for call in calls]
    triples = [joined((question, *two)) for question in questions[:1] for two in combinations(calls, 2)]
    options = [*questions, *calls] if material.seed % 3 else [*calls, *questions]
    found = compose.first_that([*options, *pairs, *triples], invites, fits, enough)
    if found or options:
        return found or compose.first_that(options, invites, fits)
    own = [quote.text for quote in reversed(material.quotes) if quote.text not in used] or [material.title]
    return compose.first_that(own, fits, enough) or shortened(compose.first_that(own, enough) or own[0], fits)


def sentences_in(material: Material, text: str) -> list[str]:
    """The document's sentences that stand in `text` whole, in its order."""
    return [quote.text for quote in material.quotes if quote.text in text]


def unsaid(material: Material, texts: Iterable[str], fits: Test) -> str:
    """The weightiest sentence that stands on its own and is in none of `texts`, or else the title."""
    before = joined(texts)
    quotes = sorted(material.quotes, key=lambda quote: (quote.needs is not None, -quote.weight))
    return compose.first_that((quote.text for quote in quotes if quote.text not in before), fits) or material.title


def closing_sentences(quotes: Sequence[Quote], most: int) -> int:
    """How many of the last of `quotes` belong together, at most `most`: the last and what it needs."""
    for count in range(1, min(most, len(quotes)) + 1):
        first = quotes[-count]
        if all(quote.needs is None or quote.needs >= first.position for quote in quotes[-count:]):
            return count
    return 0


def grouped(pieces: Sequence[str], count: int, measure: Callable[[str], float]) -> list[list[str]]:
    """`pieces` in their order in `count` groups, as equal as possible by `measure`; fewer if there are fewer pieces.

    Least squares: `best[k]` is (sum of the squares, ends) of the first k pieces in as many groups as rounds are done.
    """
    total = [0.0, *accumulate(measure(piece) for piece in pieces)]
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in range(min(count, len(pieces))):
        best = {
            end: min(
                (cost + (total[end] - total[start]) ** 2, (*ends, end))
                for start, (cost, ends) in best.items()
                if start < end
            )
            for end in range(1, len(pieces) + 1)
            if any(start < end for start in best)
        }
    _, ends = best.get(len(pieces), (0.0, ()))
    return [list(pieces[start:end]) for start, end in pairwise((0, *ends))]


def _openings(material: Material) -> list[Quote]:
    """Sentences of the first fifth that stand on their own, the weightiest first."""
    last = max((quote.position for quote in material.quotes), default=0)
    early = [quote for quote in material.quotes if quote.position <= max(last / 5, 3) and quote.needs is None]
    return sorted(
        early, key=lambda quote: -quote.weight * (OPENS if quote.opens else 1) * (OPENS if quote.position < 2 else 1)
    )


def _leads(material: Material) -> list[str]:
    """Phrases that lead over to what is quoted, the shortest first."""
    phrases = material.phrases
    about = [phrases.about.format(title=material.title)] if phrases.about else []
    one = sorted([*phrases.openers, *about], key=len)
    return [*one, *(joined((*about, opener)) for opener in phrases.openers), joined((*about, *phrases.openers))]


def _titles(material: Material) -> list[str]:
    """The title as a sentence, alone, named by a phrase, or followed by one."""
    title, phrases = ended(material.title), material.phrases
    about = [phrases.about.format(title=material.title)] if phrases.about else []
    lengthened = [joined((text, opener)) for text in (title, *about) for opener in phrases.openers]
    alone = [material.title] if counting.words(title) >= TITLE_WORDS else []
    return [*alone, *about, *lengthened, *(joined((title, *two)) for two in combinations(phrases.openers, 2))]
