"""Each fault, at each place of a run, at each provider: once, for good, and with nobody else to ask.

As a rule each fault meets each place and each provider once, three cases instead of nine: what a provider's answer
means is told by its own file, what follows from it by the chain, which knows no provider. TESTS_ALL_CASES=1 runs all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product

import pytest

from pressroom.model import State
from sandbox import Fault, ProviderServer
from tests.faults.morning import BACKUP, DIALECT, Morning
from tests.fixtures.extent import ALL_CASES

PLACES = ("ideas", "draft", "feedback")
PROVIDERS = ("openai", "anthropic", "compatible")
TIMEOUT = 0.4
"""Seconds, where one has to be waited for."""


@dataclass(frozen=True)
class Case:
    """code: that of the failed row, empty where it is an answer. again: the same provider is asked once more.

    seconds: Retry-After, or the fault's own pause.
    """

    fault: Fault
    code: str = ""
    again: bool = True
    seconds: float | None = None
    waits: bool = False

    def __str__(self) -> str:
        return str(self.fault)


CASES = (
    Case(Fault.RATE_LIMIT, "PROVIDER_RATE_LIMIT", seconds=0.05),
    Case(Fault.RATE_LIMIT_BARE, "PROVIDER_RATE_LIMIT"),
    Case(Fault.SERVER_ERROR, "PROVIDER_BUSY"),
    Case(Fault.OVERLOADED, "PROVIDER_BUSY"),
    Case(Fault.HANG, "PROVIDER_TIMEOUT", waits=True),
    Case(Fault.CUT, "PROVIDER_CONNECTION"),
    Case(Fault.MALFORMED_BODY, "PROVIDER_BROKEN_ANSWER"),
    Case(Fault.MALFORMED_JSON),
    Case(Fault.TRUNCATED),
    Case(Fault.REFUSAL, again=False),
    Case(Fault.BAD_KEY, "PROVIDER_KEY_REFUSED", again=False),
    Case(Fault.RULE_BREAKING),
    Case(Fault.SLOW, again=False, seconds=0.1),
)
ALONE = {Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.CUT, Fault.TRUNCATED, Fault.REFUSAL, Fault.BAD_KEY}
GOES_ON = {*ALONE, Fault.HANG, Fault.MALFORMED_BODY, Fault.MALFORMED_JSON}
SKIPPED = {"PROVIDER_KEY_REFUSED"}
"""After this the provider is asked no more, for the drafts neither."""


def combined(faults: Collection[Fault]) -> pytest.MarkDecorator:
    """Every pair of a fault, a place and a provider; every three of them with TESTS_ALL_CASES=1."""
    cases = [case for case in CASES if case.fault in faults]
    numbered = product(*map(enumerate, (cases, PLACES, PROVIDERS)))
    chosen = [
        pytest.param(case, place, provider, id=f"{provider}-{place}-{case}")
        for (a, case), (b, place), (c, provider) in numbered
        if ALL_CASES or (a + b + c) % len(PROVIDERS) == 0
    ]
    return pytest.mark.parametrize(("case", "place", "provider"), chosen)


def arrange(server: ProviderServer, case: Case, place: str, provider: str, *, times: int | None) -> None:
    """The fault at that place. For a feedback call there must be a draft that breaks its rules first."""
    dialects = (DIALECT[provider],)
    purposes = ("ideas" if place == "ideas" else "draft",)
    if place == "feedback":
        server.fail(Fault.RULE_BREAKING, purposes=purposes, dialects=dialects, times=1)
    server.fail(case.fault, purposes=purposes, dialects=dialects, times=times, seconds=case.seconds)


def spoilt(case: Case, provider: str) -> str:
    return f"{provider} {case.code or 'answered'}"


def expected(case: Case, place: str, provider: str, faulty: int, *, healthy: str | None) -> list[str]:
    """The calls at the fault's purpose: perhaps the one that calls for feedback, the spoilt ones, the good one."""
    before = [f"{provider} answered"] if place == "feedback" else []
    after = [f"{healthy} answered"] if healthy else []
    return [*before, *[spoilt(case, provider)] * faulty, *after]


