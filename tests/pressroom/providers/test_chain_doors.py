"""What is asked before a call is made: the budget and the limiter, in that order, and only before a real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from sqlmodel import col, update

from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import Ledger
from pressroom.calls.requests import Text
from pressroom.errors import BudgetReached, ChainExhausted, RateLimited
from pressroom.model import Assignment, Idea
from pressroom.store.tables import ProviderCall
from pressroom.writing.requests import draft_request
from sandbox import Fault, ProviderServer
from tests.pressroom.providers.chain_desk import NOTE, Hand, account, asked, chain, complete, request, rows

IDEA = Idea(title="Ask the night shift first", description="A replacement starts with people.", category="technology")


@pytest.fixture
def hand() -> Hand:
    return Hand()


@dataclass
class Counting:
    """A budget and a limiter that write down what they were asked."""

    allowed: int = 1000
    told: list[tuple[object, ...]] = field(default_factory=list)

    def check(self) -> None:
        self.told.append(("check",))
        if sum(said == ("check",) for said in self.told) > self.allowed:
            raise BudgetReached("The budget of the run is spent.")

    def reserve(self, amount: int) -> None:
        """No limit of money: nothing is set aside."""

    def note(self, error: BudgetReached) -> None:
        """No run to note it in."""

    def acquire(self, tokens: int, deadline: float | None) -> None:
        self.told.append(("acquire", tokens, deadline))
        if not self.allowed:
            raise RateLimited("The account's own limit is reached.", retry_after=1)

    def pause(self, seconds: float) -> None:
        self.told.append(("pause", seconds))

    def settle(self, estimated: int, used: int) -> None:
        self.told.append(("settle", estimated, used))


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_both_are_asked_before_each_call_and_told_after(
    name: str, server: ProviderServer, ledger: Ledger, hand: Hand
) -> None:
    """A call that failed has taken what was estimated; an answer's output counts as it was asked for, or written."""
    server.enqueue(Fault.SERVER_ERROR, NOTE)
    counting = Counting()
    one = chain(server, name, policy=hand.policy(attempts=2), limiters={name: counting})
    complete(one, request(), ledger, budget=counting, deadline=Deadline(50, clock=lambda: hand.now))
    answered = rows(ledger)[-1]
    estimated = (len(request().system) + len(request().prompt)) // 4 + 100
    asked_for = [("check",), ("acquire", estimated, 1050.0)]
    assert answered.input_tokens > 0 < answered.output_tokens < 100
    took = answered.input_tokens + {"openai": 100, "anthropic": answered.output_tokens}[name]
    assert counting.told == [*asked_for, ("settle", estimated, estimated), *asked_for, ("settle", estimated, took)]


def test_nobody_is_asked_for_an_answer_that_is_there(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.enqueue(Fault.PROSE, NOTE)
    counting = Counting()
    one = chain(server, "openai", policy=hand.policy(attempts=2), limiters={"openai": counting})
    first = complete(one, request(), ledger)
    counting.told.clear()
    assert complete(one, request(), ledger, budget=Counting(allowed=0)) == first
    assert counting.told == []


def test_a_spent_budget_passes_over_what_costs(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    accounts = [account("openai", server), account("offline", server, base_url=None, model="offline-1")]
    both = chain_of(accounts, hand.policy(attempts=3))
    draft = draft_request(Assignment(idea=IDEA, format="x_thread"))
    budget = Counting(allowed=0)
    assert complete(both, draft, ledger, budget=budget).account == "offline"
    assert (server.counts["total"], hand.slept, budget.told) == (0, [], [("check",)])


def test_a_spent_budget_without_an_unpaid_provider(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    budget = Counting(allowed=1)
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3))
    server.enqueue(NOTE)
    complete(both, request(0), ledger, budget=budget)
    with pytest.raises(ChainExhausted) as caught:
        complete(both, request(1), ledger, budget=budget)
    assert caught.value.attempts == tuple(
        f"{name}: BUDGET_REACHED: The budget of the run is spent." for name in ("openai", "anthropic")
    )
    assert server.counts["total"] == len(rows(ledger)) == 1
    complete(both, request(1), ledger)


def test_without_a_permit_the_next_provider_is_asked_at_once(
    server: ProviderServer, ledger: Ledger, hand: Hand
) -> None:
    server.enqueue(NOTE)
    limiter = Counting(allowed=0)
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3), limiters={"openai": limiter})
    assert complete(both, request(), ledger).account == "anthropic"
    assert (asked(server), hand.slept) == (["anthropic"], [])
    assert [said[0] for said in limiter.told] == ["acquire"]
    both.links[0].health.circuit("text").check()


