"""The table of states and moves is whole, and asks and checks agree."""

from __future__ import annotations

import itertools

import pytest

from pressroom.errors import WrongInput
from pressroom.lifecycle import MOVES, can_move, check_move
from pressroom.model import State

PAIRS = list(itertools.product(State, State))


def test_every_state_has_a_row() -> None:
    assert set(MOVES) == set(State)


@pytest.mark.parametrize(("origin", "target"), PAIRS)
def test_asking_and_checking_agree(origin: State, target: State) -> None:
    if can_move(origin, target):
        check_move(origin, target)
    else:
        with pytest.raises(WrongInput, match=f"{origin} can't become {target}"):
            check_move(origin, target)


def test_no_state_moves_to_itself() -> None:
    assert not any(can_move(state, state) for state in State)


def test_only_ready_content_is_published() -> None:
    assert [origin for origin in State if can_move(origin, State.PUBLISHED)] == [State.READY]


def test_quarantined_content_is_edited_before_anything_else_but_a_rejection() -> None:
    assert MOVES[State.QUARANTINED] == {State.EDITED, State.REJECTED}


def test_published_is_final_and_says_so() -> None:
    with pytest.raises(WrongInput, match="nothing: it is final"):
        check_move(State.PUBLISHED, State.EDITED)


def test_nothing_becomes_generated_or_quarantined_again() -> None:
    assert not any(can_move(origin, target) for origin in State for target in (State.GENERATED, State.QUARANTINED))


def test_every_state_but_the_first_two_can_be_reached() -> None:
    reached, frontier = set(), {State.GENERATED, State.QUARANTINED}
    while frontier:
        reached |= frontier
        frontier = {target for state in frontier for target in MOVES[state]} - reached
    assert reached == set(State)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        MOVES[State.PUBLISHED] = frozenset({State.EDITED})  # type: ignore[index]
