"""A brand voice without a model: what it never says stays out, its sign-off goes in."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats
from pressroom.formats.shared.voice import banned_in
from pressroom.model import Assignment, Idea, Preferences, Voice
from pressroom.providers.offline.values import Insight, Material, Phrases, Quote
from pressroom.providers.offline.voicing import signed_body, without_banned
from pressroom.writing.requests import draft_request
from tests.pressroom.providers.offline import offline_documents_desk as documents
from tests.pressroom.providers.offline.offline_desk import CLIENT, draft_of, ideas_for

EVERY_FORMAT = pytest.mark.parametrize("name", formats.names())
IDEA = Idea(title="Ask the night shift first", description="A replacement starts with people.", category="technology")
SIGN_OFF = "Written by people, at the mill."
HOUSE = Voice(name="house", banned=("hours", "team", "next step"), sign_off=SIGN_OFF)
BANNED = {"en": "that", "de": "nicht", "es": "para", "fr": "dans", "ja": "もの"}


def material(**changes: Any) -> Material:
    insights = tuple(Insight(point=f"Point {at}.", detail=f"Detail {at} is told.") for at in range(6))
    fields = {
        "title": "A title",
        "hooks": ("One hook.", "A synergy hook.", "A third hook."),
        "insights": insights,
        "takeaway": "Take this away.",
        "question": "What would you do?",
        "call_to_action": "Try it.",
        "scenes": ("A desk.", "A synergy.", "A lamp.", "A chair."),
        "hashtags": ("own", "synergy", "other"),
        "seed": 1,
    }
    return Material.model_validate({**fields, **changes})


def left(banned: str, **changes: Any) -> Material:
    return without_banned(material(**changes), Voice(name="house", banned=(banned,)))


def test_sentences_with_a_banned_phrase_are_left_out() -> None:
    found = left("synergy", own_hashtags=2, terms=("synergy effects", "lamps"))
    assert found.hooks == ("One hook.", "A third hook.")
    assert found.scenes == ("A desk.", "A lamp.", "A chair.")
    assert (found.hashtags, found.own_hashtags) == (("own", "other"), 1)
    assert found.terms == ("lamps",)
    assert len(found.insights) == 6


def test_what_formats_can_not_do_without_is_left() -> None:
    found = left("a", hooks=("A hook.",), scenes=("A desk.", "A lamp.", "A chair.", "A bed."))
    assert found.hooks == ("A hook.",) and len(found.scenes) == 3
    assert len(left("told").insights) == 3


def test_single_sentences_are_exchanged() -> None:
    assert left("away").takeaway == "Detail 5 is told." and len(left("away").insights) == 5
    assert "you do" not in left("you do").question
    assert left("title").title == "One hook."
    assert left("try").call_to_action == "Try it.", "there is no other one: the rule tells"


def test_a_quotation_goes_with_the_one_it_needs() -> None:
    quotes = tuple(
        Quote(text=f"{word}.", position=at, weight=1, needs=at - 1 if at else None) for at, word in enumerate("abcd")
    )
    found = left("b", quotes=quotes, phrases=Phrases(questions=("Is b it?", "Or c?"), about="On b: {title}."))
    assert [quote.text for quote in found.quotes] == ["a."]
    assert found.phrases == Phrases(questions=("Or c?",))


def test_a_heading_with_a_banned_phrase_is_forgotten_and_its_sentences_are_not() -> None:
    quote = Quote(text="All is well.", position=0, weight=1, heading="Synergy")
    assert left("synergy", quotes=(quote,)).quotes == (quote.model_copy(update={"heading": ""}),)


def test_a_voice_that_bans_nothing_changes_nothing() -> None:
    assert without_banned(material(), Voice(name="house")) == material()


@EVERY_FORMAT
def test_a_draft_of_an_idea_is_in_the_voice(name: str) -> None:
    for idea in ideas_for(5):
        body, asked = draft_of(idea, name, preferences=Preferences(voice=HOUSE))
        said = [one for one in formats.get(name).check(body, asked) if one.measured not in banned_in_title(idea)]
        assert said == []
        assert (SIGN_OFF in str(body)) == bool(formats.get(name).signed)


def banned_in_title(idea: Idea) -> list[str]:
    return banned_in(f"{idea.title} {idea.description}", HOUSE.banned)


@EVERY_FORMAT
@pytest.mark.parametrize("text", [text for text in documents.NAMES if text.endswith("400")])
def test_a_draft_of_a_document_is_in_the_voice(text: str, name: str) -> None:
    document = documents.document(text)
    voice = Voice(name="house", banned=(BANNED[text[:2]],), sign_off=SIGN_OFF)
    asked = documents.assignment_of(document, name)
    asked = asked.model_copy(update={"preferences": asked.preferences.model_copy(update={"voice": voice})})
    body = formats.get(name).body.model_validate_json(CLIENT.send(draft_request(asked)).text)
    assert formats.get(name).check(body, asked) == ()


@EVERY_FORMAT
def test_without_a_voice_drafts_are_what_they_were(name: str) -> None:
    plain, _ = draft_of(IDEA, name)
    assert draft_of(IDEA, name, preferences=Preferences(voice=Voice(name="house", description="Dry.")))[0] == plain


def test_a_body_that_has_no_room_is_not_signed() -> None:
    form = formats.get("facebook_post")
    asked = Assignment(idea=IDEA, format=form.name, preferences=Preferences(voice=HOUSE))
    body = form.body.model_validate({"message": "word " * 114, "closing": "And you?", "hashtags": []})
    assert signed_body(form, body, asked) == body
    short = body.model_copy(update={"message": "word " * 60})
    signed = signed_body(form, short, asked)
    assert signed.model_dump()["closing"] == f"And you?\n\n{SIGN_OFF}"
    assert signed_body(form, signed, asked) == signed, "once is enough"
