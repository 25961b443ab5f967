"""Sources that are easily changed by reading them: each is read as its author's tool shows it, or the loss is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pressroom import sources
from pressroom.errors import SourceNeedsLogin, SourceUnreachable
from pressroom.model import Document
from pressroom.platforms import counting
from pressroom.sources import following
from pressroom.sources.readers import get
from pressroom.sources.readers.shared.facts import author_of, date_in
from pressroom.sources.readers.shared.page import CUT, LINKED
from pressroom.sources.shared.declare import Content

FAULTS = Path(__file__).parents[2] / "data" / "faults"
PROSE = "The workshop in Lund repairs about forty cargo bikes every month, and {} likes a test ride around the block. "


def page(inside: str, head: str = "") -> Document:
    data = f"<!doctype html><html><head><title>Bikes</title>{head}</head><body>{inside}</body></html>".encode()
    return get("html").read(Content(data, "page.html", "https://example.org/bikes", "text/html"))


def story(inside: str) -> Document:
    """A page whose article has `inside` between two paragraphs."""
    return page(f"<article><h1>Bikes</h1><p>{PROSE.format('Ann') * 2}</p>{inside}<p>{PROSE.format('Bo')}</p></article>")


def one(name: str) -> Document:
    [document] = sources.read(str(FAULTS / name)).documents
    return document


@pytest.fixture(autouse=True)
def no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of entries can't be reached: the feed's own text is read."""

    def fetch(address: str, **_: object) -> Content:
        raise SourceUnreachable(f"{address} does not answer.", hint="Try later.")

    monkeypatch.setattr(following, "fetch", fetch)


def test_a_raised_footnote_mark_is_not_part_of_the_number() -> None:
    for name in ("sup.html", "sup.md"):
        assert "Our site had 10⁶ visitors in 2025, and the sensor" in one(name).text
        assert "resolves 10⁻³ degrees" in one(name).text
    assert "grew by 15 percent" in one("sup.html").text


def test_a_footnote_mark_with_the_whole_address_of_its_page_goes() -> None:
    assert "visitors in 2025, and sales grew by 15% in a year of rain." in one("supabs.html").text


def test_a_sentence_keeps_every_element_in_it() -> None:
    assert "opens on 1 December 2026 at noon" in one("timeel.html").text
    assert "costs 0.022 euros, and a set lasts 4000 kilometres" in one("mathml.html").text
    shown = {
        "<label>Front</label> and <output>4</output> of <meter value=4>no</meter><data value=5>five</data>":
            "Front and 4 of five",
        "CO<sub>2</sub> over 60 m<sup>2</sup>, the 1<sup>st</sup>": "CO₂ over 60 m², the 1st",
        "<x-price>89 <x-unit>euros</x-unit></x-price> in <ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>":
            "89 euros in 東京（とうきょう）",
        "super<wbr>cali and wheel&shy;set <q>said</q> she": "supercali and wheelset “said” she",
        "<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></math> is":
            "x² = a/b is",
        r'<span class="math">\(E = mc^{2}\)</span> and \(a \times b\)': "E = mc² and a × b",
        '<span class="katex"><span class="katex-mathml"><math><semantics><mi>k</mi><annotation>k</annotation>'
        '</semantics></math></span><span class="katex-html" aria-hidden="true">k</span></span> once': "k once",
        'a note<a class="footnote-ref" href="#fn:1">2</a>, a mark<a href="#ref-7">[7]</a> and <a href="#a">a place</a>':
            "a note, a mark and a place",
    }  # fmt: skip
    for markup, text in shown.items():
        assert text in story(f"<p>See: {markup} here.</p>").text, markup


def test_every_kind_of_block_is_read() -> None:
    text = story(
        "<p>Short.</p><dl><dt>Rim</dt><dd>89 euros</dd></dl><details><summary>More</summary>Folded words.</details>"
        "<figure><img src=a.jpg><figcaption>The shop at six.</figcaption></figure><div>Loose words in a box.</div>"
        "<section class=footnotes><ol><li>Counted in May. <a href='#r1' role='doc-backlink'>↩</a></ol></section>"
    ).text
    for part in ("Short.", "- Rim: 89 euros", "More", "Folded words.", "The shop at six.", "Loose words in a box."):
        assert f"\n\n{part}\n\n" in text
    assert "- Counted in May." in text and "↩" not in text


