"""Artifacts in a folder of this machine."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pressroom.errors import WrongInput
from pressroom.store.artifacts.keys import PART, NoArtifact

ATTEMPTS = 20
CHUNK = 1024 * 1024
ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


class Folder:
    """Each artifact is a file below `root`, an absolute path; `root` is made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.shown = str(root)

    def holds(self, key: str, data: bytes, sha256: str, content_type: str) -> bool:
        try:
            with (self.root / key).open("rb") as file:
                return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
        except ABSENT:
            return False

    def write(self, key: str, data: bytes, sha256: str, content_type: str) -> None:
        self._put(key, lambda part: part.write(data))

    def write_file(self, key: str, file: Path, sha256: str, content_type: str) -> None:
        with file.open("rb") as source:
            self._put(key, lambda part: shutil.copyfileobj(source, part, CHUNK))

    def _put(self, key: str, fill: Callable[[BinaryIO], object]) -> None:
        try:
            self._write(self.root / key, fill)
        except (NotADirectoryError, IsADirectoryError, FileExistsError):
            if not self.root.is_dir():
                raise
            raise WrongInput(
                f"Nothing can be kept at {key!r}: that name, or a folder of it, is taken.", hint="Choose another key."
            ) from None

    def _write(self, target: Path, fill: Callable[[BinaryIO], object]) -> None:
        for left in reversed(range(ATTEMPTS)):
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                return _write_whole(target, fill)
            except (FileNotFoundError, FileExistsError):  # a delete has tidied the empty folder away from under us
                if not left:
                    raise
        return None

    def read(self, key: str) -> bytes:
        try:
            return (self.root / key).read_bytes()
        except ABSENT:
            raise NoArtifact(key) from None

    def open(self, key: str) -> BinaryIO:
        try:
            return (self.root / key).open("rb")
        except ABSENT:
            raise NoArtifact(key) from None

    def exists(self, key: str) -> bool:
        return (self.root / key).is_file()

    def keys(self, folder: str) -> list[str]:
        base = self.root / folder
        if base.is_file():
            return [folder]
        found = (Path(parent, name) for parent, _, names in os.walk(base, onerror=_raise) for name in names)
        return [path.relative_to(self.root).as_posix() for path in found if not path.name.startswith(PART)]

    def delete(self, key: str) -> None:
        path = self.root / key
        with suppress(*ABSENT):
            path.unlink()
        for parent in path.parents:
            if parent == self.root or not _removed(parent):
                return

    def signed_url(self, key: str, seconds: int) -> str:
        return (self.root / key).as_uri()

    def address(self, key: str) -> str:
        return str(self.root / key)


def _write_whole(target: Path, fill: Callable[[BinaryIO], object]) -> None:
    """A crash leaves the old file or none, and at worst a hidden one that no listing shows."""
    part = target.with_name(f"{PART}{uuid.uuid4().hex}")  # unique on a folder shared by machines, too
    try:
        with part.open("xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Makes the new name outlive a power cut; 0.2 ms. Some file systems have no such thing."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # not empty
        return False
    return True


def _raise(error: OSError) -> None:
    if not isinstance(error, ABSENT):
        raise error
