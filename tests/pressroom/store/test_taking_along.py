"""Everything of a workspace is in its export, nothing of another, and no secret."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pressroom.model import Role
from pressroom.store.account_tables import AuditEvent, Invitation, ServiceToken
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Webhook
from pressroom.store.tables import Artifact, Table, utc_now
from pressroom.store.taking_along import PARTS, Taken, take_along
from pressroom.store.workspaces import workspace
from tests.fixtures.desk import add_person, add_run

SECRET = "not-to-be-told"
NOT_TAKEN = {"channel_sign_in",
    "workspace", "membership", "users", "sign_in", "signing_key", "allowance", "artifact", "event", "outbox",
    "attempt", "idempotent_answer", "hashtag_use",
}  # fmt: skip
"""Tables without a part of their own: in another file, what files/ holds, or of no use to anybody."""


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "store"))


def taken_along(database: Database, store: ArtifactStore, tmp_path: Path) -> tuple[Taken, zipfile.ZipFile]:
    target = tmp_path / "export.zip"
    taken = take_along(database, store, workspace(database, "ours"), target, day="2026-11-20")
    return taken, zipfile.ZipFile(target)


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"{name}.jsonl").splitlines()]


def add(database: Database, *added: Table) -> None:
    with database.write() as session:
        session.add_all(added)


def test_all_of_one_workspace_is_there(database: Database, store: ArtifactStore, tmp_path: Path) -> None:
    ours, theirs = add_run(database, "ours"), add_run(database, "theirs")
    _, home = add_person(database, "ada@example.com", Role.EDITOR, "ours")
    for name, run in (("ours", ours), ("theirs", theirs)):
        stored = store.put(f"{name}/2026-01-30/{run.id}/brief.html", f"<p>{name}</p>".encode())
        about = {"address": "", "sha256": "0", "size": 1}
        add(database, Artifact(workspace_id=run.workspace_id, key=stored.key, kind="brief", **about))
    add(
        database,
        Artifact(workspace_id=home, key="ours/lost.txt", kind="text", **about),
        Artifact(workspace_id=home, key="exports/old.zip", kind="export", **about),
        AuditEvent(workspace_id=home, actor="ada@example.com", action="content.moved"),
    )

    taken, archive = taken_along(database, store, tmp_path)
    assert archive.testzip() is None
    assert {row["id"] for row in rows(archive, "content")} == set(ours.content.values())
    assert [row["id"] for row in rows(archive, "runs")] == [ours.id]
    assert {row["content_id"] for row in rows(archive, "revisions")} == set(ours.content.values())
    assert rows(archive, "members")[0]["email"] == "ada@example.com"
    assert rows(archive, "members")[0]["role"] == "editor"
    assert [row["action"] for row in rows(archive, "audit")] == ["content.moved"]
    assert archive.read(f"files/ours/2026-01-30/{ours.id}/brief.html") == b"<p>ours</p>"
    assert [name for name in archive.namelist() if name.startswith("files/")] == [
        f"files/ours/2026-01-30/{ours.id}/brief.html"
    ]
    assert (taken.files, taken.missing) == (1, ("ours/lost.txt",))
    assert (taken.rows["content"], taken.rows["members"], taken.rows["webhooks"]) == (6, 1, 0)
    assert "theirs" not in archive.read("runs.jsonl").decode()
    assert json.loads(archive.read("workspace.json"))["name"] == "ours"
    readme = archive.read("README.txt").decode()
    assert all(f"{name}:" in readme for name in archive.namelist() if name.endswith((".json", ".jsonl")))


def test_no_secret_is_taken_along(database: Database, store: ArtifactStore, tmp_path: Path) -> None:
    user_id, home = add_person(database, "ada@example.com", Role.OWNER, "ours")
    add(
        database,
        Webhook(workspace_id=home, url="https://example.com", secret=SECRET),
        ServiceToken(workspace_id=home, name="n", token_hash=SECRET, created_by=user_id),
        Invitation(
            workspace_id=home, email="b@example.com", role="viewer", token_hash=SECRET, invited_by=user_id,
            expires_at=utc_now(),
        ),
    )  # fmt: skip
    taken, archive = taken_along(database, store, tmp_path)
    assert (taken.rows["webhooks"], taken.rows["tokens"], taken.rows["invitations"]) == (1, 1, 1)
    for name in archive.namelist():
        assert SECRET not in archive.read(name).decode(), name
        assert "password" not in archive.read(name).decode().lower() or name == "README.txt", name


def test_every_table_of_a_workspace_is_taken_along_or_left_out_on_purpose() -> None:
    taken = {str(part.table.__tablename__) for part in PARTS.values()}
    assert taken | NOT_TAKEN >= set(Table.metadata.tables), set(Table.metadata.tables) - taken - NOT_TAKEN
    assert not taken & NOT_TAKEN
