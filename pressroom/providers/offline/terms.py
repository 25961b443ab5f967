"""An idea is about a subject of the bank, an aspect of a topic, or the terms of its own words."""

from __future__ import annotations

import re
from functools import lru_cache

from pressroom.model import Assignment
from pressroom.platforms import counting
from pressroom.providers.offline.bank import Bank, Subject
from pressroom.providers.offline.headlines import BREAK, bare, bounded, key_term, listed
from pressroom.providers.offline.wording import clean, data, hashed, sentences_of

FALLBACK = "daily work"
ENDS = ".!?…。！？؟"
_LINK = re.compile(r"(?<!\S)(?=\S*(?:://|www\.|@))\S++")


def subject_of(assignment: Assignment, bank: Bank) -> tuple[Subject, bool]:
    """The subject of the idea with all its facets, and whether the bank knows it."""
    idea = assignment.idea
    title, description = _without_links(clean(idea.title)), _without_links(clean(idea.description))
    topics = (idea.category, *assignment.preferences.keywords)
    known = _in_bank(title, idea.category, bank) or _aspect_in(title, topics, bank)
    if known:
        return bank.filled(known), True
    term = key_term(title, description) or key_term(clean(idea.category), "") or FALLBACK
    aspect = _lens(f"{title} {description}", bank)
    return bank.filled(Subject(topic=idea.category or FALLBACK, name=term, short=_short(term)), aspect), False


def mentions(text: str, name: str) -> bool:
    """True when `text` has `name` as whole words, in any case."""
    return f" {_folded(name)} " in f" {_folded(text)} "


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return re.sub(r"[^\w-]+", " ", text.casefold()).strip()


def own_sentences(description: str, most: int) -> list[str]:
    """Sentences of at most `most` characters that speak of the matter, fit to be quoted in a draft."""
    about_the_post = [phrase.strip() for phrase in data("words")["about_the_post"].split("|")]
    found = []
    for sentence in sentences_of(clean(description)):
        folded = sentence.casefold()
        fits = 25 <= len(sentence) <= most and counting.words(sentence) <= 25 and sentence[-1] in ENDS
        if fits and not _LINK.search(sentence) and not any(phrase in folded for phrase in about_the_post):
            found.append(sentence)
    return found


def _without_links(text: str) -> str:
    return " ".join(_LINK.sub(" ", text).split())


def _in_bank(title: str, category: str, bank: Bank) -> Subject | None:
    """The subject named in the title: of the idea's own category first, then the one with the longest name."""
    found = [one for one in bank.all_subjects() if mentions(title, one.name)]
    return max(found, key=lambda one: (one.topic.casefold() == category.casefold(), len(one.name)), default=None)


def _aspect_in(title: str, topics: tuple[str, ...], bank: Bank) -> Subject | None:
    """The aspect a title begins to name, of the topic that follows there."""
    for aspect in bank.aspects:
        found = re.search(rf"\b{re.escape(aspect.name.partition('{topic}')[0])}", title, re.I)
        if not found:
            continue
        rest = title[found.end() :]
        named = [topic for topic in topics if topic and rest.casefold().startswith(clean(topic).casefold())]
        term = bounded(clean(named[0])) if named else key_term(BREAK.split(rest)[0], "")
        if term:
            return bank.about(term, aspect, topics[0])
    return None


def _lens(text: str, bank: Bank) -> Subject:
    """The aspect whose words occur in `text`; when none does, one that suits any, chosen by the text."""
    stems = {word[:5] for word in map(bare, text.casefold().split())}
    matching = {aspect.short: sum(word[:5] in stems for word in _telling(aspect.short)) for aspect in bank.aspects}
    suiting = [one for one in bank.aspects if matching[one.short] or one.short in data("aspects")["anywhere"]]
    return max(suiting, key=lambda one: (matching[one.short], hashed(f"{text}|{one.name}")))


def _telling(words: str) -> list[str]:
    return [word for word in words.split() if len(word) > 3 and word not in listed("stop")]


def _short(term: str) -> str:
    """A shorter way to say a long term: its last word, which in English is what it is."""
    words = term.split()
    return words[-1] if len(words) > 2 and "of" not in words and words[-1].isascii() and len(words[-1]) > 3 else term
