"""GET /v1/user/balance: the credits of a Stability AI account, which costs none to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect
from sandbox.dialects.shared.stability import STABILITY
from sandbox.replies import Options


def _read(body: Mapping[str, Any]) -> Ask:
    return Ask("balance", body=body)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    return {"credits": 1000.0}


DIALECT = Dialect(
    name="stability_balance",
    family=STABILITY,
    path="/user/balance",
    read=_read,
    write=_write,
    method="GET",
    text=False,
)
