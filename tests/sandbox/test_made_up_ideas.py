"""Ideas made up by number: as many as a bulk run asks for, and none that the idea gate takes for another."""

from __future__ import annotations

import pytest

from pressroom.gates.idea_gate import gate_ideas
from pressroom.model import Idea, Preferences
from pressroom.writing.requests import EXCLUDED_TITLES
from sandbox import ProviderServer, made_up
from tests.sandbox.asking import by_chat, ideas, quick_openai

TOPICS = ("gardening", "trains")


def made(count: int, exclude: tuple[str, ...] = (), asked_before: int = 0) -> list[Idea]:
    data = {"count": count, "preferences": {"topics": TOPICS}, "exclude": exclude}
    return made_up.made_up(data, asked_before).ideas


def test_a_thousand_asked_for_in_batches_all_pass_the_gate() -> None:
    said: list[Idea] = []
    for _ in range(10):
        said += made(100, tuple(idea.title for idea in said)[-EXCLUDED_TITLES:])
    verdict = gate_ideas(said, wanted=1000, topics=TOPICS, accepted=(), history=())
    assert verdict.rejected == ()
    assert len(verdict.accepted) == 1000
    assert {idea.category for idea in verdict.accepted} == set(TOPICS)


def test_every_word_is_there_once_so_that_two_ideas_share_two_at_most() -> None:
    lists = [words.split() for words in made_up.WORDS.values()]
    assert [len(words) for words in lists] == [made_up.PRIME] * len(lists)
    assert len({word for words in lists for word in words}) == made_up.PRIME * len(lists)
    chosen = [set(made_up._words(number).values()) for number in range(0, made_up.MOST, 61)]
    assert max(len(one & other) for at, one in enumerate(chosen) for other in chosen[:at]) == 2


def test_the_same_request_gets_the_same_ideas_and_asked_again_those_after_them() -> None:
    assert made(5) == made(5)
    assert made(5, asked_before=1) == made(10)[5:]


def test_titles_of_others_exclude_nothing() -> None:
    assert made(3, ("Something else",)) == made(3)


def test_the_numbers_end() -> None:
    last = made_up.idea(made_up.MOST - 2, TOPICS)
    assert [idea.title for idea in made(5, (last.title,))] == [made_up.idea(made_up.MOST - 1, TOPICS).title]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_server_makes_ideas_up_when_told_to(wanted: bool) -> None:
    with ProviderServer(made_up_ideas=wanted) as server, quick_openai(server) as client:
        server.reset()
        said = by_chat(client, ideas(4)).choices[0].message.parsed.ideas
    numbered = [made_up.idea(number, Preferences().topics) for number in range(4)]
    assert (said == numbered) is wanted
