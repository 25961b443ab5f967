"""The artifact store: one door to every place artifacts can be kept in."""

from __future__ import annotations

import hashlib
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pressroom.errors import StoreUnusable, WrongInput
from pressroom.model.base import Frozen
from pressroom.settings import settings
from pressroom.store.artifacts.driver import Driver, open_driver
from pressroom.store.artifacts.keys import check_key, check_prefix, content_type_of
from pressroom.store.artifacts.troubles import told

T = TypeVar("T")

WRITERS = 16  # files of a tree written at the same time
AT_HAND = 2 * WRITERS  # files asked for and not yet written, at most
CHUNK = 1024 * 1024  # bytes of a stream
LONGEST_SIGNATURE = 7 * 24 * 3600  # seconds; S3 signs for no longer


class Stored(Frozen):
    """An artifact as it was put. `address` is for people, `sha256` hexadecimal, `size` in bytes."""

    key: str
    address: str
    sha256: str
    size: int


class ArtifactStore:
    """Artifacts by key, in a folder (a path or file://), on S3 (s3://bucket/prefix) or at any address fsspec knows.

    `options` go to fsspec's driver. Opening connects to nothing.

    Raises, from every method:
        StoreUnusable: the store can't be reached, read or written; the sentence says why, the hint what to do.
        WrongInput: a key that can't be one; NoArtifact, a kind of it: there is nothing at that key.
    """

    def __init__(self, url: str, *, options: Mapping[str, Any] = {}) -> None:
        self._url = url
        self._options = options
        self._driver = open_driver(url, options)

    @classmethod
    def from_settings(cls) -> ArtifactStore:
        """The store of PRESSROOM_STORE_URL."""
        return cls(settings().resolved_store_url)

    def __repr__(self) -> str:
        return f"ArtifactStore({self._driver.shown!r})"

    def put(self, key: str, data: bytes, content_type: str | None = None) -> Stored:
        """Keeps `data` under `key`, whole or not at all; nothing is written when it is there already.

        `content_type`: told to who reads it from S3 or Google over HTTP; by default what the key's ending promises.
        """
        kind = content_type_of(check_key(key), content_type)
        sha256 = hashlib.sha256(data).hexdigest()
        with told(self._driver.shown):
            if not self._driver.holds(key, data, sha256, kind):
                self._driver.write(key, data, sha256, kind)
        return Stored(key=key, address=self._driver.address(key), sha256=sha256, size=len(data))

    def put_file(self, key: str, file: Path, sha256: str, content_type: str | None = None) -> Stored:
        """Stores the content of `file` without loading it whole. For keys made of `sha256`: an existing object stays.

        sha256: of its bytes, hexadecimal, as the process that made the file computed it.
        """
        kind = content_type_of(check_key(key), content_type)
        with told(self._driver.shown):
            if not self._driver.exists(key):
                self._driver.write_file(key, file, sha256, kind)
        return Stored(key=key, address=self._driver.address(key), sha256=sha256, size=file.stat().st_size)

    def put_tree(self, folder: Path, key_prefix: str) -> list[Stored]:
        """Keeps every file below `folder` (links are left out), each under `key_prefix` and its relative path.

        Sorted by key. Each file is whole or not there; after a failure some may be there and others not.
        """
        keys = {_below(key_prefix, path.relative_to(folder)): path for path in _files(folder)}
        return self._each(self._put_file, sorted(keys.items()))

    def put_all(self, contents: Iterable[tuple[str, bytes]]) -> list[Stored]:
        """Keeps several artifacts, some at the same time; sorted by key, as `put_tree` does.

        contents: keys and bytes. Those of an iterator are asked for as the store comes to them.
        """
        return self._each(self.put, contents)

    def _each(self, put: Callable[[str, T], Stored], items: Iterable[tuple[str, T]]) -> list[Stored]:
        kept: list[Stored] = []
        under_way: deque[Future[Stored]] = deque()
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="artifacts") as pool:
            try:
                for key, item in items:
                    if len(under_way) == AT_HAND:
                        kept.append(under_way.popleft().result())
                    under_way.append(pool.submit(put, key, item))
                kept.extend(one.result() for one in under_way)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return sorted(kept, key=lambda stored: stored.key)

    def _put_file(self, key: str, path: Path) -> Stored:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise WrongInput(f"{path} can't be read: {error.strerror}.") from None
        return self.put(key, data)

    def get(self, key: str) -> bytes:
        """The bytes stored under `key`; raises NoArtifact when the key does not exist."""
        with told(self._driver.shown):
            return self._driver.read(check_key(key))

    def part(self, key: str, start: int, length: int) -> bytes:
        """The bytes of `key` from `start` on, as many as `length` or as there are; raises NoArtifact."""
        with told(self._driver.shown), self._driver.open(check_key(key)) as file:
            file.seek(start)
            return file.read(length)

    def stream(self, key: str) -> Iterator[bytes]:
        """The bytes stored under `key`, in chunks of about a megabyte; raises NoArtifact at once if it is missing."""
        with told(self._driver.shown):
            file = self._driver.open(check_key(key))
        return self._chunks(file)

    def _chunks(self, file: BinaryIO) -> Iterator[bytes]:
        with told(self._driver.shown), file:
            while chunk := file.read(CHUNK):
                yield chunk

    def exists(self, key: str) -> bool:
        with told(self._driver.shown):
            return self._driver.exists(check_key(key))

    def list(self, prefix: str = "") -> list[str]:
        """Every key below the folder `prefix`, sorted; every key there is by default."""
        with told(self._driver.shown):
            return sorted(self._driver.keys(check_prefix(prefix)))

    def delete(self, key: str) -> None:
        """Removes what is kept under `key`, if anything is."""
        with told(self._driver.shown):
            self._driver.delete(check_key(key))

    def signed_url(self, key: str, seconds: int) -> str:
        """An address at which any client can read the artifact for `seconds`; a file:// address in a folder.

        It does not check that the artifact exists.
        """
        if not 1 <= seconds <= LONGEST_SIGNATURE:
            raise WrongInput(f"A signed address can't live {seconds} s.", hint=f"Choose from 1 to {LONGEST_SIGNATURE}.")
        with told(self._driver.shown):
            return self._driver.signed_url(check_key(key), seconds)

    def address(self, key: str) -> str:
        """Where a person finds it: an absolute path, s3://bucket/..., or the store's address and the key."""
        return self._driver.address(check_key(key))

    def check(self) -> None:
        """Writes, reads and deletes a probe; answers within seconds. Raises StoreUnusable with what to do."""
        driver = open_driver(self._url, self._options, hasty=True)
        key, data = f"pressroom-check/{uuid.uuid4().hex}", b"Pressroom was here."
        with told(driver.shown):
            driver.write(key, data, hashlib.sha256(data).hexdigest(), "text/plain")
            try:
                _compare(driver, key, data)
            finally:
                driver.delete(key)


def _compare(driver: Driver, key: str, data: bytes) -> None:
    if driver.read(key) != data:
        raise StoreUnusable(f"The artifact store {driver.shown} returns other bytes than it was given.")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise WrongInput(f"There is no folder {folder}.")
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _below(prefix: str, path: Path) -> str:
    return check_key("/".join(filter(None, (check_prefix(prefix), path.as_posix()))))
