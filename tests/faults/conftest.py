"""A small morning (one idea, one draft) over the chain, the ledger and the store, at a provider that can fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.store.database import Database
from pressroom.store.tables import Table
from sandbox import ProviderServer
from tests.faults.morning import Morning


@pytest.fixture(scope="session")
def running(database: Database) -> Iterator[ProviderServer]:
    """Has answered once, since a first answer takes as long as some cases here wait for one."""
    with ProviderServer() as server:
        for name in ("openai", "anthropic"):
            morning = Morning.begun(server, database)
            morning.make(morning.chain(name))
        yield server


@pytest.fixture
def server(running: ProviderServer) -> ProviderServer:
    running.reset()
    return running


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all: every morning has a workspace of its own."""
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('faults')}/pressroom.db")
    Table.metadata.create_all(opened.engine)  # as the migrations do: see test_schema
    yield opened
    opened.close()


@pytest.fixture
def morning(server: ProviderServer, database: Database) -> Morning:
    return Morning.begun(server, database)
