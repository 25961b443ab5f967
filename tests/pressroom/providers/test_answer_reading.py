"""An answer is read as a value of the request's schema, or it is said what is wrong with it."""

from __future__ import annotations

import json

import pytest

from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.reading import ended, read
from pressroom.calls.requests import Text
from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish, Usage
from sandbox import ProviderServer, Reply
from tests.pressroom.providers.chain_desk import Note, account, request


def test_reading_names_what_is_wrong() -> None:
    with pytest.raises(BrokenAnswer, match=r"title: Field required"):
        read(Answer(text="{}"), Note)
    with pytest.raises(BrokenAnswer, match="the whole"):
        read(Answer(text=""), Note)
    with pytest.raises(BrokenAnswer, match="77 output tokens"):
        read(Answer(text="{", finish=Finish.LENGTH, usage=Usage(output_tokens=77)), Note)
    with pytest.raises(ContentRefused, match="I'd rather not"):
        read(Answer(text="I'd rather not", finish=Finish.REFUSAL), Note)
    with pytest.raises(ContentRefused, match="without a reason"):
        read(Answer(text="", finish=Finish.REFUSAL), Note)


CIRCLES = [
    '{"posts": [' + '"The benefits of AI",\n' * 40 + '"The ben',
    '{"takeaway": "' + "".join(f"{number}. It can improve the efficiency, " for number in range(1, 60)) + "60. It c",
    '{"posts": [' + " " * 300,
    '{"posts": [' + "\n\t" * 100,
    "ha" * 50,
]
NO_CIRCLES = [
    '{"hook": "We are the champions, we are the champions of',
    '{"posts": ["One", "Two", "Three", "Four',
    "",
    "a" * 20,
    '{"title": "'
    + " ".join(f"word{chr(97 + number % 26)}{number * 7919}x{chr(98 + number % 23)}" for number in range(80)),
]


def test_an_answer_that_goes_round_in_a_circle_is_not_given_more_room() -> None:
    """A small model says the same until its output ends; a list that goes on counting is the same, too."""
    for text in CIRCLES:
        answer = Answer(text=text, finish=Finish.LENGTH, usage=Usage(output_tokens=77))
        assert ended(answer) is Finish.STOP, text
        with pytest.raises(BrokenAnswer, match=r"broke off at 77 output tokens\. It repeats itself\. Try again"):
            read(answer, Note)
    for text in NO_CIRCLES:
        assert ended(Answer(text=text, finish=Finish.LENGTH)) is Finish.LENGTH, text
        assert ended(Answer(text=text)) is Finish.STOP


def test_a_circle_is_asked_for_again_with_the_same_room(server: ProviderServer, ledger: Ledger) -> None:
    server.enqueue(
        Reply(body=_completion(CIRCLES[0])), Reply(body=_completion(GOOD[:12])), Reply(body=_completion(GOOD, "stop"))
    )
    chain = chain_of([account("openai", server)], RetryPolicy(sleep=lambda _: None))
    assert chain.ask(Text(request()), Books(ledger)).body == Note(title="Migrate by day")
    assert [one.body["max_completion_tokens"] for one in server.history] == [100, 100, 200]


def _completion(text: str, reason: str = "length") -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    return {"model": "m", "choices": [{"index": 0, "message": message, "finish_reason": reason}]}


@pytest.mark.parametrize("title", ["NUL \x00 inside", "half an emoji \ud83d inside"])
def test_what_no_database_keeps_is_broken(title: str) -> None:
    with pytest.raises(BrokenAnswer):
        read(Answer(text=json.dumps({"title": title})), Note)


GOOD = '{"title": "Migrate by day"}'

AROUND = [
    f"```json\n{GOOD}\n```",
    f"```\n{GOOD}```",
    f"\ufeff{GOOD}",
    f"\n\n  {GOOD}  \n",
    f'<think>\nA note about {{days}} or {{"title": 3}}?\n</think>\n\n{GOOD}',
    f'I could say {{"title": "no"}}.\n</think>\n{GOOD}',
    f"[THINK]hm[/THINK]{GOOD}",
    f"<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>{GOOD}",
    f"Sure! Here it is:\n\n```json\n{GOOD}\n```\n\nLet me know {{if}} you want changes.",
    f"{GOOD}\n\n(20 characters)",
    f"{GOOD}\n{GOOD}",
    f"[{GOOD}]",
    '{"title": "Migrate by day",}',
    '```json\n{"title": "Migrate by day",\n}\n```',
    f'{{"plan": ["a", "b"]}}\n{GOOD}',
]


def test_the_one_object_is_taken_out_of_what_surrounds_it() -> None:
    for text in AROUND:
        assert read(Answer(text=text), Note) == Note(title="Migrate by day"), text


def test_what_is_inside_of_a_text_stays() -> None:
    inside = "A fence ```json {} ``` and </think> and a list [1,]\nin two lines"
    for text in (json.dumps({"title": inside}), "So: " + json.dumps({"title": inside})[:-1] + ",}"):
        assert read(Answer(text=text), Note) == Note(title=inside)
    assert read(Answer(text='{"title": "two\nlines"}'), Note) == Note(title="two\nlines")


def test_what_could_mean_two_things_is_broken() -> None:
    for text in (
        '{"title": "this"} or {"title": "that"}',
        '<think>I could say {"title": "no"}.</think> I would rather not.',
        '<think>I could say {"title": "no"}, or',
        'I could say {"title": "no"}.\n</think>\nSorry.',
        "title: Migrate by day",
        '{"title": "Migrate by day"',
        '{title: "Migrate by day"}',
        "{" * 100_000,
        '{"a":' * 100_000,
    ):
        with pytest.raises(BrokenAnswer):
            read(Answer(text=text), Note)
