"""A moderation endpoint that fails costs a few drafts a time-out, not all of them, and the texts nothing."""

from __future__ import annotations

import time

import pytest

from pressroom.calls.books import Books
from pressroom.gates.moderating import moderate
from pressroom.model import Part
from sandbox import Fault
from tests.faults.morning import Morning

MODERATION = {"purposes": ("moderation",)}


def texts(number: int) -> list[Part]:
    return [Part(label="post", text=f"Text number {number}: write to jane@example.com.")]


def test_one_that_hangs_is_left_alone(morning: Morning) -> None:
    morning.server.fail(Fault.HANG, **MODERATION)
    chain = morning.chain("openai", timeout=0.3, circuit_failures=2, circuit_seconds=60)
    ledger = morning.ledger()
    began = time.monotonic()
    found = [moderate(texts(number), chain, Books(ledger)) for number in range(20)]
    assert time.monotonic() - began < 3, "two time-outs, not twenty"
    assert all(found), "the patterns that ship are looked for all the same"
    assert morning.server.counts["total"] == 2
    assert [row.error_code for row in morning.calls()] == ["PROVIDER_TIMEOUT"] * 2
    chain.links[0].health.circuit("text").check()


def test_it_is_tried_again_after_a_while(morning: Morning) -> None:
    morning.server.fail(Fault.SERVER_ERROR, times=2, **MODERATION)
    chain = morning.chain("openai", circuit_failures=2, circuit_seconds=0.1)
    ledger = morning.ledger()
    for number in range(4):
        moderate(texts(number), chain, Books(ledger))
    time.sleep(0.15)
    moderate(texts(9), chain, Books(ledger))
    assert [row.status for row in morning.calls()] == ["failed", "failed", "answered"]


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.UNKNOWN_MODEL])
def test_one_that_refuses_the_key_is_asked_once_a_run(fault: Fault, morning: Morning) -> None:
    """A key may be good for texts and not for moderation."""
    morning.server.fail(fault, **MODERATION)
    chain, ledger = morning.chain("openai"), morning.ledger()
    for number in range(5):
        assert moderate(texts(number), chain, Books(ledger))
    assert len(morning.calls()) == 1
    morning.make(chain)
    assert morning.failures == []
    moderate(texts(9), chain, Books(morning.ledger()))
    assert morning.server.counts["outcome"][fault.value] == 2, "the next start of the run tries again"


def test_texts_that_fail_do_not_silence_it(morning: Morning) -> None:
    morning.server.fail(Fault.SERVER_ERROR, purposes=("ideas", "draft"))
    chain = morning.chain("openai", circuit_failures=1, circuit_seconds=60, deadline=1)
    morning.make(chain)
    assert len(morning.failures) == 1
    moderate(texts(0), chain, Books(morning.ledger()))
    assert [row.kind for row in morning.calls() if row.status == "answered"] == ["moderation"]
