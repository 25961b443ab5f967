"""Taking in a file: what it is, by its content; a name that can do no harm; kept without ever being held whole."""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from pressroom.errors import SourceEmpty, SourceTooLarge, SourceUnreadable
from pressroom.model import Caller
from pressroom.store import audit, events
from pressroom.store.database import Database
from pressroom.store.desk_tables import Upload
from pressroom.store.uploads import keep_upload, key_of

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

Purpose = Literal["document", "image", "logo", "film", "sound"]

CHUNK = 1024 * 1024
MOST_TEXT = 8 * CHUNK
"""Bytes beyond which no text is read (`pressroom.sources.reading`); PDF and DOCX may have more."""

LONGEST_NAME = 120
DOCUMENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pdf": ("application/pdf", ".pdf"),
        "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        "html": ("text/html; charset=utf-8", ".html"),
        "markdown": ("text/markdown; charset=utf-8", ".md"),
        "text": ("text/plain; charset=utf-8", ".txt"),
    }
)
"""Media type and ending by the kind of a document."""

_HARMFUL = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?"<>|\[\]]+')


class Judged(NamedTuple):
    """A file has this type, whatever its name. `suffix`: the ending of the type."""

    media_type: str
    suffix: str


@dataclass(frozen=True)
class File:
    """A file as it was sent. `name`: as its sender calls it; shown, and nothing else depends on it."""

    name: str
    content: BinaryIO


def take_in(desk: Desk, database: Database, caller: Caller, file: File, purpose: Purpose) -> Upload:
    """Keep what the caller hands in for `purpose`, once it is known to be usable for that.

    Raises:
        SourceUnusable: its subclasses say why it is no document, or no picture, that can be used.
    """
    shown = harmless(file.name)
    with _on_disk(file.content, desk.settings.upload_bytes, shown) as (path, sha256):
        judged = _JUDGES[purpose](path, shown)
        wanted = Upload(
            workspace_id=caller.workspace_id,
            name=shown,
            purpose=purpose,
            media_type=judged.media_type,
            key=key_of(caller.workspace_id, sha256, judged.suffix),
            sha256=sha256,
            size=path.stat().st_size,
            uploaded_by=caller.name,
        )
        kept = keep_upload(database, desk.store, path, wanted)
    _note(database, caller, kept)
    return kept


def purpose_of(file: File) -> Purpose:
    """The purpose of a file that is to be posted, by its first bytes: a film, a PDF, a sound, or else a picture."""
    from pressroom.media.films import HEAD, is_film

    head = file.content.read(HEAD)
    file.content.seek(0)
    if head[8:11] == b"M4A" or (head.startswith(tuple(SOUNDS)) and head[8:12] != b"WEBP"):
        return "sound"
    if is_film(head):
        return "film"
    return "document" if head.startswith(b"%PDF") else "image"


def harmless(name: str) -> str:
    """`name` without folders and signs that mean something to a file system, a header or a page; never empty."""
    last = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()).replace("\\", "/").rpartition("/")[2]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cf", "Cc", "Cs", "Zl", "Zp"})
    clean = " ".join(_HARMFUL.sub(" ", visible).split()).strip(". ")
    if not clean:
        return "upload"
    stem, dot, ending = clean.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return clean[:LONGEST_NAME]


@contextmanager
def _on_disk(file: BinaryIO, most: int, shown: str) -> Iterator[tuple[Path, str]]:
    """A file of its own with what is in `file`, and its SHA-256; a piece at a time, and at most `most` bytes."""
    found, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(prefix="pressroom-upload-") as copy:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise SourceTooLarge(f"{shown} has more than {most / 1e6:.0f} MB.", hint="Hand in a smaller file.")
            found.update(chunk)
            copy.write(chunk)
        copy.flush()
        if not size:
            raise SourceEmpty(f"{shown} is empty.", hint="Hand in a file with something in it.")
        yield Path(copy.name), found.hexdigest()


def _document(path: Path, shown: str) -> Judged:
    """Raises SourceUnusable."""
    from pressroom.sources.shared.declare import Content
    from pressroom.sources.sniffing import sniff

    with path.open("rb") as file:
        data = file.read(MOST_TEXT)
        if data.startswith(b"PK"):  # what a packed file holds is told at its end
            data += file.read()
        has_more = bool(file.read(1))
    kind = sniff(Content(data=data, source=shown))
    if kind == "feed":
        raise SourceUnreadable(f"{shown} is a feed, not one document.", hint="Name the feed's address instead.")
    if has_more and kind != "pdf":
        raise SourceTooLarge(f"{shown} has more than {MOST_TEXT // CHUNK} MB of text.", hint="Hand in a part of it.")
    return Judged(*DOCUMENTS[kind])


def _picture(path: Path, shown: str) -> Judged:
    """Raises SourceUnusable."""
    from pressroom.media.pictures.intake import take_in_path

    return _of_picture(take_in_path(path, name=shown).kind.media_type)


def _logo(path: Path, shown: str) -> Judged:
    """Raises SourceUnusable."""
    from pressroom.media.pictures.logo_opening import open_logo

    return _of_picture(open_logo(path.read_bytes(), name=shown).media_type)


def _film(path: Path, shown: str) -> Judged:
    """Raises SourceUnreadable."""
    from pressroom.media.films import read_film

    media_type = read_film(path, name=shown).media_type
    return Judged(media_type, ".mov" if media_type == "video/quicktime" else ".mp4")


SOUNDS: Mapping[bytes, tuple[str, str]] = MappingProxyType(
    {
        b"RIFF": ("audio/wav", ".wav"),
        b"ID3": ("audio/mpeg", ".mp3"),
        b"\xff\xfb": ("audio/mpeg", ".mp3"),
        b"\xff\xf3": ("audio/mpeg", ".mp3"),
        b"OggS": ("audio/ogg", ".ogg"),
        b"fLaC": ("audio/flac", ".flac"),
    }
)
"""Media type and ending by the first bytes of a file."""


def _sound(path: Path, shown: str) -> Judged:
    """Raises SourceUnreadable."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp" and head[8:11] == b"M4A":
        return Judged("audio/mp4", ".m4a")
    found = next((kind for start, kind in SOUNDS.items() if head.startswith(start)), None)
    if found is None:
        raise SourceUnreadable(f"{shown} is no sound that is known.", hint="Save it as MP3, WAV, M4A, OGG or FLAC.")
    return Judged(*found)


def _of_picture(media_type: str) -> Judged:
    return Judged(media_type, f".{media_type.partition('/')[2]}")


_JUDGES: Mapping[Purpose, Callable[[Path, str], Judged]] = MappingProxyType(
    {"document": _document, "image": _picture, "logo": _logo, "film": _film, "sound": _sound}
)


def _note(database: Database, caller: Caller, row: Upload) -> None:
    told = {"upload_id": row.id, "purpose": row.purpose, "media_type": row.media_type, "bytes": row.size}
    with database.write() as session:
        audit.note(session, caller, "upload.kept", subject_kind="upload", subject_id=row.id, details=told)
        if row.purpose == "document":
            events.emit(session, row.workspace_id, "document.uploaded", told)
