"""The ledger of calls: asked before every call, written at once after it, so that nothing is paid for twice.

A request is known by its hash. When the ledger has the answer, no provider is called.
Otherwise a claim keeps every other worker from making the same call, the call is made, and the answer is
written in its own transaction before anyone looks at it. A claim whose owner is gone is taken over.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Table, bindparam, select, text, update
from sqlmodel import Session

from pressroom import logs, redaction
from pressroom.calls import events, unwritten
from pressroom.errors import BudgetReached, DatabaseUnusable, DeadlinePassed, JobLost, Lasting, PressroomError
from pressroom.model import Answer, Finish, Usage
from pressroom.store.database import Database, insert_values
from pressroom.store.owners import clock, is_gone, this_process
from pressroom.store.tables import ProviderCall, new_id, utc_now

POLL_SECONDS = 0.2
"""How often a worker looks whether the one who holds the claim has the answer."""

CLAIM_MARGIN_SECONDS = 30
"""How much longer than its time-out a call may hold its claim."""

_NO_PROCESS = "none/0/0/0"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

WRITE_PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between the attempts to write an answer that has been paid for."""

_UNDER_WAY: set[str] = set()
"""The calls that this process is making. A claim of ours that isn't among them was left behind when the database
broke off in the middle; no process would answer it."""


# Statements as constants: building one takes three times as long as running it, and every draft needs ten.
_CALLS: Table = ProviderCall.__table__  # type: ignore[attr-defined]
_SEEN = ("id", "status", "answer", "claim_owner", "claim_expires_at", "execution")
_FIND = select(*(_CALLS.c[name] for name in _SEEN)).where(
    _CALLS.c.workspace_id == bindparam("workspace"), _CALLS.c.request_key == bindparam("request")
)
_FIND_TO_TAKE = _FIND.with_for_update()
_MINE = (_CALLS.c.workspace_id == bindparam("workspace"), _CALLS.c.request_key == bindparam("request"))
_JOB = select(_CALLS.c.job_id).where(*_MINE, _CALLS.c.status == "submitted")
_JOBS_OVER = (
    select(_CALLS.c.job_id)
    .where(_CALLS.c.workspace_id == bindparam("workspace"), _CALLS.c.request_hash == bindparam("request"))
    .where(_CALLS.c.request_key.is_(None), _CALLS.c.job_id.is_not(None))
    .order_by(_CALLS.c.created_at)
)
_SUBMIT = update(_CALLS).where(*_MINE)
_HOLD = update(_CALLS).where(*_MINE, _CALLS.c.claim_owner == bindparam("owner"))
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('budget/' || :workspace))")
_UPDATE = update(_CALLS).where(_CALLS.c.id == bindparam("call_id"))


@dataclass(frozen=True)
class CallRecord:
    """A request as the ledger keeps it. `identity` is everything that makes it this request and no other."""

    kind: str
    purpose: str
    provider: str
    model: str
    identity: dict[str, Any]
    prompt_hash: str = ""
    task: str = ""
    timeout: float = 30.0

    @cached_property
    def hash(self) -> str:
        parts = [self.kind, self.provider, self.model, self.identity]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """An answer and the row it is kept in. `reused`: it was there before and cost nothing now."""

    call_id: str
    answer: Answer
    reused: bool


class BudgetHeld(BudgetReached):
    """There is money for it as soon as calls under way turn out cheaper than what is set aside for them."""


@dataclass(frozen=True)
class Reserve:
    """Money set aside for a call, until it is known what it costs.

    amount: the most it may cost, in millionths of a dollar. check: raises `BudgetReached` or `BudgetHeld` when a limit
    would be passed; called inside the claim's transaction with the id of its row.
    """

    amount: int
    check: Callable[[Session, str], None]


