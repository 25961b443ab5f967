"""Nothing is paid for twice: not by threads, processes, repeats, nor after a death."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from pressroom.calls import ledger as ledgers
from pressroom.calls import unwritten
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.errors import DatabaseUnusable, DeadlinePassed, Misconfigured, RateLimited
from pressroom.model import Answer, Finish, RunStatus, Usage
from pressroom.settings import settings
from pressroom.store.database import Database
from pressroom.store.runs import open_run
from pressroom.store.tables import ProviderCall, Run, utc_now
from pressroom.store.workspaces import workspace
from sandbox import ProviderServer

IDENTITY = {"system": "Be brief.", "prompt": "Ideas?", "schema": "{}", "temperature": 0.8, "variant": 0}
RECORD = CallRecord(kind="text", purpose="ideas", provider="openai", model="gpt-4.1-mini", identity=IDENTITY)
ANSWER = Answer(
    text='{"ideas": []}',
    usage=Usage(input_tokens=900, output_tokens=120, cached_tokens=300),
    model="gpt-4.1-mini-2025-04-14",
    request_id="req_1",
)

CHILD = """
import sys, time, urllib.request
from pressroom.model import Answer
from pressroom.store.database import Database
from pressroom.calls.ledger import CallRecord, Ledger

url, workspace_id, provider_url, how = sys.argv[1:]

def call():
    print("calling", flush=True)
    if how == "hang":
        time.sleep(600)
    body = b'{"model": "m", "messages": [{"role": "user", "content": "Ideas?"}]}'
    request = urllib.request.Request(provider_url + "/chat/completions", body, {"authorization": "Bearer k"})
    return Answer(text=urllib.request.urlopen(request).read().decode())

record = CallRecord(kind="text", purpose="ideas", provider="openai", model="gpt-4.1-mini", identity=%r)
print("ready", flush=True)
if how == "together":
    sys.stdin.readline()
entry = Ledger(Database(url), workspace_id).ask(record, call, lambda answer: 0)
print("reused" if entry.reused else "made", flush=True)
if how == "die":
    time.sleep(600)
"""


ON_SQLITE = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
"""For a process that dies: that it is dead its owner's name says, whatever the database."""


class Provider:
    """Counts its calls; answers, or raises, as told."""

    def __init__(self, *, seconds: float = 0.0, error: BaseException | None = None) -> None:
        self.seconds, self.error, self.calls = seconds, error, 0
        self._lock = threading.Lock()

    def __call__(self) -> Answer:
        with self._lock:
            self.calls += 1
        time.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        return ANSWER


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(ledgers, "WRITE_PAUSES", (0.01, 0.01))


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, workspace(database, "default").id)


