"""Makes freshly built Data Docs a site that loads nothing from other hosts.

As built, every page loads style sheets and scripts from seven foreign hosts and a logo from an eighth, shows an empty
index without them, and is accompanied by 4 MB of animations and fonts that no page uses.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

STYLE = "pressroom.css"
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' data: file:; "
    "style-src 'self' file: 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
)
"""The content policy of a page, wherever it is opened: no script, nothing from outside."""

_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_OUTSIDE_LINK = re.compile(r"<link\b[^>]*https?://[^>]*>", re.IGNORECASE)
_OUTSIDE_IMAGE = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']https?://[^>]*>", re.IGNORECASE | re.DOTALL)
_OUTSIDE_BACKGROUND = re.compile(r"background:\s*url\(['\"]?https?://[^;]*;", re.IGNORECASE)
_ICON = re.compile(r"<link\b[^>]*favicon[^>]*>", re.IGNORECASE)


def make_self_contained(site: Path, failed: Sequence[str]) -> None:
    """Rewrites the pages under `site` so that they load nothing from outside, and drops what they don't use.

    `failed`: the sentences of the verdict, shown on the index.
    """
    shutil.rmtree(site / "static", ignore_errors=True)
    style = files("pressroom.gates").joinpath("batch_gate_docs.css").read_text("utf-8")
    (site / STYLE).write_text(style, "utf-8")
    pages = sorted(path for path in site.rglob("*.html") if path != site / "index.html")
    for page in (*pages, site / "index.html"):
        page.write_text(_plain(page.read_text("utf-8"), _up(page, site)), "utf-8")
    _begin_index(site, pages, failed)


def _up(page: Path, site: Path) -> str:
    return "../" * (len(page.relative_to(site).parts) - 1)


def _plain(html: str, up: str) -> str:
    for pattern in (_SCRIPT, _OUTSIDE_LINK, _OUTSIDE_IMAGE, _OUTSIDE_BACKGROUND, _ICON):
        html = pattern.sub("", html)
    return html.replace("</head>", f'{_POLICY}\n<link rel="stylesheet" href="{up}{STYLE}">\n</head>', 1)


def _begin_index(site: Path, pages: list[Path], failed: Sequence[str]) -> None:
    """The verdict and the pages: the index as built makes its table of validations with a script."""
    verdict = _items(escape(one) for one in failed) if failed else "<p>Every expectation holds.</p>"
    links = _items(f'<a href="{_href(page, site)}">{_title(page, site)}</a>' for page in pages)
    beginning = f"<h1>Data Docs</h1>\n{verdict}\n<h2>Pages</h2>\n{links}"
    index = site / "index.html"
    html = re.sub(r"<body[^>]*>", lambda body: f"{body[0]}\n{beginning}", index.read_text("utf-8"), count=1)
    index.write_text(html, "utf-8")


def _items(lines: Iterable[str]) -> str:
    return "<ul>\n" + "".join(f"<li>{line}</li>\n" for line in lines) + "</ul>"


def _href(page: Path, site: Path) -> str:
    return quote(page.relative_to(site).as_posix())


def _title(page: Path, site: Path) -> str:
    return (
        "What was found in this batch"
        if page.relative_to(site).parts[0] == "validations"
        else "What is expected of a batch"
    )
