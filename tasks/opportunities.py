"""Ideas from opportunities: taken for a run, their articles read and stored as the document they are written from."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom.gates.instructions import instructions_in
from pressroom.model import DailyPlan, RunRef
from pressroom.model.opportunities import GroundedIdea, OpportunityRef
from pressroom.settings import settings
from pressroom.store import documents, opportunities, runs
from pressroom.store.tables import utc_now
from pressroom.store.workspaces import day_of, workspace
from pressroom.writing.opportunities.reading import document_for, idea_of
from tasks.observing import observed
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE


@task(name="take-opportunities", task_run_name="take-opportunities", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def take_opportunities(run: RunRef) -> list[OpportunityRef]:
    """Take what this run writes about; a run that is taken up again has what it took before.

    Open ones are taken for today's run only, where no focus asks for something else, and in the workspace's language.

    Raises:
        NotFound, MoveRefused: one that was asked for does not exist, or is dismissed, expired or written already.
    """
    database, plan = connections.database(), run.plan
    assert isinstance(plan, DailyPlan)
    home, now = workspace(database, run.workspace), utc_now()
    is_today = plan.day == day_of(home, settings(), now)
    is_open_to_trends = is_today and not plan.focus
    language = plan.preferences.language.partition("-")[0].lower()
    taken = opportunities.take_for_run(
        database,
        runs.get_run(database, run.id),
        wanted=plan.opportunities,
        most=plan.ideas if is_today or plan.opportunities else 0,
        open_most=int(plan.ideas * plan.share) if is_open_to_trends else 0,
        languages=("", language),
        now=now,
    )
    return [OpportunityRef(id=row.id, title=row.title) for row in taken]


@task(name="read-opportunity", task_run_name="read: {taken.title}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def read_opportunity(run: RunRef, taken: OpportunityRef) -> GroundedIdea:
    """Read the articles of an opportunity and store them as its document; where none can be read, what signals say."""
    announce(f"Reading about {taken.title}")
    database = connections.database()
    row = opportunities.opportunity_row(database, run.workspace_id, taken.id)
    document = document_for(row)
    findings = instructions_in(f"{document.title}\n\n{document.text}")
    kept = documents.keep_document(database, run.workspace_id, document, findings)
    return GroundedIdea(opportunity_id=row.id, idea=idea_of(row), document_id=kept)
