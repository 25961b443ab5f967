"""Maps Cloudinary's failures to the errors of the tree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from pressroom import redaction
from pressroom.calls import deadline
from pressroom.calls.failures import retry_after
from pressroom.errors import (
    CreditsExhausted,
    KeyRefused,
    Lasting,
    Misconfigured,
    Passing,
    ProviderBusy,
    ProviderTimeout,
    RateLimited,
    RequestRejected,
)

_SLOW_DOWN = (420, 429)
_WILL_PASS = (408, 409, 423)
_RESET = "x-featureratelimit-reset"
"""The header in which Cloudinary says, as an HTTP date, when the hour's allowance is renewed."""

_SHOWN = 200
"""Characters of its own message that are passed on."""


def failure(
    status: int, body: str, headers: Mapping[str, str], *, secrets: Sequence[SecretStr]
) -> Passing | Lasting | Misconfigured:
    """The error for an answer that is no success. secrets: what is masked, should the answer repeat it."""
    check = "Check CLOUDINARY_URL: the key, the secret and the cloud belong together."
    if status in _SLOW_DOWN:
        return RateLimited("cloudinary asks to slow down.", retry_after=_wait(headers))
    if status in {401, 403}:  # its own message repeats what was signed
        return KeyRefused("cloudinary refused the key.", hint=check)
    if status == 402:
        return CreditsExhausted("cloudinary has no credits left.", hint="See the usage in Cloudinary's console.")
    if status == 404:
        return Misconfigured("cloudinary does not know the cloud, or its address is wrong.", hint=check)
    if status in _WILL_PASS or status >= 500:
        return ProviderBusy(f"cloudinary failed with status {status}.", retry_after=_wait(headers))
    return RequestRejected(f"cloudinary rejected the file ({status}): {_said(body, secrets)}")


def late(seconds: float) -> ProviderTimeout:
    if deadline.is_over():
        return ProviderTimeout("cloudinary did not answer before the task's deadline.")
    return ProviderTimeout(f"cloudinary did not answer in {seconds:g} s.")


def _wait(headers: Mapping[str, str]) -> float | None:
    asked = retry_after(headers)
    return retry_after({"retry-after": headers.get(_RESET, "")}) if asked is None else asked


def _said(body: str, secrets: Sequence[SecretStr]) -> str:
    try:
        message = str(json.loads(body)["error"]["message"])
    except (ValueError, LookupError, TypeError):
        message = body
    line = " ".join(message.replace("\x00", " ").split())
    for secret in secrets:
        line = line.replace(secret.get_secret_value(), redaction.MASK)
    return redaction.mask(line)[:_SHOWN]
