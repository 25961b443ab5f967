"""One address fetched: redirects followed by us and checked like the first address, passing failures tried again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode

import httpcore
import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from pressroom import __version__
from pressroom.errors import SourceForbidden, SourceUnreachable
from pressroom.sources.fetching import answers, bodies
from pressroom.sources.fetching.addresses import parse, shown
from pressroom.sources.fetching.answers import MayPass
from pressroom.sources.fetching.connecting import Backend, Deadline
from pressroom.sources.fetching.limits import FetchLimits
from pressroom.sources.shared.declare import Content

USER_AGENT = f"Pressroom/{__version__} (fetches single pages at a person's request)"
DEFAULT_LIMITS = FetchLimits()
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNCHANGED = 304


@dataclass(frozen=True)
class Request:
    """One request: a GET, or a POST of the fields of `form`, which follows no redirect.

    headers: added to our own. credentials: headers for the address's own origin alone, never sent where it redirects.
    """

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def is_conditional(self) -> bool:
        return not {"if-none-match", "if-modified-since"}.isdisjoint(name.lower() for name in self.headers)


@dataclass(frozen=True)
class Answer:
    """An answer of status 2xx or 304. headers: in lower case. address: where redirects ended."""

    status: int
    headers: Mapping[str, str]
    data: bytes
    address: str


def fetch(address: str, *, limits: FetchLimits = DEFAULT_LIMITS) -> Content:
    """The bytes at a public web address, as they are: what they mean is for others to find out.

    Safe to call from many threads. No cookies, no proxy, no credentials; `Content.address` is where redirects ended.

    Raises:
        SourceForbidden: not a public address, here or behind a redirect; or the server refuses us.
        SourceNeedsLogin, SourceNotFound, SourceTooLarge, SourceUnreadable: see their classes.
        SourceUnreachable: no whole answer within the limits, after as many attempts as they allow.
    """
    answer = ask(Request(address), limits=limits)
    media_type, charset = _declared(answer.headers.get("content-type", ""))
    return Content(data=answer.data, source=address, address=answer.address, media_type=media_type, charset=charset)


def ask(request: Request, *, limits: FetchLimits = DEFAULT_LIMITS) -> Answer:
    """The answer to `request`, guarded like `fetch`; 304 is an answer where the request is conditional.

    Raises:
        SourceUnusable: as `fetch`. An error that came of a status has it in its `status`.
    """
    deadline = Deadline(limits.total)
    retrying = Retrying(
        retry=retry_if_exception_type(MayPass),
        wait=lambda state: _pause(state, limits),
        stop=lambda state: state.attempt_number >= limits.attempts or state.upcoming_sleep >= deadline.left(),
        reraise=True,
    )
    return retrying(_ask_once, request, limits, deadline)


def _pause(state: RetryCallState, limits: FetchLimits) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, MayPass) else None
    return float(max(asked or 0.0, limits.backoff * 2.0 ** (state.attempt_number - 1)))


def _ask_once(request: Request, limits: FetchLimits, deadline: Deadline) -> Answer:
    address = request.address
    first = url = parse(address)
    backend = Backend(limits.guard, deadline)
    name = shown(address)
    with httpcore.ConnectionPool(ssl_context=limits.guard.tls(), network_backend=backend) as pool:
        for _ in range(limits.redirects + 1):
            sent = {**request.headers, **(request.credentials if _origin(url) == _origin(first) else {})}
            with _asked(pool, url, name, limits, sent, request.form) as response:
                headers = _headers(response)
                if response.status == _UNCHANGED and request.is_conditional:
                    return Answer(response.status, headers, b"", str(url))
                if response.status not in _REDIRECTS or request.form is not None:
                    return Answer(response.status, headers, _body(response, headers, name, limits.size), str(url))
            url = _next(address, url, headers)
            name = f"{shown(str(url))}, where {shown(address)} leads,"
    raise SourceUnreachable(
        f"{shown(address)} leads from one address to the next, more than {limits.redirects} times.",
        hint="Give the address where a browser ends up.",
    )


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


@contextmanager
def _asked(
    pool: httpcore.ConnectionPool,
    url: httpx.URL,
    name: str,
    limits: FetchLimits,
    added: Mapping[str, str],
    form: Mapping[str, str] | None,
) -> Iterator[httpcore.Response]:
    where = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=_origin(url)[2], target=url.raw_path)
    timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
    own = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": bodies.ACCEPTED}
    body = None if form is None else urlencode(form).encode()
    if body is not None:
        own |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    sent = [("Host", url.netloc.decode("ascii")), *(own | dict(added)).items()]
    method, options = "GET" if body is None else "POST", {"timeout": timeouts}
    try:
        with pool.stream(method, where, headers=sent, content=body, extensions=options) as response:
            yield response
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise answers.from_line(error, name, seconds=limits.total) from error


def _body(response: httpcore.Response, headers: Mapping[str, str], name: str, size: int) -> bytes:
    if not 200 <= response.status < 300:
        raise answers.from_status(response.status, headers, name)
    return bodies.read(
        response.iter_stream(),
        encoding=headers.get("content-encoding", ""),
        declared=headers.get("content-length", ""),
        size=size,
        address=name,
    )


def _next(address: str, url: httpx.URL, headers: Mapping[str, str]) -> httpx.URL:
    """Where a redirect leads, checked like any other address."""
    location = headers.get("location", "")
    try:
        target = str(url.join(location.strip())) if location.strip() else ""
    except (httpx.InvalidURL, ValueError) as error:
        raise _nowhere(address) from error
    if not target:
        raise _nowhere(address)
    try:
        return parse(target)
    except SourceForbidden as error:
        raise SourceForbidden(f"{shown(address)} leads elsewhere: {error.message}", hint=error.hint) from error


def _nowhere(address: str) -> SourceUnreachable:
    return SourceUnreachable(
        f"{shown(address)} leads to another address without saying which.", hint="Open it in a browser, save the page."
    )


def _headers(response: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): _text(value) for name, value in response.headers}


def _text(value: bytes) -> str:
    """Headers are Latin-1 by the book, but redirects to addresses with other letters come as UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _declared(content_type: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type, in lower case; empty where it says nothing."""
    message = Message()
    message["content-type"] = " ".join(content_type.split())
    media_type = content_type.partition(";")[0].strip().lower()
    return (media_type if "/" in media_type else "", message.get_content_charset() or "")
