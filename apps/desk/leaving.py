"""This ends the Prefect schedule of a workspace that closes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pressroom import logs
from pressroom.errors import PressroomError

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

_log = logs.get_logger("pressroom.desk")


def forget_schedules(desk: Desk, workspaces: Iterable[str]) -> None:
    """End the schedules of closed `workspaces` (names).

    A Prefect that is away holds no caller up: the workspace is closed, and `pressroom up` sets schedules again.
    """
    for name in workspaces:
        try:
            desk.orchestrator.set_schedule(name, None)
        except PressroomError as error:
            _log.warning("schedule.not_forgotten", workspace=name, code=error.code)
