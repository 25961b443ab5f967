"""Checks of a request before Prefect starts: is there a mistake in it, is there anything left to do?

Names, settings and files are looked at first. The database is opened only where one is: a mistake leaves nothing
behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any

from apps.cli import local
from pressroom import formats, zones
from pressroom.calls.accounts import text_names
from pressroom.errors import SourceUnusable, WrongInput
from pressroom.model import (
    BackfilledDay,
    BackfillReport,
    BackfillRequest,
    DailyPlan,
    DailyRequest,
    FilmPlan,
    FilmRequest,
    OptimizePlan,
    RedoRequest,
    RepurposePlan,
    RepurposeRequest,
    RetryRequest,
    RunReport,
    State,
)
from pressroom.model.exports import ExportRequest
from pressroom.model.optimizing import OptimizeRequest
from pressroom.settings import settings
from pressroom.store.missing import UNFINISHED, no_voice, only_content, only_opportunity
from pressroom.store.owners import check_free
from pressroom.writing import planning

STDIN, OFFLINE, UPLOAD = "-", "offline", "upload:"


@singledispatch
def look(request: object) -> RunReport | BackfillReport | None:
    """Check the request; the report of its run where that is finished.

    Raises:
        WrongInput, SourceUnusable, Misconfigured: what is wrong with it.
        RunBusy: another process is making the same run.
    """
    return None


@look.register
def _(request: DailyRequest) -> RunReport | None:
    _check_daily(request)
    if local.is_empty():
        for wanted in request.opportunities or ():
            only_opportunity((), wanted)
        return None
    plan = planning.plan_daily(request, local.planner())
    report = _report(plan, refresh=request.refresh)
    if report is None and plan.opportunities:
        _check_opportunities(plan)
    return report


def _check_opportunities(plan: DailyPlan) -> None:
    """Raises MoveRefused where one that is asked for can't be taken; this run may have taken it before."""
    from pressroom.model.opportunities import check_can_take
    from pressroom.model.trends import OpportunityState

    lookup, now = local.lookup(), datetime.now(UTC)
    home = lookup.home(plan.workspace)
    run = lookup.run_with_key(home.id, plan.kind, plan.run_key)
    for wanted in plan.opportunities or ():
        row = lookup.find_opportunity(home.id, wanted)
        is_mine = row.state == OpportunityState.TAKEN and row.taken_run_id in {None, run and run.id}
        is_over = row.state == OpportunityState.OPEN and row.expires_at <= now
        state = OpportunityState.OPEN if is_mine else OpportunityState.EXPIRED if is_over else row.state
        check_can_take(OpportunityState(state), row.language, plan.preferences.language)


def _check_daily(request: DailyRequest) -> None:
    chain = text_names(request.chain, settings())
    formats.resolve(request.formats, settings().formats)
    _check_accounts("text", chain)
    _check_files_of_settings()
    if OFFLINE in chain and settings().topic_bank:
        from pressroom.providers.offline import bank

        bank.load(settings().topic_bank)


def _check_files_of_settings() -> None:
    """Raises Misconfigured when the workspace's preferences or the prices can't be read."""
    if file := settings().workspace_file:
        from pressroom.store.workspaces import read_preferences

        read_preferences(file)
    if settings().price_file:
        from pressroom.calls.prices import price_of

        price_of("")


@look.register
def _(request: BackfillRequest) -> BackfillReport | None:
    _check_daily(request.daily)
    if local.is_empty():
        return None
    planner = local.planner()
    days = [request.daily.model_copy(update={"date": day}) for day in request.days]
    reports = [_report(planning.plan_daily(day, planner), refresh=request.daily.refresh) for day in days]
    made = [BackfilledDay(date=each.date, status=each.status, run_id=each.run_id) for each in reports if each]
    return BackfillReport(days=tuple(made)) if len(made) == len(days) else None


@look.register
def _(request: RepurposeRequest) -> RunReport | None:
    from pressroom.media.pictures import wanting

    _check_files_of_settings()
    pictures = wanting.wanted_pictures(request, wanting.wanted_formats(request))
    _check_accounts("text", text_names(request.chain, settings()))
    if pictures.platforms:
        _check_accounts("image", pictures.chain)
    check_files(request.sources, are_all=not request.text.strip())
    if local.is_empty():
        if request.voice:
            raise no_voice(request.voice, ())
        return None
    from pressroom.media import planning as pictured

    planner = local.planner()
    pictured.document_preferences(request, planner.home(request.workspace), planner)
    return None if _is_elsewhere(request.sources) else _repurposed(request)


def _repurposed(request: RepurposeRequest) -> RunReport | None:
    """The report of the run of these very documents, which lie on this machine."""
    from pressroom import sources
    from pressroom.media.planning import plan_repurpose

    names = dict.fromkeys(source.strip() for source in request.sources if source.strip())
    try:
        read = [sources.read(source, most=settings().feed_entries) for source in names]
        if request.text.strip():
            read.append(sources.Read(documents=(sources.read_text(request.text, title=request.title),)))
    except SourceUnusable:
        return None  # the run lists what it could not read
    return _report(plan_repurpose(request, read, local.planner()), refresh=request.refresh)


