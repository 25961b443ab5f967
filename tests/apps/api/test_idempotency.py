"""A POST with an `Idempotency-Key` is done once, however often, from wherever and at the same time it is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, File, UploadFile
from pydantic import BaseModel
from sqlmodel import select
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.testclient import TestClient

from apps.api import app as api
from apps.desk import idempotency
from apps.desk.dependencies import CallerDep
from pressroom.settings import Settings
from pressroom.store.database import Database
from pressroom.store.desk_tables import IdempotentAnswer
from tests.fixtures.desk import (
    Person,
    desk_url,  # noqa: F401
)

KEY = {"Idempotency-Key": "2f6d7f1e-9a39-4a0e-8b59-1a6a3c2f0d11"}


class Order(BaseModel):
    what: str


@dataclass
class Shop:
    """Counts what was done. `open`: orders wait for it."""

    client: TestClient
    done: list[str] = field(default_factory=list)
    fail: bool = False
    begun: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def order(self, what: str = "ink", *, headers: dict[str, str] = KEY) -> Any:
        return self.client.post("/order", json={"what": what}, headers=headers)


@pytest.fixture
def shop(owner: Person, desk_settings: Settings) -> Iterator[Shop]:
    """The API with routes that do something, as `owner` sees it."""
    app = api.frame(desk_settings)
    app.state.desk = owner.app.state.desk
    with TestClient(app, headers=dict(owner.headers)) as client:
        shop = Shop(client)
        shop.open.set()
        _stock(app, shop)
        yield shop


def _stock(app: FastAPI, shop: Shop) -> None:
    def order(wanted: Order, _caller: CallerDep, response: Response) -> dict[str, Any]:
        shop.begun.set()
        assert shop.open.wait(10)
        if shop.fail:
            raise HTTPException(503, "Sold out.")
        shop.done.append(wanted.what)
        response.headers["Location"] = f"/order/{len(shop.done)}"
        return {"number": len(shop.done)}

    def frame_picture(_caller: CallerDep, picture: Annotated[UploadFile, File()]) -> int:
        shop.done.append(picture.file.read().decode())
        return len(shop.done)

    app.add_api_route("/order", order, methods=["POST"], status_code=202)
    app.add_api_route("/picture", frame_picture, methods=["POST"])


def test_the_same_request_is_answered_as_the_first_time(shop: Shop) -> None:
    first, again = shop.order(), shop.order()
    assert (first.status_code, first.json()) == (202, {"number": 1})
    assert (again.status_code, again.json(), again.headers["location"]) == (202, {"number": 1}, "/order/1")
    assert again.headers["content-type"] == first.headers["content-type"]
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert shop.done == ["ink"]


def test_without_a_key_it_is_done_each_time(shop: Shop) -> None:
    for _ in range(2):
        shop.order(headers={})
    assert shop.done == ["ink", "ink"]


def test_a_key_belongs_to_one_request(shop: Shop) -> None:
    shop.order("ink")
    other = shop.order("paper")
    assert (other.status_code, other.json()["code"]) == (409, "ALREADY_THERE")
    assert shop.done == ["ink"]


def test_a_key_belongs_to_one_workspace(shop: Shop, stranger: Person) -> None:
    shop.order("ink")
    theirs = shop.client.post("/order", json={"what": "ink"}, headers={**dict(stranger.headers), **KEY})
    assert (theirs.status_code, theirs.json()) == (202, {"number": 2})


def test_what_failed_may_be_tried_again(shop: Shop) -> None:
    shop.fail = True
    assert shop.order().status_code == 503
    shop.fail = False
    assert shop.order().json() == {"number": 1}


def test_what_was_refused_is_not_kept(shop: Shop) -> None:
    assert shop.client.post("/order", json={"wrong": 1}, headers=KEY).status_code == 422
    assert shop.order().json() == {"number": 1}


def test_of_many_at_the_same_time_one_is_done(shop: Shop) -> None:
    shop.open.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(shop.order)
        assert shop.begun.wait(10)
        assert [shop.order().status_code for _ in range(3)] == [409, 409, 409]
        shop.open.set()
        assert first.result().json() == {"number": 1}
    assert shop.order().headers["idempotent-replayed"] == "true"
    assert shop.done == ["ink"]


def test_of_many_that_race_one_is_done(shop: Shop) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shop.order(), range(16)))
    assert shop.done == ["ink"]
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert next(answer.json() for answer in answers if answer.status_code == 202) == {"number": 1}


def test_a_form_sent_again_is_the_same_request_though_its_boundary_is_another(shop: Shop) -> None:
    def send(content: bytes) -> Any:
        return shop.client.post("/picture", files={"picture": ("cat.png", content, "image/png")}, headers=KEY)

    assert [send(b"cat").json(), send(b"cat").json()] == [1, 1]
    assert send(b"dog").status_code == 409
    assert shop.done == ["cat"]


def test_a_request_whose_process_died_may_be_sent_again(shop: Shop, operators: Database) -> None:
    _left_under_way(operators, shop)
    assert shop.order().status_code == 409
    _age(operators, idempotency.GIVEN_UP_AFTER)
    assert shop.order().json() == {"number": 1}


def test_an_answer_is_kept_for_a_day(shop: Shop, operators: Database) -> None:
    shop.order("ink")
    _age(operators, idempotency.KEPT_FOR)
    assert shop.order("paper").json() == {"number": 2}


def test_a_key_has_an_end(shop: Shop) -> None:
    assert shop.order(headers={"Idempotency-Key": "k" * 256}).status_code == 422


def _left_under_way(operators: Database, shop: Shop) -> None:
    """As a process leaves it that is killed while it works."""
    shop.order()
    shop.done.clear()
    with operators.write() as session:
        row = session.exec(select(IdempotentAnswer)).one()
        row.status, row.body = idempotency.UNDER_WAY, ""
        session.add(row)


def _age(operators: Database, by: timedelta) -> None:
    with operators.write() as session:
        row = session.exec(select(IdempotentAnswer)).one()
        row.created_at -= by + timedelta(seconds=1)
        session.add(row)
