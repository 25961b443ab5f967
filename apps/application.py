"""The review desk: API and pages in one application, with its connections opened at the start and closed at the end."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from types import FrameType

from fastapi import FastAPI
from sqlalchemy import text

from apps.api import app as api
from apps.api import metrics
from apps.desk.avatars import Avatars
from apps.desk.courier import couriers
from apps.desk.dependencies import Desk
from apps.desk.job_reconciliation import Reconciler
from apps.desk.publish_clock import PublishClock
from apps.desk.sender import Sender
from apps.mcp import door
from apps.web import app as web
from blocks.orchestrator import Orchestrator
from pressroom import logs
from pressroom.errors import Misconfigured
from pressroom.people.keys import KeyRing
from pressroom.publishers.ledger import due_work
from pressroom.reports import vitals
from pressroom.settings import Settings
from pressroom.settings import settings as read_settings
from pressroom.store import schema, tenancy
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from pressroom.vault import Vault

_log = logs.get_logger("pressroom.desk")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Returns the desk as an ASGI application, which opens nothing before it starts.

    settings: without them, each start reads the process's own again.
    """

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        chosen = settings or read_settings()
        logs.configure_once()
        app.openapi()  # makes all routes, which takes half a second: nobody's first request has to wait for it
        closing = app.state.closing = asyncio.Event()
        _when_told_to_end(closing.set)
        with ExitStack() as opened:
            operators = opened.enter_context(open_operators(chosen))
            app.state.overdue = partial(due_work.overdue, operators)
            app.state.vitals = lambda: vitals.read(operators, chosen, utc_now())
            desk = app.state.desk = opened.enter_context(open_desk(chosen, operators))
            sender = Sender(operators, desk.vault)
            sender.start()
            opened.callback(sender.stop)
            reconciler = Reconciler(desk.orchestrator, operators)
            reconciler.start()
            opened.callback(reconciler.stop)
            publishing = PublishClock(desk.orchestrator, operators)
            publishing.start()
            opened.callback(publishing.stop)
            for courier in couriers(chosen, operators, desk.vault):
                courier.start()
                opened.callback(courier.stop)
            avatars = Avatars(operators, desk.store)
            avatars.start()
            opened.callback(avatars.stop)
            opened.callback(metrics.forget_process)
            opened.callback(closing.set)
            async with door.open_door(app):
                yield

    app = api.create(settings or read_settings(), lifespan=running)
    door.mount(app)
    web.mount(app)
    return app


@contextmanager
def open_operators(settings: Settings) -> Iterator[Database]:
    """The database with all workspaces, for what is done in the background; no request ever gets it.

    Raises:
        DatabaseUnusable: it can't be reached, or needs an upgrade.
    """
    operators = Database.from_settings(settings)
    schema.ensure(operators)
    try:
        yield operators
    finally:
        operators.close()


@contextmanager
def open_desk(settings: Settings, operators: Database) -> Iterator[Desk]:
    """The desk's connections. On SQLite, where a file has one writer, requests share those of `operators`.

    Raises:
        DatabaseUnusable: the desk's own address of the database can't be used.
        Misconfigured: its role sees every workspace's rows, or the secret key can't be used.
    """
    database = operators if operators.is_sqlite else Database.from_settings(settings, role=tenancy.ROLE)
    if not database.is_sqlite:
        _check_role(database)
    nowhere, vault = database.within(""), Vault.from_settings(settings)
    desk = Desk(
        settings=settings,
        database=nowhere,
        store=ArtifactStore(settings.resolved_store_url),
        vault=vault,
        keys=KeyRing(nowhere, vault),
        orchestrator=Orchestrator(),
    )
    try:
        yield desk
    finally:
        desk.orchestrator.close()
        database.close()


_ROLES = text(
    "SELECT rolname = current_user, rolsuper OR rolbypassrls "
    "FROM pg_roles WHERE rolname IN (current_user, session_user)"
)


def _check_role(database: Database) -> None:
    """The acting role must obey row-level security; the login role should."""
    with database.read() as session:
        unbound = {bool(is_acting): bool(bypasses) for is_acting, bypasses in session.execute(_ROLES)}
    if unbound[True]:
        raise Misconfigured(
            "The desk's database role is not bound by row-level security: it would see every workspace.",
            hint=f"Run `pressroom db upgrade`, which makes the role {tenancy.ROLE}.",
        )
    if unbound.get(False):
        _log.warning("desk.signs_in_unbound", hint="Give PRESSROOM_DESK_DATABASE_URL a role that is no superuser.")


def _when_told_to_end(tell: Callable[[], None]) -> None:
    """Call `tell` at the first sign to end. The server waits for open streams, which end only when they are told."""
    if threading.current_thread() is not threading.main_thread():
        return  # a test's client; signals are the main thread's
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        _chain(number, lambda: loop.call_soon_threadsafe(tell))


def _chain(number: int, first: Callable[[], object]) -> None:
    then = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        first()
        if callable(then):
            then(received, frame)

    signal.signal(number, handle)
