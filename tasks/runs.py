"""Opening and closing a run."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast, get_type_hints

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import deployment, flow_run
from prefect.states import Completed

from blocks import connections
from pressroom import formats, metrics, redaction
from pressroom.errors import Misconfigured, PressroomError, RunBusy
from pressroom.logs import bound
from pressroom.model import (
    Failure,
    FilmMade,
    GateVerdict,
    Plan,
    RunRef,
    RunReport,
    RunStatus,
    State,
)
from pressroom.model.optimizing import OptimizedImage
from pressroom.platforms import counting
from pressroom.reports import assemble
from pressroom.reports.finished import report_of
from pressroom.reports.rows import Rows
from pressroom.reports.rows import rows_of as read_rows
from pressroom.settings import Settings, settings
from pressroom.store import jobs, runs
from pressroom.store.tables import Run
from pressroom.store.workspaces import workspace
from tasks import observing
from tasks.failures import reason_of
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE, tried_twice

P = ParamSpec("P")
R = TypeVar("R")


@task(name="open-run", task_run_name="open-run", **INFRASTRUCTURE)
@observed
def open_run(plan: Plan, *, trigger: str | None = None, refresh: bool = False) -> RunRef:
    """Open the run of a plan, or take it up where it was left.

    trigger: who started it; found out when it is None.

    Raises:
        RunBusy: another process is making the same run.
    """
    chosen = settings()
    refuse_to_lose(chosen)
    database = connections.database()
    home = workspace(database, plan.workspace)
    if plan.formats and not runs.is_there(database, home.id, plan.kind, plan.run_key):
        _warm_up(plan)
    wanted = Run(
        workspace_id=home.id,
        kind=plan.kind,
        run_key=plan.run_key,
        day=plan.day,
        trigger=trigger or found_trigger(),
        status=RunStatus.RUNNING,
        plan=plan,
        flow_run_id=flow_run.id,
    )
    row = runs.open_run(database, wanted, lease_seconds=chosen.run_lease, refresh=refresh)
    opened = reference(row)
    observing.opened(opened, resumed=row.id != wanted.id)
    return opened


def _warm_up(plan: Plan) -> None:
    """Import and build what a new run is going to need, before its clock starts: an SDK takes 0.8 s, X's rules 0.3."""
    for link in connections.chain(plan.chain).links:
        link.client  # noqa: B018 (built when first asked for)
    if any(formats.get(name).platform == "x" for name in plan.formats):
        counting.x_length("")


def refuse_to_lose(chosen: Settings) -> None:
    """A worker starts flows in a temporary folder and deletes it: nothing may be kept there."""
    kept_elsewhere = chosen.home.is_absolute() or (chosen.database_url and chosen.store_url)
    if deployment.id and not kept_elsewhere and Path.cwd().is_relative_to(tempfile.gettempdir()):
        raise Misconfigured(
            "This worker would keep its content in a temporary folder, where it would be lost.",
            hint="Set PRESSROOM_HOME to an absolute folder, or PRESSROOM_DATABASE_URL and PRESSROOM_STORE_URL.",
        )


def reference(row: Run) -> RunRef:
    """Returns what tasks need of an opened run, as it was planned."""
    return RunRef(
        id=row.id,
        workspace_id=row.workspace_id,
        plan=row.plan,
        variant=row.variant,
        execution=f"{flow_run.id or 'local'}:{row.started_at:%Y%m%dT%H%M%S.%f}",  # 59 characters of the column's 64
        trigger=row.trigger,
        opened_at=row.created_at,
    )


def found_trigger() -> str:
    if "auto-scheduled" in (flow_run.tags or []):
        return "scheduled"
    return "api" if deployment.id else "manual"


@contextmanager
def attended(run: RunRef) -> Iterator[None]:
    """Keep the run's lease while the block runs; an error that ends the block ends the run as failed.

    A cancellation (from the UI, by Ctrl-C or SIGTERM) ends it as cancelled. Either way the same request resumes it.
    """
    database = connections.database()
    _tell_desk(run)
    try:
        with runs.kept_alive(database, run.id, lease_seconds=settings().run_lease), bound(**observing.ids_of(run)):
            yield
    except BaseException as error:
        redaction.clean(error)
        _end_early(run, error)
        raise
    else:
        _tell_desk(run)
    finally:
        metrics.publish(run.workspace)


def tells_its_job(make: Callable[P, R]) -> Callable[P, R]:
    """For a flow's function: an error that ends it, before there is a run or with none, is told to the job that asked.

    A run that ended has told its job already, and that stays as it is.
    """

    @wraps(make)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return make(*args, **kwargs)
        except Exception as error:
            redaction.clean(error)
            _tell_failed_job(error)
            raise

    # With its annotations as types: Prefect looks names up where the function it is given was written.
    told.__signature__ = inspect.signature(make, eval_str=True)  # type: ignore[attr-defined]
    told.__annotations__ = get_type_hints(make)
    return told


