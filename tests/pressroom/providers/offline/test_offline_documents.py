"""Drafts of documents without a model: the author's sentences in the author's order, within every rule."""

from __future__ import annotations

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom import formats, sources
from pressroom.errors import CannotCompose, WrongInput
from pressroom.model import Excerpt
from pressroom.platforms import counting
from pressroom.providers.offline.composing import filling, spoken
from pressroom.providers.offline.documents.analysis import analysed
from pressroom.writing.requests import draft_request
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.measuring import assert_takes_less_than
from tests.pressroom.providers.offline import offline_documents_desk as desk
from tests.pressroom.providers.offline.offline_desk import CLIENT

EVERY_FORMAT = pytest.mark.parametrize("name", formats.names())
STOCK = (*filling.STOCK, filling.READY_QUESTION, *spoken.HOOK_STOCK, *spoken.CLOSING_STOCK, spoken.READY_HOOK)


def test_there_are_three_texts_in_each_language() -> None:
    sizes = {name: counting.words(desk.document(name).text) for name in desk.NAMES}
    assert {language: sum(name[:2] == language for name in desk.NAMES) for language in desk.LANGUAGES} == dict.fromkeys(
        desk.LANGUAGES, 3
    )
    assert min(sizes.values()) >= 150 and all(size > 1000 for name, size in sizes.items() if name.endswith("1500"))


@pytest.mark.parametrize(("text", "name"), desk.all_cases())
def test_a_draft_keeps_the_rules_and_says_what_the_author_says_in_that_order(text: str, name: str) -> None:
    """Each text in each format, in one variant of three by turns: each text and each format meets all three."""
    document = desk.document(text)
    whole = _letters(f"{document.title} {document.text}")
    turn = desk.NAMES.index(text) + formats.names().index(name)
    for variant in range(3) if ALL_CASES else (turn % 3,):
        body = desk.draft_from(document, name, variant)
        assert desk.broken(body, document, name) == []
        assert desk.strangers(body, document) == []
        assert not any(sentence in str(body) for sentence in STOCK)
        places = desk.order(body, document)
        assert places == sorted(places) and len(places) == len(set(places)) >= 1
        assert [tag for tag in desk.tags_of(body) if _letters(tag) not in whole] == []


def _letters(text: str) -> str:
    """As hashtags write it: without spaces, hyphens and apostrophes."""
    return re.sub(r"[\s\-–—'’.]+", "", text).casefold()


@EVERY_FORMAT
def test_the_same_request_has_the_same_draft_and_another_variant_has_not(name: str) -> None:
    document = desk.document("en_400")
    drafts = [desk.draft_from(document, name, variant) for variant in (0, 0, 1, 2)]
    assert drafts[0] == drafts[1]
    assert drafts[2] != drafts[0] and drafts[3] != drafts[2]


def test_a_draft_that_was_sent_back_is_another_one() -> None:
    assignment = desk.assignment_of(desk.document("de_400"), "facebook_post")
    body = desk.draft_from(desk.document("de_400"), "facebook_post")
    assert CLIENT.send(draft_request(assignment, previous=body)).text != body.model_dump_json()


def test_drafts_from_many_threads_are_the_same() -> None:
    jobs = [(desk.document(text), name) for text in ("en_150", "ja_150") for name in formats.names()]
    alone = [desk.draft_from(*job) for job in jobs]
    analysed.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda job: desk.draft_from(*job), jobs)) == alone


@EVERY_FORMAT
def test_the_callers_hashtags_come_first(name: str) -> None:
    document, wanted = desk.document("fr_400"), ("NotreMarque", "Lyon")
    body = desk.draft_from(document, name, hashtags=wanted)
    assert desk.broken(body, document, name, hashtags=wanted) == []
    assert desk.tags_of(body)[:2] in ([], list(wanted))


def test_a_thread_is_numbered_when_asked_and_leads_to_the_document() -> None:
    document = desk.document("es_400")
    body = desk.draft_from(document, "x_thread", numbered=True)
    assert desk.broken(body, document, "x_thread", numbered=True) == []
    assert "1/" in str(body) and desk.LINK in str(body)


@pytest.mark.parametrize("language", ["pl", "sv", "und"])
@EVERY_FORMAT
def test_a_language_without_phrases_is_quoted_only(name: str, language: str) -> None:
    """The German text under another flag: no phrase is added, in whatever language."""
    document = desk.document("de_400").model_copy(update={"language": language})
    body = desk.draft_from(document, name)
    assert desk.broken(body, document, name) == []
    assert desk.strangers(body, document) == []


@EVERY_FORMAT
def test_the_readme_is_repurposed(name: str, pytestconfig: pytest.Config) -> None:
    read = sources.read_bytes((pytestconfig.rootpath / "README.md").read_bytes(), name="README.md")
    document = Excerpt(title=read.title, text=read.text, language=read.language)
    assert desk.broken(desk.draft_from(document, name), document, name) == []


