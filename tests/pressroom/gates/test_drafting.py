"""A draft is asked for until it passes its rules; one that never does is kept with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from pressroom import formats
from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.errors import ChainExhausted
from pressroom.gates.grounding import Source
from pressroom.model import Assignment, Document, Idea, Preferences, Section, State
from pressroom.store import contents
from pressroom.store.tables import ProviderCall
from pressroom.writing.drafting import Written, write
from sandbox import Fault, ProviderServer

ASSIGNMENT = Assignment(
    idea=Idea(
        title="Ask the night shift first", description="A replacement starts with people.", category="technology"
    ),
    format="x_thread",
)
FORM = formats.get("x_thread")


@pytest.fixture
def written(server: ProviderServer, ledger: Ledger) -> Callable[..., Written]:
    """`written(feedback_rounds=1)`: the draft as it comes out when the provider server is asked."""
    account = Account(
        name="openai", provider="openai", api_key=SecretStr("k"), base_url=server.openai_url, model="gpt-4.1-mini"
    )
    chain = chain_of([account], RetryPolicy(sleep=lambda _: None))

    def start(wishes: Preferences | None = None, **changes: Any) -> Written:
        assignment = ASSIGNMENT.model_copy(update={"preferences": wishes}) if wishes else ASSIGNMENT
        books = Books(ledger, task="x", variant=changes.pop("variant", 0))
        return write(assignment, chain, books, **{"feedback_rounds": 3, "temperature": 0.7, **changes})

    return start


def good() -> BaseModel:
    path = files("pressroom.formats") / "examples" / "x_thread.json"
    return FORM.body.model_validate_json(path.read_text("utf-8"))


def bad(number: int = 0) -> dict[str, Any]:
    """A thread whose first post is too long, worded otherwise for each number."""
    posts = good().model_dump()["posts"]
    return {**good().model_dump(), "posts": [f"Draft {number}. " + "Far too long. " * 30, *posts[1:]]}


def test_the_example_passes_and_the_bad_one_does_not() -> None:
    assert FORM.check(good(), ASSIGNMENT) == ()
    assert FORM.check(FORM.body.model_validate(bad()), ASSIGNMENT)


def test_a_draft_that_passes_is_asked_for_once(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(good())
    draft = written()
    assert (draft.body, draft.violations, draft.state) == (good(), (), State.GENERATED)
    assert (draft.asked, len(draft.call_ids), server.counts["total"]) == (1, 1, 1)
    assert (draft.provider, draft.model) == ("openai", "gpt-4.1-mini")
    assert "x_thread:" in draft.prompt_hash and "feedback" not in draft.prompt_hash
    assert draft.parts("x_thread") == FORM.parts(good())


def test_what_is_wrong_goes_back_to_the_writer(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(bad(), good())
    draft = written()
    assert (draft.violations, draft.state, draft.asked) == ((), State.GENERATED, 2)
    assert len(set(draft.call_ids)) == server.counts["total"] == 2
    first, second = (record.body["messages"][-1]["content"] for record in server.history)
    for violation in FORM.check(FORM.body.model_validate(bad()), ASSIGNMENT):
        assert f"{violation.where}: {violation.message}" in second
        assert violation.message not in first
    assert "Draft 0. Far too long." in second
    assert "feedback:" in draft.prompt_hash


def test_one_that_never_passes_is_kept_with_its_reasons(
    server: ProviderServer, ledger: Ledger, written: Callable[..., Written]
) -> None:
    server.enqueue(*map(bad, range(5)))
    draft = written()
    assert (draft.asked, server.counts["total"], server.waiting) == (4, 4, 1)
    assert draft.state is State.QUARANTINED
    assert draft.body == FORM.body.model_validate(bad(3))
    assert draft.violations == FORM.check(draft.body, ASSIGNMENT) != ()
    calls = [contents.one_of(ledger.database, ProviderCall, call_id) for call_id in draft.call_ids]
    assert len(set(draft.call_ids)) == len(calls) == 4
    assert [f"Draft {n}." in call.answer["text"] for n, call in enumerate(calls)] == [True] * 4


def test_without_rounds_it_is_asked_for_once(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(bad(), good())
    assert written(feedback_rounds=0).state is State.QUARANTINED
    assert server.counts["total"] == 1


def test_a_repeat_goes_the_same_way_for_nothing(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(bad(), Fault.TRUNCATED, bad(1), good())
    first = written()
    assert len(first.call_ids) == 4
    assert written() == first
    assert server.counts["total"] == 4


def test_another_variant_is_written_anew(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(good(), bad(), good())
    assert written().asked == 1
    assert written(variant=1).asked == 2
    assert server.counts["total"] == 3


def test_broken_answers_belong_to_its_calls(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(Fault.PROSE, Fault.SERVER_ERROR, good())
    draft = written()
    assert (draft.asked, len(draft.call_ids)) == (1, 2)


def test_without_any_answer_there_is_no_draft(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.fail(Fault.BAD_KEY)
    with pytest.raises(ChainExhausted):
        written()


def test_the_same_mistake_again_is_asked_for_again(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(bad(), bad(), bad(), bad())
    draft = written()
    assert (draft.asked, len(set(draft.call_ids)), server.counts["total"]) == (4, 4, 4)


def test_a_draft_is_kept_when_the_provider_fails_while_it_is_mended(
    server: ProviderServer, written: Callable[..., Written]
) -> None:
    server.enqueue(bad(), *[Fault.SERVER_ERROR] * 3)
    draft = written()
    assert (draft.state, draft.asked, len(draft.call_ids)) == (State.QUARANTINED, 1, 1)
    assert draft.body == FORM.body.model_validate(bad())


def source_of(*words: str) -> Source:
    """A document that says all the example does, and `words`."""
    text = "\n\n".join([*(part.text for part in FORM.parts(good())), *words])
    return Source.of(Document(source="text", kind="text", title="A thread", sections=(Section(text=text),)))


def claiming() -> dict[str, Any]:
    """The example with a figure in it that no document has, within the rules of its format."""
    first, *posts = good().model_dump()["posts"]
    return {**good().model_dump(), "posts": [f"{first} It saved 73 %.", *posts]}


def test_what_the_source_does_not_say_goes_back_to_the_writer(
    server: ProviderServer, written: Callable[..., Written]
) -> None:
    server.enqueue(claiming(), good())
    draft = written(source=source_of())
    assert (draft.body, draft.violations, draft.state, draft.asked) == (good(), (), State.GENERATED, 2)
    first, second = (record.body["messages"][-1]["content"] for record in server.history)
    assert "The document doesn't say “73 %”" in second and "73 %" not in first


def test_what_stays_ungrounded_makes_a_draft_quarantined(
    server: ProviderServer, written: Callable[..., Written]
) -> None:
    server.enqueue(claiming(), claiming())
    draft = written(source=source_of(), feedback_rounds=1)
    assert draft.state is State.QUARANTINED
    assert [(one.code, one.measured) for one in draft.violations] == [("number_not_in_source", "73 %")]


def test_without_a_source_nothing_needs_one(server: ProviderServer, written: Callable[..., Written]) -> None:
    server.enqueue(claiming(), claiming())
    assert written().violations == ()
    assert written(source=source_of("It saved 73 percent.")).violations == ()


def test_the_workspaces_own_words_need_no_source(server: ProviderServer, written: Callable[..., Written]) -> None:
    body = {**good().model_dump(), "hashtags": ["zentrixday"]} if "hashtags" in good().model_dump() else None
    first, *posts = good().model_dump()["posts"]
    body = body or {**good().model_dump(), "posts": [f"{first} #zentrixday", *posts]}
    server.enqueue(body, body)
    assert "name_not_in_source" in {one.code for one in written(source=source_of(), feedback_rounds=0).violations}
    wishes = Preferences(hashtags=("zentrixday",))
    draft = written(wishes=wishes, source=source_of(), feedback_rounds=0)
    assert "name_not_in_source" not in {one.code for one in draft.violations}
