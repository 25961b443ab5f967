"""The table of states: total, with one way into `sending`, and no way from there back but by proof or by a person."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from pressroom.errors import MoveRefused
from pressroom.model.publication_states import (
    FINAL,
    MOVES,
    NOT_OUT,
    OUT,
    STATES,
    UNCLEAR,
    WHOLES,
    Actor,
    PartMove,
    PartState,
    PublicationState,
    check_part_move,
    next_part,
    person_moves,
    state_of,
)
from pressroom.model.publishing import OPTIONAL_KINDS, PartKind
from pressroom.publishers.ledger.engine import STEPS

S, P = PartState, PublicationState
POST, COMMENT = PartKind.POST, PartKind.COMMENT
EVERY_PART = tuple(product((POST, COMMENT), S))
READ_BACK = frozenset({S.SENT})
"""States that the engine leaves by reading back."""
BY_PEOPLE = frozenset({S.MISMATCH, S.VANISHED})
"""States in which a decision is due that changes nothing at the platform by itself."""
BY_PROOF = (S.ASKING, S.READY)


def reached(*origins: PartState, without: frozenset[PartMove] = frozenset()) -> set[PartState]:
    """All states that moves lead to from `origins`."""
    found: set[PartState] = set()
    edge = set(origins)
    while edge:
        edge = {move.target for move in MOVES if move.origin in edge and move not in without} - found
        found |= edge
    return found


def combinations() -> Iterator[tuple[tuple[PartKind, PartState], ...]]:
    """Publications of one to three parts; the first one is a post."""
    for first in S:
        yield ((POST, first),)
        for second in EVERY_PART:
            yield ((POST, first), second)
            for third in EVERY_PART:
                yield ((POST, first), second, third)


def test_exactly_one_move_leads_into_sending() -> None:
    into = [move for move in MOVES if move.target is S.SENDING]
    assert [(move.origin, move.by) for move in into] == [(S.ARMED, Actor.WORKER)]
    assert {move.origin for move in MOVES if move.target is S.ARMED} == {S.READY}


def test_unclear_ones_are_sent_again_by_proof_of_absence_or_by_a_person_alone() -> None:
    allowed = frozenset(move for move in MOVES if move.by is Actor.PERSON or (move.origin, move.target) == BY_PROOF)
    unclear = {*UNCLEAR, S.PROCESSING, S.WAITING_PERSON} - {S.SENDING}
    assert S.SENDING not in reached(*unclear, without=allowed)
    assert S.SENDING in reached(S.UNKNOWN), "the proof leads there"


def test_no_way_leads_from_public_to_sending_not_even_for_a_person() -> None:
    assert not reached(*OUT, S.VANISHED, S.DELETED) & {S.PLANNED, S.READY, S.ARMED, S.SENDING}


def test_a_person_alone_brings_an_end_back_unless_the_platform_s_answer_says_that_it_is_public() -> None:
    others = [move for move in MOVES if move.origin in NOT_OUT and move.by is not Actor.PERSON]
    assert {move.target for move in others} == {PartState.SENT}


def test_every_state_has_an_owner_and_each_that_is_no_end_a_deadline_and_a_way_out() -> None:
    assert set(STATES) == set(S)
    for state, facts in STATES.items():
        out = {move.by for move in MOVES if move.origin is state}
        if state in FINAL:
            assert facts.deadline is None, state
            continue
        assert facts.deadline is not None, state
        # The person acts in the platform's inbox; the asker sees it there.
        assert (Actor.ASKER if state is S.WAITING_PERSON else facts.owner) in out, state


def test_every_state_is_reached_from_planned_and_leads_to_an_end() -> None:
    assert reached(S.PLANNED) >= set(S) - {S.PLANNED}
    assert [state for state in S if not (reached(state) | {state}) & FINAL] == []


def test_the_engine_has_a_step_for_each_state_that_does_not_wait_for_a_person_alone() -> None:
    assert set(STEPS) == set(S) - FINAL - READ_BACK - BY_PEOPLE


def test_a_move_that_is_not_in_the_table_is_refused_and_says_what_can_be_done() -> None:
    listed = {(move.origin, move.target, move.by is Actor.PERSON) for move in MOVES}
    for origin, target, person in product(S, S, (True, False)):
        if (origin, target, person) in listed:
            assert check_part_move(origin, target, person=person).target is target
            continue
        with pytest.raises(MoveRefused) as refused:
            check_part_move(origin, target, person=person)
        assert all(move.label in refused.value.hint for move in person_moves(origin)), origin


def test_moves_of_a_person_have_labels_and_no_pair_stands_twice() -> None:
    assert all(bool(move.label) == (move.by is Actor.PERSON) and move.means for move in MOVES)
    assert len({(move.origin, move.target, move.by) for move in MOVES}) == len(MOVES)


def test_the_state_of_a_publication_is_total_and_says_no_less_than_its_posts() -> None:
    nothing = {P.PLANNED, P.REFUSED, P.MISSED, P.CANCELLED, P.DELETED}
    for parts in combinations():
        state = state_of(parts)
        posts = [each for kind, each in parts if kind not in OPTIONAL_KINDS]
        assert state in WHOLES
        if any(each in UNCLEAR for each in posts):
            assert state in {P.UNKNOWN, P.NEEDS_PERSON}, parts
        elif any(each in OUT for each in posts):
            assert state not in nothing, parts
        if state in {P.PUBLISHED, P.MISMATCH}:
            assert all(each in OUT for each in posts), parts


def test_a_comment_that_a_person_has_to_judge_is_among_what_needs_a_person() -> None:
    """A failed comment changes nothing of the post; one that may be public is lost from sight otherwise."""
    assert state_of([(POST, S.PUBLISHED), (COMMENT, S.REFUSED)]) is P.PUBLISHED
    assert state_of([(POST, S.PUBLISHED), (COMMENT, S.NEEDS_PERSON)]) is P.NEEDS_PERSON


def test_a_thread_whose_next_post_waits_is_on_its_way_and_not_only_planned() -> None:
    assert state_of([(POST, S.SENT), (POST, S.WAITING)]) is P.WORKING


def test_a_thumbnail_that_vanished_does_not_hold_up_the_comment_after_it() -> None:
    parts = [(0, POST, S.PUBLISHED), (1, PartKind.THUMBNAIL, S.VANISHED), (2, COMMENT, S.PLANNED)]
    assert next_part(parts) == 2


def test_the_next_part_is_the_first_that_is_not_out_and_nothing_follows_a_post_that_ended() -> None:
    for parts in combinations():
        position = next_part((number, kind, state) for number, (kind, state) in enumerate(parts))
        before = parts if position is None else parts[:position]
        if position is not None:
            assert parts[position][1] not in FINAL | OUT, parts
            assert all(state in OUT or kind in OPTIONAL_KINDS for kind, state in before), parts
        elif all(kind is COMMENT or state in OUT for kind, state in parts):
            left = FINAL | OUT | BY_PEOPLE | {S.NEEDS_PERSON}
            assert all(state in left for _, state in parts), parts
