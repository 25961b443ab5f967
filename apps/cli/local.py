"""Connections for commands that only look, and for what is checked before a run starts.

Where PREFECT_API_URL is set they are those of a run: the blocks on that server, if it has any. Otherwise they come
from the environment, and no Prefect is imported or started.
"""

from __future__ import annotations

import getpass
import os
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pressroom.errors import Misconfigured
from pressroom.settings import settings
from pressroom.store.lookup import Lookup, file_of
from pressroom.store.missing import no_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pressroom.calls.chain import Chain
    from pressroom.calls.providers import Account
    from pressroom.media.film_making import FilmCost
    from pressroom.model import Caller, DailyRequest, FilmRequest, RepurposeRequest, RunStatus
    from pressroom.model.plans import DailyPlan, RepurposePlan
    from pressroom.publishers.ledger.access import Access
    from pressroom.settings import PlatformApp
    from pressroom.store.artifacts import ArtifactStore
    from pressroom.store.database import Database
    from pressroom.store.tables import Workspace
    from pressroom.writing.estimate import Estimate, Made
    from pressroom.writing.planning import Planner


@cache
def database() -> Database:
    if has_blocks():
        from blocks import connections  # 1.5 s: Prefect

        return connections.database()
    return desk_database()


def lookup() -> Lookup:
    """The database, to look at. A missing one, or one of another schema, is brought to this version's first.

    Raises:
        DatabaseUnusable: it can't be reached or used.
    """
    return _looked_up(
        database().url.render_as_string(hide_password=False) if has_blocks() else settings().resolved_database_url
    )


@cache
def _looked_up(url: str) -> Lookup:
    found = Lookup.opened(url)
    if found is None:
        database()
    return found or Lookup(url)


def default_home() -> Any:
    """The workspace of the settings, made where it is not there."""
    return lookup().find_home(settings().workspace) or home(None)


def home_to_look_at(name: str | None) -> Any:
    """The workspace called `name`, or that of the settings. Raises NotFound."""
    return default_home() if name in {None, settings().workspace} else lookup().home(str(name))


def has_blocks() -> bool:
    """True when the Prefect server that is set keeps connections of ours: then a run takes those."""
    if not os.environ.get("PREFECT_API_URL"):
        return False
    from blocks import prefect_server

    return prefect_server.keeps_blocks(os.environ["PREFECT_API_URL"])


def is_empty() -> bool:
    """True when there is no database yet, hence no workspace, voice or run. Nothing is made for the answer."""
    if has_blocks():
        return False
    file = file_of(settings().resolved_database_url)
    if file is None or file.exists():
        return False
    if not next(folder for folder in file.absolute().parents if folder.exists()).is_dir():
        database()  # its folder can't be made, and the error says so
    return True


def find_run(wanted: str, workspace: str | None, *, preferring: Sequence[RunStatus] = (), having: str = "") -> Any:
    """The run that is meant; no database is made for that answer. Raises WrongInput."""
    if is_empty():
        raise no_run(wanted)
    home = home_to_look_at(workspace)
    return lookup().find_run(home.id, wanted, having=having, preferring=preferring)


def account(name: str, kind: str) -> Account:
    """The account that a run would take. Raises Misconfigured without an account of that name, or without its key."""
    if has_blocks():
        from blocks import connections

        return connections.account(name, kind)
    from pressroom.calls.accounts import account_from_settings

    return account_from_settings(name, settings(), kind)


def planner() -> Planner:
    """Plans as a run would that starts now."""
    from pressroom.calls.accounts import able_to, fingerprint_of
    from pressroom.model import Voice
    from pressroom.model.schedules import day_in, zone_by
    from pressroom.writing.planning import Planner

    def fingerprint(names: tuple[str, ...], kind: str) -> str:
        return fingerprint_of(able_to(kind, [account(name, kind) for name in names]))

    return Planner(
        planned_home,
        lambda workspace_id, name: Voice.model_validate(lookup().voice(workspace_id, name)),
        lambda found: day_in(zone_by(found.schedule, settings()), datetime.now(UTC)),
        fingerprint,
        settings().local_files,
        opportunity=lambda workspace_id, wanted: str(lookup().find_opportunity(workspace_id, wanted).id),
    )


def planned_home(name: str | None) -> Any:
    """The workspace that a run would work for, with the preferences it would have; made where it is not there."""
    chosen = settings()
    wanted = name or chosen.workspace
    found = lookup().find_home(wanted)
    if found is None or chosen.workspace_file:
        from pressroom.store.workspaces import workspace

        return workspace(database(), wanted, file=chosen.workspace_file)
    return found


def desk_database() -> Database:
    """The database that the desk opens: the settings', whatever Prefect knows."""
    from pressroom.store import schema
    from pressroom.store.database import Database

    found = Database.from_settings()
    schema.ensure(found)
    return found


def store() -> ArtifactStore:
    from pressroom.store.artifacts import ArtifactStore

    if has_blocks():
        from blocks import connections

        return connections.store()
    return ArtifactStore.from_settings()


def home(name: str | None, *, make: bool = False) -> Workspace:
    """The workspace called `name`, or that of the settings, which is made where it is not there. make: `name` too.

    Raises:
        NotFound: there is no such workspace.
    """
    from pressroom.store.workspaces import find_workspace, workspace

    default = settings().workspace
    if name is None or name == default or make:
        return workspace(database(), name or default)
    return find_workspace(database(), name)


