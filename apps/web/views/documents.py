"""Documents: those that were read, files that were handed in, and having content made of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import work
from apps.desk.intake import take_in
from apps.desk.received import pasted
from apps.desk.sending import send
from apps.web import document_pages
from apps.web.asking import ask
from apps.web.forms import lines, listed, sent_files, several, text, ticked, validated
from apps.web.naming import shown_source, upload_names
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom import formats, platforms
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import JobStatus, RepurposeRequest
from pressroom.model.workflows import REPURPOSE
from pressroom.people.permissions import Action
from pressroom.store import documents, jobs, uploads
from pressroom.store.desk_tables import Job
from pressroom.store.uploads import PREFIX
from pressroom.store.voices import voices_of

router = page_router(prefix="/documents")

TABS = (("/documents", "Read", None), ("/documents/files", "Files", None))
UNDER_WAY = (JobStatus.WAITING, JobStatus.RUNNING, JobStatus.UNREACHED)


@router.get("")
def read_ones(page: PageDep, cursor: str | None = None) -> Response:
    """Documents that were read, newest first, below those that are being read."""
    found, following = documents.list_documents(page.database, page.caller.workspace_id, cursor=cursor)
    values: dict[str, Any] = {
        "names": upload_names(page.database, (row.source for row in found)),
        "made": document_pages.made_of(page.database, [row.id for row in found]),
        "under_way": () if cursor else _under_way(page),
        "tabs": TABS,
        "shown_source": shown_source,
    }
    return page.show("documents/list.html", found=found, next_cursor=following, **values)


@router.get("/files")
def files(page: PageDep, cursor: str | None = None) -> Response:
    """Files that were handed in to be read."""
    found, following = uploads.list_uploads(page.database, page.caller.workspace_id, purpose="document", cursor=cursor)
    return page.show("documents/files.html", found=found, next_cursor=following, tabs=TABS)


@router.get("/files/{upload_id}")
def file(page: PageDep, upload_id: str) -> Response:
    """A file's bytes, to be saved."""
    row = uploads.get_upload(page.database, page.caller.workspace_id, upload_id)
    return send(page.desk.store, row.key, row.media_type, name=row.name, sha256=row.sha256)


@router.post("/files/{upload_id}/delete")
def delete_file(page: PageDep, upload_id: str) -> Response:
    """Delete a file; content that was made from it stays."""
    page.check(Action.EDIT_CONTENT)
    row = uploads.delete_upload(page.database, page.caller, upload_id)
    return page.go("/documents/files", f"{row.name} deleted.")


@router.get("/new")
def form(page: PageDep, source: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """The form that hands a document in. source: an address or `upload:ID` that it begins with."""
    page.check(Action.START_WORK)
    return _form(page, FormData({"source": source, "formats": ""}), is_fresh=True)


@router.post("")
def repurpose(page: PageDep, form: FormDep) -> Response:
    """Have content made of documents. The same form sent twice does it once."""
    page.check(Action.START_WORK)
    try:
        sources, names = _sources(page, form)
        request = _request(form, sources)
        said, key = "Reading the document.", text(form, "key")
        return ask(page, request, key=key, title=", ".join(names), said=said)
    except PressroomError as error:
        return _form(page, form, error)


@router.get("/{document_id}")
def document(page: PageDep, document_id: str) -> Response:
    """One document: its words, what a person should know of it, and what was made of it."""
    row = documents.get_document(page.database, page.caller.workspace_id, document_id)
    values: dict[str, Any] = {
        "document": documents.document_of(row),
        "source": shown_source(row.source, upload_names(page.database, [row.source])),
        "content": document_pages.content_of(page.database, row.id),
        "sets": document_pages.pictures_of(page.database, row.id),
        "can_delete": not documents.count_drafts(page.database, row.id),
        "can_again": row.source.startswith((PREFIX, "https://", "http://")),
    }
    return page.show("documents/document.html", row=row, **values)


@router.post("/{document_id}/delete")
def delete(page: PageDep, document_id: str) -> Response:
    """Forget a document of which nothing is left."""
    page.check(Action.EDIT_CONTENT)
    row = documents.delete_document(page.database, page.caller, document_id)
    return page.go("/documents", f"{row.title or 'Document'} deleted.")


def _under_way(page: Page) -> Sequence[Job]:
    known, _ = jobs.list_jobs(page.database, page.caller.workspace_id, kinds=[REPURPOSE.kind], statuses=UNDER_WAY)
    return [job for job in work.refresh_all(page.desk, page.database, known) if job.status in UNDER_WAY]


def _form(page: Page, form: FormData, error: PressroomError | None = None, *, is_fresh: bool = False) -> Response:
    source = text(form, "source")
    values: dict[str, Any] = {
        "format_names": formats.names(),
        "chosen": page.desk.settings.formats if is_fresh else several(form, "formats"),
        "platforms": platforms.names(),
        "chosen_platforms": several(form, "platforms"),
        "voices": [(voice.name, voice.name) for voice in voices_of(page.database, page.caller.workspace_id)],
        "preferences": page.workspace.preferences,
        "source": source,
        "source_name": shown_source(source, upload_names(page.database, [source])),
        "key": uuid4().hex,
        "most": page.desk.settings.upload_bytes,
    }
    return page.show("documents/new.html", status=422 if error else 200, form=form, error=error, **values)


def _sources(page: Page, form: FormData) -> tuple[list[str], list[str]]:
    """Saves the form's files and pasted text. Returns all sources: (names for a request, names for a page)."""
    sent = sent_files(form, "file")
    if words := text(form, "text"):
        sent.append(pasted(words, text(form, "title")))
    kept = [take_in(page.desk, page.database, page.caller, each, "document") for each in sent]
    named = [*filter(None, [text(form, "source")]), *lines(form, "addresses")]
    if not (kept or named):
        raise WrongInput("No document given.", hint="Choose a file, give an address, or paste the text.")
    names = upload_names(page.database, named)
    shown = [*(row.name for row in kept), *(shown_source(each, names) for each in named)]
    return [*(f"{PREFIX}{row.id}" for row in kept), *named], shown


def _request(form: FormData, sources: list[str]) -> RepurposeRequest:
    asked = {
        "sources": sources,
        "title": text(form, "title"),
        "formats": several(form, "formats") or None,
        "platform_images": several(form, "platforms"),
        "hashtags": [tag.lstrip("#") for tag in listed(form, "hashtags")],
        "refresh": ticked(form, "refresh"),
        **{name: text(form, name) or None for name in ("tone", "audience", "language", "voice")},
    }
    return validated(RepurposeRequest, asked)
