"""Forgetting what has had its time, every night."""

from __future__ import annotations

from prefect import flow

from tasks.housekeeping import forget_old_rows, purge_content, purge_files, purge_workspaces, told


@flow(name="housekeeping")
def housekeeping() -> dict[str, int]:
    """Remove what was deleted long ago, and what is kept for a while only. Stopped half-way, it is finished next night.

    Needs the database and the artifact store. Leaves nothing of content, uploads and workspaces deleted more than
    PRESSROOM_PURGE_DAYS ago, of the audit log before PRESSROOM_AUDIT_DAYS, and of sign-ins, events, deliveries and
    answers kept for repeats once their time is over. Returns how many of each went.
    """
    purged = {"content": purge_content(), "files": purge_files(), "workspaces": purge_workspaces()}
    return told({**purged, **forget_old_rows()})
