"""Each platform, cut at each request and killed at each step: public exactly once or not at all, and the ledger agrees.

`make test` tries a few points of each platform, CI more, TESTS_ALL_FAULTS=1 all. The truth is the stand-in's own count.
"""

from __future__ import annotations

import random

import pytest

from pressroom import publishers
from pressroom.model.publication_states import FINAL, OUT, PartState
from pressroom.model.publishing import Certainty
from pressroom.review import publications
from pressroom.store.publishing_tables import Publication
from sandbox.social.frame.faults import SocialFault
from tests.fixtures.extent import ALL_CASES, ALL_FAULTS
from tests.fixtures.killing import Killed, end_claims, steps
from tests.fixtures.press import Press

NAMES = publishers.names()
FEW = 12 if ALL_CASES else 2
"""Points of a platform for each kind of fault: in CI, 36 of each of ten platforms; in `make test`, 6."""

FAULTS = [SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE]
FAULTS += [SocialFault.GARBAGE, SocialFault.NO_ID] if ALL_FAULTS else []
"""Cut before or after it was done; with TESTS_ALL_FAULTS=1 also answers that say nothing."""


def points(count: int, seed: str) -> list[int]:
    """The points to try of `count`: a few, others for each platform; all of them with TESTS_ALL_FAULTS=1."""
    if ALL_FAULTS or count <= FEW:
        return list(range(count))
    return sorted(random.Random(seed).sample(range(count), FEW))


@pytest.mark.timeout(900 if ALL_CASES else 120)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_connection_that_is_cut_at_any_request(press: Press, name: str, fault: SocialFault) -> None:
    press.ready(name)
    press.server.journal.clear()
    press.settle(hours=2)
    requests = len(press.server.journal)
    assert requests
    for point in points(requests, f"{name}{fault}"):
        press.server.faults.clear()
        before = press.public(name)
        publication = press.ready(name)
        press.server.fail(fault, name, skip=point)
        press.settle()
        agree(press, publication, name, before, f"{fault} at request {point} of {requests}")


@pytest.mark.timeout(900 if ALL_CASES else 120)
@pytest.mark.parametrize("name", NAMES)
def test_a_process_that_is_killed_at_any_step(press: Press, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    press.ready(name)
    with steps(monkeypatch) as count:
        press.settle(hours=2)
    total = count()
    assert total
    for point in points(total, name):
        before = press.public(name)
        publication = press.ready(name)
        with pytest.raises(Killed), steps(monkeypatch, die_at=point):
            press.settle(hours=2)
        end_claims(press)
        press.settle()
        agree(press, publication, name, before, f"killed at step {point} of {total}")


def agree(press: Press, publication: Publication, name: str, before: int, where: str) -> None:
    """The ledger says what the platform's own count says; what a weak platform leaves open a person decides."""
    parts = press.parts(publication)
    states = [PartState(part.state) for part in parts]
    public = press.public(name) - before
    if PartState.NEEDS_PERSON in states:
        weak = publishers.get(name).certainty is Certainty.WEAK or name == "tiktok"  # its pictures have no handle
        assert weak, (name, where, parts[0].reason)
        assert public <= 1, (name, where)
        publications.decide(press.database, press.caller, publication.id, "there" if public else "send")
        press.settle()
        public, states = press.public(name) - before, press.states(publication)
    assert all(state in FINAL for state in states), (name, where, states)
    assert public == sum(state in OUT for state in states), (name, where, states, public)
    assert public in {0, len(parts)}, (name, where, states)
