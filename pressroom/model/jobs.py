"""Long tasks requested at the desk: one flow run each."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """waiting: asked for, not begun. unreached: Prefect could not be told; asking again starts it."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNREACHED = "unreached"

    @property
    def has_ended(self) -> bool:
        return self not in {JobStatus.WAITING, JobStatus.RUNNING}
