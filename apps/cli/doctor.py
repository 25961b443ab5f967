"""`pressroom doctor`: is every connection well, and if not, what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import typer

from pressroom.errors import DatabaseUnusable, Misconfigured, PressroomError

if TYPE_CHECKING:
    from pressroom.settings import Settings, TrendSettings
    from pressroom.sources.trends import TrendSource

Check = tuple[str, Callable[[], str]]
"""A check has a name and a function, which returns what it finds or raises a PressroomError."""


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    online: bool = typer.Option(True, help="Also ask each provider of the chain for its model (free of charge)."),
) -> None:
    """Check the database, the artifact store, every provider of the chain, and the Prefect server."""
    from pressroom.settings import settings

    failed = False
    for name, check in _checks(settings(), online=online):
        try:
            typer.echo(f"{typer.style('ok  ', fg='green')} {name}: {check()}")
        except PressroomError as error:
            failed = True
            typer.echo(f"{typer.style('FAIL', fg='red')} {name}: {error.message}")
            typer.echo(f"     {_next_step(name, error.hint)}")
    if failed:
        raise typer.Exit(1)


NEXT_STEPS = {
    "database": "Set PRESSROOM_DATABASE_URL, then type `pressroom db upgrade`.",
    "artifact store": "Set PRESSROOM_STORE_URL to a folder or bucket that can be written to.",
    "provider": "Look at its key and the network; meanwhile `pressroom daily --chain offline` needs neither.",
    "trend sources": "Set PRESSROOM_TRENDS__SOURCES to those you use; `pressroom trends collect --example` needs none.",
    "formats": "`pressroom formats` lists what PRESSROOM_FORMATS may name.",
    "workspace file": "`pressroom workspace set --help` lists what PRESSROOM_WORKSPACE_FILE may hold.",
    "deployed": "`pressroom deploy` puts everything on the server again.",
    "Prefect server": "`pressroom up` starts one; PREFECT_API_URL names another.",
}
"""Commands to type when a check fails, by the first word or words of its name."""


def _next_step(name: str, hint: str) -> str:
    """`hint` where it names a command or a setting; else what helps with such a check, after it."""
    if "`" in hint or re.search(r"[A-Z]_[A-Z]", hint):
        return hint
    step = NEXT_STEPS.get(name) or NEXT_STEPS.get(name.partition(" ")[0]) or "See `pressroom doctor --help`."
    return f"{hint} {step}".strip()


def _checks(chosen: Settings, *, online: bool) -> Iterator[Check]:
    from pressroom.calls.accounts import chain_names

    yield "home", lambda: _home(chosen)
    yield "settings", _settings
    yield "database", _database
    yield "artifact store", _store
    for name in chain_names("text", chosen):
        yield f"provider {name}", lambda name=name: _provider(name, online=online)  # type: ignore[misc]
    yield "trend sources", lambda: _trend_sources(chosen, online=online)
    yield "channels", _channels
    yield "formats", _formats
    yield "platform figures", _platforms
    yield "models and prices", _vendor_figures
    yield "publishing", _publishing
    yield "workspace file", lambda: _workspace_file(chosen)
    yield "Prefect server", _server
    yield "deployed", _deployed


def _home(chosen: Settings) -> str:
    where = chosen.home.absolute()
    return f"{where}{'' if chosen.home.is_absolute() else ', in the current folder; PRESSROOM_HOME sets another'}"


def _settings() -> str:
    """Raises `Misconfigured` when a variable is near the name of a setting and sets none."""
    from pressroom.settings import misspelt

    if found := misspelt(os.environ):
        raise Misconfigured(" ".join(found), hint="Rename it in the environment: `unset` the old name, or mend .env.")
    return "no variable is misspelt"


def _database() -> str:
    from pressroom.store import schema
    from pressroom.store.database import Database

    database = Database.from_settings()
    database.check()
    schema.ensure(database)
    return f"{database.label}, schema {schema.current(database)}"


def _publishing() -> str:
    """Checks that nothing is due for too long. Raises `Misconfigured` when something is."""
    from pressroom.publishers.ledger import due_work
    from pressroom.store.database import Database

    try:
        found = due_work.overdue(Database.from_settings())
    except (DatabaseUnusable, Misconfigured):
        return "not known without the database"
    if found.count:
        hint = "`pressroom up` or a worker sends what is due every minute; `pressroom publish` does it now."
        raise Misconfigured(str(found), hint=hint)
    return "nothing is overdue"


def _store() -> str:
    from pressroom.settings import settings
    from pressroom.store.artifacts import ArtifactStore

    store = ArtifactStore.from_settings()
    store.check()
    return settings().resolved_store_url


def _provider(name: str, *, online: bool) -> str:
    from pressroom.calls import providers
    from pressroom.calls.accounts import account_from_settings
    from pressroom.calls.prices import price_of
    from pressroom.settings import settings

    account = account_from_settings(name, settings())
    plugin = providers.get(account.provider)
    price = "" if not plugin.paid or price_of(account.model) else "; no price known: set PRESSROOM_PRICE_FILE"
    probe = plugin.kind("text").probe
    if online and probe is not None:
        probe(account)
        return f"answers, model {account.model}{price}"
    return f"configured, model {account.model}{price}"


def _trend_sources(chosen: Settings, *, online: bool) -> str:
    """Names the sources in use and which of them can be reached, all looked at in the same two seconds.

    Raises:
        WrongInput: no source has a name that is set. Misconfigured: one that is set has no key.
    """
    from concurrent.futures import ThreadPoolExecutor

    from pressroom.sources import trends

    given, now = chosen.trends, datetime.now(UTC)
    used = {name: trends.SOURCES.get(name) for name in trends.enabled(given)}
    for name, one in used.items():
        if missing := trends.missing_of(one, given):
            raise Misconfigured(f"{name} is among PRESSROOM_TRENDS__SOURCES without a key.", hint=f"Set {missing[0]}.")
    askings = [trends.asking_of(one, given, now=now) for one in used.values()]
    gone: dict[str, tuple[str, ...]] = {}
    if online:
        with ThreadPoolExecutor(max(1, len(used))) as pool:
            gone = dict(zip(used, pool.map(trends.unreachable, used.values(), askings), strict=True))
    lost = [f"{name} ({', '.join(hosts)})" for name, hosts in gone.items() if hosts]
    well = [name for name in used if not gone.get(name) and (name != "feeds" or given.feeds)]
    parts = [f"{', '.join(well)} {'reachable' if online else 'on'}"] if well else []
    parts += [f"not reachable: {', '.join(lost)}"] if lost else []
    parts += ["feeds: PRESSROOM_TRENDS__FEEDS not set"] if "feeds" in used and not given.feeds else []
    return "; ".join([*parts, *(_off(one, given) for one in trends.SOURCES if one.name not in used)])


def _off(source: TrendSource, given: TrendSettings) -> str:
    from pressroom.sources import trends

    missing = trends.missing_of(source, given)
    return f"{source.name} off" + (f" ({', '.join(missing)} not set)" if missing else "")


def _channels() -> str:
    """Checks that every channel can publish, as far as its row tells; no platform is asked."""
    from pressroom.errors import DatabaseUnusable
    from pressroom.review import channel_ends
    from pressroom.store.database import Database

    try:
        database = Database.from_settings()
        found, connected = channel_ends.troubles(database), channel_ends.count(database)
    except DatabaseUnusable:
        return "not known without the database"
    if found:
        more = f", and {len(found) - 3} more" if len(found) > 3 else ""
        raise Misconfigured(
            f"channels that need a person: {len(found)}. {' '.join(found[:3])}{more}",
            hint="`pressroom channels check` asks the platform; Settings, Channels connects again.",
        )
    return f"{connected} connected" if connected else "none connected"


def _formats() -> str:
    from pressroom import formats
    from pressroom.settings import settings

    for name in settings().formats:
        formats.get(name)
    return ", ".join(settings().formats)


def _platforms() -> str:
    from pressroom import platforms

    _check_age("groups of platform figures", platforms.stale(_today()), "pressroom/platforms/*.toml", "checked")
    if soon := platforms.ending(_today()):
        raise Misconfigured(
            f"Versions of platforms' APIs that end within 60 days: {', '.join(soon)}.",
            hint="Upgrade, or set a newer `version` and `ends` under [api] in pressroom/platforms/*.toml.",
        )
    return f"{len(platforms.names())} platforms, each figure checked within 180 days"


def _vendor_figures() -> str:
    from pressroom.calls import prices

    places = "pressroom/providers/*/ and pressroom/calls/models.json"
    _check_age("lists of models and prices", prices.stale(_today()), places, "as_of")
    return f"{len(prices.dated())} lists, each checked within 180 days"


def _check_age(what: str, old: list[str], places: str, field: str) -> None:
    if old:
        more = f", and {len(old) - 3} more" if len(old) > 3 else ""
        raise Misconfigured(
            f"{len(old)} {what} were checked more than 180 days ago: {', '.join(old[:3])}{more}.",
            hint=f"Compare them with their source in {places} and set `{field}` to today, or upgrade.",
        )


def _today() -> date:
    return datetime.now(UTC).date()


def _workspace_file(chosen: Settings) -> str:
    from pressroom.store.workspaces import read_preferences

    if chosen.workspace_file is None:
        return "none set"
    return ", ".join(read_preferences(chosen.workspace_file).topics)


def _server() -> str:
    from blocks import prefect_server

    prefect_server.prepare()
    return prefect_server.describe()


def _deployed() -> str:
    """Checks that the server has what flows need, in a process of its own: nothing here imports deployments.

    Raises:
        Misconfigured: something is missing there, as after `prefect deploy --all` alone.
    """
    from blocks import prefect_server

    if not prefect_server.use_known():
        return "no server is up"
    line = [sys.executable, "-m", "deployments.deploy", "--check"]
    asked = subprocess.run(line, check=False, capture_output=True, text=True)  # noqa: S603 (our own words)
    if asked.returncode:
        raise Misconfigured(f"What is deployed can't be told: {asked.stderr.strip().removeprefix('Error: ')}")
    missing = asked.stdout.strip().splitlines()
    if missing and not missing[0].startswith("everything"):
        raise Misconfigured(f"The server lacks {', '.join(missing)}.", hint="`pressroom deploy` puts it there.")
    return "nothing yet; `pressroom deploy` does it" if missing else "deployments, blocks, work pool, automations"