@pytest.fixture
def child(migrated_url: str, ledger: Ledger) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    children: list[subprocess.Popen[str]] = []

    def start(how: str, provider_url: str = "") -> subprocess.Popen[str]:
        line = [sys.executable, "-c", CHILD % IDENTITY, migrated_url, ledger.workspace_id, provider_url, how]
        children.append(subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert told(children[-1]) == "ready"
        return children[-1]

    yield start
    for one in children:
        one.kill()
        one.communicate()


def told(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def free(_: Answer) -> int:
    return 0


def rows(database: Database) -> list[ProviderCall]:
    with database.read() as session:
        return list(session.exec(select(ProviderCall).order_by(ProviderCall.created_at)).all())  # type: ignore[arg-type]


# Repeats


def test_a_repeat_costs_nothing(ledger: Ledger) -> None:
    provider = Provider()
    first, second = (ledger.ask(RECORD, provider, free) for _ in range(2))
    assert provider.calls == 1
    assert (first.reused, second.reused) == (False, True)
    assert first.call_id == second.call_id
    assert first.answer == second.answer == ANSWER


def test_a_broken_answer_is_an_answer_too(ledger: Ledger) -> None:
    broken = Answer(text='{"ide', finish=Finish.LENGTH)
    ledger.ask(RECORD, lambda: broken, free)
    assert ledger.ask(RECORD, Provider(), free).answer == broken


@pytest.mark.parametrize("text", ["emoji 🚀 and 中文", "a NUL \x00 inside", "half an emoji \ud83d inside", ""])
def test_whatever_a_model_says_is_kept(ledger: Ledger, text: str) -> None:
    ledger.ask(RECORD, lambda: Answer(text=text), free)
    assert ledger.ask(RECORD, Provider(), free).answer.text == text


def test_twenty_threads_make_one_call(ledger: Ledger) -> None:
    provider = Provider(seconds=0.3)
    with ThreadPoolExecutor(20) as pool:
        entries = list(pool.map(lambda _: ledger.ask(RECORD, provider, free), range(20)))
    assert provider.calls == 1
    assert sum(entry.reused for entry in entries) == 19
    assert len({entry.call_id for entry in entries}) == 1


def test_twenty_different_requests_run_side_by_side(ledger: Ledger) -> None:
    provider = Provider(seconds=0.5)
    started = time.monotonic()
    records = [replace(RECORD, identity={"prompt": str(number)}) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        entries = list(pool.map(lambda record: ledger.ask(record, provider, free), records))
    assert provider.calls == 20 == len({entry.call_id for entry in entries})
    assert time.monotonic() - started < 5


def test_workspaces_share_no_answers(ledger: Ledger) -> None:
    provider = Provider()
    ledger.ask(RECORD, provider, free)
    other = replace(ledger, workspace_id=workspace(ledger.database, "other").id)
    assert not other.ask(RECORD, provider, free).reused
    assert provider.calls == 2


def test_another_run_reuses_the_answer(ledger: Ledger) -> None:
    provider = Provider()
    ledger.ask(RECORD, provider, free)
    assert replace(ledger, execution="later").ask(RECORD, provider, free).reused


# What makes a request another one


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "image"},
        {"provider": "anthropic"},
        {"model": "gpt-4.1"},
        *({"identity": {**IDENTITY, part: "another"}} for part in IDENTITY),
        {"identity": {**IDENTITY, "further": 1}},
    ],
    ids=str,
)
def test_its_parts_make_the_request(change: dict[str, Any]) -> None:
    assert replace(RECORD, **change).hash != RECORD.hash


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "draft"},
        {"prompt_hash": "another"},
        {"task": "another"},
        {"timeout": 1.0},
        {"identity": dict(reversed(IDENTITY.items()))},
    ],
    ids=str,
)
def test_nothing_else_does(change: dict[str, Any]) -> None:
    assert replace(RECORD, **change).hash == RECORD.hash


# What is recorded


def test_a_call_is_recorded_with_its_cost(ledger: Ledger) -> None:
    run = open_run(
        ledger.database,
        Run(
            workspace_id=ledger.workspace_id,
            kind="daily",
            run_key="one",
            day=utc_now().date(),
            trigger="manual",
            status=RunStatus.RUNNING,
        ),
        lease_seconds=90,
    )
    recorder = replace(ledger, run_id=run.id, execution="first start")
    record = replace(RECORD, task="ideas", prompt_hash="system:1")
    entry = recorder.ask(record, Provider(seconds=0.05), lambda answer: answer.usage.output_tokens * 2)
    (row,) = rows(ledger.database)
    assert row.id == entry.call_id
    assert (row.run_id, row.execution, row.task) == (run.id, "first start", "ideas")
    assert (row.kind, row.purpose, row.provider, row.model) == ("text", "ideas", "openai", "gpt-4.1-mini")
    assert (row.status, row.prompt_hash) == ("answered", "system:1")
    assert row.request_hash == row.request_key == record.hash
    assert (row.input_tokens, row.output_tokens, row.cached_tokens, row.cost_microusd) == (900, 120, 300, 240)
    assert 50 <= row.milliseconds < 5000
    assert row.answered_at is not None and row.answered_at >= row.created_at
    assert row.error is None


def test_a_failed_call_is_recorded_and_may_be_tried_again(ledger: Ledger) -> None:
    refused = Provider(error=RateLimited("openai asks to slow down.", retry_after=3))
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            ledger.ask(RECORD, refused, free)
        assert caught.value is refused.error
    assert ledger.ask(RECORD, Provider(), free).answer == ANSWER
    failed, again, answered = rows(ledger.database)
    assert (failed.status, again.status, answered.status) == ("failed", "failed", "answered")
    assert (failed.error_code, failed.error) == ("PROVIDER_RATE_LIMIT", "openai asks to slow down.")
    assert (failed.request_key, failed.request_hash) == (None, RECORD.hash)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("secret things")])
