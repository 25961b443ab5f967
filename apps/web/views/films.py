"""The film of a draft: played, downloaded, made, and changed scene by scene."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import Path
from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import films
from apps.desk.intake import purpose_of, take_in
from apps.web import store_files
from apps.web.forms import sent_files, text, ticked
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from apps.web.views.content import address_of, show_tab
from pressroom.calls import providers
from pressroom.calls.speech import voices_of
from pressroom.errors import NotFound, PressroomError, WrongInput
from pressroom.model import FilmRequest
from pressroom.model.films import MOST_SCENES, Shape, Tier
from pressroom.people.permissions import Action
from pressroom.review import reading
from pressroom.store.uploads import PREFIX

router = page_router(prefix="/content/{content_id}/film")

SHAPES = {
    Shape.VERTICAL: "Upright, 9:16",
    Shape.WIDE: "Wide, 16:9",
    Shape.SQUARE: "Square, 1:1",
    Shape.PORTRAIT: "Portrait, 4:5",
}
STARTED = "The film is being made; it is attached to the draft when it is ready."


@router.get("")
def show(page: PageDep, content_id: str) -> Response:
    """The film with its scenes, or the form that has one made."""
    return _show(page, content_id)


@router.post("")
def make(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Have a film made as the form says."""
    _check(page)
    detail = reading.get_content(page.database, page.caller, content_id)
    try:
        request = FilmRequest(
            content=content_id,
            tier=Tier(text(form, "tier") or Tier.BUDGET),
            voice=text(form, "voice"),
            shape=Shape(text(form, "shape")) if text(form, "shape") else None,
            captions=ticked(form, "captions"),
            music=_upload(page, form, "music"),
        )
        title = f"Film: {detail.idea.title}"
        films.start(page.desk, page.database, page.caller, request, key=_key(form), title=title)
    except PressroomError as error:
        return _show(page, content_id, error)
    except ValueError:
        return _show(page, content_id, WrongInput("There is no such choice.", hint="Load the page again."))
    return page.go(address_of(content_id, "film"), STARTED)


@router.post("/scenes/{number}")
def change(
    page: PageDep, content_id: str, form: FormDep, number: Annotated[int, Path(ge=1, le=MOST_SCENES)]
) -> Response:
    """Give a scene another caption or picture, or have it made again: its siblings stay as they are."""
    _check(page)
    act, caption, source = text(form, "act"), " ".join(text(form, "caption").split()), ""
    try:
        source = _upload(page, form, "picture")

        def changed(asked: FilmRequest) -> FilmRequest:
            wish = asked.wish(number).model_copy(update={"caption": caption})
            if source:
                wish = wish.model_copy(update={"picture": source, "clip": ""})
            elif act == "own":
                wish = wish.model_copy(update={"picture": "", "clip": ""})
            asked = asked.with_wish(wish)
            return asked.redone(number, _part(act)) if act.startswith("redo") else asked

        title = f"Scene {number} again" if act.startswith("redo") else f"Scene {number} changed"
        films.change(page.desk, page.database, page.caller, content_id, changed, key=_key(form), title=title)
    except PressroomError as error:
        return _show(page, content_id, error)
    return page.go(address_of(content_id, "film"), STARTED)


@router.get("/files/{name}")
def file(page: PageDep, content_id: str, name: str, save: bool = False) -> Response:
    """A file of the film: the film itself in parts, as players ask for it."""
    found = films.film_of(page.desk, page.database, content_id)
    kept = found.film.files.get(name) if found else None
    if kept is None:
        raise NotFound("The draft has no such file of a film.")
    return store_files.ranged(page, kept.key, kept.media_type, kept.sha256, kept.size, save=save)


def _show(page: Page, content_id: str, error: PressroomError | None = None) -> Response:
    detail = reading.get_content(page.database, page.caller, content_id)
    found = films.film_of(page.desk, page.database, content_id)
    try:
        costs = films.costs(page.desk, page.database, page.caller, content_id)
    except PressroomError as refused:
        costs, error = {}, error or refused
    values = {
        "found": found,
        "job": films.under_way(page.database, page.caller.workspace_id, content_id),
        "costs": costs,
        "voices": _voices(found.film.language if found else "en"),
        "shapes": SHAPES,
        "error": error,
        "most": page.desk.settings.upload_bytes,
        "form_key": uuid4().hex,
    }
    return show_tab(page, detail, "film", status=422 if error else 200, **values)


def _voices(language: str) -> list[tuple[str, str]]:
    """The voices that speak the language, by name."""
    speaking = [one for one in providers.REGISTRY if one.offers("speech")]
    found = [(voice.name, one.name) for one in speaking for voice in voices_of(one) if voice.speaks(language)]
    return [("", "The usual one"), *((name, f"{name} ({vendor})") for name, vendor in found)]


def _upload(page: Page, form: FormData, field: str) -> str:
    """The upload of a field, as a request names it; empty for no file."""
    sent = sent_files(form, field)
    if not sent:
        return ""
    purpose = purpose_of(sent[0]) if field == "picture" else "sound"
    return f"{PREFIX}{take_in(page.desk, page.database, page.caller, sent[0], purpose).id}"


def _part(act: str) -> Literal["all", "picture", "voice"]:
    return "picture" if act == "redo-picture" else "voice" if act == "redo-voice" else "all"


def _key(form: FormData) -> str:
    return f"page-{text(form, 'key')}"


def _check(page: Page) -> None:
    page.check(Action.EDIT_CONTENT)
    page.check(Action.START_WORK)
