"""One piece of content: written on with live checks, compared, traced, moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Form, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import rewriting
from apps.web import editor, previews
from apps.web.jobs_shown import rewriting as rewrite_under_way
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom import formats
from pressroom.errors import Conflict, MoveRefused, NotFound, PressroomError, RulesBroken, WrongInput
from pressroom.model import MOST_MEDIA, State
from pressroom.people.permissions import Action
from pressroom.review import editing, moving, reading
from pressroom.review.attaching import alt_limit
from pressroom.review.checking import check_for
from pressroom.review.differences import diff
from pressroom.review.queue import neighbours_of
from pressroom.review.values import Checked, ContentDetail
from pressroom.store.paging import LONGEST_PAGE
from pressroom.store.tables import new_id

router = page_router(prefix="/content/{content_id}")

TABS = (
    ("", "Edit"),
    ("comments", "Comments"),
    ("share", "Share"),
    ("film", "Film"),
    ("publish", "Publish"),
    ("compare", "Original and edited"),
    ("revisions", "Revisions"),
    ("trace", "Trace"),
)


MOVED: Mapping[State, str] = MappingProxyType(
    {
        State.READY: "Approved.",
        State.REVIEWED: "Marked as reviewed.",
        State.REJECTED: "Rejected.",
        State.PUBLISHED: "Marked as published.",
    }
)
"""The message after a move."""


@dataclass(frozen=True)
class Draft:
    """The content of the form. base: the revision it started from; version: the content's version at that time."""

    body: dict[str, Any]
    version: int
    base: int
    note: str = ""


@router.get("")
def edited(page: PageDep, content_id: str) -> Response:
    """The editor, with what it will look like beside it; read only where nothing may be changed."""
    return _editor(page, reading.get_content(page.database, page.caller, content_id))


