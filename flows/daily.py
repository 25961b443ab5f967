"""The daily run: ideas, drafts for every platform, gates, store, brief."""

from __future__ import annotations

from collections.abc import Callable

from prefect import flow, unmapped
from prefect.futures import as_completed
from prefect.runtime import flow_run

from pressroom.errors import RunFailed
from pressroom.model import DailyRequest, Failure, Idea, IdeaRef, RunRef, RunReport, RunStatus
from tasks.brief import gate_at_hand, gate_batch, publish_brief
from tasks.drafts import cached_write_draft
from tasks.failures import outcome
from tasks.ideas import gate_ideas, generate_ideas, idea_batch, idea_rounds, keep_ideas, kept_ideas, recall_history
from tasks.progress import Progress
from tasks.runner import task_runner
from tasks.runs import attended, close_run, open_run, status_of

Writing = Callable[[RunRef, list[IdeaRef]], list[Failure]]
"""Writes the drafts of all ideas; what could not be made is listed."""

EVERYTHING_AS_SET = DailyRequest()
"""What a schedule asks for: every default as the settings have it."""


def _name() -> str:
    """`daily 2026-11-20`, or the scheduled day when none was asked for."""
    request = DailyRequest.model_validate(flow_run.parameters.get("request") or {})
    return f"daily {request.date or flow_run.scheduled_start_time.date()}"


@flow(name="daily", flow_run_name=_name, task_runner=task_runner())
def daily(request: DailyRequest = EVERYTHING_AS_SET) -> RunReport:
    """A morning's worth of content: ideas, a draft of each in every format, checked, stored and laid out.

    Needs a database (block `pressroom-content-database/pressroom`, else PRESSROOM_DATABASE_URL), an artifact
    store (`pressroom-artifact-store/pressroom`, else PRESSROOM_STORE_URL) and the accounts of the chain
    (`pressroom-text-account/NAME`, else their keys). With nothing configured it works offline.

    Leaves rows for the run, its ideas, drafts and calls; the brief, a text file a draft and the Data Docs in
    the store; and progress, the brief and a table of the drafts as artifacts in Prefect.

    The same request on the same day is the same run: a repeat pays for nothing and does what is missing.
    """
    run = open_run(request)
    with attended(run):
        report = make(run)
    return judged(report)


def judged(report: RunReport) -> RunReport:
    """The report, unless the run has no draft at all: then the flow run fails, with the first reason."""
    if report.status is RunStatus.FAILED:
        raise RunFailed(f"The run for {report.date} made no draft: {report.failures[0].reason}", report)
    return report


def find_ideas(run: RunRef) -> list[Idea]:
    """Ask for ideas and gate them; what is missing is asked for again, without those that were turned down."""
    history = recall_history(run)
    accepted: list[Idea] = []
    seen: list[Idea] = list(history)
    for _ in idea_rounds(run.ideas):
        candidates = generate_ideas(run, idea_batch(run.ideas - len(accepted)), exclude=seen)
        verdict = gate_ideas(run, candidates, accepted=accepted, history=history)
        accepted.extend(verdict.accepted)
        seen.extend(candidates)
        if len(accepted) >= run.ideas:
            break
    return accepted


def write_drafts(run: RunRef, ideas: list[IdeaRef]) -> list[Failure]:
    """Every idea in every format, all at once; one that fails is listed and stops no other."""
    pairs = [(idea, form) for idea in ideas for form in run.formats]
    futures = cached_write_draft().map(
        run=unmapped(run), idea=[idea for idea, _ in pairs], form=[form for _, form in pairs]
    )
    progress = Progress(len(pairs), "Writing drafts")
    for _ in as_completed(list(futures)):
        progress.step()
    outcomes = [outcome(future, *pair) for future, pair in zip(futures, pairs, strict=True)]
    return [found for found in outcomes if isinstance(found, Failure)]


def make(run: RunRef, write: Writing = write_drafts) -> RunReport:
    """Everything an opened run still lacks, to its close: what is there already is left as it is."""
    ideas = kept_ideas(run) or keep_ideas(run, find_ideas(run))
    with gate_at_hand(run):
        return close(run, write(run, ideas))


def close(run: RunRef, failures: list[Failure]) -> RunReport:
    """Judge what was written, lay it out, and end the run."""
    verdict = gate_batch(run, failures)
    status = status_of(run, verdict)
    addresses = publish_brief(run, status=status, failures=failures, verdict=verdict)
    return close_run(run, status=status, failures=failures, verdict=verdict, addresses=addresses)
