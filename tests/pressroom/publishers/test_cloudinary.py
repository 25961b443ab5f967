"""Delivery to Cloudinary: what is sent, how it is signed, that a repeat is no second asset, what failures mean."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom import errors
from pressroom.calls.deadline import Deadline
from pressroom.errors import PressroomError
from pressroom.publishers.delivery.cloudinary import Cloudinary, CloudinaryAccount, content_id, signature
from tests.fixtures.cloudinary_desk import CLOUD, KEY, SECRET, Answer, CloudinaryDesk, refusal

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
ACCOUNT = CloudinaryAccount(cloud=CLOUD, api_key=SecretStr(KEY), api_secret=SecretStr(SECRET))


@pytest.fixture
def desk() -> Iterator[CloudinaryDesk]:
    with CloudinaryDesk() as one:
        yield one


def deliver(desk: CloudinaryDesk, data: bytes = PNG, public_id: str = "pressroom/a", **changes: Any) -> Any:
    account = changes.pop("account", ACCOUNT)
    return Cloudinary(account, **{"base_url": desk.url, "timeout": 10.0, **changes}).deliver(
        data, public_id, media_type="image/png"
    )


def test_a_file_is_delivered_as_it_is(desk: CloudinaryDesk) -> None:
    delivered = deliver(desk)
    assert desk.assets == {"pressroom/a": PNG}
    assert (delivered.public_id, delivered.bytes) == ("pressroom/a", len(PNG))
    assert delivered.url == f"https://res.cloudinary.com/{CLOUD}/image/upload/v1/pressroom/a.png"
    assert SECRET not in str(desk.asked)


def test_the_signature_is_that_of_cloudinarys_own_example() -> None:
    """https://cloudinary.com/documentation/authentication_signatures"""
    fields = {
        "timestamp": "1315060510",
        "public_id": "sample_image",
        "eager": "w_400,h_300,c_pad|w_260,h_200,c_crop",
    }
    assert signature(fields, SecretStr("abcd")) == "bfd09f95f331f558cbd1320e67aa8d488770583e"


def test_a_repeat_is_the_same_asset(desk: CloudinaryDesk) -> None:
    assert content_id(PNG, folder="/pressroom/") == content_id(PNG, folder="pressroom")
    first, second = (deliver(desk, public_id=content_id(PNG, folder="pressroom/default")) for _ in range(2))
    assert first == second and len(desk.assets) == 1
    deliver(desk, PNG + b"x", content_id(PNG + b"x", folder="pressroom/default"))
    assert len(desk.assets) == 2


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (refusal(401, f"Invalid Signature. String to sign - 'public_id=a{SECRET}'."), errors.KeyRefused),
        (refusal(403, "disabled account"), errors.KeyRefused),
        (refusal(402, "pay"), errors.CreditsExhausted),
        (refusal(404, "nothing"), errors.Misconfigured),
        (refusal(400, f"File size too large for {SECRET}."), errors.RequestRejected),
        (refusal(420, "Rate Limited"), errors.RateLimited),
        (refusal(429, "Rate Limited"), errors.RateLimited),
        (refusal(423, "Processing"), errors.ProviderBusy),
        (refusal(500, "oops"), errors.ProviderBusy),
        (Answer(503, "<html>busy</html>"), errors.ProviderBusy),
        (Answer(302, "", {"location": "http://127.0.0.1:1/"}), errors.RequestRejected),
        (Answer(200, "<html>sign in</html>"), errors.BrokenAnswer),
        (Answer(200, []), errors.BrokenAnswer),
        (Answer(200, {"public_id": "pressroom/a"}), errors.BrokenAnswer),
        (Answer(200, {"public_id": "other", "secure_url": "https://x/y", "bytes": 1}), errors.BrokenAnswer),
        (Answer(200, {"public_id": "pressroom/a", "secure_url": "http://x/y", "bytes": 1}), errors.BrokenAnswer),
        (Answer(200, hang_up=True), errors.ConnectionBroken),
    ],
)
def test_each_failure_is_one_error_without_a_secret(desk: CloudinaryDesk, answer: Answer, means: type) -> None:
    desk.next.append(answer)
    with pytest.raises(PressroomError) as caught:
        deliver(desk)
    assert type(caught.value) is means
    assert SECRET not in str(caught.value) and KEY not in str(caught.value)
    assert len(desk.asked) == 1, "retrying is the task's affair"


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        (lambda: {"Retry-After": "7"}, 7, 7),
        (lambda: {"X-FeatureRateLimit-Reset": formatdate(time.time() + 900, usegmt=True)}, 800, 900),
        (lambda: {}, None, None),
    ],
)
def test_a_rate_limit_says_how_long(desk: CloudinaryDesk, headers: Any, least: Any, most: Any) -> None:
    desk.next.append(refusal(420, "Rate Limited", **headers()))
    with pytest.raises(errors.RateLimited) as caught:
        deliver(desk)
    asked = caught.value.retry_after
    assert asked is None if least is None else asked is not None and least <= asked <= most


