"""Deciding what happens to a request: scripted replies first, then standing faults, then chance."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from random import Random
from threading import Lock

from sandbox.asks import Ask
from sandbox.faults import Fault, FaultRule, Scope
from sandbox.replies import Options, Reply


@dataclass(frozen=True)
class Decision:
    """`reply`: what a script said, None for the server's own answer. `asked_before`: same words so far."""

    reply: Reply | None = None
    fault: Fault | None = None
    seconds: float | None = None
    latency: float = 0.0
    asked_before: int = 0

    @property
    def outcome(self) -> str:
        if self.fault is not None:
            return self.fault.value
        return "scripted" if self.reply else "answered"


@dataclass
class _Standing:
    rule: FaultRule
    seen: int = 0
    fired: int = 0


def in_scope(scope: Scope, ask: Ask, dialect: str, *, text: bool) -> bool:
    return (
        (ask.purpose in scope.purposes if scope.purposes else text)
        and (not scope.formats or ask.format in scope.formats)
        and (not scope.dialects or dialect in scope.dialects)
    )


class Plan:
    """The script and the faults; fed from any thread, asked by the server's.

    Chance depends on the seed, the words and how often they came, never on the order of arrival: a concurrent
    run meets the same faults every time.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._lock = Lock()
        self._queue: deque[Reply] = deque()
        self._standing: list[_Standing] = []
        self._asked: Counter[str] = Counter()

    def enqueue(self, *replies: Reply) -> None:
        with self._lock:
            self._queue.extend(replies)

    def stand(self, *rules: FaultRule) -> None:
        with self._lock:
            self._standing.extend(_Standing(rule) for rule in rules)

    @property
    def waiting(self) -> int:
        """The number of scripted replies that no request has used yet."""
        return len(self._queue)

    def decide(self, ask: Ask, dialect: str, *, text: bool) -> Decision:
        with self._lock:
            before = self._asked[ask.fingerprint]
            self._asked[ask.fingerprint] += 1
            chance = Random(f"{self.options.seed}/{ask.fingerprint}/{before}")  # noqa: S311
            latency = self._latency(chance, text=text)
            reply = self._scripted(ask, dialect, text=text)
            if reply is not None:
                return Decision(reply, reply.fault, reply.seconds, latency, before)
            fault, seconds = self._fault(ask, dialect, chance, text=text)
            return Decision(None, fault, seconds, latency, before)

    def _latency(self, chance: Random, *, text: bool) -> float:
        if not text:
            return 0.0
        latency = self.options.latency
        return chance.uniform(*latency) if isinstance(latency, tuple) else latency

    def _scripted(self, ask: Ask, dialect: str, *, text: bool) -> Reply | None:
        for reply in self._queue:
            if in_scope(reply, ask, dialect, text=text):
                self._queue.remove(reply)
                return reply
        return None

    def _fault(self, ask: Ask, dialect: str, chance: Random, *, text: bool) -> tuple[Fault | None, float | None]:
        for standing in self._standing:
            if in_scope(standing.rule, ask, dialect, text=text) and _fires(standing, chance):
                return standing.rule.fault, standing.rule.seconds
        if text and chance.random() < self.options.fault_rate:
            fits = [fault for fault in self.options.faults if _fits(fault, ask)]
            return (chance.choice(fits) if fits else None), None
        return None, None


def _fires(standing: _Standing, chance: Random) -> bool:
    rule = standing.rule
    standing.seen += 1
    wanted = (not rule.nth or standing.seen in rule.nth) and (rule.times is None or standing.fired < rule.times)
    fires = wanted and (rule.rate >= 1 or chance.random() < rule.rate)
    standing.fired += fires
    return fires


def _fits(fault: Fault, ask: Ask) -> bool:
    return fault is not Fault.IDENTICAL_IDEAS or ask.purpose == "ideas"
