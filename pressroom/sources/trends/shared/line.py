"""The way to a trend source: one request, one raw answer, within its quotas and after the pause that it asked for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from email.utils import format_datetime
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore

from pressroom import __version__
from pressroom.errors import SourceUnreadable, SourceUnusable
from pressroom.model.trends import RawAnswer
from pressroom.sources.fetching import FetchLimits, Guard, Request, ask, shown
from pressroom.sources.fetching.answers import MayPass
from pressroom.sources.fetching.connecting import Backend, Deadline
from pressroom.sources.fetching.limits import MEGABYTE
from pressroom.sources.fetching.public import Address, is_public
from pressroom.sources.trends.shared import quotas
from pressroom.sources.trends.shared.declare import Asking, Call, TrendSource
from pressroom.sources.trends.shared.last_answer import VALIDATORS, LastAnswer

LIMITS = FetchLimits(size=10 * MEGABYTE, connect=5.0, total=20.0, attempts=2)
KEPT = frozenset({"etag", "last-modified", "retry-after", "date", "cache-control", "content-type"})
KEPT_OF_FAILURES = 10_000
"""Bytes of an answer that can't be read: enough to see what it is."""


class Line:
    """Requests of one collection. errors: of those that failed, in order; calls: made so far, earlier ones too."""

    def __init__(self, source: TrendSource, asking: Asking) -> None:
        self.source = source
        self.asking = asking
        self.errors: list[SourceUnusable] = []
        self.calls = list(asking.calls)
        self._base = asking.base_addresses.get(source.name, "").rstrip("/")

    def get(
        self,
        address: str,
        *,
        credentials: Mapping[str, str] | None = None,
        may_miss: bool = False,
        is_whole: bool = False,
    ) -> RawAnswer:
        """The answer from an address; a failure is in it and in `errors`. credentials: headers that hold secrets.

        may_miss: a 400 or 404 says that there is no such list, as for a country, and is no failure of the source.
        is_whole: the list itself is needed, and "unchanged" is no answer.
        """
        place = self._place(address)
        try:
            self._check_pause(place)
            last = LastAnswer(self.asking.now) if is_whole else self._last(place)
            if last.is_fresh:
                return self._raw(place, 304, last.headers, b"")
            self._count(place)
            return self._readable(self._ask(place, credentials or {}, last), address)
        except SourceUnusable as error:
            self._word(error, address)
            if not (may_miss and error.status in {400, 404}):
                self.errors.append(error)
            return self._failed(place, error)

    def token(self, address: str, form: Mapping[str, str], credentials: Mapping[str, str]) -> Any:
        """The JSON that a POST of `form` is answered with. It is never kept. Raises SourceUnusable."""
        place = self._place(address)
        self._count(place)
        try:
            answer = ask(Request(place, self._headers(), credentials, form), limits=self._limits(place))
        except SourceUnusable as error:
            self._word(error, address)
            raise
        try:
            return json.loads(answer.data)
        except ValueError:
            raise SourceUnreadable(
                f"{self.source.title} answered no JSON.", hint="It is asked again next time."
            ) from None

    def may_ask(self, address: str) -> bool:
        """True when no quota is used up for this address."""
        return quotas.may_ask(self.source.quotas, self._place(address), self.calls, self.asking.now)

    def _place(self, address: str) -> str:
        if not self._base:
            return address
        parts = urlsplit(address)
        return f"{self._base}/{parts.netloc}{parts.path}{'?' if parts.query else ''}{parts.query}"

    def _last(self, place: str) -> LastAnswer:
        return LastAnswer(self.asking.now, self.asking.conditional.get(place, {}))

    def _check_pause(self, place: str) -> None:
        """Raises MayPass while the last answer's Retry-After is not over."""
        if pause := self._last(place).pause:
            raise MayPass(f"{shown(place)} asked for a pause of {pause:.0f} s more.", retry_after=pause)

    def _count(self, place: str) -> None:
        """Notes the call. Raises MayPass where a quota is used up, before anything is sent."""
        now = self.asking.now
        if full := quotas.blocking(self.source.quotas, place, self.calls, now):
            raise MayPass(
                f"{self.source.title} was asked {full.most} times, which is its limit of {full.name}.",
                retry_after=(quotas.renews(full, now) - now).total_seconds(),
            )
        self.calls.append(Call(place, now))

    def _ask(self, place: str, credentials: Mapping[str, str], last: LastAnswer) -> RawAnswer:
        request = Request(place, self._headers() | last.conditions, credentials)
        answer = ask(request, limits=self._limits(place))
        kept = {name: value for name, value in answer.headers.items() if name in KEPT or "ratelimit" in name}
        if answer.status == 304:
            kept = last.validators | kept
        return self._raw(place, answer.status, kept, answer.data)

    def _readable(self, answer: RawAnswer, address: str) -> RawAnswer:
        """The answer itself. One that can't be read is a failure, and its ETag is not to be asked by again."""
        if answer.status == 304:
            return answer
        try:
            tuple(self.source.read(answer))
        except SourceUnreadable as error:
            self._word(error, address)
            self.errors.append(error)
            headers = {
                name: value for name, value in answer.headers.items() if name not in {*VALIDATORS, "cache-control"}
            }
            return self._raw(answer.address, answer.status, headers, answer.content[:KEPT_OF_FAILURES], str(error))
        return answer

    def _word(self, error: SourceUnusable, address: str) -> None:
        """Have the error speak of the source rather than of a page that a person could save."""
        is_feed, many = address in self.asking.feeds, len(self.source.hosts(self.asking)) > 1
        title = f"{self.source.title} ({urlsplit(address).netloc})" if many else self.source.title
        name = shown(address) if is_feed else title
        error.message = error.message.replace(shown(self._place(address)), name)
        if error.status is None:
            return
        error.hint = "It is asked again next time."
        if error.status in {401, 402, 403} and self.source.needs:
            names = ", ".join(f"PRESSROOM_TRENDS__{each.upper()}" for each in self.source.needs)
            error.hint = f"Check {names}, and what its account may still use."
        if error.status in {400, 404, 410} and is_feed:
            error.hint = "Check the address of the feed."
        elif error.status in {400, 404, 410}:
            place = f" of {self.asking.region}" if self.asking.region else ""
            error.message, error.hint = f"{name} has no list{place} ({error.status}).", "Ask it for another region."

    def _failed(self, place: str, error: SourceUnusable) -> RawAnswer:
        headers = self._last(place).validators
        if isinstance(error, MayPass) and error.retry_after is not None:
            headers["retry-after"] = f"{error.retry_after:.0f}"
        return self._raw(place, error.status or 0, headers, b"", str(error))

    def _raw(self, place: str, status: int, headers: Mapping[str, str], data: bytes, failure: str = "") -> RawAnswer:
        return RawAnswer(
            source=self.source.name,
            region=self.asking.region,
            address=place,
            status=status,
            headers={"date": format_datetime(self.asking.now.astimezone(dt.UTC), usegmt=True), **headers},
            content=data,
            fetched_at=self.asking.now,
            failure=failure,
        )

    def _headers(self) -> dict[str, str]:
        contact = f"; {self.asking.contact}" if self.asking.contact else ""
        return {"User-Agent": f"Pressroom/{__version__} (reads lists of trends a few times a day{contact})"}

    def _limits(self, place: str) -> FetchLimits:
        """A counted or paid call is made once. A stand-in may be on this machine; it leads nowhere else."""
        attempts = 1 if self.source.quotas or self.source.price else LIMITS.attempts
        if not (self._base and place.startswith(self._base)):
            return replace(LIMITS, attempts=attempts)
        return replace(LIMITS, attempts=attempts, redirects=0, guard=_guard_of(self._base))


def unreachable(source: TrendSource, asking: Asking, *, seconds: float = 2.0) -> tuple[str, ...]:
    """The source's hosts that take no connection within so many seconds. Nothing is asked of those that do."""
    base = asking.base_addresses.get(source.name, "")
    guard, there = (
        (_guard_of(base), [base]) if base else (Guard(), [f"https://{host}" for host in source.hosts(asking)])
    )
    return tuple(urlsplit(address).hostname or address for address in there if not _connects(address, guard, seconds))


def _connects(address: str, guard: Guard, seconds: float) -> bool:
    parts = urlsplit(address)
    try:
        backend = Backend(guard, Deadline(seconds))
        backend.connect_tcp(
            parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), seconds
        ).close()
    except (httpcore.TimeoutException, httpcore.NetworkError, OSError, ValueError):
        return False
    return True


def _guard_of(base: str) -> Guard:
    """A stand-in may be on this machine."""
    return Guard(is_allowed=partial(_is_here_or_public, urlsplit(base).hostname or ""))


def _is_here_or_public(host: str, address: Address) -> bool:
    with suppress(ValueError):
        if address == ip_address(host):
            return True
    return is_public(address)
