"""The pipeline: content by state and idea, as a list or a board; moved one by one or many at once, and undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response
from sqlmodel import col, select

from apps.web.filters import DELETED, REVIEW, Wanted, WantedDep
from apps.web.naming import content_titles
from apps.web.page import Page, PageDep, local
from apps.web.routing import page_router
from apps.web.showing import counted, format_title
from apps.web.today import by_idea
from pressroom import formats
from pressroom.errors import NeedsPerson, WrongInput
from pressroom.model import State, lifecycle
from pressroom.model.lifecycle import TO_REVIEW
from pressroom.people.permissions import Action
from pressroom.platforms import title as platform_title
from pressroom.review import moving
from pressroom.review.listing import count_by_state, list_content
from pressroom.review.undoing import undo as undo_all
from pressroom.review.values import ContentSummary, MoveOutcome
from pressroom.store.tables import SubjectRow, new_id

router = page_router()

RECENT = 200
"""Ideas whose topics the filter offers."""

COLUMN = 20
"""Cards of a board's column; the list has them all."""

DONE: Mapping[str, str] = MappingProxyType({"delete": "Deleted", "restore": "Restored"})
"""Actions on many pieces of content other than a move, with the participle for the message."""

MOVED: Mapping[State, str] = MappingProxyType(
    {State.READY: "Approved", State.REJECTED: "Rejected", State.REVIEWED: "Marked as reviewed"}
)
"""The same for moves."""

BOARD = (State.GENERATED, State.QUARANTINED, State.REVIEWED, State.EDITED, State.READY, State.PUBLISHED, State.REJECTED)


@router.get("/pipeline")
def listed(page: PageDep, wanted: WantedDep) -> Response:
    """Content in one state, or in all, newest first."""
    found = list_content(page.database, wanted.filter(), wanted.cursor)
    counts = count_by_state(page.database, wanted.filter(""))
    values = {"tabs": _tabs(wanted, counts), "targets": _targets(page, wanted, counts), **_offers(page)}
    return page.show("pipeline.html", wanted=wanted, found=found, ideas=list(by_idea(found.items)), **values)


@router.get("/pipeline/board")
def board(page: PageDep, wanted: WantedDep) -> Response:
    """Content in a column for each state."""
    columns = [
        (state, _by_idea(list_content(page.database, wanted.filter(state), limit=COLUMN).items)) for state in BOARD
    ]
    counts = count_by_state(page.database, wanted.filter(""))
    first = next((state for state in BOARD if counts[state] and state in TO_REVIEW), State.GENERATED)
    moves = {state: _moves(page, state) for state in BOARD}
    values = {"columns": columns, "counts": counts, "moves": moves, "first": first, **_offers(page)}
    return page.show("board.html", wanted=wanted, **values)


@router.post("/pipeline/move")
def move(
    page: PageDep,
    content: Annotated[str, Form()],
    version: Annotated[int, Form()],
    to: Annotated[State, Form()],
    back: Annotated[str, Form()] = "/pipeline/board",
) -> Response:
    """Move one piece of content, from its card."""
    page.check(Action.EDIT_CONTENT)
    batch = new_id()
    try:
        moved = moving.move(page.database, page.caller, content, to, version=version, batch=batch)
    except NeedsPerson as refused:
        return page.go(local(back), str(refused), "bad")
    return page.go(local(back), f"{moved.format_title} of “{moved.idea.title}”: {to}.", undo=batch)


@router.post("/pipeline/bulk")
def bulk(
    page: PageDep,
    to: Annotated[str, Form()],
    content: Annotated[list[str], Form()] = [],  # noqa: B006 (FastAPI copies it)
    back: Annotated[str, Form()] = "/pipeline",
) -> Response:
    """Move, delete or restore many; the outcome of each is shown where one was refused."""
    page.check(Action.EDIT_CONTENT)
    if not content:
        return page.go(local(back), "Select drafts first.", "note")
    seen, batch = _seen(content), new_id()
    outcomes = _changed(page, seen, to, batch)
    if all(each.ok for each in outcomes):
        done = DONE.get(to) or MOVED.get(State(to)) or f"Moved to {to}"
        return page.go(local(back), f"{done}: {counted(len(outcomes), 'draft')}.", undo=batch)
    return _outcomes(page, outcomes, to, local(back), batch)


