"""The outside, as far as these tests go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pressroom.sources.outside import Outside


@pytest.fixture
def outside() -> Iterator[Outside]:
    server = Outside()
    yield server
    server.shutdown()
    server.server_close()
