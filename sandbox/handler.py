"""From a request to its answer: who asks, what for, what the plan has in store, and how it is said."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from dataclasses import dataclass
from uuid import uuid4

from pressroom.model import Answer
from sandbox import dialects, profiles
from sandbox.admission import Admission
from sandbox.answers import answer_to
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Trouble
from sandbox.faults import Fault
from sandbox.outgoing import encoded, error_response, nothing_here, on_the_line
from sandbox.plan import Decision, Plan
from sandbox.profiles import Profile
from sandbox.records import Log, Record
from sandbox.replies import Options
from sandbox.spoil import spoil
from sandbox.usage import Meter
from sandbox.wire import Request, Response

SLOW_SECONDS = 5.0
RATE_LIMITS = (Fault.RATE_LIMIT, Fault.RATE_LIMIT_DATE, Fault.TOKEN_LIMIT)
LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """One admitted request. `arrived`: seconds of `time.perf_counter`; `number`: part of all its ids."""

    ask: Ask
    dialect: Dialect
    decision: Decision
    record: Record
    number: str
    arrived: float
    profile: Profile | None = None


class Handler:
    """Answers for all dialects; everything it remembers since the last reset is here."""

    def __init__(self, options: Options) -> None:
        self.log = Log(options.history_size)
        self.plan = Plan(options)
        self._meter = Meter()
        self.adopt(options)

    def adopt(self, options: Options) -> None:
        """Other options from now on; nothing is forgotten but what the running minute had."""
        self._options = self.plan.options = options
        self._admission = Admission(options)

    async def respond(self, request: Request) -> Response:
        arrived = time.perf_counter()
        profile, request = profiles.find(request)
        dialect = dialects.find(request.method, request.path)
        record = self.log.begin(dialect.name if dialect else "", request.method, request.path, request.headers)
        try:
            if dialect is None:
                response, record.outcome = nothing_here(request), "refused"
            else:
                response = await self._respond(request, dialect, record, arrived, profile)
            record.status = 0 if response.ending == "drop" else response.status
            return response
        except asyncio.CancelledError:
            if record.outcome != Fault.HANG:
                record.outcome = "client_gone"
            raise
        finally:
            self.log.end(record)

    async def _respond(
        self, request: Request, dialect: Dialect, record: Record, arrived: float, profile: Profile | None
    ) -> Response:
        number = f"sandbox{uuid4().hex[:16]}"
        try:
            ask = self._admission.admit(request, dialect, record)
            if profile and dialect.text and (refusal := profile.refusal(ask.body)) is not None:
                record.outcome = "refused"
                return refusal
            decision = self.plan.decide(ask, dialect.name, text=dialect.text)
            record.outcome = decision.outcome
            return await self._carry_out(Call(ask, dialect, decision, record, number, arrived, profile))
        except Trouble as trouble:
            record.outcome = record.outcome or "refused"
            return error_response(dialect.family, trouble, number)
        except Exception:
            # A mistake of this server must not look like a hanging provider.
            LOGGER.exception("The provider server failed at %s", request.path)
            record.outcome = "broken"
            return error_response(dialect.family, Trouble(Fault.SERVER_ERROR, "The provider server has a bug."), number)

    async def _carry_out(self, call: Call) -> Response:
        fault = call.decision.fault
        if fault is not None and fault.kind == "status":
            raise Trouble(fault, seconds=self._retry_after(fault, call.decision))
        if fault is Fault.HANG:
            await asyncio.Event().wait()
        response = self._good(call)
        # Made first, then waited for: the time it took to make is part of the latency, not on top of it.
        await asyncio.sleep(max(0.0, call.arrived + self._delay(call) - time.perf_counter()))
        self._admission.note_written(call.dialect.family, call.record)
        return on_the_line(response, fault, call.decision.seconds)

    def _retry_after(self, fault: Fault, decision: Decision) -> float | None:
        if fault not in RATE_LIMITS:
            return None
        return self._options.retry_after if decision.seconds is None else decision.seconds

    def _good(self, call: Call) -> Response:
        reply = call.decision.reply
        if reply is not None and reply.body is not None:
            return Response(reply.status, encoded(reply.body), reply.headers)
        answer = Answer(text="", model=call.ask.model, request_id=call.number)
        if call.dialect.text:
            answer = self._said(call, answer)
        elif call.dialect.media is not None:
            scripted = reply.said if reply else None
            picture = call.dialect.media(call.ask, call.decision.fault) if scripted is None else scripted
            answer = answer.model_copy(update={"text": picture})
        head = {call.dialect.family.id_header: f"req_{call.number}"}
        if call.dialect.media_type:
            return Response(200, base64.b64decode(answer.text), {**head, "content-type": call.dialect.media_type})
        written = call.dialect.write(call.ask, answer, self._options)
        body = encoded(call.profile.dressed(written, answer) if call.profile else written)
        return Response(call.dialect.status(written), body, head)

    def _said(self, call: Call, empty: Answer) -> Answer:
        """The model's text, scripted or composed, with its usage; spoilt if that is the plan."""
        scripted = call.decision.reply.said if call.decision.reply else None
        text = self._own_words(call) if scripted is None else scripted
        answer = empty.model_copy(update={"text": text})
        answer = spoil(answer, call.decision.fault) if call.decision.fault else answer
        call.record.said = answer.text
        usage = self._meter.usage(call.ask, answer.text)
        call.record.output_tokens = usage.output_tokens
        answer = answer.model_copy(update={"usage": usage})
        return call.profile.said(call.ask, answer) if call.profile else answer

    def _own_words(self, call: Call) -> str:
        return answer_to(call.ask, call.decision.asked_before, made_up_ideas=self._options.made_up_ideas)

    def _delay(self, call: Call) -> float:
        seconds = call.decision.seconds
        base = self._latency(call)
        if call.decision.fault is Fault.SLOW:
            return base + (SLOW_SECONDS if seconds is None else seconds)
        return seconds if call.decision.reply and seconds is not None else base

    def _latency(self, call: Call) -> float:
        if call.dialect.text:
            return call.decision.latency
        return self._options.moderation_latency if call.dialect.media is None else self._options.image_latency
