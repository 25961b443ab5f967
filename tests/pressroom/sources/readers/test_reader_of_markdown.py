"""Markdown: the prose, whatever a site generator has put around it and into it."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from pressroom.errors import SourceEmpty, SourceNoArticle, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers import get
from pressroom.sources.shared.declare import Content

POST = Path(__file__).parents[3] / "data" / "documents" / "post.mdx"


def read(text: str | bytes, address: str | None = None) -> Document:
    data = text.encode() if isinstance(text, str) else text
    return get("markdown").read(Content(data, address or "post.md", address))


@pytest.fixture(scope="module")
def post() -> Document:
    return read(POST.read_bytes())


def test_front_matter(post: Document) -> None:
    assert post.title == "Counting: a beginning"
    assert post.author == "Marta Ruiz, Peter Hollin"
    assert (post.date, post.language) == (dt.date(2024, 3, 11), "en-GB")
    assert post.address == "https://example.org/posts/counting"
    assert post.lead_image == "https://example.org/pictures/till.jpg"


def test_the_prose_and_nothing_else(post: Document) -> None:
    assert [section.heading for section in post.sections] == ["", "What we saw"]
    assert post.sections[0].text == "We put a notebook next to the till and waited.\n\nThe till"
    assert post.sections[1].text.split("\n\n") == [
        "- Rain costs 30 loaves.",
        "- Holidays cost nothing.",
        "- Except in May.",
        "“Bake for people’s hands.”",
        "- Month: May; Baked: 3,100; Left over: 41",
        "- Month: June; Baked: 2,950; Left over: 38",
        "Use the <Chart /> component, see https://example.net/charts. It was 19 loaves.",
        "Remember",
        "Read before you change.",
        "- The old one, from 1987.",
    ]


def test_links_and_notes(post: Document) -> None:
    assert post.links == (
        "https://example.org/notebooks",
        "https://example.org/may",
        "https://example.net/charts",
    )
    assert post.notes == (
        "Blocks of code were left out.",
        "Text struck out or deleted: 1 word left out (“20”).",
        "Marks of a site generator were left out: Chart, figure, include.",
    )


@pytest.mark.parametrize(
    ("block", "title"),
    [
        ('+++\ntitle = "Loaves"\ndate = 2024-03-11\nauthors = ["Ann", "Bo"]\n+++\n', "Loaves"),
        ("---\ntitle: Loaves\ndate: 2024-03-11\nauthor:\n  - Ann\n  - Bo\n---\n", "Loaves"),
        ('{\n"title": "Loaves", "date": "2024-03-11", "author": [{"name": "Ann"}, "Bo"]\n}\n', "Loaves"),
        ("Title: Loaves\nDate: 2024-03-11\nAuthor: Ann, Bo\n\n", "Loaves"),
        ("---\r\nTitle: 1.10\r\nDate: March 11, 2024\r\nAuthor: Ann, Bo\r\n---\r\n", "1.10"),
    ],
)
def test_every_kind_of_front_matter(block: str, title: str) -> None:
    document = read(f"{block}Some words below it.")
    assert (document.title, document.author, document.date) == (title, "Ann, Bo", dt.date(2024, 3, 11))
    assert document.text == "Some words below it."
    assert document.notes == ()


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("---\ntitle: [unclosed\nauthor: Ann\n---\n", "YAML"),
        ("---\ntitle: a: b: c\n---\n", "YAML"),
        ("---\n{{ title: {{ x }}\n---\n", "YAML"),
        ("+++\ntitle = unquoted words\n+++\n", "TOML"),
    ],
)
def test_front_matter_that_is_none_is_left_out_with_a_note(block: str, kind: str) -> None:
    document = read(f"{block}# Loaves\n\nSome words below it.")
    assert (document.title, document.text) == ("Loaves", "Some words below it.")
    assert document.notes == (f"The front matter is not valid {kind} and was left out.",)


def test_values_of_the_wrong_kind_are_passed_over() -> None:
    block = "---\ntitle: {a: 1}\nauthor: [[], {x: y}]\ndate: 2024-02-30\nlang: [a]\ncanonical: 'javascript:x'\n---\n"
    document = read(f"{block}Some words below it.")
    assert (document.title, document.author, document.date, document.language) == ("", "", None, "")
    assert (document.address, document.lead_image, document.notes) == (None, None, ())


def test_aliases_that_multiply_are_no_danger() -> None:
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))
    start = time.monotonic()
    assert read(f"---\na0: &a0 [x]\n{layers}\ntitle: Loaves\n---\nSome words.").title == "Loaves"
    assert time.monotonic() - start < 2


def test_prose_between_two_rules_stays() -> None:
    assert "A motto, no front matter" in read("---\n\nA motto, no front matter\n\n---\n\nSome words below it.").text


def test_title_from_the_first_heading_of_level_one() -> None:
    document = read("Before it.\n\n## Lower\n\n# Loaves\n\nAfter it.")
    assert document.title == "Loaves"
    assert [section.heading for section in document.sections] == ["", "Lower", "Loaves"]
    assert read("Only a paragraph of text.").title == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{< tweet user=x id=1 >}}Kept.", "Kept."),
        ("{{% notice %}}Kept.{{% /notice %}}", "Kept."),
        ("{% if x %}Kept{% endif %} {{ page.title | upcase }}.", "Kept ."),
        ("{% highlight ruby %}\nputs 1\n{% endhighlight %}\nKept.", "Kept."),
        ("Kept.{:.lead} And this{#here}.", "Kept. And this."),
        ("<Tabs items={['a > b', `c`]}>Kept.</Tabs>", "Kept."),
        ("<>Kept.</>", "Kept."),
        ("Kept <span style='x'>too</span><br/>here.", "Kept too here."),
        ("5 < 6 and a <b and {x} stay, `{{ code }}` too.", "5 < 6 and a <b and {x} stay, {{ code }} too."),
        ("import taxes on flour were raised from May.", "import taxes on flour were raised from May."),
        ("<p align='center'>Kept &amp; centred.</p>", "Kept & centred."),
        ("<details>\n<summary>Kept</summary>\n\nInside.\n</details>", "Kept\n\nInside."),
        ("> [!NOTE]\n> Kept.", "Kept."),
        ("<!-- a\n\nb -->Kept.", "Kept."),
        ("Kept \\*as\\* written &copy; and “quoted”.", "Kept *as* written © and “quoted”."),
        ("日本語の段落は\n改行で切れる。", "日本語の段落は改行で切れる。"),
    ],
)
def test_what_generators_add(written: str, shown: str) -> None:
    assert read(f"{written}\n\nLast.").text == f"{shown}\n\nLast."


def test_expressions_go_only_where_modules_are_imported() -> None:
    assert read("It is {props.n} loaves.").text == "It is {props.n} loaves."
    assert read("import a from './a'\n\nIt is {props.n} loaves.").text == "It is loaves."


def test_relative_links_need_an_address() -> None:
    assert read("See [here](/x).").links == ()
    assert read("See [here](/x).", "https://example.org/a/b.md").links == ("https://example.org/x",)


@pytest.mark.parametrize("data", ["", " \n\n", "---\ntitle: x\n---\n", "---\ntitle: x\n---\n\n \n"])
def test_empty(data: str) -> None:
    with pytest.raises(SourceEmpty):
        read(data)


@pytest.mark.parametrize("data", ["```\ncode\n```\n", "![a](b.png)\n", "<!-- a -->\n", "# A\n\n## B\n"])
def test_no_prose(data: str) -> None:
    with pytest.raises(SourceNoArticle):
        read(data)


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(500), b"\x00\x01\x02" * 99])
def test_binary_that_is_called_markdown(data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="is not text"):
        read(data)


@pytest.mark.parametrize(
    "monster",
    [
        "[" * 20_000,
        "<A " * 20_000,
        "`" * 20_001,
        "{{" * 20_000,
        "<!--" * 20_000,
        "> " * 5_000,
        "- " * 5_000,
        " " * 200_000 + "{",
        "*a **b " * 8_000,
        "<A x={" * 20_000,
        "{% comment %}" * 8_000,
        "<a " * 20_000,
        "import a\n" * 8_000,
        "|a" * 20_000 + "\n" + "|-" * 20_000,
        "[^a]:\n" * 10_000,
        "\u3000\n" * 30_000,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_a_monstrous_text_ends_soon(monster: str) -> None:
    start = time.monotonic()
    read(f"Some words.\n\n{monster}\n")
    assert time.monotonic() - start < 5
