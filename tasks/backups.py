"""Tasks of backups: make one, forget old ones, try the newest."""

from __future__ import annotations

from prefect import task

from blocks import connections
from pressroom import logs
from pressroom.settings import settings
from pressroom.store import backups
from pressroom.store.backups import Keep
from pressroom.store.tables import utc_now
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE

_log = logs.get_logger("pressroom.backups")


@task(name="make-backup", task_run_name="make-backup", **INFRASTRUCTURE)
@observed
def make_backup() -> dict[str, int]:
    """Back the database up; empty where there is no recipient."""
    recipients = settings().backup_recipients
    if not recipients:
        _log.warning("backups.off", hint="Set PRESSROOM_BACKUP_RECIPIENTS; `pressroom backup key FILE` makes a pair.")
        return {}
    made = backups.create(connections.database(), connections.store(), recipients, now=utc_now())
    counted = {"rows": made.rows, "bytes": made.size, "missing files": made.missing_files}
    _log.info("backups.made", backup=made.id, counts=counted)
    return counted


@task(name="forget-backups", task_run_name="forget-backups", **INFRASTRUCTURE)
@observed
def forget_backups() -> int:
    """Delete backups that are past their time; how many."""
    chosen = settings()
    keep = Keep(days=chosen.backup_days, weeks=chosen.backup_weeks, months=chosen.backup_months)
    return len(backups.forget(connections.store(), keep))


@task(name="try-backup", task_run_name="try-backup", **INFRASTRUCTURE)
@observed
def try_backup() -> dict[str, int]:
    """Restore the newest backup into a scratch database and compare; empty where there is no identity.

    Raises:
        NotFound: there is no backup. StoreUnusable, DatabaseUnusable: it can't be restored, or differs.
    """
    identity = settings().backup_identity
    if identity is None:
        _log.warning("backups.not_tried", hint="Set PRESSROOM_BACKUP_IDENTITY to the file of an identity.")
        return {}
    database, store = connections.database(), connections.store()
    found = backups.find(store)
    state = backups.verify(database, store, found, identity)
    return {"rows": sum(state.counts.values())}
