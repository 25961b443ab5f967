"""The keys an artifact may have, and the content type that its name implies."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pressroom.errors import NotFound, WrongInput

PART = ".part-"
"""How names of files begin that are not whole yet."""

KEY_BYTES = 1024  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
SEGMENT_BYTES = 255  # longest file name of ext4, XFS, APFS and NTFS
# Controls and halves of characters; the backslash, a separator to some; *, ?, [ and ], patterns to fsspec.
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\*?\[\]]")

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown; charset=utf-8",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


class NoArtifact(NotFound):
    """Nothing is kept under that key."""

    code = "NO_ARTIFACT"

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no artifact at {key!r}.", hint="It was never written, or its time was up.")


def check_key(key: str) -> str:
    """The key itself, when it is a relative POSIX path that means the same in every store.

    Raises:
        WrongInput: it is empty, absolute, too long, or has an empty, `.` or `..` segment or a forbidden character.
    """
    problem = _problem(key)
    if problem:
        raise WrongInput(
            f"{key[:100]!r} can't be the key of an artifact: {problem}.",
            hint="Use a relative path such as 'default/2026-01-31/run-1/brief.html'.",
        )
    return key


def check_prefix(prefix: str) -> str:
    """The folder part of keys, without a slash at its end; empty for everything. Raises WrongInput as `check_key`."""
    folder = prefix.removesuffix("/")
    return check_key(folder) if prefix else ""


def content_type_of(key: str, given: str | None) -> str:
    """The content type `given`, else the one the key's ending promises.

    Raises:
        WrongInput: the one given can't be sent as a header.
    """
    if given is None:
        return CONTENT_TYPES.get(PurePosixPath(key).suffix.lower(), "application/octet-stream")
    if not given.isascii() or not given.isprintable() or "/" not in given:
        raise WrongInput(f"{given!r} is not a content type.", hint="Use one such as 'text/html; charset=utf-8'.")
    return given


def _problem(key: str) -> str:
    """Why not, or nothing."""
    if not key:
        return "it is empty"
    if FORBIDDEN.search(key):
        return "it has a control character, a backslash or one of * ? [ ]"
    if key.startswith("/"):
        return "it is absolute"
    if len(key.encode()) > KEY_BYTES:
        return f"it is longer than {KEY_BYTES} bytes"
    return next(filter(None, map(_problem_of_segment, key.split("/"))), "")


def _problem_of_segment(segment: str) -> str:
    if segment in ("", ".", ".."):
        return f"it has the segment {segment!r}"
    if segment.startswith(PART):
        return f"names with {PART!r} in front are kept for files not whole yet"
    if len(segment.encode()) > SEGMENT_BYTES:
        return f"a segment is longer than {SEGMENT_BYTES} bytes"
    return ""
