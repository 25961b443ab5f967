"""`brief.html`: one page, whole by itself, whatever a draft holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.model import Brief, BriefIdea, RunStatus, State
from pressroom.reports.html import pieces_of
from tests.pressroom.reports import compiler_samples as samples

VOID = {"meta", "input", "br", "link", "img"}
RTL = "سألنا من يعملون ليلاً.\n\nOne English line."
CJK = "夜勤の人たち 🚀👩🏽‍💻"


def to_html(brief: Brief) -> str:
    return "".join(pieces_of(brief))


class Page(HTMLParser):
    """Elements with their attributes, and the text of those with a class of interest. Fails on a tag left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.drafts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if dict(attrs).get("class") == "text":
            self.drafts.append("")

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if self.elements and self.open and self.elements[-1][1].get("class") == "text" and self.open[-1] == "div":
            self.drafts[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def classed(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if name in (attributes.get("class") or "").split()]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(to_html(samples.realistic()))


def test_the_page_needs_nothing_else(page: Page) -> None:
    assert not {"link", "img", "iframe", "object", "form[action]"} & {tag for tag, _ in page.elements}
    assert not [attributes for _, attributes in page.elements if attributes.get("src")]
    assert "@import" not in to_html(samples.realistic())
    assert "url(" not in to_html(samples.realistic())
    [policy] = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_draft_is_a_card_with_label_and_counts(page: Page) -> None:
    html = to_html(samples.realistic())
    assert len(page.classed("card")) == 15
    assert len(page.classed("quarantined")) >= 2
    for said in (
        "Quarantined because",
        "64 words; at least 150 are needed.",
        "Looks like a telephone number",
        "Made without a model",
        "179 words, 986 characters",
        "anthropic, claude-sonnet-4-5, asked once",
        "openai has no credits left.",
        "Partly completed",
        "8 of 9 expectations hold",
    ):
        assert said in html


def test_the_first_comment_stands_apart(page: Page) -> None:
    assert len(page.classed("apart")) == 4


def test_the_page_has_landmarks_language_and_headings_in_order(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    for landmark in ("main", "nav", "header"):
        assert page.all(landmark)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    targets = {str(link["href"])[1:] for link in page.all("a") if str(link["href"]).startswith("#")}
    assert len(ids) == len(set(ids))
    assert targets <= set(ids)
    named = {
        str(attributes[key]) for _, attributes in page.elements for key in ("aria-labelledby",) if key in attributes
    }
    assert named <= set(ids)


def test_a_quarantined_draft_has_no_copy_button() -> None:
    assert not Page(to_html(samples.all_quarantined())).classed("copy")
    assert Page(to_html(samples.single("x"))).classed("copy") == [
        {"type": "button", "class": "copy", "hidden": None, "aria-label": "Copy Post of LinkedIn post"}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</div></article><h1>x",
        '" onclick="x',
        "<img src=x onerror=y>",
        "{{ 7 * 7 }}",
        "&lt;",
    ],
)
def test_a_draft_is_only_ever_text(text: str) -> None:
    plain, odd = Page(to_html(samples.single("x"))), Page(to_html(samples.single(text)))
    assert [tag for tag, _ in odd.elements] == [tag for tag, _ in plain.elements]
    assert odd.drafts == [text]


@settings(max_examples=30)
@given(st.text(min_size=1).filter(str.strip))
def test_any_text_anywhere_leaves_the_page_whole(text: str) -> None:
    only = samples.single(text, title=text, provider=text, model=text, format_title=text).ideas[0]
    idea = only.model_copy(update={"description": text, "category": text})
    brief = samples.brief((idea,), workspace=text, focus=text, chain=(text,), trigger=text, run_id=text)
    assert len(Page(to_html(brief)).all("article")) == 1


@pytest.mark.parametrize("text", [RTL, CJK, "  leading\n\n  and inner spaces"])
def test_drafts_keep_their_letters_and_find_their_own_direction(text: str) -> None:
    page = Page(to_html(samples.single(text)))
    assert page.drafts == [text]
    [block] = page.classed("text")
    assert (block["dir"], block["lang"]) == ("auto", "")


@pytest.mark.parametrize("docs", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_addresses_no_browser_should_follow_are_no_links(docs: str) -> None:
    brief = samples.realistic()
    assert brief.gate
    odd = brief.model_copy(update={"gate": brief.gate.model_copy(update={"docs": docs})})
    assert "Data Docs" not in to_html(odd)


def test_states_of_nothing() -> None:
    assert "The run failed before any idea was kept." in to_html(samples.brief(status=RunStatus.FAILED))
    assert "The run is still at work" in to_html(samples.brief(status=RunStatus.RUNNING))
    bare = BriefIdea(position=1, title="t", description="d", category="c", drafts=())
    assert "No draft was made from this idea." in to_html(samples.brief((bare,)))
    assert len(Page(to_html(samples.failures_only())).classed("card")) == 9
    assert "This draft holds no text." in to_html(samples.single("", parts=()))
    assert "This part is empty." in to_html(samples.single(" "))


def test_many_ideas_are_folded_and_say_what_is_inside() -> None:
    brief = samples.large(20)
    bad = brief.ideas[2].drafts[0].model_copy(update={"state": State.QUARANTINED})
    idea = brief.ideas[2].model_copy(update={"drafts": (bad, *brief.ideas[2].drafts[1:])})
    html = to_html(samples.brief((*brief.ideas[:2], idea)))
    assert '<details class="idea" open>' in html
    html = to_html(samples.brief((*brief.ideas[:2], idea, *brief.ideas[3:])))
    assert '<details class="idea" open>' not in html
    assert "9 drafts, 1 needs a person" in html


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_read(scheme: int) -> None:
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", to_html(samples.brief()))
    names = [name for name, _ in found]
    colours = dict(found[: names.index("page", 1)] if scheme == 0 else found[names.index("page", 1) :])
    pairs = [(text, ground) for text in ("ink", "soft", "link") for ground in ("page", "sheet", "well")]
    pairs += [(state, ground) for state in ("good", "warn", "bad", "calm") for ground in (f"{state}-wash", "page")]
    pairs += [("ink", f"{state}-wash") for state in ("good", "warn", "bad")]
    for text, ground in pairs:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_the_page_is_one_brief() -> None:
    brief: Brief = samples.realistic()
    assert f"<title>Monday, 9 November 2026: {brief.workspace}</title>" in to_html(brief)
