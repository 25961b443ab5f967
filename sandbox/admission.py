"""Checks key, shape, model and rate of a request before the server does anything else."""

from __future__ import annotations

import json
import math
from typing import Any

from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Family, Trouble
from sandbox.faults import Fault
from sandbox.limits import RequestLimit, TokenLimit
from sandbox.records import Record, without_pictures
from sandbox.replies import Options
from sandbox.usage import input_tokens
from sandbox.wire import Request


class Admission:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._requests = RequestLimit(options.requests_a_minute, options.minute)
        self._tokens = TokenLimit(options.tokens_a_minute, options.minute)

    def admit(self, request: Request, dialect: Dialect, record: Record) -> Ask:
        """The request as an `Ask`, which is noted in `record` too.

        Raises:
            Trouble: the provider would refuse the request.
        """
        self._check_key(dialect.family.key_of(request.headers))
        body = _parsed(request, dialect)
        record.body = without_pictures(body)
        ask = _read(dialect, body)
        record.purpose, record.format, record.model = ask.purpose, ask.format, ask.model
        if dialect.text:
            self._check_model(ask.model)
            record.counted = self._take(dialect.family, ask)
        return ask

    def note_written(self, family: Family, record: Record) -> None:
        """The answer is there, and may count too."""
        tokens = family.counting.written(record.output_tokens)
        record.counted += tokens
        self._tokens.take(family.name, tokens)

    def _check_key(self, key: str) -> None:
        accepted = self._options.accepted_keys
        if not key or (accepted is not None and key not in accepted):
            raise Trouble(Fault.BAD_KEY)

    def _check_model(self, model: str) -> None:
        known = self._options.known_models
        if known is not None and model not in known:
            raise Trouble(Fault.UNKNOWN_MODEL, f"The model {model} does not exist or is not yours to use.")

    def _take(self, family: Family, ask: Ask) -> int:
        """Takes of both limits or, when one refuses, of none; the tokens taken."""
        tokens = family.counting.asked(input_tokens(ask), ask.max_output_tokens)
        if seconds := self._requests.wait(family.name):
            raise Trouble(Fault.RATE_LIMIT, seconds=seconds)
        if seconds := self._tokens.wait(family.name, tokens):
            raise Trouble(Fault.TOKEN_LIMIT, seconds=seconds if seconds < math.inf else None)
        self._requests.take(family.name)
        self._tokens.take(family.name, tokens)
        return tokens


def _parsed(request: Request, dialect: Dialect) -> dict[str, Any]:
    try:
        value = dict(dialect.parse(request)) if dialect.parse else json.loads(request.body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Trouble(Fault.BAD_REQUEST, "The body can't be read." if dialect.parse else "The body is no JSON object.")
    return value


def _read(dialect: Dialect, body: dict[str, Any]) -> Ask:
    try:
        return dialect.read(body)
    except (AttributeError, KeyError, TypeError) as error:
        raise Trouble(Fault.BAD_REQUEST, f"The body is not what {dialect.path} takes: {error}.") from None
