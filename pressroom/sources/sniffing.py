"""Which kind of document some bytes are: the bytes decide, then what was declared, then the name's ending."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from pressroom.errors import SourceEmpty, SourceTooLarge, SourceUnreadable
from pressroom.model.documents import Kind
from pressroom.sources import readers
from pressroom.sources.fetching import shown
from pressroom.sources.readers.shared.decode import text_of
from pressroom.sources.shared.declare import Content

MOST_UNPACKED = 500 * 1024 * 1024
"""Bytes a DOCX may say it holds when unpacked."""

_KINDS_HINT = "Web pages, Markdown, plain text, DOCX and PDF are read: convert it to one of them."
_PICTURE_HINT = "Documents are read here; `pressroom optimize` makes pictures ready for platforms."
_OTHERS = (
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture, sound or film (RIFF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"\xd0\xcf\x11\xe0", "an old or an encrypted Office file"),
    (b"{\\rtf", "a Rich Text file"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_PREAMBLE = re.compile(r"(?:\ufeff|\s|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html)[^>\[]*(?:\[.*?\]\s*)?>)+", re.I | re.S)
_ROOT = re.compile(r"<(?:!doctype\s+)?([a-z][\w.-]*(?::[\w.-]+)?)", re.I)
_JSON_FEED = "jsonfeed.org/version/"
LOOKED_AT = 2000
"""Characters within which a JSON Feed names its version."""
_FEEDS = frozenset({"rss", "feed", "rdf:rdf"})
_PAGE = frozenset({"html", "head", "body"})
_PIECES = frozenset(
    {"title", "meta", "link", "script", "style", "main", "article", "section", "header", "nav", "div", "p", "h1", "h2"}
    | {"ul", "ol", "table", "span", "a", "b", "i", "br", "img", "figure", "blockquote", "iframe", "font"}
)
_MARKDOWN = re.compile(r"\A(?:---|\+\+\+)\s*\n|^#{1,6} +\S|^(?:```|~~~)|^={3,}\s*$|\]\((?:https?:|/|\.|#)", re.M)
_WORD = re.compile(r"/?word/document\d*\.xml", re.I)
"""The main part of a DOCX; programs on the web number theirs."""
_GENERIC = frozenset({"text/plain", "application/octet-stream", "binary/octet-stream", "application/x-download"})


def sniff(content: Content) -> Kind | Literal["feed"]:
    """The kind of document, or that it is a feed of several.

    Raises:
        SourceEmpty: nothing, or white space. SourceUnreadable: another kind of file, or not what it is called.
        SourceTooLarge: a DOCX that unpacks to more than 500 MB.
    """
    data = content.data.lstrip()
    if not data:
        raise SourceEmpty(f"{shown(content.source)} is empty.", hint="Name a document with text in it.")
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(content)
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise _other(content, what, hint=_PICTURE_HINT if what.startswith("a picture") else _KINDS_HINT)
    return _of_text(text_of(content, markup=True), content)


def _packed(content: Content) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(content.data)) as file:
            held = {entry.filename: entry.file_size for entry in file.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise SourceUnreadable(
            f"{shown(content.source)} is damaged: it begins like a DOCX and can't be unpacked.",
            hint="Save it again in the program it was made with.",
        ) from error
    if not any(_WORD.fullmatch(name) for name in held):
        raise _other(content, "a packed file, and no DOCX")
    if sum(held.values()) > MOST_UNPACKED:
        raise SourceTooLarge(f"{shown(content.source)} unpacks to more than 500 MB.", hint="Save it without pictures.")
    return "docx"


def _of_text(text: str, content: Content) -> Kind | Literal["feed"]:
    claimed = _claimed(content)
    root = _root(text)
    if root in _FEEDS or (_JSON_FEED in text[:LOOKED_AT] and _is_json(text)):
        return "feed"
    if root in _PAGE:
        return "html"
    if claimed in {"pdf", "docx"}:
        raise SourceUnreadable(
            f"{shown(content.source)} is called {claimed.upper()}, but is plain text.", hint="Give it its right ending."
        )
    if claimed is not None and claimed != "html":
        return claimed
    if root in _PIECES or claimed == "html":
        return "html"
    return _unnamed(text, root, content)


def _unnamed(text: str, root: str, content: Content) -> Kind:
    """The kind of a text that its root, media type and ending leave open."""
    if root and text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise _other(content, f"XML ({root[:40]}), and neither a page nor a feed")
    if _is_json(text):
        raise _other(content, "data (JSON), and no text")
    return "markdown" if _MARKDOWN.search(text) else "text"


def _root(text: str) -> str:
    """The name of the first element, in lower case; empty when the text doesn't begin with one."""
    before = _PREAMBLE.match(text)
    found = _ROOT.match(text, before.end() if before else 0)
    return found[1].lower() if found else ""


def _claimed(content: Content) -> Kind | None:
    """The media type gives the kind; the ending does, where the type is generic."""
    by_type = {name: reader.kind for reader in readers.REGISTRY for name in reader.media_types}
    by_suffix = {name: reader.kind for reader in readers.REGISTRY for name in reader.suffixes}
    declared = by_type.get(content.media_type)
    if declared is not None and content.media_type not in _GENERIC:
        return declared
    return by_suffix.get(_suffix(content)) or declared


def _suffix(content: Content) -> str:
    if content.address is not None:
        return PurePosixPath(urlsplit(content.address).path).suffix.lower()
    return PurePosixPath(content.source.replace("\\", "/")).suffix.lower()


def _is_json(text: str) -> bool:
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return False
    try:
        json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True


def _other(content: Content, what: str, *, hint: str = _KINDS_HINT) -> SourceUnreadable:
    return SourceUnreadable(f"{shown(content.source)} is {what}.", hint=hint)
