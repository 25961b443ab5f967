"""The offline engine's answers to what is asked about a document: a draft, its key points, a picture for it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from pressroom import formats
from pressroom.errors import CannotCompose
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Excerpt, Violation
from pressroom.model.documents import Condensed
from pressroom.model.images import ImageIdea
from pressroom.platforms import counting
from pressroom.providers.offline.composing import quoting
from pressroom.providers.offline.documents import suitable
from pressroom.providers.offline.documents.analysis import analysed
from pressroom.providers.offline.documents.quotations import material_of
from pressroom.providers.offline.documents.tables import primary
from pressroom.providers.offline.values import Quote
from pressroom.providers.offline.voicing import in_voice

TRIALS = 4
NAMED_TERMS = 4


class CondenseInput(BaseModel):
    """The inputs for the purpose `condense`; other fields are for models."""

    document: Excerpt
    most_words: int = Field(ge=1)


class ImageInput(BaseModel):
    """The inputs for the purpose `image_prompt`; the style is for image models."""

    document: Excerpt


def draft_from(assignment: Assignment, document: Excerpt, turn: int) -> BaseModel:
    """A draft of nothing but the document's sentences and phrases that state nothing, within the format's rules.

    Raises:
        CannotCompose: another language is asked for; the document is too short, or no prose; or it doesn't give what
            the format needs.
    """
    _check_language(assignment, document)
    analysis = analysed(document.text, document.title, document.language, document.author)
    suitable.check(analysis)
    form: Format[BaseModel] = formats.get(assignment.format)
    tried: list[tuple[BaseModel, tuple[Violation, ...]]] = []
    for trial in range(TRIALS):
        body = in_voice(form, material_of(assignment, document, analysis, turn + trial * TRIALS), assignment)
        tried.append((body, form.check(body, assignment)))
        if not tried[-1][1]:
            return body
    body, violations = min(tried, key=lambda one: len(one[1]))
    _check_enough(form, violations)
    return body


def condense(asked: CondenseInput) -> Condensed:
    """The sentences of a part that matter most, in its order; none when it holds no prose."""
    document = asked.document
    sentences = analysed(document.text, document.title, document.language, document.author).sentences
    quotes = [
        Quote(text=one.text, position=one.position, weight=one.weight, needs=one.needs, speaker=one.speaker)
        for one in sentences
    ]
    most, chosen, taken = asked.most_words, dict[int, Quote](), 0
    for quote in sorted(quotes, key=lambda quote: (quote.needs is not None, -quote.weight)):
        words = counting.words(quote.text)
        if taken + words <= most:
            chosen[quote.position] = quote
            taken += words
    if not chosen and quotes:
        best = max(quotes, key=lambda quote: quote.weight)
        cut = quoting.shortened(best.text, lambda text: counting.words(text) <= most)
        return Condensed(points=[cut] if cut else [])
    return Condensed(points=[quoting.said([chosen[position]]) for position in sorted(chosen)])


def image_idea(asked: ImageInput) -> ImageIdea:
    """A plain description from title and terms: nothing in it that the document doesn't name."""
    document = asked.document
    terms = analysed(document.text, document.title, document.language, document.author).terms[:NAMED_TERMS]
    title, named = " ".join(document.title.split()), ", ".join(terms)
    subject = f"“{title}”" if title else named
    prompt = f"A picture for an article about {subject}."
    if named and title:
        prompt += f" It shows: {named}."
    return ImageIdea(
        prompt=f"{prompt} No text, no letters and no logos in the picture.",
        alt_text=": ".join(text for text in (title, named) if text),
    )


def _check_language(assignment: Assignment, document: Excerpt) -> None:
    wanted = assignment.preferences.language
    if primary(wanted) != primary(document.language):
        raise CannotCompose(
            f"The document is in {document.language!r} and a draft in {wanted!r} is asked for: "
            "translating needs a model.",
            hint=f"Put a provider with a model into PRESSROOM_TEXT_CHAIN, or ask for {primary(document.language)!r}.",
        )


def _check_enough(form: Format[BaseModel], violations: tuple[Violation, ...]) -> None:
    """Raises for a wrong number or length: asking again won't help. A reviewer sees other violations."""
    lacking = [
        one for one in violations if one.code.endswith(("_too_few", "_too_many", "_too_short")) or one.code == "blank"
    ]
    if lacking:
        raise CannotCompose(
            f"The document does not give enough for the format {form.name}: {lacking[0].where}: {lacking[0].message}",
            hint="Choose another format, give a longer document, or put a provider with a model into "
            "PRESSROOM_TEXT_CHAIN.",
        )
