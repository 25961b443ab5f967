"""What every maker of pictures keeps to. Makers are found by name; the paid ones speak to the provider server.

A new one is held to this without another line, but for where in the server it has to look (`ADDRESSES`).
"""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import openai
import pytest
from openai.types import ImagesResponse
from PIL import Image
from pydantic import SecretStr

from pressroom import errors, platforms
from pressroom.calls import providers
from pressroom.calls.images import Picture
from pressroom.calls.providers import Account
from pressroom.errors import PressroomError
from pressroom.media.picture_requests import drawn
from pressroom.media.pictures.wanting import styles, wanted
from pressroom.model import CardText, Finish, ImageRequest
from sandbox import Fault, ProviderServer, Reply

NAMES = tuple(one.name for one in providers.REGISTRY if one.offers("image"))
PAID = tuple(name for name in NAMES if name != "offline")
EVERY_MAKER = pytest.mark.parametrize("name", NAMES)
EVERY_PAID_MAKER = pytest.mark.parametrize("name", PAID)

ADDRESSES = {"openai": "openai_url", "stability": "stability_url"}
MODELS = {"openai": ("gpt-image-2", "gpt-image-1.5"), "stability": ("core", "ultra", "sd3.5-large"), "offline": ("c",)}
EVERY_MODEL = pytest.mark.parametrize(("name", "model"), [(name, model) for name in NAMES for model in MODELS[name]])
KEY = "sk-very-secret-0123456789"
IMAGE = ("image",)

REQUEST = ImageRequest(
    purpose="linkedin",
    prompt="A notebook next to a till, “flour” on the counter; straße, 窓, 🥖.",
    width=1200,
    height=627,
    card=CardText(template="headline", title="Why our bakery stopped guessing"),
    draw=drawn,
)

MEANS = {
    Fault.RATE_LIMIT: errors.RateLimited,
    Fault.RATE_LIMIT_DATE: errors.RateLimited,
    Fault.RATE_LIMIT_BARE: errors.RateLimited,
    Fault.SERVER_ERROR: errors.ProviderBusy,
    Fault.UNAVAILABLE: errors.ProviderBusy,
    Fault.OVERLOADED: errors.ProviderBusy,
    Fault.REQUEST_TIMEOUT: errors.ProviderBusy,
    Fault.CONFLICT: errors.ProviderBusy,
    Fault.BAD_KEY: errors.KeyRefused,
    Fault.FORBIDDEN: errors.KeyRefused,
    Fault.PAYMENT_REQUIRED: errors.CreditsExhausted,
    Fault.INSUFFICIENT_QUOTA: errors.CreditsExhausted,
    Fault.UNKNOWN_MODEL: errors.UnknownModel,
    Fault.BAD_REQUEST: errors.RequestRejected,
    Fault.REFUSAL: errors.ContentRefused,
    Fault.CUT: errors.ConnectionBroken,
    Fault.DROP: errors.ConnectionBroken,
    Fault.MALFORMED_BODY: errors.BrokenAnswer,
    Fault.HANG: errors.ProviderTimeout,
    Fault.TRICKLE: errors.ProviderTimeout,
}


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    known: dict[str, Any] = {"name": name, "provider": name, "timeout": 20.0, "model": MODELS[name][0]}
    if name in PAID:
        assert name in ADDRESSES, f"ADDRESSES has to say where in the provider server {name} looks"
        known |= {"base_url": getattr(server, ADDRESSES[name]), "api_key": SecretStr(KEY)}
    return Account(**{**known, **changes})


def client(name: str, server: ProviderServer, **changes: Any) -> Any:
    return providers.get(name).kind("image").client(account(name, server, **changes))


