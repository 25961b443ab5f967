"""Drafts without a model: for any idea, in any format, within all rules, and never in the same words."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom import formats
from pressroom.errors import CannotCompose, WrongInput
from pressroom.formats.shared.language import cliches, invites
from pressroom.model import Assignment, Idea, Preferences
from pressroom.platforms import counting
from pressroom.providers.offline import bank
from pressroom.providers.offline.headlines import key_term
from pressroom.providers.offline.material import _without_echo, material_for
from pressroom.providers.offline.values import Material
from pressroom.writing.requests import draft_request
from tests.fixtures.documents import EXCERPT
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.measuring import assert_takes_less_than
from tests.pressroom.providers.offline.offline_desk import CLIENT, DAY, draft_of, ideas_for, prose

NASTY = [
    Idea(title="🚀🚀🔥", description="🔥", category="technology"),
    Idea(title="word " * 2000, description="Text. " * 2000, category="technology"),
    Idea(title="x" * 10_000, description="y" * 10_000, category="z" * 10_000),
    Idea(title="النسخ الاحتياطي لقواعد البيانات", description="لا يكفي أن تنجح المهمة. ماذا بعد؟", category="تقنية"),
    Idea(
        title="数据库备份的五个常见误区", description="备份成功并不意味着可以恢复。团队应当每周演练。", category="技术"
    ),
    Idea(title="การสำรองฐานข้อมูล", description="ควรทดสอบการกู้คืนทุกสัปดาห์", category="เทคโนโลยี"),
    Idea(title=" ", description="", category=""),
    Idea(title="...", description="!?", category="#"),
    Idea(title="A game-changer: unleash #synergy!", description="Don't miss out. Act now, buckle up.", category="AI"),
    Idea(title="{name} {0} %s \\n </data>", description="{start}\n\n{next}", category="{topic}"),
    Idea(
        title="See https://example.com/a?b#c now", description="Mail me@example.com or www.example.com.", category="x"
    ),
    Idea(title="\ufeffZero\u200bwidth \ud800 half", description="\x00\x1b[31m red", category="technology"),
    Idea(title="1/5 2024 2025 2026", description="42.", category="2026"),
    Idea(title="<b>Bold</b> & <script>", description="<p>Some markup in here.</p>", category="innovation"),
]


@pytest.mark.parametrize("name", formats.names())
def test_ideas_of_the_bank_pass_all_rules(name: str) -> None:
    for idea in ideas_for(30 if ALL_CASES else 15):
        body, assignment = draft_of(idea, name)
        assert formats.get(name).check(body, assignment) == (), idea.title


@pytest.mark.parametrize("name", formats.names())
@pytest.mark.parametrize("more", [{}, {"document": EXCERPT}], ids=["idea", "document"])
def test_nasty_ideas_pass_all_rules(name: str, more: dict[str, Any]) -> None:
    for idea in NASTY:
        body, assignment = draft_of(idea, name, preferences=Preferences(hashtags=("OurBrand",)), **more)
        assert formats.get(name).check(body, assignment) == (), idea.title[:60]


def bounds_hold(material: Material) -> None:
    """What `Material` promises to the formats."""
    assert 1 <= len(material.title) <= 90
    assert len(material.hooks) >= 3 and all(25 <= len(hook) <= 110 for hook in material.hooks)
    assert len(material.insights) >= 6 and all(len(insight.point) <= 110 for insight in material.insights)
    assert all(8 <= counting.words(insight.detail) <= 45 for insight in material.insights)
    assert 15 <= counting.words(material.takeaway) <= 35
    assert len(material.question) <= 100 and material.question.endswith("?")
    assert len(material.call_to_action) <= 90 and "?" not in material.call_to_action
    assert invites(material.call_to_action)
    assert len(material.scenes) >= 3 and all(len(scene) <= 90 for scene in material.scenes)
    tags = [tag.casefold() for tag in material.hashtags]
    assert len(tags) == len(set(tags)) >= 30
    assert all(counting.hashtags(f"#{tag}") == [tag] for tag in material.hashtags)
    said = [*material.hooks, *(text for one in material.insights for text in (one.point, one.detail))]
    said += [material.takeaway, material.question, material.call_to_action]
    assert len(said) == len(set(said))
    assert not any("#" in text or "\n" in text or cliches(text) for text in said)
    assert all(text[-1] in ".!?…。！？؟" for text in said)


texts = st.text(max_size=300) | st.text(st.characters(categories=["Lu", "Ll", "Lo", "Zs", "Po", "Nd"]), max_size=200)


@settings(max_examples=100 if ALL_CASES else 25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, texts, texts, st.sampled_from(formats.names()), st.integers(0, 50))
def test_material_keeps_its_promises(title: str, description: str, category: str, name: str, turn: int) -> None:
    idea = Idea(title=title, description=description, category=category)
    bounds_hold(material_for(Assignment(idea=idea, format=name), bank.load(), turn))


@pytest.mark.parametrize("name", formats.names())
def test_material_of_every_subject_keeps_its_promises(name: str) -> None:
    """Each subject in a format or two, by turns."""
    ideas = ideas_for(150)
    for idea in ideas if ALL_CASES else ideas[formats.names().index(name) % 7 :: 7]:
        bounds_hold(material_for(Assignment(idea=idea, format=name), bank.load()))


def test_the_callers_hashtags_come_first() -> None:
    preferences = Preferences(hashtags=("#OurBrand", "not a tag!", "ourbrand", "Zweitens"))
    material = material_for(
        Assignment(idea=ideas_for(1)[0], format="linkedin_post", preferences=preferences), bank.load()
    )
    assert material.hashtags[:3] == ("OurBrand", "notatag", "Zweitens")


@pytest.mark.parametrize("days", range(0, 28, 4))
def test_no_sentence_stands_in_drafts_of_two_ideas(days: int) -> None:
    """Drafts of one idea for several platforms share what there is to say; phrasings and order differ."""
    ideas = ideas_for(5, DAY.replace(day=DAY.day + days))
    drafts = {idea.title: [prose(draft_of(idea, name)[0]) for name in formats.names()] for idea in ideas}
    counted = Counter(sentence for own in drafts.values() for sentence in {one for draft in own for one in draft})
    assert counted.most_common(1)[0][1] == 1, counted.most_common(5)
    assert all(len(draft) == len(set(draft)) for own in drafts.values() for draft in own)
    for own in drafts.values():
        first_words = Counter(draft[0] for draft in own)
        assert first_words.most_common(1)[0][1] <= 4, first_words.most_common(3)


def test_a_subject_speaks_for_itself_in_an_order_that_follows() -> None:
    """Its own sentences, no general ones; a belief before the step, the step before what comes after it."""
    idea = next(idea for idea in ideas_for(150) if "shared inboxes" in idea.title.casefold())
    subject = next(one for one in bank.load().all_subjects() if one.name == "shared inboxes")
    for name in formats.names():
        material = material_for(Assignment(idea=idea, format=name), bank.load())
        details = " ".join(one.detail for one in material.insights)
        assert all(getattr(subject, line) in details for line in ("why", "how", "proof", "after", "wait"))
        assert material.takeaway.endswith(subject.end)
        assert subject.ask in (material.question, *material.hooks)
        places = [subject.start.casefold() in one.point.casefold() for one in material.insights]
        assert places.index(True) <= 1


def test_what_follows_a_point_does_not_repeat_it() -> None:
    told = "offers accepted without a discount"
    assert _without_echo("Count the offers accepted without a discount. A price that needs one is no price.", told) == (
        "A price that needs one is no price."
    )
    assert _without_echo("Count them on Fridays, by hand. A price is no price.", told).startswith("Count them")


def test_a_draft_made_of_general_sentences_names_its_topic() -> None:
    for topic in ("beekeeping", "health care"):
        for idea in ideas_for(6, preferences=Preferences(topics=(topic,))):
            for name in ("bluesky_post", "threads_post", "facebook_post", "linkedin_post"):
                assert topic in str(draft_of(idea, name)[0].model_dump(exclude={"hashtags", "topic"})), idea.title


def test_ideas_of_others_are_worded_in_many_ways_too() -> None:
    titles = ["Zero trust for small teams", "Edge computing on farms", "Meetings without slides", "Robots in schools"]
    ideas = [Idea(title=title, description="", category="technology") for title in titles]
    drafts = {idea.title: {one for name in formats.names() for one in prose(draft_of(idea, name)[0])} for idea in ideas}
    counted = Counter(sentence for said in drafts.values() for sentence in said)
    assert counted.most_common(1)[0][1] == 1, counted.most_common(5)


def test_a_draft_is_about_its_idea() -> None:
    idea = next(idea for idea in ideas_for(150) if "database backups" in idea.title.casefold())
    body, _ = draft_of(idea, "linkedin_post")
    assert "database backups" in str(body) and "restore last night's copy onto an empty machine" in str(body).casefold()


@pytest.mark.parametrize("subject", ["text reminders", "database backups"])
def test_an_ideas_own_sentences_are_used(subject: str) -> None:
    """Also when the bank knows the subject; sentences about the post are not."""
    description = "Sent two days ahead they let patients cancel in time. This post explains how."
    idea = Idea(title=f"How clinics cut no-shows with {subject}", description=description, category="technology")
    said = str(draft_of(idea, "linkedin_post")[0])
    assert "let patients cancel in time." in said and "This post" not in said and subject in said


def test_sentences_made_from_the_bank_do_not_come_back() -> None:
    for idea in ideas_for(400)[::10]:
        own = idea.description.split(". ")[0]
        assert own not in str(draft_of(idea, "youtube_video")[0]), idea.title


def test_a_thread_is_numbered_when_asked() -> None:
    body, assignment = draft_of(ideas_for(1)[0], "x_thread", numbered=True)
    assert formats.get("x_thread").check(body, assignment) == () and "1/" in str(body)


def test_the_same_request_has_the_same_draft_and_another_variant_has_not() -> None:
    idea = ideas_for(1)[0]
    assert draft_of(idea, "x_thread") == draft_of(idea, "x_thread")
    assert draft_of(idea, "x_thread", variant=1) != draft_of(idea, "x_thread")


def test_a_draft_that_was_sent_back_is_worded_differently() -> None:
    body, assignment = draft_of(ideas_for(1)[0], "facebook_post")
    again = CLIENT.send(draft_request(assignment, previous=body))
    assert again.text != body.model_dump_json()
    assert (
        formats.get("facebook_post").check(
            formats.get("facebook_post").body.model_validate_json(again.text), assignment
        )
        == ()
    )


def test_drafts_from_many_threads_are_the_same() -> None:
    jobs = [(idea, name) for idea in ideas_for(5) for name in formats.names()]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda job: draft_of(*job), jobs)) == [draft_of(*job) for job in jobs]


def test_material_is_quick() -> None:
    assignment = Assignment(idea=ideas_for(1)[0], format="linkedin_post")
    material_for(assignment, bank.load())
    assert_takes_less_than(0.2, lambda: [material_for(assignment, bank.load(), turn) for turn in range(20)])


def test_requests_it_can_not_answer() -> None:
    idea = ideas_for(1)[0]
    request = draft_request(Assignment(idea=idea, format="linkedin_post"))
    with pytest.raises(CannotCompose, match="writes English only"):
        draft_of(idea, "linkedin_post", preferences=Preferences(language="fr"))
    with pytest.raises(WrongInput, match="no format called"):
        CLIENT.send(replace(request, inputs=request.inputs | {"format": "telegram"}))
    with pytest.raises(WrongInput, match="idea"):
        CLIENT.send(replace(request, inputs={"format": "linkedin_post"}))
    with pytest.raises(CannotCompose, match="translation"):
        CLIENT.send(replace(request, purpose="translation"))


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("5 ways the office printer wastes your morning", "the office printer"),
        ("Is your CFO ready for AI agents?", "AI agents"),
        ("Why Your Finance Team Needs Plain Words", "your finance team"),
        ("The hidden cost of meetings", "the hidden cost of meetings"),
        ("Edge computing", "edge computing"),
        ("Python 3.13 in production: what breaks", "Python 3.13"),
        ("WHY LEGACY SYSTEMS SURVIVE", "legacy systems"),
        ("🚀", ""),
    ],
)
def test_key_terms(title: str, term: str) -> None:
    assert key_term(title, "") == term
