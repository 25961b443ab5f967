"""The money a run, and a workspace in a day, may spend: asked before every paid call.

What has been spent is what the ledger says, so every process sees the same. Calls in flight are not in it
yet: with N of them a limit can be overshot by what those N cost, never by more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlmodel import col, func, select

from pressroom.errors import BudgetReached
from pressroom.model.calls import MICRO
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.tables import ProviderCall, utc_now


@dataclass(frozen=True)
class Budget:
    """Limits in US dollars; 0 is no limit. The day is that of UTC, whatever the workspace's zone."""

    database: Database
    workspace_id: str
    run_id: str
    run_limit: float = 0
    day_limit: float = 0

    def check(self) -> None:
        """Raises `BudgetReached`, and notes it in the run's row, once a limit has been reached."""
        for name, limit, spent in self._accounts():
            if spent >= limit:
                self._note(name, limit, spent)
                raise BudgetReached(
                    f"The budget of the {name}, ${limit:.2f}, is spent (${spent:.4f}).",
                    hint=f"Raise PRESSROOM_{name.upper()}_BUDGET_USD, or put offline last in the chain.",
                )

    def _accounts(self) -> list[tuple[str, float, float]]:
        """(name, limit, spent) of each limit that is set, in US dollars."""
        midnight = datetime.combine(utc_now().date(), time.min, UTC)
        limits = (
            ("run", self.run_limit, col(ProviderCall.run_id) == self.run_id),
            ("day", self.day_limit, col(ProviderCall.created_at) >= midnight),
        )
        with self.database.read() as session:
            return [(name, limit, self._spent(session, where)) for name, limit, where in limits if limit > 0]

    def _spent(self, session: Any, where: Any) -> float:
        mine = ProviderCall.workspace_id == self.workspace_id
        spent = session.exec(select(func.sum(ProviderCall.cost_microusd)).where(mine, where)).one()
        return float(spent or 0) / MICRO

    def _note(self, name: str, limit: float, spent: float) -> None:
        if runs.get_run(self.database, self.run_id).budget is None:
            note = {"limit": name, "limit_usd": limit, "spent_usd": spent, "at": utc_now().isoformat()}
            runs.amend(self.database, self.run_id, budget=note)