def seen(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    assert Image.MIME[image.format or ""] == picture.media_type
    return image


# What it is


@EVERY_MAKER
def test_it_declares_itself(name: str) -> None:
    maker = providers.get(name)
    assert maker.name == name
    assert maker.paid == (name in PAID)


def test_nothing_heavy_is_imported_before_a_client_is_built() -> None:
    code = (
        "import sys, pressroom.calls.providers as makers, pressroom.media.picture_requests\n"
        f"for name in {NAMES!r}: makers.get(name).kind('image')\n"
        "print(sorted({'openai', 'httpx', 'httpx2', 'pressroom.media.cards', 'prefect'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


# Good pictures


@EVERY_MODEL
def test_a_picture_of_the_size_that_was_ordered(name: str, model: str, server: ProviderServer) -> None:
    one = account(name, server, model=model)
    order = providers.get(name).kind("image").order(one, REQUEST)
    picture = providers.get(name).kind("image").client(one).send(REQUEST)
    assert seen(picture).size == (order.width, order.height)
    assert picture.finish is Finish.STOP and picture.model == model
    assert picture.drawn == (name == "offline")
    json.dumps(order.identity)


@EVERY_MODEL
@pytest.mark.parametrize(("width", "height"), sorted({(w, h) for _, w, h in wanted(platforms.names())}))
def test_every_size_is_one_the_model_takes(
    name: str, model: str, width: int, height: int, server: ProviderServer
) -> None:
    """The server rejects what the provider would."""
    server.enqueue(Reply(text=base64.b64encode(b"x").decode(), purposes=IMAGE))  # a big one takes its time to draw
    client(name, server, model=model).send(replace(REQUEST, width=width, height=height))


@EVERY_PAID_MAKER
@pytest.mark.parametrize("style", styles())
def test_every_style_is_one_the_provider_takes(name: str, style: str, server: ProviderServer) -> None:
    server.enqueue(Reply(text="", purposes=IMAGE))
    client(name, server).send(replace(REQUEST, style=style))


@EVERY_MAKER
def test_the_same_request_is_the_same_order(name: str, server: ProviderServer) -> None:
    order = providers.get(name).kind("image").order
    one = account(name, server)
    assert order(one, REQUEST) == order(one, replace(REQUEST))
    other = replace(REQUEST, prompt="Bread.", card=CardText(template="headline", title="Bread"))
    assert order(one, other).identity != order(one, REQUEST).identity


@EVERY_PAID_MAKER
def test_the_request_on_the_wire(name: str, server: ProviderServer) -> None:
    picture = client(name, server).send(REQUEST)
    (record,) = server.history
    assert (record.purpose, record.model) == ("image", MODELS[name][0])
    assert record.body["prompt"] == REQUEST.prompt
    assert picture.request_id.startswith("req_")
    if name == "openai":
        assert (record.body["size"], record.body["quality"]) == ("1200x640", "medium")
        assert picture.usage.output_tokens > 0
    else:
        assert record.path == "/v2beta/stable-image/generate/core"
        assert record.headers["content-type"].startswith("multipart/form-data")
        assert (record.body["aspect_ratio"], record.body["style_preset"]) == ("16:9", "photographic")


@EVERY_PAID_MAKER
def test_twenty_threads_share_one_client(name: str, server: ProviderServer) -> None:
    one = client(name, server)
    pictures = [base64.b64encode(f"picture {number}".encode()).decode() for number in range(20)]
    server.enqueue(*(Reply(text=text, purposes=IMAGE, seconds=0.1) for text in pictures))
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(one.send, [replace(REQUEST, prompt=f"{number}") for number in range(20)]))
    assert sorted(picture.data for picture in made) == sorted(map(base64.b64decode, pictures))
    assert len({picture.request_id for picture in made}) == server.counts["total"] == 20


# Pictures with something wrong


@EVERY_PAID_MAKER
@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.PROSE, Fault.EMPTY, Fault.RULE_BREAKING])
def test_what_was_paid_for_is_returned_whatever_it_is(name: str, fault: Fault, server: ProviderServer) -> None:
    good = client(name, server).send(REQUEST)
    server.enqueue(Reply(fault=fault, purposes=IMAGE))
    bad = client(name, server).send(REQUEST)
    assert bad.data != good.data and bad.finish is Finish.STOP


@EVERY_PAID_MAKER
@pytest.mark.parametrize(
    "body", [{}, [], 3, "text", {"data": []}, {"data": [{"url": "http://x"}]}, {"image": None}, {"image": "?!"}]
)
def test_a_body_of_another_shape(name: str, body: Any, server: ProviderServer) -> None:
    server.enqueue(Reply(body=body, purposes=IMAGE))
    with pytest.raises(errors.BrokenAnswer):
        client(name, server).send(REQUEST)


