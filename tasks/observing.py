"""A run leaves events with its ids, in our own log and in Prefect's UI, and the metrics that go with them.

Prefect's own log takes what it is given: here secrets are masked in it too, and in the errors that become the
messages of its states.
"""

from __future__ import annotations

import inspect
import logging
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect.context import FlowRunContext, TaskRunContext
from prefect.logging.handlers import APILogHandler
from prefect.runtime import flow_run, task_run

from pressroom import logs, metrics, redaction, tracing
from pressroom.errors import ChainExhausted, GateFailed, PressroomError
from pressroom.gates.idea_gate import IdeaVerdict
from pressroom.model import Failure, FilmRequest, GateVerdict, IdeaRef, RunRef, RunReport, RunStatus, State
from pressroom.store.tables import Asset, Content, utc_now

P = ParamSpec("P")
R = TypeVar("R")

PREFECTS = ("", "prefect", "prefect.extra", "prefect.flow_runs", "prefect.task_runs")
"""Loggers whose handlers show and keep what happens in a run."""

CALLS = "pressroom.ledger"
"""The logger that tells every call of a provider."""

_log = logs.get_logger("pressroom.run")


class ToPrefect(APILogHandler):
    """Sends our events to Prefect's API, from within flow and task runs."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.as_text())

    def filter(self, record: logging.LogRecord) -> bool:
        """Passes a run's events; of single calls only those that went wrong: each line costs a row."""
        worth_a_row = record.levelno >= logging.WARNING or record.name != CALLS
        return worth_a_row and bool(FlowRunContext.get() or TaskRunContext.get())


class Redacting(logging.Filter):
    """Masks secrets in the records of others, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):  # an event of ours: scrubbed already, and other handlers need it whole
            return True
        record.msg, record.args = redaction.mask(record.getMessage()), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
        if record.exc_text:
            record.exc_text, record.exc_info = redaction.mask(record.exc_text), None
        return True


def _says_more_than_the_state(record: logging.LogRecord) -> bool:
    """False for the line that a task run ended well: its state says so, and each line costs the server a row."""
    is_of_task = record.name.startswith("prefect.task_runs")
    return not (is_of_task and record.levelno == logging.INFO and record.getMessage().startswith("Finished in state"))


def watch() -> None:
    """Have the events of this process logged as the settings say, and sent to Prefect. Doing it twice does nothing."""
    ours = logging.getLogger(logs.ROOT)
    if any(isinstance(handler, ToPrefect) for handler in ours.handlers):
        return
    logs.configure_once()
    for theirs in [each for each in ours.handlers if isinstance(each, APILogHandler)]:
        ours.removeHandler(theirs)  # PREFECT_LOGGING_EXTRA_LOGGERS=pressroom would send everything twice, as it is
    logs.forward(ToPrefect(), "INFO")
    for handler in {each for name in PREFECTS for each in logging.getLogger(name).handlers}:
        handler.addFilter(_REDACTING)
        if isinstance(handler, APILogHandler):
            handler.addFilter(_says_more_than_the_state)
    metrics.serve()


def observed(work: Callable[P, R]) -> Callable[P, R]:
    """For a task's function: its events carry the ids of what it is given, its errors hold no secret."""
    signature = inspect.signature(work)

    @wraps(work)
    def watched(*args: P.args, **kwargs: P.kwargs) -> R:
        watch()
        try:
            ids = _ids(signature.bind(*args, **kwargs).arguments)
            with (
                tracing.span("task", getattr(work, "__name__", "task"), ids, run=str(ids.get("run") or "")),
                logs.bound(**ids, task_run=task_run.id),
            ):
                return work(*args, **kwargs)
        except BaseException as error:
            redaction.clean(error)
            raise

    return watched


def ids_of(run: RunRef) -> dict[str, object]:
    """Every event of a run carries this."""
    return {"run": run.id, "execution": run.execution, "workspace": run.workspace, "flow_run": flow_run.id}


def _ids(given: Mapping[str, Any]) -> dict[str, object]:
    run, idea, form = given.get("run"), given.get("idea"), given.get("form")
    found: dict[str, object] = ids_of(run) if isinstance(run, RunRef) else {}
    if idea is not None:
        found |= {"idea": idea.id, "format": form, "task": f"{idea.position}/{form}"}
    return found


