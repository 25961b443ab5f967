"""The artifact store: in a folder, on S3 (over real HTTP) and elsewhere through fsspec."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

import pytest

from pressroom.errors import StoreUnusable, WrongInput
from pressroom.settings import settings
from pressroom.store.artifacts import ArtifactStore, NoArtifact, Stored
from pressroom.store.artifacts.store import AT_HAND, WRITERS
from tests.fixtures.measuring import assert_takes_less_than

KEY = "default/2026-01-31/run-1/brief.html"
CONTENT_TYPES = {
    "a.html": "text/html; charset=utf-8",
    "a.json": "application/json",
    "a.md": "text/markdown; charset=utf-8",
    "a.txt": "text/plain; charset=utf-8",
    "a.css": "text/css; charset=utf-8",
    "a.js": "text/javascript; charset=utf-8",
    "A.PNG": "image/png",
    "a.mp4": "video/mp4",
    "a.b/c": "application/octet-stream",
}


class TestKeeping:
    def test_what_is_put_is_got(self, any_store: ArtifactStore) -> None:
        stored = any_store.put(KEY, b"<p>Guten Morgen</p>")
        assert any_store.get(KEY) == b"<p>Guten Morgen</p>"
        assert any_store.exists(KEY)
        assert stored.sha256 == sha256(b"<p>Guten Morgen</p>").hexdigest()
        assert (stored.key, stored.size) == (KEY, 19)
        assert stored.address == any_store.address(KEY)

    def test_nothing_is_something(self, any_store: ArtifactStore) -> None:
        any_store.put("empty.txt", b"")
        assert any_store.exists("empty.txt")
        assert any_store.get("empty.txt") == b""

    def test_the_later_wins(self, any_store: ArtifactStore) -> None:
        any_store.put(KEY, b"one")
        any_store.put(KEY, b"two")
        assert any_store.get(KEY) == b"two"
        assert any_store.list() == [KEY]

    def test_unusual_names(self, any_store: ArtifactStore) -> None:
        keys = ["a b/c d.txt", "größe/日本.md", "a+b&c=d#e%20.txt", "x" * 255, ".hidden/~.txt"]
        for key in keys:
            any_store.put(key, key.encode())
            assert any_store.get(key) == key.encode()
        assert any_store.list() == sorted(keys)

    def test_three_megabytes(self, any_store: ArtifactStore) -> None:
        data = os.urandom(3_000_000)
        any_store.put("film.mp4", data)
        assert any_store.get("film.mp4") == data

    def test_missing(self, any_store: ArtifactStore) -> None:
        assert not any_store.exists(KEY)
        with pytest.raises(NoArtifact, match="There is no artifact at 'default/") as caught:
            any_store.get(KEY)
        assert isinstance(caught.value, WrongInput)
        assert caught.value.hint

    def test_another_store_sees_it_at_once(self, store_url: str) -> None:
        here, there = ArtifactStore(store_url), ArtifactStore(store_url)
        assert here.list() == []
        assert not here.exists(KEY)
        there.put(KEY, b"1")
        assert here.list() == [KEY]
        assert here.exists(KEY)

    def test_from_settings(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert ArtifactStore.from_settings().address("a") == str(tmp_path / ".pressroom/artifacts/a")
        monkeypatch.setenv("PRESSROOM_STORE_URL", "memory://elsewhere")
        settings.cache_clear()
        assert ArtifactStore.from_settings().address("a") == "memory://elsewhere/a"


class TestPuttingAgain:
    def test_equal_bytes_are_not_written(self, any_store: ArtifactStore, monkeypatch: pytest.MonkeyPatch) -> None:
        first = any_store.put(KEY, b"same")
        writes: list[str] = []
        monkeypatch.setattr(any_store._driver, "write", lambda key, *_: writes.append(key))
        assert any_store.put(KEY, b"same") == first
        assert writes == []
        any_store.put(KEY, b"else")
        assert writes == [KEY]

    def test_another_content_type_is_written(self, s3_url: str) -> None:
        store = ArtifactStore(s3_url)
        store.put(KEY, b"same")
        store.put(KEY, b"same", "text/plain")
        assert _fetched(store, KEY)[1] == "text/plain"

    def test_takes_a_millisecond_in_a_folder(self, folder_url: str) -> None:
        store, data = ArtifactStore(folder_url), b"x" * 5000
        store.put(KEY, data)
        assert_takes_less_than(0.1, lambda: [store.put(KEY, data) for _ in range(100)])


class TestListingAndDeleting:
    def test_a_prefix_is_a_folder(self, any_store: ArtifactStore) -> None:
        for key in ("b/2", "a/1", "ab/3", "a/c/4"):
            any_store.put(key, b"")
        assert any_store.list() == ["a/1", "a/c/4", "ab/3", "b/2"]
        assert any_store.list("a") == any_store.list("a/") == ["a/1", "a/c/4"]
        assert any_store.list("nothing") == []
        assert any_store.list("a/1") == ["a/1"]

    def test_delete(self, any_store: ArtifactStore) -> None:
        any_store.put("a/b/1", b"")
        any_store.put("a/2", b"")
        any_store.delete("a/b/1")
        assert any_store.list() == ["a/2"]
        any_store.delete("a/b/1")
        any_store.delete("never/was")

    def test_empty_folders_go_too(self, tmp_path: Path) -> None:
        store = ArtifactStore(str(tmp_path / "root"))
        store.put("a/b/1", b"")
        store.delete("a/b/1")
        assert list((tmp_path / "root").iterdir()) == []

    def test_deleting_while_others_put(self, folder_url: str) -> None:
        store = ArtifactStore(folder_url)

        def put_and_delete(number: int) -> None:
            for _ in range(30):
                store.put(f"a/b/{number}", b"1")
                assert store.get(f"a/b/{number}") == b"1"
                store.delete(f"a/b/{number}")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put_and_delete, range(8)))


class TestTrees:
    def test_every_file_below(self, any_store: ArtifactStore, tmp_path: Path) -> None:
        docs = tmp_path / "docs"
        names = ["index.html", "static/style.css", *(f"pages/{number}.html" for number in range(30))]
        for name in names:
            (docs / name).parent.mkdir(parents=True, exist_ok=True)
            (docs / name).write_text(name)
        (docs / "link").symlink_to("/etc/passwd")
        stored = any_store.put_tree(docs, "default/docs")
        assert [one.key for one in stored] == sorted(f"default/docs/{name}" for name in names)
        assert any_store.list() == [one.key for one in stored]
        assert any_store.get("default/docs/static/style.css") == b"static/style.css"

    def test_at_the_root(self, folder_url: str, tmp_path: Path) -> None:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "a").write_text("1")
        store = ArtifactStore(folder_url)
        assert [one.key for one in store.put_tree(tmp_path / "docs", "")] == ["a"]

    def test_no_folder(self, folder_url: str, tmp_path: Path) -> None:
        with pytest.raises(WrongInput, match="no folder"):
            ArtifactStore(folder_url).put_tree(tmp_path / "nowhere", "a")

    def test_a_name_that_is_no_key_stops_it_before_the_first_file(self, folder_url: str, tmp_path: Path) -> None:
        (tmp_path / "docs").mkdir()
        for name in ("a", "b*"):
            (tmp_path / "docs" / name).write_text("1")
        store = ArtifactStore(folder_url)
        with pytest.raises(WrongInput):
            store.put_tree(tmp_path / "docs", "docs")
        assert store.list() == []


class TestSeveral:
    def test_they_are_made_as_the_store_comes_to_them(self, folder_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        store, asked_for, ahead = ArtifactStore(folder_url), 0, list[int]()
        put = store.put

        def put_and_look(key: str, data: bytes) -> Stored:
            stored = put(key, data)
            ahead.append(asked_for - len(ahead))
            return stored

        def contents() -> Iterator[tuple[str, bytes]]:
            nonlocal asked_for
            for number in reversed(range(200)):
                asked_for += 1
                yield f"several/{number:03}", b"x"

        monkeypatch.setattr(store, "put", put_and_look)
        stored = store.put_all(contents())

        assert [one.key for one in stored] == store.list() == [f"several/{number:03}" for number in range(200)]
        assert max(ahead) <= AT_HAND + WRITERS

    def test_the_first_that_fails_ends_it(self, folder_url: str) -> None:
        store = ArtifactStore(folder_url)
        with pytest.raises(WrongInput):
            store.put_all((f"{'b*' if number == 40 else number}", b"x") for number in range(1000))
        assert len(store.list()) < 200


class TestReadingOverHttp:
    def test_content_type_by_ending(self, s3_url: str) -> None:
        store, found = ArtifactStore(s3_url), {}
        for name in CONTENT_TYPES:
            store.put(name, b"1")
            found[name] = _fetched(store, name)[1]
        assert found == CONTENT_TYPES

    def test_content_type_given(self, s3_url: str) -> None:
        store = ArtifactStore(s3_url)
        store.put("a.html", b"1", "application/xhtml+xml")
        assert _fetched(store, "a.html")[1] == "application/xhtml+xml"

    @pytest.mark.parametrize("kind", ["", "html", "text/html\r\nX-Evil: 1", "text/hüml"])
    def test_content_type_that_is_none(self, folder_url: str, kind: str) -> None:
        with pytest.raises(WrongInput, match="not a content type"):
            ArtifactStore(folder_url).put("a.html", b"1", kind)

    def test_signed_url(self, store: ArtifactStore) -> None:
        store.put("a b/ü.html", b"<p>")
        assert _fetched(store, "a b/ü.html")[0] == b"<p>"

    def test_signature_says_how_long(self, s3_url: str) -> None:
        url = ArtifactStore(s3_url).signed_url(KEY, 90)
        assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
        assert "X-Amz-Expires=90&" in url
        assert "test-secret" not in url

    @pytest.mark.parametrize("seconds", [0, -1, 8 * 24 * 3600])
    def test_no_such_time(self, folder_url: str, seconds: int) -> None:
        with pytest.raises(WrongInput, match="can't live"):
            ArtifactStore(folder_url).signed_url(KEY, seconds)

    def test_memory_signs_nothing(self) -> None:
        with pytest.raises(StoreUnusable, match="no signed addresses"):
            ArtifactStore("memory://x").signed_url(KEY, 60)

    def test_addresses(self, folder_url: str, s3_url: str) -> None:
        assert ArtifactStore(folder_url).address("a/b") == f"{folder_url}/a/b"
        assert ArtifactStore(s3_url).address("a/b") == f"{s3_url}/a/b"
        assert ArtifactStore("memory://m/").address("a/b") == "memory://m/a/b"


class TestWholeOrNotAtAll:
    def test_killed_while_writing(self, folder_url: str) -> None:
        store = ArtifactStore(folder_url)
        store.put(KEY, b"old")
        code = "\n".join(
            [
                "import os, sys, time",
                "from pathlib import Path",
                "from pressroom.store.artifacts import ArtifactStore",
                "def stuck(*_): print('written', flush=True); time.sleep(60)",
                "Path.replace = stuck",
                f"ArtifactStore(sys.argv[1]).put({KEY!r}, b'new' * 1000)",
            ]
        )
        with subprocess.Popen([sys.executable, "-c", code, folder_url], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            assert child.stdout.readline() == "written\n"
            child.send_signal(signal.SIGKILL)
        left = [path.name for path in (Path(folder_url) / KEY).parent.iterdir()]
        assert len(left) == 2, "the test did not stop it between writing and renaming"
        assert store.get(KEY) == b"old"
        assert store.list() == [KEY]

    def test_failing_leaves_nothing(self, folder_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StoreUnusable, match="no space is left"):
            ArtifactStore(folder_url).put(KEY, b"1")
        monkeypatch.undo()
        assert not list((Path(folder_url) / KEY).parent.iterdir())

    def test_elsewhere_writes_beside_and_renames(self, monkeypatch: pytest.MonkeyPatch) -> None:
        store = ArtifactStore("memory://renames")
        monkeypatch.setattr(store._driver, "scheme", "sftp")
        store.put("a/b", b"1")
        store.put("a/b", b"2")
        assert store.get("a/b") == b"2"
        assert store.list() == ["a/b"]

    def test_a_reader_never_sees_half(self, folder_url: str) -> None:
        store = ArtifactStore(folder_url)
        versions = [bytes([number]) * 200_000 for number in range(1, 6)]
        store.put(KEY, versions[0])
        with ThreadPoolExecutor(2) as pool:
            writing = pool.submit(lambda: [store.put(KEY, version) for version in versions * 10])
            while not writing.done():
                assert store.get(KEY) in versions
        assert len(writing.result()) == 50

    def test_files_may_be_read_by_other_users(self, folder_url: str) -> None:
        old = os.umask(0o022)
        try:
            ArtifactStore(folder_url).put(KEY, b"1")
        finally:
            os.umask(old)
        assert (Path(folder_url) / KEY).stat().st_mode & 0o777 == 0o644


class TestManyThreads:
    def test_a_hundred_at_once(self, any_store: ArtifactStore) -> None:
        def put(number: int) -> Stored:
            return any_store.put(f"run/{number:03}.json", str(number).encode())

        with ThreadPoolExecutor(100) as pool:
            stored = list(pool.map(put, range(100)))
        assert any_store.list() == [one.key for one in stored]
        with ThreadPoolExecutor(100) as pool:
            assert list(pool.map(any_store.get, any_store.list())) == [str(number).encode() for number in range(100)]

    def test_a_hundred_at_the_same_key(self, folder_url: str) -> None:  # the tests' S3 server is not up to it
        store = ArtifactStore(folder_url)
        with ThreadPoolExecutor(100) as pool:
            list(pool.map(lambda number: store.put(KEY, bytes([number]) * 1000), range(100)))
        data = store.get(KEY)
        assert data == data[:1] * 1000
        assert store.list() == [KEY]


def _fetched(store: ArtifactStore, key: str) -> tuple[bytes, str]:
    """Body and content type of what the signed address leads to."""
    with urlopen(store.signed_url(key, 60)) as answer:
        return answer.read(), answer.headers["Content-Type"]
