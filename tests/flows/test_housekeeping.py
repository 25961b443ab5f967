"""The nightly flow and the export, run by Prefect on a database and a store as a worker finds them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from prefect.runtime import flow_run
from sqlmodel import select

from blocks import connections
from flows.export_workspace import export_workspace
from flows.housekeeping import housekeeping
from pressroom.errors import NotFound
from pressroom.model.exports import ExportRequest
from pressroom.store.account_tables import AuditEvent
from pressroom.store.desk_tables import Event, Job, Upload
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Artifact, Content, utc_now
from pressroom.store.workspaces import workspace
from tests.fixtures.desk import add_run

LONG_AGO = timedelta(days=400)


@pytest.fixture(autouse=True)
def here(nothing_known: None) -> None:
    """A worker's own connections: SQLite and a folder, below the test's."""


def test_a_night_forgets_what_has_had_its_time() -> None:
    database, store = connections.database(), connections.store()
    run = add_run(database, "default")
    gone, kept = run.content[1, "x_thread"], run.content[2, "x_thread"]
    then = utc_now() - LONG_AGO
    store.put("default/gone.txt", b"gone")
    store.put("uploads/gone.txt", b"gone")
    with database.write() as session:
        for content_id, deleted in ((gone, then), (kept, utc_now())):
            session.get_one(Content, content_id).deleted_at = deleted
        about = {"workspace_id": run.workspace_id, "sha256": "0", "size": 4}
        session.add(Artifact(key="default/gone.txt", kind="text", address="", content_id=gone, **about))
        told = {"purpose": "document", "media_type": "text/plain", "uploaded_by": "a", "deleted_at": then}
        session.add(Upload(name="gone.txt", key="uploads/gone.txt", **about, **told))
        session.add(AuditEvent(actor="a", action="x.y", created_at=then))

    counts = housekeeping()
    assert {name: count for name, count in counts.items() if count} == {"content": 1, "files": 1, "audit_event": 1}
    with database.read() as session:
        assert session.get(Content, gone) is None
        assert session.get(Content, kept) is not None
    assert store.list() == []
    assert not any(housekeeping().values()), "a second time there is nothing left"


def test_a_night_warns_once_of_a_sign_in_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    database, told = connections.database(), list[str]()
    monkeypatch.setattr("blocks.notifier.Notifier.tell", lambda _self, _title, body: told.append(body) or True)
    ends = utc_now() + timedelta(days=6)
    row = ChannelRow(
        workspace_id=workspace(database, "default").id, platform="linkedin", remote_id="1", name="mill", expires_at=ends
    )
    with database.write() as session:
        session.add(row)
    assert housekeeping()["sign-ins that end"] == 1
    assert housekeeping()["sign-ins that end"] == 0
    assert len(told) == 1
    assert told[0].startswith("LinkedIn mill: The sign-in ends on")


def test_an_export_is_kept_in_the_store_and_its_job_told(monkeypatch: pytest.MonkeyPatch) -> None:
    database, store = connections.database(), connections.store()
    run = add_run(database, "default")
    job = Job(
        workspace_id=run.workspace_id, kind="export", status="running", deployment="export-workspace/export",
        idempotency_key="k", created_by="a", flow_run_id="f" * 36,
    )  # fmt: skip
    with database.write() as session:
        session.add(job)
    monkeypatch.setenv("PREFECT__RUNTIME__FLOW_RUN__ID", "f" * 36)
    assert flow_run.id == "f" * 36

    report = export_workspace(ExportRequest(workspace="default"))
    with zipfile.ZipFile(io.BytesIO(store.get(report.key))) as archive:
        drafts = [json.loads(line)["id"] for line in archive.read("content.jsonl").splitlines()]
    assert sorted(drafts) == sorted(run.content.values())
    assert report.rows["content"] == 6
    assert report.size == len(store.get(report.key))
    with database.read() as session:
        ended = session.get_one(Job, job.id)
        assert (ended.status, ended.outputs and ended.outputs["key"]) == ("completed", report.key)
        assert session.exec(select(Artifact.kind, Artifact.key)).all() == [("export", report.key)]
        assert session.exec(select(Event.type)).all()[-1] == "job.completed"


def test_an_export_of_nowhere_says_so() -> None:
    with pytest.raises(NotFound, match="no workspace 'nowhere'"):
        export_workspace(ExportRequest(workspace="nowhere"))
