"""Uploads: the files of users, for any purpose, unchanged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from apps.api.asking import AN_ID
from apps.api.paging import Selection, answer, page_answer
from apps.api.shown_files import UploadView, upload_view
from apps.desk import limits
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, limited, requires
from apps.desk.intake import Purpose, purpose_of, take_in
from apps.desk.problems import responses
from apps.desk.received import FORM, ReceivedDep
from apps.desk.sending import send
from pressroom.errors import WrongInput
from pressroom.people.permissions import Action
from pressroom.store import uploads
from pressroom.store.paging import Page

router = APIRouter(prefix="/uploads", tags=["documents"], dependencies=[requires(Action.READ)])

UploadId = Annotated[str, Path(max_length=64, description="The upload's id.", examples=[AN_ID])]


class UploadQuery(Selection):
    """The uploads that are wanted, and the part of their list."""

    purpose: Purpose = Field(description="What they were handed in for.")


@router.get("", response_model=Page[UploadView], responses=responses(304))
def list_uploads(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[UploadQuery, Query()]
) -> Response:
    """List the uploads, newest first."""
    rows, following = uploads.list_uploads(
        database, caller.workspace_id, purpose=wanted.purpose, cursor=wanted.cursor, limit=wanted.limit
    )
    page = Page[UploadView](items=[upload_view(row) for row in rows], next_cursor=following)
    return page_answer(request, page, UploadView, wanted.fields)


AS_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
            "description": "Pictures, films (MP4, MOV), PDFs, or sounds to lay under films.",
        }
    },
}


@router.post(
    "",
    status_code=201,
    response_model=list[UploadView],
    dependencies=[requires(Action.EDIT_CONTENT), limited(*limits.IMAGES)],
    openapi_extra={"requestBody": {"required": True, "content": {FORM: {"schema": AS_FORM}}}},
)
def upload_files(received: ReceivedDep, desk: DeskDep, database: DbDep, caller: CallerDep) -> list[UploadView]:
    """Upload files to attach to drafts. The same file under the same name is stored once."""
    files = received.files.get("file", [])
    if not files:
        raise WrongInput("The form has no file.", hint="Send one or several in the field `file`.")
    return [upload_view(take_in(desk, database, caller, file, purpose_of(file))) for file in files]


@router.get("/{upload_id}", response_model=UploadView, responses=responses(304))
def get_upload(request: Request, upload_id: UploadId, database: DbDep, caller: CallerDep) -> Response:
    """Return one upload."""
    return answer(request, upload_view(uploads.get_upload(database, caller.workspace_id, upload_id)))


@router.get(
    "/{upload_id}/file", response_class=Response, responses={200: {"content": {"application/octet-stream": {}}}}
)
def get_uploaded_file(upload_id: UploadId, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Download the upload's file. Browsers save it and never open it here."""
    row = uploads.get_upload(database, caller.workspace_id, upload_id)
    return send(desk.store, row.key, row.media_type, name=row.name, sha256=row.sha256, inline=row.purpose != "document")


@router.delete("/{upload_id}", status_code=204, dependencies=[requires(Action.EDIT_CONTENT)])
def delete_upload(upload_id: UploadId, database: DbDep, caller: CallerDep) -> None:
    """Delete an upload. Content that was made from it stays."""
    uploads.delete_upload(database, caller, upload_id)