@look.register
def _(request: OptimizeRequest) -> RunReport | None:
    from pressroom.media.photography.styles import photo_style
    from pressroom.media.pictures import wanting

    _check_files_of_settings()
    wanting.wanted_platforms(request)
    for style in request.photo_styles:
        photo_style(style)
    if request.zone:
        zones.zone_of(request.zone)
    _check_accounts("text", text_names(request.chain, settings()))
    check_files(request.images)
    check_files(request.logo.files)
    if local.is_empty() or _is_elsewhere((*request.images, *request.logo.files)):
        return None
    from pressroom.media import planning as pictured

    plan = pictured.plan_optimize(request, local.planner(), lambda _: None)
    return _report(plan, refresh=request.refresh)


@look.register
def _(request: FilmRequest) -> RunReport | None:
    from pressroom.media.film.program import ffmpeg

    plan = plan_film(request)
    ffmpeg()
    return _report(plan, refresh=False)


def plan_film(request: FilmRequest) -> FilmPlan:
    """The plan of a film, as a run would make it. Raises as `film_planning.plan_film` does."""
    from pressroom.media import film_planning

    _check_files_of_settings()
    if local.is_empty():
        raise film_planning.no_script()
    lookup, home = local.lookup(), local.home_to_look_at(request.workspace)
    draft = film_draft(home.id, request.content)
    language = film_planning.language_of(lookup.run(draft.run_id).plan, lookup.subject(draft.subject_id).excerpt)
    inputs = film_planning.FilmInputs(local.planner(), draft, language, _file_hash)
    return film_planning.plan_film(request, inputs)


def film_draft(workspace_id: str, wanted: str) -> Any:
    """The draft that a film is made of. Raises WrongInput."""
    from pressroom.media import film_planning

    lookup = local.lookup()
    if wanted != film_planning.LATEST:
        return lookup.find_content(workspace_id, wanted)
    if (found := lookup.newest_of(workspace_id, film_planning.scripted(), film_planning.UNFIT)) is None:
        raise film_planning.no_script()
    return found


def _file_hash(name: str) -> str:
    from pressroom.media.planning import file_hash

    if not _is_elsewhere([name]):
        check_files([name])
    return file_hash(name, reads_files=settings().local_files)


@look.register
def _(request: RetryRequest) -> RunReport | None:
    run = local.find_run(request.run, request.workspace, preferring=UNFINISHED)
    check_free(run, datetime.now(UTC))
    return _finished(run)


@look.register
def _(request: RedoRequest) -> None:
    from pressroom.model.lifecycle import check_redo

    if local.is_empty():
        only_content((), request.content)
    lookup = local.lookup()
    found = lookup.find_content(local.home_to_look_at(request.workspace).id, request.content)
    check_redo(State(found.state))
    check_free(lookup.run(found.run_id), datetime.now(UTC))


@look.register
def _(request: ExportRequest) -> None:
    if request.workspace and not local.is_empty():
        local.home_to_look_at(request.workspace)


def _check_accounts(kind: str, names: Iterable[str]) -> None:
    for name in names:
        local.account(name, kind)


def check_files(sources: Sequence[str], *, are_all: bool = True) -> None:
    """Check that files are there. One that is not stops no other: an error only when nothing at all can be read.

    are_all: nothing else is made into content. Raises WrongInput.
    """
    from pressroom.userfiles import check_file

    wrong: list[SourceUnusable] = []
    for source in sources:
        try:
            if not _is_elsewhere([source]):
                check_file(source.strip())
        except SourceUnusable as error:
            wrong.append(error)
    if wrong and are_all and len(wrong) == len(sources):
        more = f" The same goes for {len(wrong) - 1} more." if len(wrong) > 1 else ""
        raise WrongInput(wrong[0].message + more, hint=wrong[0].hint)


def _is_elsewhere(sources: Iterable[str]) -> bool:
    """True when one of them is no file: an address, standard input (which can be read once) or an upload."""
    return any("://" in each or each.strip() == STDIN or each.strip().startswith(UPLOAD) for each in sources)


def _report(plan: DailyPlan | RepurposePlan | OptimizePlan | FilmPlan, *, refresh: bool) -> RunReport | None:
    """The report of the run with this plan. Raises RunBusy when another process is at it."""
    lookup = local.lookup()
    home = lookup.find_home(plan.workspace)
    row = home and lookup.run_with_key(home.id, plan.kind, plan.run_key)
    if row is None:
        return None
    check_free(row, datetime.now(UTC))
    return None if refresh else _finished(row)


def _finished(row: Any) -> RunReport | None:
    from pressroom.reports.finished import finished_report

    return finished_report(local.lookup(), local.store(), row)
