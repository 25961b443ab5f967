"""A status or a broken connection becomes an error of the tree, which says whether it may pass."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore

from pressroom.errors import SourceForbidden, SourceNeedsLogin, SourceNotFound, SourceUnreachable, SourceUnusable
from pressroom.sources.fetching.addresses import not_public

_LATER = "Try again later."
_PASSING = frozenset({408, 421, 425, 429})
_LASTING = frozenset({501, 505, 511})


class NoSuchHost(httpcore.ConnectError):
    """The name has no address, and will have none in a moment."""


class NotPublic(httpcore.ConnectError):
    """The guard refuses what the name leads to."""


class MayPass(SourceUnreachable):
    """The same fetch may well succeed in a while. `retry_after`: seconds the server asked for, if it did."""

    def __init__(self, message: str, *, hint: str = _LATER, retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


def from_status(status: int, headers: Mapping[str, str], address: str) -> SourceUnusable:
    """The error for an answer that is neither a redirect nor a success."""
    error = _meaning(status, headers, address)
    error.status = status
    return error


def _meaning(status: int, headers: Mapping[str, str], address: str) -> SourceUnusable:
    if status in {401, 407}:
        return SourceNeedsLogin(f"{address} asks for a sign-in.", hint="Save the page while signed in, give the file.")
    if status in {402, 403, 451}:
        return SourceForbidden(
            f"{address} refuses to show itself ({_named(status)}).", hint="Save the page in a browser, give the file."
        )
    if status in {404, 410}:
        return SourceNotFound(f"There is nothing at {address} ({_named(status)}).", hint="Check the address.")
    if status in _PASSING or (status >= 500 and status not in _LASTING):
        return MayPass(f"{address} answered {_named(status)}.", retry_after=retry_after(headers))
    return SourceUnreachable(f"{address} answered {_named(status)}.", hint="Open it in a browser, and save the page.")


def from_line(error: Exception, address: str, *, seconds: float) -> SourceUnusable:
    """The error for a connection that failed. `seconds`: what the whole fetch had."""
    cause = error.__cause__ or error.__context__  # the pool raises again `from None`
    if isinstance(error, httpcore.TimeoutException):
        return MayPass(f"{address} did not answer in time ({seconds:g} s at most).")
    if isinstance(cause, (ssl.SSLCertVerificationError, ssl.CertificateError)):
        return SourceUnreachable(f"The certificate of {address} is not to be trusted.", hint="Check the address.")
    if isinstance(error, NotPublic):
        return not_public(address)
    if isinstance(error, NoSuchHost):
        hint = "Check the address, and that this machine is online."
        return SourceUnreachable(f"No host was found for {address}.", hint=hint)
    if isinstance(error, httpcore.ConnectError):
        return MayPass(f"{address} can't be reached.", hint="Check the address, or try again later.")
    return MayPass(f"The connection to {address} broke before everything was here.")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, given as seconds or as an HTTP date; None without a usable one."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return None


def _named(status: int) -> str:
    with suppress(ValueError):
        return f"{status} {HTTPStatus(status).phrase}"
    return str(status)