def _tell_failed_job(error: Exception) -> None:
    code = error.code if isinstance(error, PressroomError) else "RUN_FAILED"
    with suppress(PressroomError):
        jobs.fail_job_of(connections.database(), flow_run.id, code, reason_of(error)[1])


def _tell_desk(run: RunRef) -> None:
    """Bring the job that asked for this run up to date, if one did. Where that fails, the desk finds out by asking."""
    with suppress(PressroomError):
        jobs.follow_run(connections.database(), runs.get_run(connections.database(), run.id))


def _end_early(run: RunRef, error: BaseException) -> None:
    reason = reason_of(error)[1]
    status = RunStatus.FAILED if isinstance(error, Exception) else RunStatus.CANCELLED
    code = error.code if isinstance(error, PressroomError) else f"RUN_{status.upper()}"
    try:
        row = runs.close_run(connections.database(), run.id, status, error_code=code, error=reason)
    except RunBusy as lost:
        observing.lease_lost(run, str(lost))
        return
    except PressroomError:  # the database may be what failed; the error that ended the run goes on
        return
    observing.ended_early(run, status, reason, row.started_at)
    _tell_desk(run)
    if isinstance(error, Exception) and not _told_by_automation():
        _tell_failed(run, reason)


@tried_twice
def rows_of(run: RunRef) -> Rows:
    """All that the run has in the database, read once for all that closes it."""
    return read_rows(connections.database(), run.id)


def status_of(run: RunRef, rows: Rows, verdict: GateVerdict) -> RunStatus:
    """Completed when all that was asked for is there and good, failed when nothing is, else partial."""
    good = [draft for draft in rows.drafts if draft.state != State.QUARANTINED]
    if not rows.drafts:
        return RunStatus.FAILED
    made = len(rows.ideas) == run.plan.subjects and len(good) == rows.expected
    pictured = len(rows.pictures) == len(rows.ideas) * len(run.plan.purposes)
    return RunStatus.COMPLETED if made and pictured and verdict.success else RunStatus.PARTIAL


@task(name="close-run", task_run_name="close-run", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def close_run(
    run: RunRef,
    rows: Rows,
    *,
    status: RunStatus,
    failures: Sequence[Failure],
    verdict: GateVerdict | None = None,
    addresses: dict[str, str] | None = None,
    images: Sequence[OptimizedImage] = (),
    film: FilmMade | None = None,
) -> RunReport:
    """Write the counts into the run's row, give its lease back, tell whom it concerns."""
    counts = assemble.totals(rows, len(failures), assemble.seconds(rows.run))
    closed = runs.close_run(
        connections.database(),
        run.id,
        status,
        totals=counts.model_dump(mode="json"),
        failures=[failure.model_dump(mode="json") for failure in failures],
        gate=verdict and verdict.model_dump(mode="json"),
    )
    at = {"folder": connections.store().address(run.folder), **(addresses or {})}
    report = report_of(run, rows, closed, failures, at, images, film)
    observing.closed(report)
    _tell_closed(run, report)
    return report


def outcome_of(report: RunReport) -> RunReport:
    """The value a flow ends with: the report; of a run that ended in part, in a state that Prefect shows as such."""
    if report.status is not RunStatus.PARTIAL:
        return report
    message = f"{_counts(report)} `pressroom retry {report.run_id[:8]}` makes what is missing."
    return cast(RunReport, Completed(name="Done in part", message=message, data=report))


def _told_by_automation() -> bool:
    """A deployment's failed flow runs are told by the automation `pressroom-failed-run`: once is enough."""
    return deployment.id is not None


def _spent(report: RunReport) -> str:
    return f" The budget of the {report.budget['limit']} was reached." if report.budget else ""


def _tell_failed(run: RunRef, reason: str) -> None:
    connections.notifier().tell(
        f"Pressroom: the run for {run.day} failed", f"Run {run.id} of {run.workspace}: {reason}"
    )


def _tell_closed(run: RunRef, report: RunReport) -> None:
    failed = report.status is RunStatus.FAILED and not _told_by_automation()
    if failed or report.budget or settings().notify_on_success:
        connections.notifier().tell(f"Pressroom: the run for {run.day} is {report.status}", _counts(report))


def _counts(report: RunReport) -> str:
    if report.kind == "film":
        film = f"{report.film.title}, {report.film.seconds:.0f} s" if report.film else "no film"
        return f"Film: {film}.{_spent(report)} {report.artifacts['folder']}"
    if report.kind == "optimize":
        made = sum(bool(image.ok) for image in report.images)
        return f"{made} of {len(report.images)} pictures made ready.{_spent(report)} {report.artifacts['folder']}"
    return (
        f"{report.drafts} drafts of {report.ideas} ideas, {report.quarantined} quarantined, "
        f"{report.failed} failed.{_spent(report)} {report.artifacts.get('brief_html', '')}"
    )
