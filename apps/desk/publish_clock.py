"""The thread of a desk's process that has the flow `publish` run as soon as something is due, and not before.

A look is one query. So nothing waits for the next minute of the flow's schedule, and `pressroom up` needs no schedule:
a process a minute, only to find nothing due, would cost more than all else that idles there.
"""

from __future__ import annotations

import time

from apps.desk.background import Background
from blocks.orchestrator import Orchestrator
from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.model.workflows import PUBLISH
from pressroom.publishers.ledger.claim import PUBLICATIONS
from pressroom.store import outbox
from pressroom.store.database import Database

PAUSE_SECONDS = 5.0
RUN_SECONDS = 20
"""At most one run is asked for in so many seconds, by all desks together; its process takes a few to start."""
TROUBLE_SECONDS = 60.0
"""How long Prefect is left alone after it did not answer."""

_log = logs.get_logger("pressroom.desk")


class PublishClock(Background):
    """Looks for what is due from `start` to `stop`. database: one that sees every workspace."""

    def __init__(self, orchestrator: Orchestrator, database: Database, *, pause: float = PAUSE_SECONDS) -> None:
        self._orchestrator, self._database, self._pause = orchestrator, database, pause
        super().__init__("publish-clock")

    def _work(self) -> None:
        pause = self._pause
        while not self._ended.wait(pause):
            pause = self._pause
            try:
                self.look()
            except PressroomError as error:
                pause = TROUBLE_SECONDS
                _log.warning("publish.not_started", code=error.code, reason=str(error))
            except Exception:
                pause = TROUBLE_SECONDS
                _log.exception("publish.broken")  # whatever it is: the thread outlives it

    def look(self) -> str:
        """Ask for a run when something is due: the id of its flow run, empty when nothing is. Raises `PrefectAway`."""
        if not outbox.is_due(self._database, PUBLICATIONS):
            return ""
        key = f"publish/{int(time.time()) // RUN_SECONDS}"
        return self._orchestrator.start(PUBLISH.deployment, {"request": {}}, idempotency_key=key, tags=["pressroom"])
