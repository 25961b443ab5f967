"""All processes share each caller's limits through the database, a few requests of a window at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pressroom.model import Caller, Origin
from pressroom.people import throttle
from pressroom.settings import Settings

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEASES = 20
"""A process takes a twentieth of a window's requests by one write; what it does not use is lost to the others."""


@dataclass(frozen=True)
class Rule:
    """At most `limit(settings)` requests in `window`, counted under `name` for everybody who asks."""

    name: str
    window: timedelta
    limit: Callable[[Settings], int]


REQUESTS = Rule("requests", MINUTE, lambda settings: settings.requests_per_minute)
IMAGES = (
    Rule("images", MINUTE, lambda settings: settings.image_requests_per_minute),
    Rule("images-hour", HOUR, lambda settings: settings.image_requests_per_hour),
)
HEAVY = (Rule("heavy", MINUTE, lambda settings: settings.heavy_requests_per_minute),)


def count_caller(desk: Desk, caller: Caller, *rules: Rule) -> None:
    """Count a request of a signed-in person, or of a program.

    Raises:
        Throttled: it is one too many.
    """
    _count(desk, caller.user_id or caller.token_id or "", rules or (REQUESTS,))


def count_user(desk: Desk, user_id: str) -> None:
    """Count a request of a person who may have no workspace. Raises `Throttled`."""
    _count(desk, user_id, (REQUESTS,))


def count_address(desk: Desk, origin: Origin, *rules: Rule) -> None:
    """Count a request without a sign-in.

    Raises:
        Throttled: it is one too many.
    """
    _count(desk, origin.network, rules or (REQUESTS,))


def _count(desk: Desk, who: str, rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        limit = rule.limit(desk.settings)
        lease = max(1, limit // LEASES)
        key = throttle.key_of(rule.name, who)
        throttle.count(desk.database, key, limit=limit, window=rule.window, lease=lease)
