"""`python -m benchmarks.limits.client`: one process that calls as often as it is let; says when it was answered.

Waits for a line on standard input before it begins. Its last line is JSON: `answered` and `refused`, each a list of
times in seconds since the epoch.
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

from pressroom.providers.shared.limiter import in_process
from pressroom.providers.shared.pace import Pace

BODY = json.dumps({"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "Say something."}]})
HEADERS = {"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"}
LATER = 0.1
"""Seconds waited beyond a Retry-After, as the chain does."""

Permit = Callable[[], None]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--limit", type=int, required=True, help="requests a window")
    parser.add_argument("--window", type=float, required=True, help="seconds")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--name", required=True, help="of the global limit")
    parser.add_argument("--url", required=True)
    given = parser.parse_args()
    permit = WAYS[given.way](given)
    print("ready", flush=True)
    sys.stdin.readline()
    caller = Caller(given.url, permit, time.time() + given.seconds)
    with ThreadPoolExecutor(given.threads) as pool:
        for done in [pool.submit(caller.call_on) for _ in range(given.threads)]:
            done.result()
    print(json.dumps({"answered": caller.answered, "refused": caller.refused}), flush=True)


class Caller:
    def __init__(self, url: str, permit: Permit, until: float) -> None:
        self._host, self._path = urlsplit(url).netloc, f"{urlsplit(url).path}/chat/completions"
        self._permit, self._until = permit, until
        self._mine = local()
        self.answered: list[float] = []
        self.refused: list[float] = []

    def call_on(self) -> None:
        while time.time() < self._until:
            self._permit()
            if (wait := self._call()) is not None:
                time.sleep(wait + LATER)

    def _call(self) -> float | None:
        """One call; when it is refused, the seconds of its Retry-After."""
        if not hasattr(self._mine, "line"):
            self._mine.line = http.client.HTTPConnection(self._host, timeout=30)
        self._mine.line.request("POST", self._path, BODY, HEADERS)
        answer = self._mine.line.getresponse()
        answer.read()
        if answer.status == 429:
            self.refused.append(time.time())
            return float(answer.headers["Retry-After"])
        assert answer.status == 200, answer.status
        self.answered.append(time.time())
        return None


def _retry(given: argparse.Namespace) -> Permit:
    return lambda: None


def _ours(given: argparse.Namespace) -> Permit:
    line = in_process(given.limit, 0, given.window)
    return lambda: line.acquire(0, None)


def _ours_shared(given: argparse.Namespace) -> Permit:
    from blocks.global_limits import REQUEST_SLOTS, GlobalLimit
    from blocks.leases import line_of

    line = line_of(GlobalLimit(given.name, Pace(given.limit, given.window), REQUEST_SLOTS), None)
    return lambda: line.acquire(0, None)


def _a_call_each(given: argparse.Namespace) -> Permit:
    from prefect.concurrency.sync import rate_limit

    return lambda: rate_limit(given.name, strict=True)


WAYS: dict[str, Callable[[argparse.Namespace], Permit]] = {
    "in-process": _ours,
    "shared": _ours_shared,
    "retry": _retry,
    "rate_limit": _a_call_each,
}

if __name__ == "__main__":
    main()
