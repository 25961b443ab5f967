"""Owners fetch the exports of their workspace; nobody else does."""

from __future__ import annotations

import io
import zipfile

import pytest

from pressroom.settings import Settings
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from tests.fixtures.desk import Person

EXPORTS = "/api/v1/exports"


@pytest.fixture
def made(owner: Person, operators: Database, desk_settings: Settings) -> str:
    """The job of an export that has been made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("README.txt", "Everything.")
    store = ArtifactStore(desk_settings.resolved_store_url)
    stored = store.put(f"exports/{owner.workspace_id}/ours.zip", packed.getvalue())
    job = Job(
        workspace_id=owner.workspace_id, kind="export", status="completed", deployment="export-workspace/export",
        idempotency_key="k", created_by=owner.email, outputs=stored.model_dump(),
    )  # fmt: skip
    with operators.write() as session:
        session.add(job)
    return job.id


def test_an_export_is_listed_and_fetched(owner: Person, made: str) -> None:
    (shown,) = owner.get(EXPORTS).json()["items"]
    assert (shown["id"], shown["status"]) == (made, "completed")
    answer = owner.get(shown["href"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert "attachment" in answer.headers["content-disposition"]
    assert "ours.zip" in answer.headers["content-disposition"]
    assert len(answer.content) == shown["size"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("README.txt") == b"Everything."


def test_only_owners_of_the_workspace_have_to_do_with_exports(
    owner: Person, editor: Person, stranger: Person, made: str
) -> None:
    file = f"{EXPORTS}/{made}/file"
    assert [editor.get(EXPORTS).status_code, editor.get(file).status_code, editor.post(EXPORTS, json={}).status_code] \
        == [403, 403, 403]  # fmt: skip
    assert stranger.get(EXPORTS).json()["items"] == []
    assert stranger.get(file).status_code == 404


def test_what_is_not_there_is_not_found(owner: Person, made: str, desk_settings: Settings, operators: Database) -> None:
    under_way = Job(
        workspace_id=owner.workspace_id, kind="export", status="completed", deployment="export-workspace/export",
        idempotency_key="another", created_by=owner.email,
    )  # fmt: skip
    with operators.write() as session:
        session.add(under_way)
    assert owner.get(f"{EXPORTS}/{under_way.id}/file").status_code == 404
    assert {each["id"]: each["href"] for each in owner.get(EXPORTS).json()["items"]}[under_way.id] == ""
    store = ArtifactStore(desk_settings.resolved_store_url)
    store.delete(store.list("exports")[0])
    gone = owner.get(f"{EXPORTS}/{made}/file")
    assert (gone.status_code, gone.json()["code"]) == (404, "NOT_FOUND")


def test_an_export_is_asked_for_as_a_job(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")  # where nobody listens
    answer = owner.post(EXPORTS, json={"title": "Before we leave"})
    assert answer.status_code == 503, answer.text
    (kept,) = owner.get(EXPORTS).json()["items"]
    assert (kept["kind"], kept["status"], kept["title"]) == ("export", "unreached", "Before we leave")
    asked = owner.get(f"/api/v1/jobs/{kept['id']}").json()["request"]
    assert asked == {"workspace": "ours"}
