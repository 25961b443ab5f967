"""What a brand voice asks of a draft of any format."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats
from pressroom.formats.shared.voice import banned_in, is_signed
from pressroom.model import Preferences, Voice

SIGNED = [name for name in formats.names() if formats.get(name).signed]


def voiced(**fields: Any) -> dict[str, Any]:
    return {"preferences": Preferences(voice=Voice(name="house", **fields))}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Pure Synergy!", "synergy"),
        ("A best-in-class tool", "Best-In-Class"),
        ("the data\nlake is dry", "data lake"),
        ("Read on #DataLake today", "data lake"),
        ("we don’t say it", "don't"),
        ("Das ist GROSSARTIG", "großartig"),
        ("ＳＹＮＥＲＧＹ", "synergy"),
        ("このsynergyは", "synergy"),
        ("最高の革新的な製品", "革新"),
        ("ที่ดีที่สุดในโลก", "ที่สุด"),
        ("C++ it is", "C++"),
        ("50% off now", "50% off"),
    ],
)
def test_banned_phrases_are_found(text: str, phrase: str) -> None:
    assert banned_in(text, [phrase, "something else"]) == [phrase]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Synergyfest and ansynergy", "synergy"),
        ("data, lake", "data lake"),
        ("a datalake", "data lake"),
        ("#datalakehouse", "data lake"),
        ("प्रणालीबद्ध", "प्रणाली"),
        ("snake_case", "snake"),
        ("", "synergy"),
    ],
)
def test_a_part_of_a_word_is_not_banned(text: str, phrase: str) -> None:
    assert banned_in(text, [phrase]) == []


@pytest.mark.parametrize(
    ("name", "changes", "where"),
    [
        ("linkedin_post", {}, "takeaway"),
        ("linkedin_post", {"insights": ["fine", "no synergy here"]}, "insight 2"),
        ("linkedin_post", {"hashtags": ["Synergy"]}, "hashtag 1"),
        ("x_thread", {"posts": ["A post.", "Another.", "Synergy."]}, "post 3"),
        ("instagram_reel", {"call_to_action": "Try synergy."}, "call_to_action"),
        ("youtube_video", {"chapters": [{"start": "0:00", "title": "Synergy"}]}, "chapter 1"),
    ],
)
def test_a_banned_phrase_is_named_with_its_place(found: Any, name: str, changes: Any, where: str) -> None:
    changes = changes or {"takeaway": "Find the synergy tomorrow."}
    assert ("banned_phrase", where, "synergy", "none") in found(name, voiced(banned=("synergy",)), **changes)


@pytest.mark.parametrize("name", formats.names())
def test_without_a_voice_or_a_broken_wish_nothing_is_said(found: Any, name: str) -> None:
    assert found(name) == found(name, voiced(description="Dry.", banned=("synergy",))) == []


def test_some_formats_are_signed_and_by_a_field_they_have() -> None:
    assert {"linkedin_post", "facebook_post", "instagram_caption"} <= set(SIGNED)
    assert all(formats.get(name).signed in formats.get(name).body.model_fields for name in SIGNED)


@pytest.mark.parametrize("name", SIGNED)
def test_a_missing_sign_off_is_told_and_one_that_is_there_is_not(found: Any, changed: Any, name: str) -> None:
    field, asked = formats.get(name).signed, voiced(sign_off="Your mill.")
    assert ("sign_off_missing", field, "none", "Your mill.") in found(name, asked)
    value = getattr(changed(name), field)
    assert found(name, asked, **{field: f"{value}\n\nYour  mill.\n"}) == []


def test_formats_that_are_not_signed_carry_none(found: Any) -> None:
    assert found("pinterest_pin", voiced(sign_off="Your mill.")) == []


@pytest.mark.parametrize(
    ("value", "signed"),
    [("All.\n\nYour mill.", True), ("Your mill. More.", False), (["a", "b Your mill."], True), ([], False)],
)
def test_signed_is_what_ends_with_the_line(value: Any, signed: bool) -> None:
    assert is_signed(value, "Your mill.") == signed


def test_every_violation_of_a_voice_can_be_acted_upon(judged: Any) -> None:
    asked = voiced(banned=("night shift",), sign_off="Your mill.")
    for one in judged("linkedin_post", asked, hook="Ask the night shift."):
        assert "house" in one.message and one.message.endswith(".")
