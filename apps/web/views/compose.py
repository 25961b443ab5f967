"""A new post: one text in chosen formats, by hand, or adapted to each of them by a run."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk.intake import take_in
from apps.desk.received import pasted
from apps.web.asking import ask
from apps.web.forms import several, text, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom import formats
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import RepurposeRequest
from pressroom.people.permissions import Action
from pressroom.review import composing
from pressroom.store.uploads import PREFIX

router = page_router(prefix="/new")


@router.get("")
def form(page: PageDep) -> Response:
    """The form of a new post."""
    page.check(Action.EDIT_CONTENT)
    return _show(page, FormData(), list(page.desk.settings.formats))


@router.post("")
def write(page: PageDep, form: FormDep) -> Response:
    """Make the drafts, or have a run adapt the text to each format. The same form sent twice starts one run."""
    page.check(Action.EDIT_CONTENT)
    try:
        return _adapt(page, form) if text(form, "act") == "adapt" else _drafts(page, form)
    except PressroomError as error:
        return _show(page, form, several(form, "formats"), error)


def _drafts(page: Page, form: FormData) -> Response:
    names, day = several(form, "formats"), datetime.now(page.zone).date()
    idea, ids = composing.new_post(page.database, page.caller, text(form, "title"), text(form, "text"), names, day)
    if len(ids) == 1:
        return page.go(f"/content/{ids[0]}", "Draft created.")
    return page.go(f"/pipeline?idea={idea}", f"{len(ids)} drafts created.")


def _adapt(page: Page, form: FormData) -> Response:
    page.check(Action.START_WORK)
    words, title, names = text(form, "text"), text(form, "title"), several(form, "formats")
    if not words or not names:
        raise WrongInput("The post is empty." if not words else "No format is chosen.")
    kept = take_in(page.desk, page.database, page.caller, pasted(words, title), "document")
    asked = {"sources": [f"{PREFIX}{kept.id}"], "title": title, "formats": names, "platform_images": []}
    request = validated(RepurposeRequest, asked)
    return ask(page, request, key=text(form, "key"), title=title or kept.name, said="Adapting the text.")


def _show(page: Page, form: FormData, chosen: list[str], error: PressroomError | None = None) -> Response:
    values: dict[str, Any] = {"format_names": formats.names(), "chosen": chosen, "key": uuid4().hex}
    return page.show("compose.html", status=422 if error else 200, form=form, error=error, **values)
