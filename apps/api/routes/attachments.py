"""Attachments: the media of a draft, in order, and the library that they are chosen from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from apps.api.paging import SelectionDep, answer, page_answer
from apps.api.shown_jobs import API
from apps.api.wanted_content import AN_ID, ContentId
from apps.desk import limits
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, VersionDep, requires
from apps.desk.problems import responses
from apps.desk.sending import send
from pressroom.model import MOST_MEDIA
from pressroom.people.permissions import Action
from pressroom.review import attachable, attaching, reading
from pressroom.review.attachable import Attachable
from pressroom.review.attaching import AttachmentRequest
from pressroom.review.attachment_files import Maker
from pressroom.review.values import AttachmentShown, ContentDetail
from pressroom.store.paging import Page

router = APIRouter(prefix="/content/{content_id}", tags=["content"], dependencies=[requires(Action.READ)])

Position = Annotated[int, Path(ge=0, lt=MOST_MEDIA, description="Its place in the post; 0 comes first.", examples=[0])]


class AttachmentView(AttachmentShown):
    """One medium of a draft, and where its file is."""

    href: str


class Attachments(BaseModel):
    """The media of a draft, in order, and what it may have of them."""

    version: int = Field(description="The content's; a change names it in `If-Match`.")
    items: list[AttachmentView]
    most: int = Field(default=MOST_MEDIA, description="Media that a draft may have.")
    alt_characters: int = Field(description="Characters that an alternative text may have on the draft's platform.")


class AttachmentList(BaseModel):
    """All media that the draft is to have, in order: an empty list takes them off."""

    attachments: list[AttachmentRequest] = Field(
        max_length=MOST_MEDIA,
        examples=[[{"asset_id": AN_ID, "alt_text": "A teapot on a window sill."}]],
    )


@router.get("/attachments", response_model=Attachments, responses=responses(304))
def list_attachments(request: Request, content_id: ContentId, database: DbDep, caller: CallerDep) -> Response:
    """List the draft's media in order. The ETag is the content's version; a change names it in `If-Match`."""
    found = reading.get_content(database, caller, content_id)
    items = [
        AttachmentView(**one.model_dump(), href=f"{API}/content/{found.id}/attachments/{one.position}/file")
        for one in found.attachments
    ]
    shown = Attachments(version=found.version, items=items, alt_characters=attaching.alt_limit(found.platform))
    return answer(request, shown, etag=str(found.version))


@router.put(
    "/attachments",
    response_model=ContentDetail,
    dependencies=[requires(Action.EDIT_CONTENT)],
    responses=responses(409, 412, 428),
)
def replace_attachments(
    content_id: ContentId,
    wanted: AttachmentList,
    version: VersionDep,
    desk: DeskDep,
    database: DbDep,
    caller: CallerDep,
) -> Response:
    """Replace all media of the draft. Pictures are cut to the platform's shape; an approval becomes void."""
    if any(one.attachment_id is None for one in wanted.attachments):
        limits.count_caller(desk, caller, *limits.IMAGES)
    found = attaching.replace(
        database,
        Maker.for_request(desk.store, desk.settings.face_model),
        caller,
        content_id,
        wanted.attachments,
        version=version,
    )
    return JSONResponse(found.model_dump(mode="json"), headers={"ETag": f'"{found.version}"'})


@router.get(
    "/attachments/{position}/file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def get_attached_file(content_id: ContentId, position: Position, desk: DeskDep, database: DbDep) -> Response:
    """Return the file of one medium: the bytes that a publication sends."""
    found = reading.get_attachment(database, content_id, position)
    return send(desk.store, found.key, found.media_type, name=found.name, sha256=found.sha256, inline=True)


@router.get("/attachable", response_model=Page[Attachable], responses=responses(304))
def list_attachable(request: Request, content_id: ContentId, database: DbDep, wanted: SelectionDep) -> Response:
    """List what can be attached: pictures of the same idea first, then others, then uploads."""
    page = attachable.list_attachable(database, content_id, wanted.cursor, wanted.limit)
    return page_answer(request, page, Attachable, wanted.fields)
