"""Facts about a run that its own row lacks: its calls, summed up, and the job that started it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlmodel import col, func, select

from pressroom.model import RunStatus, State
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.tables import Content, ProviderCall, Run

TABS = (("", "All"), ("daily", "Daily"), ("repurpose", "Documents"), ("optimize", "Pictures"))
"""Kinds of runs that a person tells apart, as tabs."""

TRIGGERS: Mapping[str, str] = MappingProxyType(
    {"scheduled": "By its schedule", "api": "From the desk", "manual": "By hand"}
)
"""The cause of a run, in words."""

BRIEFS, DOCS = ("html", "md", "json"), "data_docs/index.html"
"""Kinds of the brief, and where the Data Docs begin."""

MOST_FAILED_CALLS = 20


class CallSum(NamedTuple):
    """Calls of one purpose to one model. milliseconds: of a call, on average."""

    purpose: str
    provider: str
    model: str
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_microusd: int
    milliseconds: int


class FailedCall(NamedTuple):
    """A call that brought no answer."""

    at: datetime
    purpose: str
    provider: str
    model: str
    code: str | None
    error: str | None


def states_of(database: Database, runs: Iterable[Run]) -> dict[str, dict[State, int]]:
    """By run: how much of its content there is in each state."""
    query = select(Content.run_id, Content.state, func.count()).where(
        col(Content.run_id).in_([run.id for run in runs]), col(Content.deleted_at).is_(None)
    )
    found: dict[str, dict[State, int]] = {}
    with database.read() as session:
        for run_id, state, count in session.exec(query.group_by(col(Content.run_id), col(Content.state))).all():
            found.setdefault(run_id, {})[State(state)] = count
    return found


def calls_of(database: Database, run_id: str) -> list[CallSum]:
    """A run's calls by purpose and model, the dearest first."""
    call = ProviderCall
    kinds: tuple[Any, ...] = (call.purpose, call.provider, call.model)
    cost = func.sum(call.cost_microusd)
    tokens = (func.sum(call.input_tokens), func.sum(call.output_tokens))
    sums: tuple[Any, ...] = (func.count(), func.count(col(call.error_code)), *tokens, cost, func.avg(call.milliseconds))
    query = select(*kinds, *sums).where(call.run_id == run_id).group_by(*kinds).order_by(cost.desc(), *kinds)
    with database.read() as session:
        rows = session.execute(query).all()
    return [CallSum(*row[:3], *(int(each or 0) for each in row[3:])) for row in rows]


def failed_calls(database: Database, run_id: str) -> list[FailedCall]:
    """The newest of a run's calls that failed."""
    call = ProviderCall
    columns: tuple[Any, ...] = (call.created_at, call.purpose, call.provider, call.model, call.error_code, call.error)
    query = select(*columns).where(call.run_id == run_id, col(call.error_code).is_not(None))
    with database.read() as session:
        newest = session.execute(query.order_by(col(call.created_at).desc()).limit(MOST_FAILED_CALLS)).all()
    return [FailedCall(*row) for row in newest]


def job_of(database: Database, run: Run) -> Job | None:
    """The job that the run was last made for, if it was asked for at the desk."""
    if run.flow_run_id is None:
        return None
    query = select(Job).where(Job.flow_run_id == run.flow_run_id).order_by(col(Job.created_at).desc())
    with database.read() as session:
        return session.exec(query).first()


def is_unjudged(run: Run) -> bool:
    """True when the quality check of the whole batch did not run."""
    return run.gate is not None and not run.gate["expectations"]


def can_retry(run: Run, job: Job | None) -> bool:
    """True when a retry could complete the run. Only a job can repeat a run of pictures."""
    lacks = run.status in {RunStatus.PARTIAL, RunStatus.FAILED, RunStatus.CANCELLED}
    return lacks and (run.kind != "optimize" or job is not None)
