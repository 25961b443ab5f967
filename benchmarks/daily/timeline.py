"""When things happened in a run, by the times in its database, in seconds from the run's opening."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from pressroom.store.database import Database
from pressroom.store.tables import Content, ProviderCall, Revision, Run


@dataclass(frozen=True)
class Timeline:
    """Seconds after `Run.started_at`. `stored`: the last draft, by its own time; `kept`: by its first revision's,
    which is set inside the transaction that stores both and so includes the wait for other writers."""

    opened_at: float
    ideas_asked: float
    ideas_answered: float
    drafts_asked: float
    first_answered: float
    last_answered: float
    first_stored: float
    stored: float
    kept: float
    closed: float

    def line(self) -> str:
        """The way from the opening to the closing, in words."""
        steps = [
            ("ideas asked", self.ideas_asked),
            ("answered", self.ideas_answered),
            ("first draft asked", self.drafts_asked),
            ("answered", self.first_answered),
            ("stored", self.first_stored),
            ("last answered", self.last_answered),
            ("stored", self.stored),
            ("closed", self.closed),
        ]
        return ", ".join(f"{what} {seconds:.2f}" for what, seconds in steps)


def timeline(home: Path) -> Timeline:
    """Of the only run in the database under `home`."""
    database = Database(f"sqlite:///{home / 'pressroom.db'}")
    with database.read() as session:
        run = session.exec(select(Run)).one()
        drafts = session.exec(select(Content.created_at).order_by(col(Content.created_at))).all()
        revisions = session.exec(select(Revision.created_at).order_by(col(Revision.created_at))).all()
        calls = session.exec(select(ProviderCall).order_by(col(ProviderCall.created_at))).all()
    database.close()

    def after(moment: dt.datetime | None) -> float:
        assert moment is not None, "the run was closed and every call answered"
        return (moment - run.started_at).total_seconds()

    ideas = [call for call in calls if call.purpose == "ideas"]
    texts = [call for call in calls if call.purpose == "draft"]
    answered = sorted(after(call.answered_at) for call in texts)
    return Timeline(
        opened_at=run.started_at.timestamp(),
        ideas_asked=after(ideas[0].created_at),
        ideas_answered=after(ideas[-1].answered_at),
        drafts_asked=after(texts[0].created_at),
        first_answered=answered[0],
        last_answered=answered[-1],
        first_stored=after(drafts[0]),
        stored=after(drafts[-1]),
        kept=after(revisions[-1]),
        closed=after(run.closed_at),
    )
