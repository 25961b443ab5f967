"""Composing from a document: how to begin, what to add to its own sentences, how to part them.

The additions are phrases without a fact in them; for a language without phrases, more of its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, combinations, pairwise

from pressroom.formats.shared.language import asks, invites
from pressroom.platforms import counting
from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.composing.choosing import GOES_ON, chosen, likeness, pieces, said
from pressroom.providers.offline.composing.excerpts import ended, joined, shortened
from pressroom.providers.offline.composing.filling import Test
from pressroom.providers.offline.values import Material, Quote

NOWHERE = -1
TITLE_WORDS = 3
"""A title of fewer words says too little to begin with."""

LEAD, FIRST, HOOK_WORDS, CHOICE, NEAR = 0.7, 0.2, (6, 28), 2, 0.7
"""These rate hooks: what a document's first sentence and first two gain, and a good length; how many hooks are
chosen among, and how near to the best they are."""

__all__ = [
    "NOWHERE",
    "after",
    "chosen",
    "ended",
    "grouped",
    "hook",
    "invitation",
    "joined",
    "paragraphs",
    "pieces",
    "said",
    "sentences_in",
    "shortened",
    "stretched",
    "unsaid",
]


def after(material: Material, position: int) -> tuple[Quote, ...]:
    """The quotations that come after `position` in the document; what goes on from there weighs more."""
    return tuple(
        quote.model_copy(update={"weight": quote.weight * GOES_ON[0]}) if _goes_on(quote, position) else quote
        for quote in material.quotes
        if quote.position > position
    )


def _goes_on(quote: Quote, position: int) -> bool:
    return position != NOWHERE and quote.position == position + 1 and not quote.opens


def hook(material: Material, fits: Test, enough: Test, rest: Test = filling.always) -> tuple[str, int]:
    """How to begin: (an early sentence that makes a reader stop, its position), or the title said as a sentence.

    rest: asked of all that comes after it in the document, for what follows has to be enough as well.
    """
    openings = _openings(material)
    # What comes after an earlier one is more, so the last position that leaves enough says it for all before it.
    places = sorted((quote.position for quote in openings), reverse=True)
    last = next((place for place in places if rest(said(after(material, place)))), NOWHERE)
    early = [quote for quote in openings if quote.position <= last]
    values = {quote.position: _as_hook(quote, _first(openings)) for quote in material.quotes}
    for candidates in (early, [quote for quote in _alone(material) if quote.fit and quote.position <= last]):
        whole = [
            (said([quote]), quote.position) for quote in candidates if fits(said([quote])) and enough(said([quote]))
        ]
        near = [one for one in whole if values[one[1]] >= NEAR * values[whole[0][1]]][:CHOICE]
        if near:
            best = filling.turned(near, material.seed)
            return filling.turned((*best, *(one for one in whole if one not in best)), material.turn)[0]
    titles = [(text, NOWHERE) for text in _titles(material) if fits(text) and enough(text)]
    if titles:
        return titles[0]
    leads = [(text, NOWHERE) for text in _leads(material)]
    cuts = [[(shortened(said([quote]), fits, strict), quote.position) for quote in early] for strict in (True, False)]
    options = [*cuts[0], *leads, *cuts[1], (shortened(material.title, fits), NOWHERE)]
    able = [cut for cut in options if cut[0] and fits(cut[0]) and enough(cut[0])]
    return filling.turned(able, material.turn)[0] if able else options[-1]


def stretched(material: Material, text: str, fits: Test, enough: Test, around: str = "") -> str:
    """`text`, with a phrase before it if it is not enough by itself, and a question after it that is not `around`."""
    leads = _leads(material)
    questions = [question for question in material.phrases.questions if question not in around]
    options = [text, *(joined((lead, text)) for lead in leads)]
    options += [joined((lead, text, question)) for lead in leads[-1:] for question in questions]
    return filling.first_that(options, fits, enough) or text


def invitation(material: Material, fits: Test, enough: Test = filling.always, used: str = "") -> str:
    """A question, a call to action, or both, as much as `fits` and is `enough`; in the document's words at worst.

    The material's phrases come in the order in which they suit the document.
    """
    questions, calls = material.phrases.questions, material.phrases.calls
    pairs = [joined((question, call)) for question in questions[:3] for call in calls]
    triples = [joined((question, *two)) for question in questions[:1] for two in combinations(calls, 2)]
    options = [*questions, *calls] if material.seed % 3 else [*calls, *questions]
    found = filling.first_that([*options, *pairs, *triples], invites, fits, enough)
    if found or options:
        return found or filling.first_that(options, invites, fits)
    own = [quote.text for quote in reversed(material.quotes) if quote.text not in used] or [material.title]
    return filling.first_that(own, fits, enough) or shortened(filling.first_that(own, enough) or own[0], fits)


def sentences_in(material: Material, text: str) -> list[str]:
    """The document's sentences that stand in `text` whole, in its order: those that can be read alone, if there are."""
    quotes = [quote for quote in material.quotes if quote.text in text]
    return [quote.text for quote in quotes if quote.needs is None] or [quote.text for quote in quotes]


