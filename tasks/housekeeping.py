"""Forgetting what has had its time, and warning of sign-ins that end: the nightly flow's tasks, safe to be repeated."""

from __future__ import annotations

from datetime import timedelta

from prefect import task

from blocks import connections
from pressroom import logs
from pressroom.publishers.ledger.access import Access
from pressroom.review import channel_ends
from pressroom.review.purging import purge_deleted
from pressroom.settings import settings
from pressroom.store import forgetting
from pressroom.store.tables import utc_now
from pressroom.vault import Vault
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE

EXPORT_DAYS = 7
"""How long an export can be fetched: another is made in a minute."""

RAW_DAYS = 14
"""How long raw answers of trend sources are kept: so far back scores can be computed again."""

_log = logs.get_logger("pressroom.housekeeping")


@task(name="purge-content", task_run_name="purge-content", **INFRASTRUCTURE)
@observed
def purge_content() -> int:
    """Remove content that was deleted more than PRESSROOM_PURGE_DAYS ago, with its wordings, approvals and files."""
    before = utc_now() - timedelta(days=settings().purge_days)
    return purge_deleted(connections.database(), before, remove=connections.store().delete)


@task(name="purge-files", task_run_name="purge-files", **INFRASTRUCTURE)
@observed
def purge_files() -> int:
    """Remove uploads deleted PRESSROOM_PURGE_DAYS ago, exports older than EXPORT_DAYS, raw answers than RAW_DAYS."""
    database, store, now = connections.database(), connections.store(), utc_now()
    uploads = forgetting.purge_uploads(database, store, now - timedelta(days=settings().purge_days))
    answers = forgetting.purge_raw_answers(database, store, now - timedelta(days=RAW_DAYS))
    return uploads + answers + forgetting.purge_exports(database, store, now - timedelta(days=EXPORT_DAYS))


@task(name="purge-workspaces", task_run_name="purge-workspaces", **INFRASTRUCTURE)
@observed
def purge_workspaces() -> int:
    """Remove all that workspaces hold which were closed more than PRESSROOM_PURGE_DAYS ago."""
    before = utc_now() - timedelta(days=settings().purge_days)
    return forgetting.purge_workspaces(connections.database(), connections.store(), before)


@task(name="forget-old-rows", task_run_name="forget-old-rows", **INFRASTRUCTURE)
@observed
def forget_old_rows() -> dict[str, int]:
    """Forget the rows of logs and caches whose time is over; how many of each table."""
    return forgetting.forget_old_rows(connections.database(), settings())


@task(name="warn-of-sign-ins", task_run_name="warn-of-sign-ins", **INFRASTRUCTURE)
@observed
def warn_of_sign_ins() -> int:
    """Renew the sign-ins of channels that end soon, and tell people of those that only they can renew; how many."""
    database = connections.database()
    access = Access(database, Vault.from_settings(), apps=connections.platform_app)
    warnings = channel_ends.warn_of_ends(database, access)
    title = "Pressroom: sign-ins of channels end soon"
    if warnings and not connections.notifier().tell(title, "\n".join(warnings)):
        _log.warning("housekeeping.not_told", warnings=len(warnings))
    return len(warnings)


def told(counts: dict[str, int]) -> dict[str, int]:
    """`counts`, logged."""
    _log.info("housekeeping.done", counts=counts)
    return counts
