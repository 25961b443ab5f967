"""A circuit opens, stays open, lets one call try, and closes; the clock is in the test's hand."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pressroom.calls.circuit import TRIAL_POLL_SECONDS, Circuit
from pressroom.calls.deadline import Deadline
from pressroom.errors import KeyRefused, LeftAlone, PressroomError, ProviderBusy, ProviderTimeout, RateLimited


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit("openai", failures=3, seconds=30, cap=100, clock=clock)


def fail(circuit: Circuit, error: PressroomError | None = None) -> None:
    def send() -> Any:
        raise error or ProviderBusy("No.")

    with pytest.raises(PressroomError), circuit.enter() as permit:
        permit.call(send)


def succeed(circuit: Circuit) -> None:
    with circuit.enter() as permit:
        assert permit.call(lambda: "well") == "well"


def left(circuit: Circuit) -> float | None:
    """Seconds it is left alone for; None when it may be called."""
    try:
        circuit.check()
    except LeftAlone as error:
        return error.retry_after
    return None


def test_it_opens_after_failures_in_a_row(circuit: Circuit) -> None:
    fail(circuit)
    fail(circuit)
    succeed(circuit)
    fail(circuit)
    fail(circuit)
    assert left(circuit) is None
    fail(circuit)
    assert left(circuit) == 30
    with pytest.raises(LeftAlone, match=r"openai is left alone for another 30 s\."), circuit.enter():
        pass


def test_a_lasting_failure_is_a_sign_of_life(circuit: Circuit) -> None:
    fail(circuit)
    fail(circuit)
    fail(circuit, KeyRefused("No."))
    fail(circuit)
    fail(circuit)
    assert left(circuit) is None


def test_what_was_cut_short_by_the_deadline_does_not_count(circuit: Circuit) -> None:
    with Deadline(at=0).bounding():
        for _ in range(5):
            fail(circuit, ProviderTimeout("Too late."))
    assert left(circuit) is None


def test_it_is_left_alone_twice_as_long_after_each_failed_trial(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    for seconds in (30, 60, 100, 100):
        assert left(circuit) == seconds
        clock.now += seconds - 0.1
        assert left(circuit) == pytest.approx(0.1)
        clock.now += 0.1
        fail(circuit)
    clock.now += 100
    succeed(circuit)
    for _ in range(2):
        fail(circuit)
        assert left(circuit) is None
    fail(circuit)
    assert left(circuit) == 30


@pytest.mark.parametrize(("asked", "seconds"), [(2, 2), (70, 70), (1000, 100), (0, 30), (None, 30)])
def test_a_provider_is_left_alone_as_long_as_it_asks(circuit: Circuit, asked: float | None, seconds: float) -> None:
    for _ in range(3):
        fail(circuit, RateLimited("Slow down.", retry_after=asked))
    assert left(circuit) == seconds


def test_there_is_one_trial_at_a_time(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 30
    with circuit.enter() as permit:
        with pytest.raises(LeftAlone, match="while one call tries it") as caught, circuit.enter():
            pass
        assert caught.value.retry_after == TRIAL_POLL_SECONDS
        permit.call(lambda: None)
        assert left(circuit) is None


def test_a_trial_that_was_never_made_leaves_room_for_another(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 30
    with pytest.raises(KeyboardInterrupt), circuit.enter():
        raise KeyboardInterrupt
    succeed(circuit)
    assert left(circuit) is None


def test_late_failures_of_calls_begun_before_tell_nothing_new(circuit: Circuit, clock: Clock) -> None:
    with circuit.enter() as early:
        for _ in range(3):
            fail(circuit)
        clock.now += 20
        circuit.failed(early, None)
        assert left(circuit) == 10
        clock.now += 10
        with circuit.enter() as trial:
            circuit.failed(early, None)
            trial.call(lambda: None)
    assert left(circuit) is None


def test_a_late_success_is_good_news(circuit: Circuit) -> None:
    with circuit.enter() as early:
        for _ in range(3):
            fail(circuit)
        assert left(circuit) == 30
        early.call(lambda: None)
    assert left(circuit) is None


def test_of_many_threads_one_tries(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 30
    gate, tried = threading.Barrier(20), []
    let_go = threading.Event()

    def try_it(number: int) -> bool:
        gate.wait()
        try:
            with circuit.enter() as permit:
                tried.append(number)
                permit.call(let_go.wait)
        except LeftAlone:
            let_go.set()
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(try_it, range(20)))
    assert tried and results.count(True) == len(tried)
    assert results.count(False) >= 1
