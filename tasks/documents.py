"""Reading documents, planning what is made of them, keeping them, and what of each its writers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom import sources
from pressroom.errors import SourceUnusable
from pressroom.gates.instructions import instructions_in
from pressroom.media import planning
from pressroom.media.planning import distinct
from pressroom.model import Document, IdeaRef, RepurposePlan, RepurposeRequest, RunRef
from pressroom.model.documents import Condensed
from pressroom.settings import settings
from pressroom.store import contents, documents, runs, subjects
from pressroom.store.database import Database
from pressroom.store.tables import SubjectRow
from pressroom.writing import condensing
from tasks import uploads
from tasks.books import books_of
from tasks.ideas import reference
from tasks.observing import observed
from tasks.plans import planner
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE


@task(name="read-source", task_run_name="read {source}")
@observed
def read_source(source: str, workspace: str | None = None) -> sources.Read:
    """The document (of a feed, the documents) that `source` names; what could not be read is listed, not raised.

    workspace: whose uploads may be named. Files of this machine may be where PRESSROOM_LOCAL_FILES says so.
    """
    announce(f"Reading {source}")
    try:
        if uploads.is_upload(source):
            return sources.Read(documents=(uploads.read_document(source, workspace),))
        return sources.read(source, most=settings().feed_entries, files=settings().local_files)
    except SourceUnusable as error:
        named = uploads.shown(source, workspace)
        failed = sources.Failed(source=named, code=error.code, reason=str(error))
        return sources.Read(documents=(), failures=(failed,))


@task(name="read-text", task_run_name="read-text")
@observed
def read_text(text: str, title: str) -> sources.Read:
    """Reads the document that a user pasted."""
    try:
        return sources.Read(documents=(sources.read_text(text, title=title),))
    except SourceUnusable as error:
        failed = sources.Failed(source="text", code=error.code, reason=str(error))
        return sources.Read(documents=(), failures=(failed,))


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_repurpose(request: RepurposeRequest, read: Sequence[sources.Read]) -> RepurposePlan:
    """Plans the request with every default filled in.

    Raises:
        WrongInput: a format, platform, style or voice doesn't exist.
        Misconfigured: a provider can't be used.
    """
    return planning.plan_repurpose(request, read, planner())


@task(name="keep-documents", task_run_name="keep-documents", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def keep_documents(run: RunRef, read: Sequence[sources.Read], title: str) -> list[IdeaRef]:
    """A row for each document that was read, and one for it in the run, by position; those there already stay."""
    database = connections.database()
    kept = [(_kept(database, run, document), document) for document in distinct(read, title)]
    rows = subjects.save_documents(database, runs.get_run(database, run.id), kept)
    return [reference(row) for row in rows]


def _kept(database: Database, run: RunRef, document: Document) -> str:
    findings = instructions_in(f"{document.title}\n\n{document.text}")
    return documents.keep_document(database, run.workspace_id, document, findings)


@task(name="count-parts", task_run_name="read-through: {idea.title}", **INFRASTRUCTURE)
@observed
def count_parts(run: RunRef, idea: IdeaRef) -> int:
    """In how many parts a document has to be condensed; 0 when its writers are shown the whole of it."""
    database = connections.database()
    row: SubjectRow = contents.one_of(database, SubjectRow, idea.id)
    if row.excerpt is not None:
        return 0
    document, most = _document(idea), settings().document_words
    if condensing.is_long(document, most):
        return len(condensing.parts(document, most))
    subjects.keep_excerpt(database, idea.id, condensing.whole(document))
    return 0


@task(name="condense-part", task_run_name="condense {number}: {idea.title}", **INFRASTRUCTURE)
@observed
def condense_part(run: RunRef, idea: IdeaRef, number: int) -> Condensed:
    """The key points of one part of a document, counted from 0.

    Raises:
        ChainExhausted: no provider gave a usable answer.
    """
    document, most = _document(idea), settings().document_words
    parts = condensing.parts(document, most)
    completion = condensing.condense(
        document,
        parts[number],
        connections.chain(run.chain),
        replace(books_of(run, f"{idea.position}/condense/{number + 1}"), variant=0),  # another draft, the same document
        most_words=condensing.words_a_part(most, len(parts)),
    )
    runs.note_idea_calls(connections.database(), run.id, completion.call_ids)
    return Condensed.model_validate(completion.body.model_dump())


@task(name="join-parts", task_run_name="join-parts: {idea.title}", **INFRASTRUCTURE)
@observed
def join_parts(run: RunRef, idea: IdeaRef, condensed: Sequence[Condensed]) -> None:
    """Keep the key points of all parts as what the document's writers are shown."""
    subjects.keep_excerpt(connections.database(), idea.id, condensing.joined(_document(idea), condensed))


def _document(idea: IdeaRef) -> Document:
    database = connections.database()
    row: SubjectRow = contents.one_of(database, SubjectRow, idea.id)
    return documents.document_of(documents.document_row(database, row.document_id or ""))