def test_names_alone_take_nothing_out() -> None:
    assert [section.heading for section in one("sections.html").sections][1:] == [
        "Starting the newsletter", "What we bake on Fridays", "Cookies", "What we would leave out"
    ]  # fmt: skip
    assert counting.words(one("wpclass.html").text) > 70
    for name in (
        "related-work",
        "share-of-rye",
        "comments",
        "sidebar-design",
        "footer-notes",
        "author",
        "promotion",
        "social",
    ):
        heading = name.replace("-", " ").title()
        section = f"<section id={name} class='{name}'><h2>{heading}</h2><p>{PROSE.format(name)}</p></section>"
        assert PROSE.format(name).strip() in story(section).text, name


def test_what_is_no_part_of_an_article_is_left_out_and_told() -> None:
    document = story(
        "<div class='newsletter box'><p>Sign up for our letter.</p><form><input name=mail></form></div>"
        "<aside><p>Most read this week: the lighthouse.</p></aside>"
        "<div id=comments><h3>Comments</h3><div class=c><b>Cy</b><p>I like bikes too.</p></div><div class=c><p>So do "
        "I, and so do all my friends in town.</p></div><textarea></textarea></div>"
    )
    assert not any(words in document.text for words in ("Sign up", "lighthouse", "friends"))
    assert any("Sign up for our letter" in note for note in document.notes)


def test_hidden_text_is_left_out_and_told() -> None:
    head = "<style>.late, #tab2 { color: red; display : none } .tab { display:none } .tab.on { display: block }</style>"
    hidden = (
        "<p class=late>Gone one.</p><p style='left:-9999px'>Gone two.</p><p id=tab2>Gone three.</p>"
        "<p class=tab>Gone four.</p>"
    )
    document = page(
        f"<article><h1>B</h1><p>{PROSE.format('Ann') * 3}</p>{hidden}<p class='tab on'>Seen at last.</p></article>",
        head,
    )
    assert "Gone" not in document.text and "Seen at last." in document.text
    assert any(note.startswith("Hidden text: 8 words left out") for note in document.notes)


def test_a_form_for_signing_in_next_to_an_article_does_not_hide_it() -> None:
    form = "<form action=/login><input name=user><input type=password name=p></form>"
    document = page(
        f"{form}<article><h1>Bikes</h1><p>{PROSE.format('Ann') * 3}</p><p>{PROSE.format('Bo') * 3}</p></article>"
    )
    assert counting.words(document.text) > 100 and CUT in document.notes
    with pytest.raises(SourceNeedsLogin):
        page(f"{form}<p>{PROSE.format('Ann')}</p>")


def test_sentences_with_long_links_are_no_list_of_links() -> None:
    link = "a cargo bike with two boxes, four lamps and a bell of brass for the way to school"
    deal = f"<p>Deal {{}}: <a href='/{{}}'>{link}</a> at the store.</p>"
    document = page("<article><h1>Deals</h1>" + "".join(deal.format(n, n) for n in range(12)) + "</article>")
    assert document.text.count("at the store.") == 12 and LINKED in document.notes


def test_boxes_that_share_a_class_are_all_read() -> None:
    boxes = "".join(f"<div class='{'a b' if n < 2 else 'a'}'>{PROSE.format(f'number {n}')}</div>" for n in range(6))
    text = page(f"<div class=parent>{boxes}</div>").text
    assert [f"number {n} likes" in text for n in range(6)] == [True] * 6


def test_a_page_that_the_strict_choice_hardly_finds_is_tried_again() -> None:
    rows = "".join(f"<div class='widget-box'><span>{PROSE.format(f'number {n}')}</span></div>" for n in range(12))
    text = page(f"<div class='sidebar-menu'><p>{PROSE.format('Ann')}</p>{rows}</div>").text
    assert counting.words(text) > 200


def test_a_foot_that_repeats_the_head_of_a_table_is_left_out() -> None:
    head = "<tr><th>Pos</th><th>Player</th></tr>"
    table = f"<table><thead>{head}</thead><tbody><tr><td>1</td><td>Ann</td></tr></tbody><tfoot>{head}</tfoot></table>"
    text = story(table).text
    assert "- Pos: 1; Player: Ann" in text and "Pos: Pos" not in text
    rows = "<tr><td rowspan=2>May</td><td>4</td><td>5</td></tr><tr><td>6</td><td>7</td></tr>"
    spanned = f"<table><tr><th>Day</th><th colspan=2>Sold</th></tr>{rows}</table>"
    assert "- Day: May; Sold: 4; Sold: 5\n\n- Sold: 6; Sold: 7" in story(spanned).text


