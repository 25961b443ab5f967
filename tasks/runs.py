"""Opening and closing a run."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect import task
from prefect.runtime import deployment, flow_run

from blocks import connections
from pressroom import formats, metrics, redaction
from pressroom.calls.accounts import chain_names
from pressroom.errors import Misconfigured, PressroomError, RunBusy
from pressroom.logs import bound
from pressroom.model import (
    CallCounts,
    DailyPlan,
    DailyRequest,
    Failure,
    GateVerdict,
    PictureWishes,
    Preferences,
    RunRef,
    RunReport,
    RunStatus,
    State,
    TokenCounts,
)
from pressroom.platforms import counting
from pressroom.reports import assemble
from pressroom.settings import Settings, settings
from pressroom.store import jobs, runs
from pressroom.store.tables import Run, Workspace, utc_now
from pressroom.store.voices import with_voice
from pressroom.store.workspaces import workspace, zone_of
from tasks import observing
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE, tried_twice


@task(name="open-run", task_run_name="open-run", **INFRASTRUCTURE)
@observed
def open_run(request: DailyRequest) -> RunRef:
    """Fill in the request's defaults and open (or take up) the run it describes.

    Raises:
        WrongInput: a format doesn't exist. Misconfigured: a provider, zone or file can't be used.
        RunBusy: another process is making the same run.
    """
    chosen = settings()
    refuse_to_lose(chosen)
    database = connections.database()
    home = workspace(database, request.workspace or chosen.workspace, file=chosen.workspace_file)
    preferences = with_voice(database, home.id, Preferences.model_validate(home.preferences))
    plan = _plan(request, home.name, preferences, zone_of(home, chosen))
    if not runs.is_there(database, home.id, "daily", plan.run_key):
        _warm_up(plan)
    wanted = Run(
        workspace_id=home.id,
        kind="daily",
        run_key=plan.run_key,
        day=plan.day,
        trigger=request.trigger or trigger(),
        status=RunStatus.RUNNING,
        request=plan.model_dump(mode="json", exclude={"preferences", "chain"}),
        preferences=plan.preferences,
        chain=list(plan.chain),
        flow_run_id=flow_run.id,
    )
    row = runs.open_run(database, wanted, lease_seconds=chosen.run_lease, refresh=request.refresh)
    opened = reference(row, home)
    observing.opened(opened, resumed=row.id != wanted.id)
    return opened


def _warm_up(plan: DailyPlan) -> None:
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


def _plan(request: DailyRequest, name: str, preferences: Preferences, zone: str) -> DailyPlan:
    chosen = settings()
    wanted = tuple(dict.fromkeys(request.formats or chosen.formats))
    for form in wanted:
        formats.get(form)
    names = tuple(dict.fromkeys(request.chain or chain_names("text", chosen)))
    return DailyPlan(
        day=request.date or today(zone),
        ideas=request.ideas or chosen.ideas,
        formats=wanted,
        chain=names,
        chain_fingerprint=connections.chain(names).fingerprint,
        focus=request.focus.strip(),
        workspace=name,
        preferences=preferences.model_dump(mode="json"),
    )


def reference(row: Run, home: Workspace) -> RunRef:
    """What tasks need to know of an opened run, as it was asked for."""
    asked = row.request
    unread = tuple(Failure.model_validate(failure) for failure in asked.get("unread", ()))
    return RunRef(
        id=row.id,
        workspace_id=home.id,
        workspace=home.name,
        day=row.day,
        variant=row.variant,
        execution=f"{flow_run.id or 'local'}:{row.started_at:%Y%m%dT%H%M%S.%f}",  # 59 characters of the column's 64
        trigger=row.trigger,
        ideas=asked["ideas"] if "ideas" in asked else len(asked["documents"]) + len(unread),
        formats=tuple(asked["formats"]),
        chain=tuple(row.chain),
        focus=asked.get("focus", ""),
        preferences=Preferences.model_validate(row.preferences),
        opened_at=row.created_at,
        kind=row.kind,
        pictures=PictureWishes.model_validate(asked["pictures"]) if "pictures" in asked else None,
        own_language=asked.get("own_language", False),
        unread=unread,
    )


def today(zone: str) -> dt.date:
    """The day it is in `zone`; for a scheduled run, when it was scheduled: a late start is still that morning's."""
    try:
        start: dt.datetime = flow_run.scheduled_start_time
        return start.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):  # `Europe` is a folder of zones
        raise Misconfigured(
            f"{zone!r} is not a time zone.", hint="Set PRESSROOM_TIME_ZONE to an IANA name such as Europe/Berlin."
        ) from None


