"""The media of one piece of content: ordered, described, removed, and attached from the library or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import limits
from apps.desk.intake import File, purpose_of, take_in
from apps.web import store_files
from apps.web.flash import Flash
from apps.web.forms import number, sent_files, several, text, ticked, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from apps.web.views.content import address_of, media_limits, show_tab
from pressroom import platforms
from pressroom.errors import Conflict, NotFound, PressroomError, WrongInput
from pressroom.model import AssetKind
from pressroom.people.permissions import Action
from pressroom.review import attachable, attaching, reading
from pressroom.review.attaching import AttachmentRequest
from pressroom.review.attachment_files import Crop, Maker
from pressroom.review.values import AttachmentShown, ContentDetail
from pressroom.store import uploads

router = page_router(prefix="/content/{content_id}/media")

STALE = "The draft was changed meanwhile. Look at it again, then make your change."
LIBRARY = 24
"""Items of a page of the library."""

SAID = {"up": "Moved up.", "down": "Moved down.", "off": "Removed.", "save": "The alternative texts are saved."}


@router.get("")
def library(page: PageDep, content_id: str, cursor: str | None = None) -> Response:
    """The library of the content: pictures that were made, uploads, and a field for files."""
    page.check(Action.EDIT_CONTENT)
    return _library(page, content_id, cursor)


@router.post("")
def arrange(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Save the alternative texts as they stand in the form, with one medium moved or removed."""
    act, place = _act(form)
    wanted = _arranged(_listed(form), act, place)
    try:
        kept = attaching.replace(page.database, _maker(page), page.caller, content_id, wanted, version=_version(form))
    except Conflict:
        return page.go(address_of(content_id), STALE, "bad")
    if not page.is_partial:
        return page.go(f"{address_of(content_id)}#media", SAID[act])
    focus = {"focus": min(place, len(wanted) - 1)} if act == "off" else {}
    values: dict[str, Any] = {"detail": kept, "fresh": True, **media_limits(kept), **focus}
    answer = page.part("content/media.html", toast=Flash(SAID[act], "good"), **values)
    answer.headers["HX-Trigger-After-Settle"] = "media-changed"
    return answer


