"""The life of a piece of content: one table of states and moves. Buttons, endpoints and docs ask it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pressroom.errors import WrongInput
from pressroom.model import State

MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.GENERATED: frozenset({State.REVIEWED, State.EDITED, State.READY, State.REJECTED}),
        State.QUARANTINED: frozenset({State.EDITED, State.REJECTED}),
        State.REVIEWED: frozenset({State.EDITED, State.READY, State.REJECTED}),
        State.EDITED: frozenset({State.REVIEWED, State.READY, State.REJECTED}),
        State.READY: frozenset({State.EDITED, State.PUBLISHED, State.REJECTED}),
        State.REJECTED: frozenset({State.REVIEWED}),
        State.PUBLISHED: frozenset(),
    }
)


REDOABLE = frozenset(State) - {State.PUBLISHED}
"""States in which a piece of content may be written anew; what comes out is generated or quarantined again."""


def check_redo(state: State) -> None:
    """Raises `WrongInput` when content in `state` can't be written anew."""
    if state not in REDOABLE:
        raise WrongInput(f"Content that is {state} can't be written anew.", hint="Make a new draft with --refresh.")


def can_move(origin: State, target: State) -> bool:
    return target in MOVES[origin]


def check_move(origin: State, target: State) -> None:
    """Raises `WrongInput`, naming the moves that are allowed, when `origin -> target` is not one."""
    if not can_move(origin, target):
        allowed = ", ".join(sorted(MOVES[origin])) or "nothing: it is final"
        raise WrongInput(
            f"Content that is {origin} can't become {target}.", hint=f"From {origin} it can go to: {allowed}."
        )
