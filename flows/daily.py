"""The daily run: ideas, drafts for every platform, gates, store, brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect import flow, unmapped
from prefect.futures import PrefectFutureList
from prefect.runtime import flow_run

from flows.shard import write_drafts
from pressroom.errors import PressroomError, RunFailed
from pressroom.gates.idea_gate import Rejected, nothing_left
from pressroom.model import DailyRequest, Failure, Idea, IdeaRef, RunRef, RunReport, RunStatus
from pressroom.model.documents import Condensed
from pressroom.settings import settings
from tasks.brief import gate_at_hand, judge_batch, publish_brief
from tasks.documents import condense_part, count_parts, join_parts
from tasks.failures import outcome
from tasks.ideas import gate_ideas, generate_ideas, idea_batch, idea_rounds, keep_ideas, kept_ideas, recall_history
from tasks.observing import film_failed
from tasks.opportunities import read_opportunity, take_opportunities
from tasks.plans import day_in_name, plan_daily
from tasks.runner import task_runner
from tasks.runs import attended, close_run, open_run, outcome_of, rows_of, status_of, tells_its_job

EVERYTHING_AS_SET = DailyRequest()
"""A schedule asks for this: every default as the settings have it."""


def _name() -> str:
    """`daily 2026-11-20: mill, cloud costs`: the day asked for, or the workspace's when the run was scheduled."""
    request = DailyRequest.model_validate(flow_run.parameters.get("request") or {})
    about = ", ".join(filter(None, (request.workspace, request.focus[:60].strip())))
    return f"daily {request.date or day_in_name(request.workspace)}" + (f": {about}" if about else "")


@flow(name="daily", flow_run_name=_name, task_runner=task_runner())
@tells_its_job
def daily(request: DailyRequest = EVERYTHING_AS_SET) -> RunReport:
    """A morning's worth of content: ideas, a draft of each in every format, checked, stored and laid out.

    Needs a database (block `pressroom-content-database/pressroom`, else PRESSROOM_DATABASE_URL), an artifact
    store (`pressroom-artifact-store/pressroom`, else PRESSROOM_STORE_URL) and the accounts of the chain
    (`pressroom-text-account/NAME`, else their keys). With nothing configured it works offline.

    Leaves rows for the run, its ideas, drafts and calls; the brief, a text file a draft and the Data Docs in
    the store; and progress, the brief and a table of the drafts as artifacts in Prefect.

    Ideas from opportunities come first: those that people and rules took, then the best open ones, as many as the share
    allows. They are written from their articles, and drafts are held to those as to any document.

    Drafts in the formats of PRESSROOM_FILMS__FORMATS become films afterwards, each a run of its own.

    The same request on the same day is the same run: a repeat pays for nothing and does what is missing. Up to 1,000
    ideas; of many, the drafts are written in shards.
    """
    run = open_run(plan_daily(request), trigger=request.trigger, refresh=request.refresh)
    with attended(run):
        report = make(run)
    film_drafts(run)
    return judged(report)


def film_drafts(run: RunRef) -> None:
    """Films of the run's drafts in the formats that PRESSROOM_FILMS__FORMATS names; a failed one fails no morning."""
    if not settings().films.formats:
        return
    from flows.produce_film import produce_film  # with pictures and speech, which other mornings need not load
    from tasks.films import wanted_films

    for request in wanted_films(run):
        try:
            produce_film(request)
        except PressroomError as error:
            film_failed(request, error)


def judged(report: RunReport) -> RunReport:
    """The report, unless the run has no draft at all: then the flow run fails, with the first reason.

    A run that ended in part is a state of its own in Prefect, which says what is missing.
    """
    if report.status is RunStatus.FAILED:
        reason = report.failures[0].reason if report.failures else "it has nothing to write about."
        raise RunFailed(f"The run for {report.date} made no draft: {reason}", report)
    return outcome_of(report)


def begin(run: RunRef) -> list[IdeaRef]:
    """The run's ideas: those from opportunities first, each with the articles it is written from, then others."""
    taken = take_opportunities(run)
    grounded = [future.result() for future in read_opportunity.map(unmapped(run), taken)]
    return keep_ideas(run, find_ideas(run, [one.idea for one in grounded]), grounded)


def find_ideas(run: RunRef, given: Sequence[Idea] = ()) -> list[Idea]:
    """Ask for ideas and gate them; what is missing is asked for again, without those that were turned down.

    given: ideas that the run has already; they count, and none like them is wanted.

    Raises:
        IdeasExhausted: there is no idea, and none passed in any round; says what was wrong with most.
    """
    if len(given) >= run.plan.subjects:
        return []
    history = recall_history(run)
    wanted, accepted = run.plan.subjects, list(given)
    seen, rejected = [*history, *given], list[Rejected]()
    for _ in idea_rounds(wanted - len(given)):
        candidates = generate_ideas(run, idea_batch(wanted - len(accepted)), exclude=seen)
        verdict = gate_ideas(run, candidates, accepted=accepted, history=history)
        accepted.extend(verdict.accepted)
        rejected.extend(verdict.rejected)
        seen.extend(candidates)
        if len(accepted) >= wanted:
            break
    if not accepted:
        raise nothing_left(rejected)
    return accepted[len(given) :]


def make(run: RunRef) -> RunReport:
    """Everything an opened run still lacks, to its close: what is there already is left as it is."""
    ideas = kept_ideas(run) or begin(run)
    failures = condense(run, [idea for idea in ideas if idea.from_document])
    lost = {failure.idea_position for failure in failures}
    with gate_at_hand(run):
        return close(run, [*failures, *write_drafts(run, [idea for idea in ideas if idea.position not in lost])])


def condense(run: RunRef, ideas: list[IdeaRef]) -> list[Failure]:
    """See to it that writers can be shown each document, whole or condensed; what could not be condensed."""
    counts = [(idea, count_parts(run, idea)) for idea in ideas]
    begun = [(idea, condense_part.map(unmapped(run), unmapped(idea), range(count))) for idea, count in counts if count]
    return [failure for idea, parts in begun if (failure := join(run, idea, parts))]


def join(run: RunRef, idea: IdeaRef, parts: PrefectFutureList[Condensed]) -> Failure | None:
    """Keep a document's key points once all its parts have ended, or return the failure."""
    ended: list[Any] = [outcome(part, idea, "condensed") for part in parts]
    failed = next((one for one in ended if isinstance(one, Failure)), None)
    if failed is None:
        join_parts(run, idea, ended)
    return failed


def close(run: RunRef, failures: list[Failure]) -> RunReport:
    """Judge what was written, lay it out, and end the run."""
    rows = rows_of(run)
    verdict = judge_batch(run, rows, failures)
    status = status_of(run, rows, verdict)
    addresses = publish_brief(run, rows, status=status, failures=failures, verdict=verdict)
    return close_run(run, rows, status=status, failures=failures, verdict=verdict, addresses=addresses)