@router.post("/add")
def add(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Attach what was chosen in the library and what was handed in."""
    page.check(Action.EDIT_CONTENT)
    limits.count_caller(page.desk, page.caller, *limits.IMAGES)
    whole = ticked(form, "whole")
    try:
        names = [*several(form, "chosen"), *(f"upload:{_upload_id(page, one)}" for one in sent_files(form, "file"))]
        if not names:
            raise WrongInput("Nothing was chosen.", hint="Choose pictures of the library, or a file.")
        wanted = [_request(name, whole) for name in names]
        kept = attaching.attach(page.database, _maker(page), page.caller, content_id, wanted, version=_version(form))
    except Conflict:
        return page.go(address_of(content_id, "media"), STALE, "bad")
    except PressroomError as error:
        return _library(page, content_id, None, error, whole=whole)
    said = "Attached." if len(names) == 1 else f"{len(names)} files attached."
    if not all(one.alt_text for one in kept.attachments):
        said = f"{said} Describe each in its alternative text."
    return page.go(f"{address_of(content_id)}#media", said)


@router.get("/uploads/{upload_id}")
def upload(page: PageDep, content_id: str, upload_id: str) -> Response:
    """A picture of the library that was handed in."""
    return store_files.upload(page, uploads.get_upload(page.database, page.caller.workspace_id, upload_id))


@router.get("/{position}/crop")
def crop_form(page: PageDep, content_id: str, position: int) -> Response:
    """A form that chooses the part of a picture that the post shows."""
    page.check(Action.EDIT_CONTENT)
    return _crop(page, reading.get_content(page.database, page.caller, content_id), position)


@router.post("/{position}/crop")
def crop(page: PageDep, content_id: str, position: int, form: FormDep) -> Response:
    """Cut the picture again from its origin, as the form says."""
    page.check(Action.EDIT_CONTENT)
    limits.count_caller(page.desk, page.caller, *limits.IMAGES)
    detail = reading.get_content(page.database, page.caller, content_id)
    origin = _origin(detail, position)
    width, _, height = text(form, "shape").partition("x")
    values = {"width": width, "height": height, **{name: number(form, name, 0.5) for name in ("x", "y")}}
    try:
        wanted = validated(Crop, {**values, "zoom": number(form, "zoom", 1)})
        again = AttachmentRequest(
            asset_id=origin.asset_id, upload_id=None if origin.asset_id else origin.upload_id,
            alt_text=origin.alt_text, crop=wanted,
        )  # fmt: skip
        kept = [AttachmentRequest(attachment_id=one.id) for one in detail.attachments]
        kept[position] = again
        attaching.replace(page.database, _maker(page), page.caller, content_id, kept, version=_version(form))
    except Conflict:
        return page.go(address_of(content_id), STALE, "bad")
    except PressroomError as error:
        return _crop(page, detail, position, error)
    return page.go(f"{address_of(content_id)}#media", "Cropped.")


def _origin(detail: ContentDetail, position: int) -> AttachmentShown:
    """The picture at this place, whose origin is there. Raises NotFound."""
    found = next((one for one in detail.attachments if one.position == position), None)
    if found is None or found.kind != AssetKind.PICTURE or not (found.asset_id or found.upload_id):
        raise NotFound("There is no such picture, or its original was deleted.", hint="Attach it again.")
    return found


def _crop(page: Page, detail: ContentDetail, position: int, error: PressroomError | None = None) -> Response:
    known = platforms.find(detail.platform)
    shapes = known.images.sizes if known and known.images.sizes else ((1080, 1080), (1080, 1350), (1200, 627))
    values = {"one": _origin(detail, position), "shapes": list(dict.fromkeys(shapes)), "error": error}
    return show_tab(page, detail, "crop", status=422 if error else 200, **values)


@router.get("/{position}")
def file(page: PageDep, content_id: str, position: int) -> Response:
    """The file of a medium."""
    return store_files.medium(page, reading.get_attachment(page.database, content_id, position))


def _library(
    page: Page, content_id: str, cursor: str | None, error: PressroomError | None = None, *, whole: bool = False
) -> Response:
    detail = reading.get_content(page.database, page.caller, content_id)
    found = attachable.list_attachable(page.database, content_id, cursor, LIBRARY)
    values = {"found": found, "error": error, "whole": whole, "most": page.desk.settings.upload_bytes}
    return show_tab(page, detail, "library", status=422 if error else 200, **values)


def _act(form: FormData) -> tuple[str, int]:
    """The act of the button that was pressed, and the place that it is about."""
    act, _, place = (text(form, "act") or "save").partition("-")
    if act not in SAID or not (place or "0").isdigit():
        raise WrongInput("There is no such button.", hint="Load the page again.")
    return act, int(place or 0)


def _listed(form: FormData) -> list[AttachmentRequest]:
    ids, texts = form.getlist("id"), form.getlist("alt")
    return [
        AttachmentRequest(attachment_id=str(one), alt_text=str(said)) for one, said in zip(ids, texts, strict=False)
    ]


def _arranged(listed: Sequence[AttachmentRequest], act: str, place: int) -> list[AttachmentRequest]:
    rows = list(listed)
    if act == "off":
        return [row for at, row in enumerate(rows) if at != place]
    other = {"up": place - 1, "down": place + 1}.get(act, place)
    if 0 <= other < len(rows) and 0 <= place < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


def _request(name: str, whole: bool) -> AttachmentRequest:
    kind, _, row_id = name.partition(":")
    if kind == "upload":
        return AttachmentRequest(upload_id=row_id, whole=whole)
    return AttachmentRequest(asset_id=row_id, whole=whole)


def _upload_id(page: Page, one: File) -> str:
    """The id of a file that was handed in."""
    return take_in(page.desk, page.database, page.caller, one, purpose_of(one)).id


def _version(form: FormData) -> int:
    try:
        return int(text(form, "version"))
    except ValueError:
        raise WrongInput("The form does not say which version it began from.", hint="Load the page again.") from None


def _maker(page: Page) -> Maker:
    return Maker.for_request(page.desk.store, page.desk.settings.face_model)
