"""A line to the database that breaks as a claim is committed: nobody knows whether it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session

from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.errors import DatabaseUnusable
from pressroom.model import Answer
from pressroom.store.database import Database
from pressroom.store.workspaces import workspace

RECORD = CallRecord(kind="text", purpose="draft", provider="openai", model="m", identity={"prompt": "p"})


def test_a_claim_left_behind_by_a_broken_line_is_taken_up_at_once(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Database(migrated_sqlite_url)
    ledger = Ledger(opened, workspace(opened, "default").id)
    made: list[str] = []

    def call() -> Answer:
        made.append("call")
        return Answer(text="{}", model="m")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", breaking_after_commit(Database.write))
        with pytest.raises(DatabaseUnusable):
            ledger.ask(RECORD, call, lambda _: 0)
    assert made == [], "a call whose claim may be lost is not made"

    started = time.monotonic()
    assert not ledger.ask(RECORD, call, lambda _: 0).reused
    assert time.monotonic() - started < 5, "the claim would have lasted for a minute"
    assert ledger.ask(RECORD, call, lambda _: 0).reused
    assert made == ["call"]
    opened.close()


def breaking_after_commit(write: object) -> object:
    @contextmanager
    def broken(self: Database) -> Iterator[Session]:
        with write(self) as session:
            yield session
        raise DatabaseUnusable("The line broke.")

    return broken
