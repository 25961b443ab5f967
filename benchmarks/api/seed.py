"""100 workspaces with fifty days' content each: 1,000 drafts of 500 ideas of 50 runs, as flows would have left it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import psycopg
from psycopg import sql
from pydantic_core import PydanticUndefined
from sqlalchemy import JSON

from pressroom import formats
from pressroom.model import DailyPlan, Finding, Preferences, Role, State, Violation
from pressroom.people import passwords
from pressroom.platforms import counting
from pressroom.store.account_tables import Membership, User
from pressroom.store.contents import content_hash
from pressroom.store.tables import Content, Revision, Run, SubjectRow, Table, Workspace, new_id, utc_now

PASSWORD = "correct horse battery staple"
RUNS, IDEAS_A_RUN = 50, 10
POSTS = "linkedin_post"
FORMATS = (POSTS, "x_thread")
DRAFTS = RUNS * IDEAS_A_RUN * len(FORMATS)
"""In each workspace."""

WORDINGS = 200
STATES = (
    *(State.GENERATED,) * 4, State.REVIEWED, State.REVIEWED, State.EDITED, State.READY, State.PUBLISHED, State.REJECTED,
)  # fmt: skip
OPEN = {State.GENERATED, State.REVIEWED, State.EDITED}
"""In which anybody may edit."""

TOPICS = (
    "billing", "payroll", "warehouse", "mainframe", "reporting", "onboarding", "forecast", "invoice", "inventory",
    "support", "scheduling", "compliance", "procurement", "logistics", "telemetry", "migration", "backup", "archive",
    "customer", "delivery",
)  # fmt: skip
FLAW = Violation(code="cliche", message="A phrase that is worn out.", where="text").model_dump(mode="json")
DOUBT = Finding(kind="personal_data", where="text", reason="It may name a person.").model_dump(mode="json")

Row = dict[str, Any]
Rows = tuple[type[Table], list[Row]]


@dataclass
class Tenant:
    """A workspace and its owner. `posts`: ids of its LinkedIn posts that are open to edits, all at version 1."""

    email: str
    workspace_id: str
    posts: list[str] = field(default_factory=list)


def fill(conninfo: str, workspaces: int) -> list[Tenant]:
    """Put that many workspaces into an empty database, as its owner, and have its statistics made."""
    tenants = [Tenant(f"owner{number}@example.com", new_id()) for number in range(workspaces)]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for number, tenant in enumerate(tenants):
            with connection.transaction():
                for table, rows in _everything(tenant, f"workspace-{number}"):
                    _copy(connection, table, rows)
        connection.execute("VACUUM ANALYZE")
    return tenants


def wording(form: str, number: int) -> dict[str, Any]:
    """A body of that format: the format's own example, about one of our topics."""
    body: dict[str, Any] = json.loads(files("pressroom.formats").joinpath(f"examples/{form}.json").read_text("utf-8"))
    said = f"{TOPICS[number % len(TOPICS)].title()} was number {number} on our list."
    if form == POSTS:
        return {**body, "hook": f"{body['hook']} {said}"}
    return {**body, "posts": [f"{body['posts'][0]} {said}", *body["posts"][1:]]}


def _everything(tenant: Tenant, name: str) -> Iterator[Rows]:
    """The rows of one workspace, table by table, in the order in which they refer to each other."""
    chance, home, user = Random(name), tenant.workspace_id, new_id()
    yield Workspace, [{"id": home, "name": name}]
    yield User, [{"id": user, "email": tenant.email, "name": name, "password_hash": _password_hash()}]
    yield Membership, [{"workspace_id": home, "user_id": user, "role": Role.OWNER}]
    runs = [_run(home, day) for day in range(RUNS)]
    ideas = [_idea(run, position, chance) for run in runs for position in range(1, IDEAS_A_RUN + 1)]
    drafts = [_draft(idea, form, chance) for idea in ideas for form in FORMATS]
    tenant.posts += [row["id"] for row in drafts if row["format"] == POSTS and row["state"] in OPEN]
    yield Run, runs
    yield SubjectRow, ideas
    yield Content, drafts
    yield Revision, [_original(row) for row in drafts]


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def _run(workspace_id: str, day: int) -> Row:
    at = utc_now().replace(hour=6, minute=0, second=0) - timedelta(days=RUNS - day)
    return {"id": new_id(), "created_at": at, "workspace_id": workspace_id, "kind": "daily", "run_key": f"{at.date()}",
            "day": at.date(), "trigger": "schedule", "status": "completed", "started_at": at,
            "closed_at": at + timedelta(minutes=2), "plan": _plan(at.date())}  # fmt: skip


