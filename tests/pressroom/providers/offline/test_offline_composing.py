"""Composing any material in every format: within its rules, nothing said twice; other packages' formats too."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pressroom import formats
from pressroom.formats.shared import language, rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Preferences
from pressroom.platforms import counting
from pressroom.providers.offline.composing import by_fields, compose, filling
from pressroom.providers.offline.values import Insight, Material
from tests.contracts.test_formats import EVERY_FORMAT, assignment, broken
from tests.fixtures.documents import EXCERPT
from tests.pressroom.providers.offline import offline_documents_desk as desk

SCRIPTS = {
    "english": ("ask people what they dread before any plan is drawn for an old system again", " ", ".", "?"),
    "terse": ("a i o we go so it is no up", " ", ".", "?"),
    "long words": (
        "internationalisation counterrevolutionary misunderstandings acknowledgements",
        " ",
        "!",
        "?",
    ),
    "chinese": ("今天我们谈谈旧系统的更换从值班的人开始问他们害怕什么", "", "。", "？"),
    "japanese": ("夜勤のひとにきいてからふるいシステムをかえるとうまくいく", "", "。", "？"),
    "korean": ("오래된 시스템을 바꾸기 전에 밤에 일하는 사람에게 물어보세요", " ", ".", "?"),
    "arabic": ("اسأل من يعمل ليلا قبل أن تغير النظام القديم كله", " ", ".", "؟"),
    "hebrew": ("שאלו את משמרת הלילה לפני שמחליפים את המערכת הישנה", " ", ".", "?"),
    "hindi": ("पुरानी प्रणाली बदलने से पहले रात की पाली से पूछें", " ", "।", "?"),
    "thai": ("ถามคนที่ทำงานกลางคืนก่อนเปลี่ยนระบบเก่า เสมอ แล้วค่อยเริ่ม", " ", ".", "?"),
    "promotional": (
        "this game-changer will revolutionize synergy and unleash cutting-edge tools",
        " ",
        ".",
        "?",
    ),
    "linked": ("see https://example.com/a/long/path?of=links and node.js or example.org today", " ", ".", "?"),
}


class Writer:
    """Sentences of one script within bounds of characters and words, the same for the same seed."""

    def __init__(self, script: str, seed: int) -> None:
        vocabulary, self.space, self.stop, self.mark = SCRIPTS[script]
        self.vocabulary = vocabulary.split() if self.space else list(vocabulary)
        self.random = random.Random(seed)

    def characters(self, least: int, most: int, end: str | None = None) -> str:
        end = self.stop if end is None else end
        goal, text = self.random.randint(least, most), self.random.choice(self.vocabulary)
        while len(text) + len(end) < least or len(text) < goal - 15:
            text = text + self.space + self.random.choice(self.vocabulary)
        kept = text[: most - len(end)]
        whole = kept.rpartition(" ")[0] if self.space and len(kept) < len(text) else kept
        return (whole if len(whole) >= 25 else kept).rstrip(" -.") + end

    def words(self, least: int, most: int) -> str:
        goal, text = self.random.randint(least, most - 6), ""
        while counting.words(text) < goal:
            text = (text + self.space + self.random.choice(self.vocabulary)).strip()
        return text + self.stop

    def tag(self, number: int) -> str:
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyzäéñ漢字ש", k=self.random.randint(2, 24))) + str(
            number
        )


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Any material that keeps to its docstring."""
    writer = Writer(draw(st.sampled_from(sorted(SCRIPTS))), draw(st.integers(0, 2**32)))
    title = draw(st.sampled_from(["🚀", "🚀🔥👩‍💻" * 10, writer.characters(5, 90, ""), writer.characters(85, 90, "")]))
    wordy = draw(st.sampled_from([(15, 21), (15, 45), (39, 45)]))
    long = draw(st.booleans())
    return Material(
        title=title,
        hooks=tuple(writer.characters(100 if long else 25, 110) for _ in range(draw(st.integers(3, 4)))),
        insights=tuple(
            Insight(point=writer.characters(100 if long else 12, 110), detail=writer.words(*wordy))
            for _ in range(draw(st.integers(6, 8)))
        ),
        takeaway=writer.words(15, 35),
        question=writer.characters(10, 100, writer.mark),
        call_to_action=writer.characters(10, 90),
        scenes=tuple(writer.characters(10, 90, "") for _ in range(draw(st.integers(3, 8)))),
        hashtags=tuple(writer.tag(number) for number in range(draw(st.integers(30, 40)))),
        link=draw(st.sampled_from([None, "https://example.com/an/article?with=parameters", "http://例え.jp/記事"])),
        seed=draw(st.integers(0, 2**63)),
    )


@EVERY_FORMAT
@given(material=materials())
@settings(max_examples=12, deadline=None, database=None)
def test_composes_what_keeps_every_rule(name: str, material: Material) -> None:
    form = formats.get(name)
    own = material.hashtags[: material.seed % 40]
    material = material.model_copy(update={"own_hashtags": len(own)})
    asked = assignment(name, preferences=Preferences(hashtags=own))
    body = compose(form, material, asked)
    for document in (None, EXCERPT):
        assert broken(form, body, asked.model_copy(update={"document": document})) == []
    assert body == compose(form, material, asked), "the same material makes the same draft"
    assert all(part.text.strip() for part in form.parts(body))


@EVERY_FORMAT
@given(material=materials())
@settings(max_examples=5, deadline=None, database=None)
def test_composed_fields_repeat_no_sentence(name: str, material: Material) -> None:
    own = [*material.hooks, material.takeaway, material.question, material.call_to_action]
    own += [text for one in material.insights for text in (one.point, one.detail)]
    distinct = [piece for piece in own if sum(piece in other for other in own) == 1]
    for text in _texts(compose(formats.get(name), material, assignment(name)).model_dump()):
        assert all(text.count(piece) <= 1 for piece in distinct)


