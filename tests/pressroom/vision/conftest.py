"""A provider server and a ledger for the tests of vision."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.store.database import Database
from pressroom.store.ledger import Ledger
from pressroom.store.tables import Table
from pressroom.store.workspaces import workspace
from pressroom.testing.provider_server import ProviderServer


@pytest.fixture(scope="module")
def running() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture
def server(running: ProviderServer) -> ProviderServer:
    running.reset()
    return running


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    database = Database(sqlite_url)
    Table.metadata.create_all(database.engine)  # as the migrations do: see test_schema
    yield Ledger(database, workspace(database, "default").id)
    database.close()
