"""Artifacts anywhere else fsspec reaches: memory, Google Cloud Storage, Azure, SFTP, ..."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import fsspec
from fsspec.core import url_to_fs
from fsspec.registry import known_implementations

from pressroom.errors import StoreUnusable
from pressroom.store.artifacts.keys import PART, NoArtifact
from pressroom.store.artifacts.troubles import told

# A write to these shows itself only when it is complete; on all others we write beside and rename.
WHOLE = frozenset({"memory", "gs", "gcs", "abfs", "abfss", "az", "oss", "oci"})
GOOGLE = frozenset({"gs", "gcs"})


class Elsewhere:
    """`url`: any address fsspec knows. `options`: arguments of its file system."""

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self.scheme = url.partition("://")[0]
        self.shown = _without_secrets(url)
        _check_driver(self.scheme)
        fixed = {"skip_instance_cache": True, "use_listings_cache": False}
        with told(self.shown):  # some connect at once
            self._files, root = url_to_fs(url, **{**fixed, **options})
        self._root = str(root).rstrip("/")

    def holds(self, key: str, data: bytes, sha256: str, content_type: str) -> bool:
        try:
            size = self._files.info(self._path(key)).get("size")
            return bool(size == len(data) and self._files.cat_file(self._path(key)) == data)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False

    def write(self, key: str, data: bytes, sha256: str, content_type: str) -> None:
        path = self._path(key)
        if self.scheme in WHOLE:
            about = {"content_type": content_type} if self.scheme in GOOGLE else {}
            self._files.pipe_file(path, data, **about)
            return
        folder = path.rpartition("/")[0]
        part = f"{folder}/{PART}{uuid.uuid4().hex}"
        self._files.makedirs(folder, exist_ok=True)
        self._files.pipe_file(part, data)
        self._files.mv(part, path)

    def write_file(self, key: str, file: Path, sha256: str, content_type: str) -> None:
        path = self._path(key)
        if self.scheme in WHOLE:
            about = {"content_type": content_type} if self.scheme in GOOGLE else {}
            self._files.put_file(str(file), path, **about)
            return
        folder = path.rpartition("/")[0]
        part = f"{folder}/{PART}{uuid.uuid4().hex}"
        self._files.makedirs(folder, exist_ok=True)
        self._files.put_file(str(file), part)
        self._files.mv(part, path)

    def read(self, key: str) -> bytes:
        try:
            return bytes(self._files.cat_file(self._path(key)))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NoArtifact(key) from None

    def open(self, key: str) -> BinaryIO:
        try:
            file: BinaryIO = self._files.open(self._path(key), "rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NoArtifact(key) from None
        return file

    def exists(self, key: str) -> bool:
        return bool(self._files.isfile(self._path(key)))

    def keys(self, folder: str) -> list[str]:
        try:
            found = self._files.find(self._path(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []
        start = len(self._root) + 1
        return [name[start:] for name in found if not name.rpartition("/")[2].startswith(PART)]

    def delete(self, key: str) -> None:
        if self.exists(key):
            self._files.rm_file(self._path(key))

    def signed_url(self, key: str, seconds: int) -> str:
        try:
            return str(self._files.sign(self._path(key), expiration=seconds))
        except NotImplementedError:
            raise StoreUnusable(
                f"The artifact store {self.shown} gives no signed addresses.", hint="S3 and Google Cloud Storage do."
            ) from None

    def address(self, key: str) -> str:
        return f"{self.shown}/{key}"

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}" if key else self._root


def _check_driver(scheme: str) -> None:
    """Raises StoreUnusable, with what to install, unless fsspec can import the driver."""
    try:
        fsspec.get_filesystem_class(scheme)
    except ValueError:
        raise StoreUnusable(
            f"No artifact store is known for {scheme}:// addresses.",
            hint="Set PRESSROOM_STORE_URL to a folder, s3://bucket/prefix or another address fsspec knows.",
        ) from None
    except ImportError:
        raise StoreUnusable(
            f"The driver for {scheme}:// artifact stores is not installed.", hint=_what_to_install(scheme)
        ) from None


def _what_to_install(scheme: str) -> str:
    if scheme in GOOGLE:
        return "Install it: pip install gcsfs."
    known = known_implementations[scheme]
    package = known["class"].partition(".")[0]
    return f"{known.get('err', '')}." if package == "fsspec" else f"Install it: pip install {package}."


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")
