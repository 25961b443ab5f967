"""The pages: every article in every layout, each with the text a reader would call the article."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from re import sub
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

HERE = Path(__file__).parent
HELD_OUT = "held_out_"


@dataclass(frozen=True)
class Page:
    """`golds`: headings, paragraphs, items and rows in order, one a line; neither the title nor code.

    A row may be written as its cells, or each cell after the name of its column: either is right.
    """

    name: str
    layout: str
    language: str
    html: str
    golds: tuple[str, str]


def pages(*, held_out: bool) -> list[Page]:
    """The pages the reader was tuned on, or those it never saw before it was finished."""
    layouts = sorted(path.stem for path in (HERE / "layouts").glob("[!_]*.html"))
    articles = [tomllib.loads(path.read_text("utf-8")) | {"name": path.stem} for path in _articles()]
    chosen = [layout for layout in layouts if layout.startswith(HELD_OUT) == held_out]
    return [_page(layout, article) for layout in chosen for article in articles]


def _articles() -> list[Path]:
    return sorted((HERE / "articles").glob("*.toml"))


def _page(layout: str, article: dict[str, Any]) -> Page:
    blocks = [_markup(kind, inside) for kind, inside in article["blocks"]]
    words = tomllib.loads((HERE / "words.toml").read_text("utf-8"))[article["language"]]
    headings = [inside for kind, inside in article["blocks"] if kind in ("h2", "h3")]
    html = Environment(loader=FileSystemLoader(HERE / "layouts"), autoescape=True).get_template(f"{layout}.html")
    rendered = html.render(
        a=article | {"headings": headings},
        w=words,
        body=Markup("\n".join(blocks)),
        first=Markup("\n".join(blocks[:3])),
        rest=Markup("\n".join(blocks[3:])),
        blocks=blocks,
    )
    return Page(
        name=f"{layout}/{article['name']}",
        layout=layout,
        language=article["language"],
        html=rendered,
        golds=(_gold(article, named=False), _gold(article, named=True)),
    )


def _gold(article: dict[str, Any], *, named: bool) -> str:
    return "\n".join(_plain(kind, inside, named=named) for kind, inside in article["blocks"] if kind != "code")


def _markup(kind: str, inside: Any) -> str:
    if kind in ("ul", "ol"):
        return f"<{kind}>{''.join(f'<li>{item}</li>' for item in inside)}</{kind}>"
    if kind == "quote":
        return f"<blockquote><p>{inside}</p></blockquote>"
    if kind == "code":
        return f"<pre><code>{inside}</code></pre>"
    if kind == "table":
        head, *rows = inside
        cells = "".join(f"<th>{cell}</th>" for cell in head)
        return f"<table><tr>{cells}</tr>{''.join(_row(row) for row in rows)}</table>"
    return f"<{kind}>{inside}</{kind}>"


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _plain(kind: str, inside: Any, *, named: bool) -> str:
    if kind in ("ul", "ol"):
        return "\n".join(inside)
    if kind == "table":
        head, *rows = inside
        lines = [[f"{name}: {cell}" for name, cell in zip(head, row, strict=True)] for row in rows] if named else inside
        return "\n".join("\n".join(line) for line in lines)
    return unescape(sub(r"<[^>]+>", "", inside))
