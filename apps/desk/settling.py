"""The thread of a desk's process that notices how jobs ended of which no run could tell: refused, crashed, deleted.

Those that came to a run are told of by the run itself, and any is looked at when somebody asks for it. This is for the
rest: a callback must be told even where nobody asks. Any number of processes may do it; each end is noted once.
"""

from __future__ import annotations

import threading

from apps.desk.following import followed
from blocks.orchestrator import Orchestrator
from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.store import jobs
from pressroom.store.database import Database

PAUSE_SECONDS = 15.0
MOST_AT_ONCE = 200

_log = logs.get_logger("pressroom.desk")


class Settler:
    """Follows open jobs from `start` to `stop`. database: one that sees every workspace."""

    def __init__(self, orchestrator: Orchestrator, database: Database, *, pause: float = PAUSE_SECONDS) -> None:
        self._orchestrator, self._database, self._pause = orchestrator, database, pause
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(3)

    def _work(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                settle(self._orchestrator, self._database)
            except PressroomError as error:
                _log.warning("jobs.not_followed", code=error.code, reason=str(error))
            except Exception:
                _log.exception("jobs.broken")  # whatever it is: the thread outlives it


def settle(orchestrator: Orchestrator, database: Database) -> None:
    """Bring every open job up to date."""
    followed(orchestrator, database, jobs.open_jobs(database, limit=MOST_AT_ONCE))
