"""What every maker that makes pictures out of others keeps to. They are found by what each maker declares."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from openai.types import ImagesResponse
from PIL import Image, ImageDraw
from pydantic import SecretStr

from pressroom import errors
from pressroom.calls import images, providers
from pressroom.calls.images import EditRequest, Picture
from pressroom.calls.providers import Kind, Order
from pressroom.calls.tickets import Jobs
from pressroom.errors import PressroomError
from pressroom.media.photography.asking import photo_request
from pressroom.media.photography.styles import photo_styles
from pressroom.media.picture_requests import composable
from pressroom.media.pictures.intake import take_in
from pressroom.model import Finish
from sandbox import Fault, ProviderServer, Reply
from tests.contracts.test_image_makers import KEY, MEANS, MODELS, NAMES, account, seen

EDITORS = tuple(name for name in NAMES if providers.get(name).offers("edit"))
PAID = tuple(name for name in EDITORS if name != "offline")
EVERY_EDITOR = pytest.mark.parametrize("name", EDITORS)
EVERY_PAID_EDITOR = pytest.mark.parametrize("name", PAID)
EVERY_MODEL = pytest.mark.parametrize(("name", "model"), [(name, model) for name in EDITORS for model in MODELS[name]])
IMAGE = ("image",)


def product() -> bytes:
    """A cup on nothing."""
    image = Image.new("RGBA", (640, 800))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((160, 200, 460, 640), 40, fill=(190, 60, 50, 255))
    draw.rectangle((160, 330, 460, 470), fill=(240, 230, 210, 255))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


REQUEST = photo_request(
    take_in(product()), "solid_background", description="A red cup, “Nona”; 窓.", width=512, height=640
)
REQUEST = composable(REQUEST)


@pytest.fixture
def server(running: ProviderServer) -> ProviderServer:
    running.reset()
    return running


def editor(name: str) -> Kind:
    return providers.get(name).kind("edit")


def order(name: str, server: ProviderServer, request: EditRequest = REQUEST, **changes: Any) -> Order:
    declared = editor(name).order
    assert declared is not None
    return declared(account(name, server, **changes), request)


def edit(name: str, server: ProviderServer, request: EditRequest = REQUEST, **changes: Any) -> Picture:
    client = editor(name).client(account(name, server, **changes))
    picture = client.poll(client.submit(request, "0" * 32)) if isinstance(client, Jobs) else client.send(request)
    assert isinstance(picture, Picture)
    return picture


def test_somebody_edits() -> None:
    assert {"openai", "stability", "offline"} <= set(EDITORS)


# Good pictures


@EVERY_MODEL
def test_a_picture_of_the_size_that_was_ordered(name: str, model: str, server: ProviderServer) -> None:
    ordered, made = order(name, server, model=model), edit(name, server, model=model)
    assert seen(made).size == (ordered.width, ordered.height)
    assert (made.finish, made.model, made.drawn) == (Finish.STOP, model, name == "offline")


@EVERY_EDITOR
def test_the_order_holds_the_hash_of_the_picture_and_not_the_picture(name: str, server: ProviderServer) -> None:
    said = json.dumps(order(name, server).identity)
    assert hashlib.sha256(product()).hexdigest() in said
    assert len(said) < 5000


@EVERY_EDITOR
def test_what_makes_another_order(name: str, server: ProviderServer) -> None:
    first = order(name, server).identity
    assert order(name, server, replace(REQUEST)).identity == first
    other = photo_request(REQUEST.source, "floating", width=512, height=640)
    darker = Image.open(io.BytesIO(product())).point(lambda value: value * 0.9)
    file = io.BytesIO()
    darker.save(file, "PNG")
    for changed in (
        other,
        replace(REQUEST, width=640, height=512),
        replace(REQUEST, source=take_in(file.getvalue())),
    ):
        assert order(name, server, changed).identity != first


@EVERY_EDITOR
@pytest.mark.parametrize("style", photo_styles())
def test_every_style_is_made_or_refused_before_anything_is_sent(name: str, style: str, server: ProviderServer) -> None:
    request = composable(photo_request(REQUEST.source, style, width=512, height=512))
    try:
        editor(name).check(account(name, server), request)
    except errors.CannotCompose as error:
        assert name != "openai" and (style in error.message or "style" in error.message) and error.hint
        return
    server.enqueue(Reply(text=base64.b64encode(b"x").decode(), purposes=IMAGE))
    edit(name, server, request)


def test_what_openai_is_sent(server: ProviderServer) -> None:
    made = edit("openai", server)
    (record,) = server.history
    body = record.body
    assert (record.path, record.purpose, record.model) == ("/v1/images/edits", "image", "gpt-image-2")
    assert record.headers["content-type"].startswith("multipart/form-data")
    assert (body["size"], body["quality"], body["prompt"]) == ("736x912", "medium", REQUEST.prompt)
    assert body["image"]["sha256"] == hashlib.sha256(images.copy_of(REQUEST)).hexdigest()
    assert (body["image"]["width"], body["image"]["height"]) == (640, 800)
    assert made.usage.input_tokens > 600 and made.usage.output_tokens > 0
    assert "input_fidelity" not in body
    edit("openai", server, model="gpt-image-1.5")
    assert server.history[-1].body["input_fidelity"] == "high"


def test_what_stability_is_sent(server: ProviderServer) -> None:
    edit("stability", server)
    posted, fetched = server.history
    assert posted.path == "/v2beta/stable-image/edit/replace-background-and-relight"
    assert posted.body["background_prompt"] == REQUEST.scene and "<data>" not in json.dumps(posted.body)
    assert posted.body["foreground_prompt"] == REQUEST.subject
    assert (posted.body["subject_image"]["width"], posted.body["subject_image"]["height"]) == (896, 1088)
    assert (fetched.method, fetched.path.rpartition("/")[0]) == ("GET", "/v2beta/results")


def test_the_server_answers_an_edit_as_the_sdk_expects(server: ProviderServer) -> None:
    import openai

    sdk = openai.OpenAI(api_key="k", base_url=server.openai_url, max_retries=0)
    raw = sdk.images.with_raw_response.edit(
        model="gpt-image-1.5", prompt="Bread", image=("a.jpg", images.copy_of(REQUEST), "image/jpeg"), size="1024x1536"
    )
    answer = ImagesResponse.model_validate_json(raw.text, strict=True)
    assert answer.usage and answer.usage.input_tokens_details and answer.usage.input_tokens_details.image_tokens > 600
    assert not answer.model_extra and not answer.usage.model_extra
    for wrong in ({"input_fidelity": "high", "model": "gpt-image-2"}, {"image": ("a.png", b"no", "image/png")}):
        with pytest.raises(openai.BadRequestError):
            sdk.images.edit(**{"model": "gpt-image-1.5", "prompt": "B", "image": product(), "n": 1, **wrong})


# What goes wrong


@EVERY_PAID_EDITOR
@pytest.mark.parametrize("fault", MEANS)
def test_each_fault_is_one_error(name: str, fault: Fault, server: ProviderServer) -> None:
    server.enqueue(Reply(fault=fault, purposes=IMAGE))
    with pytest.raises(PressroomError) as caught:
        edit(name, server, timeout=0.8 if MEANS[fault] is errors.ProviderTimeout else 20.0)
    assert type(caught.value) is MEANS[fault]
    assert KEY not in str(caught.value) and name in caught.value.message
    assert server.counts["total"] == 1, "retrying is the chain's affair"


@EVERY_PAID_EDITOR
@pytest.mark.parametrize("body", [{}, [], 3, "text", {"data": []}, {"image": "?!"}, {"id": 3}, {"id": "../x"}])
def test_a_body_of_another_shape(name: str, body: Any, server: ProviderServer) -> None:
    server.enqueue(Reply(body=body, purposes=IMAGE))
    with pytest.raises(errors.BrokenAnswer):
        edit(name, server)
    assert server.counts["total"] == 1


@EVERY_PAID_EDITOR
@pytest.mark.parametrize("changes", [{"api_key": SecretStr("")}, {"base_url": "x"}])
def test_what_is_configured_wrong(name: str, changes: dict[str, Any], server: ProviderServer) -> None:
    with pytest.raises(errors.Misconfigured):
        edit(name, server, **changes)
    assert server.counts["total"] == 0


# Stability's jobs, which are paid for before the picture is there


def test_a_job_that_is_lost_is_no_unknown_model(server: ProviderServer) -> None:
    server.enqueue(Reply(fault=Fault.UNKNOWN_MODEL, purposes=("image_result",)))
    with pytest.raises(errors.JobLost, match="lost") as caught:
        edit("stability", server)
    assert caught.value.retry_after == float("inf"), "the next link is asked, rather than paying here again"


def test_a_picture_that_is_withheld_was_paid_for(server: ProviderServer) -> None:
    withheld = {"result": "eA==", "finish_reason": "CONTENT_FILTERED"}
    server.enqueue(Reply(body=withheld, purposes=("image_result",)))
    assert edit("stability", server).finish is Finish.REFUSAL
