"""What was handed in is read by the flows of its own workspace; what came over the network reads nothing else here."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom.errors import SourceForbidden, SourceNotFound
from pressroom.model import Caller, Role
from pressroom.settings import settings
from pressroom.store.desk_tables import Upload
from pressroom.store.uploads import delete_upload, keep_upload, key_of
from pressroom.store.workspaces import workspace

WORDS = " ".join(f"In street {number} there are {number + 3} hives." for number in range(2, 20))


@pytest.fixture
def handed_in(nothing_known: None, tmp_path: Path) -> Upload:
    """`notes.md`, in the workspace `ours`."""
    from blocks import connections

    file = tmp_path / "file"
    file.write_text(WORDS)
    home = workspace(connections.database(), "ours")
    workspace(connections.database(), "theirs")
    wanted = Upload(
        workspace_id=home.id, name="notes.md", purpose="document", media_type="text/markdown",
        key=key_of(home.id, "ab" * 32, ".md"), sha256="ab" * 32, size=len(WORDS), uploaded_by="ada@example.com",
    )  # fmt: skip
    return keep_upload(connections.database(), connections.store(), file, wanted)


def test_a_document_is_read_under_its_name(handed_in: Upload) -> None:
    from tasks.documents import read_source

    read = read_source.fn(f"upload:{handed_in.id}", "ours")
    (document,) = read.documents
    assert (document.source, document.kind, document.title) == ("notes.md", "markdown", "notes")
    assert "9 hives" in document.text

    (failed,) = read_source.fn(f"upload:{handed_in.id}", "theirs").failures
    assert failed.code == "SOURCE_NOT_FOUND"


def test_what_was_deleted_or_purged_is_told_so(handed_in: Upload) -> None:
    from blocks import connections
    from tasks import uploads

    source = f"upload:{handed_in.id}"
    assert uploads.read_upload(source, "ours") == WORDS.encode()
    assert (uploads.shown(source, "ours"), uploads.shown("a.jpg", "ours")) == ("notes.md", "a.jpg")
    connections.store().delete(handed_in.key)
    with pytest.raises(SourceNotFound, match=r"notes\.md is not kept any more"):
        uploads.read_upload(source, "ours")
    ada = Caller(workspace_id=handed_in.workspace_id, workspace="ours", role=Role.EDITOR, name="ada@example.com")
    delete_upload(connections.database(), ada, handed_in.id)
    with pytest.raises(SourceNotFound, match="no upload"):
        uploads.read_upload(source, "ours")


def test_a_request_from_the_desk_reads_no_file_of_this_machine(
    handed_in: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_LOCAL_FILES", "false")
    from tasks import uploads
    from tasks.documents import read_source

    (failed,) = read_source.fn(str(tmp_path / "file"), "ours").failures
    assert failed.code == "SOURCE_FORBIDDEN"
    with pytest.raises(SourceForbidden):
        uploads.read_image(str(tmp_path / "file"), "ours")

    monkeypatch.setenv("PRESSROOM_LOCAL_FILES", "true")
    settings.cache_clear()
    assert uploads.read_image(str(tmp_path / "file"), "ours") == WORDS.encode()


def test_the_same_bytes_are_the_same_run_whatever_they_are_called(handed_in: Upload) -> None:
    from pressroom.media.planning import file_hash
    from tasks.optimizing import _upload_hash

    assert _upload_hash(f"upload:{handed_in.id}", "ours") == handed_in.sha256
    assert _upload_hash("https://example.com/a.jpg", "ours") is None
    assert file_hash("https://example.com/a.jpg", reads_files=True) == "https://example.com/a.jpg"
