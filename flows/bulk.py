"""A daily run too large for one flow run: its drafts are written in shards, and it is still one run."""

from __future__ import annotations

from prefect import flow
from prefect.futures import PrefectFuture

from flows.daily import judged, make
from flows.shard import shard
from pressroom.model import BulkRequest, Failure, IdeaRef, RunRef, RunReport
from tasks.progress import Progress
from tasks.runner import task_runner
from tasks.runs import attended, open_run
from tasks.shards import at_once, run_shard, shard_is_served, shards_of

EVERYTHING_AS_SET = BulkRequest()


@flow(name="bulk", task_runner=task_runner())
def bulk(request: BulkRequest = EVERYTHING_AS_SET) -> RunReport:
    """Like `daily`, for up to 1,000 ideas: the server is never sent more at once than it can record.

    Needs what `daily` needs. Where the deployment `shard/shard` is served, shards are flow runs of it, a few at
    the same time on whatever workers there are; otherwise they are made here, one after the other. Leaves what
    `daily` leaves: one run, one batch judged as a whole, one brief.
    """
    run = open_run(request)
    with attended(run):
        report = make(run, write_shards)
    return judged(report)


def write_shards(run: RunRef, ideas: list[IdeaRef]) -> list[Failure]:
    """The drafts of all ideas, shard by shard; what failed in any of them."""
    shards = shards_of(ideas, len(run.formats))
    progress = Progress(len(shards), "Writing shards")
    served = shard_is_served()
    failures: list[Failure] = []
    futures: list[PrefectFuture[list[Failure]]] = []
    for number, chosen in enumerate(shards, 1):
        if not served:
            failures.extend(shard(run, chosen, number))
            progress.step()
            continue
        if number > at_once():
            futures[number - 1 - at_once()].wait()
        futures.append(run_shard.submit(run, chosen, number))
    for future in futures:
        failures.extend(future.result())
        progress.step()
    return failures
