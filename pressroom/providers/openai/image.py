"""OpenAI: pictures by the Images API. `image.json` says which sizes a model makes."""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom.calls.clients import is_listed, tokens
from pressroom.calls.failures import unknown_model
from pressroom.calls.images import AnySize, EditRequest, Picture, copy_of, family, nearest
from pressroom.calls.providers import Account, Kind, Order
from pressroom.errors import BrokenAnswer
from pressroom.model import ImageRequest, Usage
from pressroom.providers.openai.client import client_of, sent

MEDIA_TYPE = "image/png"


class _Client:
    """One account's."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = client_of(account)

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = sent(self.account, lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise unknown_model(self.account, model)


class OpenAIImages(_Client):
    """Makes pictures."""

    def send(self, request: ImageRequest) -> Picture:
        asked = _order(self.account, request)
        model = self.account.model
        raw = sent(
            self.account,
            lambda: self._client.images.with_raw_response.generate(
                model=model,
                prompt=request.prompt,
                size=f"{asked.width}x{asked.height}",
                quality=request.quality,
                output_format="png",
                background="opaque",
                n=1,
            ),
            model,
        )
        return _picture(self.account, raw.text, raw.request_id)


class OpenAIEdits(_Client):
    """Makes pictures out of others."""

    def send(self, request: EditRequest) -> Picture:
        asked = _edit_order(self.account, request)
        model, copy = self.account.model, copy_of(request)
        raw = sent(
            self.account,
            lambda: self._client.images.with_raw_response.edit(
                model=model,
                image=("picture.jpg", copy, "image/jpeg"),
                prompt=request.prompt,
                size=f"{asked.width}x{asked.height}",
                quality=request.quality,
                output_format="png",
                background="opaque",
                n=1,
                **_fidelity(model),
            ),
            model,
        )
        return _picture(self.account, raw.text, raw.request_id)


def _order(account: Account, request: ImageRequest) -> Order:
    width, height = _size(account.model, request.width, request.height)
    identity = {"prompt": request.prompt, "size": f"{width}x{height}", "quality": request.quality}
    return Order(identity, width, height, request.quality)


def _edit_order(account: Account, request: EditRequest) -> Order:
    width, height = _size(account.model, request.width, request.height)
    identity = {
        **request.identity,
        "endpoint": "edits",
        "prompt": request.prompt,
        "size": f"{width}x{height}",
        "quality": request.quality,
        **_fidelity(account.model),
    }
    return Order(identity, width, height, request.quality)


def _fidelity(model: str) -> dict[str, Any]:
    """The models that can be told to keep what they are shown are; the newer ones do it by themselves."""
    return {"input_fidelity": "high"} if family(model) in _declared()["told_fidelity"] else {}


def _size(model: str, width: int, height: int) -> tuple[int, int]:
    name, declared = family(model), _declared()
    free = dict(declared["any_size"])
    if name in free.pop("models"):
        return AnySize(**free).covering(width, height)
    sizes = declared["listed"].get(name, declared["unknown"])
    return nearest([(wide, high) for wide, high in sizes], width, height)


@lru_cache(maxsize=1)
def _declared() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.providers.openai").joinpath("image.json").read_text("utf-8"))
    return data


def _picture(account: Account, body: str, request_id: str | None) -> Picture:
    try:
        answer = json.loads(body)
        data = base64.b64decode(answer["data"][0]["b64_json"], validate=True)
        return Picture(
            data=data,
            media_type=MEDIA_TYPE,
            model=account.model,
            request_id=request_id or "",
            usage=_usage(answer.get("usage")),
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BrokenAnswer(f"{account.name} answered something that is not a picture.") from None


def _usage(usage: Any) -> Usage:
    return Usage(input_tokens=tokens(usage, "input_tokens"), output_tokens=tokens(usage, "output_tokens"))


IMAGE = Kind(client=OpenAIImages, order=_order, probe=lambda account: OpenAIImages(account).probe())
EDIT = Kind(client=OpenAIEdits, order=_edit_order)
