"""What has had its time is forgotten, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from pressroom.model import Role
from pressroom.settings import Settings
from pressroom.store import audit, events, forgetting
from pressroom.store.account_tables import Allowance, AuditEvent, Membership, SignIn, User
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Event, IdempotentAnswer, Outbox, Upload, Webhook
from pressroom.store.tables import Artifact, Content, Run, Table, Workspace, utc_now
from pressroom.store.uploads import key_of
from pressroom.store.workspaces import workspace
from tests.fixtures.desk import add_person, add_run

LONG_AGO = timedelta(days=400)


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "store"))


def add(database: Database, *rows: Table) -> None:
    with database.write() as session:
        for row in rows:
            session.add(row)
            session.flush()


def all_of(database: Database, table: Any) -> list[Any]:
    with database.read() as session:
        return list(session.exec(select(table).order_by(col(table.created_at))).all())


def test_old_rows_go_and_fresh_ones_stay(database: Database) -> None:
    user_id, home = add_person(database, "a@example.com", Role.OWNER, "ours")
    kept = []
    for age, kind in ((timedelta(0), "run.started"), (timedelta(days=29), "run.failed"), (LONG_AGO, "run.completed")):
        then = utc_now() - age
        event = Event(workspace_id=home, type=kind, created_at=then, dispatched_at=then)
        add(database, event)
        kept.append(event.id)
        hook = Webhook(workspace_id=home, url="https://example.com", secret="s")
        add(database, hook)
        sent = Outbox(
            workspace_id=home, kind="webhook", lane=hook.id, subject_id=event.id, state="done", created_at=then
        )
        add(
            database,
            sent,
            Attempt(workspace_id=home, outbox_id=sent.id, number=1, outcome="done"),
            AuditEvent(workspace_id=home, actor="a", action=kind, created_at=then),
            SignIn(user_id=user_id, kind="api", token_hash="t", expires_at=then),
            Allowance(key=kind, window_start=then),
            IdempotentAnswer(workspace_id=home, key=kind, request_hash="h", created_at=then),
        )
    forgotten = forgetting.forget_old_rows(database, Settings())
    assert {table: count for table, count in forgotten.items() if count} == {
        "audit_event": 1,
        "idempotent_answer": 2,
        "allowance": 2,
        "sign_in": 1,
        "outbox": 1,
        "event": 1,
    }
    assert [event.id for event in all_of(database, Event)] == kept[1::-1]
    assert len(all_of(database, SignIn)) == len(all_of(database, Attempt)) == 2
    assert all(count == 0 for count in forgetting.forget_old_rows(database, Settings()).values())


def test_the_settings_say_how_long_the_audit_log_is_kept(database: Database) -> None:
    add(database, AuditEvent(actor="a", action="x.y", created_at=utc_now() - timedelta(days=10)))
    assert forgetting.forget_old_rows(database, Settings(audit_days=11))["audit_event"] == 0
    assert forgetting.forget_old_rows(database, Settings(audit_days=9))["audit_event"] == 1


def test_an_old_event_stays_while_it_is_being_sent_again(database: Database) -> None:
    home = workspace(database, "ours").id
    old = Event(workspace_id=home, type="run.failed", created_at=utc_now() - LONG_AGO)
    again = Outbox(workspace_id=home, kind="webhook", lane="w", subject_id=old.id, created_at=utc_now() - LONG_AGO)
    add(database, old, again)
    forgotten = forgetting.forget_old_rows(database, Settings())
    assert (forgotten["event"], forgotten["outbox"]) == (0, 0), "what is still to be sent stays, however old it is"
    assert len(all_of(database, Event)) == 1


def test_more_rows_than_one_transaction_takes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 10)
    add(database, *(AuditEvent(actor="a", action="x.y", created_at=utc_now() - LONG_AGO) for _ in range(25)))
    assert forgetting.forget_old_rows(database, Settings())["audit_event"] == 25


def upload(store: ArtifactStore, home: str, name: str, data: bytes, **columns: Any) -> Upload:
    stored = store.put(key_of(home, data.hex() * 8, ".txt"), data)
    about = {"purpose": "document", "media_type": "text/plain", "uploaded_by": "a", "size": len(data)}
    return Upload(workspace_id=home, name=name, key=stored.key, sha256=data.hex() * 8, **about, **columns)


def test_deleted_uploads_go_with_their_files(database: Database, store: ArtifactStore) -> None:
    home, before = workspace(database, "ours").id, utc_now() - timedelta(days=30)
    gone = upload(store, home, "gone", b"gone", deleted_at=utc_now() - LONG_AGO)
    shared = upload(store, home, "deleted", b"both", deleted_at=utc_now() - LONG_AGO)
    kept = upload(store, home, "kept", b"both")
    lately = upload(store, home, "lately", b"late", deleted_at=utc_now())
    add(database, gone, shared, kept, lately)

    assert forgetting.purge_uploads(database, store, before) == 2
    assert {row.name for row in all_of(database, Upload)} == {"kept", "lately"}
    assert (store.exists(gone.key), store.exists(kept.key), store.exists(lately.key)) == (False, True, True)


def test_old_exports_go(database: Database, store: ArtifactStore) -> None:
    home = workspace(database, "ours").id
    for name, age in (("old", LONG_AGO), ("new", timedelta(0))):
        stored = store.put(f"exports/{home}/{name}.zip", b"PK")
        about = {"kind": "export", "sha256": "0", "size": 2, "created_at": utc_now() - age}
        add(database, Artifact(workspace_id=home, key=stored.key, address="", **about))
    assert forgetting.purge_exports(database, store, utc_now() - timedelta(days=7)) == 1
    assert store.list("exports") == [f"exports/{home}/new.zip"]
    assert [row.key for row in all_of(database, Artifact)] == store.list("exports")


def test_a_closed_workspace_is_purged_and_no_other(database: Database, store: ArtifactStore) -> None:
    ours, theirs = add_run(database, "ours"), add_run(database, "theirs")
    user_id, _ = add_person(database, "a@example.com", Role.OWNER, "ours")
    for name, home in (("ours", ours.workspace_id), ("theirs", theirs.workspace_id)):
        store.put(f"{name}/2026-01-30/run/brief.html", b"-")
        with database.write() as session:
            session.add(upload(store, home, "deed", b"deed"))
            events.emit(session, home, "run.completed", {})
            audit.note(session, None, "x.y")
            session.add(AuditEvent(workspace_id=home, actor="a", action="workspace.deleted"))
    close(database, "ours", utc_now() - timedelta(days=31))
    before = utc_now() - timedelta(days=30)

    assert forgetting.purge_workspaces(database, store, before) == 1
    for table in (Content, Run, Upload, Event):
        assert {row.workspace_id for row in all_of(database, table)} == {theirs.workspace_id}
    assert all_of(database, Membership) == []
    assert [row.id for row in all_of(database, User)] == [user_id]
    assert [key.partition("/")[0] for key in store.list()] == ["theirs", "uploads"]
    assert forgetting.purge_workspaces(database, store, before) == 0, "nothing is left to be purged"
    with database.read() as session:
        assert session.get_one(Workspace, ours.workspace_id).name == "ours", "while there is a log, there is a name"

    with database.write() as session:
        for row in session.exec(select(AuditEvent).where(AuditEvent.workspace_id == ours.workspace_id)).all():
            session.delete(row)
    forgetting.purge_workspaces(database, store, before)
    assert [row.name for row in all_of(database, Workspace)] == ["theirs"]


def test_a_workspace_that_closed_lately_can_still_be_put_back(database: Database, store: ArtifactStore) -> None:
    add_run(database, "ours")
    close(database, "ours", utc_now())
    assert forgetting.purge_workspaces(database, store, utc_now() - timedelta(days=30)) == 0
    assert len(all_of(database, Content)) == 6


def close(database: Database, name: str, at: Any) -> None:
    with database.write() as session:
        row = session.exec(select(Workspace).where(Workspace.name == name)).one()
        row.deleted_at = at
        session.add(row)
