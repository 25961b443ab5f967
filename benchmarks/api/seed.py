"""100 workspaces with half a year's content each: 1,000 drafts of 500 ideas of 50 runs, as flows would have left it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from itertools import chain
from random import Random
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import JSON

from pressroom import counting, formats
from pressroom.accounts import passwords
from pressroom.model import Role, State
from pressroom.store.account_tables import Membership, User
from pressroom.store.contents import content_hash
from pressroom.store.tables import Content, IdeaRow, Revision, Run, Table, Workspace, utc_now

PASSWORD = "correct horse battery staple"
RUNS, IDEAS_A_RUN = 50, 10
WORDINGS = 200
POSTS, THREADS = "linkedin_post", "x_thread"
FORMATS = (POSTS, THREADS)
DRAFTS = RUNS * IDEAS_A_RUN * len(FORMATS)
"""In each workspace."""

STATES = (
    *(State.GENERATED,) * 4, State.REVIEWED, State.REVIEWED, State.EDITED, State.READY, State.PUBLISHED, State.REJECTED,
)  # fmt: skip
TOPICS = (
    "billing", "payroll", "warehouse", "mainframe", "reporting", "onboarding", "forecast", "invoice", "inventory",
    "support", "scheduling", "compliance", "procurement", "logistics", "telemetry", "migration", "backup", "archive",
    "customer", "delivery",
)  # fmt: skip
FLAW = {"code": "cliche", "message": "A phrase that is worn out.", "where": "text", "measured": None, "limit": None}
DOUBT = {"code": "claim_unsupported", "message": "Nothing supports this number.", "where": "text"}


@dataclass
class Tenant:
    """A workspace and its owner. `posts`: ids of its LinkedIn posts, all at version 1 and open to edits."""

    email: str
    workspace_id: str
    posts: list[str] = field(default_factory=list)


def fill(conninfo: str, workspaces: int) -> list[Tenant]:
    """Put that many workspaces into an empty database, as its owner, and have its statistics made."""
    made = [_tenant(number) for number in range(workspaces)]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        with connection.transaction():
            for rows in zip(*(rows for _, rows in made), strict=True):
                _copy(connection, rows)
            for tenant, _ in made:
                for rows in zip(*_runs(tenant), strict=True):
                    _copy(connection, chain.from_iterable(rows))
        connection.execute("VACUUM ANALYZE")
    return [tenant for tenant, _ in made]


def wording(form: str, number: int) -> dict[str, Any]:
    """A body of that format, the format's own example about one of our topics."""
    body: dict[str, Any] = json.loads(files("pressroom.formats").joinpath(f"examples/{form}.json").read_text("utf-8"))
    said = f"{TOPICS[number % len(TOPICS)].title()} was ours, number {number} on the list."
    if form == POSTS:
        return {**body, "hook": f"{body['hook']} {said}"}
    return {**body, "posts": [f"{body['posts'][0]} {said}", *body["posts"][1:]]}


def _tenant(number: int) -> tuple[Tenant, tuple[Table, ...]]:
    email = f"owner{number}@example.com"
    workspace = Workspace(name=f"workspace-{number}", title=f"Workspace {number}")
    user = User(email=email, name=f"Owner {number}", password_hash=_password_hash())
    membership = Membership(workspace_id=workspace.id, user_id=user.id, role=str(Role.OWNER))
    return Tenant(email, workspace.id), (workspace, user, membership)


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def _runs(tenant: Tenant) -> Iterator[tuple[list[Table], ...]]:
    """Rows of one run after the other: run, ideas, content, revisions."""
    chance = Random(tenant.email)
    morning = utc_now().replace(hour=6, minute=0, second=0, microsecond=0)
    for number in range(RUNS):
        at = morning - timedelta(days=RUNS - number)
        run = Run(workspace_id=tenant.workspace_id, kind="daily", run_key=f"{at:%Y-%m-%d}", day=at.date(),
                  trigger="schedule", status="completed", chain=["offline"], created_at=at, started_at=at,
                  closed_at=at + timedelta(minutes=2))  # fmt: skip
        ideas = [_idea(run, position, chance.choice(TOPICS)) for position in range(1, IDEAS_A_RUN + 1)]
        drafts = [_draft(run, idea, form, chance) for idea in ideas for form in FORMATS]
        tenant.posts += [row.id for row in drafts if row.format == POSTS and row.state in _OPEN]
        yield [run], [*ideas], [*drafts], [_original(row) for row in drafts]


_OPEN = {State.GENERATED.value, State.REVIEWED.value, State.EDITED.value}


def _idea(run: Run, position: int, topic: str) -> IdeaRow:
    return IdeaRow(workspace_id=run.workspace_id, run_id=run.id, position=position, category="Operations",
                   title=f"What the night shift knows about {topic}",
                   description=f"Ask who runs {topic} at night what they dread, and replace that first.",
                   created_at=run.created_at + timedelta(seconds=position))  # fmt: skip


def _draft(run: Run, idea: IdeaRow, form: str, chance: Random) -> Content:
    """One in seven breaks a rule, one in five makes a claim that nothing supports."""
    at = idea.created_at + timedelta(seconds=20 + FORMATS.index(form))
    return Content(workspace_id=run.workspace_id, run_id=run.id, idea_id=idea.id, format=form, day=run.day,
                   state=chance.choice(STATES).value, violations=[FLAW] if chance.random() < 1 / 7 else [],
                   findings=[DOUBT] if chance.random() < 1 / 5 else [], provider="offline", model="offline",
                   prompt_hash="0" * 16, created_at=at, updated_at=at,
                   **_words(form, chance.randrange(WORDINGS)))  # fmt: skip


@cache
def _words(form: str, number: int) -> dict[str, Any]:
    """What depends on the wording alone, measured once for all that say the same."""
    plugin = formats.get(form)
    body = plugin.body.model_validate(wording(form, number))
    text, kept = plugin.text(body), body.model_dump(mode="json")
    return {"platform": plugin.platform, "body": kept, "text": text, "words": counting.words(text),
            "characters": len(text), "content_hash": content_hash(kept)}  # fmt: skip


def _original(row: Content) -> Revision:
    return Revision(workspace_id=row.workspace_id, content_id=row.id, number=1, body=row.body, text=row.text,
                    violations=row.violations, author="offline/offline", note="generated",
                    created_at=row.created_at)  # fmt: skip


def _copy(connection: psycopg.Connection, rows: Iterable[Table]) -> None:
    """Write rows of one table in one go."""
    rows = list(rows)
    columns = type(rows[0]).__table__.columns  # type: ignore[attr-defined]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    table = sql.Identifier(type(rows[0]).__tablename__)
    values = [(column.name, isinstance(column.type, JSON)) for column in columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row([_written(getattr(row, name), is_json=is_json) for name, is_json in values])


def _written(value: Any, *, is_json: bool) -> Any:
    return json.dumps(value) if is_json and value is not None else value
