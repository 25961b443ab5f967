"""Is a file of Office Open XML what it says, and small enough to unpack?"""

from __future__ import annotations

import zipfile
from io import BytesIO

from pressroom.errors import SourceTooLarge, SourceUnreadable

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_PARTS = 5_000
_MOST_XML = 40_000_000
"""Bytes of XML: a document of 500,000 words has about 25 million."""
_MOST_BYTES = 400_000_000


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
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if len(parts) > _MOST_PARTS or xml > _MOST_XML or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise SourceTooLarge(
            f"{source} would unpack to more than is taken.", hint="Save it without pictures, or one chapter of it."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(source)


def damaged(source: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{source} is damaged, or no Word document.", hint="Open it in a word processor and save it again as .docx."
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
