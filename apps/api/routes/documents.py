"""Documents: handing one in, and those that were read, with their words."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import JSONResponse, Response

from apps.api.asking import AN_ID
from apps.api.paging import SelectionDep, answer, page_answer
from apps.api.shown_files import (
    DocumentDetail,
    DocumentView,
    UploadView,
    document_detail,
    document_view,
    upload_view,
)
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.intake import take_in
from apps.desk.problems import responses
from apps.desk.received import Received, ReceivedDep, body_of, pasted
from pressroom.errors import WrongInput
from pressroom.people.permissions import Action
from pressroom.store import documents
from pressroom.store.desk_tables import Upload
from pressroom.store.paging import Page

router = APIRouter(prefix="/documents", tags=["documents"], dependencies=[requires(Action.READ)])

HANDS_IN = requires(Action.EDIT_CONTENT)
DocumentId = Annotated[str, Path(max_length=64, description="The document's id.", examples=[AN_ID])]


class PastedText(BaseModel):
    """A document's own words, plain or Markdown or HTML. A web address needs no handing in: name it as a source."""

    text: str = Field(min_length=1, max_length=900_000, examples=["# Bees in cities\n\nThere are more every year."])
    title: str = Field(default="", max_length=100, examples=["Bees in cities"])


AS_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}


@router.post(
    "",
    status_code=201,
    response_model=UploadView,
    dependencies=[HANDS_IN],
    openapi_extra=body_of(AS_FORM, PastedText.model_json_schema()),
)
def upload_document(received: ReceivedDep, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Hand in a document: PDF, DOCX, HTML, Markdown or text, at most 50 MB; or paste its words.

    What it is, is told by its content. Name its `source` when asking for content to be made of it.
    """
    if sent := received.files.get("file"):
        kept = take_in(desk, database, caller, sent[0], "document")
    else:
        words = _words(received)
        kept = take_in(desk, database, caller, pasted(words.text, words.title), "document")
    return told(kept)


@router.get("", response_model=Page[DocumentView], responses=responses(304))
def list_documents(request: Request, database: DbDep, caller: CallerDep, wanted: SelectionDep) -> Response:
    """Documents that were read, newest first."""
    rows, following = documents.list_documents(database, caller.workspace_id, cursor=wanted.cursor, limit=wanted.limit)
    page = Page[DocumentView](items=[document_view(row) for row in rows], next_cursor=following)
    return page_answer(request, page, DocumentView, wanted.fields)


@router.get("/{document_id}", response_model=DocumentDetail, responses=responses(304))
def get_document(request: Request, document_id: DocumentId, database: DbDep, caller: CallerDep) -> Response:
    """One document with its words."""
    return answer(request, document_detail(documents.get_document(database, caller.workspace_id, document_id)))


def told(row: Upload) -> Response:
    """201: the upload, and where it is."""
    shown = upload_view(row)
    return JSONResponse(shown.model_dump(mode="json"), 201, {"Location": shown.href.removesuffix("/file")})


def _words(received: Received) -> PastedText:
    fields: dict[str, Any] = received.fields
    try:
        return PastedText.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongInput(
            f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", hint="Send a form with `file`, or JSON with `text`."
        ) from None


@router.delete("/{document_id}", status_code=204, dependencies=[HANDS_IN], responses=responses(409))
def delete_document(document_id: DocumentId, database: DbDep, caller: CallerDep) -> None:
    """Forget a document that was read. Refused (409) while anything that was made of it is there."""
    documents.delete_document(database, caller, document_id)
