"""The words of a card: chosen from a document's own title, sentences and points; nothing is added."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from pressroom import platforms
from pressroom.errors import CannotCompose
from pressroom.media.cards.figures import figure
from pressroom.media.cards.wording import clean, unquoted
from pressroom.model.images import CardText, Template
from pressroom.platforms import counting

QUOTE_WORDS = (6, 26)
"""Words of a sentence that can be quoted; a CJK character counts as half a word."""

Names = Mapping[str, str]
"""The speaker of each sentence, by the sentence."""

POINTS = (3, 5)
POINT_WORDS = 12
NUMBER_WORDS = 34

MOST_NAMES = 3
_BETWEEN_NAMES = regex.compile(r"(?<!\s)\s*+[,;、]\s*+(?:(?:and|und|et|y|e)\s++)?|(?<!\s)\s++(?:and|und|et|y|e|&)\s++")
_SUBTITLE = regex.compile(r"(?<=\w[?!])\s+|:\s+|(?<!\s)\s++[–—|-]\s+|(?<=\w)[：｜]")
_LINK = regex.compile(r"https?://|www\.|@\w|\w\.(?:com|org|net|io|dev)\b")


@cache
def _purposes() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = tomllib.loads((files(__package__) / "purposes.toml").read_text("utf-8"))
    return table


@cache
def _leaning(language: str) -> regex.Pattern[str]:
    """Matches a sentence that refers to the one before it: on a card a reader can't tell what its "this" means."""
    table: dict[str, list[str]] = tomllib.loads((files(__package__) / "leaning.toml").read_text("utf-8"))
    own = table.get(language.lower().split("-")[0], [])
    words = "|".join(regex.escape(word) for word in sorted({*own, *table["en"]}, key=len, reverse=True))
    return regex.compile(rf"(?:{words})" + ("" if language.startswith(("ja", "zh")) else r"\b"), regex.IGNORECASE)


def card_for(
    title: str,
    sentences: Sequence[str],
    *,
    purpose: str,
    language: str,
    attribution: str = "",
    said_by: Sequence[str] = (),
    items: Sequence[str] = (),
) -> CardText:
    """A card from `sentences`, the weightiest first; the same input and purpose give the same card.

    `purpose`: `thumbnail` or a platform; one without an entry of its own gets a headline. `items`: points of the
    document, of which three to five short ones can make a list. `said_by`: who says each of the sentences, empty where
    that is not certain; without it all are signed with `attribution`.

    Raises:
        CannotCompose: there are no words at all.
    """
    rule = _rule(purpose)
    names = dict(
        zip((clean(one, language) for one in sentences), said_by or [attribution] * len(sentences), strict=True)
    )
    said = [text for text in names if text]
    heading = clean(title, language) or (said[0] if said else "")
    if not heading:
        raise CannotCompose(
            "There is neither a title nor a sentence to put on a card.", hint="Give the document a title."
        )
    makers: dict[Template, Callable[[], CardText | None]] = {
        "quote": lambda: _quote(said, rule["pick"], heading, language, names),
        "number": lambda: _number(said, rule["pick"], language, names),
        "list": lambda: _points([clean(item, language) for item in items], heading, language),
        "headline": lambda: _headline(heading, said, rule, language),
    }
    cards = (makers[template]() for template in rule["templates"])
    return next((card for card in cards if card is not None), None) or _headline(heading, said, rule, language)


def _rule(purpose: str) -> dict[str, Any]:
    """How a card for `purpose` is chosen: a platform's own rule, the thumbnail's, or the usual one."""
    known = platforms.find(purpose)
    own = known.card.model_dump() if known else _purposes().get(purpose, {})
    return {**_purposes()["default"], **own}


def _quote(said: Sequence[str], pick: int, title: str, language: str, names: Names) -> CardText | None:
    able = [text for text in said if _quotable(text, language) and not _alike(text, title)]
    if not able:
        return None
    text = able[pick % len(able)]
    return CardText(
        template="quote", text=unquoted(text), attribution=_signature(names[text], language), language=language
    )


def number_card(said: Sequence[str], language: str) -> CardText | None:
    """A card for the most striking figure of the sentences `said`; None where they have no such figure."""
    return _number(said, 0, language, dict.fromkeys(said, ""))


def _number(said: Sequence[str], pick: int, language: str, names: Names) -> CardText | None:
    """Of the sentences with a figure, the most striking figure's; equally striking ones by weight."""
    found = [(figure(text), text) for text in said if _weight(text) <= NUMBER_WORDS and _stands_alone(text, language)]
    able = sorted(((one[0], one[1], text) for one, text in found if one is not None), key=lambda each: each[0])
    if not able:
        return None
    _, number, text = able[pick % len(able)]
    return CardText(
        template="number", number=number, text=text, attribution=_signature(names[text], language), language=language
    )


def _signature(names: str, language: str) -> str:
    """The speakers in one line; of more than three only the first, since a long list would make the words tiny."""
    cleaned = clean(names, language)
    people = [name for name in _BETWEEN_NAMES.split(cleaned) if name.strip()]
    return f"{people[0].strip()} et al." if len(people) > MOST_NAMES else cleaned


def _points(items: Sequence[str], title: str, language: str) -> CardText | None:
    """Only all of them: a list that misses a point would say something else."""
    short = list(dict.fromkeys(item.rstrip(" .;,。") for item in items if item))
    if not POINTS[0] <= len(short) <= POINTS[1] or any(_weight(item) > POINT_WORDS for item in short):
        return None
    return CardText(template="list", title=title, items=tuple(short), language=language)


def _headline(title: str, said: Sequence[str], rule: dict[str, Any], language: str) -> CardText:
    short = _shortened(title, rule["words"])
    able = [
        text
        for text in said
        if _weight(text) <= QUOTE_WORDS[1] and _stands_alone(text, language) and not _alike(text, title)
    ]
    text = able[rule["pick"] % len(able)] if able and rule["text"] else ""
    return CardText(template="headline", title=short, text=text, language=language)


def _shortened(title: str, words: int) -> str:
    """A long title's first part, where it has parts: what stands before its colon, dash or question mark."""
    if _weight(title) <= words:
        return title
    first = _SUBTITLE.split(title, maxsplit=1)[0].strip()
    return first if _weight(first) >= 2 else title


def _quotable(text: str, language: str) -> bool:
    least, most = QUOTE_WORDS
    ended = regex.search(r"[.!。！…][\"”’»«“」]?$", text) is not None
    return least <= _weight(text) <= most and ended and _stands_alone(text, language) and figure(text) is None


def _stands_alone(text: str, language: str) -> bool:
    return (
        not _leaning(language).match(unquoted(text))
        and not _LINK.search(text)
        and not text.endswith(("?", "？", ":", "："))
    )


def _weight(text: str) -> float:
    return counting.words(text) * (0.5 if counting.is_unspaced(text) else 1.0)


def _alike(one: str, other: str) -> bool:
    """True when a sentence says little more than the title: one contains the other and is not much longer."""
    short, long = sorted((regex.sub(r"[\W_]+", "", text).casefold() for text in (one, other)), key=len)
    return short in long and len(short) > 0.6 * len(long)
