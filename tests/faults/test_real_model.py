"""TESTS_REAL_MODEL=1: a real small model over the wire, asked as `pressroom daily` asks; it takes some minutes.

It breaks off, goes round in a circle, writes prose around its JSON and breaks the rules. However it does, each draft is
there, or there is a reason that says what to do; and the books are right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from benchmarks.realmodel import model
from pressroom import errors
from pressroom.calls import accepted
from pressroom.calls.accepted import Accepted
from pressroom.calls.chain import Health, RetryPolicy, chain_of
from pressroom.calls.providers import Account
from pressroom.errors import PressroomError
from pressroom.model import State
from pressroom.store.database import Database
from sandbox import ProviderServer
from tests.faults.morning import Morning

FORMATS = ("linkedin_post", "x_thread", "instagram_reel")
MOST_CALLS = 3 + len(FORMATS) * (1 + 3) * 3
"""Rounds for ideas; and of each draft its first round and three more, of three attempts each."""

pytestmark = [
    pytest.mark.skipif(os.environ.get("TESTS_REAL_MODEL") != "1", reason="it takes some minutes"),
    pytest.mark.timeout(1800),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    python = model.model_python()
    if python is None:
        pytest.skip("the model can't be installed")
    with model.served(python) as base_url:
        yield base_url


@pytest.mark.parametrize("refused", [(), ("json_schema", "json_object")], ids=["with a schema", "in words"])
def test_each_draft_of_a_real_model_is_there_or_has_a_reason(
    refused: tuple[str, ...], address: str, server: ProviderServer, database: Database
) -> None:
    account = Account(
        name=model.NAME,
        provider="compatible",
        api_key=SecretStr("none"),
        base_url=address,
        model=model.MODEL,
        timeout=120.0,
    )
    accepted.keep(account, model.MODEL, Accepted(refused=frozenset(refused), proven=True))
    policy = RetryPolicy(deadline=300.0)
    morning = Morning.begun(server, database)
    morning.make(chain_of([account], policy, health=Health(policy)), forms=FORMATS)

    calls, drafts = morning.calls(), morning.drafts()
    assert {call.status for call in calls} <= {"answered", "failed"}
    assert 0 < len(calls) <= MOST_CALLS
    assert {draft.state for draft in drafts} <= {State.GENERATED, State.QUARANTINED}
    assert len(drafts) + len(morning.failures) in {1, len(FORMATS)}, "of each format, or of the ideas alone"
    assert [line for failure in morning.failures for line in failure.attempts if not _is_of_use(line)] == []


def _is_of_use(line: str) -> bool:
    """Whether one line of a failure says, after its code, what happened and what to do."""
    kinds = (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PressroomError))
    return any(f"{kind.code}: " in line and kind.next_step and kind.next_step in line for kind in kinds)