@dataclass(frozen=True)
class Ledger:
    """The calls of one run. `execution` tells this start of the run from earlier ones."""

    database: Database
    workspace_id: str
    run_id: str | None = None
    execution: str = ""

    def ask(
        self,
        record: CallRecord,
        call: Callable[[], Answer],
        cost: Callable[[Answer], int],
        *,
        wait: float = math.inf,
        reserve: Reserve | None = None,
    ) -> Entry:
        """The answer to `record`: the one already received, or that of `call`, made now and kept.

        cost: price of an answer in millionths of a dollar. wait: seconds another worker is given who makes this call,
        or whose calls hold the money that this one needs. reserve: sets money aside for the call, in the transaction
        that claims it.

        Raises:
            PressroomError: whatever `call` raises, after it has been recorded.
            DeadlinePassed: the other worker needs longer than `wait`.
            BudgetReached: there is no money for it.
        """
        unwritten.write_down(str(self.database.url), self._update)
        until = time.monotonic() + wait
        while True:
            short: BudgetReached | None = None
            try:
                call_id = self._claim(record, reserve)
            except BudgetHeld as error:
                call_id, short = None, error
            if call_id is not None:
                try:
                    return self._make(record, call_id, call, cost)
                finally:
                    _UNDER_WAY.discard(call_id)
            if (entry := self.find(record)) is not None:
                return entry
            if time.monotonic() >= until:
                raise short or DeadlinePassed("The task's time was up while another worker made the same call.")
            time.sleep(POLL_SECONDS)

    def _make(
        self, record: CallRecord, call_id: str, call: Callable[[], Answer], cost: Callable[[Answer], int]
    ) -> Entry:
        events.begun(record)
        started = time.monotonic()
        try:
            with logs.bound(provider=record.provider, request=call_id):
                answer = call()
        except BaseException as error:
            self._release(record, call_id, error, started, cost)
            raise
        price = 0
        try:
            price = cost(answer)
        finally:  # an answer that can't be priced was paid for all the same
            ended = _ended(started)
            self._keep(call_id, answer, price, ended)
            events.answered(record, call_id, answer, price, ended["milliseconds"])
        return Entry(call_id=call_id, answer=answer, reused=False)

    def _keep(self, call_id: str, answer: Answer, price: int, ended: dict[str, Any]) -> None:
        """Write the answer, patiently: a database that is away for a moment must not lose what was paid for."""
        values = {
            "status": "answered",
            "answer": answer.model_dump(mode="json"),
            **_used(answer.usage),
            "cost_microusd": price,
            **ended,
        }
        for pause in WRITE_PAUSES:
            try:
                return self._update(call_id, **values)
            except DatabaseUnusable:
                time.sleep(pause)
        try:
            self._update(call_id, **values)
        except DatabaseUnusable:
            unwritten.put_by(str(self.database.url), call_id, values)

    def find(self, record: CallRecord, *, outdated: bool = False) -> Entry | None:
        """Returns the ledger's answer to `record`, without a call. outdated: also a refusal of an earlier start."""
        with self.database.read() as session:
            row = self._row(session, record)
        if row is None or row.status != "answered" or (self._is_outdated(row) and not outdated):
            return None
        entry = _entry(row)
        events.reused(record, entry)
        return entry

    def knows(self, record: CallRecord) -> bool:
        """True when the answer to `record` is there, so that asking costs nothing."""
        with self.database.read() as session:
            row = self._row(session, record)
        return row is not None and row.status == "answered"

    def job(self, record: CallRecord) -> str | None:
        """The provider's id of the job that was handed in for `record` and is not answered yet."""
        with self.database.read() as session:
            found = session.connection().execute(_JOB, self._known_by(record)).scalar_one_or_none()
        return None if found is None else str(found)

    def jobs_over(self, record: CallRecord) -> tuple[str, ...]:
        """The provider's ids of earlier jobs of the same request, which failed or were refused, in order."""
        with self.database.read() as session:
            return tuple(session.connection().execute(_JOBS_OVER, self._known_by(record)).scalars())

    def hold(self, record: CallRecord) -> None:
        """Make our claim of `record` last for another call from now on: a heartbeat. A database away is no trouble."""
        with suppress(DatabaseUnusable), self.database.write() as session:
            known = {**self._known_by(record), "owner": this_process()}
            session.connection().execute(_HOLD, {**known, "claim_expires_at": _expiry(record, clock(session))})

    def submitted(self, record: CallRecord, job: str | None) -> None:
        """Note the job a provider has taken for `record`, patiently: it is paid for. None: the job is gone."""
        values = {"status": "claimed" if job is None else "submitted", "job_id": job}
        for pause in (*WRITE_PAUSES, None):
            try:
                with self.database.write() as session:
                    session.connection().execute(_SUBMIT, {**self._known_by(record), **values})
                return
            except DatabaseUnusable:
                if pause is None:
                    raise
                time.sleep(pause)

    def _is_outdated(self, row: Any) -> bool:
        """True when an answer is a refusal from an earlier start of a run: a fact of that time."""
        return (row.answer or {}).get("finish") == Finish.REFUSAL and row.execution != self.execution

    def _is_free(self, row: Any, now: datetime) -> bool:
        """True when a claim's call is no longer being made. now: by the database's clock."""
        if row.claim_owner == this_process():
            return row.id not in _UNDER_WAY and not unwritten.holds(str(self.database.url), row.id)
        return is_gone(row.claim_owner, row.claim_expires_at, now)

    def _claim(self, record: CallRecord, reserve: Reserve | None = None) -> str | None:
        """The id of the row that is ours now, or None when another worker is making the call (or just made it)."""
        taken = None
        try:
            with self.database.write() as session:
                if (taken := self._taken(session, record, reserve)) is not None:
                    _UNDER_WAY.add(taken)  # before anybody can see it
        except BaseException:
            _UNDER_WAY.discard(taken or "")  # whether the database has kept it nobody knows
            raise
        return taken

    def _taken(self, session: Session, record: CallRecord, reserve: Reserve | None) -> str | None:
        if reserve is not None:
            _one_at_a_time(session, self.workspace_id)
        now = clock(session)
        owned = {
            "run_id": self.run_id,
            "execution": self.execution,
            "task": record.task,
            "claim_owner": this_process(),
            "claim_expires_at": _expiry(record, now),
            "cost_microusd": 0 if reserve is None else reserve.amount,
        }
        row = self._row(session, record, lock=True)
        if row is not None and row.status == "answered" and self._is_outdated(row):
            session.connection().execute(_UPDATE, {"call_id": row.id, "request_key": None})
            row = None
        if row is None:
            claim = {**self._claim_of(record), **owned}
            if not insert_values(session, _CALLS, claim, ("workspace_id", "request_key")):
                return None  # another worker's, this very moment
            taken = str(claim["id"])
        elif row.status == "answered" or not self._is_free(row, now):
            return None
        else:
            session.connection().execute(_UPDATE, {"call_id": row.id, **owned})
            taken = str(row.id)
        if reserve is not None and (row is None or row.status != "submitted"):  # a job handed in is paid for
            reserve.check(session, taken)
        return taken

    def _claim_of(self, record: CallRecord) -> dict[str, Any]:
        return {
            "id": new_id(),
            "workspace_id": self.workspace_id,
            "kind": record.kind,
            "purpose": record.purpose,
            "provider": record.provider,
            "model": record.model,
            "request_hash": record.hash,
            "request_key": record.hash,
            "prompt_hash": record.prompt_hash,
            "status": "claimed",
        }

    def _row(self, session: Session, record: CallRecord, *, lock: bool = False) -> Any:
        """The entry of `record`, or None: id, status, answer, claim_owner, claim_expires_at."""
        statement = _FIND_TO_TAKE if lock else _FIND
        return session.connection().execute(statement, self._known_by(record)).one_or_none()

    def _known_by(self, record: CallRecord) -> dict[str, str]:
        return {"workspace": self.workspace_id, "request": record.hash}

    def _release(
        self,
        record: CallRecord,
        call_id: str,
        error: BaseException,
        started: float,
        cost: Callable[[Answer], int],
    ) -> None:
        """Record that the call failed, and free the request for another try. What came along is paid for."""
        code = error.code if isinstance(error, PressroomError) else "INTERRUPTED"
        reason = redaction.mask(error.message) if isinstance(error, PressroomError) else type(error).__name__
        ended = _ended(started)
        paid = getattr(error, "answer", None)
        used = _used(paid.usage) | {"cost_microusd": cost(paid)} if isinstance(paid, Answer) else {"cost_microusd": 0}
        if self._goes_on(record, error):
            self._update(
                call_id, claim_owner=_NO_PROCESS, claim_expires_at=_LONG_AGO, milliseconds=ended["milliseconds"]
            )
        else:
            self._update(call_id, status="failed", request_key=None, error_code=code, error=reason, **used, **ended)
        events.failed(record, call_id, code, reason, ended["milliseconds"])

    def _goes_on(self, record: CallRecord, error: BaseException) -> bool:
        """True when the job handed in goes on at the provider: the next caller gets its result."""
        return not isinstance(error, Lasting | JobLost) and self.job(record) is not None

    def _update(self, call_id: str, **values: Any) -> None:
        with self.database.write() as session:
            session.connection().execute(_UPDATE, {"call_id": call_id, **values})


def _expiry(record: CallRecord, now: datetime) -> datetime:
    return now + timedelta(seconds=record.timeout + CLAIM_MARGIN_SECONDS)


def _one_at_a_time(session: Session, workspace_id: str) -> None:
    """Keeps other claims of the workspace that need money out of this transaction's time; SQLite has one writer."""
    if session.get_bind().dialect.name != "sqlite":
        session.connection().execute(_LOCK, {"workspace": workspace_id})


def _used(usage: Usage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_tokens": usage.cached_tokens,
    }


def _entry(row: Any) -> Entry:
    return Entry(call_id=row.id, answer=Answer.model_validate(row.answer), reused=True)


def _ended(started: float) -> dict[str, Any]:
    return {"milliseconds": round((time.monotonic() - started) * 1000), "answered_at": utc_now()}
