"""GET /v2beta/results/{id}: the picture of an earlier order, once it was asked about often enough (`job_looks`)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared import orders
from sandbox.dialects.shared.declare import Dialect, Trouble
from sandbox.dialects.shared.stability import STABILITY
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.wire import Request


def _parse(request: Request) -> dict[str, str]:
    return {"id": request.path.rpartition("/")[2]}


def _read(body: Mapping[str, Any]) -> Ask:
    if not orders.is_known(body["id"]):
        raise Trouble(Fault.UNKNOWN_MODEL, "There is no result of that id.")
    return Ask("image_result", body=body)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    picture = orders.fetched(ask.body["id"])
    if picture is None:
        return {"id": ask.body["id"], "status": "in-progress"}
    return {"result": picture, "finish_reason": "SUCCESS", "seed": 343940597}


def _status(body: Mapping[str, Any]) -> int:
    return HTTPStatus.ACCEPTED if "status" in body else HTTPStatus.OK


DIALECT = Dialect(
    name="stability_results",
    family=STABILITY,
    path="/v2beta/results/{id}",
    read=_read,
    write=_write,
    method="GET",
    text=False,
    parse=_parse,
    status=_status,
)
