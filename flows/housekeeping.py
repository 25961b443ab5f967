"""Forgetting what has had its time, every night."""

from __future__ import annotations

from prefect import flow

from tasks.housekeeping import forget_old_rows, purge_content, purge_files, purge_workspaces, told, warn_of_sign_ins


@flow(name="housekeeping")
def housekeeping() -> dict[str, int]:
    """Remove what was deleted long ago, and what is kept for a while only. Stopped half-way, it is finished next night.

    Needs the database and the artifact store. Leaves nothing of content, uploads and workspaces deleted more than
    PRESSROOM_PURGE_DAYS ago, of the audit log before PRESSROOM_AUDIT_DAYS, and of sign-ins, events, deliveries and
    answers kept for repeats once their time is over. Sign-ins of channels that end soon are renewed, or told to people
    where only they can. Returns how many of each.
    """
    purged = {"content": purge_content(), "files": purge_files(), "workspaces": purge_workspaces()}
    warned = {"sign-ins that end": warn_of_sign_ins()}
    return told({**purged, **forget_old_rows(), **warned})
