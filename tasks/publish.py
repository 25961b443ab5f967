"""Sending what is due: a task for each publication, which Prefect never tries again: only the ledger does."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom.errors import PublishFailed
from pressroom.model.publish_runs import Advance, PublishReport, PublishRequest
from pressroom.publishers.ledger import due_work
from pressroom.publishers.ledger.door import door_of
from pressroom.publishers.ledger.engine import Engine
from pressroom.settings import settings
from pressroom.store.desk_tables import Outbox
from pressroom.vault import Vault
from tasks.observing import observed
from tasks.progress import announce


def engine() -> Engine:
    """The engine on this process's connections."""
    chosen, store = settings(), connections.store()
    vault = Vault.from_settings(chosen)
    door, apps = door_of(chosen, vault, store), connections.platform_app
    return Engine(connections.database(), vault, store, door=door, source=chosen, apps=apps)


def work_off(request: PublishRequest) -> PublishReport:
    """Work at all that is due, a task for each row. With nothing due it is one query, and no task."""
    at_once = request.at_once or settings().publish_concurrency
    return due_work.work_off(engine(), at_once, publish_row.submit, tell=_say)


@task(name="publish-row", task_run_name="publish {claimed.subject_id}", retries=0, cache_policy=NO_CACHE,
      persist_result=False)  # fmt: skip
@observed
def publish_row(claimed: Outbox) -> Advance:
    """Bring one claimed publication as far as it gets now. It ends well even where it raised: the report says so."""
    return due_work.advance(engine(), claimed)


def warn_of_overdue() -> None:
    """Tell the addresses of the notifier what is due for more than 5 minutes, once an hour."""
    found = due_work.alarm(engine().database)
    if found is not None:
        connections.notifier().tell("Pressroom: publications are overdue", str(found))


def check_report(report: PublishReport) -> PublishReport:
    """The report. Raises `PublishFailed` when a row raised an error of ours; a refusal of a platform is not one."""
    if report.failed:
        first = report.failed[0]
        raise PublishFailed(
            f"{len(report.failed)} of {len(report.rows)} publications raised an error: {first.error}", report
        )
    return report


def _say(row: Advance) -> None:
    announce(f"{row.publication_id[:8]} {row.error or row.state or 'is with another worker'}")
