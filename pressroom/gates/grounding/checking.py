"""The gate: what each part of a draft says that its source doesn't."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pressroom.gates.grounding.claims import mixed_up, same_script, strange_names
from pressroom.gates.grounding.counted import miscounted
from pressroom.gates.grounding.data import primary
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.links import canonical
from pressroom.gates.grounding.quotations import plain, quotations, said_in
from pressroom.gates.grounding.reading import Read, read
from pressroom.gates.grounding.senses import disagreements
from pressroom.gates.grounding.sentences import sentences
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Found, Span, blanked, one_form
from pressroom.gates.grounding.speakers import misattributed
from pressroom.gates.grounding.strange import is_year, strange_days, strange_figures, structure
from pressroom.gates.grounding.tags import handles, strange_tag, tags
from pressroom.gates.grounding.tokens import words_of
from pressroom.gates.grounding.wording import violation
from pressroom.model import Part, Violation


def ungrounded(
    parts: Sequence[Part], source: Source, *, allowed: Sequence[str] = (), language: str | None = None
) -> tuple[Violation, ...]:
    """The statements of the parts that `source` does not support, part by part in reading order, each once a part.

    allowed: the caller's own words (hashtags, audience, sign-off), which the document need not contain.
    language: BCP 47 tag of the draft; by default the source's.
    """
    permitted = _Permitted(source, tuple(map(one_form, allowed)), language or source.language, len(parts))
    found = (violation(one, part, source) for part in parts for one in _of_part(part, permitted))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Permitted:
    """The words, figures and dates a draft may use."""

    source: Source
    allowed: tuple[str, ...]
    language: str
    parts: int

    @cached_property
    def words(self) -> frozenset[str]:
        return self.source.words | frozenset(word for text in self.allowed for word in words_of(text))

    @cached_property
    def plain(self) -> str:
        return " \n ".join((self.source.plain, *map(plain, self.allowed)))

    @cached_property
    def own(self) -> Read:
        return read("\n".join(self.allowed), self.language)

    @cached_property
    def links(self) -> frozenset[str]:
        return self.source.links | {canonical(span.text) for span in self.own.links}


def _of_part(part: Part, permitted: _Permitted) -> list[Found]:
    whole = text = one_form(part.text)
    found = list(_quotations(text, permitted))
    text = blanked(text, [one.span for one in found])
    found += [Found("instruction_repeated", span) for span in repeated(text, permitted.source)]
    tagged = [*tags(text), *handles(text)]
    found += _tags(tagged, permitted)
    said = read(blanked(text, [*structure(text, permitted.parts), *tagged]), permitted.language)
    found += _facts(said, text, permitted)
    found += [Found("name_not_in_source", span) for span in _names(said.rest, permitted)]
    found += _senses(blanked(whole, tagged), said.figures, permitted)
    return sorted(found, key=lambda one: one.span.start)


def _senses(text: str, figures: Sequence[Figure], permitted: _Permitted) -> Iterator[Found]:
    """Statements that the source has with another meaning; compared only when both are in one language."""
    source, language = permitted.source, permitted.language
    if primary(language) != primary(source.language):
        return
    found = list(sentences(text, language))
    yield from disagreements(found, source.nearest, language)
    yield from miscounted(figures, text, found, source, language)
    yield from misattributed(text, found, source, language)


def _quotations(text: str, permitted: _Permitted) -> Iterator[Found]:
    for span in quotations(text):
        if not said_in(span.text, permitted.plain):
            yield Found("quotation_not_in_source", span)


def _tags(tagged: Sequence[Span], permitted: _Permitted) -> Iterator[Found]:
    for span in tagged:
        if span.text.startswith("@"):
            wrong = span.text[1:].lower() not in permitted.words
        else:
            wrong = strange_tag(span.text, permitted.source, permitted.words)
        if wrong:
            yield Found("name_not_in_source", span)


def _names(text: str, permitted: _Permitted) -> Iterator[Span]:
    if same_script(permitted.language, permitted.source.language):
        yield from strange_names(text, permitted.words, permitted.language)
        yield from mixed_up(text, permitted.source)


def _facts(said: Read, text: str, permitted: _Permitted) -> Iterator[Found]:
    source, own = permitted.source, permitted.own
    for span in said.links:
        if canonical(span.text) not in permitted.links:
            yield Found("link_not_in_source", span)
    for day in strange_days(said.days, source):
        if not any(day.told_by(known) for known in own.days):
            yield Found("date_not_in_source", day.span)
    for figure in strange_figures(said.figures, source):
        if not any(figure.values & known.values for known in own.figures):
            yield Found("date_not_in_source" if is_year(figure) else "number_not_in_source", figure.span)


RUN = 5
"""So many words in a row are no chance."""

_CLAUSE = re.compile(r"[^\n.!?;。！？]+")


def repeated(text: str, source: Source) -> Iterator[Span]:
    """Sentences that have five words in a row of the source's instructions, and of nothing else it says."""
    if not source.refused_text:
        return
    for match in _CLAUSE.finditer(text):
        words = plain(match[0]).split()
        runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
        if any(run in source.refused_text and run not in source.plain for run in runs):
            yield Span(match[0].strip(), *match.span())
