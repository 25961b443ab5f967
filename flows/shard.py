"""One shard of a bulk run: some of its ideas, in every format."""

from __future__ import annotations

from prefect import flow

from flows.daily import write_drafts
from pressroom.model import Failure, IdeaRef, RunRef
from tasks.runner import task_runner
from tasks.shards import note_failures


@flow(name="shard", flow_run_name="shard {number} of {run.day}", task_runner=task_runner())
def shard(run: RunRef, ideas: list[IdeaRef], number: int) -> list[Failure]:
    """Write the drafts of these ideas; started by `bulk`, whose run it belongs to and whose lease protects it.

    Needs what `daily` needs. Leaves the drafts' rows, and in the run's row the failures, by their ideas.
    """
    failures = write_drafts(run, ideas)
    note_failures(run, ideas, failures)
    return failures
