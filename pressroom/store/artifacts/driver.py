"""The interface every kind of store implements, and the choice of the driver for an address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from pressroom.errors import StoreUnusable


class Driver(Protocol):
    """Keys come checked. Failures may be any exception, except as said here."""

    shown: str
    """The store's address as a person may see it, without secrets."""

    def holds(self, key: str, data: bytes, sha256: str, content_type: str) -> bool:
        """True when exactly this is there already; found out without moving the data over a network."""

    def write(self, key: str, data: bytes, sha256: str, content_type: str) -> None:
        """Writes it whole or not at all."""

    def write_file(self, key: str, file: Path, sha256: str, content_type: str) -> None:
        """Writes what is in `file` whole or not at all, without holding it."""

    def read(self, key: str) -> bytes:
        """The bytes. Raises NoArtifact."""

    def open(self, key: str) -> BinaryIO:
        """The bytes, to be read bit by bit. Raises NoArtifact."""

    def exists(self, key: str) -> bool: ...

    def keys(self, folder: str) -> list[str]:
        """Every key at or below `folder`, in any order; all of them when it is empty."""

    def delete(self, key: str) -> None:
        """Nothing happens when it is not there."""

    def signed_url(self, key: str, seconds: int) -> str: ...

    def address(self, key: str) -> str: ...


def open_driver(url: str, options: Mapping[str, Any], *, hasty: bool = False) -> Driver:
    """The driver of the store at `url`; this opens no connection yet.

    `hasty`: one attempt with a short timeout, for a check that a user waits for.

    Raises:
        StoreUnusable: the address makes no sense, or its driver is not installed.
    """
    scheme, separator, _ = url.partition("://")
    if not url:
        raise StoreUnusable(
            "The artifact store has no address.", hint="Set PRESSROOM_STORE_URL to a folder or address."
        )
    if not separator:
        return _folder(Path(url).expanduser())
    if scheme in ("file", "local"):
        return _folder(Path(unquote(urlsplit(url).path)))
    if scheme in ("s3", "s3a"):
        from pressroom.store.artifacts.s3 import Bucket

        return Bucket(url, options, hasty=hasty)
    from pressroom.store.artifacts.other import Elsewhere

    return Elsewhere(url, options)


def _folder(root: Path) -> Driver:
    from pressroom.store.artifacts.folder import Folder

    return Folder(root.absolute())
