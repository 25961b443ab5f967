"""Bytes into text, whatever was declared about them."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from pressroom.errors import SourceEmpty, SourceUnreadable
from pressroom.sources.shared.declare import Content

# What browsers read under these names: supersets, because the names are given to more than they mean.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "tis-620": "cp874",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I)
_HEAD = 4096
_SAMPLE = 200_000
_ODD = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_WESTERN = frozenset(map(chr, range(128))) | frozenset("äöüßÄÖÜéèêëàâçîïôûùœÉÈÀÇÊÔÎáíóúñÁÍÓÚÑ¡¿«»“”„‘’–—…€°·§\xa0")
_MOST_ODD = 0.02
_MOST_BROKEN = 0.2


def text_of(content: Content, *, markup: bool = False) -> str:
    """The text of `content`. `markup`: a declaration inside the first bytes counts too.

    Raises:
        SourceEmpty: there is nothing but white space.
        SourceUnreadable: the bytes are no text in any encoding.
    """
    text = _decoded(content.data, content.charset, markup=markup)
    if not text.strip("\ufeff \t\r\n\f\v\x00"):
        raise SourceEmpty(f"There is nothing in {content.source}.", hint="Name a document with text in it.")
    if len(_ODD.findall(text)) > _MOST_ODD * len(text):
        raise SourceUnreadable(
            f"What is in {content.source} is not text.",
            hint="Give it as text in UTF-8, or with the ending of what it is (.docx, .pdf, .html).",
        )
    return text


def _decoded(data: bytes, declared: str, *, markup: bool) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\x00" in data[:_SAMPLE]:  # no text holds it but UTF-16
        return _wide(data)
    inside = _META.search(data[:_HEAD]) if markup else None
    names = [_codec(declared), _codec(inside[1].decode("ascii")) if inside else None]
    found = next(filter(None, names), None)
    # Bytes above ASCII that happen to be valid UTF-8 are UTF-8, whatever a template declares.
    if not data.isascii() or found is None:
        for encoding in ("utf-8", *filter(None, names)):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return _mostly(data, found) if found else _guessed(data)


def _mostly(data: bytes, encoding: str) -> str:
    """A declared encoding with a few broken bytes is likelier than a guessed one; with many it is not."""
    text = data.decode(encoding, "replace")
    above = sum(1 for char in text if char > "\x7f")
    return _guessed(data) if text.count("\ufffd") > _MOST_BROKEN * above else text


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name.strip()).name
        "".encode(known)  # some codecs are for bytes or text only
    except (LookupError, ValueError, TypeError):
        return None
    known = _MEANT.get(known, known)
    return None if known.startswith(("utf-16", "utf-32")) else known


def _guessed(data: bytes) -> str:
    western = data.decode("cp1252", "replace")
    if set(western) <= _WESTERN:  # a statistic over a few accents can be wrong
        return western
    best = from_bytes(data[:_SAMPLE]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _wide(data: bytes) -> str:
    sample = data[:_SAMPLE]
    low, high = sample[::2].count(0), sample[1::2].count(0)
    if max(low, high) < len(sample) / 5:
        return data.decode("latin-1")
    return data.decode("utf-16-le" if high > low else "utf-16-be", "replace")
