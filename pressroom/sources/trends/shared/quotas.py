"""May a source be asked now, given the calls that were made? Pure: the calls and the time are given."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from pressroom.sources.trends.shared.declare import Call, Quota
from pressroom.zones import zone_of


def left(quota: Quota, calls: Iterable[Call], now: dt.datetime) -> int:
    """Calls that the quota still allows at `now`."""
    since = _since(quota, now)
    return max(0, quota.most - sum(call.at >= since and applies(quota, call.address) for call in calls))


def may_ask(quotas: Iterable[Quota], address: str, calls: Iterable[Call], now: dt.datetime) -> bool:
    """True when every quota that the address falls under allows one more call."""
    return blocking(quotas, address, calls, now) is None


def blocking(quotas: Iterable[Quota], address: str, calls: Iterable[Call], now: dt.datetime) -> Quota | None:
    """The quota that is used up for this address; None when it may be asked."""
    made = tuple(calls)
    return next((quota for quota in quotas if applies(quota, address) and not left(quota, made, now)), None)


def renews(quota: Quota, now: dt.datetime) -> dt.datetime:
    """When the quota is whole again, at the latest: its zone's next midnight, or its stretch from now."""
    if quota.seconds is not None:
        return now + dt.timedelta(seconds=quota.seconds)
    zone = zone_of(quota.zone)
    tomorrow = now.astimezone(zone).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), zone).astimezone(dt.UTC)


def applies(quota: Quota, address: str) -> bool:
    return re.search(quota.path, address) is not None


def _since(quota: Quota, now: dt.datetime) -> dt.datetime:
    """The start of the day in the quota's zone, in UTC: days of 23 and 25 hours are whole days."""
    if quota.seconds is not None:
        return now - dt.timedelta(seconds=quota.seconds)
    zone = zone_of(quota.zone)
    return dt.datetime.combine(now.astimezone(zone).date(), dt.time(), zone).astimezone(dt.UTC)
