"""The books of one task: everything about money that it hands on, made once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pressroom.calls.budget import Budget
from pressroom.calls.ledger import Ledger


@dataclass(frozen=True)
class Books:
    """Where a task's calls are recorded and paid from.

    budget: reserved from before every paid call; None: no limit. task: the task's name in the ledger.
    deadline: when the task must be over, in seconds of the chain's clock; None: as the chain's retry policy says.
    variant: raised to have everything made another time.
    """

    ledger: Ledger
    budget: Budget | None = None
    task: str = ""
    deadline: float | None = None
    variant: int = 0

    def labelled(self, task: str) -> Books:
        return replace(self, task=task)

    def until(self, deadline: float) -> Books:
        return replace(self, deadline=deadline)
