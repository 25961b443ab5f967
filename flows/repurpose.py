"""Repurposing documents: read, condensed where long, written in every format, pictured, gated, laid out."""

from __future__ import annotations

from typing import cast

from prefect import flow, unmapped
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from flows.daily import close, condense, judged
from flows.shard import write_drafts
from pressroom.model import Failure, IdeaRef, PictureRef, RepurposeRequest, RunRef, RunReport
from pressroom.model.images import ImageIdea
from pressroom.sources import Read
from tasks.brief import gate_at_hand
from tasks.documents import (
    keep_documents,
    plan_repurpose,
    read_source,
    read_text,
)
from tasks.failures import outcome
from tasks.ideas import kept_ideas
from tasks.pictures import imagine, make_picture, purposes
from tasks.runner import task_runner
from tasks.runs import attended, open_run, tells_its_job
from tasks.uploads import shown


def _name() -> str:
    """`repurpose notes.md`, and how many more sources there are."""
    request = RepurposeRequest.model_validate(flow_run.parameters["request"])
    names = [shown(source, request.workspace) for source in request.sources[:1]] or ["text"]
    more = f" and {len(request.sources) - 1} more" if len(request.sources) > 1 else ""
    return f"repurpose {request.title.strip() or names[0]}{more}"


@flow(name="repurpose", flow_run_name=_name, task_runner=task_runner())
@tells_its_job
def repurpose(request: RepurposeRequest) -> RunReport:
    """Documents made into drafts of every format and pictures for every platform, with nothing they do not say.

    Needs what `daily` needs, the accounts of the image chain (else cards are drawn), and the sources: public
    addresses, or files on the machine where this runs (PRESSROOM_LOCAL_FILES).

    Leaves rows for the run, the documents, drafts, pictures and calls; the drafts' text files, the pictures, the
    brief and the Data Docs in the store.

    The same words with the same wishes are the same run, on any day: a repeat pays for nothing.
    """
    read = read_all(request)
    run = open_run(plan_repurpose(request, read), trigger=request.trigger, refresh=request.refresh)
    with attended(run):
        keep_documents(run, read, request.title)
        report = make_of_documents(run)
    return judged(report)


def read_all(request: RepurposeRequest) -> list[Read]:
    """Every source, all at once; one that can't be read stops no other."""
    sources = [source.strip() for source in request.sources if source.strip()]
    reading = read_source.map(list(dict.fromkeys(sources)), workspace=unmapped(request.workspace))
    read = [future.result() for future in reading]
    return [*read, read_text(request.text, request.title)] if request.text.strip() else read


def make_of_documents(run: RunRef) -> RunReport:
    """Everything an opened run still lacks, to its close: what is there already is left as it is."""
    documents = kept_ideas(run)
    failures = condense(run, documents)
    lost = {failure.idea_position for failure in failures}
    ideas = [idea for idea in documents if idea.position not in lost]
    with gate_at_hand(run):
        pictures = begin_pictures(run, ideas)
        failures += write_drafts(run, ideas)
        failures += ended_badly(pictures)
        return close(run, [*run.plan.unmade, *failures])


Pending = list[tuple[PrefectFuture[PictureRef], IdeaRef, str]]


def begin_pictures(run: RunRef, ideas: list[IdeaRef]) -> Pending:
    """Every document's pictures under way, while its drafts are written: first what they show, then each of them."""
    return [
        (make_picture.submit(run, idea, purpose, width, height, cast(ImageIdea, shows)), idea, purpose)
        for idea in ideas
        if (wanted := purposes(run))
        for shows in [imagine.submit(run, idea)]
        for purpose, width, height in wanted
    ]


def ended_badly(pictures: Pending) -> list[Failure]:
    """The pictures that could not be made, once all of them have ended."""
    outcomes = [outcome(future, idea, f"picture:{purpose}") for future, idea, purpose in pictures]
    return [found for found in outcomes if isinstance(found, Failure)]
