"""The measure of alikeness, and that finding the nearest agrees with it."""

from __future__ import annotations

import pytest

from benchmarks.near_duplicates.__main__ import best_limit, figures, recall_at
from benchmarks.near_duplicates.pairs import chosen_by, headlines, held_out
from pressroom.gates.similarity import Seen, _read, fold, similarity, threshold
from pressroom.model import Idea
from tests.fixtures.measuring import core_seconds


def idea(title: str, description: str = "") -> Idea:
    return Idea(title=title, description=description, category="technology")


BASE = idea(
    "Why small language models win on the factory floor",
    "Plants swap large cloud models for compact ones that run beside the machine. Drawings never leave the building.",
)


def test_an_idea_is_wholly_like_itself() -> None:
    assert similarity(BASE, BASE) == 1.0


@pytest.mark.parametrize(
    "title",
    ["WHY SMALL LANGUAGE MODELS WIN ON THE FACTORY FLOOR!", "Why small language models win on the factory floor 🚀"],
)
def test_an_equal_title_is_a_duplicate_whatever_the_description(title: str) -> None:
    other = idea(title, "Something else entirely about gardens.")
    assert similarity(BASE, other) == 1.0
    assert Seen([BASE]).nearest(other) == (1.0, BASE)


def test_different_ideas_are_not_alike() -> None:
    other = idea("Wooden skyscrapers pass the fire test", "Thick timber chars slowly and keeps its strength.")
    assert similarity(BASE, other) < 0.3 < threshold()


@pytest.mark.parametrize(
    "text", ["🎉🎉🎉", "   ", "!!!", "שלום עולם", "数据中心余热为城市供暖", "สวัสดีชาวโลก", "한국어 제목입니다"]
)
def test_any_script_can_be_measured(text: str) -> None:
    strange = idea(text)
    assert similarity(strange, strange) == 1.0
    assert 0.0 <= similarity(strange, BASE) < threshold()
    assert Seen([BASE]).nearest(strange) is not None


def test_fold_removes_case_accents_width_and_invisible_marks() -> None:
    assert fold("Ｃａｆé\u200f STRASSE") == fold("cafe strasse")
    assert fold("한국어") == "한국어"


def test_nothing_seen_has_no_nearest() -> None:
    assert Seen().nearest(BASE) is None
    assert len(Seen()) == 0


def test_nearest_agrees_with_measuring_each() -> None:
    ideas = [one for pair in chosen_by()[::3] for one in (pair.a, pair.b)]
    known, asked = ideas[:80], ideas[80:120]
    seen = Seen(known)
    for one in asked:
        nearest = seen.nearest(one)
        assert nearest is not None
        assert nearest[0] == pytest.approx(max(similarity(one, other) for other in known))
        assert similarity(one, nearest[1]) == pytest.approx(nearest[0])


def test_an_idea_added_later_is_found() -> None:
    seen = Seen([idea("Wooden skyscrapers pass the fire test", "Thick timber chars slowly.")])
    seen.nearest(BASE)
    seen.add(BASE)
    assert seen.nearest(BASE) == (1.0, BASE)


def test_twice_the_history_takes_a_batch_no_more_than_twice_as_long() -> None:
    """How long is printed by `benchmarks.near_duplicates`: about two thirds of a second for 100 ideas against 3,000."""
    ideas = [one for pair in chosen_by() for one in (pair.a, pair.b)]
    varied = [
        idea(f"{ideas[at % len(ideas)].title} {at}", ideas[at * 7 % len(ideas)].description) for at in range(3100)
    ]

    def seconds(history: int) -> float:
        seen = Seen(varied[:history])
        return min(core_seconds(lambda: [seen.nearest(one) for one in varied[3000:]]) for _ in range(3))

    assert seconds(3000) < 3 * seconds(1500)