@combined(list(Fault))
def test_it_happens_once(case: Case, place: str, provider: str, morning: Morning) -> None:
    """The provider itself makes good what may pass, another one what may not."""
    arrange(morning.server, case, place, provider, times=1)
    chain = morning.chain(provider, BACKUP[provider], timeout=TIMEOUT if case.waits else 10.0)
    morning.make(chain)

    healthy = provider if case.again else BACKUP[provider]
    calls = expected(case, place, provider, 1, healthy=healthy if case.fault is not Fault.SLOW else None)
    assert morning.happened("ideas" if place == "ideas" else "draft") == calls
    (draft,) = morning.drafts()
    assert (draft.state, morning.failures) == (State.GENERATED, [])
    if place != "ideas":
        assert draft.provider == (provider if case.fault is Fault.SLOW else healthy)
    assert draft.asked == 1 + (place == "feedback") + (case.fault is Fault.RULE_BREAKING and place != "ideas")
    morning.check_books()
    morning.check_repeat(morning.chain(provider, BACKUP[provider]))


@combined(GOES_ON)
def test_it_goes_on_and_another_takes_over(case: Case, place: str, provider: str, morning: Morning) -> None:
    arrange(morning.server, case, place, provider, times=None)
    other = BACKUP[provider]
    chain = morning.chain(provider, other, attempts=2, timeout=TIMEOUT if case.waits else 10.0)
    morning.make(chain)

    calls = expected(case, place, provider, 2 if case.again else 1, healthy=other)
    assert morning.happened("ideas" if place == "ideas" else "draft") == calls
    (draft,) = morning.drafts()
    assert (draft.state, morning.failures) == (State.GENERATED, [])
    assert draft.provider == (other if place != "ideas" or case.code in SKIPPED else provider)
    morning.check_books()
    morning.check_repeat(morning.chain(provider, other, attempts=2))


@combined(ALONE)
def test_nobody_else_is_there_and_it_heals(case: Case, place: str, provider: str, morning: Morning) -> None:
    """What was had is kept, what is missing is told, and the next start makes it without paying again for the rest."""
    arrange(morning.server, case, place, provider, times=None)
    morning.make(morning.chain(provider, attempts=2))
    faulty = 2 if case.again else 1
    purpose = "ideas" if place == "ideas" else "draft"
    assert morning.happened(purpose) == expected(case, place, provider, faulty, healthy=None)
    assert len(morning.ideas()) == (place != "ideas")
    states = [draft.state for draft in morning.drafts()]
    assert states == ([State.QUARANTINED] if place == "feedback" else [])
    assert len(morning.failures) == (place != "feedback")
    assert all(provider in line for error in morning.failures for line in error.attempts)
    check_books_while_broken(morning, place, case)

    before = heal(morning)
    morning.make(morning.chain(provider, attempts=2))
    if place == "feedback":
        assert morning.server.counts["total"] == 0, "a draft in quarantine is a person's affair now"
    elif case.code or case.fault is Fault.REFUSAL:
        assert [draft.state for draft in morning.drafts()] == [State.GENERATED]
        assert morning.happened(purpose) == [*expected(case, place, provider, faulty, healthy=provider)]
    else:
        assert [draft.state for draft in morning.drafts()] == [State.GENERATED]
        (draft,) = morning.drafts()
        assert set(answers(before, purpose)) <= {*draft.call_ids, *idea_calls(morning)}, "broken ones are replayed"
    assert len(morning.calls()) == len(before) + morning.server.counts["total"]


def check_books_while_broken(morning: Morning, place: str, case: Case) -> None:
    """As `check_books`, but that a last answer to feedback which came to nothing belongs to no draft."""
    if place == "feedback" and not case.code:
        morning.failures = morning.failures or [None]  # type: ignore[list-item]
    morning.check_books()
    morning.failures = [error for error in morning.failures if error]


def heal(morning: Morning) -> list[object]:
    rows: list[object] = list(morning.calls())
    morning.server.reset()
    return rows


def answers(rows: list[object], purpose: str) -> list[str]:
    return [row.id for row in rows if row.purpose == purpose and row.status == "answered"]  # type: ignore[attr-defined]


def idea_calls(morning: Morning) -> list[str]:
    from pressroom.store import runs

    return list(runs.get_run(morning.database, morning.run.id).idea_calls)
