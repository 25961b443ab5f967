"""Posts one message to one address, which is checked like every address from a user; follows no redirect. How often
and how long a message is tried is here too: `DELIVERIES`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta

import httpcore
import httpx

from pressroom import __version__
from pressroom.errors import SourceForbidden, SourceUnusable
from pressroom.sources.fetching import Guard, answers, shown
from pressroom.sources.fetching.addresses import parse
from pressroom.sources.fetching.connecting import Backend, Deadline
from pressroom.sources.fetching.public import address_of
from pressroom.store.outbox import OutboxKind, Outcome, Result

SECONDS = 10.0
"""Most seconds of one attempt, from the name's look-up to the answer's status."""

DELIVERIES = OutboxKind(
    "webhook",
    pauses=(
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
    ),
    lease=timedelta(seconds=6 * SECONDS),
)
"""In the outbox: the subject is an event, the lane a webhook."""

USER_AGENT = f"Pressroom/{__version__} (webhooks)"
GONE = 410
"""The receiver wants nothing more, ever."""


def post(address: str, body: bytes, headers: Mapping[str, str], *, guard: Guard, seconds: float = SECONDS) -> Result:
    """Send `body` to `address` as JSON. Raises nothing: whatever goes wrong is in the result.

    The answer's body is not read; any status of 200 to 299 means that it was taken.
    """
    began = time.monotonic()
    try:
        status, retry_after = _posted(parse(address), body, headers, guard, seconds)
        outcome, answer = _judged(status)
    except SourceUnusable as refusal:
        outcome, status, retry_after, answer = Outcome.FAILED, None, None, refusal.message
    spent = round(1000 * (time.monotonic() - began))
    return Result(outcome, status=status, answer=answer, retry_after=retry_after or 0.0, milliseconds=spent)


def _posted(
    url: httpx.URL, body: bytes, headers: Mapping[str, str], guard: Guard, seconds: float
) -> tuple[int, float | None]:
    port = url.port or (443 if url.scheme == "https" else 80)
    where = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path)
    own = {"Content-Type": "application/json", "Content-Length": str(len(body)), "User-Agent": USER_AGENT}
    sent = [("Host", url.netloc.decode("ascii")), *own.items(), *headers.items()]
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    backend = Backend(guard, Deadline(seconds))
    try:
        with (
            httpcore.ConnectionPool(ssl_context=guard.tls(), network_backend=backend) as pool,
            pool.stream("POST", where, headers=sent, content=body, extensions={"timeout": timeouts}) as response,
        ):
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return response.status, answers.retry_after(told)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise answers.from_line(error, shown(str(url)), seconds=seconds) from error


def _judged(status: int) -> tuple[Outcome, str]:
    if 200 <= status < 300:
        return Outcome.DONE, f"It answered {status}."
    if 300 <= status < 400:
        return (
            Outcome.FAILED,
            f"It answered {status}; redirects are not followed: give the address that they lead to.",
        )
    return Outcome.REFUSED if status == GONE else Outcome.FAILED, f"It answered {status}."


def check_address(address: str, guard: Guard) -> None:
    """Raises `SourceForbidden` when the address can't be a public web address. Looks up no name."""
    host = parse(address).host
    try:
        public = guard.is_allowed(address_of(host))
    except ValueError:
        return  # a name: its addresses are checked each time a message is sent
    if not public:
        raise SourceForbidden(f"{shown(address)} is not on the public internet.")