def opened(run: RunRef, *, resumed: bool) -> None:
    _log.info(
        "run.resumed" if resumed else "run.opened",
        **ids_of(run),
        day=run.day,
        trigger=run.trigger,
        variant=run.variant,
        ideas=run.plan.subjects,
        formats=",".join(run.formats),
        chain=",".join(run.chain),
    )


def closed(report: RunReport) -> None:
    """A run came to its end, good or bad."""
    metrics.run_closed(report.kind, report.status, report.seconds)
    tracing.run_closed(report.run_id, report.kind, report.status, report.seconds)
    tell = _log.warning if report.status is RunStatus.FAILED else _log.info
    counts = report.model_dump(include={"ideas", "drafts", "quarantined", "flagged", "failed", "cost_usd", "seconds"})
    tell("run.closed", status=report.status, **counts, made=report.calls.made, reused=report.calls.reused)


def ended_early(run: RunRef, status: RunStatus, reason: str, started: Any) -> None:
    """A run was ended by an error or a cancellation."""
    seconds = round((utc_now() - started).total_seconds(), 2)
    metrics.run_closed(run.plan.kind, status, seconds)
    tracing.run_closed(run.id, run.plan.kind, status, seconds)
    _log.error("run.closed", **ids_of(run), status=status, reason=reason, seconds=seconds)


def lease_lost(run: RunRef, holder: str) -> None:
    metrics.lease_lost()
    _log.error("run.lease_lost", **ids_of(run), holder=holder)


def ideas_gated(verdict: IdeaVerdict) -> None:
    metrics.ideas_gated(len(verdict.accepted), len(verdict.rejected))
    codes = Counter(violation.code for _, violations in verdict.rejected for violation in violations)
    _log.info("ideas.gated", accepted=len(verdict.accepted), rejected=len(verdict.rejected), codes=dict(codes))


def ideas_asked(wanted: int, got: int, provider: str, model: str) -> None:
    _log.info("ideas.asked", wanted=wanted, got=got, provider=provider, model=model)


def draft_stored(row: Content) -> None:
    metrics.draft_ended(row.format, row.state)
    which = {"draft": row.id, "format": row.format, "provider": row.provider, "model": row.model, "asked": row.asked}
    if row.state == State.QUARANTINED:
        _log.warning("draft.quarantined", **which, codes=[violation["code"] for violation in row.violations])
    else:
        _log.info("draft.written", **which, words=row.words, characters=row.characters, flagged=len(row.findings))


def draft_failed(failure: Failure) -> None:
    metrics.draft_ended(failure.format, "failed")
    _log.warning(
        "draft.failed",
        task=f"{failure.idea_position}/{failure.format}",
        format=failure.format,
        code=failure.code,
        reason=failure.reason,
    )


def picture_stored(row: Asset) -> None:
    _log.info(
        "picture.made",
        picture=row.id,
        purpose=row.purpose,
        provider=row.provider,
        model=row.model,
        width=row.width,
        height=row.height,
        size=row.size,
        notes=row.notes,
    )


def film_failed(request: FilmRequest, error: PressroomError) -> None:
    _log.warning("film.failed", content=request.content, code=error.code, reason=error.message)


def not_imagined(idea: IdeaRef, error: ChainExhausted) -> None:
    """No provider wrote what the pictures show."""
    _log.warning("picture.not_imagined", idea=idea.id, reason=str(error))


def batch_judged(verdict: GateVerdict, drafts: int) -> None:
    metrics.batch_judged(outcome="passed" if verdict.success else "failed")
    tell = _log.info if verdict.success else _log.warning
    tell("batch.judged", success=verdict.success, drafts=drafts, expectations=verdict.expectations,
         failed=list(verdict.failed))  # fmt: skip


def batch_not_judged(error: GateFailed) -> None:
    metrics.batch_judged(outcome="not_judged")
    _log.error("batch.not_judged", code=error.code, reason=str(error))


_REDACTING = Redacting()
