"""Selects the ideas of a provider that are worth writing about: complete, in range, and new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pressroom.errors import IdeasExhausted
from pressroom.gates.similarity import Seen, fold, threshold
from pressroom.model import Idea, Violation

TITLE_CHARACTERS = (5, 200)
DESCRIPTION_CHARACTERS = (20, 1200)
_SHOWN = 80  # characters of a title quoted in a message
_WIDER = "Widen the workspace's topics, extend the topic bank, or shorten PRESSROOM_HISTORY_DAYS."


Rejected = tuple[Idea, tuple[Violation, ...]]


@dataclass(frozen=True)
class IdeaVerdict:
    """`accepted`: tidied, at most as many as wanted. `rejected`: each as it came, with every reason.

    `spare`: good ones beyond the number wanted.
    """

    accepted: tuple[Idea, ...]
    rejected: tuple[Rejected, ...]
    spare: tuple[Idea, ...] = ()


def gate_ideas(
    candidates: Sequence[Idea],
    *,
    wanted: int,
    topics: Sequence[str],
    accepted: Sequence[Idea],
    history: Sequence[Idea],
) -> IdeaVerdict:
    """Judges each candidate in order, against those accepted before it, in earlier rounds and in `history`.

    Accepted ones come back with surrounding space removed and the topic spelled as in `topics`.
    """
    spelling = {_key(topic): topic for topic in topics}
    past, present = Seen(history), Seen(accepted)
    good: list[Idea] = []
    rejected: list[Rejected] = []
    for candidate in candidates:
        idea = _tidied(candidate, spelling)
        violations = (*_incomplete(idea, spelling), *_repeated(idea, present, past))
        if violations:
            rejected.append((candidate, violations))
        else:
            good.append(idea)
            present.add(idea)
    most = max(0, wanted)
    return IdeaVerdict(tuple(good[:most]), tuple(rejected), tuple(good[most:]))


def nothing_left(rejected: Sequence[Rejected]) -> IdeasExhausted:
    """The error of a run for which no idea passed: how many came in all rounds, and what was wrong with most."""
    codes = Counter(violations[0].code for _, violations in rejected)
    if not codes:
        return IdeasExhausted("The providers sent no idea.", hint="Set a more capable model, or ask another provider.")
    code, times = codes.most_common(1)[0]
    example = next(violations[0].message for _, violations in rejected if violations[0].code == code)
    repeated = code.startswith("duplicate_")
    hint = _WIDER if repeated else "Set a more capable model, or ask another provider."
    return IdeasExhausted(f"Of {len(rejected)} ideas, none passed; {times} of them for this: {example}", hint=hint)


def _key(topic: str) -> str:
    return " ".join(fold(topic).split())


def _tidied(idea: Idea, spelling: Mapping[str, str]) -> Idea:
    return Idea(
        title=" ".join(idea.title.split()),
        description=idea.description.strip(),
        category=spelling.get(_key(idea.category), idea.category.strip()),
    )


def _incomplete(idea: Idea, spelling: Mapping[str, str]) -> Iterator[Violation]:
    yield from _length("title", idea.title, TITLE_CHARACTERS)
    yield from _length("description", idea.description, DESCRIPTION_CHARACTERS)
    if idea.title and not any(c.isalpha() for c in idea.title):
        yield Violation(
            code="title_wordless",
            message="The title holds no word to read.",
            where="title",
            measured=_short(idea.title),
        )
    if not idea.category:
        yield Violation(code="category_missing", message="The category is empty.", where="category")
    elif _key(idea.category) not in spelling:
        topics = ", ".join(spelling.values())
        yield Violation(
            code="category_unknown",
            message=f"{_short(idea.category)!r} is not one of the topics: {topics}.",
            where="category",
            measured=_short(idea.category),
            limit=topics,
        )


def _length(where: str, text: str, bounds: tuple[int, int]) -> Iterator[Violation]:
    least, most = bounds
    if not text:
        yield Violation(code=f"{where}_blank", message=f"The {where} is empty.", where=where, measured=0, limit=least)
    elif len(text) < least:
        message = f"The {where} has {len(text)} characters; at least {least} are needed."
        yield Violation(code=f"{where}_too_short", message=message, where=where, measured=len(text), limit=least)
    elif len(text) > most:
        message = f"The {where} has {len(text):,} characters; at most {most:,} are allowed."
        yield Violation(code=f"{where}_too_long", message=message, where=where, measured=len(text), limit=most)


def _repeated(idea: Idea, present: Seen, past: Seen) -> Iterator[Violation]:
    if not idea.title or len(idea.title) > TITLE_CHARACTERS[1] or len(idea.description) > DESCRIPTION_CHARACTERS[1]:
        return  # rejected anyway, and comparing a whole novel takes long
    for seen, code, whose in (
        (present, "duplicate_in_run", "of this run"),
        (past, "duplicate_of_history", "used lately"),
    ):
        nearest = seen.nearest(idea)
        if nearest and nearest[0] >= threshold():
            yield Violation(
                code=code,
                message=f"Nearly the same as an idea {whose}: {_short(nearest[1].title)!r}.",
                where="title",
                measured=round(nearest[0], 2),
                limit=threshold(),
            )
            return


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
