"""Every listener in this process hears at once what happens in a workspace.

One poller looks for all of them: a hundred open pages ask the database no more than one does. It stops when no
listener is left, and tells all of them that it is over when the process is about to end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anyio import to_thread
from sqlmodel import Session, col, select

from pressroom import logs, redaction
from pressroom.errors import Throttled
from pressroom.model import RunStatus
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event
from pressroom.store.progress import RunProgress, progress_of
from pressroom.store.tables import Run, utc_now

PAUSE_SECONDS = 1.0
"""How often it is looked."""

LATE = timedelta(seconds=60)
"""How much later than it was made an event may be seen: its transaction took time, or its machine's clock is slow."""

MOST_LISTENERS = 1000
LONGEST_QUEUE = 1000
"""Tellings a listener may be behind; one that is further behind is dismissed, and may come again."""

PROGRESS = "progress"

_log = logs.get_logger("pressroom.desk")


@dataclass(frozen=True)
class Told:
    """Something to be told. `id`: the event's, by which a listener can go on later; empty for a run's progress."""

    kind: str
    data: dict[str, Any]
    id: str = ""


Listener = asyncio.Queue[Told | None]
"""A listener has not heard these yet; None is the last."""


@dataclass
class _Watch:
    """Holds the listeners of one workspace and what they know of it."""

    listeners: set[Listener] = field(default_factory=set)
    since: datetime = field(default_factory=lambda: utc_now() - LATE)
    known: frozenset[str] = frozenset()
    running: dict[str, RunProgress | None] = field(default_factory=dict)


class Broadcast:
    """Told by the database, tells listeners. To be used from one event loop; `closing` is set when that ends."""

    def __init__(self, database: Database, closing: asyncio.Event, *, pause: float | None = None) -> None:
        self._database, self.closing = database, closing
        self._pause = PAUSE_SECONDS if pause is None else pause
        self._watches: dict[str, _Watch] = {}
        self._poller: asyncio.Task[None] | None = None

    def check_room(self) -> None:
        """Raises `Throttled` when too many listen already."""
        if sum(len(watch.listeners) for watch in self._watches.values()) >= MOST_LISTENERS:
            raise Throttled("Too many listen already.", hint="Close other pages, or try again later.")

    @asynccontextmanager
    async def listening(self, workspace_id: str) -> AsyncIterator[Listener]:
        """Yields a workspace's events from now on."""
        watch = self._watches.get(workspace_id)
        if watch is None:
            fresh = await to_thread.run_sync(self._begun, workspace_id)
            watch = self._watches.setdefault(workspace_id, fresh)
        listener: Listener = asyncio.Queue(LONGEST_QUEUE)
        watch.listeners.add(listener)
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())
        try:
            yield listener
        finally:
            watch.listeners.discard(listener)
            if not watch.listeners and self._watches.get(workspace_id) is watch:
                del self._watches[workspace_id]

    async def _poll(self) -> None:
        while self._watches:
            for workspace_id, watch in list(self._watches.items()):
                try:
                    _tell(watch.listeners, await to_thread.run_sync(self._looked, workspace_id, watch))
                except Exception as error:  # the database is away, or worse: the next look may find it back
                    _log.warning(
                        "broadcast.not_looked", reason=redaction.mask(f"{type(error).__name__}: {error}"[:300])
                    )
            with suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), self._pause)
            if self.closing.is_set():
                self._dismiss_all()
                return

    def _dismiss_all(self) -> None:
        for watch in self._watches.values():
            for listener in watch.listeners:
                _dismiss(listener)

    def _begun(self, workspace_id: str) -> _Watch:
        """A watch that knows what happened before it."""
        watch = _Watch()
        with self._database.within(workspace_id).read() as session:
            watch.known = frozenset(event.id for event in _events(session, workspace_id, watch.since))
            at_it = select(Run.id).where(Run.workspace_id == workspace_id, Run.status == RunStatus.RUNNING)
            watch.running = dict.fromkeys(session.exec(at_it).all())
        return watch

    def _looked(self, workspace_id: str, watch: _Watch) -> list[Told]:
        """Returns what is new since the last look. Each look covers a minute more, so that no late event is lost."""
        database, since = self._database.within(workspace_id), utc_now() - LATE
        with database.read() as session:
            found = _events(session, workspace_id, watch.since)
        new = [event for event in found if event.id not in watch.known]
        watch.known, watch.since = frozenset(event.id for event in found), since
        for event in new:
            if event.type == "run.started":
                watch.running.setdefault(event.data["run_id"], None)
        return [*(told_of(event) for event in new), *_progress(database, watch.running)]


def told_of(event: Event) -> Told:
    about = {"id": event.id, "type": event.type, "at": event.created_at.isoformat()}
    return Told(kind=event.type, data={**about, "data": event.data}, id=event.id)


def events_after(database: Database, workspace_id: str, event_id: str) -> list[Told]:
    """Returns the kept events after an event, or none when that event is gone. Some may come twice.

    A listener that heard of an event may have missed one that was made before it and seen after it.
    """
    with database.read() as session:
        last = session.exec(select(Event).where(Event.id == event_id, Event.workspace_id == workspace_id)).first()
        if last is None:
            return []
        found = _events(session, workspace_id, last.created_at - LATE)
    return [told_of(event) for event in found if event.id != event_id]


def _events(session: Session, workspace_id: str, since: datetime) -> Sequence[Event]:
    """Events from then on, the newest `LONGEST_QUEUE` of them, in their order."""
    query = select(Event).where(Event.workspace_id == workspace_id, Event.created_at >= since)
    newest = session.exec(query.order_by(col(Event.created_at).desc()).limit(LONGEST_QUEUE)).all()
    return newest[::-1]


def _progress(database: Database, running: dict[str, RunProgress | None]) -> list[Told]:
    """How far runs have come since they were last looked at; those that have ended are forgotten."""
    told = []
    for run_id, before in list(running.items()):
        run = runs.get_run(database, run_id)
        if run.status != RunStatus.RUNNING:
            del running[run_id]
            continue
        now = progress_of(database, run)
        running[run_id] = now
        if before is None or (before.done, before.expected) != (now.done, now.expected):
            data = {"run_id": run_id, "kind": run.kind, "percent": now.percent, **now.model_dump()}
            told.append(Told(kind=PROGRESS, data=data))
    return told


def _tell(listeners: Iterable[Listener], told: Sequence[Told]) -> None:
    for listener in list(listeners):
        try:
            for each in told:
                listener.put_nowait(each)
        except asyncio.QueueFull:
            _log.warning("broadcast.listener_too_slow")
            _dismiss(listener)


def _dismiss(listener: Listener) -> None:
    while listener.full():
        listener.get_nowait()
    listener.put_nowait(None)
