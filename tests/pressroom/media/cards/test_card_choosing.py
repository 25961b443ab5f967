"""What a card says, chosen from what a document says."""

from __future__ import annotations

import pytest

from pressroom.errors import CannotCompose
from pressroom.media.cards import card_for, draw
from pressroom.media.cards.figures import figure
from pressroom.media.cards.wording import clean

TITLE = "Rehearse your failures: what nine teams learned in a year"
SENTENCES = [
    "Rehearsal turns a bad night into a dull one for everybody involved.",
    "Teams that rehearsed cut the time to recover by 38% within one quarter.",
    "This was not expected by anybody.",
    "A good runbook is written by the person who was woken up.",
    "One company saved $1.2 million by deleting alerts nobody read.",
    "Why would anybody delete an alert?",
    "Read more at https://example.com/report today.",
    "The quietest teams delete one alert for each one they add.",
]
ITEMS = ["Rehearse monthly", "Delete alerts", "Write the handover"]
PURPOSES = [
    "thumbnail",
    "linkedin",
    "x",
    "instagram",
    "facebook",
    "pinterest",
    "youtube",
    "tiktok",
    "threads",
    "bluesky",
]


def chosen(purpose: str, **changed: object) -> object:
    given = {"purpose": purpose, "language": "en", "items": ITEMS, **changed}
    return card_for(TITLE, SENTENCES, **given)  # type: ignore[arg-type]


def test_a_week_of_cards_differs_and_is_the_same_tomorrow() -> None:
    week = [card_for(TITLE, SENTENCES, purpose=purpose, language="en", items=ITEMS) for purpose in PURPOSES]
    assert week == [card_for(TITLE, SENTENCES, purpose=purpose, language="en", items=ITEMS) for purpose in PURPOSES]
    assert {card.template for card in week} == {"headline", "quote", "number", "list"}
    assert len(set(week)) >= 8


@pytest.mark.parametrize("purpose", [*PURPOSES, "somewhere-new"])
def test_nothing_is_said_that_the_document_does_not_say(purpose: str) -> None:
    card = card_for(TITLE, SENTENCES, purpose=purpose, language="en", items=ITEMS)
    assert card.title in ("", TITLE) or TITLE.startswith(card.title)
    assert card.text in ("", *SENTENCES)
    assert not card.number or card.number in card.text
    assert set(card.items) <= set(ITEMS)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_chosen_card_can_be_drawn(purpose: str) -> None:
    card = card_for(TITLE, SENTENCES, purpose=purpose, language="en", items=ITEMS)
    assert draw(card, width=600, height=600).notes == ()


def test_a_quotation_stands_alone() -> None:
    card = card_for(TITLE, SENTENCES[2:4] + SENTENCES[5:7], purpose="x", language="en", attribution="Ada Osei")
    assert (card.template, card.text, card.attribution) == ("quote", SENTENCES[3], "Ada Osei")


def test_without_a_figure_or_a_quotation_there_is_a_headline() -> None:
    card = card_for(TITLE, ["This is it."], purpose="linkedin", language="en")
    assert (card.template, card.title, card.text) == ("headline", TITLE, "")


def test_a_thumbnail_has_few_words() -> None:
    assert card_for(TITLE, SENTENCES, purpose="youtube", language="en").title == "Rehearse your failures"


@pytest.mark.parametrize(
    "title",
    [
        "Rehearse daily | The Weekly Review of All Things",
        "Why rehearse? It turns bad nights dull for all",
        "On rehearsal — a year with nine teams on call",
    ],
)
def test_a_long_title_is_shortened_where_it_has_parts(title: str) -> None:
    short = card_for(title, SENTENCES, purpose="youtube", language="en").title
    assert title.startswith(short) and len(short.split()) <= 3


def test_a_short_title_is_not_taken_for_every_sentence() -> None:
    assert card_for("On-call", SENTENCES, purpose="x", language="en").template == "quote"


@pytest.mark.parametrize("items", [ITEMS[:2], ITEMS * 2 + ["a", "b", "c"], [*ITEMS, "word " * 20]])
def test_a_list_is_whole_or_none(items: list[str]) -> None:
    assert card_for(TITLE, SENTENCES, purpose="pinterest", language="en", items=items).template == "headline"


def test_no_title_and_no_words() -> None:
    assert card_for("", SENTENCES, purpose="facebook", language="en").title == SENTENCES[0]
    with pytest.raises(CannotCompose):
        card_for("🚀", [" "], purpose="facebook", language="en")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It fell by 38% in May.", "38%"),
        ("Between 10–20 % of them left.", "10–20\u202f%"),
        ("It cost $1.2 million to fix.", "$1.2 million"),
        ("Das sparte 1,2 Mio. € im Jahr.", "1,2 Mio. €"),
        ("За год 3,4 млн заявок.", "3,4 млн"),
        ("復旧時間を38%短縮した。", "38%"),
        ("利用者は120万人を超えた。", "120万人"),
        ("It is 4x faster.", "4x"),
        ("We kept 12,500 of them.", "12,500"),
        ("A drop of −3.5% followed.", "−3.5%"),
        ("It was founded in 2019.", None),
        ("Version 3.11 has 4 of them.", None),
        ("On 12 May 2024 at 10:30 it broke.", None),
        ("From 10% to 20% to 30% to 40%.", None),
        ("No figure here.", None),
    ],
)
def test_striking_figures(sentence: str, found: str | None) -> None:
    result = figure(clean(sentence, "en"))
    assert (result[1] if result else None) == found
