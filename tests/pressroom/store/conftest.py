"""A database at today's schema, and artifact stores in several places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    made = Database(migrated_url)
    yield made
    made.close()


@pytest.fixture
def store(store_url: str) -> ArtifactStore:
    return ArtifactStore(store_url)


@pytest.fixture(params=["folder", "s3", "memory"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    if request.param == "memory":
        return ArtifactStore(f"memory://{tmp_path.name}", options={"skip_instance_cache": True})
    return ArtifactStore(request.getfixturevalue(f"{request.param}_url"))
