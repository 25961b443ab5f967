"""What authors' tools show and a reader must not lose, join or certify: prices, layers, notations, columns, titles."""

from __future__ import annotations

import pytest

from pressroom.model.documents import Document
from pressroom.sources import feeds, readers
from pressroom.sources.shared.declare import Content

FILLER = "The workshop repairs forty cargo bikes every month, and each is sent around the block before it leaves."


def _read(kind: str, text: str) -> Document:
    return readers.get(kind).read(Content(text.encode(), f"example.{kind}", "https://example.net/a"))


def _page(body: str) -> Document:
    return _read(
        "html",
        "<html lang=en><title>Bikes</title><body><article><h1>Bikes</h1>"
        f"{body}<p>{FILLER}</p><p>{FILLER}</p></article>",
    )


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("It costs 9<sup>99</sup> euros now.", "It costs 9.99 euros now."),
        ("It costs $5<sup>99</sup>.", "It costs $5.99."),
        ("It opens at 12<sup>30</sup> h.", "It opens at 12:30 h."),
        ("It costs $40<sup>12</sup> today.", "It costs $40 today."),
        ("In 2025<sup>12</sup> it rained.", "In 2025 it rained."),
        ("Take 1<sup>1</sup>/<sub>2</sub> cups.", "Take 1 1/2 cups."),
        ("The oﬃce is on the ﬁrst ﬂoor.", "The office is on the first floor."),
    ],
)
def test_raised_cents_and_minutes_halves_and_ligatures_are_read_as_they_look(markup: str, shown: str) -> None:
    assert shown in _page(f"<p>{markup}</p>").text


def test_a_gauge_is_drawn_and_its_words_are_told() -> None:
    document = _page("<p>A pool is <meter value=0.6>sixty percent</meter> full.</p>")
    assert "sixty" not in document.text
    assert any("“sixty percent”" in note for note in document.notes)


@pytest.mark.parametrize(
    "style",
    [
        "opacity:0",
        "opacity: 0.0; color: red",
        "height:0;overflow:hidden",
        "width:0px; overflow: clip",
        "transform:scale(0)",
    ],
)
def test_text_without_ink_or_room_is_hidden(style: str) -> None:
    document = _page(f'<p>Shown <span style="{style}">secret</span> words.</p>')
    assert "secret" not in document.text
    assert any("secret" in note for note in document.notes)


@pytest.mark.parametrize(
    "style", ["opacity:0;transform:translateY(20px)", "opacity:0.5", "height:0", "opacity:0;transition:1s"]
)
def test_text_that_appears_while_a_page_is_read_is_shown(style: str) -> None:
    assert "words that appear" in _page(f'<p style="{style}">Here are words that appear.</p>').text


def test_a_shadow_of_an_element_is_read_in_place() -> None:
    shadow = "<p>Words before.</p><slot></slot><p>Words after.</p>"
    text = _page(f"<div><template shadowrootmode=open>{shadow}</template><p>Own words.</p></div>").text
    assert text.index("Words before.") < text.index("Own words.") < text.index("Words after.")


MARKDOWN = {
    "proof marks": ("It is {++new++} and {~~old~>fresh~~}{>>why<<}, {==marked==}.", "It is new and fresh, marked."),
    "keys": ("Press ++Ctrl+Alt++ or ++enter++, not C++ and i++.", "Press Ctrl+Alt or enter, not C++ and i++."),
    "icons and attributes": ("A :material-star: [button](https://x.net){ .md-button } here.", "A button here."),
    "spans": ("A [small]{.smallcaps} word.", "A small word."),
    "roles": ("See {ref}`the page <p>` on H{sub}`2`O, 10{sup}`6`.", "See the page on H₂O, 10⁶."),
    "directives": ("```{note}\nWords of a note.\n```", "Words of a note."),
    "titled directives": ("```{admonition} Its title\n:class: x\n\nWords of it.\n```", "Its title\n\nWords of it."),
    "examples": ("(@one) An example of words.", "- An example of words."),
    "lines": ("| Line one of it\n| line two of it", "Line one of it line two of it"),
    "grids": (
        "+-----+-----+\n| Kind | Price |\n+=====+=====+\n| Tyre | 89 |\n| set |  |\n+-----+-----+",
        "- Kind: Tyre set; Price: 89",
    ),
    "abbreviations": ("The WHO said so.\n\n*[WHO]: World Health Organization", "The WHO said so."),
    "strings": ("import X from 'x'\n\nA {'braced'} word, {\" \"}and one more.", "A braced word, and one more."),
    "shortcodes": ('{{% details "Its summary" %}}inside words{{% /details %}}', "Its summary\n\ninside words"),
    "a year that looks like a number": ("1986. A great year it was.", "- 1986. A great year it was."),
    "a day that looks like a number": ("3. Oktober 1990 war ein Mittwoch.", "- 3. Oktober 1990 war ein Mittwoch."),
    "code": ("Write `{++a++}` and `++b++` so.", "Write {++a++} and ++b++ so."),
}


def test_notations_of_writing_tools_are_read_as_they_are_shown() -> None:
    wrong = {}
    for name, (written, shown) in MARKDOWN.items():
        text = _read("markdown", f"# Bikes\n\n{written}\n\n{FILLER}\n").text
        if text != f"{shown}\n\n{FILLER}":
            wrong[name] = text
    assert wrong == {}


def test_what_a_notation_takes_out_is_told() -> None:
    for written, told in (
        ("Words {--gone--} here.", "“gone”"),
        ("import X from 'x'\n\nValue {props.x} here.", "{props.x}"),
        ('Words {{% box "with a text" %}}inside{{% /box %}} here.', "box"),
        ("The WHO.\n\n*[WHO]: World Health Organization", "abbreviations"),
    ):
        notes = _read("markdown", f"# Bikes\n\n{written}\n\n{FILLER}\n").notes
        assert any(told in note for note in notes), written


def test_lines_with_per_cent_signs_at_the_top_are_title_author_and_date() -> None:
    document = _read("markdown", f"% Forty bikes\n% Ann Lee; Bo Ek\n% 9 January 2025\n\n{FILLER}\n")
    assert (document.title, document.author, str(document.date)) == ("Forty bikes", "Ann Lee, Bo Ek", "2025-01-09")
    assert document.text == FILLER


def test_a_title_of_a_feed_keeps_its_raised_and_lowered_letters_in_the_word() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>D</title><entry><id>a</id><title type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml">More CO<sub>2</sub> in 10<sup>6</sup> <em>vis</em>its</div></title>'
        f'<summary type="text">5 &lt;a and b&gt; 3: {FILLER}</summary></entry></feed>'
    )
    (entry,) = feeds.entries(Content(feed.encode(), "feed", None), most=1).entries
    assert entry.title == "More CO₂ in 10⁶ visits"
    assert "5 &lt;a and b&gt; 3" in entry.html
