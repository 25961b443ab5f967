"""Stability AI's edit of a product picture: a new background, and the light that goes with it.

The endpoint takes the order and answers with an id, by which the picture is fetched when it is ready; see
https://platform.stability.ai/docs/api-reference (Edit, Replace Background and Relight; Results).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pressroom.calls.images import EditRequest, copy_in_shape, nearest
from pressroom.calls.providers import Account, Order
from pressroom.errors import BrokenAnswer, CannotCompose, JobLost, UnknownModel, WrongAddress

if TYPE_CHECKING:
    from httpx2 import Response

ENDPOINT = "replace-background-and-relight"

KEPT = 0.8
"""How much of the subject stays as it was, 0 to 1; the rest is the new light on it. At 1 it looks pasted in."""


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


def submitted(account: Account, request: EditRequest, asked: Order, key: str, send: Callable[..., Response]) -> str:
    """The id of the job that was taken, which is when it is paid for.

    key: goes along as the usual header, which the API's reference does not name; a server that does not know it, too,
    takes the job.
    """
    parts: dict[str, Any] = {name: (None, value) for name, value in _fields(request).items()}
    parts["subject_image"] = ("picture.jpg", copy_in_shape(request, asked.width, asked.height), "image/jpeg")
    answer = send("POST", f"/v2beta/stable-image/edit/{ENDPOINT}", files=parts, headers={"idempotency-key": key})
    try:
        job = answer.json()["id"]
    except (ValueError, LookupError, TypeError):
        job = None
    if not (isinstance(job, str) and job.isalnum()):  # it becomes part of an address
        raise BrokenAnswer(f"{account.name} took the job and didn't say its id.")
    return job


def result(account: Account, job: str, send: Callable[..., Response]) -> Response | None:
    """The answer with the picture; None while it is being made."""
    try:
        answer = send("GET", f"/v2beta/results/{job}")
    except (UnknownModel, WrongAddress):
        raise JobLost(f"{account.name} lost the picture it took the job for.", retry_after=math.inf) from None
    return None if answer.status_code == HTTPStatus.ACCEPTED else answer


def _fields(request: EditRequest) -> dict[str, str]:
    fields = {
        "background_prompt": request.scene,
        "foreground_prompt": request.subject,
        "preserve_original_subject": str(KEPT),
        "output_format": "png",
    }
    return {name: value for name, value in fields.items() if value}
