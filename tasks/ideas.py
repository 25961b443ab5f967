"""Remembering what was covered, asking for ideas, and letting only fresh ones through."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task

from blocks import connections
from pressroom.calls.requests import Text
from pressroom.gates.idea_gate import IdeaVerdict
from pressroom.gates.idea_gate import gate_ideas as judge
from pressroom.model import Idea, IdeaRef, RunRef
from pressroom.model.ideas import IdeaList
from pressroom.model.opportunities import GroundedIdea
from pressroom.reports.analytics.lessons import Lesson
from pressroom.reports.analytics.loading import lessons_of
from pressroom.settings import settings
from pressroom.store import runs, subjects
from pressroom.store.tables import SubjectRow
from pressroom.store.workspaces import workspace, zone_of
from pressroom.writing.requests import ideas_request
from tasks import observing
from tasks.books import books_of
from tasks.observing import observed
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE

FIVE = 5
"""How many ideas `PRESSROOM_IDEAS_OUTPUT_TOKENS` is meant for."""


def idea_rounds(wanted: int) -> range:
    """As many askings as `wanted` ideas take, and as many more as the settings allow."""
    return range(-(-wanted // settings().ideas_a_call) + settings().idea_rounds)


def idea_batch(missing: int) -> int:
    """How many of the missing ideas the next call asks for."""
    return min(missing, settings().ideas_a_call)


@task(name="recall-history", task_run_name="recall-history", **INFRASTRUCTURE)
def recall_history(run: RunRef) -> tuple[Idea, ...]:
    """The ideas of the last days, oldest first; those of this run itself are not history."""
    days = settings().history_days
    return tuple(subjects.recall(connections.database(), run.workspace_id, before=run.opened_at, days=days))


@task(name="generate-ideas", task_run_name="generate-ideas: {wanted}", **INFRASTRUCTURE)
@observed
def generate_ideas(run: RunRef, wanted: int, exclude: Sequence[Idea]) -> tuple[Idea, ...]:
    """Ask the chain for `wanted` ideas that are not among `exclude`.

    Raises:
        ChainExhausted: no provider answered.
    """
    announce(f"Asking {' > '.join(run.chain)} for {wanted} idea{'s' * (wanted != 1)}")
    chosen = settings()
    database = connections.database()
    request = ideas_request(
        count=wanted,
        day=run.day,
        preferences=run.preferences,
        temperature=chosen.ideas_temperature,
        max_output_tokens=chosen.ideas_output_tokens * -(-max(wanted, FIVE) // FIVE),
        focus=run.plan.about,
        exclude=[idea.title for idea in exclude],
        results=[lesson.model_dump(exclude={"measure"}) for lesson in _lessons(run)],
    )
    completion = connections.chain(run.chain).ask(Text(request), books_of(run, "ideas"))
    runs.note_idea_calls(database, run.id, completion.call_ids)
    listed = completion.body.ideas if isinstance(completion.body, IdeaList) else ()
    found = tuple(Idea.model_validate(idea.model_dump()) for idea in listed)
    observing.ideas_asked(wanted, len(found), completion.account, completion.model)
    return found


def _lessons(run: RunRef) -> tuple[Lesson, ...]:
    """The groups that did better than usual before the run, where the workspace uses its results."""
    if not run.preferences.use_results:
        return ()
    database = connections.database()
    home = workspace(database, run.workspace)
    return lessons_of(database, home.id, zone=zone_of(home, settings()), until=run.opened_at)


@task(name="gate-ideas", task_run_name="gate-ideas")
@observed
def gate_ideas(
    run: RunRef, candidates: Sequence[Idea], *, accepted: Sequence[Idea], history: Sequence[Idea]
) -> IdeaVerdict:
    """Which candidates are complete, in range and near no other idea; the others with their reasons."""
    wanted = run.plan.subjects - len(accepted)
    verdict = judge(candidates, wanted=wanted, topics=run.preferences.topics, accepted=accepted, history=history)
    observing.ideas_gated(verdict)
    return verdict


@task(name="keep-ideas", task_run_name="keep-ideas", **INFRASTRUCTURE)
def keep_ideas(run: RunRef, ideas: Sequence[Idea], grounded: Sequence[GroundedIdea] = ()) -> list[IdeaRef]:
    """Store the ideas by position, those from opportunities first."""
    database = connections.database()
    rows = subjects.save_ideas(database, runs.get_run(database, run.id), ideas, grounded)
    return [reference(row) for row in rows]


def reference(row: SubjectRow) -> IdeaRef:
    return IdeaRef(id=row.id, position=row.position, title=row.title, from_document=row.document_id is not None)


@task(name="kept-ideas", task_run_name="kept-ideas", **INFRASTRUCTURE)
def kept_ideas(run: RunRef) -> list[IdeaRef]:
    """The ideas this run has already: a repeat goes on with them."""
    rows = subjects.subjects_of(connections.database(), run.id)
    return [reference(row) for row in rows]
