"""docs/lifecycle.md, written from the table in `model.lifecycle`: `python -m pressroom.review.lifecycle_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pressroom.model import Role, State, lifecycle
from pressroom.model.lifecycle import Move

PAGE = Path("docs/lifecycle.md")

MEANINGS = {
    State.GENERATED: "A provider wrote it and it keeps every rule of its format.",
    State.QUARANTINED: "A provider wrote it and it breaks a rule even after being asked for again.",
    State.REVIEWED: "A person has read it.",
    State.EDITED: "A person has written other words.",
    State.READY: "A person has approved exactly what it says.",
    State.PUBLISHED: "It went out.",
    State.REJECTED: "A person does not want it to go out.",
}

_PAGE = """# The life of a piece of content

<!-- Written from pressroom/model/lifecycle.py by `python -m pressroom.review.lifecycle_page`. -->

Every piece of content is in one of these states:

| state | what it says |
|---|---|
{states}

```mermaid
stateDiagram-v2
{diagram}
```

## Moves

A move that is not in this table is refused to every caller, in every way.

| from | to | by | who | what it says |
|---|---|---|---|---|
{moves}

## What else holds

- The wording that was generated is revision 1, and stays. Each edit, each return to an earlier wording and each draft
  written again is a further revision, with who made it, when, and what its format's rules say of it.
- An approval belongs to the hash of exactly what was approved: the words, and the media with their order and their
  alternative texts. Other words or media void it, and so does every move away from `ready` but the one to `published`.
- Media are attached, ordered and described wherever words may be edited. Content that is `ready` is `edited` then; in
  any other state it stays where it is.
- Content that breaks a rule can't become `ready`.
- A change names the version that was seen. Where another person was faster it is refused, and nothing is overwritten.
- Deleting puts content aside, and restoring puts it back as it was; {editors} may do both, unless it is {kept}. What
  is deleted is gone for good after PRESSROOM_PURGE_DAYS.
- It may be written again unless it is {final}; it is then `generated` or `quarantined` again.
- For {minutes} minutes a user can undo a move, a deletion or a restoration of their own, while nothing changed since.
  The content has its former state again. An approval that the move gave is void; one that it voided is valid again.
"""


def render() -> str:
    """The page as it should be."""
    moves = [move for targets in lifecycle.MOVES.values() for move in targets.values()]
    return _PAGE.format(
        states="\n".join(f"| `{state}` | {MEANINGS[state]} |" for state in State),
        diagram="\n".join(_diagram(moves)),
        moves="\n".join(map(_row, moves)),
        editors=_named(lifecycle.EDITORS),
        kept=_states(frozenset(State) - lifecycle.DELETABLE),
        final=_states(frozenset(State) - lifecycle.REDOABLE),
        minutes=int(lifecycle.UNDOABLE.total_seconds() // 60),
    )


def _diagram(moves: list[Move]) -> Iterator[str]:
    for first in (State.GENERATED, State.QUARANTINED):
        yield f"    [*] --> {first}"
    yield from (f"    {move.origin} --> {move.target}" for move in moves)


def _row(move: Move) -> str:
    by = "new words" if move.by_edit else move.label
    who = _named(move.roles) + (", in person" if move.in_person else "")
    return f"| `{move.origin}` | `{move.target}` | {by} | {who} | {move.means} |"


def _named(roles: frozenset[Role]) -> str:
    return " or ".join(role for role in Role if role in roles)


def _states(states: frozenset[State]) -> str:
    return " or ".join(f"`{state}`" for state in State if state in states)


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
