"""Artifacts in an S3 bucket, of AWS or any endpoint that speaks S3.

The variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE, AWS_DEFAULT_REGION and
AWS_ENDPOINT_URL are read by botocore itself; AWS_REGION, which it ignores, here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from pressroom.errors import StoreUnusable
from pressroom.store.artifacts.keys import NoArtifact
from pressroom.store.artifacts.troubles import code_of, marks_of

CONNECT_TIMEOUT = 2.0  # seconds; a dead endpoint is given up after two attempts, in about five
READ_TIMEOUT = 10.0  # seconds without a byte; an endpoint that hangs is given up in about twenty
CHECK_TIMEOUT = 3.0  # seconds for either, in one attempt, when a user waits for the answer
WRITE_TIMEOUT = 60.0  # seconds for all attempts at a small artifact
SLOWEST = 100_000  # bytes a second below which a longer write is given up
PART_BYTES = 8 * 1024 * 1024  # of a file that is sent or read bit by bit; S3 takes none below 5 MB
CONNECTIONS = 50  # botocore's 10 would make 100 threads queue


class Bucket:
    """`url`: `s3://BUCKET` or `s3://BUCKET/PREFIX`. `options`: arguments of `s3fs.S3FileSystem`."""

    def __init__(self, url: str, options: Mapping[str, Any], *, hasty: bool = False) -> None:
        self.bucket, self.prefix = _parts(url)
        self.shown = "s3://" + "/".join(filter(None, (self.bucket, self.prefix)))
        self._files = _file_system(options, hasty=hasty)

    def holds(self, key: str, data: bytes, sha256: str, content_type: str) -> bool:
        try:
            head = self._head(key)
        except Exception as error:
            # Whatever S3 answered, be it that we may write but not look: the write will tell.
            if _is_answer(error):
                return False
            raise
        same = head.get("Metadata", {}).get("sha256") == sha256 and head.get("ContentLength") == len(data)
        return bool(same and head.get("ContentType") == content_type)

    def write(self, key: str, data: bytes, sha256: str, content_type: str) -> None:
        # One PUT; from 100 MB on a multipart upload, which shows nothing before it is complete either.
        about = {"ContentType": content_type, "Metadata": {"sha256": sha256}}
        timeout = WRITE_TIMEOUT + len(data) / SLOWEST
        self._files.pipe_file(self._path(key), data, timeout=timeout, **about)

    def write_file(self, key: str, file: Path, sha256: str, content_type: str) -> None:
        about = {"ContentType": content_type, "Metadata": {"sha256": sha256}}
        timeout = WRITE_TIMEOUT + file.stat().st_size / SLOWEST
        self._files.put_file(str(file), self._path(key), timeout=timeout, chunksize=PART_BYTES, **about)

    def read(self, key: str) -> bytes:
        try:
            return bytes(self._files.cat_file(self._path(key), max_concurrency=1))  # 1: saves a HEAD
        except FileNotFoundError as error:
            if "NoSuchBucket" in marks_of(error):
                raise
            raise NoArtifact(key) from None

    def open(self, key: str) -> BinaryIO:
        try:
            file: BinaryIO = self._files.open(self._path(key), "rb", block_size=PART_BYTES, cache_type="readahead")
        except FileNotFoundError:
            raise NoArtifact(key) from None
        return file

    def exists(self, key: str) -> bool:
        try:
            self._head(key)
        except FileNotFoundError:
            return False
        return True

    def keys(self, folder: str) -> list[str]:
        found = self._files.find(self._path(folder))
        start = len(self._path("")) + 1
        return [name[start:] for name in found if not name.endswith("/")]

    def delete(self, key: str) -> None:
        self._files.rm_file(self._path(key))

    def signed_url(self, key: str, seconds: int) -> str:
        return str(self._files.url(self._path(key), expires=seconds))

    def address(self, key: str) -> str:
        return f"{self.shown}/{key}"

    def _path(self, key: str) -> str:
        return "/".join(filter(None, (self.bucket, self.prefix, key)))

    def _head(self, key: str) -> dict[str, Any]:
        bucket, _, name = self._path(key).partition("/")
        return dict(self._files.call_s3("head_object", Bucket=bucket, Key=name))


def _parts(url: str) -> tuple[str, str]:
    bucket, _, prefix = url.partition("://")[2].partition("/")
    if not bucket or any(sign in url for sign in "?#@"):
        raise StoreUnusable(  # not quoting it: what stands before an @ is a secret
            "The artifact store's address is not of the form s3://bucket/prefix.",
            hint="Keys, endpoint and region belong in the AWS_* variables.",
        )
    return bucket, "/".join(filter(None, prefix.split("/")))


def _file_system(options: Mapping[str, Any], *, hasty: bool) -> Any:
    try:
        import s3fs
    except ImportError:
        raise StoreUnusable("Artifacts on S3 need s3fs.", hint="Install it: pip install 'pressroom[s3]'.") from None

    given = dict(options)
    client = {**_region(), **given.pop("client_kwargs", {})}
    config = {**_config(hasty=hasty), **given.pop("config_kwargs", {})}
    # Neither fsspec's cache of file systems (it knows no environment) nor of listings (others write, too).
    fixed = {"skip_instance_cache": True, "use_listings_cache": False, "session": _session(given.pop("profile", None))}
    files = s3fs.S3FileSystem(**{**fixed, **given}, client_kwargs=client, config_kwargs=config)
    files.retries = 1  # botocore retries; s3fs on top of it would multiply the waiting
    return files


def _session(profile: str | None) -> Any:
    """botocore's session, without `Expect: 100-continue`.

    With it aiohttp waits, with no time-out, for the endpoint to agree before it sends a body: a hung endpoint would
    hang every write for ever. It costs a round trip, too.
    """
    from aiobotocore.session import AioSession  # type: ignore[import-untyped]

    session = AioSession(profile=profile)
    session.register("before-call.s3", _send_at_once)
    return session


def _send_at_once(params: dict[str, Any], **_: Any) -> None:
    params["headers"].pop("Expect", None)


def _config(*, hasty: bool) -> dict[str, Any]:
    return {
        "connect_timeout": CHECK_TIMEOUT if hasty else CONNECT_TIMEOUT,
        "read_timeout": CHECK_TIMEOUT if hasty else READ_TIMEOUT,
        "retries": {"mode": "standard", "total_max_attempts": 1 if hasty else 2},
        "max_pool_connections": CONNECTIONS,
        "signature_version": "s3v4",  # without it botocore signs addresses the old way, refused by newer endpoints
        # AWS's newer checksums are not understood by every endpoint.
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
    }


def _region() -> dict[str, str]:
    region = os.environ.get("AWS_REGION", "")
    return {"region_name": region} if region and "AWS_DEFAULT_REGION" not in os.environ else {}


def _is_answer(error: BaseException) -> bool:
    return any(code_of(cause) for cause in (error, error.__cause__) if cause is not None)
