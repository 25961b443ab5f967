"""Material for one draft of a document: its own sentences and terms, chosen for one format."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pressroom.formats.shared import language as wording
from pressroom.model import Assignment, Excerpt
from pressroom.platforms import counting, tags
from pressroom.providers.offline.composing import filling, quoting
from pressroom.providers.offline.composing.excerpts import limits
from pressroom.providers.offline.documents.analysis import Analysis, Read
from pressroom.providers.offline.documents.tables import endings_of, folded, language_of, phrases_of
from pressroom.providers.offline.values import Insight, Material, Phrases, Quote
from pressroom.providers.offline.wording import hashed

KEPT_QUOTES, WITH_NEIGHBOURS = 90, 40  # more than the longest draft takes
MOST_TITLE, MOST_POINT, MOST_SCENE, MOST_TERM, MOST_NAMED = 90, 110, 70, 32, 28
HASHTAGS, TERMS = 40, 12
CHANCE = 0.5  # how much less a sentence may weigh for another variant; a tenth of it between formats
INSIGHTS = 6
MOST_LINE, MOST_DETAIL, TAKEAWAY_WORDS = 90, 45, (15, 35)


def material_of(assignment: Assignment, document: Excerpt, analysis: Analysis, turn: int) -> Material:
    """Everything `Material` asks for. `turn`: counts the times it is asked for, from 0; other sentences each time."""
    key = hashed(f"{document.title}|{assignment.format}")
    phrases, seed = _phrases(document, analysis, key + turn), key % 1000 + turn
    quotes = _quotes(analysis.sentences, f"{assignment.format}|{turn}", CHANCE if turn else CHANCE / 5)
    best = sorted(quotes, key=lambda quote: -quote.weight)
    title = _title(document, analysis)
    own = tags.usable(assignment.preferences.hashtags)
    telling = tags.usable([*own, *map(_tag, analysis.telling)])
    return Material(
        title=title,
        hooks=tuple(_short(quote.text, MOST_POINT) for quote in best[:3]),
        insights=tuple(_insights(quotes, best)),
        takeaway=_sized(best, TAKEAWAY_WORDS),
        question=phrases.questions[0] if phrases.questions else _short(best[-1].text, MOST_LINE),
        call_to_action=phrases.calls[0] if phrases.calls else _short(best[-1].text, MOST_LINE),
        scenes=tuple(_scenes(title, best, phrases)),
        hashtags=tuple(tags.usable([*telling, *_single(analysis.terms, document.language)])[: max(HASHTAGS, len(own))]),
        own_hashtags=len(own),
        telling_hashtags=len(telling),
        quotes=quotes,
        phrases=phrases,
        terms=tuple(dict.fromkeys([*own, *filter(_is_search_term, (*analysis.telling, *analysis.terms))]))[
            : TERMS + len(own)
        ],
        link=document.address,
        credit=phrases.source.format(link=document.address) if document.is_reported and document.address else "",
        numbered=assignment.numbered,
        turn=turn,
        seed=seed,
    )


def _phrases(document: Excerpt, analysis: Analysis, key: int) -> Phrases:
    """The language's phrases: endings that suit the kind of document first, with its first term where they name one."""
    phrases, (questions, calls) = phrases_of(document.language), endings_of(document.language, analysis.kind)
    speakers = {one.speaker for one in analysis.sentences}
    term = next((term for term in analysis.telling if _is_name(term) and term not in speakers), "")
    fitting = [text for text in questions if term or "{term}" not in text]
    asked = [text.format(term=term) for text in filling.turned(fitting, key)]
    called = [text.format(term=term) for text in filling.turned(calls, key // 7) if term or "{term}" not in text]
    return phrases.model_copy(
        update={
            "questions": (*asked, *filling.turned(phrases.questions, key // 11)),
            "calls": (*called, *filling.turned(phrases.calls, key // 13)),
        }
    )


def _is_name(term: str) -> bool:
    """True when a question can name the term as it is: a name or a plural needs no article."""
    return 2 < len(term) <= MOST_NAMED and (term[0].isupper() or (" " in term and term.endswith("s")))


def _single(terms: Sequence[str], tag: str) -> list[str]:
    """Terms of one word, for platforms that ask for more tags than a document has: those that say least come last."""
    empty = language_of(tag).empty
    words = [term for term in terms if term.isalpha()]
    return sorted(words, key=lambda word: (len(word) < 2, folded(word) in empty))


def _quotes(sentences: Sequence[Read], key: str, chance: float) -> tuple[Quote, ...]:
    """The weightiest sentences and those they lean on, in order; `chance` is taken off their weights by `key`."""
    drawn = {one.position: one.weight * (1 - chance * (hashed(f"{key}|{one.text}") % 1000) / 1000) for one in sentences}
    best = sorted(drawn, key=lambda position: -drawn[position])[:KEPT_QUOTES]
    kept = {*best, *(at + step for at in best[:WITH_NEIGHBOURS] for step in (-1, 1))}
    for one in reversed(sentences):
        if one.position in kept and one.needs is not None:
            kept.add(one.needs)
    limited = {one.needs for one in sentences if one.needs is not None and limits(one.text)}
    return tuple(
        Quote(
            text=one.text,
            position=one.position,
            weight=drawn[one.position],
            needs=one.needs,
            opens=one.opens,
            heading=one.heading,
            paragraph=one.paragraph,
            speaker=one.speaker,
            limited=one.position in limited,
            fit=one.fit,
        )
        for one in sentences
        if one.position in kept
    )


def _title(document: Excerpt, analysis: Analysis) -> str:
    """The document's title; without one, its first heading, or its first sentence."""
    headings = [one.heading for one in analysis.sentences if one.heading]
    cleaned = wording.without_cliches(" ".join(document.title.replace("#", "").split()))
    title = cleaned or (headings or [analysis.sentences[0].text])[0]
    return _short(title, MOST_TITLE)


def _short(text: str, most: int) -> str:
    return quoting.shortened(text, lambda cut: len(cut) <= most) or f"{text[: most - 1].rstrip()}…"


def _insights(quotes: Sequence[Quote], best: Sequence[Quote]) -> list[Insight]:
    """Key sentences in their order, each with the one after it."""
    following = dict(zip((quote.position for quote in quotes), quotes[1:], strict=False))
    chosen = sorted(best[: 2 * INSIGHTS : 2] if len(best) > 2 * INSIGHTS else best, key=lambda quote: quote.position)
    return [
        Insight(
            point=_short(quote.text, MOST_POINT),
            detail=_sized([following.get(quote.position, quote)], (0, MOST_DETAIL)),
        )
        for quote in chosen
    ]


def _sized(best: Sequence[Quote], words: tuple[int, int]) -> str:
    """The weightiest sentence of so many words; without one, the weightiest, cut."""
    fitting = (one.text for one in best if words[0] <= counting.words(one.text) <= words[1])
    return next(fitting, "") or quoting.shortened(best[0].text, lambda cut: counting.words(cut) <= words[1])


def _scenes(title: str, best: Sequence[Quote], phrases: Phrases) -> list[str]:
    shown = [quoting.shortened(quote.text, lambda text: len(text) <= MOST_SCENE, True) for quote in best[:12]]
    shown += [_short(quote.text, MOST_SCENE) for quote in best[:3]]
    first = phrases.first.format(text=_short(title, MOST_SCENE))
    return [first, *(phrases.shown.format(text=text) for text in dict.fromkeys(filter(None, shown)))][:6]


def _tag(term: str) -> str:
    """`sourdough starter` as `SourdoughStarter`; one word as it is written."""
    words = re.split(r"[\s\-‐]+", term)
    return "".join(word[:1].upper() + word[1:] for word in words) if len(words) > 1 else term


def _is_search_term(term: str) -> bool:
    """True if it can be a YouTube tag."""
    return len(term) <= MOST_TERM and not set(term) & set(',"<>#') and counting.words(term) > 0
