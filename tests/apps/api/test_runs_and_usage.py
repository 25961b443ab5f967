"""Runs with their files and pictures, and what they cost: of one's own workspace alone, and unable to do harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pressroom.store import contents
from pressroom.store.database import Database
from pressroom.store.tables import Artifact, Asset, ProviderCall
from tests.fixtures.desk import MadeRun, Person

PAGE = b"<!doctype html><script>alert(1)</script><h1>Brief</h1>"


@pytest.fixture
def files(owner: Person, operators: Database, made_run: MadeRun) -> str:
    """A brief and a picture of the run, in the store and with their rows; the picture's id."""
    store = owner.app.state.desk.store  # type: ignore[attr-defined]
    folder = f"ours/2026-01-30/{made_run.id}"
    brief, photo = store.put(f"{folder}/brief.html", PAGE), store.put(f"{folder}/001-a/photo.jpg", b"\xff\xd8\xff")
    owned = {"workspace_id": made_run.workspace_id, "run_id": made_run.id}
    contents.record_artifacts(
        operators, [Artifact(**owned, kind="brief", **each.model_dump()) for each in (brief, photo)]
    )
    row = Asset(
        **owned, kind="picture", subject_id=made_run.ideas[0], purpose="x", media_type="image/jpeg",
        width=1200, height=675, alt_text="Bees", provider="offline", model="cut", **photo.model_dump(),
    )  # fmt: skip
    with operators.write() as session:
        session.add(row)
    return row.id


def test_a_run_is_shown_with_its_files(editor: Person, made_run: MadeRun, files: str) -> None:
    (listed,) = editor.get("/api/v1/runs", params={"day": "2026-01-30", "status": "completed"}).json()["items"]
    assert listed["id"] == made_run.id
    assert editor.get("/api/v1/runs", params={"kind": "repurpose"}).json()["items"] == []

    shown = editor.get(f"/api/v1/runs/{made_run.id}").json()
    assert [each["path"] for each in shown["files"]] == ["001-a/photo.jpg", "brief.html"]
    assert list(shown["links"]) == ["brief.html"]
    page = editor.get(shown["links"]["brief.html"])
    assert (page.content, page.headers["content-type"]) == (PAGE, "text/html; charset=utf-8")
    policy = page.headers["content-security-policy"]
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["nothing.html", "../brief.html", "..%2Fbrief.html", "%2Fetc%2Fpasswd", ""])
def test_only_files_of_the_run_are_given(editor: Person, made_run: MadeRun, files: str, path: str) -> None:
    assert editor.get(f"/api/v1/runs/{made_run.id}/files/{path}").status_code == 404


def test_a_picture_is_shown_as_what_it_is(editor: Person, made_run: MadeRun, files: str) -> None:
    (listed,) = editor.get("/api/v1/images", params={"run": made_run.id}).json()["items"]
    assert (listed["id"], listed["purpose"], listed["alt_text"]) == (files, "x", "Bees")
    answer = editor.get(listed["href"])
    assert (answer.content, answer.headers["content-type"]) == (b"\xff\xd8\xff", "image/jpeg")
    assert answer.headers["content-disposition"].startswith("inline")


def test_nothing_of_it_is_there_for_another_workspace(stranger: Person, made_run: MadeRun, files: str) -> None:
    for path in (
        f"runs/{made_run.id}",
        f"runs/{made_run.id}/files/brief.html",
        f"images/{files}",
        f"images/{files}/file",
    ):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    assert stranger.get("/api/v1/images").json()["items"] == stranger.get("/api/v1/runs").json()["items"] == []


def test_usage_adds_up_by_day_provider_and_model(
    editor: Person, stranger: Person, operators: Database, made_run: MadeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    with operators.write() as session:
        for number, (provider, at) in enumerate(
            [("openai", now), ("openai", now), ("anthropic", now - timedelta(days=1)), ("openai", now - timedelta(90))]
        ):
            session.add(
                ProviderCall(
                    workspace_id=made_run.workspace_id, kind="text", purpose="draft", provider=provider, model="m",
                    request_hash=str(number), status="answered", input_tokens=100, output_tokens=10,
                    cost_microusd=250_000, created_at=at,
                )
            )  # fmt: skip
        session.add(
            ProviderCall(
                workspace_id=made_run.workspace_id, kind="text", purpose="ideas", provider="openai", model="m",
                request_hash="x", status="failed", error_code="PROVIDER_TIMEOUT", created_at=now,
            )
        )  # fmt: skip

    shown = editor.get("/api/v1/usage").json()
    assert shown["total"] == {
        "calls": 4, "failed": 1, "input_tokens": 300, "output_tokens": 30, "cached_tokens": 0, "cost_usd": 0.75,
    }  # fmt: skip
    assert [(each["on"], each["cost_usd"]) for each in shown["by_provider"]] == [("anthropic", 0.25), ("openai", 0.5)]
    yesterday, today = ((now - timedelta(days=back)).date().isoformat() for back in (1, 0))
    assert [(each["on"], each["calls"]) for each in shown["by_day"]] == [(yesterday, 1), (today, 3)]
    assert shown["budget"] == {"run_usd": None, "day_usd": None, "spent_today_usd": 0.5, "left_today_usd": None}
    assert stranger.get("/api/v1/usage").json()["total"]["calls"] == 0
    assert editor.get("/api/v1/usage", params={"date_from": "2026-02-01", "date_to": "2026-01-01"}).status_code == 422
