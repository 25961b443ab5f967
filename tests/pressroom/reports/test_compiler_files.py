"""Which files a brief becomes, what they are called, and the plain ones' content."""

from __future__ import annotations

import json
import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import WrongInput
from pressroom.model import Brief, Part, RunStatus, State
from pressroom.platforms import counting
from pressroom.reports.compile import compile_brief
from pressroom.reports.names import MOST_SLUG, check_file_name, draft_file_name
from pressroom.reports.table import drafts_table
from tests.fixtures.measuring import assert_takes_less_than
from tests.pressroom.reports import compiler_samples as samples

FORMATS = st.sampled_from(sorted(samples.TITLES))
FOREIGN = "سألنا من يعملون ليلاً 夜勤の人たち 👩🏽‍💻🚀 Ünïcode"


def compiled(brief: Brief) -> dict[str, bytes]:
    return dict(compile_brief(brief))


def test_a_brief_becomes_three_pages_and_a_file_a_draft() -> None:
    brief = samples.realistic()
    files = compiled(brief)
    drafts = {draft.file for idea in brief.ideas for draft in idea.drafts}
    assert set(files) == {"brief.md", "brief.html", "brief.json"} | drafts
    assert len(drafts) == 14


@pytest.mark.parametrize("make", [samples.realistic, samples.all_quarantined, samples.failures_only, samples.brief])
def test_the_same_brief_gives_the_same_bytes(make) -> None:
    assert compiled(make()) == compiled(make())


@pytest.mark.parametrize("make", [samples.realistic, samples.all_quarantined, samples.failures_only, samples.brief])
def test_json_is_sorted_and_reads_back_equal(make) -> None:
    content = compiled(make())["brief.json"]
    assert Brief.model_validate_json(content) == make()
    assert content.endswith(b"}\n")
    assert list(json.loads(content)) == sorted(json.loads(content))


def test_json_keeps_foreign_letters_readable() -> None:
    brief = samples.single(FOREIGN)
    content = compiled(brief)["brief.json"]
    assert FOREIGN in content.decode()
    assert Brief.model_validate_json(content) == brief


def test_a_cut_off_emoji_does_not_cost_the_brief() -> None:
    files = compiled(samples.single("cut \ud83d"))
    assert all(content.decode("utf-8") for content in files.values())


@pytest.mark.parametrize("text", ["Hello", "two\n\nparagraphs #tag", FOREIGN, "ends with a line break\n", "", "a\r\nb"])
def test_a_single_part_is_its_text_and_a_newline(text: str) -> None:
    brief = samples.single(text)
    assert compiled(brief)[brief.ideas[0].drafts[0].file] == text.encode() + b"\n"


def test_several_parts_are_parted_by_numbered_lines() -> None:
    parts = (
        Part(label="Post 1", text="one"),
        Part(label="Post 2", text="two"),
        Part(label="First\ncomment", text="#x"),
    )
    brief = samples.single("", parts=parts)
    content = compiled(brief)[brief.ideas[0].drafts[0].file].decode()
    assert content == "one\n--- 2/3: Post 2 ---\ntwo\n--- 3/3: First comment ---\n#x\n"


def test_file_names_say_position_format_and_title() -> None:
    assert (
        draft_file_name(3, "x_thread", "Why it's “simple”: Café & Co.")
        == "drafts/03-x_thread-why-its-simple-cafe-co.txt"
    )
    assert draft_file_name(120, "x_thread", "a") == "drafts/120-x_thread-a.txt"


@pytest.mark.parametrize("title", ["", "夜勤の人たち", "🚀🚀", "../..", "...", "سألنا", "\ud83d"])
def test_titles_without_ascii_letters_leave_position_and_format(title: str) -> None:
    assert draft_file_name(1, "linkedin_post", title) == "drafts/01-linkedin_post.txt"


@pytest.mark.parametrize("title", ["x" * 10_000, "word " * 2_000, "ß" * 10_000])
def test_endless_titles_are_cut(title: str) -> None:
    assert len(draft_file_name(1, "linkedin_post", title)) <= len("drafts/01-linkedin_post-.txt") + MOST_SLUG


@given(position=st.integers(0, 100_000), name=FORMATS, title=st.text())
def test_file_names_are_safe(position: int, name: str, title: str) -> None:
    file = draft_file_name(position, name, title)
    assert re.fullmatch(r"drafts/[0-9]{2,}-[a-z0-9_]+(-[a-z0-9]+)*\.txt", file)
    check_file_name(file)


@given(*[st.tuples(st.integers(0, 999), FORMATS, st.text())] * 2)
def test_file_names_are_unique_by_position_and_format(one: tuple[int, str, str], other: tuple[int, str, str]) -> None:
    assert one[:2] == other[:2] or draft_file_name(*one) != draft_file_name(*other)


@pytest.mark.parametrize(("position", "name"), [(-1, "x_thread"), (1, ""), (1, "a-b"), (1, "../x"), (1, "X")])
def test_what_is_no_position_and_format_is_refused(position: int, name: str) -> None:
    with pytest.raises(WrongInput):
        draft_file_name(position, name, "title")


@pytest.mark.parametrize(
    "file", ["", "/etc/x", "../x.txt", "drafts/../../x", "a\\b", "a//b", "drafts/", "c:x", "ä.txt", "x\n", "a" * 201]
)
def test_file_names_that_leave_the_folder_are_refused(file: str) -> None:
    with pytest.raises(WrongInput):
        compile_brief(samples.single("text", file=file))


@pytest.mark.parametrize("file", ["brief.md", "Brief.HTML", "brief.json"])
def test_a_draft_never_replaces_a_page(file: str) -> None:
    with pytest.raises(WrongInput, match="Two files"):
        compile_brief(samples.single("text", file=file))


def test_two_drafts_never_share_a_file() -> None:
    idea = samples.realistic().ideas[0]
    with pytest.raises(WrongInput, match="Two files"):
        compile_brief(samples.brief((idea, idea)))


def test_the_table_has_a_row_a_draft_in_plain_strings() -> None:
    rows = drafts_table(samples.realistic())
    assert len(rows) == 14
    assert all(isinstance(value, str) and "\n" not in value for row in rows for value in row.values())
    assert rows[0] == {
        "idea": "The night shift knows your data best",
        "format": "LinkedIn post",
        "state": "passed",
        "words": "179",
        "characters": "986",
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "asked": "1",
        "opening line": samples.HOOKS[0],
    }
    assert {row["state"] for row in rows} == {"passed", "flagged", "quarantined"}


def test_the_table_of_nothing_is_empty_and_long_openings_are_cut() -> None:
    assert drafts_table(samples.brief(status=RunStatus.FAILED)) == []
    [row] = drafts_table(samples.single("\n\n" + "word " * 100, state=State.READY))
    assert row["state"] == "ready"
    assert len(row["opening line"]) <= 100
    assert row["opening line"].endswith("…")


def test_nine_hundred_drafts_take_less_than_two_seconds() -> None:
    brief = samples.large()
    assert_takes_less_than(2, lambda: compiled(brief), before=counting._parsed.cache_clear)
    assert len(compiled(brief)) == 903


def test_a_file_is_made_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr("pressroom.reports.text.to_text", lambda draft: made.append(draft.file) or "")
    files = compile_brief(samples.realistic())
    names = [name for name, _ in islice(files, 4)]
    assert (names[:3], names[3:]) == (["brief.md", "brief.html", "brief.json"], made)