def test_what_the_provider_asks_for_holds_for_all_its_callers(
    server: ProviderServer, ledger: Ledger, hand: Hand
) -> None:
    server.enqueue(Fault.RATE_LIMIT, NOTE)
    limiter = Counting()
    one = chain(server, "openai", policy=hand.policy(attempts=2), limiters={"openai": limiter})
    complete(one, request(), ledger)
    assert [said for said in limiter.told if said[0] == "pause"] == [("pause", 1)]


def test_a_deadline_without_end_is_none_to_a_limiter(server: ProviderServer, ledger: Ledger) -> None:
    server.enqueue(NOTE)
    limiter = Counting()
    one = chain(server, "openai", policy=RetryPolicy(), limiters={"openai": limiter})
    complete(one, request(), ledger, deadline=Deadline())
    assert limiter.told[0][2] is None


def test_a_permit_is_waited_for_before_the_request_is_claimed(server: ProviderServer, ledger: Ledger) -> None:
    class Watching(Counting):
        claimed = -1

        def acquire(self, tokens: int, deadline: float | None) -> None:
            self.claimed = len(rows(ledger))

    server.enqueue(NOTE)
    limiter = Watching()
    complete(chain(server, "openai", policy=RetryPolicy(), limiters={"openai": limiter}), request(), ledger)
    assert limiter.claimed == 0


def test_a_permit_that_came_too_late_is_given_back(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    class Late(Counting):
        def acquire(self, tokens: int, deadline: float | None) -> None:
            super().acquire(tokens, deadline)
            hand.now += 200

    limiter = Late()
    one = chain(server, "openai", policy=hand.policy(), limiters={"openai": limiter})
    with pytest.raises(ChainExhausted, match="TASK_DEADLINE"):
        complete(one, request(), ledger, deadline=one.deadline(at=hand.now + 100))
    assert [said[0] for said in limiter.told] == ["acquire", "settle"]
    assert server.counts["total"] == 0


def test_what_is_left_alone_takes_no_permit(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.SERVER_ERROR, dialects=("openai_chat",))
    limiter = Counting()
    both = chain(server, "openai", "anthropic", policy=hand.policy(circuit_failures=1), limiters={"openai": limiter})
    for number in range(3):
        complete(both, request(number), ledger)
    assert [said[0] for said in limiter.told] == ["acquire", "settle"]


def test_every_permit_is_settled_once_whatever_happens(server: ProviderServer, ledger: Ledger) -> None:
    server.configure(fault_rate=0.4, latency=0.02)
    limiter = Counting()
    policy = RetryPolicy(attempts=4, backoff=0, circuit_seconds=0.05)
    both = chain(server, "openai", "anthropic", policy=policy, limiters={"openai": limiter})
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: complete(both, request(number % 12), ledger), range(36)))
    finally:
        server.configure(fault_rate=0.0, latency=0.0)
    kinds = [said[0] for said in limiter.told]
    assert kinds.count("acquire") == kinds.count("settle") > 0


def test_a_call_whose_claim_was_taken_over_is_settled(server: ProviderServer, ledger: Ledger) -> None:
    server.enqueue(NOTE)
    limiter = Counting()
    one = chain(server, "openai", policy=RetryPolicy(), limiters={"openai": limiter})
    claimed = ledger._claim(Text(request()).record(one.links[0], (), ""))
    with ledger.database.write() as session:
        past = rows(ledger)[0].created_at
        session.connection().execute(
            update(ProviderCall)
            .where(col(ProviderCall.id) == claimed)
            .values(claim_expires_at=past, claim_owner="elsewhere/1/1/x")
        )
    assert complete(one, request(), ledger, deadline=Deadline(5)).call_ids == (claimed,)
    assert [said[0] for said in limiter.told] == ["acquire", "settle"]