def test_markdown_is_read_as_its_authors_tool_shows_it() -> None:
    document = one("post.md")
    assert "as we wrote in spring" in document.text
    assert "Studded tyres cost 89 euros. H₂O and x² 🚲" in document.text
    assert "The shop at six in the morning" in document.text and "- Counted from January to October." in document.text
    assert not any(mark in document.text for mark in ("[[", "==", "~", "^", ":bike:", "{{", "wheel.png", "[x]"))
    assert "Text struck out or deleted: 1 word left out (“99”)." in document.notes
    assert "Marks of a site generator were left out: figure, include." in document.notes
    shown = {
        "> [!faq]- Why?\n> Because.": "Why?\n\nBecause.",
        "[[Note#Part]] and [[#Here]] %%not this%%.": "Note and Here .",
        "Costs $5 and $10, $x^2$, in $PATH:$HOME.": "Costs $5 and $10, x², in $PATH:$HOME.",
        "At 10:30:45 :+1: and `:bike:`.": "At 10:30:45 👍 and :bike:.", "A line. ^a1b2": "A line.",
        "!!! note \"Mind\"\n    The gap.": "Mind\n\nThe gap.", "Said[^9] so [@smith2020].": "Said so .",
        "::: warning Look out\nBelow.\n:::": "Look out\n\nBelow.", "Term\n: Said of it.": "- Term: Said of it.",
        "Twice[^1] told[^1].\n\n[^1]: Once.": "Twice told.\n\n- Once.", "a == b and c": "a == b and c",
    }  # fmt: skip
    for written, text in shown.items():
        assert get("markdown").read(Content(written.encode(), "a.md")).text == text, written


def test_entries_of_a_feed_with_one_link_are_told_apart_by_their_identity() -> None:
    documents = sources.read(str(FAULTS / "samelink.xml")).documents
    assert [document.title for document in documents] == ["Release 16", "Release 9", "Release 2"]
    assert [f"Issue {n} of" in document.text for n, document in zip((16, 9, 2), documents, strict=True)] == [True] * 3


def test_a_merge_of_entries_is_told() -> None:
    feed = (FAULTS / "samelink.xml").read_text().replace("diary-9", "diary-2").replace("diary-16", "diary-2")
    [document] = _of_feed(feed)
    assert "The feed gives it 3 times under one identity: the newest was read" in document.notes[-1]


def _of_feed(text: str) -> tuple[Document, ...]:
    return sources.read("-", stdin=text.encode).documents


def test_an_entry_of_a_feed_has_its_authors_day() -> None:
    assert one("tz.xml").date == dt.date(2026, 11, 3)
    entry = "<entry><title>Late</title><id>1</id>{}<content type='html'>{}</content></entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>D</title>{entry}</feed>"
    for dates in ("<updated>2026-11-05T00:30:00Z</updated><published>2026-11-03T23:30:00-08:00</published>",
                  "<updated>2026-11-03T00:30:00+09:00</updated>"):  # fmt: skip
        [document] = _of_feed(atom.format(dates, PROSE.format("Ann") * 4))
        assert document.date == dt.date(2026, 11, 3)


def test_a_date_in_an_address_is_a_guess_that_says_so() -> None:
    for place in (
        "https://a.example/2025/01/09/title",
        "posts/2025-01-09-title.md",
        "/x/2025/01/09/index.html",
        "20250109.txt",
    ):
        assert date_in(place) == dt.date(2025, 1, 9)
    assert date_in("https://a.example/2025/13/09/1234567890") is None
    dated, own = (
        Content(f"{front}\nSome words.".encode(), "2025-01-09-a.md") for front in ("", "---\ndate: 2024-01-01\n---")
    )
    document = get("markdown").read(dated)
    assert document.date == dt.date(2025, 1, 9)
    assert document.notes == ("Its date, 2025-01-09, is guessed from its address or file name.",)
    assert get("markdown").read(own).date == dt.date(2024, 1, 1) and not get("markdown").read(own).notes


def test_an_author_is_a_name_without_markup() -> None:
    for written in ("[Ann Lee](https://github.com/ann) (Acme)", "**Ann Lee**", "ann@example.org (Ann Lee)",
                    "Ann Lee <ann@example.org>",
                    '<a href="/ann">Ann Lee</a>', ["Ann Lee"], {"name": "Ann Lee"}):  # fmt: skip
        assert author_of(written) == "Ann Lee", written
    assert author_of(["[Ann](x)", "Bo (Acme)"]) == "Ann, Bo"


def test_a_long_title_stays_whole() -> None:
    title = "Why our workshop counts every bike " * 12
    for data, kind in (
        (f"---\ntitle: {title}\n---\nSome words.", "markdown"),
        (f"# {title}\n\nSome words.", "markdown"),
    ):
        assert get(kind).read(Content(data.encode(), "a")).title == title.strip()