def test_an_interruption_frees_the_request(ledger: Ledger, error: BaseException) -> None:
    with pytest.raises(type(error)):
        ledger.ask(RECORD, Provider(error=error), free)
    (row,) = rows(ledger.database)
    assert (row.status, row.error_code, row.error) == ("failed", "INTERRUPTED", type(error).__name__)
    assert not ledger.ask(RECORD, Provider(), free).reused


def test_those_who_waited_for_a_call_that_fails_make_it_themselves(ledger: Ledger) -> None:
    calls = iter([RateLimited("slow down."), None])

    def call() -> Answer:
        error = next(calls)
        time.sleep(0.2)
        if error:
            raise error
        return ANSWER

    def ask(_: int) -> str:
        try:
            return "reused" if ledger.ask(RECORD, call, free).reused else "made"
        except RateLimited:
            return "failed"

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(ask, range(5))) == ["failed", "made", "reused", "reused", "reused"]


def test_an_answer_without_a_price_is_kept(ledger: Ledger) -> None:
    def no_price(_: Answer) -> int:
        raise Misconfigured("The price file can't be used.")

    with pytest.raises(Misconfigured):
        ledger.ask(RECORD, Provider(), no_price)
    assert ledger.ask(RECORD, Provider(), free).reused


def test_a_database_that_is_away_for_a_moment_costs_no_answer(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    troubles = iter([DatabaseUnusable("away."), DatabaseUnusable("away.")])
    update = Ledger._update

    def shaky(self: Ledger, call_id: str, **values: Any) -> None:
        if (trouble := next(troubles, None)) is not None:
            raise trouble
        update(self, call_id, **values)

    monkeypatch.setattr(Ledger, "_update", shaky)
    assert not ledger.ask(RECORD, Provider(), free).reused
    assert ledger.ask(RECORD, Provider(), free).reused


# Claims


def claimed(ledger: Ledger, owner: str, seconds: float) -> None:
    with ledger.database.write() as session:
        expires = utc_now() + timedelta(seconds=seconds)
        session.add(ProviderCall(**ledger._claim_of(RECORD), claim_owner=owner, claim_expires_at=expires))


def test_a_claim_elsewhere_is_respected_until_it_ends(ledger: Ledger) -> None:
    claimed(ledger, "elsewhere/1/1/abcdef01", 0.6)
    started = time.monotonic()
    entry = replace(ledger, execution="ours").ask(RECORD, Provider(), free)
    assert 0.5 < time.monotonic() - started < 5
    assert not entry.reused
    (row,) = rows(ledger.database)
    assert (row.status, row.execution) == ("answered", "ours")


def test_an_answer_from_elsewhere_is_waited_for(ledger: Ledger) -> None:
    claimed(ledger, "elsewhere/1/1/abcdef01", 60)
    (row,) = rows(ledger.database)
    threading.Timer(0.3, lambda: ledger._keep(row.id, ANSWER, 7, {})).start()
    provider = Provider()
    entry = ledger.ask(RECORD, provider, free)
    assert (entry.reused, provider.calls) == (True, 0)


@ON_SQLITE
def test_the_claim_of_the_dead_is_taken_over_at_once(
    ledger: Ledger, child: Callable[..., subprocess.Popen[str]]
) -> None:
    one = child("hang")
    assert told(one) == "calling"
    one.kill()
    one.wait()
    started = time.monotonic()
    assert not ledger.ask(RECORD, Provider(), free).reused
    assert time.monotonic() - started < 2
    assert [row.status for row in rows(ledger.database)] == ["answered"]


@ON_SQLITE
def test_the_answer_of_the_dead_is_kept(ledger: Ledger, child: Callable[..., subprocess.Popen[str]]) -> None:
    with ProviderServer() as server:
        one = child("die", server.openai_url)
        assert [told(one), told(one)] == ["calling", "made"]
        one.kill()
        one.wait()
        assert ledger.ask(RECORD, Provider(error=AssertionError()), free).reused
        assert server.counts["total"] == 1


def test_two_processes_make_one_call(ledger: Ledger, child: Callable[..., subprocess.Popen[str]]) -> None:
    with ProviderServer(latency=0.5) as server:
        children = [child("together", server.openai_url) for _ in range(2)]
        for one in children:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        said = sorted(line for one in children for line in one.communicate(timeout=60)[0].split())
        assert said == ["calling", "made", "reused"]
        assert server.counts["total"] == 1


REFUSED = Answer(text="I'd rather not.", finish=Finish.REFUSAL)


def test_a_refusal_is_a_fact_of_its_time(ledger: Ledger) -> None:
    """The start of the run that was given it doesn't ask again; a later one does, and its answer counts from then."""
    first, second = replace(ledger, execution="first"), replace(ledger, execution="second")
    assert first.ask(RECORD, lambda: REFUSED, free).answer == REFUSED
    assert first.ask(RECORD, Provider(error=AssertionError()), free).reused
    assert second.find(RECORD) is None
    assert second.ask(RECORD, lambda: ANSWER, free).answer == ANSWER
    assert first.find(RECORD) is not None and replace(ledger, execution="third").find(RECORD) is not None
    with ledger.database.read() as session:
        found = session.exec(select(ProviderCall).order_by(col(ProviderCall.created_at))).all()
    assert [(row.status, row.request_key is None) for row in found] == [("answered", True), ("answered", False)]


@ON_SQLITE
def test_a_claim_of_a_process_that_lives_here_is_alive_whatever_the_clock(
    ledger: Ledger, child: Callable[..., subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = child("hang")
    assert told(holder) == "calling"
    later = utc_now() + timedelta(hours=1)
    monkeypatch.setattr("pressroom.calls.ledger.clock", lambda session: later)
    with pytest.raises(DeadlinePassed):
        ledger.ask(RECORD, Provider(error=AssertionError()), free, wait=0.1)
    holder.kill()
    holder.wait()
    assert ledger.ask(RECORD, lambda: ANSWER, free).answer == ANSWER


def test_what_a_failure_brought_along_is_paid_for(ledger: Ledger) -> None:
    error = RateLimited("busy")
    error.answer = ANSWER
    with pytest.raises(RateLimited):
        ledger.ask(RECORD, Provider(error=error), lambda answer: answer.usage.output_tokens)
    with ledger.database.read() as session:
        (row,) = session.exec(select(ProviderCall)).all()
    assert (row.status, row.cost_microusd, row.input_tokens, row.output_tokens) == ("failed", 120, 900, 120)


def test_a_paid_answer_outlives_a_database_that_can_not_be_written(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used at once, kept beside, and written before anything is asked for again, also by the next process."""

    def away(*_: Any, **__: Any) -> None:
        raise DatabaseUnusable("The disk is full.")

    update = Ledger._update
    for memory in (True, False):
        record = replace(RECORD, identity={**IDENTITY, "memory": memory})
        monkeypatch.setattr(Ledger, "_update", away)
        assert ledger.ask(record, lambda: ANSWER, lambda _: 77).answer == ANSWER
        files = list((settings().home / unwritten.FOLDER).rglob("*.json"))
        assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
        monkeypatch.setattr(Ledger, "_update", update)
        if not memory:
            unwritten._held.clear()  # another process
        assert ledger.find(record) is None
        entry = ledger.ask(record, Provider(error=AssertionError()), free)
        assert entry.reused and entry.answer == ANSWER
        assert not list((settings().home / unwritten.FOLDER).rglob("*.json"))
        with ledger.database.read() as session:
            row = session.get_one(ProviderCall, entry.call_id)
        assert (row.cost_microusd, row.answered_at is not None) == (77, True)


def test_a_full_home_too_leaves_the_answer_in_another_place(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    settings().home.mkdir(parents=True, exist_ok=True)
    (settings().home / unwritten.FOLDER).write_text("no folder can be here")
    unwritten.put_by(str(ledger.database.url), "0" * 32, {"status": "answered"})
    assert list((tmp_path / "elsewhere").rglob("*.json"))
    unwritten.write_down("sqlite:///another.db", lambda *_, **__: pytest.fail("that is another database's"))
    unwritten.write_down(str(ledger.database.url), lambda *_, **__: None)
    assert not list((tmp_path / "elsewhere").rglob("*.json"))
