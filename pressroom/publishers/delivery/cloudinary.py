"""Cloudinary: pictures by its upload API, signed with the account's secret, which itself is never sent.

https://cloudinary.com/documentation/image_upload_api_reference and .../authentication_signatures
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError

from pressroom import redaction
from pressroom.errors import BrokenAnswer, ConnectionBroken, Misconfigured, WrongInput
from pressroom.model import Frozen
from pressroom.publishers.delivery.failures import failure, late

if TYPE_CHECKING:
    from httpx2 import Response

    from pressroom.calls.deadline_client import TotalTimeout

ADDRESS = "https://api.cloudinary.com"

FORM = "cloudinary://KEY:SECRET@CLOUD"

_CLOUD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
_LONGEST_ID = 255


class CloudinaryAccount(Frozen):
    """The account of a Cloudinary media library."""

    cloud: str
    api_key: SecretStr
    api_secret: SecretStr

    def model_post_init(self, _context: Any, /) -> None:
        redaction.register_fields(self)

    @classmethod
    def of(cls, url: SecretStr) -> Self:
        """The account that Cloudinary's console gives as `cloudinary://KEY:SECRET@CLOUD`.

        Raises:
            Misconfigured: it has another form; what it holds isn't said.
        """
        try:
            parts = urlsplit(url.get_secret_value().strip())
        except ValueError:
            parts = urlsplit("")
        key, secret, cloud = (
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            parts.netloc.rpartition("@")[2],
        )
        plain = (key + secret).isascii() and (key + secret).isprintable() and parts.path in {"", "/"}
        if parts.scheme != "cloudinary" or not (key and secret and plain and _CLOUD.fullmatch(cloud)):
            raise Misconfigured(
                f"CLOUDINARY_URL has not the form {FORM}.", hint="Copy it from the console: Settings, API Keys."
            )
        return cls(cloud=cloud, api_key=SecretStr(key), api_secret=SecretStr(secret))


class Delivered(Frozen):
    """url: where the file is shown from, https. bytes: its size there."""

    url: str
    public_id: str
    bytes: int


class Cloudinary:
    """Delivers to one account. Safe to use from many threads at once."""

    def __init__(
        self,
        account: CloudinaryAccount,
        *,
        base_url: str = ADDRESS,
        timeout: float = 60.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """base_url: another address of the API. timeout: seconds for one upload. clock: seconds since 1970."""
        self._account = account
        self._url = f"{base_url.rstrip('/')}/v1_1/{account.cloud}/image/upload"
        self._timeout = timeout
        self._clock = clock
        self._client = _client(timeout)

    def deliver(self, data: bytes, public_id: str, *, media_type: str) -> Delivered:
        """Upload `data`; what is there under `public_id` is replaced. Asks once, without retrying.

        Raises:
            WrongInput: no usable `public_id`, or nothing to upload. KeyRefused, CreditsExhausted, RequestRejected:
            trying again will not help. RateLimited, ProviderBusy, ProviderTimeout, ConnectionBroken, BrokenAnswer: it
            may, and does no harm. Misconfigured: no such cloud, or no such address.
        """
        _check(data, public_id)
        fields = {"overwrite": "true", "public_id": public_id, "timestamp": str(int(self._clock()))}
        fields["signature"] = signature(fields, self._account.api_secret)
        fields["api_key"] = self._account.api_key.get_secret_value()
        return _delivered(self._sent(fields, data, media_type), public_id)

    def _sent(self, fields: Mapping[str, str], data: bytes, media_type: str) -> Response:
        import httpx2

        name = f"picture.{media_type.rpartition('/')[2]}"
        try:
            answer = self._client.post(self._url, data=dict(fields), files={"file": (name, data, media_type)})
        except httpx2.TimeoutException:
            raise late(self._timeout) from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            raise Misconfigured(
                "The address of Cloudinary's API is not a web address.", hint=f"It looks like {ADDRESS}."
            ) from None
        except httpx2.HTTPError:
            raise ConnectionBroken("The connection to cloudinary broke.") from None
        if not answer.is_success:
            raise failure(
                answer.status_code,
                answer.text,
                answer.headers,
                secrets=(self._account.api_secret, self._account.api_key),
            )
        return answer


def content_id(data: bytes, *, folder: str) -> str:
    """The id of `data` under `folder`, by its content: the same bytes are the same asset, however often they come."""
    return f"{folder.strip('/')}/{hashlib.sha256(data).hexdigest()[:40]}"


def signature(fields: Mapping[str, str], secret: SecretStr) -> str:
    """The SHA-1 that Cloudinary asks of `fields`, which is all that is sent but the file and the key."""
    said = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hashlib.sha1((said + secret.get_secret_value()).encode()).hexdigest()  # noqa: S324 (as its API has it)


def _check(data: bytes, public_id: str) -> None:
    if not data:
        raise WrongInput("There is nothing to deliver: the file is empty.")
    if not _PUBLIC_ID.fullmatch(public_id) or len(public_id) > _LONGEST_ID:
        raise WrongInput(
            f"{public_id[:80]!r} can't be the id of a delivered file.",
            hint="Letters, digits, - and _, in folders parted by /; at most 255 characters.",
        )


def _delivered(answer: Response, public_id: str) -> Delivered:
    try:
        body = answer.json()
        found = Delivered(url=body["secure_url"], public_id=body["public_id"], bytes=body["bytes"])
    except (ValueError, LookupError, TypeError, ValidationError):
        raise BrokenAnswer("cloudinary answered something that is not its own format.") from None
    if found.public_id != public_id or not found.url.startswith("https://"):
        raise BrokenAnswer("cloudinary kept the file under another name than it was given.")
    return found


def _client(timeout: float) -> TotalTimeout:
    from pressroom.calls.deadline_client import TotalTimeout

    return TotalTimeout(timeout=timeout)
