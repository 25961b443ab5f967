"""Events reach whoever listens while they happen: their workspace's alone, none lost, until the sign-in ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import State

from apps.api.routes import events as stream
from apps.application import create_app
from apps.desk import broadcast as broadcasts
from pressroom.model import RunStatus
from pressroom.settings import Settings
from pressroom.store import contents, events
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event
from pressroom.store.runs import close_run, open_run
from pressroom.store.tables import Run
from tests.fixtures.desk import DAY, FORMATS, MadeRun, Person, draft_of
from tests.fixtures.plans import daily_plan

EVENTS = "/api/v1/events"
SECONDS = 60
"""Longest that anything is waited for; on a busy machine an application takes long to start."""

Happens = Callable[..., Event]
Heard = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """What needs PostgreSQL is tried by `test_broadcast.py`."""
    return desk_sqlite_url


@pytest.fixture
def served(desk_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk over real HTTP: a test client has an answer only once it is over, and these are not."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(broadcasts, "PAUSE_SECONDS", 0.05)
    config = uvicorn.Config(_another_desk(), port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(SECONDS)


def _another_desk() -> FastAPI:
    """An application beside that of the people, which is one of this process for all tests."""
    app = _made_once()
    app.state = State()
    return app


@cache
def _made_once() -> FastAPI:
    return create_app()


@pytest.fixture
def happens(operators: Database, owner: Person) -> Happens:
    def happen(kind: str = "content.moved", *, to: str = owner.workspace_id, **data: Any) -> Event:
        with operators.write() as session:
            return events.emit(session, to, kind, data)

    return happen


class Stream:
    """An open answer, read event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()
        assert next(self._lines) == f"retry: {stream.AGAIN_MILLISECONDS}"

    def next(self) -> tuple[str, dict[str, Any]]:
        """Kind and data of the next thing that is told; StopIteration at the end."""
        told: dict[str, str] = {}
        while (line := next(self._lines)) or "data" not in told:  # an event ends with an empty line
            name, _, value = line.partition(": ")
            told |= {name: value} if value else {}
        data = json.loads(told["data"])
        assert told.get("id") == data.get("id")
        return told["event"], data

    def rest(self) -> Heard:
        heard = []
        while True:
            try:
                heard.append(self.next())
            except StopIteration:
                return heard


@pytest.fixture
def listening(served: str) -> Callable[..., Any]:
    @contextmanager
    def opened(person: Person, **headers: str) -> Iterator[Stream]:
        sent = {"Authorization": person.headers["Authorization"], **headers}
        with (
            httpx.Client(base_url=served, headers=sent, timeout=SECONDS, trust_env=False) as client,
            client.stream("GET", EVENTS) as answer,
        ):
            assert answer.status_code == 200, answer.read()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield Stream(answer)

    return opened


def test_what_happens_is_told_to_its_own_workspace(
    listening: Callable[..., Any], owner: Person, viewer: Person, stranger: Person, happens: Happens
) -> None:
    with listening(owner) as ours, listening(viewer) as also_ours, listening(stranger) as theirs:
        _until_listening(ours, also_ours, theirs)
        first, second = happens(content_id="c1"), happens("content.edited", content_id="c1")
        foreign = happens("run.completed", to=stranger.workspace_id, run_id="r9")
        told = [ours.next(), ours.next()]
        assert told == [also_ours.next(), also_ours.next()]
        assert [(kind, data["id"], data["data"]) for kind, data in told] == [
            ("content.moved", first.id, {"content_id": "c1"}),
            ("content.edited", second.id, {"content_id": "c1"}),
        ]
        assert theirs.next()[1]["id"] == foreign.id


def _until_listening(*streams: Stream) -> None:
    """The first heartbeat says that everything from now on is told."""
    for each in streams:
        while next(each._lines).rstrip() != ":":
            pass


def test_who_comes_back_hears_what_it_missed(
    listening: Callable[..., Any], owner: Person, stranger: Person, happens: Happens, operators: Database
) -> None:
    heard = happens(number=1)
    missed = [happens(number=2), happens(number=3)]
    happens(to=stranger.workspace_id)
    with operators.write() as session:  # made before, committed after: its time says it is older
        late = events.emit(session, owner.workspace_id, "content.moved", {"number": 0})
        late.created_at = heard.created_at - timedelta(seconds=5)
    with listening(owner, **{"Last-Event-ID": heard.id}) as ours:
        ids = [ours.next()[1]["id"] for _ in range(3)]
        assert ids == [late.id, *(event.id for event in missed)]
        after = happens(number=4)
        assert ours.next()[1]["id"] == after.id, "nothing twice, and it goes on"
    with listening(owner, **{"Last-Event-ID": "none-of-ours"}) as ours:
        _until_listening(ours)
        last = happens(number=5)
        assert ours.next()[1]["id"] == last.id


def test_how_far_a_run_is_is_told(
    listening: Callable[..., Any], owner: Person, operators: Database, made_run: MadeRun
) -> None:
    wanted = Run(
        workspace_id=owner.workspace_id, kind="daily", run_key="followed", day=DAY, trigger="api",
        status=RunStatus.RUNNING, plan=daily_plan(formats=FORMATS),
    )  # fmt: skip
    with listening(owner) as ours:
        _until_listening(ours)
        run = open_run(operators, wanted, lease_seconds=60)
        assert ours.next()[0] == "run.started"
        kind, data = ours.next()
        assert (kind, data["run_id"], data["done"], data["expected"]) == ("progress", run.id, 0, 3)
        contents.save_draft(operators, draft_of(run, made_run.ideas[0], FORMATS[0], variant=7))
        with operators.write() as session:
            session.get_one(Run, run.id).variant = 7
        kind, data = ours.next()
        assert (kind, data["done"], data["percent"]) == ("progress", 1, 33)
        close_run(operators, run.id, RunStatus.COMPLETED)
        kind, data = ours.next()
        assert (kind, data["data"]["run_id"]) == ("run.completed", run.id)


def test_the_stream_ends_with_the_sign_in(listening: Callable[..., Any], owner: Person) -> None:
    with listening(owner) as ours:
        _until_listening(ours)
        assert owner.post("/api/v1/auth/logout", json={}).status_code < 300
        assert ours.rest() == []


def test_one_listener_too_many_is_refused_before_the_stream_begins(
    served: str, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasts, "MOST_LISTENERS", 0)
    headers = {"Authorization": owner.headers["Authorization"]}
    with httpx.Client(base_url=served, headers=headers, trust_env=False) as client:
        answer = client.get(EVENTS)
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")


def test_nobody_listens_unknown(served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as client:
        assert client.get(EVENTS).status_code == 401
