"""The thread of a desk's process that tells webhooks what happened.

Any number of processes may each have one over the same database: they share the work by claims.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.sources.fetching import Guard
from pressroom.store import outbox
from pressroom.store.database import Database
from pressroom.store.desk_tables import Outbox
from pressroom.store.outbox import Outcome, Result
from pressroom.webhooks.laying_out import lay_out
from pressroom.webhooks.posting import DELIVERIES, SECONDS
from pressroom.webhooks.sending import record, send
from pressroom.webhooks.signing import Sealer

AT_ONCE = 16
"""Messages this process sends at the same time; to one webhook goes one at a time, and one that hangs keeps only itself
waiting."""

PAUSE_SECONDS = 1.0
"""How often it is looked whether anything happened."""

TROUBLE_SECONDS = 5.0
"""How long the database is left alone after it failed."""

_log = logs.get_logger("pressroom.desk")


class Sender:
    """Lays out the deliveries of new events and sends those that are due, from `start` to `stop`.

    database: one that sees every workspace, hence not the one that answers requests. sealer: opens the webhooks'
    secrets. seconds: what an attempt may take.
    """

    def __init__(
        self, database: Database, sealer: Sealer, *, guard: Guard | None = None, seconds: float = SECONDS
    ) -> None:
        self._database, self._sealer = database, sealer
        self._guard, self._seconds = guard or Guard(), seconds
        self._busy = 0
        self._changed = threading.Condition()
        self._has_room = self._stopping = False
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 3.0) -> None:
        """Claim nothing more, and wait up to `seconds` for what is being sent.

        What a receiver has not taken by then is left to its claim: after that, another process sends it again.
        """
        until = time.monotonic() + seconds
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._busy, timeout=seconds)
        if self._thread.is_alive():
            self._thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while not self._stopping:
            self._has_room = False
            pause = self._round()
            with self._changed:
                self._changed.wait_for(lambda: self._has_room or self._stopping, timeout=pause)

    def _round(self) -> float:
        """Do what there is to do; returns the seconds until it is worth looking again, unless a message ends before."""
        try:
            laid_out = lay_out(self._database, self._sealer)
            for claimed in self._claim():
                threading.Thread(target=self._send, args=(claimed,), name="webhook", daemon=True).start()
        except PressroomError as error:
            _log.warning("webhooks.interrupted", code=error.code, reason=str(error))
            return TROUBLE_SECONDS
        except Exception:
            _log.exception("webhooks.broken")  # whatever it is: the thread outlives it
            return TROUBLE_SECONDS
        return 0.0 if laid_out else PAUSE_SECONDS

    def _claim(self) -> list[Outbox]:
        room = AT_ONCE - self._busy
        if room <= 0 or self._stopping:
            return []
        claimed = outbox.claim(self._database, DELIVERIES, limit=room)
        with self._changed:
            self._busy += len(claimed)
        return claimed

    def _send(self, claimed: Outbox) -> None:
        try:
            send(self._database, self._sealer, claimed, guard=self._guard, seconds=self._seconds)
        except PressroomError as error:
            _log.warning("webhook.not_recorded", delivery=claimed.id, code=error.code, reason=str(error))
        except Exception:
            _log.exception("webhook.broken", delivery=claimed.id)
            self._give_back(claimed)
        finally:
            with self._changed:
                self._busy -= 1
                self._has_room = True
                self._changed.notify_all()

    def _give_back(self, claimed: Outbox) -> None:
        """Have a message that we could not even send count as one that was not taken, lest it is tried for ever."""
        result = Result(Outcome.FAILED, answer="It could not be sent; the desk's log says why.")
        with suppress(PressroomError):
            record(self._database, claimed, result)
