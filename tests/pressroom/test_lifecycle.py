"""The table of states and moves is whole, asks and checks agree, and its page is current."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from pressroom.errors import MoveRefused
from pressroom.model import Role, State, lifecycle
from pressroom.model.lifecycle import (
    MOVES,
    can_delete,
    can_edit,
    can_move,
    check_delete,
    check_edit,
    check_move,
    moves_from,
)
from pressroom.review import lifecycle_page

ROOT = Path(__file__).parents[2]
ANYBODY = list(itertools.product(Role, (True, False)))


def reachable(origins: set[State]) -> set[State]:
    reached: set[State] = set()
    while origins:
        reached |= origins
        origins = {target for state in origins for target in MOVES[state]} - reached
    return reached


def test_every_state_has_a_row() -> None:
    assert set(MOVES) == set(State)


def test_every_move_stands_where_it_belongs() -> None:
    for origin, moves in MOVES.items():
        assert all((move.origin, move.target) == (origin, target) for target, move in moves.items())


@pytest.mark.parametrize(("origin", "target"), list(itertools.product(State, State)))
def test_asking_and_checking_agree(origin: State, target: State) -> None:
    for role, person in ANYBODY:
        if can_move(origin, target, role, person=person):
            check_move(origin, target, role, person=person)
        else:
            with pytest.raises(MoveRefused):
                check_move(origin, target, role, person=person)


@pytest.mark.parametrize("state", State)
def test_asking_and_checking_of_edits_and_deletions_agree(state: State) -> None:
    for role in Role:
        for can, check in ((can_edit, check_edit), (can_delete, check_delete)):
            if can(state, role):
                check(state, role)
            else:
                with pytest.raises(MoveRefused):
                    check(state, role)


@pytest.mark.parametrize("state", State)
def test_buttons_are_what_is_allowed(state: State) -> None:
    for role, person in ANYBODY:
        offered = {move.target for move in moves_from(state, role, person=person)}
        assert offered == {target for target in State if can_move(state, target, role, person=person)}


def test_a_refusal_names_what_is_allowed() -> None:
    with pytest.raises(
        MoveRefused, match=r"quarantined can't become ready.*You can move quarantined content to: rejected\."
    ):
        check_move(State.QUARANTINED, State.READY, Role.OWNER)
    with pytest.raises(MoveRefused, match=r"Approve this draft before marking it as published\."):
        check_move(State.GENERATED, State.PUBLISHED, Role.OWNER)
    with pytest.raises(MoveRefused, match="to: nothing"):
        check_move(State.GENERATED, State.READY, Role.VIEWER)
    with pytest.raises(MoveRefused, match="by new words, not by a move"):
        check_move(State.GENERATED, State.EDITED, Role.OWNER)


def test_a_viewer_changes_nothing() -> None:
    assert not any(moves_from(state, Role.VIEWER) for state in State)
    assert not any(can(state, Role.VIEWER) for state in State for can in (can_edit, can_delete))
    with pytest.raises(MoveRefused, match="A viewer may not make content reviewed: ask an owner or an editor"):
        check_move(State.GENERATED, State.REVIEWED, Role.VIEWER)


def test_only_a_person_approves() -> None:
    assert can_move(State.EDITED, State.READY, Role.EDITOR)
    assert not any(can_move(state, State.READY, Role.OWNER, person=False) for state in State)


def test_no_state_moves_to_itself() -> None:
    assert not any(can_move(state, state, role) for state in State for role in Role)


def test_only_ready_content_is_published() -> None:
    assert [origin for origin in State if State.PUBLISHED in MOVES[origin]] == [State.READY]


def test_quarantined_content_is_edited_before_anything_else_but_a_rejection() -> None:
    assert set(MOVES[State.QUARANTINED]) == {State.EDITED, State.REJECTED}


def test_published_is_final_unless_a_person_takes_it_back() -> None:
    assert set(MOVES[State.PUBLISHED]) == {State.READY}
    assert MOVES[State.PUBLISHED][State.READY].in_person
    assert State.PUBLISHED not in lifecycle.DELETABLE | lifecycle.REDOABLE
    with pytest.raises(MoveRefused, match="What it says is final"):
        check_edit(State.PUBLISHED, Role.OWNER)


def test_nothing_becomes_generated_or_quarantined_by_a_person() -> None:
    assert not any({State.GENERATED, State.QUARANTINED} & set(MOVES[origin]) for origin in State)


@pytest.mark.parametrize("first", [State.GENERATED, State.QUARANTINED])
def test_every_other_state_can_be_reached_from_either_first_one(first: State) -> None:
    assert reachable({first}) >= set(State) - {State.GENERATED, State.QUARANTINED}


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        MOVES[State.PUBLISHED][State.EDITED] = MOVES[State.READY][State.EDITED]  # type: ignore[index]


def test_the_page_is_current() -> None:
    page = (ROOT / lifecycle_page.PAGE).read_text("utf-8")
    assert page == lifecycle_page.render(), "run `python -m pressroom.review.lifecycle_page`"
