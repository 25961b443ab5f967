"""The books of one task: everything about money that it hands on, made once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pressroom.calls.budget import Budget
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import Ledger


@dataclass(frozen=True)
class Books:
    """Where a task's calls are recorded and paid from.

    budget: reserved from before every paid call; None: no limit. task: the task's name in the ledger.
    deadline: how long providers may take for the task; None: for each request as long as the chain's policy says.
    variant: raised to have everything made another time.
    """

    ledger: Ledger
    budget: Budget | None = None
    task: str = ""
    deadline: Deadline | None = None
    variant: int = 0

    def labelled(self, task: str) -> Books:
        return replace(self, task=task)

    def until(self, deadline: Deadline) -> Books:
        return replace(self, deadline=deadline)
