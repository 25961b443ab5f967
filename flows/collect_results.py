"""Collecting the figures of published posts, every hour."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pressroom.model.snapshots import FiguresReport, ResultsRequest
from tasks.results import collect_workspace, workspaces_of
from tasks.runs import tells_its_job

EVERYTHING = ResultsRequest()
THREADS: TaskRunner[Any] = ThreadPoolTaskRunner()


@flow(name="collect-results", task_runner=THREADS, retries=0, persist_result=False)
@tells_its_job
def collect_results(request: ResultsRequest = EVERYTHING) -> FiguresReport:
    """Read the figures of every publication whose time it is, and write each as a snapshot that is never changed.

    Needs the database, the secret key that channels' tokens are sealed with, and the platforms themselves (or
    PRESSROOM_SOCIAL_SANDBOX). Leaves snapshots, and for a call that failed the attempt with its reason: it is tried
    again while its age is open, then its gap is written. A platform that fails stops no other. It may be ended at any
    point and repeated: what is there stays, and a paid answer is not paid for twice.
    """
    homes = workspaces_of(request)
    found = [future.result() for future in collect_workspace.map(homes)]
    return FiguresReport(channels=tuple(one for each in found for one in each))
