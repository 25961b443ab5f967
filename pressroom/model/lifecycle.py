"""The life of a piece of content: one table of states and moves. Buttons, endpoints and docs/lifecycle.md ask it.

`check_x` raises where `can_x` says no, from the same rule: a button is never offered for what would be refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from pressroom.errors import MoveRefused, WrongInput
from pressroom.model import Role, State

EDITORS = frozenset({Role.OWNER, Role.EDITOR})


@dataclass(frozen=True)
class Move:
    """One allowed move. label: as on its button; means: what it says; roles: who may make it.

    by_edit: made by new words alone, never by a button. in_person: by a person alone, never by a program.
    one_by_one: not offered for many pieces at once, because each needs a look or an address of its own.
    """

    origin: State
    target: State
    label: str
    means: str
    roles: frozenset[Role] = EDITORS
    by_edit: bool = False
    in_person: bool = False
    one_by_one: bool = False


def _edited(origin: State, means: str) -> Move:
    return Move(origin, State.EDITED, "Edit", means, by_edit=True)


def _approved(origin: State) -> Move:
    means = "A person approves exactly this wording; refused while it breaks a rule."
    return Move(origin, State.READY, "Approve", means, in_person=True)


def _rejected(origin: State) -> Move:
    return Move(origin, State.REJECTED, "Reject", "It is not to go out.")


_TABLE = (
    Move(State.GENERATED, State.REVIEWED, "Mark as reviewed", "A person has read it and is not done with it."),
    _edited(State.GENERATED, "A person wrote new words."),
    _approved(State.GENERATED),
    _rejected(State.GENERATED),
    _edited(State.QUARANTINED, "A person wrote new words: nothing else takes content out of quarantine for use."),
    _rejected(State.QUARANTINED),
    _edited(State.REVIEWED, "A person wrote new words."),
    _approved(State.REVIEWED),
    _rejected(State.REVIEWED),
    Move(State.EDITED, State.REVIEWED, "Mark as reviewed", "A person has read the new words and is not done with it."),
    _edited(State.EDITED, "A person wrote other words again."),
    _approved(State.EDITED),
    _rejected(State.EDITED),
    Move(State.READY, State.REVIEWED, "Withdraw approval", "The approval is void; the wording stays."),
    _edited(State.READY, "A person wrote new words, or changed the media; the approval is void."),
    Move(
        State.READY,
        State.PUBLISHED,
        "Mark as published",
        "A person has published it by hand, as it was approved; the address of the post can be named.",
        one_by_one=True,
    ),
    Move(
        State.PUBLISHED,
        State.READY,
        "Not published after all",
        "It was marked by hand and is not out; the approval stands. Refused while a publication of it may be public.",
        in_person=True,
        one_by_one=True,
    ),
    Move(State.READY, State.REJECTED, "Reject", "It is not to go out after all; the approval is void."),
    Move(State.REJECTED, State.REVIEWED, "Reopen", "It is worth another look."),
)

MOVES: Mapping[State, Mapping[State, Move]] = MappingProxyType(
    {state: MappingProxyType({move.target: move for move in _TABLE if move.origin is state}) for state in State}
)
"""Every allowed move, by where it starts and where it ends."""

REDOABLE = frozenset(State) - {State.PUBLISHED}
"""States in which a piece of content may be written again; the result is generated or quarantined again."""

TO_REVIEW = (State.QUARANTINED, State.GENERATED, State.REVIEWED, State.EDITED)
"""States that wait for a person's decision."""

UNDOABLE = timedelta(minutes=15)
"""How long a user can undo a move, a deletion or a restoration of their own."""

DELETABLE = frozenset(State) - {State.PUBLISHED}
"""States in which it may be deleted: what went out stays, as the record of it."""


def moves_from(origin: State, role: Role, *, person: bool = True) -> tuple[Move, ...]:
    """The moves that a user of `role` may make by a button, in the table's order. person: not a program."""
    return tuple(move for move in MOVES[origin].values() if can_move(origin, move.target, role, person=person))


def can_move(origin: State, target: State, role: Role, *, person: bool = True) -> bool:
    """True when a person, or program, of `role` may move content from `origin` to `target` without new words."""
    return not _refusal(origin, target, role, person)


def check_move(origin: State, target: State, role: Role, *, person: bool = True) -> None:
    """Raises `MoveRefused`, saying what would be allowed, when `can_move` says no."""
    if refusal := _refusal(origin, target, role, person):
        allowed = ", ".join(move.target for move in moves_from(origin, role, person=person)) or "nothing"
        raise MoveRefused(refusal, hint=f"You can move {origin} content to: {allowed}.")


def _refusal(origin: State, target: State, role: Role, person: bool) -> str:
    """Why not; empty when it is allowed."""
    move = MOVES[origin].get(target)
    if move is None:
        return _no_way(origin, target)
    if move.by_edit:
        return f"Content becomes {target} by new words, not by a move."
    if role not in move.roles:
        return f"A {role} may not make content {target}: ask {_named(move.roles)}."
    if move.in_person and not person:
        return f"Only a person may make content {target}."
    return ""


def _no_way(origin: State, target: State) -> str:
    """Why there is no such move, with the next step where one move more leads there."""
    if target is State.PUBLISHED and State.READY in MOVES[origin]:
        return "Approve this draft before marking it as published."
    return f"Content that is {origin} can't become {target}."


def can_edit(state: State, role: Role) -> bool:
    """True when a user of `role` may give content in `state` new words."""
    move = MOVES[state].get(State.EDITED)
    return move is not None and role in move.roles


def check_edit(state: State, role: Role) -> None:
    """Raises `MoveRefused` when `can_edit` says no."""
    if can_edit(state, role):
        return
    if State.EDITED in MOVES[state]:
        raise MoveRefused(f"A {role} may not edit content.", hint=f"Ask {_named(EDITORS)}.")
    first = ", ".join(move.target for move in moves_from(state, role) if not move.one_by_one)
    hint = f"Move it first; it can become: {first}." if first else "What it says is final."
    raise MoveRefused(f"Content that is {state} can't be edited.", hint=hint)


def can_delete(state: State, role: Role) -> bool:
    """True when a user of `role` may delete, or restore, content in `state`."""
    return state in DELETABLE and role in EDITORS


def check_delete(state: State, role: Role) -> None:
    """Raises `MoveRefused` when `can_delete` says no."""
    if role not in EDITORS:
        raise MoveRefused(f"A {role} may not delete or restore content.", hint=f"Ask {_named(EDITORS)}.")
    if state not in DELETABLE:
        raise MoveRefused(
            f"Content that is {state} can't be deleted.", hint="It stays, as the record of what went out."
        )


def can_redo(state: State, role: Role) -> bool:
    """True when a user of `role` may have content in `state` written again."""
    return state in REDOABLE and role in EDITORS


def check_redo(state: State) -> None:
    """Raises `WrongInput` when content in `state` can't be written again."""
    if state not in REDOABLE:
        raise WrongInput(f"Content that is {state} can't be written again.", hint="Make a new draft with --refresh.")


def _named(roles: frozenset[Role]) -> str:
    return " or ".join(f"an {role}" for role in Role if role in roles)
