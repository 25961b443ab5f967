"""A post as pages: the first sentence is the cover, the last one the end, between them a thought a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from pressroom.errors import WrongInput
from pressroom.formats.shared.cutting import shortened
from pressroom.media.storyboard import phrase
from pressroom.model.carousels import (
    LEAST_PAGES,
    LINE_CHARACTERS,
    MOST_LINES,
    MOST_PAGES,
    PAGE_CHARACTERS,
    TITLE_CHARACTERS,
    Carousel,
    CarouselPage,
)
from pressroom.platforms import counting
from pressroom.providers.offline.composing.quoting import grouped
from pressroom.providers.offline.documents import sentences
from pressroom.providers.offline.documents.tables import language_of

SENTENCES = 2.5
"""Of a page between cover and end, where the post does not part them by itself."""

LEAST_TITLE = 12
"""Characters of a clause that can be a title."""

_TAGS = regex.compile(r"(?:\s*#[\p{L}\p{N}_]+)+\s*$")
_LINK = regex.compile(r"^\S+://\S+$")
_CLAUSE = regex.compile(r"(?<=[,;:、，；：])\s+|\s+(?=[–—]\s)")
_END = regex.compile(r"[.!?…。！？]$")


def split(texts: Sequence[str], *, language: str = "en") -> Carousel:
    """The pages of a post whose parts are `texts`.

    Raises:
        WrongInput: it has too few sentences for five pages.
    """
    paragraphs = [[*_sentences(block, language)] for text in texts for block in regex.split(r"\n\s*\n|\n", text)]
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    told = [sentence for paragraph in paragraphs for sentence in paragraph]
    if len(told) < LEAST_PAGES:
        told = [clause for sentence in told for clause in _CLAUSE.split(sentence)]
        paragraphs = [[sentence] for sentence in told]
    if len(told) < LEAST_PAGES:
        raise WrongInput(
            f"The post has {len(told)} sentences, too few for a carousel of {LEAST_PAGES} pages.",
            hint="Write a longer post.",
        )
    notes: list[str] = []
    groups = [[told[0]], *_middle(paragraphs, told[1:-1]), [told[-1]]]
    pages = tuple(_page(group, language, notes) for group in groups)
    return Carousel(pages=pages, language=language, notes=tuple(notes))


def check_pages(pages: Sequence[CarouselPage]) -> tuple[str, ...]:
    """The rules of a carousel that these pages break, a sentence each."""
    found = []
    if not LEAST_PAGES <= len(pages) <= MOST_PAGES:
        found.append(f"It has {len(pages)} pages; a carousel has {LEAST_PAGES} to {MOST_PAGES}.")
    for number, page in enumerate(pages, start=1):
        if not page.title.strip():
            found.append(f"Page {number} has no title.")
        if len(page.title) > TITLE_CHARACTERS:
            found.append(f"The title of page {number} has {len(page.title)} characters, at most {TITLE_CHARACTERS}.")
        if len(page.lines) > MOST_LINES:
            found.append(f"Page {number} has {len(page.lines)} lines, at most {MOST_LINES}.")
        if sum(map(len, page.lines)) > PAGE_CHARACTERS:
            found.append(f"The lines of page {number} have more than {PAGE_CHARACTERS} characters.")
        found += [
            f"A line of page {number} has {len(line)} characters, at most {LINE_CHARACTERS}."
            for line in page.lines
            if len(line) > LINE_CHARACTERS
        ]
    return tuple(found)


def _sentences(block: str, language: str) -> Iterator[str]:
    """The sentences of a paragraph, without its hashtags; a paragraph that is only a link has none."""
    text = _TAGS.sub("", block.strip())
    if text and not _LINK.match(text):
        yield from (one.strip() for one in sentences.split(text, language_of(language)) if regex.search(r"\w", one))


def _middle(paragraphs: Sequence[Sequence[str]], told: Sequence[str]) -> list[list[str]]:
    """The sentences between the first and the last, in three to eight groups: the post's paragraphs where they do."""
    least, most = LEAST_PAGES - 2, MOST_PAGES - 2
    own = [[*paragraph] for paragraph in paragraphs]
    own[0], own[-1] = own[0][1:], own[-1][:-1]
    own = [paragraph for paragraph in own if paragraph]
    if least <= len(own) <= most and max(map(len, own)) <= MOST_LINES + 1:
        return _parted(own, most)
    count = min(most, max(least, round(len(told) / SENTENCES)))
    return _parted([group for group in grouped(told, min(count, len(told)), len) if group], most)


def _parted(groups: list[list[str]], most: int) -> list[list[str]]:
    """The longest groups in two, while they have too much for a page and there are pages left."""
    while len(groups) < most:
        at = max(range(len(groups)), key=lambda place: sum(map(len, groups[place])) * (len(groups[place]) > 1))
        if sum(map(len, groups[at])) <= PAGE_CHARACTERS or len(groups[at]) == 1:
            break
        groups[at : at + 1] = grouped(groups[at], 2, len)
    return groups


def _page(group: Sequence[str], language: str, notes: list[str]) -> CarouselPage:
    """The first sentence is the title where it is short; else the phrase that stands for it is."""
    first, rest = group[0], [*group[1:]]
    if len(first) <= TITLE_CHARACTERS:
        return CarouselPage(title=_plain(first, bool(rest)), lines=_lines(rest, notes))
    title, after = _opening(first, language)
    return CarouselPage(title=title, lines=_lines([after, *rest], notes))


def _opening(sentence: str, language: str) -> tuple[str, str]:
    """A long sentence as a title and what is below it: its first clause and the rest, or a phrase and all of it."""
    ends = [found.end() for found in _CLAUSE.finditer(sentence) if LEAST_TITLE <= found.start() <= TITLE_CHARACTERS]
    if ends:
        return sentence[: ends[0]].strip(), sentence[ends[0] :].strip()
    return _short(phrase(sentence, language), TITLE_CHARACTERS), sentence


def _lines(told: Sequence[str], notes: list[str]) -> tuple[str, ...]:
    """At most three lines; sentences are joined to fewer where there are more of them, as far as they have room."""
    lines: list[str] = [*told]
    while len(lines) > MOST_LINES:
        pairs = [len(one) + len(other) for one, other in pairwise(lines)]
        at = pairs.index(min(pairs))
        if pairs[at] >= LINE_CHARACTERS:
            break
        lines[at : at + 2] = [f"{lines[at]}{'' if counting.is_unspaced(lines[at][-1:]) else ' '}{lines[at + 1]}"]
    while len(lines) > MOST_LINES or (len(lines) > 1 and _length(lines) > PAGE_CHARACTERS):
        notes.append(f"Not on a page: “{lines.pop()}”")
    cut = [_short(line, LINE_CHARACTERS) for line in lines]
    notes += [f"Cut on its page: “{line}”" for line, now in zip(lines, cut, strict=False) if now != line]
    return tuple(cut)


def _length(lines: Sequence[str]) -> int:
    return sum(min(len(line), LINE_CHARACTERS) for line in lines)


def _plain(title: str, is_followed: bool) -> str:
    """A title before other lines goes without its full stop."""
    return title.rstrip(".。") if is_followed and _END.search(title) else title


def _short(text: str, most: int) -> str:
    return shortened(text, lambda cut: len(cut) <= most) or text[: most - 1] + "…"
