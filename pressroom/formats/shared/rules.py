"""Rules that several formats share, as factories: `words_between(...)` gives a rule for a format's list.

Each takes a `measure of`: a function from the body to the text (or tags) it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from pressroom.formats.shared import language
from pressroom.formats.shared.declare import B, Rule
from pressroom.model import Assignment, Violation
from pressroom.platforms import counting, get, tags


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


def items_between(items_of: Callable[[B], Sequence[object]], name: str, least: int, most: float) -> Rule[B]:
    """`name`: the field and the word for its items, e.g. `insights`."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        return out_of_range(name, name, name, len(items_of(body)), least, most)

    return rule


def characters_at_most(
    text_of: Callable[[B], str], most: int, where: str = "text", count: Callable[[str], float] = len
) -> Rule[B]:
    """count: of a text, as the platform counts."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        return out_of_range("characters", "characters", where, count(text_of(body)), 0, most)

    return rule


def spoken_between(text_of: Callable[[B], str], least: float, most: float, where: str = "script") -> Rule[B]:
    """Seconds the text takes to say aloud at 150 words a minute."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        seconds = round(counting.spoken_seconds(text_of(body)), 1)
        return out_of_range("seconds", "seconds when spoken", where, seconds, least, most)

    return rule


def not_blank(*fields: str) -> Rule[BaseModel]:
    """Each named field holds something to read; so does every item of a list."""

    def rule(body: BaseModel, assignment: Assignment) -> Iterator[Violation]:
        for name in fields:
            value = getattr(body, name)
            texts = value if isinstance(value, list) else [value]
            if not texts or not all(str(text).strip() for text in texts):
                yield Violation(code="blank", message=f"{name} is empty.", where=name, measured=0, limit=1)

    return rule


def hashtags_in_range(tags_of: Callable[[B], Sequence[str]], platform: str, where: str = "hashtags") -> Rule[B]:
    """As many hashtags as the platform takes, each a single word, none twice."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        found = [tag.removeprefix("#") for tag in tags_of(body)]
        yield from out_of_range("hashtags", "hashtags", where, len(found), *_hashtag_range(platform, assignment))
        yield from _malformed(found, where)
        yield from repeated(found, "hashtag_repeated", where)

    return rule


def _hashtag_range(platform: str, assignment: Assignment) -> tuple[int, int]:
    """The platform's usual range; a caller who asks for more gets them, up to what the platform takes at all."""
    tagging = get(platform).hashtags
    own = len(tags.usable(assignment.preferences.hashtags))
    return tagging.least, tagging.most_for(own)


def _malformed(found: Sequence[str], where: str) -> Iterator[Violation]:
    for tag in found:
        if not tags.is_tag(tag):
            yield Violation(
                code="hashtag_malformed",
                message=f"{tag!r} is not one hashtag: letters, digits and _ only, at least one letter.",
                where=where,
                measured=tag,
                limit="one word",
            )


def repeated(items: Sequence[str], code: str, where: str) -> Iterator[Violation]:
    """One violation for each of `items` that stands more than once, whatever its case."""
    folded = [item.strip().casefold() for item in items]
    for item in dict.fromkeys(folded):
        if (times := folded.count(item)) > 1:
            yield Violation(code=code, message=f"{item!r} stands {times} times.", where=where, measured=times, limit=1)


def caller_hashtags_used(tags_of: Callable[[B], Sequence[str]], platform: str, where: str = "hashtags") -> Rule[B]:
    """The hashtags the caller asked for are used: all of them, or as many as the platform takes."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        wanted = tags.usable(assignment.preferences.hashtags)
        used = {tags.as_tag(tag).casefold() for tag in tags_of(body)}
        missing = [tag for tag in wanted if tag.casefold() not in used]
        needed, found = min(len(wanted), _hashtag_range(platform, assignment)[1]), len(wanted) - len(missing)
        if found < needed:
            yield Violation(
                code="caller_hashtags_missing",
                message=f"{found} of the hashtags asked for are used, {needed} should be: {tags.written(missing)}.",
                where=where,
                measured=found,
                limit=needed,
            )

    return rule


def no_cliches(text_of: Callable[[B], str], where: str = "text") -> Rule[B]:
    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        for phrase in language.cliches(text_of(body)):
            yield Violation(
                code="cliche", message=f"Promotional cliché: {phrase!r}.", where=where, measured=phrase, limit="none"
            )

    return rule


def invites(text_of: Callable[[B], str], where: str) -> Rule[B]:
    """The text asks the reader a question or calls for an action."""

    def rule(body: B, assignment: Assignment) -> Iterator[Violation]:
        if not language.invites(text_of(body), assignment.preferences.language):
            yield Violation(
                code="invitation_missing",
                message=f"{where} neither asks a question nor calls for an action; end it with one of them.",
                where=where,
                measured=0,
                limit=1,
            )

    return rule
