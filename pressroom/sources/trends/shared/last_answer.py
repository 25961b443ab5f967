"""The last answer from an address, by its headers: how old it is, the pause it asked for, whether it is still fresh."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from pressroom.sources.fetching.answers import retry_after

LONGEST_FRESH = 6 * 3600
"""Seconds that a Cache-Control is believed: some servers say a year for every file."""
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_MAX_AGE = re.compile(r"^(?!.*no-(?:cache|store)).*?\bmax-age=(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class LastAnswer:
    """headers: in lower case; empty where there is no last answer. now: the time of the next one."""

    now: dt.datetime
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def age(self) -> float | None:
        """Seconds; None where it does not say when it was."""
        try:
            return (self.now - parsedate_to_datetime(self.headers.get("date", ""))).total_seconds()
        except (ValueError, TypeError):
            return None

    @property
    def pause(self) -> float | None:
        """Seconds that are left of the pause it asked for; None where there is no pause, or where it is over."""
        seconds, age = retry_after({"retry-after": self.headers.get("retry-after", "")}), self.age
        return seconds - age if seconds is not None and age is not None and age < seconds else None

    @property
    def is_fresh(self) -> bool:
        """True while its Cache-Control says so, for six hours at most."""
        found, age = _MAX_AGE.search(self.headers.get("cache-control", "")), self.age
        longest = min(int(found[1][:9]), LONGEST_FRESH) if found else 0
        return age is not None and 0 <= age < longest

    @property
    def validators(self) -> dict[str, str]:
        return {name: self.headers[name] for name in VALIDATORS if self.headers.get(name)}

    @property
    def conditions(self) -> dict[str, str]:
        """Headers of a request for what has changed since."""
        return {VALIDATORS[name]: value for name, value in self.validators.items()}