@router.post("")
def save(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Save a new revision. If another user saved one meanwhile, show that instead of overwriting it."""
    detail = reading.get_content(page.database, page.caller, content_id)
    draft = _draft(detail.format, form)
    if asked := str(form.get("row", "")):
        return _editor(page, detail, _with_row(draft, detail.format, asked))
    try:
        kept = editing.edit(page.database, page.caller, content_id, draft.body, version=draft.version, note=draft.note)
    except Conflict:
        now = reading.get_content(page.database, page.caller, content_id)
        return _editor(page, now, draft, status=412)
    if str(form.get("then", "")) == State.READY:
        return move(page, content_id, State.READY, kept.version)
    said = "Saved as a new revision." if kept.version != draft.version else "Nothing changed."
    return page.go(address_of(content_id), said)


@router.post("/check")
def check(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Check the form's present text against the rules, without saving it."""
    detail = reading.get_content(page.database, page.caller, content_id)
    draft = _draft(detail.format, form)
    checked = check_for(page.database, content_id, draft.body)
    return page.part(
        "content/live.html", detail=detail, checked=checked, live="alone", **_shown(page, detail, draft, checked)
    )


@router.post("/fields")
def fields(
    page: PageDep, content_id: str, form: FormDep, row: Annotated[str, Form(pattern=r"^\w+[+-]\d*$")]
) -> Response:
    """The form's fields with a row more, or one less."""
    detail = reading.get_content(page.database, page.caller, content_id)
    draft = _with_row(_draft(detail.format, form), detail.format, row)
    checked = check_for(page.database, content_id, draft.body)
    return page.part(
        "content/row.html", detail=detail, checked=checked, added=row, **_shown(page, detail, draft, checked)
    )


@router.get("/compare")
def compare(
    page: PageDep,
    content_id: str,
    old: Annotated[int, Query(ge=1)] = 1,
    new: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Two wordings beside each other, and what became of the words."""
    detail = reading.get_content(page.database, page.caller, content_id)
    before = reading.get_revision(page.database, content_id, old)
    after = reading.get_revision(page.database, content_id, new or detail.revisions)
    changes = diff(before.text, after.text)
    return show_tab(page, detail, "compare", before=before, after=after, changes=changes)


@router.get("/revisions")
def revisions(page: PageDep, content_id: str) -> Response:
    """Every wording, the latest first."""
    detail = reading.get_content(page.database, page.caller, content_id)
    found = reading.list_revisions(page.database, content_id, limit=LONGEST_PAGE)
    return show_tab(page, detail, "revisions", wordings=found.items)


@router.get("/trace")
def trace(page: PageDep, content_id: str) -> Response:
    """The whole line behind it, from source to approval."""
    detail = reading.get_content(page.database, page.caller, content_id)
    return show_tab(page, detail, "trace", line=reading.trace(page.database, page.caller, content_id))


@router.post("/revert")
def revert(page: PageDep, content_id: str, number: Annotated[int, Form()], version: Annotated[int, Form()]) -> Response:
    """Put an earlier wording back, as a new revision."""
    try:
        editing.revert(page.database, page.caller, content_id, number, version=version)
    except Conflict:
        return page.go(
            address_of(content_id, "revisions"), "Another person changed it meanwhile. Read it again first.", "bad"
        )
    return page.go(address_of(content_id), f"Revision {number} is restored, as a new revision.")


@router.post("/move")
def move(
    page: PageDep,
    content_id: str,
    to: Annotated[State, Form()],
    version: Annotated[int, Form()],
    note: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
) -> Response:
    """Take it to another state; to `ready` is the approval of exactly what it says."""
    batch = new_id()
    try:
        moving.move(page.database, page.caller, content_id, to, version=version, note=note, url=url, batch=batch)
    except Conflict:
        return page.go(address_of(content_id), "Another person changed it meanwhile: read it again first.", "bad")
    except MoveRefused:
        raise
    except (RulesBroken, WrongInput) as refused:
        return page.go(address_of(content_id), str(refused), "bad")
    return page.go(address_of(content_id), MOVED[to], undo=batch)


@router.post("/regenerate")
def regenerate(
    page: PageDep,
    content_id: str,
    key: Annotated[str, Form(max_length=64)],
    wish: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Rewrite the content, with a note on what to change. The same form sent twice starts one job."""
    page.check(Action.START_WORK)
    try:
        rewriting.rewrite(page.desk, page.database, page.caller, content_id, wish, suggest=False, key=f"page-{key}")
    except (NotFound, MoveRefused):
        raise
    except PressroomError as error:
        return page.go(address_of(content_id), str(error), "bad")
    return page.go(address_of(content_id), "Sent back. The current version is kept in Revisions.")


@router.post("/delete")
def delete(page: PageDep, content_id: str, version: Annotated[int, Form()]) -> Response:
    """Put it aside."""
    batch = new_id()
    moving.delete(page.database, page.caller, content_id, version=version, batch=batch)
    days = page.desk.settings.purge_days
    said = f"Deleted. You can restore it from the tab “Deleted” for {days} days."
    return page.go("/pipeline", said, undo=batch)


@router.post("/restore")
def restore(page: PageDep, content_id: str) -> Response:
    """Put it back."""
    moving.restore(page.database, page.caller, content_id)
    return page.go(address_of(content_id), "Restored.")


def _editor(page: Page, detail: ContentDetail, draft: Draft | None = None, *, status: int = 200) -> Response:
    """The editor with what is kept, or with a `draft` that is not; next to a newer wording, what is new in that."""
    begun = draft or Draft(detail.body, detail.version, detail.revisions)
    checked: Checked | ContentDetail = check_for(page.database, detail.id, begun.body) if draft else detail
    changes = None
    if begun.version != detail.version:
        base = reading.get_revision(page.database, detail.id, min(begun.base, detail.revisions))
        changes = diff(base.text, detail.text)
    values = {
        **media_limits(detail),
        "checked": checked,
        "theirs": changes,
        "live": "",
        "added": "",
        **_shown(page, detail, begun, checked),
    }
    return show_tab(page, detail, "", status=status, **values)


def media_limits(detail: ContentDetail) -> dict[str, int]:
    """How many media the content may have, and how many characters an alternative text of one."""
    return {"most_media": MOST_MEDIA, "most_alt": alt_limit(detail.platform)}


def _shown(page: Page, detail: ContentDetail, draft: Draft, checked: Checked | ContentDetail) -> dict[str, Any]:
    """Values for the form and the preview next to it."""
    fields = editor.fields_of(detail.format, draft.body)
    return {
        "fields": fields,
        "said": editor.said_of(fields, checked.violations),
        "draft": draft,
        "preview": previews.template_of(detail.format),
        "cards": previews.cards_in(page, "\n".join(part.text for part in checked.parts), detail.document),
        "author": previews.author_for(
            previews.authors_of(page.database), detail.platform, page.workspace.title or page.workspace.name
        ),
    }


def show_tab(page: Page, detail: ContentDetail, tab: str, *, status: int = 200, **values: Any) -> Response:
    """One view of the content, within what all of them have."""
    tabs = [
        (address_of(detail.id, name), title, detail.revisions if name == "revisions" else None)
        for name, title in TABS
        if name != "film" or formats.get(detail.format).script
    ]
    here = address_of(detail.id, tab)
    template = f"content/{tab or 'edit'}.html"
    values["neighbours"] = neighbours_of(page.database, detail.day, detail.id) if detail.day else None
    values["rewriting"] = rewrite_under_way(page.database, page.caller.workspace_id, detail.id)
    return page.show(template, status=status, detail=detail, tabs=tabs, here=here, key=uuid4().hex, **values)


def _draft(form: str, sent: FormData) -> Draft:
    """The draft in the editor's form.

    Raises:
        WrongInput: the form does not say which version it began from.
    """
    try:
        version, base = int(str(sent["version"])), int(str(sent["base"]))
    except (KeyError, ValueError):
        raise WrongInput("The form does not say which version it began from.", hint="Load the page again.") from None
    return Draft(editor.body_of(form, sent), version, base, str(sent.get("note", "")))


def _with_row(draft: Draft, form: str, asked: str) -> Draft:
    return replace(draft, body=editor.with_row(draft.body, form, asked))


def address_of(content_id: str, tab: str = "") -> str:
    """Of a view of the content; of the editor by default."""
    return f"/content/{content_id}" + (f"/{tab}" if tab else "")