def test_a_picture_that_is_withheld_was_paid_for(server: ProviderServer) -> None:
    server.enqueue(Reply(body={"image": "eA==", "finish_reason": "CONTENT_FILTERED", "seed": 1}, purposes=IMAGE))
    assert client("stability", server).send(REQUEST).finish is Finish.REFUSAL


# What goes wrong before a picture


@EVERY_PAID_MAKER
@pytest.mark.parametrize("fault", MEANS)
def test_each_fault_is_one_error(name: str, fault: Fault, server: ProviderServer) -> None:
    server.enqueue(Reply(fault=fault, purposes=IMAGE))
    started = time.monotonic()
    with pytest.raises(PressroomError) as caught:
        client(name, server, timeout=0.3 if MEANS[fault] is errors.ProviderTimeout else 20.0).send(REQUEST)
    assert type(caught.value) is MEANS[fault]
    assert KEY not in str(caught.value) and name in caught.value.message
    assert time.monotonic() - started < 3
    assert server.counts["total"] == 1, "retrying is the chain's affair"


@EVERY_PAID_MAKER
def test_a_rate_limit_says_how_long(name: str, server: ProviderServer) -> None:
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=7, purposes=IMAGE))
    with pytest.raises(errors.RateLimited) as caught:
        client(name, server).send(REQUEST)
    assert caught.value.retry_after == 7


@EVERY_PAID_MAKER
def test_nobody_is_there(name: str, server: ProviderServer) -> None:
    with pytest.raises(errors.ConnectionBroken):
        client(name, server, base_url="http://127.0.0.1:1/v1").send(REQUEST)


@EVERY_PAID_MAKER
@pytest.mark.parametrize("changes", [{"api_key": SecretStr("")}, {"api_key": SecretStr("ключ")}, {"base_url": "x"}])
def test_what_is_configured_wrong(name: str, changes: dict[str, Any], server: ProviderServer) -> None:
    with pytest.raises(errors.Misconfigured):
        client(name, server, **changes).send(REQUEST)
    assert server.counts["total"] == 0


@EVERY_PAID_MAKER
def test_a_probe_costs_nothing_and_tells(name: str, server: ProviderServer) -> None:
    probe = providers.get(name).kind("image").probe
    assert probe is not None
    server.configure(known_models=MODELS[name])
    try:
        probe(account(name, server))
    finally:
        server.configure(known_models=None)
    server.configure(accepted_keys=("another",))
    try:
        with pytest.raises(errors.KeyRefused):
            probe(account(name, server))
    finally:
        server.configure(accepted_keys=None)
    assert "image" not in server.counts["purpose"]


# The provider server, held to the SDK's own model


@pytest.mark.parametrize("quality", ["low", "medium", "high"])
def test_the_server_answers_as_the_sdk_expects(quality: Any, server: ProviderServer) -> None:
    sdk = openai.OpenAI(api_key="k", base_url=server.openai_url, max_retries=0)
    raw = sdk.images.with_raw_response.generate(
        model="gpt-image-1.5", prompt="Bread", size="1024x1536", quality=quality
    )
    answer = ImagesResponse.model_validate_json(raw.text, strict=True)
    assert answer.data and answer.usage and answer.usage.output_tokens_details
    assert (answer.size, answer.quality, answer.output_format) == ("1024x1536", quality, "png")
    assert not answer.model_extra and not answer.usage.model_extra and not answer.data[0].model_extra
    with Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json or ""))) as image:
        assert image.size == (1024, 1536)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": "1200x627"},
        {"size": "1200x640", "model": "gpt-image-1.5"},
        {"size": "320x320"},
        {"quality": "hd"},
        {"n": 2},
        {"response_format": "b64_json"},
    ],
)
def test_the_server_rejects_what_openai_would(changes: dict[str, Any], server: ProviderServer) -> None:
    sdk = openai.OpenAI(api_key="k", base_url=server.openai_url, max_retries=0)
    with pytest.raises(openai.BadRequestError):
        sdk.images.generate(**{"model": "gpt-image-2", "prompt": "Bread", **changes})


def test_the_same_words_are_the_same_picture_and_others_another(server: ProviderServer) -> None:
    one = client("stability", server)
    first, again, other = (one.send(replace(REQUEST, prompt=words)).data for words in ("Bread", "Bread", "Butter"))
    assert first == again != other
    assert server.counts["dialect"] == {"stability_core": 3}
