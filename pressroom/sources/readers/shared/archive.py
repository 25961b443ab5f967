"""A file of Office Open XML: is it what it says and small enough to unpack, and the parts inside."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from pressroom.errors import SourceTooLarge, SourceUnreadable

Tree = Any
"""An lxml element."""

MOST_DEPTH = 256
"""Elements inside each other that the parser follows."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_PARTS = 5_000
_MOST_XML = 40_000_000
"""Bytes of XML: a document of 500,000 words has about 25 million."""
_MOST_BYTES = 400_000_000

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of an archive that `check` has let through, each parsed when asked for."""

    def __init__(self, data: bytes, source: str) -> None:
        self._source = source
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._names = {name.lower().lstrip("/"): name for name in self._zip.namelist()}
        self.main = self._target("", "/officeDocument") or "word/document.xml"

    def part(self, name: str) -> Tree | None:
        """The root element of a part; None where the file has no such part.

        Raises:
            SourceTooLarge: elements inside each other beyond MOST_DEPTH. SourceUnreadable: it is not XML.
        """
        real = self._names.get(name.lower().lstrip("/"))
        if real is None:
            return None
        data = self._zip.read(real)
        if _STRICT in data:
            for short, long in _TRANSITIONAL:
                data = data.replace(_STRICT + short, long)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if "depth" in str(error):
                raise _too_deep(self._source) from error
            raise damaged(self._source) from error
        if root.getroottree().docinfo.doctype:  # entities are declared there; no word processor writes one
            raise SourceUnreadable(
                f"{self._source} declares a document type of its own (DTD), which Word documents never do.",
                hint="Open it in a word processor and save it again as .docx.",
            )
        return root

    def related(self, kind: str) -> Tree | None:
        """The part of the main part's relationship whose type ends in `kind`, as `/styles`."""
        found = self._target(self.main, kind)
        return self.part(found) if found else None

    def properties(self) -> Tree | None:
        return self.part(self._target("", "/core-properties") or "docProps/core.xml")

    def targets(self) -> dict[str, str]:
        """Where the main part's relationships lead, by their ids."""
        return {each.get("Id", ""): each.get("Target", "") for each in self._relationships(self.main)}

    def _relationships(self, part: str) -> list[Tree]:
        folder, name = posixpath.split(part)
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        return [] if root is None else list(root.iter(_RELATIONSHIP))

    def _target(self, part: str, kind: str) -> str:
        for each in self._relationships(part):
            if each.get("Type", "").endswith(kind) and each.get("TargetMode") != "External":
                joined = posixpath.join("/", posixpath.dirname(part), each.get("Target", ""))
                return posixpath.normpath(joined).lstrip("/")
        return ""


def check(data: bytes, source: str) -> None:
    """Refuses what is no sound archive, by its table of contents; nothing is unpacked.

    Raises:
        SourceUnreadable: encrypted, an older format, or damaged.
        SourceTooLarge: it would unpack to more than is taken.
    """
    if data.startswith(_OLE):
        raise _old(data, source)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise damaged(source) from error
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    for held, most, named in (
        (len(parts), _MOST_PARTS, "parts"),
        (xml, _MOST_XML, "bytes of XML"),
        (sum(part.file_size for part in parts), _MOST_BYTES, "bytes"),
    ):
        if held > most:
            raise SourceTooLarge(
                f"{source} would unpack to {held:,} {named}; {most:,} are taken.",
                hint="Save it without pictures, or one chapter of it.",
            )
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(source)


def damaged(source: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{source} is damaged, or no Word document.", hint="Open it in a word processor and save it again as .docx."
    )


def _too_deep(source: str) -> SourceTooLarge:
    return SourceTooLarge(
        f"{source} nests its elements more than {MOST_DEPTH} deep.", hint="Copy its text into a new document."
    )


def _old(data: bytes, source: str) -> SourceUnreadable:
    if _ENCRYPTED in data:
        return _locked(source)
    return SourceUnreadable(
        f"{source} is in Word's format of before 2007.", hint="Open it in a word processor and save it as .docx."
    )


def _locked(source: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{source} is protected by a password.", hint="Save a copy without the password and give that."
    )
