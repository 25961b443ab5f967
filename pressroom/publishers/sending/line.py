"""The way to a platform: one request, one answer, and the judgement of what an error means.

Never retries and never follows a redirect. A failure before the first byte of a request is told from one after it:
only the first proves that nothing is public.
"""

from __future__ import annotations

import hashlib
import json as json_module
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pressroom import redaction
from pressroom.errors import (
    ChannelUnusable,
    DuplicatePost,
    OutcomeUnclear,
    PostRefused,
    PressroomError,
    PublishLater,
)
from pressroom.sources.fetching.public import is_public

if TYPE_CHECKING:
    import httpx2

    from pressroom.publishers.sending.credentials import Credentials

Means = Literal["later", "token", "account", "refused", "duplicate", "unclear"]
MOST_BYTES = 4_000_000
"""Of an answer: more than any platform's is, and no way to fill our memory."""
SECONDS = 30.0
LONGEST = 30_000
"""Characters of a text in a request's record: more than any post has, fewer than a file."""
SHOWN = 300
"""Characters of a platform's own message that are passed on."""


class Phase(StrEnum):
    """The purpose of a call. An error means something else in `send`, after which a post may be public."""

    ACCOUNT = "account"
    PREPARE = "prepare"
    SEND = "send"
    ASK = "ask"
    READ = "read"
    COLLECT = "collect"
    DELETE = "delete"


class TokenRefused(PublishLater):
    """The access token is not taken (any more). Nothing is public; a new token may help.

    named: the platform says so by a code of its own, not by a bare 401, which an outage answers as well.
    """

    code = "TOKEN_REFUSED"
    named = False


@dataclass(frozen=True)
class Reply:
    """An answer. headers: names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; None when it is something else."""
        try:
            return json_module.loads(self.content)
        except ValueError:
            return None


@dataclass(frozen=True)
class Refusal:
    """An error as its platform words it. seconds: when it says to come back. remote_id: of the post it speaks of.

    passing: the platform itself says that it will pass.
    """

    status: int
    code: str = ""
    subcode: str = ""
    message: str = ""
    seconds: float | None = None
    remote_id: str = ""
    passing: bool = False


