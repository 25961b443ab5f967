"""`brief.md`: what stands in it, and that nothing in a draft can change the page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pressroom.model import Brief, Failure, RunStatus, State
from pressroom.reports.escape import inline, quote
from pressroom.reports.html import pieces_of
from pressroom.reports.markdown import to_markdown
from tests.pressroom.reports import compiler_samples as samples

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# Everything Markdown cares about, much more often than chance would have it.
TRICKY = st.text(st.one_of(st.sampled_from("#*_`~|<>[]()!&;:=+-.\\ \t\n0123$\"'ab"), st.characters(codec="utf-8")))
ATTACKS = [
    "# x",
    "#tag at the start",
    "title\n===",
    "title\n---",
    "```\ncode",
    "~~~\ncode",
    "    indented",
    "| a | b |\n|---|---|\n| c | d |",
    "a\n:-",
    "- one\n- two\n+ three\n* four",
    "1. one\n2) two",
    "> quoted",
    "[click](javascript:alert(1))",
    "![image](https://example.com/x.png)",
    "[ref]: https://example.com\n[ref]",
    "<script>alert(1)</script>",
    "<!-- comment",
    "<b>bold</b> **bold** __bold__ _it_ *it* ~~gone~~ ``code``",
    "&lt;b&gt; &copy; &#35; &amp;",
    "ends in a backslash \\",
    "\\# escaped already",
    "***",
    "$x^2$ and $5",
]


class Page(HTMLParser):
    """Tags and words of a page as a browser would have them."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(READER.render(markdown))
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data) -> None:
        self.text += data


def visible(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]", "", text).split())


@pytest.mark.parametrize("text", ATTACKS)
def test_known_tricks_are_read_as_text(text: str) -> None:
    page = Page(quote(text))
    # An address leads where it says, and nowhere else.
    assert set(page.tags) <= {"blockquote", "p", "br", *(["a"] if "https://" in text else [])}
    assert set(page.links) <= {"https://example.com", "https://example.com/x.png"}
    assert visible(page.text) == visible(text)


@given(TRICKY)
def test_any_text_is_read_as_text(text: str) -> None:
    page = Page(quote(text))
    assert set(page.tags) <= {"blockquote", "p", "br"}
    assert visible(page.text) == visible(text)


@given(TRICKY)
def test_any_title_and_cell_is_read_as_text(text: str) -> None:
    heading, table = Page(f"## {inline(text)}"), Page(f"| a | b |\n|---|---|\n| x | {inline(text)} |")
    assert set(heading.tags) == {"h2"}
    assert visible(heading.text) == visible(text)
    assert "".join(table.text.split()) == "abx" + "".join(visible(text).split())
    assert table.tags.count("td") == 2


def test_lines_and_paragraphs_stay_apart() -> None:
    page = Page(quote("one\ntwo\n\n\nthree"))
    assert page.tags == ["blockquote", "p", "br", "p"]
    assert quote("one\ntwo\n\nthree") == "> one  \n> two\n>\n> three"
    assert quote(" \n ") == ""


@pytest.mark.parametrize("link", ["https://example.com/a_b*c~d?x=1&copy=2#e", "http://example.com/(x)/y"])
def test_addresses_stay_whole(link: str) -> None:
    shown = quote(f"See {link}, and ({link}).")
    assert shown.count(f"<{link}>") == 2
    assert Page(shown).tags.count("a") == 2


def headings(markdown: str) -> list[tuple[int, str]]:
    return [(len(marks), title) for marks, title in re.findall(r"^(#+) (.*)$", markdown, re.MULTILINE)]


def test_the_page_reads_from_day_to_draft() -> None:
    markdown = to_markdown(samples.realistic())
    found = headings(markdown)
    assert found[:3] == [
        (1, "Monday, 9 November 2026"),
        (2, "Needs a person"),
        (2, "1. The night shift knows your data best"),
    ]
    assert [level for level, _ in found].count(3) == 15
    assert (3, "LinkedIn post: quarantined") in found
    assert (3, "X thread: flagged") in found
    assert (3, "Instagram reel: not made") in found
    assert "Northwind Data: partly completed" in markdown
    assert "12 passed, 1 flagged for a person, 1 quarantined, 1 not made" in markdown


