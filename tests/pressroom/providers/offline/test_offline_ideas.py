"""Ideas without a model: as many as asked for, the same for the same request, and no two alike."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from pressroom.errors import CannotCompose, WrongInput
from pressroom.gates.similarity import Seen, threshold
from pressroom.model import Finish, Idea, Preferences, Usage
from tests.fixtures.measuring import assert_takes_less_than
from tests.pressroom.providers.offline.offline_desk import DAY, ask_ideas, both, closest, ideas_for

TOPICS = Preferences().topics


def test_the_same_request_has_the_same_answer() -> None:
    first = ask_ideas(5, focus="energy", exclude=["Database backups for sceptics"])
    assert first == ask_ideas(5, focus="energy", exclude=["Database backups for sceptics"])
    assert (first.usage, first.model, first.request_id, first.finish) == (Usage(), "offline-1", "", Finish.STOP)


def test_another_day_has_other_ideas() -> None:
    today = {idea.title for idea in ideas_for(5)}
    assert not today & {idea.title for idea in ideas_for(5, DAY + timedelta(days=1))}


@pytest.mark.parametrize("count", [0, 1, 3, 5, 100])
def test_exactly_as_many_as_asked_for(count: int) -> None:
    ideas = ideas_for(count)
    assert len(ideas) == len({idea.title.casefold() for idea in ideas}) == count
    assert all(10 <= len(idea.title) <= 90 and 40 <= len(idea.description) <= 500 for idea in ideas)


def test_ideas_spread_over_the_topics() -> None:
    counted = Counter(idea.category for idea in ideas_for(100))
    assert set(counted) == set(TOPICS)
    assert max(counted.values()) - min(counted.values()) <= 1


@pytest.mark.parametrize("count", [100, 1000])
def test_no_two_of_a_batch_are_alike(count: int) -> None:
    ideas = ideas_for(count)
    assert len(ideas) == len({idea.title.casefold() for idea in ideas}) == count
    assert closest(idea.title for idea in ideas) <= 0.5
    assert closest(both(ideas)) <= 0.4


def test_thirty_days_never_come_back_to_a_subject() -> None:
    month: list[Idea] = []
    for day in range(30):
        month += ideas_for(5, DAY + timedelta(days=day), exclude=[idea.title for idea in month])
    assert len(month) == 150
    assert closest(idea.title for idea in month) <= 0.5
    assert closest(both(month)) <= 0.4


def test_thirty_days_pass_the_gate_without_knowing_of_each_other() -> None:
    seen = Seen()
    for day in range(30):
        for idea in ideas_for(5, DAY + timedelta(days=day)):
            nearest = seen.nearest(idea)
            assert nearest is None or nearest[0] < threshold(), (idea.title, nearest)
            seen.add(idea)


def test_excluded_titles_are_left_alone() -> None:
    first = ideas_for(20)
    second = ideas_for(20, exclude=[idea.title for idea in first])
    assert closest([idea.title for idea in first] + [idea.title for idea in second]) <= 0.5
    seen = Seen(first)
    assert all((found := seen.nearest(idea)) and found[0] < threshold() for idea in second)


@pytest.mark.parametrize("topics", [("urban gardening",), ("gardening",), ("B2B sales", "technology"), ("園芸",)])
def test_topics_the_bank_does_not_know(topics: tuple[str, ...]) -> None:
    ideas = ideas_for(60, preferences=Preferences(topics=topics, keywords=("compost",)))
    assert len(ideas) == 60 and {idea.category for idea in ideas} == set(topics)
    assert closest(idea.title for idea in ideas) <= 0.5
    named = [idea for idea in ideas if any(word in idea.title for word in (*topics, "compost"))]
    assert len(named) >= 30


def test_even_one_unknown_topic_has_a_thousand_ideas() -> None:
    ideas = ideas_for(1000, preferences=Preferences(topics=("gardening",)))
    assert len({idea.title.casefold() for idea in ideas}) == 1000


def test_most_ideas_follow_the_focus() -> None:
    ideas = ideas_for(12, focus="AI agents in customer support")
    assert 6 <= sum("AI agents" in idea.title for idea in ideas) < 12


def test_a_focus_of_a_whole_sentence_becomes_its_key_term() -> None:
    ideas = ideas_for(6, focus="Please write about how small clinics can send text reminders to patients this winter!")
    assert any("small clinics" in idea.title for idea in ideas)


def test_ideas_are_quick() -> None:
    ideas_for(1)
    assert_takes_less_than(0.1, lambda: ideas_for(5))


def test_other_languages_are_for_a_model() -> None:
    with pytest.raises(CannotCompose, match="PRESSROOM_TEXT_CHAIN"):
        ask_ideas(3, preferences=Preferences(language="de"))
    assert ideas_for(1, preferences=Preferences(language="en-GB"))


def test_inputs_that_make_no_sense_are_named() -> None:
    with pytest.raises(WrongInput, match="count"):
        ask_ideas(-1)
