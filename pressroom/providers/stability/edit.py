"""Stability AI's edit of a product picture: a new background, and the light that goes with it.

The endpoint takes the order and answers with an id, by which the picture is fetched when it is ready; see
https://platform.stability.ai/docs/api-reference (Edit, Replace Background and Relight; Results).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from pressroom.calls import deadline
from pressroom.calls.clients import late
from pressroom.calls.images import EditRequest, copy_in_shape, nearest
from pressroom.calls.providers import Account, Order
from pressroom.errors import (
    BrokenAnswer,
    CannotCompose,
    ConnectionBroken,
    Lasting,
    ProviderBusy,
    RateLimited,
    UnknownModel,
    WrongAddress,
)

if TYPE_CHECKING:
    from httpx2 import Response

ENDPOINT = "replace-background-and-relight"

KEPT = 0.8
"""How much of the subject stays as it was, 0 to 1; the rest is the new light on it. At 1 it looks pasted in."""

Send = Callable[..., "Response"]
"""`send(method, path, **options)`: an answer of success, or the error the failure means."""

Mark = tuple[str, SecretStr, str]
"""Whose order it is, by the account's name and key, and what for."""

_UNDER_WAY: dict[Mark, str] = {}
"""Ids of pictures that were ordered, which is when they are paid for, and not fetched yet: whoever asks again in this
process waits for the same one."""

_WILL_PASS = (ConnectionBroken, ProviderBusy, RateLimited)


def check(account: Account, request: EditRequest) -> None:
    """Raises `CannotCompose` for what can't be had by changing the background."""
    if request.changes != "background":
        raise CannotCompose(
            f"{account.name} gives a picture another background, and the style {request.style} needs another view.",
            hint="Put openai into the image chain, or choose another style.",
        )


def order(account: Account, request: EditRequest, sizes: dict[tuple[int, int], str]) -> Order:
    """The order for `request` in the nearest of `sizes`: the answer has the size of the picture that is sent."""
    width, height = nearest(sizes, request.width, request.height)
    identity = {
        **request.identity,
        "base_url": account.base_url,
        "endpoint": ENDPOINT,
        "size": f"{width}x{height}",
        "fields": _fields(request),
    }
    return Order(identity, width, height, priced_as=ENDPOINT)


def edited(account: Account, request: EditRequest, asked: Order, send: Send, pause: float) -> Response:
    """The answer with the picture. pause: seconds between two looks whether it is ready.

    Raises:
        What `send` does. ProviderTimeout: it wasn't ready in time; asking again waits for the same one.
    """
    until = min(time.monotonic() + account.timeout, deadline.ends())
    mark = (account.name, account.api_key, json.dumps([asked.identity, request.variant], sort_keys=True))
    number = _UNDER_WAY.get(mark)
    if number is not None:
        with suppress(UnknownModel, WrongAddress):  # ordered so long ago that it is kept no more
            return _fetched(account, mark, number, send, until, pause)
    number = _UNDER_WAY[mark] = _ordered(account, request, asked, send)
    try:
        return _fetched(account, mark, number, send, until, pause)
    except (UnknownModel, WrongAddress):
        raise BrokenAnswer(f"{account.name} lost the picture it took the order for.", retry_after=math.inf) from None


def _ordered(account: Account, request: EditRequest, asked: Order, send: Send) -> str:
    parts: dict[str, Any] = {name: (None, value) for name, value in _fields(request).items()}
    parts["subject_image"] = ("picture.jpg", copy_in_shape(request, asked.width, asked.height), "image/jpeg")
    answer = send("POST", f"/v2beta/stable-image/edit/{ENDPOINT}", files=parts)
    try:
        number = answer.json()["id"]
    except (ValueError, LookupError, TypeError):
        number = None
    if not (isinstance(number, str) and number.isalnum()):  # it becomes part of an address
        raise BrokenAnswer(f"{account.name} took the order and didn't say under which number.")
    return number


def _fetched(account: Account, mark: Mark, number: str, send: Send, until: float, pause: float) -> Response:
    """The answer with the picture; once there is one, or none to be had, the order isn't under way any more."""
    try:
        answer = _looked_for(number, send, until, pause)
    except TimeoutError:
        raise late(account) from None
    except Lasting:
        _UNDER_WAY.pop(mark, None)
        raise
    _UNDER_WAY.pop(mark, None)
    return answer


def _looked_for(number: str, send: Send, until: float, pause: float) -> Response:
    """Raises `TimeoutError` when it isn't there by then; a line that breaks meanwhile is no reason to pay again."""
    while time.monotonic() < until:
        wait = pause
        try:
            answer = send("GET", f"/v2beta/results/{number}")
            if answer.status_code != HTTPStatus.ACCEPTED:
                return answer
        except _WILL_PASS as error:
            wait = max(pause, error.retry_after or 0)
        time.sleep(max(0.0, min(wait, until - time.monotonic())))
    raise TimeoutError


def _fields(request: EditRequest) -> dict[str, str]:
    fields = {
        "background_prompt": request.scene,
        "foreground_prompt": request.subject,
        "preserve_original_subject": str(KEPT),
        "output_format": "png",
    }
    return {name: value for name, value in fields.items() if value}
