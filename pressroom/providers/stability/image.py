"""Stability AI: pictures by the REST API v2beta, https://platform.stability.ai/docs/api-reference.

`image.json` says which endpoint a model is asked at, which shapes there are, and which of our styles it knows.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pressroom.calls.clients import address_of, key_of, late
from pressroom.calls.failures import from_status
from pressroom.calls.images import EditRequest, Picture, nearest
from pressroom.calls.providers import Account, Kind, Order
from pressroom.errors import BrokenAnswer, ConnectionBroken, ContentRefused, Lasting, Passing
from pressroom.model import Finish, ImageRequest
from pressroom.providers.stability import edit

if TYPE_CHECKING:
    from httpx2 import Response

    from pressroom.calls.deadline_client import TotalTimeout

MODERATED = "content_moderation"
"""The name of a 403 that is about the content asked for, and not about the key."""

BALANCE = "/v1/user/balance"


class _Client:
    """One account's."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = _client(account)

    def probe(self) -> None:
        """Raises what is wrong with the account: its key or its address."""
        self._sent("GET", BALANCE)

    def _sent(self, method: str, path: str, **options: Any) -> Response:
        import httpx2

        try:
            answer = self._client.request(method, path, **options)
        except httpx2.TimeoutException:
            raise late(self.account) from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise ConnectionBroken(f"The connection to {self.account.name} broke.") from None
        if answer.is_success:
            return answer
        raise _failure(self.account, answer)


class StabilityImages(_Client):
    """Makes pictures."""

    def send(self, request: ImageRequest) -> Picture:
        asked = _order(self.account, request).identity
        # Without a file name, httpx sends a part as a plain field; the API takes nothing but multipart.
        fields = {name: (None, str(value)) for name, value in asked.items() if name != "endpoint"}
        answer = self._sent("POST", f"/v2beta/stable-image/generate/{asked['endpoint']}", files=fields)
        return _picture(self.account, answer)


class StabilityEdits(_Client):
    """Makes pictures out of others: takes a job, and has the picture a while later."""

    @property
    def pause(self) -> float:
        return float(_declared()["seconds_between_looks"])

    def submit(self, request: EditRequest, key: str) -> str:
        return edit.submitted(self.account, request, _edit_order(self.account, request), key, self._sent)

    def poll(self, job: str) -> Picture | None:
        answer = edit.result(self.account, job, self._sent)
        return None if answer is None else _picture(self.account, answer)


def _failure(account: Account, answer: Response) -> Passing | Lasting:
    try:
        said = answer.json()
        name, message = str(said.get("name", "")), " ".join(map(str, said.get("errors") or ()))
    except (ValueError, AttributeError, TypeError):
        name, message = "", answer.text
    if name == MODERATED:
        return ContentRefused(f"{account.name} declined what was asked for.")
    return from_status(account, answer.status_code, f"{name} {message}".strip(), answer.headers, account.model)


def _picture(account: Account, answer: Response) -> Picture:
    try:
        body = answer.json()
        withheld = body.get("finish_reason") == "CONTENT_FILTERED"
        return Picture(
            data=base64.b64decode(body["image"] if "image" in body else body["result"], validate=True),
            media_type="image/png",
            model=account.model,
            request_id=answer.headers.get("x-request-id", ""),
            finish=Finish.REFUSAL if withheld else Finish.STOP,
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BrokenAnswer(f"{account.name} answered something that is not a picture.") from None


def _order(account: Account, request: ImageRequest) -> Order:
    declared = _declared()
    endpoint = declared["endpoints"].get(account.model, declared["endpoint_of_others"])
    sizes = _sizes()
    width, height = nearest(sizes, request.width, request.height)
    preset = declared["style_presets"].get(request.style)
    identity = {
        "endpoint": endpoint,
        "prompt": request.prompt,
        "aspect_ratio": sizes[width, height],
        "output_format": "png",
        **({"model": account.model} if endpoint != account.model else {}),
        **({"style_preset": preset} if preset else {}),
    }
    return Order(identity, width, height)


def _edit_order(account: Account, request: EditRequest) -> Order:
    return edit.order(account, request, _sizes())


def _sizes() -> dict[tuple[int, int], str]:
    """Width and height, and the name of their shape."""
    return {(wide, high): ratio for ratio, (wide, high) in _declared()["ratios"].items()}


@lru_cache(maxsize=1)
def _declared() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.providers.stability").joinpath("image.json").read_text("utf-8"))
    return data


@lru_cache(maxsize=32)
def _client(account: Account) -> TotalTimeout:
    from pressroom.calls.deadline_client import TotalTimeout

    return TotalTimeout(
        base_url=address_of(account) or _declared()["address"],
        headers={"authorization": f"Bearer {key_of(account)}", "accept": "application/json"},
        timeout=account.timeout,
    )


IMAGE = Kind(client=StabilityImages, order=_order, probe=lambda account: StabilityImages(account).probe())
EDIT = Kind(client=StabilityEdits, order=_edit_order, check=edit.check)