def test_the_threshold_holds_what_its_benchmark_promises() -> None:
    precision, recall, f1 = figures(chosen_by(), similarity, threshold())
    assert len(chosen_by()) >= 200
    assert (precision, recall, f1) > (0.95, 0.95, 0.95)
    assert figures(held_out(), similarity, threshold())[2] > 0.85


def test_numbers_directions_places_and_names_of_titles_count() -> None:
    same = similarity(idea("Ferry fire off Samar kills 23"), idea("Samar ferry blaze kills 23"))
    assert same >= threshold()
    for title, other in (
        ("Ferry fire off Samar kills 23", "Ferry fire off Samar kills 13"),
        ("Ferry fire off Samar kills 23", "Ferry fire off Leyte kills 23"),
        ("House prices in Dublin rise 9 percent", "House prices in Dublin fall 9 percent"),
        ("Toyota recalls 80,000 cars over brakes", "Tesla recalls 80,000 cars over brakes"),
        ("Jury finds the founder guilty", "Jury finds the founder not guilty"),
    ):
        assert similarity(idea(title), idea(other)) < threshold(), other


def test_capitals_at_every_word_hide_no_name_and_no_direction() -> None:
    base = idea("Ferry Fire Off Samar Kills Dozens Of Passengers")
    assert similarity(base, idea("Dozens Of Passengers Killed In Samar Ferry Blaze")) >= threshold()
    assert similarity(base, idea("Ferry Fire Off Leyte Kills Dozens Of Passengers")) < threshold()
    rising = idea("House Prices In Dublin Rise For Another Year")
    assert similarity(rising, idea("House Prices In Dublin Fall For Another Year")) < threshold()


def test_verbs_of_several_words_and_adjectives_of_places_are_known() -> None:
    for title, other in (
        ("Mayor of Porto resigns over housing scandal", "Housing scandal: Porto mayor steps down"),
        ("Denmark postpones reform of pensions", "Danish reform of pensions put off"),
        ("United Nations sends aid to Sudan", "UN sends relief to Sudan"),
    ):
        assert similarity(idea(title), idea(other)) >= threshold(), other


def test_to_end_a_ban_is_to_allow() -> None:
    base = idea("South Korea ends ban on dog meat farms")
    assert similarity(base, idea("South Korean dog meat farms allowed again")) >= threshold()
    assert similarity(base, idea("South Korea bans dog meat farms")) < threshold()


def test_a_number_in_one_of_two_titles_of_the_same_words_tells_them_apart() -> None:
    base = idea("Denmark scraps holiday to pay for defence")
    assert similarity(base, idea("Denmark scraps two holidays to pay for defence")) < threshold()


def test_an_apostrophe_splits_no_name() -> None:
    assert _read("O'Brien wins in D'Angelo's town", "").terms == _read("OBrien wins in DAngelo town", "").terms
    assert _read("L'eau de la ville", "").terms == _read("Eau de la ville", "").terms


def test_one_boilerplate_description_does_not_make_two_ideas_one() -> None:
    stock = "Read on for practical background, voices from the region and everything that matters this week."
    for title, other in (
        ("Bees return to the opera's roof", "Tram drivers learn sign language"),
        ("Ferry fire off Samar kills 23", "Ferry fire off Samar kills 13"),
        ("Ferry fire off Samar kills 23", "Samar ferry operators face new safety checks"),
    ):
        assert similarity(idea(title, stock), idea(other, stock)) < threshold(), other
    assert similarity(idea("Ferry fire off Samar kills 23", stock), idea("Samar ferry blaze kills 23", stock)) >= (
        threshold()
    )


def test_titles_alone_hold_what_their_benchmark_promises_at_the_threshold_of_the_gate() -> None:
    chosen, fresh = headlines("chosen"), headlines("held_out")
    assert len(chosen) + len(fresh) >= 600
    assert figures(fresh, similarity, threshold())[2] >= 0.85
    assert recall_at(fresh, similarity, 0.95) >= 0.7
    assert abs(best_limit(chosen, similarity) - threshold()) <= 0.02