def _texts(fields: dict[str, Any]) -> list[str]:
    """Every field as one text, lists of sentences joined."""
    lists = ["\n".join(map(str, value)) for value in fields.values() if isinstance(value, list)]
    return [*lists, *(value for value in fields.values() if isinstance(value, str))]


@pytest.mark.parametrize(
    ("link", "is_kept"), [("https://example.com/a", True), ("https://example.com/" + "a" * 100, False)]
)
def test_a_post_on_threads_carries_a_link_it_has_room_for(link: str, is_kept: bool) -> None:
    material = Material(
        title="A title",
        hooks=("Ask the night shift first, before anybody draws a plan.",),
        insights=tuple(Insight(point=f"Point {at}.", detail=f"Detail {at}, told in full.") for at in range(6)),
        takeaway="Take this away.",
        question="What would you ask?",
        call_to_action="Ask somebody.",
        scenes=("A desk.",),
        hashtags=("first", "second"),
        link=link,
        seed=0,
    )
    form = formats.get("threads_post")
    body = compose(form, material, assignment("threads_post"))
    assert (link in body.message) == is_kept
    assert body.topic == "first"
    assert counting.threads_length(form.text(body)) <= 500


def test_stock_sentences_are_short_and_different() -> None:
    assert not language.cliches(" ".join(filling.STOCK))
    assert len(set(filling.STOCK)) == len(filling.STOCK)
    assert all(8 <= counting.words(sentence) <= 12 for sentence in filling.STOCK)


def test_filled_passes_over_what_does_not_fit_and_repeats_nothing() -> None:
    more = ["A b.", "Far too long to fit.", "A b.", "C.", "D."]
    assert filling.filled("", more, lambda text: len(text) < 10, lambda text: "C" in text) == "A b. C."


def test_composed_cuts_other_scripts_rather_than_mixing_in_english() -> None:
    def fits(text: str) -> bool:
        return counting.words(text) <= 12

    def enough(text: str) -> bool:
        return counting.words(text) >= 8

    assert filling.composed("一二三。", ["字" * 40 + "。"], fits, enough) == "一二三。 " + "字" * 9 + "…"
    assert filling.composed("One.", ["word " * 40], fits, enough).startswith("One. Start with")


def test_seeds_choose_among_equals() -> None:
    assert filling.turned((1, 2, 3), 4) == (2, 3, 1)
    assert filling.turned((), 4) == ()
    assert filling.some((1, 2, 3, 4), 2, 3) == (1, 4)


class Page(BaseModel):
    title: str
    lines: list[str]


class Carousel(BaseModel):
    pages: list[Page]
    caption: str
    hashtags: list[str]


class Note(BaseModel):
    headline: str
    body: str
    question: str
    url: str


def _carousel_text(body: Carousel) -> str:
    return "\n".join(line for page in body.pages for line in (page.title, *page.lines))


def _note_text(body: Note) -> str:
    return f"{body.headline}\n{body.body}\n{body.question}"


OUTSIDE: tuple[Format[Any], ...] = (
    Format(
        name="other_carousel",
        platform="linkedin",
        title="A carousel",
        body=Carousel,
        rules=(
            rules.items_between(lambda body: body.pages, "pages", 5, 10),
            rules.hashtags_in_range(lambda body: body.hashtags, "linkedin"),
        ),
        parts=lambda body: (Part(label="Pages", text=_carousel_text(body)),),
        max_output_tokens=100,
        characters=(1, 9000),
    ),
    Format(
        name="other_note",
        platform="elsewhere",
        title="A note",
        body=Note,
        rules=(rules.words_between(_note_text, 90, 140), rules.invites(lambda body: body.question, "question")),
        parts=lambda body: (Part(label="Note", text=_note_text(body)),),
        max_output_tokens=100,
        characters=(1, 9000),
    ),
)


@pytest.mark.parametrize("form", OUTSIDE, ids=lambda form: form.name)
def test_a_format_without_a_composer_is_composed_by_its_fields(form: Format[Any]) -> None:
    writer = Writer("english", 1)
    insights = tuple(Insight(point=writer.characters(40, 90), detail=writer.words(15, 30)) for _ in range(6))
    idea = Material(
        title="Ask the night shift",
        hooks=(writer.characters(40, 90),),
        insights=insights,
        takeaway=writer.words(15, 30),
        question="What would you ask first?",
        call_to_action="Ask one person today.",
        scenes=("A desk",),
        hashtags=("One", "Two", "Three"),
        link="https://example.com/a",
        seed=3,
    )
    asked = Assignment(idea=assignment("x_thread").idea, format=form.name)
    document = desk.document("en_400")
    quoted = _material(desk.assignment_of(document, form.name), document)
    for material in (idea, quoted):
        body = by_fields.compose(form, material, asked)
        assert form.check(body, asked) == ()
        assert body == compose(form, material, asked)


def _material(asked: Assignment, document: Any) -> Material:
    from pressroom.providers.offline.documents.analysis import analysed
    from pressroom.providers.offline.documents.quotations import material_of

    return material_of(asked, document, analysed(document.text, document.title, document.language), 0)


def test_a_field_without_words_is_refused_with_a_next_step() -> None:
    from dataclasses import replace

    from pressroom.errors import CannotCompose

    class Rated(BaseModel):
        text: str
        stars: int

    form = replace(OUTSIDE[1], body=Rated)
    document = desk.document("en_400")
    asked = desk.assignment_of(document, form.name)
    with pytest.raises(CannotCompose, match="stars") as caught:
        compose(form, _material(asked, document), asked)
    assert "pressroom.composers" in caught.value.hint
