"""One of the Prefect server's global concurrency limits, used as a queue that drains at the allowed rate.

Whoever wants permits adds their slots, always, and reads how many slots there are: that tells when these permits'
turn is. Asking for permits that are free now would tell nothing of the kind when there are none: workers would ask
again and again, in no order, each time a little late. Permits of a killed process drain like the rest.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from blocks.stock import Stretch
from pressroom.calls.pace import Pace
from pressroom.calls.providers import Account

if TYPE_CHECKING:
    import httpx  # Prefect's

REQUEST_SLOTS = 100
"""Slots of a request: Prefect drains whole slots, and forgets the fraction at every change."""
QUEUE_WINDOWS = 10
"""Longest queue, in windows; the size of a limit says nothing else here."""
MOST_SLOTS = 2**31 - 1
ANSWER_SECONDS = 3.0


class GlobalLimit:
    """`slots`: how many of the limit's slots a permit takes. For one thread at a time, inside its `with`."""

    def __init__(self, name: str, pace: Pace, slots: int = 1) -> None:
        self.name, self.pace, self._slots = name, pace, slots
        self._opened = ExitStack()
        self._client: SyncPrefectClient | None = None

    def __enter__(self) -> Self:
        self._opened.enter_context(temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}))  # others wait for us
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client = None
        self._opened.close()

    def declare(self) -> None:
        """Make the limit on the server, or bring it to our pace."""
        size = min(self.pace.limit * QUEUE_WINDOWS * self._slots, MOST_SLOTS)
        put = self._connected().upsert_global_concurrency_limit_by_name
        with suppress(ObjectAlreadyExists):  # made by another process just now
            _again_when_busy(put, self.name, size, self._slots / self.pace.interval)

    def lease(self, count: int) -> Stretch:
        """The next `count` permits of the queue. A rate that was changed on the server holds for all at once.

        Raises:
            Exception: whatever keeps the server from answering.
        """
        client = self._connected()
        _again_when_busy(client.increment_concurrency_slots, [self.name], count * self._slots, "rate_limit")
        try:
            found = client.read_global_concurrency_limit_by_name(self.name)
        except ObjectNotFound:  # adding slots to a limit that isn't there does nothing
            self.declare()
            return self.lease(count)
        interval = self._slots / found.slot_decay_per_second
        ahead = found.active_slots / self._slots - count
        return Stretch(time.monotonic() + ahead * interval - self.pace.burst, count, interval)

    def give_back(self, count: int) -> None:
        """Let others have `count` permits whose turn is still to come."""
        self._connected().release_concurrency_slots([self.name], count * self._slots, 1.0)

    def _connected(self) -> SyncPrefectClient:
        if not PREFECT_API_URL.value():
            raise ConnectionError("no server is set")  # Prefect would start one
        if self._client is None:
            # Prefect's client would sleep 2 s on a 503, also when it is not to retry.
            chosen = {"timeout": ANSWER_SECONDS, "event_hooks": {"response": [_raise_busy]}}
            self._client = self._opened.enter_context(get_client(httpx_settings=chosen, sync_client=True))
        return self._client


class _Busy(Exception):
    """On SQLite, Prefect answers 503 at once when two write at the same time; nothing was done then."""


def _raise_busy(response: httpx.Response) -> None:
    if response.status_code == 503:
        raise _Busy


_again_when_busy = Retrying(
    retry=retry_if_exception_type(_Busy),
    stop=stop_after_delay(ANSWER_SECONDS),
    wait=wait_random(0.005, 0.05),
    reraise=True,
)


def limits_of(account: Account) -> tuple[GlobalLimit | None, GlobalLimit | None]:
    """The limits on requests and on tokens that all workers share, where the account has them."""
    requests, tokens = account.requests_a_minute, account.tokens_a_minute
    return (
        GlobalLimit(f"pressroom-{account.name}-requests", Pace(requests), REQUEST_SLOTS) if requests else None,
        GlobalLimit(f"pressroom-{account.name}-tokens", Pace(tokens)) if tokens else None,
    )