def test_the_page_says_why_who_and_where() -> None:
    markdown = to_markdown(samples.realistic())
    for said in (
        "**Quarantined because:**\n\n- 64 words; at least 150 are needed.",
        "**Flagged because:**\n\n- In post 3: Looks like a telephone number",
        "openai has no credits left. (CHAIN_EXHAUSTED)",
        "**Made without a model.**",
        "anthropic, claude-sonnet-4-5, asked 3 times",
        "[Text file](drafts/01-linkedin_post-the-night-shift-knows-your-data-best.txt)",
        "[Data Docs](../data-docs/index.html)",
        "17 made, 0 reused",
        "16,842 in, 5,432 out",
        "8 of 9 expectations hold",
    ):
        assert said in markdown
    assert Page(markdown).tags.count("table") == 1


def test_links_can_be_made_absolute() -> None:
    markdown = to_markdown(samples.realistic(), base="https://files.example/brief/")
    assert "(https://files.example/brief/drafts/01-x_thread-" in markdown
    assert "(https://files.example/brief/brief.html)" in markdown


def test_addresses_no_browser_should_follow_are_no_links() -> None:
    brief = samples.realistic()
    assert brief.gate
    odd = brief.model_copy(update={"gate": brief.gate.model_copy(update={"docs": "javascript:alert(1)"})})
    assert "javascript" not in to_markdown(odd)


def test_an_attack_leaves_the_headings_alone() -> None:
    text = "\n".join(ATTACKS)
    brief = samples.single(text, title="# x\n## [y](z) | <b>")
    assert [level for level, _ in headings(to_markdown(brief))] == [1, 2, 3]
    assert not {"script", "b", "img", "pre", "code", "hr"} & set(Page(to_markdown(brief)).tags)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (RunStatus.FAILED, "The run failed before any idea was kept."),
        (RunStatus.RUNNING, "The run is still at work"),
        (RunStatus.COMPLETED, "The run kept no idea."),
    ],
)
def test_a_brief_of_nothing_says_so(status: RunStatus, said: str) -> None:
    assert said in to_markdown(samples.brief(status=status))


def test_everything_quarantined_is_never_called_passed() -> None:
    markdown = to_markdown(samples.all_quarantined())
    assert "14 drafts: 14 quarantined." in markdown
    assert ": passed" not in markdown
    assert re.search(r"\| Passed +\| 0 ", markdown)


def test_failures_are_listed_even_without_their_idea() -> None:
    lost = Failure(idea_position=9, idea_title="Lost", format="own_format", code="X", reason="It broke.")
    brief: Brief = samples.brief(failures=(lost,), status=RunStatus.FAILED)
    assert "- **Not made**: Lost, Own format. It broke. (X)" in to_markdown(brief)
    assert to_markdown(samples.failures_only()).count(": not made") == 9


def test_an_idea_without_drafts_says_so() -> None:
    idea = samples.realistic().ideas[0].model_copy(update={"drafts": ()})
    assert "No draft was made from this idea." in to_markdown(samples.brief((idea,)))


def test_review_states_are_named() -> None:
    assert "LinkedIn post: ready" in to_markdown(samples.single("x", state=State.READY))
    assert "edited, flagged" in to_markdown(samples.single("x", state=State.EDITED, findings=(samples.TELEPHONE,)))


def test_the_brief_says_what_of_a_document_was_not_read() -> None:
    brief = samples.failures_only(1)
    note = "Hidden text: 2 words left out (“Fewer bees”)."
    brief = brief.model_copy(update={"ideas": (brief.ideas[0].model_copy(update={"notes": (note,)}),)})
    assert note in to_markdown(brief)
    assert note in "".join(pieces_of(brief))
