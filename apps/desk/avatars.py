"""The thread of a desk's process that fetches the avatars of connected accounts, each once."""

from __future__ import annotations

from apps.desk.background import Background
from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.review import web_cards
from pressroom.sources.fetching import FetchLimits
from pressroom.sources.link_cards import LIMITS
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database

PAUSE_SECONDS = 30.0

_log = logs.get_logger("pressroom.desk")


class Avatars(Background):
    """Fetches from `start` to `stop`. database: one that sees every workspace."""

    def __init__(self, database: Database, store: ArtifactStore, *, limits: FetchLimits = LIMITS) -> None:
        self._database, self._store, self._limits = database, store, limits
        super().__init__("avatars")

    def _work(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            try:
                self.look()
            except PressroomError as error:
                _log.warning("avatars.interrupted", code=error.code, reason=str(error))
            except Exception:
                _log.exception("avatars.broken")  # whatever it is: the thread outlives it

    def look(self) -> int:
        """Fetch what is missing; returns how many."""
        found = web_cards.missing_avatars(self._database)
        for workspace_id, address in found:
            if self._ended.is_set():
                break
            web_cards.fetch_card(self._database, self._store, workspace_id, "avatar", address, limits=self._limits)
        return len(found)
