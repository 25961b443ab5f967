"""Names of draft files: safe on every file system and in an address, and never two alike."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from pressroom.errors import WrongInput

MOST_SLUG = 48
"""Characters of a title that go into a file name."""

EXTENSIONS = MappingProxyType({"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/avif": "avif"})
"""Of picture files, by media type."""

_FORMAT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FILE = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


def draft_file_name(position: int, format: str, title: str) -> str:  # noqa: A002 (the field's own word)
    """`drafts/03-x_thread-what-the-title-says.txt`; without the last piece when the title has no ASCII letters.

    Position and format alone make it unique: a slug holds no `_`, a format no `-`.

    Raises:
        WrongInput: `position` is negative or `format` is not a format's name.
    """
    if position < 0 or not _FORMAT.fullmatch(format):
        raise WrongInput(f"{position}, {format!r} is no position and format.")
    return "drafts/" + "-".join(filter(None, (f"{position:02}", format, slug(title)))) + ".txt"


def picture_file_name(position: int, purpose: str, title: str, media_type: str) -> str:
    """`03-linkedin-what-the-title-says.png`: of the picture made of a document for `purpose`.

    Raises:
        WrongInput: `position` is negative, `purpose` no plain name, or `media_type` no picture's.
    """
    extension = EXTENSIONS.get(media_type)
    if position < 0 or not _FORMAT.fullmatch(purpose) or extension is None:
        raise WrongInput(f"{position}, {purpose!r}, {media_type!r} is no picture.")
    return "-".join(filter(None, (f"{position:02}", purpose, slug(title)))) + f".{extension}"


def slug(title: str) -> str:
    """The title in lower-case ASCII words joined by `-`, cut between words; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", title[: MOST_SLUG * 8]).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['’]", "", plain)
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(whole) <= MOST_SLUG:
        return whole
    # One letter more than fits tells whether the cut falls between two words.
    return whole[: MOST_SLUG + 1].rpartition("-")[0] or whole[:MOST_SLUG]


def check_file_name(name: str) -> None:
    """Raises `WrongInput` unless `name` is a plain relative path in ASCII that stays below the brief's folder."""
    if not _FILE.fullmatch(name) or len(name) > 200:
        raise WrongInput(f"{name[:80]!r} is no name for a draft's file.", hint="Make it with draft_file_name().")