@pytest.mark.parametrize("account", [{"api_secret": SecretStr("another-one")}, {"api_key": SecretStr("12345678")}])
def test_a_wrong_key_is_refused(desk: CloudinaryDesk, account: dict[str, SecretStr]) -> None:
    with pytest.raises(errors.KeyRefused):
        deliver(desk, account=ACCOUNT.model_copy(update=account))
    assert not desk.assets


def test_a_clock_that_is_wrong_is_told(desk: CloudinaryDesk) -> None:
    with pytest.raises(errors.RequestRejected, match="Stale request"):
        deliver(desk, clock=lambda: time.time() - 7200)


def test_time_outs(desk: CloudinaryDesk) -> None:
    desk.next += [Answer(200, {}, seconds=1.0), Answer(200, {}, seconds=1.0)]
    with pytest.raises(errors.ProviderTimeout, match=r"0\.2 s"):
        deliver(desk, timeout=0.2)
    with Deadline(0.2).bounding(), pytest.raises(errors.ProviderTimeout, match="deadline"):
        deliver(desk)


def test_nobody_is_there(desk: CloudinaryDesk) -> None:
    with pytest.raises(errors.ConnectionBroken):
        deliver(desk, base_url="http://127.0.0.1:1")
    with pytest.raises(errors.Misconfigured):
        deliver(desk, base_url="cloudinary")


@pytest.mark.parametrize(
    "public_id", ["", "/a", "a/", "a//b", "../a", "a&overwrite=false", "a?b", "a b", "a\n", "é", "a" * 256]
)
def test_ids_that_are_none(desk: CloudinaryDesk, public_id: str) -> None:
    with pytest.raises(errors.WrongInput):
        deliver(desk, public_id=public_id)
    assert not desk.asked


def test_an_empty_file(desk: CloudinaryDesk) -> None:
    with pytest.raises(errors.WrongInput):
        deliver(desk, b"")


def test_the_account_of_an_address() -> None:
    account = CloudinaryAccount.of(SecretStr(f" cloudinary://{KEY}:{SECRET}@{CLOUD}\n"))
    assert account == ACCOUNT
    assert SECRET not in repr(account) and KEY not in repr(account)
    coded = CloudinaryAccount.of(SecretStr("cloudinary://k:a%2Fb%40c@cloud"))
    assert coded.api_secret.get_secret_value() == "a/b@c"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cloudinary://",
        f"https://{KEY}:{SECRET}@{CLOUD}",
        f"cloudinary://{KEY}@{CLOUD}",
        f"cloudinary://{KEY}:{SECRET}@",
        f"cloudinary://{KEY}:{SECRET}@a/b",
        f"cloudinary://{KEY}:{SECRET}@../x",
        f"cloudinary://{KEY}:ключ@{CLOUD}",
        f"cloudinary://{KEY}:{SECRET}@[{CLOUD}",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(errors.Misconfigured) as caught:
        CloudinaryAccount.of(SecretStr(url))
    assert SECRET not in str(caught.value) and KEY not in str(caught.value)
