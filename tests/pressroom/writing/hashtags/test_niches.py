"""Niches are told by words: the user's own count more than the description's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom import platforms
from pressroom.platforms import tags
from pressroom.writing.hashtags import niches
from pressroom.writing.hashtags.banned import banned_on, table
from pressroom.writing.hashtags.lexicon import lexicon
from pressroom.writing.hashtags.shared.words import key

ENTRIES = lexicon().niches


def names(description: str, *words: str, most: int = 3) -> list[str]:
    return [niche.name for niche in niches(description, words, most=most)]


@pytest.mark.parametrize(
    ("description", "niche"),
    [
        ("A latte with a heart on a wooden table", "coffee"),
        ("Two puppies asleep in a basket", "dogs"),
        ("Ein Hund auf einer Wiese", "dogs"),
        ("Una receta de tomate", "cooking"),
        ("Une randonnée en montagne", "hiking"),
        ("UNE RANDONNEE EN MONTAGNE", "hiking"),
        ("A guinea pig eating salad", "pets"),
        ("Our shop window with local businesses' posters", "small_business"),
        ("Python code on a screen", "software"),
        ("An emerald ring on velvet", "jewellery_and_watches"),
        ("A running shoe", "running"),
        ("Monstera leaves", "houseplants"),
    ],
)
def test_what_a_picture_shows_tells_its_niche(description: str, niche: str) -> None:
    assert niche in names(description)


@pytest.mark.parametrize(
    ("description", "niche"),
    [
        ("Our marketing campaign", "hiking"),
        ("A hundred people in line", "dogs"),
        ("An engineer at a whiteboard", "cars"),
        ("A motherboard on a bench", "parenting"),
        ("A careful skier", "skincare"),
        ("A party", "art"),
        ("We investigate a rugged directory", "interior"),
    ],
)
def test_words_that_only_begin_alike_tell_nothing(description: str, niche: str) -> None:
    assert niche not in names(description, most=10)


def test_the_users_own_words_count_more_and_say_why() -> None:
    assert names("A coffee beside a book") == ["coffee", "books"]
    found = niches("A coffee beside a book", ["book"])
    assert [niche.name for niche in found] == ["books", "coffee"]
    assert (found[0].score, found[1].score) == (1.0, 0.5)
    assert found[0].because == ("book",)


def test_phrases_are_found_in_their_order_only() -> None:
    assert "artificial_intelligence" in names("Machine learning on a laptop")
    assert "artificial_intelligence" not in names("Learning about a machine", most=10)


@pytest.mark.parametrize(("words", "most"), [((), 3), (("",), 3), (("?!",), 3), (("coffee",), 0), (("coffee",), -1)])
def test_nothing_said_or_wanted_is_no_niche(words: tuple[str, ...], most: int) -> None:
    assert niches("", words, most=most) == ()


@given(st.text(), st.lists(st.text(), max_size=5), st.integers(0, 60))
def test_any_words_give_at_most_so_many_each_once(description: str, words: list[str], most: int) -> None:
    found = niches(description, words, most=most)
    assert len(found) <= most
    assert len({niche.name for niche in found}) == len(found)
    assert [niche.score for niche in found] == sorted((niche.score for niche in found), reverse=True)


def test_the_lexicon_is_large_and_dated() -> None:
    assert len(ENTRIES) >= 40
    assert lexicon().as_of.startswith("20")
    assert lexicon().source


@pytest.mark.parametrize("name", ENTRIES)
def test_every_niche_has_enough_well_formed_hashtags_in_three_bands(name: str) -> None:
    entry = ENTRIES[name]
    assert 20 <= len(entry.all_tags) <= 40
    assert min(len(entry.broad), len(entry.mid), len(entry.niche)) >= 4
    assert len(entry.keywords) >= 5
    assert [tag for tag in entry.all_tags if tags.as_tag(tag) != tag] == []
    keys = [key(tag) for tag in (*entry.broad, *entry.mid, *entry.niche)]
    assert [tag for tag in keys if keys.count(tag) > 1] == []


def test_every_keyword_tells_one_niche() -> None:
    keywords = [keyword for entry in ENTRIES.values() for keyword in entry.keywords]
    assert [keyword for keyword in sorted(set(keywords)) if keywords.count(keyword) > 1] == []


def test_no_hashtag_of_the_lexicon_is_restricted_anywhere() -> None:
    out = {tag for platform in platforms.names() for tag in banned_on(platform)}
    shipped = {*lexicon().general, *(tag for entry in ENTRIES.values() for tag in entry.all_tags)}
    assert [tag for tag in sorted(shipped) if key(tag) in out] == []


def test_general_hashtags_alone_reach_every_platforms_least_number() -> None:
    assert len({key(tag) for tag in lexicon().general}) >= 15
    assert all(tags.as_tag(tag) == tag for tag in lexicon().general)


def test_restricted_hashtags_are_dated_reasoned_and_well_formed() -> None:
    assert table()["as_of"].startswith("20")
    assert table()["source"]
    for group in table()["groups"]:
        assert group["why"]
        assert [tag for tag in group["tags"] if tags.as_tag(tag) != tag] == []


def test_some_restrictions_hold_on_one_platform_only() -> None:
    assert key("desk") in banned_on("instagram")
    assert key("desk") not in banned_on("linkedin")
    assert key("TagsForLikes") in banned_on("linkedin")
