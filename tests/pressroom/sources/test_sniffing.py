"""Bytes say what they are; names and media types only decide where bytes don't."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest

from pressroom.errors import SourceEmpty, SourceTooLarge, SourceUnreadable
from pressroom.sources import sniffing
from pressroom.sources.shared.declare import Content
from pressroom.sources.sniffing import sniff

ATOM = b'<?xml version="1.0"?>\n<!-- made by hand -->\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>'
RDF = b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>'
DOCTYPED = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"></rss>'


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")  # of 1980: the bytes are part of a test's name
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "a.txt", "pdf"),
        (b"\n%PDF-1.4", "upload", "pdf"),
        (packed("[Content_Types].xml", "word/document.xml"), "a.zip", "docx"),
        (b"<!DOCTYPE html><p>x", "a.md", "html"),
        (b"\xef\xbb\xbf  <HTML lang=de>", "a.txt", "html"),
        (b"<!-- saved from --><html>", "-", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html xmlns="x">', "-", "html"),
        ("<html><p>größer</p></html>".encode("utf-16"), "-", "html"),
        (b"<p align=center>A badge</p>\n\n# Title", "README.md", "markdown"),
        (b"<p align=center>A paragraph</p>", "-", "html"),
        (b"<div>A piece</div>", "piece.html", "html"),
        (b"No tag at all", "page.htm", "html"),
        (b"<div> is a tag of HTML.", "notes.txt", "text"),
        (b"<rss version='2.0'></rss>", "feed.html", "feed"),
        (DOCTYPED, "-", "feed"),
        (ATOM, "-", "feed"),
        (RDF, "-", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed.json", "feed"),
        (b"Plain words.", "-", "text"),
        (b"Plain words.", "NOTES.TXT", "text"),
        (b"Plain words.", "a.markdown", "markdown"),
        (b"# A title\n\nWords.", "-", "markdown"),
        (b"---\ntitle: x\n---\nWords.", "-", "markdown"),
        (b"See [this](https://a.example/).", "-", "markdown"),
        (b"# not a title here", "notes.txt", "text"),
        ("Grüße aus Köln".encode("latin-1"), "-", "text"),
        ("Grüße aus Köln".encode("utf-16"), "-", "text"),
        ("日本語の文章です。".encode("shift_jis"), "-", "text"),
        (b"[Note] the list begins.", "-", "text"),
    ],
)
def test_kinds(data: bytes, name: str, kind: str) -> None:
    assert sniff(Content(data=data, source=name)) == kind


@pytest.mark.parametrize(
    ("media_type", "path", "kind"),
    [
        ("text/plain", "/post.md", "markdown"),
        ("text/markdown", "/post", "markdown"),
        ("application/octet-stream", "/post.md?raw=1", "markdown"),
        ("text/html", "/notes.md", "html"),
        ("text/plain", "/notes", "text"),
        ("", "/notes", "text"),
        ("application/x-unheard-of", "/notes", "text"),
    ],
)
def test_what_was_declared(media_type: str, path: str, kind: str) -> None:
    address = f"https://blog.example{path}"
    assert sniff(Content(data=b"Words.", source=address, address=address, media_type=media_type)) == kind


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_empty(data: bytes) -> None:
    with pytest.raises(SourceEmpty):
        sniff(Content(data=data, source="a.md"))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (bytes(range(256)) * 40, "a.md", "not text"),
        (b"\x00" * 5000 + b"words", "a.md", "not text"),
        (b"\x89PNG\r\n\x1a\n....", "a.md", "a picture"),
        (b"\xff\xd8\xff\xe0....", "a.html", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.docx", "old or an encrypted Office file"),
        (b"{\\rtf1 Hello}", "a.txt", "Rich Text"),
        (b"Just words.", "a.pdf", "called PDF, but is plain text"),
        (b"Just words.", "a.docx", "called DOCX, but is plain text"),
        (packed("xl/workbook.xml"), "a.docx", "no DOCX"),
        (packed("word/document.xml")[:60], "a.docx", "damaged"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "-", "neither a page nor a feed"),
        (b'<?xml version="1.0"?><urlset></urlset>', "sitemap.xml", "neither a page nor a feed"),
        (b'{"title": "x"}', "-", "JSON"),
    ],
)
def test_unreadable(data: bytes, name: str, said: str) -> None:
    with pytest.raises(SourceUnreadable, match=said) as refused:
        sniff(Content(data=data, source=name))
    assert name in str(refused.value)
    assert ("pressroom optimize" in refused.value.hint) is (said == "a picture")
    assert refused.value.hint


def test_a_docx_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sniffing, "MOST_UNPACKED", 1)
    with pytest.raises(SourceTooLarge):
        sniff(Content(data=packed("word/document.xml", "word/media/a"), source="a.docx"))


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "piece", [b"<!--", b"<?xml ", b"<!doctype x [", b"<!doctype x []]  ", b"<", b"[[", b"<!-- -->"]
)
def test_no_text_takes_long(piece: bytes) -> None:
    with suppress(SourceUnreadable):
        sniff(Content(data=piece * 200_000, source="-"))
