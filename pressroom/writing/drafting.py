"""Writing one draft: ask, parse, check by the format's rules, and ask again with what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import BaseModel

from pressroom import formats
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, Completion
from pressroom.calls.requests import Text
from pressroom.errors import ChainExhausted
from pressroom.gates.grounding import Source, ungrounded
from pressroom.model import Assignment, Part, Preferences, State, TextRequest, Violation
from pressroom.writing.requests import draft_request
from pressroom.writing.second_reading import read_again


@dataclass(frozen=True)
class TurnedDown:
    """A draft that a reviewer wants replaced, and what should be different about the next."""

    body: BaseModel
    note: str


@dataclass(frozen=True)
class Written:
    """A draft as it came out of its last round. `asked`: the number of rounds."""

    body: BaseModel
    violations: tuple[Violation, ...]
    provider: str
    model: str
    prompt_hash: str
    call_ids: tuple[str, ...]
    asked: int

    @property
    def state(self) -> State:
        return State.QUARANTINED if self.violations else State.GENERATED

    def parts(self, form: str) -> tuple[Part, ...]:
        return formats.get(form).parts(self.body)


def write(
    assignment: Assignment,
    chain: Chain,
    books: Books,
    *,
    feedback_rounds: int,
    temperature: float,
    turned_down: TurnedDown | None = None,
    source: Source | None = None,
    second_reading: bool = False,
) -> Written:
    """A draft that passes its format's rules, or the last of the rounds with what is still wrong with it.

    With a `source`, whatever the draft says and the source doesn't is wrong with it too.
    All rounds share one deadline: that of `chain.deadline()`.

    feedback_rounds: how many times a draft that breaks its rules is asked for again.
    turned_down: an earlier draft that a reviewer wants replaced.
    second_reading: a draft that passes is read by a model against its document, see `second_reading`.

    Raises:
        ChainExhausted: the first round got no usable answer from any provider.
    """
    written: Written | None = None
    books = books.until(chain.deadline())
    for asked in range(1, feedback_rounds + 2):
        earlier = written or turned_down
        request = draft_request(
            assignment,
            previous=earlier.body if earlier else None,
            violations=written.violations if written else (),
            temperature=temperature,
            variant=books.variant,
            round=asked,
            note=turned_down.note if turned_down else None,
        )
        try:
            completion = chain.ask(Text(request), books)
        except ChainExhausted:
            if written is None:
                raise
            return written  # what was paid for is kept, with what is wrong with it
        written = _read(assignment, request, completion, written, source)
        if second_reading and source is not None and not written.violations:
            written = _read_again(written, assignment, source, chain, books)
        if not written.violations:
            break
    assert written is not None
    return written


def _read(
    assignment: Assignment, request: TextRequest, completion: Completion, earlier: Written | None, source: Source | None
) -> Written:
    return Written(
        body=completion.body,
        violations=violations(assignment, completion.body, source),
        provider=completion.account,
        model=completion.model,
        prompt_hash=request.prompt_hash,
        call_ids=(*(earlier.call_ids if earlier else ()), *completion.call_ids),
        asked=request.round,
    )


def _read_again(written: Written, assignment: Assignment, source: Source, chain: Chain, books: Books) -> Written:
    """The draft with what a model finds unsupported in it, where a document was given."""
    if assignment.document is None:
        return written
    found = read_again(written.parts(assignment.format), assignment.document, source, chain, books)
    return replace(written, violations=found.violations, call_ids=(*written.call_ids, *found.call_ids))


def violations(assignment: Assignment, body: BaseModel, source: Source | None) -> tuple[Violation, ...]:
    form = formats.get(assignment.format)
    broken = form.check(body, assignment)
    if source is None:
        return broken
    wishes = assignment.preferences
    found = ungrounded(form.parts(body), source, allowed=_own_words(wishes), language=wishes.language)
    return broken + found


def _own_words(preferences: Preferences) -> tuple[str, ...]:
    """The workspace's own words, which the document need not contain."""
    voice = preferences.voice
    signed = (voice.sign_off,) if voice is not None else ()
    return (*preferences.hashtags, *preferences.keywords, *preferences.topics, preferences.audience, *signed)
