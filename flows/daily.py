"""The daily run: ideas, drafts for every platform, gates, store, brief."""

from __future__ import annotations

from prefect import flow
from prefect.runtime import flow_run

from flows.shard import write_drafts
from pressroom.errors import RunFailed
from pressroom.gates.idea_gate import Rejected, nothing_left
from pressroom.model import DailyRequest, Failure, Idea, RunRef, RunReport, RunStatus
from tasks.brief import gate_at_hand, judge_batch, publish_brief
from tasks.ideas import gate_ideas, generate_ideas, idea_batch, idea_rounds, keep_ideas, kept_ideas, recall_history
from tasks.plans import day_in_name, plan_daily
from tasks.runner import task_runner
from tasks.runs import attended, close_run, open_run, outcome_of, rows_of, status_of, tells_its_job

EVERYTHING_AS_SET = DailyRequest()
"""A schedule asks for this: every default as the settings have it."""


def _name() -> str:
    """`daily 2026-11-20`: the day asked for, or the workspace's when the run was scheduled."""
    request = DailyRequest.model_validate(flow_run.parameters.get("request") or {})
    return f"daily {request.date or day_in_name(request.workspace)}"


@flow(name="daily", flow_run_name=_name, task_runner=task_runner())
@tells_its_job
def daily(request: DailyRequest = EVERYTHING_AS_SET) -> RunReport:
    """A morning's worth of content: ideas, a draft of each in every format, checked, stored and laid out.

    Needs a database (block `pressroom-content-database/pressroom`, else PRESSROOM_DATABASE_URL), an artifact
    store (`pressroom-artifact-store/pressroom`, else PRESSROOM_STORE_URL) and the accounts of the chain
    (`pressroom-text-account/NAME`, else their keys). With nothing configured it works offline.

    Leaves rows for the run, its ideas, drafts and calls; the brief, a text file a draft and the Data Docs in
    the store; and progress, the brief and a table of the drafts as artifacts in Prefect.

    The same request on the same day is the same run: a repeat pays for nothing and does what is missing. Up to 1,000
    ideas; of many, the drafts are written in shards.
    """
    run = open_run(plan_daily(request), trigger=request.trigger, refresh=request.refresh)
    with attended(run):
        report = make(run)
    return judged(report)


def judged(report: RunReport) -> RunReport:
    """The report, unless the run has no draft at all: then the flow run fails, with the first reason.

    A run that ended in part is a state of its own in Prefect, which says what is missing.
    """
    if report.status is RunStatus.FAILED:
        reason = report.failures[0].reason if report.failures else "it has nothing to write about."
        raise RunFailed(f"The run for {report.date} made no draft: {reason}", report)
    return outcome_of(report)


def find_ideas(run: RunRef) -> list[Idea]:
    """Ask for ideas and gate them; what is missing is asked for again, without those that were turned down.

    Raises:
        IdeasExhausted: no idea passed in any round; says what was wrong with most.
    """
    history = recall_history(run)
    wanted, accepted = run.plan.subjects, list[Idea]()
    seen, rejected = list[Idea](history), list[Rejected]()
    for _ in idea_rounds(wanted):
        candidates = generate_ideas(run, idea_batch(wanted - len(accepted)), exclude=seen)
        verdict = gate_ideas(run, candidates, accepted=accepted, history=history)
        accepted.extend(verdict.accepted)
        rejected.extend(verdict.rejected)
        seen.extend(candidates)
        if len(accepted) >= wanted:
            break
    if not accepted:
        raise nothing_left(rejected)
    return accepted


def make(run: RunRef) -> RunReport:
    """Everything an opened run still lacks, to its close: what is there already is left as it is."""
    ideas = kept_ideas(run) or keep_ideas(run, find_ideas(run))
    with gate_at_hand(run):
        return close(run, write_drafts(run, ideas))


def close(run: RunRef, failures: list[Failure]) -> RunReport:
    """Judge what was written, lay it out, and end the run."""
    rows = rows_of(run)
    verdict = judge_batch(run, rows, failures)
    status = status_of(run, rows, verdict)
    addresses = publish_brief(run, rows, status=status, failures=failures, verdict=verdict)
    return close_run(run, rows, status=status, failures=failures, verdict=verdict, addresses=addresses)
