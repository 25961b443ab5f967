"""Writing the drafts of a run: all at once, or in shards where there are more than Prefect's server can record."""

from __future__ import annotations

from prefect import flow, unmapped
from prefect.futures import PrefectFuture, as_completed

from pressroom.model import Failure, IdeaRef, RunRef
from tasks.drafts import cached_write_draft
from tasks.failures import outcome
from tasks.progress import Progress
from tasks.runner import task_runner
from tasks.shards import at_once, note_failures, run_shard, shard_is_served, shards_of


@flow(name="shard", flow_run_name="shard {number} of {run.day}", task_runner=task_runner())
def shard(run: RunRef, ideas: list[IdeaRef], number: int) -> list[Failure]:
    """Write the drafts of these ideas; started by a run of many, to which it belongs and whose lease protects it.

    Needs what `daily` needs. Leaves the drafts' rows, and in the run's row the failures, by their ideas.
    """
    failures = write_at_once(run, ideas)
    note_failures(run, ideas, failures)
    return failures


def write_drafts(run: RunRef, ideas: list[IdeaRef]) -> list[Failure]:
    """Every idea in every format; one that fails is listed and stops no other.

    Shards are flow runs of the deployment `shard/shard` where that is served, a few at the same time on whatever
    workers there are; otherwise they are made here, one after the other.
    """
    shards = shards_of(ideas, len(run.formats))
    if len(shards) == 1:
        return write_at_once(run, ideas)
    progress = Progress(len(shards), "Writing shards")
    return _by_deployment(run, shards, progress) if shard_is_served() else _here(run, shards, progress)


def write_at_once(run: RunRef, ideas: list[IdeaRef]) -> list[Failure]:
    """Every idea in every format, all at the same time."""
    pairs = [(idea, form) for idea in ideas for form in run.formats]
    futures = cached_write_draft().map(
        run=unmapped(run), idea=[idea for idea, _ in pairs], form=[form for _, form in pairs]
    )
    progress = Progress(len(pairs), "Writing drafts")
    for _ in as_completed(list(futures)):
        progress.step()
    outcomes = [outcome(future, *pair) for future, pair in zip(futures, pairs, strict=True)]
    return [found for found in outcomes if isinstance(found, Failure)]


def _here(run: RunRef, shards: list[list[IdeaRef]], progress: Progress) -> list[Failure]:
    failures: list[Failure] = []
    for number, chosen in enumerate(shards, 1):
        failures.extend(shard(run, chosen, number))
        progress.step()
    return failures


def _by_deployment(run: RunRef, shards: list[list[IdeaRef]], progress: Progress) -> list[Failure]:
    futures: list[PrefectFuture[list[Failure]]] = []
    for number, chosen in enumerate(shards, 1):
        if number > at_once():
            futures[number - 1 - at_once()].wait()
        futures.append(run_shard.submit(run, chosen, number))
    failures: list[Failure] = []
    for future in futures:
        failures.extend(future.result())
        progress.step()
    return failures
