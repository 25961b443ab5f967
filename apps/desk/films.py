"""Films at the desk: the one that a draft has, what another would cost, and having one made or changed as a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from apps.desk import work
from pressroom.calls.accounts import able_to, account_from_settings, fingerprint_of
from pressroom.calls.chain import Chain, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.errors import Conflict, NotFound, PressroomError, WrongInput
from pressroom.media.film_making import FilmCost, film_cost
from pressroom.media.film_planning import FilmInputs, language_of, plan_film
from pressroom.media.keeping import Keeper
from pressroom.model import Caller, FilmMade, FilmPlan, FilmRequest, Frozen, JobStatus, Voice
from pressroom.model.films import Tier
from pressroom.model.workflows import FILM
from pressroom.reports.finished import film_of_run
from pressroom.review.rows import content_row
from pressroom.store import jobs, runs
from pressroom.store.assets import film_run_of
from pressroom.store.contents import content_hash
from pressroom.store.paging import LONGEST_PAGE
from pressroom.store.tables import SubjectRow, Workspace, utc_now
from pressroom.store.uploads import PREFIX, get_upload
from pressroom.store.workspaces import day_of
from pressroom.writing.planning import Planner

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk
    from pressroom.store.database import Database
    from pressroom.store.desk_tables import Job

UNDER_WAY = (JobStatus.WAITING, JobStatus.RUNNING)


class DraftFilm(Frozen):
    """The film of a draft. request: what was asked for. is_current: false once the script was changed."""

    film: FilmMade
    request: FilmRequest
    is_current: bool


def film_of(desk: Desk, database: Database, content_id: str) -> DraftFilm | None:
    """The film that a draft has attached, else the last that was made of it. Raises NotFound for an unknown draft."""
    with database.read() as session:
        draft = content_row(session, content_id)
    run_id = film_run_of(database, draft.id)
    run = runs.get_run(database, run_id) if run_id else None
    made = film_of_run(desk.store, run) if run else None
    if made is None or run is None or not isinstance(run.plan, FilmPlan):
        return None
    return DraftFilm(film=made, request=run.plan.request, is_current=content_hash(draft.body) == made.script_hash)


def under_way(database: Database, workspace_id: str, content_id: str) -> Job | None:
    """The job that makes a film of the draft now, if there is one."""
    found = jobs.list_jobs(database, workspace_id, kinds=(FILM.kind,), statuses=UNDER_WAY, limit=LONGEST_PAGE)[0]
    return next((job for job in found if job.content_id == content_id), None)


def start(
    desk: Desk, database: Database, caller: Caller, request: FilmRequest, *, key: str | None = None, title: str = ""
) -> Job:
    """Start the job that makes the film. Raises as `work.start` does; WrongInput: the draft is no script."""
    planned(desk, database, caller, request)
    return work.start(desk, caller, request, idempotency_key=key, title=title, content_id=request.content)


def change(
    desk: Desk,
    database: Database,
    caller: Caller,
    content_id: str,
    changed: Callable[[FilmRequest], FilmRequest],
    *,
    key: str | None = None,
    title: str = "",
) -> Job:
    """Start the job that makes the draft's film as it is but for what `changed` says; the rest costs nothing again.

    Raises:
        NotFound: the draft has no film. Conflict: one is being made now. As `start`.
    """
    if key and (known := jobs.job_by_key(database, caller.workspace_id, key)):
        return known
    found = film_of(desk, database, content_id)
    if found is None:
        raise NotFound("The draft has no film yet.", hint="POST .../film makes it.")
    if under_way(database, caller.workspace_id, content_id):
        raise Conflict("A film of this draft is being made.", hint="Change it when that has ended.")
    asked = changed(found.request.model_copy(update={"content": content_id, "trigger": None}))
    most = len(found.film.scenes)
    if any(one.scene > most for one in asked.scenes):
        raise WrongInput(f"There is no such scene: the film has {most}.", hint=f"Name one from 1 to {most}.")
    return start(desk, database, caller, asked, key=key, title=title)


def planned(desk: Desk, database: Database, caller: Caller, request: FilmRequest) -> FilmPlan:
    """The plan of a film, by the accounts of the settings. Raises as `plan_film` does."""
    with database.read() as session:
        draft = content_row(session, request.content)
        home = session.get_one(Workspace, caller.workspace_id)
        excerpt = session.get_one(SubjectRow, draft.subject_id).excerpt
    language = language_of(runs.get_run(database, draft.run_id).plan, excerpt)
    return plan_film(request, FilmInputs(_planner(desk, home), draft, language, _upload_hash(database, caller)))


def costs(desk: Desk, database: Database, caller: Caller, content_id: str) -> dict[Tier, FilmCost]:
    """The cost of the draft's film in each tier, less what the ledger has; a tier that can't be used is left out."""
    found = {}
    for tier in Tier:
        try:
            found[tier] = cost(desk, database, caller, FilmRequest(content=content_id, tier=tier))
        except PressroomError:
            continue
    return found


def cost(desk: Desk, database: Database, caller: Caller, request: FilmRequest) -> FilmCost:
    """The cost of a film, less what the ledger has already. Raises as `plan_film` does."""
    plan = planned(desk, database, caller, request)

    def chain(names: tuple[str, ...], kind: str) -> Chain:
        return chain_of([account_from_settings(name, desk.settings, kind) for name in names], RetryPolicy(), kind=kind)

    keeper, ledger = Keeper(desk.store, plan.workspace), Ledger(database, caller.workspace_id)
    return film_cost(plan, chain(plan.image_chain, "image"), chain(plan.speech_chain, "speech"), keeper, ledger)


def _planner(desk: Desk, home: Workspace) -> Planner:
    def fingerprint(names: tuple[str, ...], kind: str) -> str:
        return fingerprint_of(able_to(kind, [account_from_settings(name, desk.settings, kind) for name in names]))

    return Planner(
        lambda _: home,
        lambda _, name: Voice(name=name),
        lambda found: day_of(found, desk.settings, utc_now()),
        fingerprint,
        reads_files=False,
    )


def _upload_hash(database: Database, caller: Caller) -> Callable[[str], str]:
    def of(name: str) -> str:
        is_upload = name.startswith(PREFIX)
        return get_upload(database, caller.workspace_id, name.removeprefix(PREFIX)).sha256 if is_upload else name

    return of
