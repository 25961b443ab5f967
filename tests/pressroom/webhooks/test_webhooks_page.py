"""docs/webhooks.md says what is so."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom.store import events
from pressroom.webhooks.posting import DELIVERIES, SECONDS
from pressroom.webhooks.sending import PATIENCE

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text("utf-8")
UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}


def test_every_event_is_on_the_page_as_it_is() -> None:
    assert dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.*) \|$", PAGE, re.MULTILINE)) == dict(events.TYPES)


def test_the_pauses_are_those_on_the_page() -> None:
    pauses = re.search(r"again after ([^.]*?), later", " ".join(PAGE.split()))
    assert pauses is not None
    shown = [int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+) (s|min|h)\b", pauses[1])]
    assert tuple(shown) == DELIVERIES.pauses
    assert f"within {SECONDS:g} seconds" in PAGE
    assert f"fails for {PATIENCE.days} days" in " ".join(PAGE.split())


def test_an_event_that_is_none_can_t_be_written() -> None:
    with pytest.raises(ValueError, match="no type of event"):
        events.emit(None, "w", "content.eaten", {})  # type: ignore[arg-type]