def trigger() -> str:
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


def _tell_desk(run: RunRef) -> None:
    """Bring the job that asked for this run up to date, if one did. Where that fails, the desk finds out by asking."""
    with suppress(PressroomError):
        jobs.follow_run(connections.database(), runs.get_run(connections.database(), run.id))


def _end_early(run: RunRef, error: BaseException) -> None:
    reason = redaction.mask(str(error) if isinstance(error, PressroomError) else _first_line(error))
    status = RunStatus.FAILED if isinstance(error, Exception) else RunStatus.CANCELLED
    try:
        row = runs.close_run(connections.database(), run.id, status, error=reason)
    except RunBusy as lost:
        observing.lease_lost(run, str(lost))
        return
    except PressroomError:  # the database may be what failed; the error that ended the run goes on
        return
    observing.ended_early(run, status, reason, row.started_at)
    _tell_desk(run)
    if isinstance(error, Exception) and not _told_by_automation():
        _tell_failed(run, reason)


def _first_line(error: BaseException) -> str:
    """What an unforeseen error says, without what may follow: a database's own shows the statement and its values."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:500]


@tried_twice
def status_of(run: RunRef, verdict: GateVerdict) -> RunStatus:
    """Completed when all that was asked for is there and good, failed when nothing is, else partial."""
    rows = assemble.rows_of(connections.database(), run.id)
    good = [draft for draft in rows.drafts if draft.state != State.QUARANTINED]
    if not rows.drafts:
        return RunStatus.FAILED
    whole = len(rows.ideas) == run.ideas and len(good) == rows.expected
    if run.pictures and run.pictures.platforms:
        whole = whole and len(rows.pictures) == len(rows.ideas) * (1 + len(run.pictures.platforms))
    return RunStatus.COMPLETED if whole and verdict.success else RunStatus.PARTIAL


@task(name="close-run", task_run_name="close-run", **INFRASTRUCTURE)
@observed
def close_run(
    run: RunRef,
    *,
    status: RunStatus,
    failures: Sequence[Failure],
    verdict: GateVerdict,
    addresses: dict[str, str],
) -> RunReport:
    """Write the counts into the run's row, give its lease back, tell whom it concerns."""
    database = connections.database()
    rows = assemble.rows_of(database, run.id)
    counts = assemble.totals(rows, len(failures), assemble.seconds(rows.run))
    runs.close_run(
        database,
        run.id,
        status,
        totals=counts.model_dump(mode="json"),
        failures=[failure.model_dump(mode="json") for failure in failures],
        gate=verdict.model_dump(mode="json"),
    )
    report = _report(run, rows, status, failures, addresses)
    observing.closed(run.kind, report)
    _tell_closed(run, report)
    return report


def _report(
    run: RunRef, rows: assemble.Rows, status: RunStatus, failures: Sequence[Failure], addresses: dict[str, str]
) -> RunReport:
    made = sum(call.execution == run.execution for call in rows.calls)
    counts = assemble.totals(rows, len(failures), 0)
    return RunReport(
        run_id=run.id,
        kind=run.kind,
        workspace=run.workspace,
        date=run.day,
        status=status,
        ideas=counts.ideas,
        drafts=counts.drafts,
        quarantined=counts.quarantined,
        flagged=counts.flagged,
        failed=counts.failed,
        pictures=counts.pictures,
        calls=CallCounts(made=made, reused=len(rows.calls) - made),
        tokens=TokenCounts(
            input=counts.input_tokens,
            output=counts.output_tokens,
            cached=sum(call.cached_tokens for call in rows.calls),
        ),
        cost_usd=counts.cost_usd,
        seconds=round((utc_now() - rows.run.started_at).total_seconds(), 2),
        artifacts=addresses,
        failures=tuple(failures),
        outputs=assemble.outputs(rows, addresses["folder"]) if run.pictures else (),
        budget=rows.run.budget,
    )


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
        connections.notifier().tell(
            f"Pressroom: the run for {run.day} is {report.status}",
            f"{report.drafts} drafts of {report.ideas} ideas, {report.quarantined} quarantined, "
            f"{report.failed} failed.{_spent(report)} {report.artifacts.get('brief_html', '')}",
        )
