"""Connections for commands that only look.

Where PREFECT_API_URL is set they are those of a run: the blocks on that server, if it has any. Otherwise they come
from the environment, and no Prefect is started for a look.
"""

from __future__ import annotations

import getpass
import os
from functools import cache
from typing import TYPE_CHECKING

from pressroom.settings import settings
from pressroom.store import schema, subjects
from pressroom.store.database import Database
from pressroom.store.workspaces import find_workspace, workspace

if TYPE_CHECKING:
    from pressroom.model import Caller, DailyRequest, RepurposeRequest
    from pressroom.publishers.ledger.access import Access
    from pressroom.settings import PlatformApp
    from pressroom.store.artifacts import ArtifactStore
    from pressroom.store.tables import Workspace
    from pressroom.writing.estimate import Estimate


@cache
def database() -> Database:
    if "PREFECT_API_URL" in os.environ:
        from blocks import connections  # 1.5 s: Prefect

        return connections.database()
    found = Database.from_settings()
    schema.ensure(found)
    return found


def desk_database() -> Database:
    """The database that the desk opens: the settings', whatever Prefect knows."""
    found = Database.from_settings()
    schema.ensure(found)
    return found


def store() -> ArtifactStore:
    from pressroom.store.artifacts import ArtifactStore

    if "PREFECT_API_URL" in os.environ:
        from blocks import connections

        return connections.store()
    return ArtifactStore.from_settings()


def home(name: str | None, *, make: bool = False) -> Workspace:
    """The workspace called `name`, or that of the settings, which is made where it is not there. make: `name` too.

    Raises:
        NotFound: there is no such workspace.
    """
    default = settings().workspace
    if name is None or name == default or make:
        return workspace(database(), name or default)
    return find_workspace(database(), name)


def as_operator(name: str | None) -> tuple[Database, Caller]:
    """The database within a workspace, on PostgreSQL by the role of the desk, and its user here as an owner."""
    from pressroom.model import Caller, Role
    from pressroom.store import tenancy

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
    from pressroom.model import Preferences
    from pressroom.writing.estimate import estimate_documents

    chosen = settings()
    row = workspace(database(), request.workspace or chosen.workspace, file=chosen.workspace_file)
    read = [sources.read(source, most=chosen.feed_entries, files=True) for source in request.sources]
    pasted = [sources.read_text(request.text, title=request.title)] if request.text.strip() else []
    return estimate_documents(
        [account_from_settings(name, chosen) for name in request.chain or chain_names("text", chosen)],
        [*pasted, *(document for one in read for document in one.documents)],
        wanted=request.formats or formats.names(),
        preferences=Preferences.model_validate(row.preferences),
        feedback_rounds=chosen.feedback_rounds,
        document_words=chosen.document_words,
        second_reading=chosen.second_reading,
    )


def estimate_daily(request: DailyRequest) -> Estimate:
    """Estimates a daily run's cost with the accounts of the environment."""
    from pressroom import formats
    from pressroom.calls.accounts import account_from_settings, chain_names
    from pressroom.model import Preferences
    from pressroom.store.tables import utc_now
    from pressroom.writing.estimate import estimate

    chosen = settings()
    row = workspace(database(), request.workspace or chosen.workspace, file=chosen.workspace_file)
    history = subjects.recall(database(), row.id, before=utc_now(), days=chosen.history_days)
    return estimate(
        [account_from_settings(name, chosen) for name in request.chain or chain_names("text", chosen)],
        ideas=request.ideas or chosen.ideas,
        wanted=formats.resolve(request.formats, chosen.formats),
        preferences=Preferences.model_validate(row.preferences),
        ideas_output_tokens=chosen.ideas_output_tokens,
        feedback_rounds=chosen.feedback_rounds,
        excluded=len(history),
    )


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
