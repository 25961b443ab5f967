"""Where a picture's bytes are: in memory, or in a file that is read as it is needed and must not change meanwhile."""

from __future__ import annotations

import hashlib
import io
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pressroom.errors import InvalidImageFormat, SourceForbidden, SourceNotFound, SourceUnreachable

_CHUNK = 1 << 20

Stamp = tuple[int, int]


@dataclass(frozen=True)
class Source:
    """`data`, or the file at `path` as it was when `stamp` was taken. size: bytes."""

    size: int
    data: bytes | None = field(default=None, repr=False)
    path: Path | None = None
    stamp: Stamp | None = None

    def open(self) -> BinaryIO:
        """The bytes from their beginning.

        Raises:
            SourceUnreachable: the file is gone, or another one by now.
        """
        if self.path is None:
            return io.BytesIO(self.data or b"")
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise SourceUnreachable(f"{self.path} can't be read any more ({error.strerror}).", hint=_AGAIN) from error
        if _stamp(self.path) != self.stamp:
            file.close()
            raise SourceUnreachable(f"{self.path} was changed while it was being worked on.", hint=_AGAIN)
        return file

    def handle(self) -> Path | io.BytesIO:
        """A path or file for a reader that opens and closes it by itself. Raises SourceUnreachable."""
        if self.path is None:
            return io.BytesIO(self.data or b"")
        self.open().close()
        return self.path

    def sha256(self) -> str:
        found = hashlib.sha256()
        with self.open() as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
        return found.hexdigest()


_AGAIN = "Start again when nothing else writes to it."


def in_memory(data: bytes) -> Source:
    return Source(len(data), data=data)


def on_disk(path: Path) -> Source:
    """A regular file.

    Raises:
        SourceNotFound: it does not exist. SourceForbidden: it may not be read. InvalidImageFormat: a folder or a
        device.
    """
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            path.open("rb").close()
    except PermissionError as error:
        raise SourceForbidden(f"{path} may not be read.", hint="Change its permissions, or copy it.") from error
    except (OSError, ValueError) as error:  # a NUL in the name
        raise SourceNotFound(f"There is no file {str(path)!r}.", hint="Check the path.") from error
    if not stat.S_ISREG(status.st_mode):
        raise InvalidImageFormat(f"{path} is a folder or a device.", hint="Name a picture file.")
    return Source(status.st_size, path=path, stamp=(status.st_size, status.st_mtime_ns))


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