def unsaid(material: Material, texts: Iterable[str], fits: Test) -> str:
    """The weightiest sentence that stands on its own and repeats none of `texts`, or else the title."""
    before = joined(texts)
    quotes = [quote for quote in _alone(material) if quote.text not in before]
    best = sorted(quotes, key=lambda quote: (not quote.fit, likeness(quote.text, before) >= 1, -quote.weight))
    return filling.first_that((said([quote]) for quote in best), fits) or material.title


def paragraphs(quotes: Sequence[Quote], count: int, measure: Callable[[str], float]) -> list[str]:
    """At most `count` paragraphs, broken where the document breaks its own, as equal as that allows by `measure`."""
    told = pieces(quotes)
    runs = [[at for at, quote in enumerate(quotes) if quote.paragraph == number] for number in _numbers(quotes)]
    texts = [joined(told[at] for at in run) for run in runs] if len(runs) > 1 else told
    return [joined(group) for group in grouped(texts, count, measure)]


def _numbers(quotes: Sequence[Quote]) -> list[int]:
    return list(dict.fromkeys(quote.paragraph for quote in quotes))


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
    """Sentences of the first fifth that stand on their own, those that make the best start first."""
    last = max((quote.position for quote in material.quotes), default=0)
    first = [quote for quote in material.quotes if quote.position <= max(last / 5, 3) and quote.needs is None]
    early = [quote for quote in first if not quote.limited] or first
    return sorted(early, key=lambda quote: -_as_hook(quote, _first(early)))


def _alone(material: Material) -> list[Quote]:
    """All sentences that stand on their own at the start of a paragraph, the weightiest first."""
    alone = [one for one in material.quotes if one.needs is None and one.opens and not one.limited]
    return sorted(alone, key=lambda one: -one.weight)


def _first(quotes: Sequence[Quote]) -> int:
    """Where the author begins: the first of the author's own sentences that is fit."""
    return min((quote.position for quote in quotes if quote.fit and not quote.speaker), default=NOWHERE)


def _as_hook(quote: Quote, first: int) -> float:
    """How well a sentence opens a post: authors open with their best one, and a reader stops for a short claim."""
    words = counting.words(quote.text) / (2 if counting.is_unspaced(quote.text) else 1)
    value = quote.weight + (LEAD if quote.position == first else 0) + (FIRST if quote.position < first + 2 else 0)
    value *= 1.0 if HOOK_WORDS[0] <= words <= HOOK_WORDS[1] else 0.6
    value *= 1.0 if quote.opens else 0.5
    value *= 0.5 if asks(quote.text) or quote.speaker else 1.0
    return value if quote.fit else value / 100


def _leads(material: Material) -> list[str]:
    """Phrases that lead over to what is quoted, the shortest first."""
    phrases = material.phrases
    about = [phrases.about.format(title=material.title)] if phrases.about else []
    one = sorted([*phrases.openers, *about], key=len)
    return [*one, *(joined((*about, opener)) for opener in phrases.openers), joined((*about, *phrases.openers))]


def _titles(material: Material) -> list[str]:
    """The title named by a phrase, or followed by one; alone only in a language without phrases."""
    title, phrases = ended(material.title), material.phrases
    about = [phrases.about.format(title=material.title)] if phrases.about else []
    lengthened = [joined((text, opener)) for text in (*about, title) for opener in phrases.openers]
    alone = [material.title] if counting.words(title) >= TITLE_WORDS and not about else []
    return [*about, *alone, *lengthened, *(joined((title, *two)) for two in combinations(phrases.openers, 2))]
