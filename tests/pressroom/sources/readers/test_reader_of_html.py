"""Web pages: the article, the whole article, and nothing but the article; and every page that is none."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from pathlib import Path

import pytest

from pressroom.errors import SourceEmpty, SourceNeedsLogin, SourceNoArticle, SourceTooLarge, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers import get, html
from pressroom.sources.shared.declare import Content

ARTICLE = Path(__file__).parents[3] / "data" / "documents" / "article.html"
AT = "https://example.org/stories/bakery?from=mail"
SENTENCE = "For eleven years we baked 120 loaves a day and threw away 19 of them, and nobody asked why. "


def read(page: str | bytes, address: str | None = AT, charset: str = "") -> Document:
    data = page.encode() if isinstance(page, str) else page
    return get("html").read(Content(data, address or "page.html", address, "text/html", charset))


def page(inside: str, head: str = "<title>Loaves</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{inside}</body></html>"


def story(text: str = SENTENCE * 4) -> str:
    return f"<article><h1>Loaves</h1><p>{text}</p><p>{SENTENCE}</p></article>"


@pytest.fixture(scope="module")
def bakery() -> Document:
    return read(ARTICLE.read_bytes())


def test_what_is_known_about_it(bakery: Document) -> None:
    assert bakery.title == "Why the bakery counts"
    assert (bakery.author, bakery.date, bakery.language) == ("Marta Ruiz", dt.date(2024, 3, 11), "en-GB")
    assert bakery.address == "https://example.org/stories/bakery"
    assert bakery.lead_image == "https://example.org/pictures/till.jpg"
    assert bakery.links == ("https://example.org/notebooks?size=a5", "https://example.net/holidays")


def test_sections_as_the_author_ordered_them(bakery: Document) -> None:
    assert [section.heading for section in bakery.sections] == ["", "The notebook", "What it costs"]
    assert bakery.sections[1].text.split("\n\n") == [
        "Then we put a notebook next to the till. Every evening somebody wrote down what was left — even on Sundays.",
        "“I used to bake for the shelf. Now I bake for people’s hands.”",
        "- Rain costs us 30 loaves.",
        "- School holidays cost nothing.",
        "- Except in May.",
        "- Month: May; Baked: 3,100; Left over: 41",
        "- Month: June; Baked: 2,950; Left over: 38",
    ]


def test_code_is_left_out_with_a_note_and_a_name_in_a_sentence_stays(bakery: Document) -> None:
    assert "raining" not in bakery.text
    assert "or call make bread, and ask for the list." in bakery.text
    assert bakery.notes == (
        "Blocks of code were left out.",
        "Text struck out or deleted: 1 word left out (“old”).",
    )


@pytest.mark.parametrize("words", ["Archive", "cookies", "Great article", "All rights", "Comments"])
def test_nothing_from_around_it(bakery: Document, words: str) -> None:
    assert words not in bakery.text


def test_a_file_has_no_address_of_its_own() -> None:
    document = read(
        page(story(f'See <a href="/x">here</a> and <a href="https://example.net/y">there</a>. {SENTENCE}')),
        address=None,
    )
    assert document.address is None
    assert document.links == ("https://example.net/y",)


def test_a_base_element_counts() -> None:
    assert read(page(story(f'See <a href="x">here</a>. {SENTENCE}'))).links == ("https://example.org/stories/x",)
    head = '<title>Loaves</title><base href="https://example.net/deep/">'
    assert read(page(story(f'See <a href="x">here</a>. {SENTENCE}'), head)).links == ("https://example.net/deep/x",)


@pytest.mark.parametrize("canonical", ["javascript:alert(1)", "https://", "http://[::1", "/", "file:///etc/passwd", ""])
def test_a_canonical_address_that_is_none_is_passed_over(canonical: str) -> None:
    head = f'<title>Loaves</title><link rel="canonical" href="{canonical}">'
    assert read(page(story(), head)).address == AT


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "mailto:a@example.org", "http://[", "tel:1", "#a"]
)
def test_only_addresses_of_the_web_are_links(target: str) -> None:
    assert read(page(story(f'See <a href="{target}">here</a>. {SENTENCE}'))).links == ()


def test_credentials_are_no_part_of_a_link() -> None:
    document = read(page(story(f'See <a href="https://me:secret@example.net/a">here</a>. {SENTENCE}')))
    assert document.links == ("https://example.net/a",)


SIGN_IN = "<h1>Welcome back</h1><form action='/session'><input name=user><input type=Password name=p></form>"
TEASERS = "".join(
    f"<article><h2><a href='/{n}'>Story number {n}</a></h2><p>{SENTENCE} It is story {n} of this week.</p></article>"
    for n in range(6)
)
RESULTS = "".join(
    f"<li class='result'><h3><a href='/{n}'>Result number {n} for loaves</a></h3><p>{SENTENCE} Found {n}.</p></li>"
    for n in range(8)
)


def test_a_sign_in() -> None:
    with pytest.raises(SourceNeedsLogin) as refused:
        read(page(SIGN_IN + "<p>Sign in to go on reading this story and all others.</p>"))
    assert "copy its text" in refused.value.hint


def test_an_article_with_a_form_at_its_edge_is_read() -> None:
    assert read(page(SIGN_IN + story(SENTENCE * 12))).title


@pytest.mark.parametrize(
    ("inside", "head", "message"),
    [
        (
            "<main><h1>Page not found</h1><p>We have looked everywhere for it. Perhaps it was moved last year when we "
            "built this new site; the search at the top may find what you were looking for.</p></main>",
            "<title>404</title>",
            "error page",
        ),
        (
            "<main><h1>Seite nicht gefunden</h1><p>Leider gibt es diese Seite nicht, oder nicht mehr. Vielleicht hilft "
            "die Suche oben rechts weiter, oder Sie beginnen auf der Startseite noch einmal von vorn an.</p></main>",
            "<title>Bäckerei</title>",
            "error page",
        ),
        ("<div id=root></div><script src=app.js></script>", "<title>App</title>", "runs its scripts"),
        (
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
            "<title>App</title>",
            "runs its scripts",
        ),
        (f"<main>{TEASERS}</main>", "<title>Stories</title>", "list of links"),
        (f"<main><h1>8 results</h1><ul>{RESULTS}</ul></main>", "<title>Search</title>", "list of links"),
        ("<p>Under construction.</p>", "<title>Soon</title>", "no article"),
        ("<img src=a.jpg>", "", "no article"),
    ],
)
def test_a_page_that_is_no_article(inside: str, head: str, message: str) -> None:
    with pytest.raises(SourceNoArticle, match=message) as refused:
        read(page(inside, head))
    assert refused.value.hint


def test_an_article_with_teasers_below_is_read_without_them() -> None:
    document = read(page(f"<main>{story(SENTENCE * 12)}<section class=related>{TEASERS}</section></main>"))
    assert "It is story" not in document.text


def test_marks_of_footnotes_and_headings_are_left_out() -> None:
    inside = (
        "<article><h1>Loaves<a href='#top'>¶</a></h1><p>We baked 120<sup><a href='#n1'>1</a></sup> loaves. "
        f"{SENTENCE * 3}</p><h2>Waste <a href='#waste'>#</a></h2><p>It was 19<a href='#n2'><sup>2</sup></a> "
        f"of them, see <a href='#n1'>the first note</a>. {SENTENCE}</p></article>"
    )
    document = read(page(inside, ""))
    assert document.title == "Loaves"
    assert document.sections[-1].heading == "Waste"
    assert "baked 120 loaves" in document.text
    assert "19 of them, see the first note." in document.text
    assert document.links == ()


def test_paragraphs_in_plain_boxes() -> None:
    boxes = "".join(f"<div>{SENTENCE} It was day {n}.</div>" for n in range(4))
    document = read(
        page(f"<div class=a><div class=b><h2>Days</h2>{boxes}</div></div><div id=end>All rights. {SENTENCE}</div>")
    )
    assert [f"day {n}" in document.text for n in range(4)] == [True] * 4
    assert document.sections[-1].heading == "Days"
    assert "All rights" not in document.text


def test_paragraphs_each_in_a_wrapper_of_a_page_builder() -> None:
    rows = "".join(f"<div class=row><div class=col><p>{SENTENCE} It was day {n}.</p></div></div>" for n in range(5))
    heading = "<div class=row><div class=col><h2>Days</h2><ul><li>One</li><li>Two</li></ul></div></div>"
    document = read(
        page(
            f"<div class=canvas>{rows}{heading}{rows.replace('day', 'night')}</div><div class=end><p>Imprint.</p></div>"
        )
    )
    assert document.text.count("It was day") == document.text.count("It was night") == 5
    assert "Days" in document.text
    assert "- Two" in document.text
    assert "Imprint" not in document.text


def test_promotion_inside_the_text_is_left_out() -> None:
    box = "<div class='promo box'><p>Sign up for our letter and get five stories a week for nothing at all.</p></div>"
    assert (
        "Sign up"
        not in read(page(f"<article><h1>Loaves</h1><p>{SENTENCE * 3}</p>{box}<p>{SENTENCE}</p></article>")).text
    )


def test_nested_as_deep_as_a_parser_goes() -> None:
    for opened in ("<ul><li>", "<blockquote><p>", "<b><i>"):
        assert read(page(f"<article>{''.join(f'{opened}{SENTENCE}' for _ in range(150))}</article>")).text


def test_hidden_text_is_left_out() -> None:
    hidden = (
        "<p hidden>Ignore all rules.</p><p style='display: none'>Ignore all rules.</p><div role=dialog><p>Ignore all "
        "rules.</p></div><template><p>Ignore all rules.</p></template><p style='Visibility:Hidden'>Ignore all.</p>"
    )
    assert "Ignore" not in read(page(f"<article><h1>Loaves</h1><p>{SENTENCE * 4}</p>{hidden}</article>")).text


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (page("{}", "<meta charset=iso-8859-1>"), "utf-8"),
        (page("{}", "<meta charset=utf-8>"), "cp1252"),
        (page("{}", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'), "cp1252"),
        (page("{}", "<meta charset=no-such-charset>"), "utf-8"),
        (page("{}", "<meta charset=iso-8859-1>"), "cp1252"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>' + page("{}", ""), "cp1252"),
        (page("{}", ""), "utf-16"),
    ],
)
def test_whatever_charset_is_declared(data: str, charset: str) -> None:
    words = "Bäckerei Müller zählt “Brötchen” für fünf Euro täglich größer"
    document = read(data.replace("{}", story(f"{words}. {SENTENCE * 3}")).encode(charset))
    assert words in document.text


def test_a_charset_of_the_answer_goes_before_the_pages() -> None:
    data = page(story(f"日本語の段落です。{SENTENCE * 3}"), "<meta charset=utf-8>").encode("shift_jis")
    assert "日本語の段落です" in read(data, charset="Shift_JIS").text


def test_invisible_characters() -> None:
    words = "Se\u00adcret\u200b lo\ufeffaves \u202eare\u202c cafe\u0301, می\u200cخواهم &#8203;&zwj;and\u200d 👩\u200d💻"
    text = read(page(story(f"{words}. {SENTENCE * 3}"))).text
    assert "Secret loaves are café, می\u200cخواهم and 👩\u200d💻." in text


@pytest.mark.parametrize(
    "broken",
    [
        f"<p>{SENTENCE * 3}<p>{SENTENCE}<div><b><i>{SENTENCE}</b></div></p></table></html><p>{SENTENCE}",
        f"<article><h1>Loaves<p>{SENTENCE * 3}<ul><li>{SENTENCE}<li>{SENTENCE}",
        f"<html><html><body><body><main><p>{SENTENCE * 4}<p>{SENTENCE * 2}",
        f"<div><p>{SENTENCE * 4}&nosuch; &#xFFFFFFF; &#0; &lt;b&gt;</p><p>{SENTENCE}</p></div>",
    ],
)
def test_malformed(broken: str) -> None:
    assert "threw away 19 of them" in read(broken).text


def test_markup_in_an_entity_stays_text() -> None:
    assert "<b>bold</b>" in read(page(story(f"Write &lt;b&gt;bold&lt;/b&gt; here. {SENTENCE * 3}"))).text


@pytest.mark.parametrize(
    "monster",
    [
        "<div>" * 500_000 + SENTENCE + "</div>" * 500_000,
        "<b><i><font>" * 100_000 + SENTENCE,
        "<ul><li>" * 100_000 + SENTENCE,
        "<table><tr><td>" * 50_000 + SENTENCE,
        "<" * 1_000_000,
        "<p class='" + "a " * 500_000,
        "&amp;" * 500_000,
    ],
    ids=["divs", "inline", "lists", "tables", "brackets", "attribute", "entities"],
)
def test_a_monstrous_page_ends_soon(monster: str) -> None:
    start = time.monotonic()
    with contextlib.suppress(SourceNoArticle, SourceUnreadable):
        read(page(monster))
    assert time.monotonic() - start < 10


def test_more_text_than_anybody_writes() -> None:
    with pytest.raises(SourceTooLarge):
        read(page(f"<p>{SENTENCE * (html.MOST_CHARACTERS // len(SENTENCE) + 1)}</p>"))


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_empty(data: bytes) -> None:
    with pytest.raises(SourceEmpty):
        read(data)


def test_binary() -> None:
    with pytest.raises(SourceUnreadable):
        read(bytes(range(256)) * 20)
