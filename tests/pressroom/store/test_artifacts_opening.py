"""Artifact stores that are what their address says, and what is told of those that are not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from pressroom.errors import StoreUnusable, WrongInput
from pressroom.store.artifacts import ArtifactStore, NoArtifact
from pressroom.store.artifacts.keys import PART

KEY = "default/2026-01-31/run-1/brief.html"
SECRET = "very-secret-value"


class TestKeys:
    @pytest.mark.parametrize(
        "key",
        [
            "",
            "/a",
            "a/",
            "a//b",
            "../a",
            "a/../b",
            "a/./b",
            "..",
            "a\nb",
            "a\x00b",
            "a\x7fb",
            "a\\b",
            "a*",
            "a?versionId=1",
            "[a]",
            "x" * 256,
            "ü" * 128,
            "x/" * 512 + "x",
            f"a/{PART}1",
            "a\ud800",
            "s3://other/bucket",
        ],
    )
    def test_refused(self, folder_url: str, key: str) -> None:
        store = ArtifactStore(folder_url)
        operations: list[Callable[[], object]] = [
            lambda: store.put(key, b""),
            lambda: store.get(key),
            lambda: store.exists(key),
            lambda: store.delete(key),
            lambda: store.signed_url(key, 1),
            lambda: store.address(key),
        ]
        for operation in operations:
            with pytest.raises(WrongInput, match="can't be the key"):
                operation()
        assert not Path(folder_url).exists()

    @pytest.mark.parametrize("prefix", ["/", "..", "a//", "/a"])
    def test_refused_prefix(self, folder_url: str, prefix: str) -> None:
        with pytest.raises(WrongInput):
            ArtifactStore(folder_url).list(prefix)

    def test_a_file_is_no_folder(self, folder_url: str) -> None:
        store = ArtifactStore(folder_url)
        store.put("a/b", b"1")
        for key in ("a/b/c", "a"):
            with pytest.raises(WrongInput, match="is taken"):
                store.put(key, b"2")
            with pytest.raises(NoArtifact):
                store.get(key)
            assert not store.exists(key)
            store.delete(key)
        assert store.list() == ["a/b"]


class TestAddresses:
    def test_forms_of_a_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/somebody")
        addresses = {
            url: ArtifactStore(url).address("a") for url in (f"file://{tmp_path}/with%20space", "~/art", "art", ".")
        }
        assert list(addresses.values()) == [
            f"{tmp_path}/with space/a",
            "/home/somebody/art/a",
            f"{tmp_path}/art/a",
            f"{tmp_path}/a",
        ]

    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            ("", "has no address"),
            ("s3://", "not of the form s3://bucket/prefix"),
            (f"s3://key:{SECRET}@bucket", "not of the form s3://bucket/prefix"),
            (f"s3://bucket?secret={SECRET}", "not of the form s3://bucket/prefix"),
            ("nonsense://a", "No artifact store is known for nonsense://"),
        ],
    )
    def test_refused(self, url: str, sentence: str) -> None:
        with pytest.raises(StoreUnusable, match=sentence) as caught:
            ArtifactStore(url)
        _assert_speaks_plainly(caught.value)

    @pytest.mark.parametrize(
        ("scheme", "hint"),
        [("gcs", "pip install gcsfs"), ("gs", "pip install gcsfs"), ("abfs", "install adlfs")],
    )
    def test_driver_not_installed(self, monkeypatch: pytest.MonkeyPatch, scheme: str, hint: str) -> None:
        for module in ("gcsfs", "adlfs"):
            monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(StoreUnusable, match=f"driver for {scheme}://") as caught:
            ArtifactStore(f"{scheme}://bucket")
        assert hint in caught.value.hint

    def test_a_password_is_not_shown(self) -> None:
        with pytest.raises(StoreUnusable, match=r"ftp://127\.0\.0\.1:9/x") as caught:
            ArtifactStore(f"ftp://me:{SECRET}@127.0.0.1:9/x")
        _assert_speaks_plainly(caught.value)

    def test_s3fs_is_imported_only_for_s3(self, folder_url: str) -> None:
        code = (
            "import sys; from pressroom.store.artifacts import ArtifactStore; "
            "ArtifactStore(sys.argv[1]).check(); print({'s3fs', 'fsspec', 'botocore'} & set(sys.modules))"
        )
        run = subprocess.run([sys.executable, "-c", code, folder_url], capture_output=True, text=True, check=True)
        assert run.stdout == "set()\n"

    def test_options_reach_the_driver(self, s3_url: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        ArtifactStore(s3_url, options={"endpoint_url": s3_endpoint, "key": "k", "secret": "s"}).check()

    def test_profile(self, s3_url: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name)
        lines = ["[profile press]", "aws_access_key_id=mine", "aws_secret_access_key=s", "region=eu-west-3"]
        (tmp_path / "config").write_text("\n".join([*lines, f"endpoint_url={s3_endpoint}"]))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_PROFILE", "press")
        store = ArtifactStore(s3_url)
        store.check()
        assert "Credential=mine%2F" in store.signed_url(KEY, 1)
        assert "eu-west-3" in store.signed_url(KEY, 1)

    @pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
    def test_region(self, s3_url: str, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        monkeypatch.setenv(variable, "eu-west-2")
        assert "eu-west-2" in ArtifactStore(s3_url).signed_url(KEY, 1)


class TestTroubles:
    def test_a_good_store_passes(self, any_store: ArtifactStore) -> None:
        any_store.put(KEY, b"1")
        any_store.check()
        assert any_store.list() == [KEY]

    def test_permission_denied(self, tmp_path: Path) -> None:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
        store = ArtifactStore(str(folder))
        with _no_superuser():
            _assert_unusable(store, "permission denied", "Give this user the right", also_put=True)

    def test_the_folder_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        _assert_unusable(ArtifactStore(f"{tmp_path}/file"), "not a folder", "PRESSROOM_STORE_URL", also_put=True)
        _assert_unusable(ArtifactStore(f"{tmp_path}/file/below"), "not a folder", "PRESSROOM_STORE_URL", also_put=True)

    def test_no_bucket(self, s3_url: str) -> None:
        store = ArtifactStore(f"{s3_url.partition('/artifacts')[0]}-gone")
        _assert_unusable(store, "the bucket does not exist", "Create it", also_put=True)
        for operation in (lambda: store.get(KEY), store.list, lambda: store.delete(KEY)):
            with pytest.raises(StoreUnusable, match="the bucket does not exist"):
                operation()

    def test_wrong_credentials(self, s3_url: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        store = ArtifactStore(s3_url)
        with _checking_credentials(s3_endpoint):
            _assert_unusable(store, "the credentials were refused", "AWS_SECRET_ACCESS_KEY", also_put=True)
            with pytest.raises(StoreUnusable, match="the credentials were refused"):
                store.exists(KEY)
        store.put(KEY, b"1")

    def test_no_credentials(self, s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        _assert_unusable(ArtifactStore(s3_url), "no credentials were found", "AWS_PROFILE", also_put=True)

    def test_no_such_profile(self, s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_PROFILE", "nobody")
        _assert_unusable(ArtifactStore(s3_url), "the AWS profile does not exist", "AWS_PROFILE", also_put=True)

    def test_nobody_listens(self, s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        _assert_unusable(ArtifactStore(s3_url), "endpoint does not answer", "AWS_ENDPOINT_URL", also_put=True)

    def test_somebody_listens_and_never_answers(self, s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
            started = time.monotonic()
            _assert_unusable(ArtifactStore(s3_url), "endpoint does not answer", "AWS_ENDPOINT_URL")
            assert time.monotonic() - started < 10

    def test_endpoint_that_is_no_address(self, s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "minio")
        _assert_unusable(ArtifactStore(s3_url), "makes no sense", "AWS_ENDPOINT_URL", also_put=True)

    def test_no_certificate(self, s3_url: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", s3_endpoint.replace("http:", "https:"))
        _assert_unusable(ArtifactStore(s3_url), "certificate is not trusted", "AWS_CA_BUNDLE")

    def test_unknown_failures_say_little(self, folder_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError(f"Authorization: {SECRET}")

        store = ArtifactStore(folder_url)
        monkeypatch.setattr(store._driver, "read", fail)
        with pytest.raises(StoreUnusable, match="it failed with RuntimeError") as caught:
            store.get(KEY)
        _assert_speaks_plainly(caught.value)


def _assert_unusable(store: ArtifactStore, reason: str, hint: str, *, also_put: bool = False) -> None:
    operations: list[Callable[[], object]] = [store.check]
    if also_put:
        operations.append(lambda: store.put(KEY, b"1"))
    for operation in operations:
        with pytest.raises(StoreUnusable, match=reason) as caught:
            operation()
        assert hint in caught.value.hint
        _assert_speaks_plainly(caught.value)


def _assert_speaks_plainly(error: StoreUnusable) -> None:
    """One line, and no secret, not even in a traceback."""
    assert "\n" not in str(error)
    assert error.__suppress_context__ or error.__context__ is None
    shown = [line for line in traceback.format_exception(error) if not line.startswith("  File")]
    assert SECRET not in "".join(shown)


@contextmanager
def _checking_credentials(endpoint: str) -> Iterator[None]:
    """The S3 server takes any credentials; for this block it takes none."""

    def free_requests(number: str) -> None:
        headers = {"Content-Type": "text/plain"}
        with urlopen(Request(f"{endpoint}/moto-api/reset-auth", number.encode(), headers, method="POST")):
            pass

    free_requests("0")
    try:
        yield
    finally:
        free_requests("inf")


@contextmanager
def _no_superuser() -> Iterator[None]:
    """Root may write anywhere: be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
