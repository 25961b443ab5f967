"""A choice is within the platform's range or says why not; nothing banned, malformed or double is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.platforms import hashtag_range, tags
from pressroom.writing.hashtags import Candidate, choose
from pressroom.writing.hashtags.banned import banned_on
from pressroom.writing.hashtags.shared.words import key

PLATFORMS = platforms.names()
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Coffee", "coffees", "#café", "cafe", "latte art", "f4f", "Tags4Likes", "日本", "が", "か", "a_b"]
    ),
    st.from_regex(r"[a-z]{3,8}", fullmatch=True),
)
CANDIDATES = st.builds(
    Candidate,
    tag=WORDS,
    weight=st.floats(0, 1),
    source=st.sampled_from(["model", "history", "lexicon", "somewhere"]),
    band=st.sampled_from(["broad", "mid", "niche", None]),
    last_resort=st.booleans(),
)


def many(count: int, **values: object) -> list[Candidate]:
    return [Candidate(tag=f"tag{chr(97 + n // 26)}{chr(97 + n % 26)}x", source="model", **values) for n in range(count)]


def one(tag: str, weight: float = 0.5, source: str = "model", **values: object) -> Candidate:
    return Candidate(tag=tag, weight=weight, source=source, **values)


@given(
    st.sampled_from(PLATFORMS), st.lists(CANDIDATES, max_size=80), st.lists(WORDS, max_size=40), st.lists(WORDS), WORDS
)
def test_any_choice_is_in_range_or_says_why(
    platform: str, candidates: list[Candidate], wanted: list[str], banned: list[str], about: str
) -> None:
    chosen = choose(platform, candidates, wanted=wanted, banned=banned, about=about)
    least, most = hashtag_range(platform)
    keys = [key(tag) for tag in chosen.tags]
    assert len(chosen.tags) <= most
    if len(chosen.tags) < least:
        assert any(f"takes at least {least}" in note for note in chosen.notes)
    assert len(set(keys)) == len(keys)
    assert all(tags.is_tag(tag) and len(tag) <= tags.LONGEST_TAG for tag in chosen.tags)
    out = {*banned_on(platform), *(key(tags.as_tag(tag)) for tag in banned if tags.as_tag(tag))}
    assert not out & set(keys)
    assert set(chosen.from_sources) == set(chosen.tags)
    own = [key(tag) for tag in tags.usable(wanted) if key(tag) not in out]
    assert keys[: len(dict.fromkeys(own))] == list(dict.fromkeys(own))[:most]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_enough_good_candidates_fill_the_range(platform: str) -> None:
    assert len(choose(platform, many(100, weight=1.0)).tags) == hashtag_range(platform)[1]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_poor_ones_are_taken_only_up_to_the_least_number(platform: str) -> None:
    assert len(choose(platform, many(100, weight=0.01)).tags) == hashtag_range(platform)[0]


def test_too_few_are_said() -> None:
    chosen = choose("instagram", [one("coffee")])
    assert chosen.tags == ("coffee",)
    assert chosen.notes == ("1 hashtags; a post on instagram takes at least 3, and no more were found.",)


def test_sources_that_agree_outweigh_a_single_one() -> None:
    chosen = choose("x", [one("alone", 0.7), one("agreed", 0.6), one("Agreed", 0.6, "web"), one("third", 0.5)])
    assert chosen.tags == ("agreed", "alone")
    assert chosen.from_sources["agreed"] == ("model", "web")


def test_a_source_is_believed_as_the_ranking_says() -> None:
    same = [one(name, 1.0, name, band="mid") for name in ("web", "lexicon", "history", "model")]
    assert choose("linkedin", same).tags == ("model", "history", "web", "lexicon")


def test_what_was_said_about_the_picture_comes_first() -> None:
    candidates = [one("espresso", 0.5), one("latteart", 0.45), one("foam", 0.4)]
    assert choose("linkedin", candidates).tags[0] == "espresso"
    assert choose("linkedin", candidates, about="Latte art, in the foam").tags == ("latteart", "foam", "espresso")


def test_bands_are_mixed() -> None:
    broad = [one(f"broad{letter}y", 1.0, band="broad") for letter in "abcdefghijklmnop"]
    niche = [one(f"niche{letter}y", 0.8, band="niche") for letter in "abcdefghijklmnop"]
    chosen = choose("tiktok", broad + niche).tags
    assert [tag[:5] for tag in chosen].count("niche") >= 2
    assert chosen[0] == "broaday"


def test_the_callers_own_come_first_whatever_they_are_and_are_counted() -> None:
    chosen = choose("linkedin", many(10, weight=1.0), wanted=["#Our Brand", "our-brand", "Second"])
    assert chosen.tags[:2] == ("OurBrand", "Second")
    assert chosen.from_sources["OurBrand"] == ("caller",)
    assert len(chosen.tags) == 5


def test_one_of_the_callers_own_is_not_taken_again() -> None:
    assert choose("linkedin", [one("Coffees", 1.0), one("crema", 0.9)], wanted=["coffee"]).tags == ("coffee", "crema")


def test_those_of_the_caller_that_cannot_be_used_are_named() -> None:
    chosen = choose("x", [], wanted=["!!!", "TagsForLikes", "one", "two", "three", "mine"], banned=["#Mine"])
    assert chosen.tags == ("one", "two")
    assert chosen.notes == (
        "'!!!' can't be a hashtag and was left out.",
        "#TagsForLikes was left out: it asks for follows or likes in exchange, which platforms treat as spam.",
        "#mine was left out: it is banned by the caller.",
        "A post on x takes 2 hashtags at most; left out: #three.",
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Recipe", "recipes", True),
        ("café", "CAFE", True),
        ("cookie", "cookies", True),
        ("bakery", "bakeries", True),
        ("beach", "beaches", True),
        ("size", "sizes", True),
        ("straße", "STRASSE", True),
        ("data_mesh", "datamesh", True),
        ("dress", "dre", False),
        ("か", "が", False),
        ("fitness", "fitnes", False),
        ("bus", "bu", False),
    ],
)
def test_case_plural_and_diacritics_make_no_other_hashtag(first: str, second: str, same: bool) -> None:
    assert len(choose("linkedin", [one(first), one(second)]).tags) == (1 if same else 2)


def test_the_weightiest_proposal_says_how_it_is_written() -> None:
    assert choose("linkedin", [one("latteart", 0.2), one("LatteArt", 0.9)]).tags == ("LatteArt",)


def test_a_banned_plural_is_banned_too() -> None:
    assert choose("linkedin", [one("Competitors")], banned=["competitor"]).tags == ()


def test_general_ones_are_the_last_resort_and_named() -> None:
    candidates = [one("photo", 1.0, last_resort=True), one("poor", 0.01)]
    assert choose("x", candidates).tags == ("poor",)
    chosen = choose("x", candidates[:1])
    assert chosen.tags == ("photo",)
    assert "1 of 1 hashtags are general ones" in chosen.notes[0]


def test_an_unknown_platform_is_refused_with_the_choice() -> None:
    with pytest.raises(WrongInput, match="no platform called 'myspace'") as raised:
        choose("myspace", [])
    assert "instagram" in raised.value.hint
