"""Sending what is due, every minute."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pressroom.model.publish_runs import PublishReport, PublishRequest
from tasks.publish import check_report, warn_of_overdue, work_off

EVERYTHING = PublishRequest()
THREADS: TaskRunner[Any] = ThreadPoolTaskRunner()


@flow(name="publish", task_runner=THREADS, retries=0, persist_result=False)
def publish(request: PublishRequest = EVERYTHING) -> PublishReport:
    """Bring every publication that is due as far as it gets now: check, upload, send, ask, read back.

    Needs the database and the artifact store, the secret key that channels' tokens are sealed with, the platforms
    themselves (or PRESSROOM_SOCIAL_SANDBOX), and for platforms that fetch files PRESSROOM_DESK_URL. Leaves each row in
    a state of the table with the time it is looked at next. It keeps nothing in memory: it may be ended at any point,
    and may run more than once at the same time, since rows are claimed. Ends failed when a row raised an error of ours.
    """
    report = work_off(request)
    warn_of_overdue()
    return check_report(report)
