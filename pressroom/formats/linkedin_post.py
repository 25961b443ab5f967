"""A LinkedIn post: a hook, two or three insights, a takeaway, and hashtags below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules
from pressroom.formats.shared.declare import Format
from pressroom.formats.shared.language import without_cliches
from pressroom.model import Assignment, Material, Part, Violation
from pressroom.platforms import counting, hashtag_range, limit, tags

PLATFORM = "linkedin"
LEAST_WORDS, MOST_WORDS = 150, 300
GOOD_WORDS = 200
LEAST_INSIGHTS, MOST_INSIGHTS = 2, 3
MOST_CHARACTERS = limit(PLATFORM, "post_characters")


class LinkedInPost(BaseModel):
    """What a model answers."""

    hook: str = Field(description="One or two short lines that make a reader stop.")
    insights: list[str] = Field(description="Paragraphs, one insight each, concrete and specific.")
    takeaway: str = Field(
        description="What the reader can do or remember; when a document is repurposed, a call to action."
    )
    hashtags: list[str] = Field(description="Without the # sign.")


def _prose(body: LinkedInPost) -> str:
    return "\n\n".join([body.hook, *body.insights, body.takeaway])


def _text(body: LinkedInPost) -> str:
    return "\n\n".join(text for text in (_prose(body), tags.written(body.hashtags)) if text)


def _insights(body: LinkedInPost) -> list[str]:
    return body.insights


def _paragraph_break(body: LinkedInPost, assignment: Assignment) -> Iterator[Violation]:
    found = counting.paragraphs(_prose(body))
    if found < 2:
        yield Violation(
            code="paragraph_break_missing",
            message="The post is one block; part it with a blank line.",
            where="text",
            measured=found,
            limit=2,
        )


def _repurposed_calls_to_action(body: LinkedInPost, assignment: Assignment) -> Iterator[Violation]:
    if assignment.from_document:
        yield from rules.invites(_takeaway, "takeaway")(body, assignment)


def _takeaway(body: LinkedInPost) -> str:
    return body.takeaway


def _tags(body: LinkedInPost) -> list[str]:
    return [*body.hashtags, *counting.hashtags(_prose(body))]


def _parts(body: LinkedInPost) -> tuple[Part, ...]:
    return (Part(label="Post", text=_text(body)),)


def _compose(material: Material) -> LinkedInPost:
    """Hook, three insights in turn until the post is long enough, takeaway and question."""
    if material.quotes:
        return _quoted(material)
    hook = _short(compose.turned(material.hooks, material.seed)[0], 60)
    takeaway = compose.join(_short(material.takeaway, 60), without_cliches(compose.invitation(material, 60, seed=0)))
    bodies = _paragraphs(material, taken=counting.words(f"{hook} {takeaway}"))
    found = tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]]
    return LinkedInPost(hook=hook, insights=bodies, takeaway=takeaway, hashtags=found)


def _quoted(material: Material) -> LinkedInPost:
    """A document's hook, its key sentences in two or three paragraphs, the last one of them with an invitation."""
    hook, position = quoting.hook(material, _at_most(30), _at_least(4), _at_least(LEAST_WORDS))
    closing = quoting.invitation(material, _at_most(30), used=hook)
    taken = counting.words(f"{hook} {closing}")
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    least = _at_least(LEAST_WORDS - taken)
    good = _at_least(GOOD_WORDS * (1.3 if counting.is_unspaced(material.title) else 1) - taken)
    found = quoting.chosen(quotes, _at_most(MOST_WORDS - 10 - taken), least, good)
    missing = LEAST_WORDS - counting.words(quoting.joined((hook, quoting.said(found))))
    if missing > counting.words(closing):
        closing = quoting.invitation(material, compose.always, _at_least(missing)) or closing
    texts = [quote.text for quote in found]
    count = len(texts) - (quoting.closing_sentences(found, 2) if len(texts) > MOST_INSIGHTS + 2 else 0)
    groups = quoting.grouped(texts[:count], MOST_INSIGHTS, counting.words)
    return LinkedInPost(
        hook=hook,
        insights=[quoting.joined(group) for group in groups],
        takeaway=quoting.joined((*texts[count:], closing)),
        hashtags=tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]],
    )


def _at_most(words: int) -> compose.Test:
    return lambda text: counting.words(text) <= words and len(text) <= MOST_CHARACTERS - 600


def _at_least(words: float) -> compose.Test:
    return lambda text: counting.words(text) >= words


def _short(text: str, words: int) -> str:
    """Plain words, at most `words` of them and 350 characters."""
    plain = without_cliches(text)
    cut = compose.shortened(plain, lambda part: counting.words(part) <= words and len(part) <= 350)
    return cut or compose.STOCK[-1]


def _paragraphs(material: Material, taken: int) -> list[str]:
    """Three insights with their share of the words that are left, `taken` being spent on the rest of the post."""
    order = compose.turned([compose.join(one.point, one.detail) for one in material.insights], material.seed // 3)
    least, most = (LEAST_WORDS + 5 - taken) / MOST_INSIGHTS, (MOST_WORDS - 5 - taken) // MOST_INSIGHTS

    def enough(text: str) -> bool:
        return counting.words(text) >= least

    def within(characters: int) -> compose.Test:
        return lambda text: counting.words(text) <= most and len(text) <= characters

    done: list[str] = []
    for insight in order[:MOST_INSIGHTS]:
        spare, stock = _unused(order[MOST_INSIGHTS:], done), _unused(compose.STOCK, done)
        text = compose.shortened(without_cliches(insight), within(500))
        done.append(compose.composed(compose.filled(text, spare, within(500), enough), (), within(690), enough, stock))
    return done


def _unused(texts: Sequence[str], paragraphs: list[str]) -> list[str]:
    return [text for text in map(without_cliches, texts) if not any(text in paragraph for paragraph in paragraphs)]


FORMAT = Format(
    name="linkedin_post",
    platform=PLATFORM,
    title="LinkedIn post",
    body=LinkedInPost,
    rules=(
        rules.not_blank("hook", "insights", "takeaway"),
        rules.items_between(_insights, "insights", LEAST_INSIGHTS, MOST_INSIGHTS),
        rules.words_between(_prose, LEAST_WORDS, MOST_WORDS),
        rules.characters_at_most(_text, MOST_CHARACTERS),
        _paragraph_break,
        _repurposed_calls_to_action,
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
        rules.no_cliches(_prose),
    ),
    parts=_parts,
    compose=_compose,
    max_output_tokens=500,
    characters=(200, 3000),
    signed="takeaway",
)
