"""One poller tells all listeners of a process what happens, and ends when nobody listens or the process does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.desk import broadcast as broadcasts
from apps.desk.broadcast import Broadcast
from pressroom.errors import Throttled
from pressroom.store import events
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event
from pressroom.store.tables import utc_now
from pressroom.store.workspaces import workspace
from tests.fixtures.desk import desk_url  # noqa: F401

SECONDS = 60

Happens = Callable[..., Event]


@pytest.fixture
def workspace_id(operators: Database) -> str:
    return workspace(operators, "ours").id


@pytest.fixture
def happens(operators: Database, workspace_id: str) -> Happens:
    def happen() -> Event:
        with operators.write() as session:
            return events.emit(session, workspace_id, "content.moved", {})

    return happen


def test_all_listeners_are_dismissed_when_the_process_ends(operators: Database, workspace_id: str) -> None:
    async def close() -> list[Any]:
        closing = asyncio.Event()
        broadcast = Broadcast(operators, closing, pause=60)
        async with broadcast.listening(workspace_id) as one, broadcast.listening(workspace_id) as two:
            await asyncio.sleep(0)
            closing.set()
            return [await asyncio.wait_for(each.get(), SECONDS) for each in (one, two)]

    assert asyncio.run(close()) == [None, None]


def test_the_poller_stops_when_nobody_listens_and_starts_again(
    operators: Database, workspace_id: str, happens: Happens
) -> None:
    async def listen_twice() -> list[str]:
        broadcast = Broadcast(operators, asyncio.Event(), pause=0.01)
        heard = []
        for _ in range(2):
            async with broadcast.listening(workspace_id) as listener:
                event = await asyncio.to_thread(happens)
                told = await asyncio.wait_for(listener.get(), SECONDS)
                assert told is not None
                assert told.id == event.id
                heard.append(told.id)
            poller = broadcast._poller
            assert poller is not None
            await asyncio.wait_for(poller, SECONDS)
        return heard

    assert len(set(asyncio.run(listen_twice()))) == 2


def test_an_event_that_is_seen_late_is_told_once(operators: Database, workspace_id: str, happens: Happens) -> None:
    async def listen() -> list[str]:
        broadcast = Broadcast(operators, asyncio.Event(), pause=0.01)
        async with broadcast.listening(workspace_id) as listener:
            first = await asyncio.to_thread(happens)
            heard = [await asyncio.wait_for(listener.get(), SECONDS)]
            with operators.write() as session:
                late = events.emit(session, workspace_id, "content.edited", {})
                late.created_at = utc_now() - timedelta(seconds=20)
            heard.append(await asyncio.wait_for(listener.get(), SECONDS))
            last = await asyncio.to_thread(happens)
            heard.append(await asyncio.wait_for(listener.get(), SECONDS))
            assert [told and told.id for told in heard] == [first.id, late.id, last.id]
            await asyncio.sleep(0.1)
            assert listener.empty()
        return []

    asyncio.run(listen())


def test_who_is_too_slow_is_dismissed(
    operators: Database, workspace_id: str, happens: Happens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasts, "LONGEST_QUEUE", 3)

    async def sleep_over_it() -> Any:
        broadcast = Broadcast(operators, asyncio.Event(), pause=0.01)
        async with broadcast.listening(workspace_id) as listener:
            for _ in range(6):
                await asyncio.to_thread(happens)
                await asyncio.sleep(0.05)
            told = [listener.get_nowait() for _ in range(listener.qsize())]
            return told[-1]

    assert asyncio.run(sleep_over_it()) is None


def test_there_is_room_for_so_many(operators: Database, workspace_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "MOST_LISTENERS", 1)

    async def crowd() -> None:
        broadcast = Broadcast(operators, asyncio.Event(), pause=0.01)
        broadcast.check_room()
        async with broadcast.listening(workspace_id):
            with pytest.raises(Throttled):
                broadcast.check_room()
        broadcast.check_room()

    asyncio.run(crowd())
