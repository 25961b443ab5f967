"""The nightly backup."""

from __future__ import annotations

from prefect import flow

from tasks.backups import forget_backups, make_backup


@flow(name="backup")
def backup() -> dict[str, int]:
    """Back the database up for PRESSROOM_BACKUP_RECIPIENTS, then forget the backups that are past their time.

    Needs the database and the artifact store. Without recipients nothing is made, and the log says so. Returns how many
    rows were backed up, how many bytes that is, how many artifacts are missing, and how many backups were forgotten.
    """
    made = make_backup()
    return {**made, "forgotten": forget_backups()} if made else {}