def _plan(day: date) -> DailyPlan:
    return DailyPlan(workspace="", day=day, ideas=IDEAS_A_RUN, formats=FORMATS, chain=("offline",),
                     chain_fingerprint="f", preferences=Preferences())  # fmt: skip


def _idea(run: Row, position: int, chance: Random) -> Row:
    topic, at = chance.choice(TOPICS), run["created_at"] + timedelta(seconds=position)
    return {"id": new_id(), "created_at": at, "workspace_id": run["workspace_id"], "run_id": run["id"],
            "position": position, "kind": "idea", "title": f"What the night shift knows about {topic}",
            "category": "Operations",
            "description": f"Ask who runs {topic} at night what they dread, and replace that first."}  # fmt: skip


def _draft(idea: Row, form: str, chance: Random) -> Row:
    """One in seven breaks a rule, one in five makes a claim that somebody should look at."""
    at = idea["created_at"] + timedelta(seconds=20 + FORMATS.index(form))
    return {"id": new_id(), "created_at": at, "updated_at": at, "workspace_id": idea["workspace_id"],
            "run_id": idea["run_id"], "subject_id": idea["id"], "format": form, "day": at.date(),
            "state": chance.choice(STATES), "violations": [FLAW] if chance.random() < 1 / 7 else [],
            "findings": [DOUBT] if chance.random() < 1 / 5 else [], "provider": "offline", "model": "offline",
            "prompt_hash": "0" * 16, **_words(form, chance.randrange(WORDINGS))}  # fmt: skip


@cache
def _words(form: str, number: int) -> Row:
    """What depends on the wording alone, measured once for all drafts that say the same."""
    plugin = formats.get(form)
    body = plugin.body.model_validate(wording(form, number))
    text, kept = plugin.text(body), body.model_dump(mode="json")
    return {"platform": plugin.platform, "body": kept, "text": text, "words": counting.words(text),
            "characters": len(text), "content_hash": content_hash(kept)}  # fmt: skip


def _original(draft: Row) -> Row:
    same = {name: draft[name] for name in ("created_at", "workspace_id", "body", "text", "violations")}
    return {**same, "content_id": draft["id"], "number": 1, "author": "offline/offline", "note": "generated"}


def _copy(connection: psycopg.Connection, table: type[Table], rows: list[Row]) -> None:
    """Write rows of one table at once; a column they don't name has the default it has in the application.

    No row objects: to make one takes a millisecond, of which there would be 250,000.
    """
    made = table.__table__  # type: ignore[attr-defined]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in made.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(made.name), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            whole = {**_defaults(table), "id": new_id(), **row}
            copying.write_row([_written(whole[column.name], column.type) for column in made.columns])


@cache
def _defaults(table: type[Table]) -> Row:
    values = {name: each.get_default(call_default_factory=True) for name, each in table.model_fields.items()}
    return {name: value for name, value in values.items() if value is not PydanticUndefined}


def _written(value: Any, kind: Any) -> Any:
    if isinstance(value, State | Role):
        return value.value  # psycopg would write its name
    if isinstance(value, DailyPlan):
        return value.model_dump_json()
    return json.dumps(value) if isinstance(kind, JSON) and value is not None else value
