"""The money a run, and a workspace in a day, may spend: set aside before every paid call, and settled after it.

A claim in the ledger holds the most that its call may cost (see `Reserve`), in the same transaction that makes it, so
that every process sees it. A call that would pass a limit waits for the calls under way, which mostly cost less than
is set aside for them; it is refused once no such wait can help. So a limit is passed by the error of one estimate at
most: that of tokens counted otherwise than we count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlmodel import Session, col, func, select

from pressroom.calls.ledger import BudgetHeld, Reserve
from pressroom.errors import BudgetReached
from pressroom.model.calls import MICRO
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.owners import clock, is_gone
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
        if self.run_limit <= 0 and self.day_limit <= 0:
            return
        try:
            with self.database.read() as session:
                self._check(session, "", 0)
        except BudgetHeld:
            return
        except BudgetReached as error:
            self.note(error)
            raise

    def left(self) -> float | None:
        """US dollars that may still be spent under both limits; None where there is no limit."""
        found = []
        with self.database.read() as session:
            for _, limit, where in self._limits(session):
                spent, held = self._sums(session, where, "")
                found.append(limit - spent - held)
        return min(found, default=None)

    def reserve(self, amount: int) -> Reserve | None:
        """Returns the reserve for a call that may cost `amount` millionths of a dollar; None without limits."""
        if self.run_limit <= 0 and self.day_limit <= 0:
            return None
        return Reserve(amount, lambda session, call_id: self._check(session, call_id, amount))

    def note(self, error: BudgetReached) -> None:
        """Write into the run's row which limit was reached; it is told when the run is closed."""
        if runs.get_run(self.database, self.run_id).budget is None and error.reached:
            runs.amend(self.database, self.run_id, budget={**error.reached, "at": utc_now().isoformat()})

    def _check(self, session: Session, call_id: str, amount: int) -> None:
        """Raises `BudgetReached`, or `BudgetHeld` where calls under way hold the money that `call_id` needs."""
        for name, limit, where in self._limits(session):
            spent, held = self._sums(session, where, call_id)
            self._compare(name, limit, spent, held, amount / MICRO)

    def _limits(self, session: Session) -> list[tuple[str, float, Any]]:
        """The limits there are: name, US dollars, and which calls count."""
        midnight = datetime.combine(clock(session).date(), time.min, UTC)
        limits = (
            ("run", self.run_limit, col(ProviderCall.run_id) == self.run_id),
            ("day", self.day_limit, col(ProviderCall.created_at) >= midnight),
        )
        return [one for one in limits if one[1] > 0]

    def _compare(self, name: str, limit: float, spent: float, held: float, amount: float) -> None:
        reached = {"limit": name, "limit_usd": limit, "spent_usd": spent}
        hint = f"Raise PRESSROOM_{name.upper()}_BUDGET_USD, or put offline last in the chain."
        if spent >= limit:
            message = f"The budget of the {name}, ${dollars(limit)}, is spent (${spent:.4f})."
            raise BudgetReached(message, hint=hint, reached=reached)
        if spent + held + amount <= limit:
            return
        kind = BudgetHeld if spent + amount <= limit else BudgetReached
        message = (
            f"The budget of the {name}, ${dollars(limit)}, would be passed: ${spent:.4f} is spent, ${held:.4f} set"
            f" aside for calls under way, and this one may cost ${amount:.4f}."
        )
        raise kind(message, hint=hint, reached=reached)

    def _sums(self, session: Session, where: Any, call_id: str) -> tuple[float, float]:
        """Returns US dollars spent and set aside. A dead process's claims count as spent: they may be paid."""
        call, now = ProviderCall, clock(session)
        mine = (call.workspace_id == self.workspace_id, where)
        under_way = select(call.id, call.cost_microusd, call.claim_owner, call.claim_expires_at).where(
            *mine, call.status == "claimed", call.id != call_id
        )
        claims = session.exec(under_way).all()
        held = sum(cost for _, cost, owner, until in claims if not is_gone(owner, until, now))
        lost = sum(cost for _, cost, *_ in claims) - held
        paid = session.exec(select(func.sum(call.cost_microusd)).where(*mine, call.status != "claimed")).one()
        return (float(paid or 0) + lost) / MICRO, held / MICRO


def dollars(amount: float) -> str:
    """`amount` of US dollars exactly, to a millionth: with two digits, or as many more as it has."""
    whole, _, part = f"{amount:.6f}".rstrip("0").partition(".")
    return f"{whole}.{part:0<2}"
