"""A budget is a promise: money is set aside before a call and settled after it, whoever else spends at the time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from pressroom.calls.budget import Budget, dollars
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.errors import BudgetReached, ChainExhausted
from pressroom.model import Answer, RunStatus, Usage
from pressroom.store.runs import close_run, get_run, open_run
from pressroom.store.tables import Run, utc_now
from sandbox import ProviderServer, Reply
from tests.pressroom.providers.chain_desk import NOTE, account, chain, complete, request, rows

CENT = 10_000


@pytest.fixture
def run(ledger: Ledger) -> Ledger:
    wanted = Run(
        workspace_id=ledger.workspace_id,
        kind="daily",
        run_key="k",
        day=utc_now().date(),
        trigger="manual",
        status=RunStatus.RUNNING,
    )
    return replace(ledger, run_id=open_run(ledger.database, wanted, lease_seconds=60).id, execution="first")


def budget(run: Ledger, **limits: Any) -> Budget:
    return Budget(run.database, run.workspace_id, run.run_id or "", **limits)


def record(number: int) -> CallRecord:
    return CallRecord(kind="text", purpose="draft", provider="openai", model="m", identity={"number": number})


def spend(
    run: Ledger, budgeted: Budget, number: int, *, most: int, cost: int, seconds: float = 0.0, wait: float = 5
) -> bool:
    """Whether a call was made, of that cost (millionths) where `most` had been set aside."""

    def call() -> Answer:
        time.sleep(seconds)
        return Answer(text="{}")

    try:
        run.ask(record(number), call, lambda _: cost, wait=wait, reserve=budgeted.reserve(most))
    except BudgetReached as error:
        budgeted.note(error)
        return False
    return True


def test_fifteen_calls_at_once_never_pass_the_limit(run: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs 0.9 cents, of which a run may spend five; it is noted in the run which limit was reached."""
    monkeypatch.setattr("pressroom.calls.ledger.POLL_SECONDS", 0.01)
    budgeted = budget(run, run_limit=0.05)
    with ThreadPoolExecutor(15) as pool:
        made = list(pool.map(lambda n: spend(run, budgeted, n, most=9_000, cost=9_000, seconds=0.05), range(15)))
    assert sum(made) == 5
    assert sum(row.cost_microusd for row in rows(run)) == 45_000
    noted = get_run(run.database, run.run_id or "").budget
    assert noted is not None and noted["limit"] == "run" and noted["spent_usd"] == pytest.approx(0.045)


def test_money_that_was_set_aside_and_not_spent_is_spent_by_those_who_wait(
    run: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Estimates are what a call may cost at most: six of 0.5 cents fit into five cents, whatever is set aside."""
    monkeypatch.setattr("pressroom.calls.ledger.POLL_SECONDS", 0.01)
    budgeted = budget(run, day_limit=0.05)
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda n: spend(run, budgeted, n, most=2 * CENT, cost=5_000, seconds=0.02), range(6)))
    assert made == [True] * 6
    assert not spend(run, budgeted, 9, most=3 * CENT, cost=0), "what may pass it is not begun"


def test_a_call_that_failed_gives_back_what_was_set_aside_and_pays_what_came(run: Ledger) -> None:
    budgeted = budget(run, run_limit=0.05)

    def fails(paid: bool) -> Any:
        def call() -> Answer:
            error = ConnectionError()
            if paid:
                error.answer = Answer(text="", usage=Usage(output_tokens=7))  # type: ignore[attr-defined]
            raise error

        return call

    for number, paid in enumerate((False, True)):
        with pytest.raises(ConnectionError):
            run.ask(record(number), fails(paid), lambda _: 123, reserve=budgeted.reserve(4 * CENT))
    assert [(row.status, row.cost_microusd, row.output_tokens) for row in rows(run)] == [
        ("failed", 0, 0),
        ("failed", 123, 7),
    ]


def test_calls_of_another_process_hold_money_too_and_those_of_a_dead_one_may_be_paid(run: Ledger) -> None:
    budgeted = budget(run, run_limit=0.05)
    begun, done = threading.Event(), threading.Event()

    def call() -> Answer:
        begun.set()
        done.wait(5)
        return Answer(text="{}")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run.ask, record(0), call, lambda _: 0, reserve=budgeted.reserve(4 * CENT))
        assert begun.wait(5)
        assert not spend(run, budgeted, 1, most=2 * CENT, cost=0, wait=0.05)
        done.set()
    assert spend(run, budgeted, 1, most=2 * CENT, cost=0)


def test_a_chain_sets_aside_what_its_request_may_cost(server: ProviderServer, run: Ledger) -> None:
    server.enqueue(*[Reply(data=NOTE.model_dump())] * 3)
    one = chain_of([account("openai", server, model="gpt-4.1-mini")], RetryPolicy(attempts=1))
    complete(one, request(0), run, budget=budget(run, run_limit=1.0))
    assert 0 < rows(run)[0].cost_microusd < 1000
    with pytest.raises(ChainExhausted, match=r"BUDGET_REACHED: The budget of the run, \$0.0001, would be passed"):
        complete(one, request(1, max_output_tokens=100_000), run, budget=budget(run, run_limit=0.0001))
    assert get_run(run.database, run.run_id or "").budget is not None
    assert complete(chain(server, "openai", policy=RetryPolicy()), request(2), run).account == "openai"


def test_a_budget_s_note_is_cleared_when_the_run_goes_on(run: Ledger) -> None:
    budgeted = budget(run, run_limit=0.01)
    assert not spend(run, budgeted, 1, most=2 * CENT, cost=0)
    row = close_run(run.database, run.run_id or "", RunStatus.PARTIAL)
    assert row.budget is not None
    open_run(run.database, row.model_copy(), lease_seconds=60)
    assert get_run(run.database, row.id).budget is None


def test_money_is_shown_exactly() -> None:
    shown = {amount: dollars(amount) for amount in (0.001, 0.05, 5, 0.1234567, 1.5, 0.0000005, 12.34)}
    assert list(shown.values()) == ["0.001", "0.05", "5.00", "0.123457", "1.50", "0.00", "12.34"]
