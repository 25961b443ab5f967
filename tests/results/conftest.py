"""A press on the stand-ins, whose clock can be set forward."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pressroom.publishers.ledger import collecting
from sandbox.social.frame.server import SocialServer
from tests.fixtures.press import Press, press_at


@pytest.fixture(scope="session")
def social() -> Iterator[SocialServer]:
    with SocialServer() as running:
        yield running


@pytest.fixture
def press(
    tmp_path: Path, migrated_file: Path, social: SocialServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Press]:
    social.reset()
    social.clock.ahead = 0.0
    with press_at(tmp_path, social, monkeypatch, migrated_file) as made:
        monkeypatch.setattr(collecting, "clock", lambda _session: made.now())
        yield made
