"""A daily run too large for one flow run: its drafts are written in shards, and it is still one run."""

from __future__ import annotations

from prefect import flow
from prefect.futures import PrefectFuture

from flows.daily import find_ideas, judged
from flows.shard import shard
from pressroom.model import BulkRequest, Failure, IdeaRef, RunRef, RunReport
from tasks.brief import gate_at_hand, gate_batch, publish_brief
from tasks.ideas import keep_ideas, kept_ideas
from tasks.progress import Progress
from tasks.runner import task_runner
from tasks.runs import attended, close_run, open_run, status_of
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
        ideas = kept_ideas(run) or keep_ideas(run, find_ideas(run))
        with gate_at_hand(run):
            failures = write_shards(run, ideas)
            verdict = gate_batch(run, failures)
        status = status_of(run, verdict)
        addresses = publish_brief(run, status=status, failures=failures, verdict=verdict)
        report = close_run(run, status=status, failures=failures, verdict=verdict, addresses=addresses)
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
