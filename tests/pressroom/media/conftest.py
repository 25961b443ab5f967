"""A provider server, a ledger and an artifact store for the tests of pictures."""

from __future__ import annotations

import pytest

from pressroom.store.artifacts import ArtifactStore


@pytest.fixture
def store(folder_url: str) -> ArtifactStore:
    return ArtifactStore(folder_url)
