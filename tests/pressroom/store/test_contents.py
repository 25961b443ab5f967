"""Ideas, drafts and artifacts are written on their natural keys: a repeat finds them, and never makes a second."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm.exc import DetachedInstanceError
from sqlmodel import col

from pressroom.errors import WrongInput
from pressroom.model import Idea, RunStatus
from pressroom.store import contents, subjects
from pressroom.store.database import Database
from pressroom.store.runs import open_run
from pressroom.store.tables import Artifact, Content, ProviderCall, Run, SubjectRow, Workspace, utc_now
from pressroom.store.workspaces import workspace

IDEAS = [Idea(title=f"Title {n}", description=f"Description {n} 🚀", category="technology") for n in (1, 2, 3)]


@pytest.fixture
def home(database: Database) -> Workspace:
    return workspace(database, "default")


@pytest.fixture
def run(database: Database, home: Workspace) -> Run:
    wanted = Run(
        workspace_id=home.id,
        kind="daily",
        run_key="one",
        day=date(2026, 11, 20),
        trigger="manual",
        status=RunStatus.RUNNING,
    )
    return open_run(database, wanted, lease_seconds=90)


@pytest.fixture
def draft(database: Database, run: Run) -> Callable[..., Content]:
    """`draft(format="x_thread")`: an unsaved draft of the run's first idea."""
    idea = subjects.save_ideas(database, run, IDEAS[:1])[0]

    def make(**changes: Any) -> Content:
        body = {"post": "Ask the night shift first."}
        values = {
            "workspace_id": run.workspace_id,
            "run_id": run.id,
            "subject_id": idea.id,
            "format": "linkedin_post",
            "platform": "linkedin",
            "state": "generated",
            "body": body,
            "text": body["post"],
            "words": 5,
            "characters": 26,
            "provider": "openai",
            "model": "gpt-4.1-mini",
            "prompt_hash": "system:1",
            "content_hash": contents.content_hash(body),
        }
        return Content(**{**values, **changes})

    return make


def shift(database: Database, run: Run, days: float) -> None:
    with database.write() as session:
        moved = (
            update(SubjectRow)
            .where(col(SubjectRow.run_id) == run.id)
            .values(created_at=utc_now() - timedelta(days=days))
        )
        session.connection().execute(moved)


# Ideas


def test_ideas_are_kept_by_position(database: Database, run: Run) -> None:
    rows = subjects.save_ideas(database, run, IDEAS)
    assert [row.position for row in rows] == [1, 2, 3]
    assert [subjects.as_idea(row) for row in rows] == IDEAS
    assert subjects.subjects_of(database, run.id) == rows


def test_ideas_that_are_there_stay_as_they_are(database: Database, run: Run) -> None:
    first = subjects.save_ideas(database, run, IDEAS[:2])
    again = subjects.save_ideas(database, run, [IDEAS[2], IDEAS[2], IDEAS[2]])
    assert again[:2] == first
    assert [row.title for row in again] == ["Title 1", "Title 2", "Title 3"]


def test_ideas_saved_from_many_threads_are_there_once(database: Database, run: Run) -> None:
    with ThreadPoolExecutor(10) as pool:
        kept = list(pool.map(lambda _: [row.id for row in subjects.save_ideas(database, run, IDEAS)], range(10)))
    assert kept == [kept[0]] * 10
    assert len(kept[0]) == 3


@pytest.mark.parametrize(("age", "days", "found"), [(29, 30, 3), (31, 30, 0), (0.5, 1, 3), (-1, 30, 0), (1, 0, 0)])
def test_recall_looks_back_so_many_days(database: Database, run: Run, age: float, days: int, found: int) -> None:
    subjects.save_ideas(database, run, IDEAS)
    shift(database, run, age)
    recalled = subjects.recall(database, run.workspace_id, before=utc_now(), days=days)
    assert recalled == IDEAS[:found]


def test_recall_stays_in_its_workspace(database: Database, run: Run) -> None:
    subjects.save_ideas(database, run, IDEAS)
    other = workspace(database, "other").id
    soon = utc_now() + timedelta(minutes=1)
    assert subjects.recall(database, other, before=soon, days=30) == []
    assert len(subjects.recall(database, run.workspace_id, before=soon, days=30)) == 3


# Drafts


def test_a_draft_is_kept_with_its_first_revision(database: Database, draft: Callable[..., Content]) -> None:
    kept = contents.save_draft(database, draft(call_ids=["a", "b"], violations=[{"code": "words_too_few"}]))
    assert contents.kept_draft(database, kept.subject_id, "linkedin_post", 0) == (kept.id, kept.state)
    assert contents.one_of(database, Content, kept.id).model_dump() == kept.model_dump()
    (first,) = contents.revisions_of(database, kept.id)
    assert (first.number, first.author, first.note) == (1, "openai/gpt-4.1-mini", "generated")
    assert (first.body, first.text) == (kept.body, kept.text)


