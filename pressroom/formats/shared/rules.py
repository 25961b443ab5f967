"""Rules that several formats share, as factories: `words_between(...)` gives a rule for a format's list.

Each takes a `measure of`: a function from the body to the text (or tags) it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from pressroom import counting
from pressroom.formats.shared.declare import B, Rule
from pressroom.formats.shared.limits import hashtag_range
from pressroom.model import Assignment, Violation

CLICHES = (
    "game-changer",
    "game changer",
    "revolutionize",
    "revolutionise",
    "cutting-edge",
    "unlock the power",
    "unleash",
    "in today's fast-paced world",
    "take it to the next level",
    "take your business to the next level",
    "synergy",
    "don't miss out",
    "act now",
    "limited time offer",
    "best-in-class",
    "world-class",
    "dive into",
    "buckle up",
)
"""Promotional phrases that no post needs; matched without regard to case."""


def out_of_range(code: str, what: str, where: str, value: float, least: float, most: float) -> Iterator[Violation]:
    """One violation when `value` is outside [least, most]: `<code>_too_few` or `<code>_too_many`."""
    if value < least:
        yield Violation(
            code=f"{code}_too_few",
            message=f"{value:g} {what}; at least {least:g} are needed.",
            where=where,
            measured=value,
            limit=least,
        )
    elif value > most:
        yield Violation(
            code=f"{code}_too_many",
            message=f"{value:g} {what}; at most {most:g} are allowed.",
            where=where,
            measured=value,
            limit=most,
        )


def words_between(text_of: Callable[[B], str], least: int, most: int, where: str = "text") -> Rule[B]:
    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        return out_of_range("words", "words", where, counting.words(text_of(body)), least, most)

    return rule


def characters_at_most(text_of: Callable[[B], str], most: int, where: str = "text") -> Rule[B]:
    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        return out_of_range("characters", "characters", where, len(text_of(body)), 0, most)

    return rule


def spoken_between(text_of: Callable[[B], str], least: float, most: float, where: str = "script") -> Rule[B]:
    """Seconds the text takes to say aloud at 150 words a minute."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        return out_of_range(
            "seconds", "seconds when spoken", where, round(counting.spoken_seconds(text_of(body)), 1), least, most
        )

    return rule


def not_blank(*fields: str) -> Rule[BaseModel]:
    """Each named field holds something to read."""

    def rule(body: BaseModel, assignment: Assignment) -> Iterator[Violation]:
        for name in fields:
            value = getattr(body, name)
            texts = value if isinstance(value, list) else [value]
            if not texts or not all(str(text).strip() for text in texts):
                yield Violation(code="blank", message=f"{name} is empty.", where=name, measured=0)

    return rule


def hashtags_in_range(tags_of: Callable[[B], Sequence[str]], platform: str, where: str = "hashtags") -> Rule[B]:
    """As many hashtags as the platform takes, each a single word, none twice."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        tags = tags_of(body)
        yield from out_of_range("hashtags", "hashtags", where, len(tags), *hashtag_range(platform))
        for tag in tags:
            if counting.hashtags(f"#{tag.lstrip('#')}") != [tag.lstrip("#")]:
                yield Violation(
                    code="hashtag_malformed",
                    message=f"{tag!r} is not one hashtag: letters, digits and _ only.",
                    where=where,
                    measured=tag,
                )
        if len({tag.lstrip("#").casefold() for tag in tags}) < len(tags):
            yield Violation(code="hashtag_repeated", message="A hashtag stands twice.", where=where)

    return rule


def no_cliches(text_of: Callable[[B], str], where: str = "text") -> Rule[B]:
    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        text = text_of(body).casefold().replace("’", "'")
        for phrase in CLICHES:
            if phrase in text:
                yield Violation(code="cliche", message=f"Promotional cliché: {phrase!r}.", where=where, measured=phrase)

    return rule
