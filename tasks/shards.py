"""Cuts a large run into shards, and has one written by a process that serves their deployment."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task
from prefect.deployments import run_deployment
from prefect.runtime import flow_run

from blocks import connections
from pressroom.model import Failure, IdeaRef, RunRef
from pressroom.settings import settings
from pressroom.store import runs
from tasks.deployed import is_served
from tasks.retrying import INFRASTRUCTURE

DEPLOYMENT = "shard/shard"
POLL_SECONDS = 1


def shard_is_served() -> bool:
    return is_served(DEPLOYMENT)


def at_once() -> int:
    return settings().shards_at_once


def shards_of(ideas: Sequence[IdeaRef], formats: int) -> list[list[IdeaRef]]:
    """The ideas in order, in pieces whose drafts number PRESSROOM_SHARD_DRAFTS at most (one idea at least)."""
    size = max(1, settings().shard_drafts // formats)
    return [list(ideas[start : start + size]) for start in range(0, len(ideas), size)]


@task(name="run-shard", task_run_name="shard {number}")
def run_shard(run: RunRef, ideas: list[IdeaRef], number: int) -> list[Failure]:
    """Have one shard written and wait for it; whatever of it is not there afterwards has failed.

    Asked again by the same flow run, it waits for the same shard.
    """
    run_deployment(
        DEPLOYMENT,
        parameters={
            "run": run.model_dump(mode="json"),
            "ideas": [idea.model_dump(mode="json") for idea in ideas],
            "number": number,
        },
        idempotency_key=f"{flow_run.id}-{number}",
        poll_interval=POLL_SECONDS,
    )
    return runs.failures_of(connections.database(), run.id, run.variant, ideas, run.formats)


@task(name="note-failures", task_run_name="note-failures", **INFRASTRUCTURE)
def note_failures(run: RunRef, ideas: Sequence[IdeaRef], failures: Sequence[Failure]) -> None:
    """Keep a shard's failures in the run's row, in place of those its ideas had before."""
    runs.note_failures(connections.database(), run.id, [idea.position for idea in ideas], failures)
