"""Faults on the way to a stand-in, by rule: which requests, what, and how often."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pressroom.model import Frozen
from sandbox.wire import Request, Response


class SocialFault(StrEnum):
    """`accept_then_cut` does what was asked and closes the line; `cut_before` closes it and does nothing."""

    ACCEPT_THEN_CUT = "accept_then_cut"
    CUT_BEFORE = "cut_before"
    SLOW = "slow"
    STATUS = "status"
    ACCEPT_THEN_STATUS = "accept_then_status"
    GARBAGE = "garbage"
    NO_ID = "no_id"
    RATE_LIMIT = "rate_limit"


DOES_IT = frozenset(
    {SocialFault.ACCEPT_THEN_CUT, SocialFault.ACCEPT_THEN_STATUS, SocialFault.GARBAGE, SocialFault.NO_ID}
)
"""Faults after which the platform has done what it was asked."""


_OTHER_SCHEMA = '{"version": 3, "payload": {"entries": [{"name": "moved"}]}}'
KINDS: Mapping[str, Mapping[str, Any]] = {
    "429": {"fault": SocialFault.RATE_LIMIT, "seconds": 600},
    "500": {"fault": SocialFault.STATUS, "status": 500},
    "html": {"fault": SocialFault.GARBAGE},
    "schema": {"fault": SocialFault.STATUS, "status": 200, "body": _OTHER_SCHEMA},
    "empty": {"fault": SocialFault.STATUS, "status": 200, "body": ""},
    "cut": {"fault": SocialFault.CUT_BEFORE},
}
"""Faults of a source, by the word that asks for each."""


class SocialRule(Frozen):
    """Which requests go wrong. method and path: regular expressions, empty for any; path without the platform's name.

    times: how often, then never again; None for always. skip: requests that fit and are let through first.
    """

    fault: SocialFault
    platform: str = ""
    method: str = ""
    path: str = ""
    times: int | None = 1
    skip: int = 0
    status: int = 500
    body: str = '{"message":"Something went wrong."}'
    seconds: float = 1.0


class Faults:
    """The standing rules, and how often each was used."""

    def __init__(self) -> None:
        self._rules: list[tuple[SocialRule, list[int]]] = []

    def add(self, *rules: SocialRule) -> None:
        self._rules += [(rule, [0]) for rule in rules]

    def clear(self) -> None:
        self._rules.clear()

    def find(self, platform: str, request: Request, path: str) -> SocialRule | None:
        """The rule for this request, which is used up by one."""
        for rule, seen in self._rules:
            fits = rule.platform in {"", platform} and re.fullmatch(rule.method or ".*", request.method)
            if not fits or not re.search(rule.path, path):
                continue
            seen[0] += 1
            number = seen[0] - rule.skip
            if number >= 1 and (rule.times is None or number <= rule.times):
                return rule
        return None


def spoilt(response: Response, rule: SocialRule) -> Response:
    """The answer as it arrives, or doesn't."""
    match rule.fault:
        case SocialFault.ACCEPT_THEN_CUT | SocialFault.CUT_BEFORE:
            return Response(response.status, b"", ending="drop")
        case SocialFault.STATUS | SocialFault.ACCEPT_THEN_STATUS:
            return Response(rule.status, rule.body.encode())
        case SocialFault.RATE_LIMIT:
            headers = {"retry-after": f"{rule.seconds:.0f}", "ratelimit-reset": "0"}
            return Response(429, b'{"message":"Too many requests.","error":"RateLimitExceeded"}', headers)
        case SocialFault.GARBAGE:
            return Response(response.status, b"<html>\xff\xfe", {"content-type": "text/html"})
        case SocialFault.NO_ID:
            return Response(response.status, b"{}")
        case _:
            return response