@cache
def sentences_in(language: str) -> list[str]:
    documents = [desk.document(name) for name in desk.NAMES if name[:2] == language]
    return sorted({one.text for each in documents for one in analysed(each.text, each.title, language).sentences})


@st.composite
def assemblies(draw: st.DrawFn) -> Excerpt:
    """Sentences of one language in any order and any paragraphs, just over 150 words or more."""
    language = draw(st.sampled_from(desk.LANGUAGES))
    pick, least = random.Random(draw(st.integers(0, 2**32))), draw(st.integers(150, 700))
    known = sentences_in(language)
    left, text = pick.sample(known, len(known)), ""
    while counting.words(text) < least and left:
        text += pick.choice(("\n\n", *(["", ""] if language == "ja" else [" ", " "]))) + left.pop()
    title = pick.choice(("Notes", "", left[0] if left else "", "A rather long title, as they are in some magazines"))
    return Excerpt(title=title, text=text.strip(), language=language)


@settings(max_examples=100 if ALL_CASES else 20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(assemblies(), st.sampled_from(formats.names()), st.integers(0, 9))
def test_any_prose_of_150_words_gives_a_draft(document: Excerpt, name: str, variant: int) -> None:
    body = desk.draft_from(document, name, variant)
    assert desk.broken(body, document, name) == []


LINKS = "\n\n".join(f"- https://example.com/page/{number} a page" for number in range(80))
CODE = "\n\n".join(f"def function_{number}(a, b):\n    return a[{number}] + b(a={number})" for number in range(40))
TABLE = "\n".join(f"| row {number} | a cell with words | {number * 7} | another cell |" for number in range(40))
VERSE = "\n\n".join(["The river goes\nand goes and goes\nand takes the light\nand leaves the stones"] * 14)
LABELS = "\n\n".join(f"- oranges, box {number}" for number in range(70))
UNBROKEN = "and then we went on and nobody knew why it was so " * 30


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nothing but a line.", "has 4 words"),
        ("", "has 0 words"),
        (LINKS, "a list of links"),
        (CODE, "is code"),
        (TABLE, "a table"),
        (VERSE, "verse"),
        (LABELS, "a list"),
        (UNBROKEN, "can be quoted"),
    ],
    ids=["short", "empty", "links", "code", "table", "verse", "labels", "unbroken"],
)
def test_what_can_not_be_quoted_from_is_told(text: str, said: str) -> None:
    with pytest.raises(CannotCompose, match=said) as caught:
        desk.draft_from(desk.excerpt(text), "linkedin_post")
    assert "PRESSROOM_TEXT_CHAIN" in caught.value.hint


def test_translating_needs_a_model() -> None:
    with pytest.raises(CannotCompose, match="translating needs a model") as caught:
        desk.draft_from(desk.document("de_400"), "x_thread", language="en")
    assert "'de'" in caught.value.hint
    assert desk.draft_from(desk.document("de_400"), "x_thread", language="de-AT")


def test_a_document_that_can_not_be_read_is_told() -> None:
    request = draft_request(desk.assignment_of(desk.document("en_150"), "x_thread"))
    request.inputs["document"] = {"title": 7}
    with pytest.raises(WrongInput, match="document"):
        CLIENT.send(request)


@EVERY_FORMAT
def test_a_long_document_is_quick(name: str) -> None:
    """10,000 words, every sentence another one: 0.3 s of one core when read for the first time."""
    pick, words = random.Random(7), re.findall(r"\w+", desk.document("en_1500").text)
    sentences = [" ".join(pick.choices(words, k=pick.randint(8, 24))).capitalize() + "." for _ in range(640)]
    text = "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, 640, 4))
    assert counting.words(text) > 9000
    read = desk.excerpt(text)
    assert_takes_less_than(1.5, lambda: desk.draft_from(read, name), before=analysed.cache_clear)  # in a crowd


def test_nothing_hidden_reaches_a_draft() -> None:
    """Signs that rules or platforms refuse, and hashtags that are not the caller's, stay out."""
    spoilt = "Our #synergy is a game-changer that <b>unleashes</b> everything. See $ rm -rf for more. (This never ends."
    text = f"{spoilt}\n\n{desk.document('en_400').text}\n\n{spoilt}"
    for name in formats.names():
        document = desk.excerpt(text)
        said = json.dumps(desk.draft_from(document, name).model_dump(exclude=desk.TAGGED))
        assert not any(word in said for word in ("synergy", "game-changer", "<b>", "rm -rf", "never ends")), name


def test_inputs_of_a_request_are_not_changed() -> None:
    request = draft_request(desk.assignment_of(desk.document("en_150"), "linkedin_post"))
    before: dict[str, Any] = json.loads(json.dumps(request.inputs))
    CLIENT.send(request)
    assert request.inputs == before
