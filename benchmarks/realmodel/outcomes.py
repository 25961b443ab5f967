"""How each draft of a run ended, and what it took: from the run's own rows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, create_engine, select

from pressroom.model import State
from pressroom.store.tables import Content, ProviderCall, Run

_CODE = re.compile(r"\b(?:PROVIDER_[A-Z_]+|TASK_DEADLINE)\b")


@dataclass(frozen=True)
class Outcomes:
    """One run. ended: its status. drafts: how many ended how; failed ones by the code of the last attempt.

    reasons: each quarantine's or failure's, in a line. seconds: of all calls.
    """

    wanted: int
    ended: str
    drafts: Counter[str]
    reasons: tuple[str, ...]
    calls: int
    failed_calls: int
    input_tokens: int
    output_tokens: int
    seconds: float

    @property
    def tokens_a_second(self) -> float:
        """Output tokens over the whole time of the calls, the reading of the prompt included."""
        return self.output_tokens / self.seconds if self.seconds else 0.0


def outcomes_of(home: Path, report: dict[str, Any], wanted: int) -> Outcomes:
    """The outcomes by the database below `home` and the run's report. wanted: the number of drafts requested."""
    engine = create_engine(f"sqlite:///{home / 'pressroom.db'}")
    with Session(engine) as session:
        rows = list(session.exec(select(Content)).all())
        calls = list(session.exec(select(ProviderCall)).all())
        run = session.exec(select(Run)).one()
    failures = report.get("failures", [])
    ended = [_ended(row) for row in rows] + [f"failed, {_code(one['reason'])}" for one in failures]
    reasons = [f"{row.format}: {one['message']}" for row in rows for one in row.violations]
    reasons += [f"{one['format']}: {one['reason']}" for one in failures]
    if run.error:  # it ended before there was a draft, or an idea
        ended += [f"failed, {run.error_code if run.error_code != 'CHAIN_EXHAUSTED' else _code(run.error)}"] * wanted
        reasons.append(f"the run: {run.error}")
    return Outcomes(
        wanted=wanted,
        ended=str(run.status),
        drafts=Counter(ended),
        reasons=tuple(dict.fromkeys(reasons)),
        calls=len(calls),
        failed_calls=sum(call.status != "answered" for call in calls),
        input_tokens=sum(call.input_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        seconds=sum(call.milliseconds for call in calls) / 1000,
    )


def _ended(row: Content) -> str:
    if row.state == State.QUARANTINED or row.violations:
        return "quarantined"
    return "passed at once" if row.asked == 1 else "passed after feedback"


def _code(reason: str) -> str:
    """The code of the last attempt in the reason of a failure."""
    return (_CODE.findall(reason) or ["of another kind"])[-1]
