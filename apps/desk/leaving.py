"""What has to be undone outside the database when a workspace closes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pressroom import logs
from pressroom.errors import PressroomError

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

_log = logs.get_logger("pressroom.desk")


def forget_schedules(desk: Desk, workspaces: Iterable[str]) -> None:
    """Have the mornings of closed `workspaces` (names) made no more.

    That Prefect can't be told holds nobody up: the workspace is closed, and `pressroom up` sets schedules anew.
    """
    for name in workspaces:
        try:
            desk.orchestrator.set_schedule(name, None)
        except PressroomError as error:
            _log.warning("schedule.not_forgotten", workspace=name, code=error.code)