def test_a_draft_that_is_there_is_returned_as_it_is(database: Database, draft: Callable[..., Content]) -> None:
    first = contents.save_draft(database, draft())
    second = contents.save_draft(database, draft(text="Another wording.", state="quarantined"))
    assert (second.id, second.text, second.state) == (first.id, first.text, "generated")
    assert len(contents.revisions_of(database, first.id)) == 1


def test_a_draft_saved_from_ten_threads_is_there_once(
    database: Database, run: Run, draft: Callable[..., Content]
) -> None:
    with ThreadPoolExecutor(10) as pool:
        kept = list(pool.map(lambda n: contents.save_draft(database, draft(text=f"Wording {n}")), range(10)))
    assert len({(row.id, row.text) for row in kept}) == 1
    assert len(contents.drafts_of(database, run.id, 0)) == 1
    assert len(contents.revisions_of(database, kept[0].id)) == 1


def test_variants_and_formats_are_drafts_of_their_own(
    database: Database, run: Run, draft: Callable[..., Content]
) -> None:
    plain, other, fresh = (
        contents.save_draft(database, draft(**change)) for change in ({}, {"format": "x_thread"}, {"variant": 1})
    )
    assert [row.id for row in contents.drafts_of(database, run.id, 0)] == [plain.id, other.id]
    assert [row.id for row in contents.drafts_of(database, run.id, 1)] == [fresh.id]
    assert contents.kept_draft(database, plain.subject_id, "x_thread", 1) is None


def test_content_is_found_by_the_first_digits_of_its_id(
    database: Database, home: Workspace, draft: Callable[..., Content]
) -> None:
    for number, identifier in enumerate(("aaaa", "aabb")):
        contents.save_draft(database, draft(id=identifier + "0" * 28, variant=number))
    assert contents.find_content(database, home.id, "AAB").variant == 1
    with pytest.raises(WrongInput, match="Several pieces of content begin with 'aa'"):
        contents.find_content(database, home.id, "aa")
    for nothing in ("b", "%", "____"):
        with pytest.raises(WrongInput, match="No piece of content"):
            contents.find_content(database, home.id, nothing)
    with pytest.raises(WrongInput):
        contents.find_content(database, workspace(database, "other").id, "aaaa")


def test_the_hash_of_content_is_that_of_what_it_says() -> None:
    assert contents.content_hash({"a": 1, "b": "é"}) == contents.content_hash({"b": "é", "a": 1})
    assert contents.content_hash({"a": 1}) != contents.content_hash({"a": 2})


# Calls and artifacts


def test_calls_come_in_the_order_asked_for(database: Database, run: Run) -> None:
    made = [
        ProviderCall(
            workspace_id=run.workspace_id,
            run_id=run.id,
            kind="text",
            purpose="draft",
            provider="openai",
            model="m",
            request_hash=str(n),
            status="answered",
            created_at=utc_now() + timedelta(seconds=n),
        )
        for n in range(3)
    ]
    ids = [row.id for row in made]
    with database.write() as session:
        session.add_all(made)
    assert [row.id for row in contents.calls(database, [ids[2], "nothing", ids[0]])] == [ids[2], ids[0]]
    assert [row.id for row in contents.calls_of_run(database, run.id)] == ids
    assert contents.one_of(database, ProviderCall, ids[1]).request_hash == "1"
    beyond_any_limit = [str(n) for n in range(70_000)]
    assert [row.id for row in contents.calls(database, [ids[1], *beyond_any_limit, ids[0]])] == [ids[1], ids[0]]
    assert [call.run_id for call in contents.spent(database, [ids[1], *beyond_any_limit])] == [run.id]
    with pytest.raises(DetachedInstanceError, match="answer"):
        _ = contents.calls(database, ids)[0].answer


def artifact(run: Run, key: str, sha256: str = "1" * 64, size: int = 10) -> Artifact:
    return Artifact(
        workspace_id=run.workspace_id,
        run_id=run.id,
        kind="brief",
        key=key,
        address=f"/store/{key}",
        sha256=sha256,
        size=size,
    )


def test_artifacts_are_recorded_once_per_key(database: Database, run: Run) -> None:
    contents.record_artifacts(database, [artifact(run, "b.html"), artifact(run, "a.md")])
    before = contents.artifacts_of(database, run.id)
    assert [row.key for row in before] == ["a.md", "b.html"]
    contents.record_artifacts(database, [artifact(run, "a.md"), artifact(run, "b.html", "2" * 64, 3_000_000_000)])
    same, new = contents.artifacts_of(database, run.id)
    assert same == before[0]
    assert (new.id, new.sha256, new.size) == (before[1].id, "2" * 64, 3_000_000_000)
    assert new.created_at > before[1].created_at
