"""A plain caption made of the user's own words by a template, for when no model is there.

It says nothing that wasn't said: the description, the words that it lacks, and in English a closing line.
"""

from __future__ import annotations

from collections.abc import Sequence

from pressroom import platforms
from pressroom.formats.shared.cutting import ended, shortened
from pressroom.writing.hashtags.shared.declare import Niche
from pressroom.writing.hashtags.shared.words import singular
from pressroom.writing.hashtags.shared.words import words as words_of

LABEL = "The caption was put together from the words given with the picture, without a model."
NOTHING_SAID = "A new picture."

MOST_WORDS, LONGEST_WORD, LONGEST_TEXT = 8, 60, 2200
"""Words, and characters of each, that are listed; characters taken of a description."""


def caption_for(
    platform: str,
    description: str = "",
    niches: Sequence[Niche] = (),
    words: Sequence[str] = (),
    *,
    hashtags: Sequence[str] = (),
    language: str = "en",
) -> str:
    """A caption within the platform's limit, room for `hashtags` left where they stand in the post; never empty.

    language: of the words given; only an English caption gets a closing line. Show `LABEL` beside it.

    Raises:
        WrongInput: nothing is known about the platform.
    """
    known = platforms.get(platform)
    english = language.partition("-")[0].lower() == "en"

    def has_room(text: str) -> bool:
        return known.fits(known.whole_post(text, hashtags))

    caption = shortened(_beginning(description, niches, words, english=english), has_room) or NOTHING_SAID
    missing = _missing(words, description) if _sentence(description) else ()
    for more in (" · ".join(missing), known.words.closing if english else ""):
        longer = f"{caption}\n\n{more}"
        caption = longer if more and has_room(longer) else caption
    return caption


def _beginning(description: str, niches: Sequence[Niche], words: Sequence[str], *, english: bool) -> str:
    """The description in sentences; else the words; else the best niche, in English; else that there is a picture."""
    about = f"A new picture: {niches[0].title}" if niches and english else NOTHING_SAID
    return _sentence(description) or _sentence(", ".join(_tidy(words))) or ended(about)


def _missing(words: Sequence[str], description: str) -> tuple[str, ...]:
    """The user's words that the description lacks."""
    said = {singular(word) for word in words_of(description)}
    return tuple(word for word in _tidy(words) if not {singular(part) for part in words_of(word)} <= said)


def _tidy(words: Sequence[str]) -> list[str]:
    """The first of them on one line each, none empty or twice."""
    flat = (_flat(word)[:LONGEST_WORD].strip() for word in words)
    return list(dict.fromkeys(word for word in flat if word))[:MOST_WORDS]


def _sentence(text: str) -> str:
    flat = shortened(_flat(text), lambda cut: len(cut) <= LONGEST_TEXT)
    return ended(flat[:1].upper() + flat[1:])


def _flat(text: str) -> str:
    """On one line, without the sign that would make hashtags of its words."""
    return " ".join(text.replace("#", "").replace("\ufeff", "").split())
