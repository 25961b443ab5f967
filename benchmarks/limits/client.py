"""`python -m benchmarks.limits.client`: one process that calls as often as it is let; says when it was answered.

Waits for a line on standard input before it begins. Its last line is JSON: `answered` and `refused`, each a list of
calls: when, in seconds since the epoch, and how many units of the limit it took.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from urllib.parse import urlsplit

from benchmarks.limits.calls import HEADERS, KINDS, Asked, Kind
from pressroom.calls.limiter import Limiter, Line, in_process
from pressroom.calls.pace import Pace

LATER = 0.1
"""Seconds waited beyond a Retry-After, as the chain does."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--limit", type=int, required=True, help="requests or tokens a window")
    parser.add_argument("--window", type=float, required=True, help="seconds")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--name", required=True, help="of the global limit")
    parser.add_argument("--url", required=True)
    given = parser.parse_args()
    limiter = WAYS[given.way](given)
    print("ready", flush=True)
    sys.stdin.readline()
    caller = Caller(given.url, KINDS[given.kind], limiter, time.time() + given.seconds)
    with ThreadPoolExecutor(given.threads) as pool:
        for done in [pool.submit(caller.call_on) for _ in range(given.threads)]:
            done.result()
    print(json.dumps({"answered": caller.answered, "refused": caller.refused}), flush=True)


class Caller:
    def __init__(self, url: str, kind: Kind, limiter: Limiter, until: float) -> None:
        self._host, self._kind = urlsplit(url).netloc, kind
        self._limiter, self._until = limiter, until
        self._mine = local()
        self.answered: list[tuple[float, int]] = []
        self.refused: list[tuple[float, int]] = []

    def call_on(self) -> None:
        while time.time() < self._until:
            asked = self._kind.ask()
            self._limiter.acquire(asked.estimated, None)
            if (wait := self._call(asked)) is not None:
                time.sleep(wait + LATER)

    def _call(self, asked: Asked) -> float | None:
        """One call; when it is refused, the seconds of its Retry-After."""
        if not hasattr(self._mine, "line"):
            self._mine.line = http.client.HTTPConnection(self._host, timeout=30)
        self._mine.line.request("POST", self._kind.path, asked.body, HEADERS)
        answer = self._mine.line.getresponse()
        said = json.loads(answer.read())
        if answer.status == 429:
            self.refused.append((time.time(), 0))
            return float(answer.headers["Retry-After"])
        assert answer.status == 200, answer.status
        took = self._kind.count(asked, said)
        self._limiter.settle(asked.estimated, took)
        self.answered.append((time.time(), took))
        return None


class Unlimited:
    """A `Limiter` that lets everybody go."""

    def acquire(self, tokens: int, deadline: float | None) -> None: ...

    def pause(self, seconds: float) -> None: ...

    def settle(self, estimated: int, used: int) -> None: ...


class ACallEach(Unlimited):
    """One `rate_limit` of Prefect's a call."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._name = given.name

    def acquire(self, tokens: int, deadline: float | None) -> None:
        from prefect.concurrency.sync import rate_limit

        rate_limit(self._name, strict=True)


def _ours(given: argparse.Namespace) -> Limiter:
    limits = {"requests": 0, "tokens": 0, KINDS[given.kind].unit: given.limit}
    return in_process(**limits, window=given.window)


def _ours_shared(given: argparse.Namespace) -> Limiter:
    from pressroom.calls.shared_limits import Leased
    from pressroom.store import schema
    from pressroom.store.database import Database

    database = Database.from_settings()
    schema.ensure(database)
    supply = Leased(database, given.name, Pace(given.limit, given.window))
    return Line(None, supply) if KINDS[given.kind].unit == "tokens" else Line(supply, None)


WAYS: dict[str, Callable[[argparse.Namespace], Limiter]] = {
    "in-process": _ours,
    "shared": _ours_shared,
    "retry": lambda _: Unlimited(),
    "rate_limit": ACallEach,
}

if __name__ == "__main__":
    main()
