"""The pipeline: content by state, as a list or a board; moved one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response
from sqlmodel import col, select

from apps.web.filters import DELETED, Wanted, WantedDep
from apps.web.page import Page, PageDep, local
from apps.web.routing import page_router
from apps.web.showing import counted, format_title
from pressroom import formats
from pressroom.errors import NeedsPerson, WrongInput
from pressroom.model import State, lifecycle
from pressroom.people.permissions import Action
from pressroom.platforms import title as platform_title
from pressroom.review import moving
from pressroom.review.listing import count_by_state, list_content
from pressroom.review.values import MoveOutcome
from pressroom.store.tables import Content, SubjectRow

router = page_router(prefix="/pipeline")

COLUMN = 20
"""Cards of a board's column; the list has them all."""

DONE: Mapping[str, str] = MappingProxyType({"delete": "deleted", "restore": "restored"})
"""Actions on many pieces of content other than a move, with the participle for the message."""

BOARD = (State.QUARANTINED, State.GENERATED, State.REVIEWED, State.EDITED, State.READY, State.PUBLISHED, State.REJECTED)


@router.get("")
def listed(page: PageDep, wanted: WantedDep) -> Response:
    """Content in one state, or in all, newest first."""
    found = list_content(page.database, wanted.filter(), wanted.cursor)
    counts = count_by_state(page.database, wanted.filter(""))
    return page.show(
        "pipeline.html", wanted=wanted, found=found, counts=counts, tabs=_tabs(wanted, counts), **_offers(page)
    )


@router.get("/board")
def board(page: PageDep, wanted: WantedDep) -> Response:
    """Content in a column for each state."""
    columns = [(state, list_content(page.database, wanted.filter(state), limit=COLUMN).items) for state in BOARD]
    counts = count_by_state(page.database, wanted.filter(""))
    moves = {state: _moves(page, state) for state in BOARD}
    values = {"columns": columns, "counts": counts, "moves": moves, **_offers(page)}
    return page.show("board.html", wanted=wanted, **values)


@router.post("/move")
def move(
    page: PageDep,
    content: Annotated[str, Form()],
    version: Annotated[int, Form()],
    to: Annotated[State, Form()],
    back: Annotated[str, Form()] = "/pipeline/board",
) -> Response:
    """Move one piece of content, from its card."""
    page.check(Action.EDIT_CONTENT)
    try:
        moved = moving.move(page.database, page.caller, content, to, version=version)
    except NeedsPerson as refused:
        return page.go(local(back), str(refused), "bad")
    return page.go(local(back), f"“{moved.idea.title}” is {to} now.")


@router.post("/bulk")
def bulk(
    page: PageDep,
    to: Annotated[str, Form()],
    content: Annotated[list[str], Form()] = [],  # noqa: B006 (FastAPI copies it)
    back: Annotated[str, Form()] = "/pipeline",
) -> Response:
    """Move, delete or restore many; what came of each is shown."""
    page.check(Action.EDIT_CONTENT)
    if not content:
        return page.go(local(back), "Nothing was chosen.", "note")
    seen = _seen(content)
    outcomes = _changed(page, seen, to)
    refused = [each for each in outcomes if not each.ok]
    if not refused:
        return page.go(local(back), f"{counted(len(outcomes), 'piece')} of content: {DONE.get(to, f'now {to}')}.")
    titles = _titles(page, list(seen))
    return page.show("bulk.html", outcomes=outcomes, refused=refused, titles=titles, to=to, back=local(back))


def _seen(chosen: Sequence[str]) -> dict[str, int]:
    """The version of each chosen piece on the page, by id, from values such as `ID@3`.

    With it, a user approves only the text that the page showed.

    Raises:
        WrongInput: a value has no version.
    """
    parted = [value.partition("@") for value in chosen]
    if not all(version.isascii() and version.isdigit() and len(version) < 10 for _, _, version in parted):
        raise WrongInput("The form does not say which versions were chosen.", hint="Load the page again.")
    return {content_id: int(version) for content_id, _, version in parted}


def _changed(page: Page, seen: Mapping[str, int], to: str) -> list[MoveOutcome]:
    """The outcome for each of `seen`. to: a state, `delete` or `restore`.

    Raises:
        WrongInput: `to` is something else.
    """
    if to == "delete":
        return moving.delete_all(page.database, page.caller, list(seen))
    if to == "restore":
        return moving.restore_all(page.database, page.caller, list(seen))
    if to not in set(State):
        raise WrongInput("Where should they go?")
    return moving.move_all(page.database, page.caller, list(seen), State(to), versions=seen)


def _titles(page: Page, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """(title of the idea, format) of each piece of content, by its id."""
    query = select(Content.id, SubjectRow.title, Content.format)
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    with page.database.read() as session:
        return {found: (title, form) for found, title, form in session.exec(query.where(col(Content.id).in_(ids)))}


def _tabs(wanted: Wanted, counts: Mapping[State, int]) -> list[tuple[str, str, int | None]]:
    """(address, title, count) of every tab."""
    whole = (wanted.address(state=None), "All", sum(counts.values()))
    states = [(wanted.address(state=state), state.capitalize(), counts[state]) for state in State]
    return [whole, *states, (wanted.address(state=DELETED), "Deleted", None)]


def _moves(page: Page, state: State) -> tuple[lifecycle.Move, ...]:
    return lifecycle.moves_from(state, page.caller.role, person=page.caller.user_id is not None)


def _offers(page: Page) -> dict[str, Any]:
    """The choices of the filter, and the states that many pieces can move to at once."""
    names = formats.names()
    platforms = sorted({formats.get(name).platform for name in names})
    targets = {move.target: move.label for state in State for move in _moves(page, state)}
    return {
        "format_offers": [(name, format_title(name)) for name in names],
        "platform_offers": [(name, platform_title(name)) for name in platforms],
        "targets": targets,
        "deleted_tab": DELETED,
    }