def as_operator(name: str | None) -> tuple[Database, Caller]:
    """The database within a workspace, on PostgreSQL by the role of the desk, and its user here as an owner."""
    from pressroom.model import Caller, Role
    from pressroom.store import tenancy
    from pressroom.store.database import Database

    row, known = home(name), database()
    if not known.is_sqlite:  # the role that signs in may see every workspace; the desk's does not
        known = Database(known.url.render_as_string(hide_password=False), role=tenancy.ROLE)
    caller = Caller(
        workspace_id=row.id, workspace=row.name, role=Role.OWNER, name=f"{getpass.getuser()} (command line)"
    )
    return known.within(row.id), caller


def estimate_repurpose(request: RepurposeRequest) -> Estimate:
    """Estimates what the texts of a repurposing run cost; it reads the sources, and asks no model.

    Raises:
        SourceUnusable: a source can't be read.
    """
    from pressroom import formats, sources
    from pressroom.calls.accounts import account_from_settings, chain_names
    from pressroom.media.planning import plan_repurpose
    from pressroom.model import Preferences
    from pressroom.writing.estimate import estimate_documents

    chosen = settings()
    row = planned_home(request.workspace)
    read = [sources.read(source, most=chosen.feed_entries, files=True) for source in request.sources]
    if request.text.strip():
        read.append(sources.Read(documents=(sources.read_text(request.text, title=request.title),)))
    return estimate_documents(
        [account_from_settings(name, chosen, needs_key=False) for name in request.chain or chain_names("text", chosen)],
        [document for one in read for document in one.documents],
        wanted=request.formats or formats.names(),
        preferences=Preferences.model_validate(row.preferences),
        feedback_rounds=chosen.feedback_rounds,
        document_words=chosen.document_words,
        second_reading=chosen.second_reading,
        made=_part_there(lambda: plan_repurpose(request, read, planner()), refresh=request.refresh),
    )


def estimate_film(request: FilmRequest) -> FilmCost:
    """Estimates what a film costs, less what the ledger has already; it asks no provider. Raises as a run would."""
    from apps.cli import preflight
    from pressroom.calls.chain import chain_of
    from pressroom.calls.ledger import Ledger
    from pressroom.calls.retry_policy import RetryPolicy
    from pressroom.media.film_making import film_cost
    from pressroom.media.keeping import Keeper

    plan = preflight.plan_film(request)

    def chain(names: tuple[str, ...], kind: str) -> Chain:
        return chain_of([account(name, kind) for name in names], RetryPolicy(), kind=kind)

    pictures, speech = chain(plan.image_chain, "image"), chain(plan.speech_chain, "speech")
    ledger = Ledger(database(), home_to_look_at(request.workspace).id)
    return film_cost(plan, pictures, speech, Keeper(store(), plan.workspace), ledger)


def speech_chain() -> Chain:
    """The chain that speaks, as a run would take it. Raises Misconfigured."""
    if has_blocks():
        from blocks import connections

        return connections.speech_chain()
    from pressroom.calls.accounts import chain_names
    from pressroom.calls.chain import chain_of
    from pressroom.calls.retry_policy import RetryPolicy

    chosen = settings()
    policy = RetryPolicy(attempts=chosen.attempts, backoff=chosen.backoff, deadline=chosen.speech_deadline)
    return chain_of([account(name, "speech") for name in chain_names("speech", chosen)], policy, kind="speech")


def estimate_daily(request: DailyRequest) -> Estimate:
    """Estimates a daily run's cost with the accounts of the environment."""
    from pressroom import formats
    from pressroom.calls.accounts import account_from_settings, chain_names
    from pressroom.model import Preferences
    from pressroom.store.subjects import recall
    from pressroom.store.tables import utc_now
    from pressroom.writing.estimate import estimate
    from pressroom.writing.planning import plan_daily

    chosen = settings()
    row = planned_home(request.workspace)
    history = recall(database(), row.id, before=utc_now(), days=chosen.history_days)
    return estimate(
        [account_from_settings(name, chosen, needs_key=False) for name in request.chain or chain_names("text", chosen)],
        ideas=request.ideas or chosen.ideas,
        wanted=formats.resolve(request.formats, chosen.formats),
        preferences=Preferences.model_validate(row.preferences),
        ideas_output_tokens=chosen.ideas_output_tokens,
        feedback_rounds=chosen.feedback_rounds,
        excluded=len(history),
        made=_part_there(lambda: plan_daily(request, planner()), refresh=request.refresh),
    )


def _part_there(plan: Callable[[], DailyPlan | RepurposePlan], *, refresh: bool) -> Made:
    """The part of the run of `plan` that our tables have: it is paid for, and no call is made for it again."""
    from pressroom.writing.estimate import NOTHING, Made

    if refresh or is_empty():
        return NOTHING
    try:
        wanted = plan()
    except Misconfigured:  # without a key no run of this chain can be told from others
        return NOTHING
    home = lookup().find_home(wanted.workspace)
    run = home and lookup().run_with_key(home.id, wanted.kind, wanted.run_key)
    if run is None:
        return NOTHING
    drafts = Counter(each.format for each in lookup().drafts_of(run.id, run.variant))
    return Made(subjects=len(lookup().subjects_of(run.id)), drafts=dict(drafts))


def access_to(database: Database) -> Access:
    """Lines and tokens of the channels that `database` sees."""
    from pressroom.publishers.ledger.access import Access
    from pressroom.vault import Vault

    return Access(database, Vault.from_settings(), apps=platform_app)


def platform_app(platform: str) -> PlatformApp | None:
    """The app that runs have too: a block's where PREFECT_API_URL is set, else the settings'."""
    if "PREFECT_API_URL" in os.environ:
        from blocks import connections  # 1.5 s: Prefect

        return connections.platform_app(platform)
    return settings().platform_apps.get(platform)
