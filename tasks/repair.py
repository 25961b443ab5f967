"""Takes up a run that exists, and writes one of its drafts again."""

from __future__ import annotations

from prefect import task

from blocks import connections
from pressroom import formats
from pressroom.model import DraftRef, IdeaRef, RedoRequest, RunRef, State
from pressroom.model.lifecycle import check_redo
from pressroom.settings import settings
from pressroom.store import contents, runs, suggestions
from pressroom.store.missing import UNFINISHED
from pressroom.store.tables import Content, SubjectRow
from pressroom.store.workspaces import workspace
from pressroom.writing.drafting import TurnedDown
from tasks import observing
from tasks.drafts import draft_row, write_and_moderate
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE
from tasks.runs import reference

REDO_VARIANTS = 1000
"""Requests of a redo carry this times the number of texts so far as their variant: each differs from earlier ones."""


@task(name="reopen-run", task_run_name="reopen-run", **INFRASTRUCTURE)
@observed
def reopen_run(wanted: str, name: str | None) -> RunRef:
    """Take up an existing run as it was asked for, whatever the settings say today.

    Raises:
        WrongInput: there is no such run. RunBusy: another process is at it.
    """
    database = connections.database()
    home = workspace(database, name or settings().workspace)
    found = runs.find_run(database, home.id, wanted, preferring=UNFINISHED)
    opened = reference(runs.open_run(database, found, lease_seconds=settings().run_lease))
    observing.opened(opened, resumed=True)
    return opened


@task(name="find-content", task_run_name="find-content", **INFRASTRUCTURE)
def run_of_content(request: RedoRequest) -> str:
    """Returns the id of a draft's run.

    Raises:
        WrongInput: there is no such draft, or its state forbids writing it again.
    """
    database = connections.database()
    found = _found(request)
    check_redo(State(found.state))
    return runs.get_run(database, found.run_id).id


@task(name="redo-draft", task_run_name="redo {request.content}", **INFRASTRUCTURE)
@observed
def redo_draft(run: RunRef, request: RedoRequest) -> DraftRef:
    """Write one draft again, with the reviewer's note; its siblings and its old wordings stay.

    Raises:
        ChainExhausted: no provider gave a usable answer; the draft stays as it was.
    """
    database, found = connections.database(), _found(request)
    changed, idea = _rewrite(run, request, found)
    row = contents.revise(database, found.id, changed, note=request.note or "written again")
    observing.draft_stored(row)
    return DraftRef(id=row.id, idea_position=idea.position, format=row.format, state=row.state)


@task(name="suggest-draft", task_run_name="suggest {request.content}", **INFRASTRUCTURE)
def suggest_draft(request: RedoRequest) -> DraftRef:
    """Write another text for a draft, and keep it as a suggestion: neither the draft nor its run is changed.

    Hence it takes no lease of the run: drafts of one run may be rewritten at the same time.

    Raises:
        ChainExhausted: no provider gave a usable answer.
    """
    database, found = connections.database(), _found(request)
    check_redo(State(found.state))
    changed, idea = _rewrite(reference(runs.get_run(database, found.run_id)), request, found)
    suggestions.keep(database, found.id, changed, wish=request.note)
    return DraftRef(id=found.id, idea_position=idea.position, format=found.format, state=found.state)


def _rewrite(run: RunRef, request: RedoRequest, found: Content) -> tuple[Content, IdeaRef]:
    """The draft's next text, not stored yet, and its idea."""
    database = connections.database()
    idea: SubjectRow = contents.one_of(database, SubjectRow, found.subject_id)
    wanted = IdeaRef(id=idea.id, position=idea.position, title=idea.title)
    earlier = TurnedDown(body=formats.get(found.format).body.model_validate(found.body), note=request.note)
    variant = REDO_VARIANTS * suggestions.count_texts(database, found.id) + run.variant
    written, findings = write_and_moderate(run, wanted, found.format, variant=variant, turned_down=earlier)
    return draft_row(run, wanted, found.format, written, findings), wanted


def _found(request: RedoRequest) -> Content:
    database = connections.database()
    home = workspace(database, request.workspace or settings().workspace)
    return contents.find_content(database, home.id, request.content)
