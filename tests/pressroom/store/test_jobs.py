"""Jobs in the database, as the desk's role sees them: opened once, ended once, told once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, select

from pressroom.errors import NotFound, PlanLimit
from pressroom.model import JobStatus
from pressroom.store import jobs, tenancy
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Job
from pressroom.store.workspaces import workspace


@pytest.fixture
def desk(migrated_url: str) -> Iterator[Database]:
    """The desk's database, bound to the workspace `ours`."""
    operators = Database(migrated_url)
    ours = workspace(operators, "ours").id
    workspace(operators, "theirs")
    operators.close()
    database = Database(migrated_url, role=tenancy.ROLE)
    yield database.within(ours)
    database.close()


def test_many_who_ask_with_one_key_get_one_job(desk: Database) -> None:
    barrier = threading.Barrier(6)

    def ask(_: int) -> str:
        barrier.wait()
        return jobs.open_job(desk, wanted(desk), anything_goes).id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1


def test_what_the_plan_forbids_is_not_kept(desk: Database) -> None:
    def nothing_goes(_: Session) -> None:
        raise PlanLimit("No more.")

    with pytest.raises(PlanLimit):
        jobs.open_job(desk, wanted(desk), nothing_goes)
    assert jobs.job_by_key(desk, wanted(desk).workspace_id, "monday") is None

    known = jobs.open_job(desk, wanted(desk), anything_goes)
    assert jobs.open_job(desk, wanted(desk), nothing_goes).id == known.id, "a repeat is not one more"


def test_it_ends_once_and_is_told_once_whoever_sees_it_first(desk: Database) -> None:
    job = jobs.told(desk, jobs.open_job(desk, wanted(desk), anything_goes).id, "flow-1")
    ends = [JobStatus.COMPLETED, JobStatus.FAILED] * 3

    with ThreadPoolExecutor(6) as pool:
        seen = {row.status for row in pool.map(lambda status: jobs.settle(desk, job.id, status), ends)}

    assert len(seen) == 1
    assert told_of(desk) == ["job.started", f"job.{seen.pop()}"]


def test_what_is_known_of_an_earlier_attempt_is_nothing_to_the_next(desk: Database) -> None:
    job = jobs.told(desk, jobs.open_job(desk, wanted(desk), anything_goes).id, "flow-1")
    jobs.settle(desk, job.id, JobStatus.FAILED, flow_run_id="flow-1", error="It broke.")
    with ThreadPoolExecutor(4) as pool:
        again = [row for row in pool.map(lambda _: jobs.reopen(desk, job.id), range(4)) if row]
    assert [jobs.attempt(row) for row in again] == [1], "one of four begins it again"
    jobs.told(desk, job.id, "flow-2")

    late = jobs.settle(desk, job.id, JobStatus.FAILED, flow_run_id="flow-1")
    assert (late.status, late.error) == ("waiting", "")


def test_prefect_s_absence_is_not_noted_where_another_got_through(desk: Database) -> None:
    job = jobs.open_job(desk, wanted(desk), anything_goes)
    assert jobs.unreached(desk, job.id, "PREFECT_UNREACHABLE", "Away.").status == "unreached"
    assert jobs.told(desk, job.id, "flow-1").status == "waiting"
    assert jobs.unreached(desk, job.id, "PREFECT_UNREACHABLE", "Away.").status == "waiting"


def test_a_completed_job_is_not_begun_again(desk: Database) -> None:
    job = jobs.open_job(desk, wanted(desk), anything_goes)
    jobs.settle(desk, job.id, JobStatus.COMPLETED)

    assert jobs.reopen(desk, job.id) is None
    with pytest.raises(NotFound):
        jobs.get_job(desk, "another workspace", job.id)


def wanted(desk: Database) -> Job:
    assert desk._tenancy is not None
    return Job(
        workspace_id=desk._tenancy.workspace_id,
        kind="daily",
        status=JobStatus.WAITING,
        deployment="daily/desk",
        idempotency_key="monday",
        created_by="ada@example.com",
    )


def anything_goes(_: Session) -> None:
    return None


def told_of(desk: Database) -> list[Any]:
    with desk.read() as session:
        return [event.type for event in session.exec(select(Event).order_by(Event.created_at)).all()]  # type: ignore
