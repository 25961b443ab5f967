"""Files that are kept and read a piece at a time, in a folder and on S3."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pressroom.store.artifacts import ArtifactStore, NoArtifact

LARGE = bytes(range(256)) * 80_000
"""20 MB: several parts on S3."""


@pytest.fixture
def store(store_url: str) -> ArtifactStore:
    return ArtifactStore(store_url)


def test_a_file_is_kept_whole_and_read_in_pieces(store: ArtifactStore, tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(LARGE)
    sha256 = hashlib.sha256(LARGE).hexdigest()

    kept = store.put_file("uploads/a/large.pdf", file, sha256, "application/pdf")
    assert (kept.size, kept.sha256) == (len(LARGE), sha256)
    pieces = list(store.stream(kept.key))
    assert len(pieces) > 10
    assert b"".join(pieces) == store.get(kept.key) == LARGE
    assert store.part(kept.key, 9_999_990, 20) == LARGE[9_999_990:10_000_010]
    assert store.part(kept.key, len(LARGE) - 5, 20) == LARGE[-5:]
    assert store.list("uploads") == ["uploads/a/large.pdf"]


def test_what_is_there_under_its_hash_is_not_written_again(store: ArtifactStore, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"first")
    store.put_file("uploads/a/x.txt", file, "0" * 64)
    file.write_bytes(b"later")
    store.put_file("uploads/a/x.txt", file, "0" * 64)

    assert store.get("uploads/a/x.txt") == b"first"


def test_what_is_not_there_is_told_before_anything_is_read(store: ArtifactStore) -> None:
    store.put("a/b.txt", b"x")
    with pytest.raises(NoArtifact):
        store.stream("a/nothing.txt")
    with pytest.raises(NoArtifact):
        store.part("a/nothing.txt", 0, 1)