@router.post("/undo")
def undo(page: PageDep, batch: Annotated[str, Form(max_length=32)], back: Annotated[str, Form()] = "/") -> Response:
    """Undo what the caller did a moment ago; where a piece changed since, say so."""
    page.check(Action.EDIT_CONTENT)
    then = new_id()
    try:
        outcomes = undo_all(page.database, page.caller, batch, then=then)
    except NeedsPerson as refused:
        return page.go(local(back), str(refused), "note")
    if all(each.ok for each in outcomes):
        return page.go(local(back), "Undone.", undo=then)
    return _outcomes(page, outcomes, "undo", local(back), then)


def _outcomes(page: Page, outcomes: Sequence[MoveOutcome], to: str, back: str, batch: str) -> Response:
    """A page that says which pieces were changed, and why the others were not."""
    refused = [each for each in outcomes if not each.ok]
    titles = content_titles(page.database, [each.id for each in outcomes])
    values: dict[str, Any] = {
        "outcomes": outcomes,
        "refused": refused,
        "titles": titles,
        "to": to,
        "back": back,
        "batch": batch,
    }
    return page.show("bulk.html", **values)


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


def _changed(page: Page, seen: Mapping[str, int], to: str, batch: str) -> list[MoveOutcome]:
    """The outcome for each of `seen`. to: a state, `delete` or `restore`.

    Raises:
        WrongInput: `to` is something else.
    """
    if to == "delete":
        return moving.delete_all(page.database, page.caller, list(seen), batch=batch)
    if to == "restore":
        return moving.restore_all(page.database, page.caller, list(seen), batch=batch)
    if to not in set(State):
        raise WrongInput(f"There is no action {to[:32]!r}.", hint="Load the page again.")
    return moving.move_all(page.database, page.caller, list(seen), State(to), versions=seen, batch=batch)


def _tabs(wanted: Wanted, counts: Mapping[State, int]) -> list[tuple[str, str, int | None]]:
    """(address, title, count) of every tab."""
    waiting = (wanted.address(state=REVIEW), "To review", sum(counts[state] for state in TO_REVIEW))
    whole = (wanted.address(state=None), "All", sum(counts.values()))
    states = [(wanted.address(state=state), state.capitalize(), counts[state]) for state in State]
    return [waiting, whole, *states, (wanted.address(state=DELETED), "Deleted", None)]


def _targets(page: Page, wanted: Wanted, counts: Mapping[State, int]) -> dict[State, str]:
    """The moves that the open tab's drafts can make at once, by where they lead: a label that fits the tab."""
    shown = [State(wanted.state)] if wanted.state in set(State) else [state for state in BOARD if counts[state]]
    states = [state for state in shown if state in TO_REVIEW] if wanted.state == REVIEW else shown
    moves = [move for state in states for move in _moves(page, state) if not move.one_by_one]
    return {move.target: move.label for move in reversed(moves)}


def _by_idea(content: Iterable[ContentSummary]) -> list[ContentSummary]:
    """`content` with the formats of an idea one after the other."""
    return [each for idea in by_idea(content) for each in idea.content]


def _categories(page: Page) -> list[str]:
    """Topics of the newest ideas, each once, in the order of the alphabet."""
    newest = select(SubjectRow.category).order_by(col(SubjectRow.created_at).desc()).limit(RECENT)
    with page.database.read() as session:
        return sorted({found for found in session.exec(newest) if found}, key=str.casefold)


def _moves(page: Page, state: State) -> tuple[lifecycle.Move, ...]:
    return lifecycle.moves_from(state, page.caller.role, person=page.caller.user_id is not None)


def _offers(page: Page) -> dict[str, Any]:
    """The choices of the filter."""
    names = formats.names()
    platforms = sorted({formats.get(name).platform for name in names})
    return {
        "format_offers": [(name, format_title(name)) for name in names],
        "platform_offers": [(name, platform_title(name)) for name in platforms],
        "category_offers": _categories(page),
        "deleted_tab": DELETED,
    }