@dataclass(frozen=True)
class Rule:
    """The meaning of an error of a platform. Empty fields fit everything; the first rule that fits counts.

    reason: stable, for programs. hint: the next step. phases: where it may be said.
    """

    means: Means
    status: tuple[int, ...] = ()
    code: tuple[str, ...] = ()
    subcode: tuple[str, ...] = ()
    words: str = ""
    phases: tuple[Phase, ...] = ()
    reason: str = ""
    hint: str = ""
    seconds: float | None = None

    def fits(self, refusal: Refusal, phase: Phase) -> bool:
        return (
            (not self.status or refusal.status in self.status)
            and (not self.code or refusal.code in self.code)
            and (not self.subcode or refusal.subcode in self.subcode)
            and self.words.casefold() in refusal.message.casefold()
            and (not self.phases or phase in self.phases)
        )


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as the record keeps them: without secrets. status: None without an answer.

    platform_time: of its answer, by its own clock. bytes_sent: `no`, `yes` or `unknown`.
    """

    phase: Phase
    method: str
    address: str
    request_hash: str
    request: str
    status: int | None
    answer: str
    bytes_sent: str
    platform_time: datetime | None = None


def plain_refusal(reply: Reply) -> Refusal:
    """The refusal of a platform without a form of its own for errors."""
    body = reply.json()
    said = body if isinstance(body, dict) else {}
    message = said.get("message") or said.get("error_description") or said.get("detail") or said.get("error") or ""
    code = said.get("code") or said.get("error") or ""
    return Refusal(reply.status, str(code), message=str(message) or reply.text, seconds=retry_after(reply))


def retry_after(reply: Reply) -> float | None:
    """Seconds of a Retry-After header; None without one."""
    asked = reply.headers.get("retry-after", "")
    return float(asked) if asked.isdigit() else None


@dataclass(frozen=True)
class Line:
    """The way to one platform with one account's token. Make one for each phase: `line.at(Phase.SEND)`.

    bases: addresses by name; hosts: further ones that may be called. read: reads the platform's errors. open_hosts:
    bases that a user named, which have to be public unless `local` allows this machine.
    """

    title: str
    bases: Mapping[str, str]
    hosts: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    read: Callable[[Reply], Refusal] = plain_refusal
    credentials: Credentials | None = None
    phase: Phase = Phase.ACCOUNT
    journal: Callable[[Exchange], None] | None = None
    local: bool = False

    def at(self, phase: Phase) -> Line:
        return self._with(phase=phase)

    def under(self, credentials: Credentials | None) -> Line:
        return self._with(credentials=credentials)

    def _with(self, **changes: Any) -> Line:
        return Line(**{**{name: getattr(self, name) for name in self.__dataclass_fields__}, **changes})

    def address(self, where: str) -> str:
        """`api:/2/tweets` as a whole address; a whole one stays as it is."""
        name, colon, path = where.partition(":")
        return f"{self.bases[name].rstrip('/')}{path}" if colon and name in self.bases else where

    def get(self, where: str, **options: Any) -> Reply:
        return self.call("GET", where, **options)

    def post(self, where: str, **options: Any) -> Reply:
        return self.call("POST", where, **options)

    def put(self, where: str, **options: Any) -> Reply:
        return self.call("PUT", where, **options)

    def call(
        self,
        method: str,
        where: str,
        *,
        ok: tuple[int, ...] = (200, 201, 202, 204),
        auth: bool = True,
        headers: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
        **content: Any,
    ) -> Reply:
        """One request. content: `params`, `json`, `data`, `files` or `content`, as httpx takes them.

        Raises:
            PublishLater, TokenRefused, PostRefused, ChannelUnusable: nothing is public. OutcomeUnclear, DuplicatePost.
        """
        address = self.address(where)
        self._check_host(address)
        request = {"method": method, "url": address, "headers": self._headers(auth, headers), **content}
        reply = self._exchange(request, seconds)
        if reply.status in ok:
            return reply
        raise self.error(self.read(reply))

    def value(self, reply: Reply, *names: str) -> Any:
        """A value of a JSON answer, by the names that lead to it; the whole object without names.

        Raises:
            OutcomeUnclear, PublishLater: the answer has no such value, so it is as good as lost.
        """
        body = reply.json()
        found = body if isinstance(body, dict) else None
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        if found is None:
            raise self._lost(f"no {'.'.join(names) or 'JSON object'} in it")
        return found

    def error(self, refusal: Refusal) -> PressroomError:
        """The error of the tree that a platform's refusal is in this phase."""
        rule = next((rule for rule in self.rules if rule.fits(refusal, self.phase)), None)
        means = rule.means if rule else self._usual(refusal)
        words = redaction.mask(" ".join(refusal.message.split()))[:SHOWN] or f"status {refusal.status}"
        code = " ".join(part for part in (refusal.code, refusal.subcode) if part)
        message = f"{self.title} answers {refusal.status}{f' {code}' if code else ''}: {words}"
        hint, reason = (rule.hint, rule.reason) if rule else ("", "")
        wait = refusal.seconds if refusal.seconds is not None or rule is None else rule.seconds
        match means:
            case "later":
                return PublishLater(message, hint=hint, retry_after=wait)
            case "token":
                refused = TokenRefused(message, hint=hint)
                refused.named = rule is not None and bool(rule.code or rule.subcode)
                return refused
            case "account":
                return ChannelUnusable(message, hint=hint, reason=reason or "token_revoked")
            case "refused":
                return PostRefused(message, hint=hint, reason=reason or "refused")
            case "duplicate":
                return DuplicatePost(message, hint=hint, remote_id=refusal.remote_id)
            case _:
                return OutcomeUnclear(message, hint=hint)

    def _usual(self, refusal: Refusal) -> Means:
        """The meaning of a refusal that no rule of the platform speaks of."""
        if refusal.status == 401:
            return "token"
        if refusal.status == 429:
            return "later"
        if self.phase is Phase.PREPARE:
            return "later" if refusal.status >= 500 or refusal.passing else "refused"
        return "unclear"

    def _headers(self, auth: bool, more: Mapping[str, str] | None) -> dict[str, str]:
        own = {"User-Agent": f"Pressroom/{version('pressroom')}", "Accept": "application/json"}
        if auth and self.credentials is not None:
            own["Authorization"] = f"Bearer {self.credentials.access.get_secret_value()}"
        if self.phase is Phase.SEND:
            own["Connection"] = "close"
        return {**own, **(more or {})}

    def _check_host(self, address: str) -> None:
        """Raises `ChannelUnusable` for a host that this platform has nothing to do with."""
        host = urlsplit(address).hostname or ""
        own = {urlsplit(base).hostname for base in self.bases.values()}
        listed = any(host == one or (one.startswith(".") and host.endswith(one)) for one in self.hosts)
        if not host or not (host in own or listed):
            raise ChannelUnusable(f"{self.title} leads to {host or 'nowhere'}, which is not its own.", reason="host")
        if not self.local and not listed and not _is_public(host):
            raise ChannelUnusable(f"{host} is not on the public internet.", reason="host")

    def _exchange(self, request: dict[str, Any], seconds: float) -> Reply:
        import httpx2

        noted = self._noted(request)
        try:
            with _client(seconds) as client, client.stream(**request) as answer:
                reply = _read(answer)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol) as error:
            self._note(noted(None, type(error).__name__, "no"))
            raise PublishLater(f"{self.title} can't be reached: nothing was sent.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, _TooLong) as error:
            self._note(noted(None, type(error).__name__, "unknown"))
            raise self._lost(type(error).__name__) from None
        self._note(replace(noted(reply.status, reply.text[:4000], "yes"), platform_time=_time_of(reply)))
        return reply

    def _note(self, exchange: Exchange) -> None:
        if self.journal is not None:
            self.journal(exchange)

    def _lost(self, why: str) -> PressroomError:
        """The error for an answer that did not arrive, or says nothing."""
        message = f"The answer of {self.title} was lost ({why})."
        return PublishLater(message) if self.phase is Phase.PREPARE else OutcomeUnclear(message)

    def _noted(self, request: dict[str, Any]) -> Callable[[int | None, str, str], Exchange]:
        """Makes the record of an exchange once its end is known."""
        said = {name: _shortened(request[name]) for name in ("params", "json", "data") if name in request}
        plain = redaction.mask(json_module.dumps(said, ensure_ascii=False, default=str))[:8000]
        digest = hashlib.sha256(plain.encode()).hexdigest()
        address = redaction.mask(request["url"].partition("?")[0])
        phase, method = self.phase, request["method"]

        def noted(status: int | None, answer: str, bytes_sent: str) -> Exchange:
            return Exchange(phase, method, address, digest, plain, status, redaction.mask(answer)[:4000], bytes_sent)

        return noted


def _shortened(value: Any) -> Any:
    """A request's content with a digest in place of each long text: a file in base64 would take seconds to mask."""
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{len(value)} characters, SHA-256 {hashlib.sha256(value.encode()).hexdigest()}"
    if isinstance(value, Mapping):
        return {name: _shortened(each) for name, each in value.items()}
    return [_shortened(each) for each in value] if isinstance(value, (list, tuple)) else value


def _time_of(reply: Reply) -> datetime | None:
    """The platform's clock when it answered; None where it doesn't say."""
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


class _TooLong(Exception):
    """An answer of more bytes than are taken."""


def _read(answer: httpx2.Response) -> Reply:
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise _TooLong
    return Reply(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, bytes(body))


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Making one takes 20 ms; a connection of its own for each call makes one each time otherwise."""
    return ssl.create_default_context()


def _client(seconds: float) -> httpx2.Client:
    """A client for one call: a connection that had been kept open could be stale, and its answer lost for nothing."""
    import httpx2

    from pressroom.calls.deadline_client import TotalTimeout

    return TotalTimeout(
        timeout=httpx2.Timeout(seconds, connect=min(seconds, 10.0)), follow_redirects=False, verify=_trust()
    )


def _is_public(host: str) -> bool:
    try:
        found = {ip_address(str(info[4][0]).partition("%")[0]) for info in socket.getaddrinfo(host, 443)}
    except (OSError, ValueError):
        return True  # the call itself says that it can't be reached
    return all(is_public(address) for address in found)
