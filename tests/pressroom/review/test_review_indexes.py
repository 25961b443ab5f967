"""No list of the desk reads a whole table: PostgreSQL's own plans, as the desk's role, on tables with rows in them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import select

from pressroom.model import Caller, JobStatus, Role, State
from pressroom.review import ideas, listing, reading
from pressroom.review.ideas import IdeaFilter
from pressroom.review.listing import ContentFilter
from pressroom.store import jobs, runs, tenancy
from pressroom.store.audit import list_audit
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, Webhook
from pressroom.store.tables import Content
from pressroom.webhooks import log
from tests.fixtures.desk import DAY, OURS, add_run
from tests.fixtures.postgres import PostgresServer
from tests.fixtures.sent_statements import statements_of

WORKSPACES, RUNS, IDEAS = 40, 10, 5
ROWS = (
    "INSERT INTO users SELECT md5('u'), now(), 'a@example.com', 'A', '', now()",
    """
    INSERT INTO workspace (id, created_at, name, preferences, updated_at)
    SELECT md5('w' || w), now(), 'other-' || w, '{}', now() FROM generate_series(1, :workspaces) w
    """,
    """
    INSERT INTO run SELECT (jsonb_populate_record(sample, jsonb_build_object(
        'id', md5(w.id || n), 'workspace_id', w.id, 'run_key', n, 'created_at', now() - n * interval '1 day',
        'day', current_date - n))).*
    FROM (SELECT run AS sample FROM run LIMIT 1) one, workspace w, generate_series(1, :runs) n
    """,
    """
    INSERT INTO subject SELECT (jsonb_populate_record(sample, jsonb_build_object(
        'id', md5(r.id || n), 'workspace_id', r.workspace_id, 'run_id', r.id, 'position', 100 + n,
        'created_at', r.created_at, 'category', 'topic ' || n))).*
    FROM (SELECT subject AS sample FROM subject LIMIT 1) one, run r, generate_series(1, :ideas) n
    """,
    """
    INSERT INTO content SELECT (jsonb_populate_record(sample, jsonb_build_object(
        'id', md5(i.id || (sample).format), 'workspace_id', i.workspace_id, 'run_id', i.run_id, 'subject_id', i.id,
        'created_at', i.created_at, 'day', i.created_at::date, 'variant', 7,
        'state', (ARRAY['generated', 'reviewed', 'ready'])[1 + i.position % 3]))).*
    FROM (SELECT DISTINCT ON (format) content AS sample FROM content) each, subject i
    """,
    """
    INSERT INTO revision SELECT md5(c.id || 'r'), c.created_at, c.workspace_id, c.id, 9, c.body, c.text, c.violations,
        '', '[]', 'somebody', '' FROM content c
    """,
    """
    INSERT INTO audit_event SELECT md5(c.id || 'a'), c.created_at, c.workspace_id, NULL, 'somebody', 'content.moved',
        'content', c.id, '{}', '', '' FROM content c
    """,
    """
    INSERT INTO approval SELECT md5(c.id || 'v'), c.created_at, c.workspace_id, c.id, c.content_hash, users.id, now(),
        '' FROM content c, users
    """,
    """
    INSERT INTO job (id, created_at, workspace_id, kind, status, title, deployment, request, meta, idempotency_key,
        callback_url, created_by, error_code, error, updated_at)
    SELECT md5(i.id || 'j'), i.created_at, i.workspace_id, (ARRAY['daily', 'redo'])[1 + i.position % 2], 'completed',
        '', 'daily/desk', '{}', '{}', i.id, '', 'ada@example.com', '', '', now() FROM subject i
    """,
    """
    INSERT INTO webhook (id, created_at, workspace_id, url, events, secret, active, updated_at)
    SELECT md5(home.id || 'h'), now(), home.workspace, home.url, CAST('[]' AS json), '', true, now() FROM (
        SELECT id, id AS workspace, 'https://example.com/hook' AS url FROM workspace UNION ALL
        SELECT id, workspace_id, 'https://example.com/more' FROM run) home
    """,
    """
    INSERT INTO event (id, created_at, workspace_id, type, data, dispatched_at)
    SELECT md5(c.id || 'e'), c.created_at, c.workspace_id, 'content.moved', '{}', now() FROM content c
    """,
    """
    INSERT INTO outbox (id, created_at, workspace_id, kind, lane, subject_id, address, state, attempts, due_at, error)
    SELECT md5(e.id || 'd'), e.created_at, e.workspace_id, 'webhook', md5(e.workspace_id || 'h'), e.id, '', 'done', 1,
        now(), '' FROM event e
    """,
    """
    INSERT INTO attempt (id, created_at, workspace_id, outbox_id, number, outcome, answer, milliseconds)
    SELECT id, created_at, workspace_id, id, 1, 'done', '', 5 FROM outbox
    """,
    "ANALYZE",
)
"""Filled by the server itself, from a run of ours: 40 workspaces, 400 runs, 2,000 ideas and jobs, 6,000 pieces of
content, as many events and deliveries."""

FILTERS: list[dict[str, Any]] = [
    {},
    {"date_from": DAY, "date_to": DAY},
    {"states": (State.READY,)},
    {"states": (State.READY, State.REVIEWED)},
    {"platform": "x"},
    {"format": "x_thread"},
    {"category": "topic 1"},
    {"text": "night shift"},
    {"flagged": True},
    {"deleted": True},
    {"states": (State.READY,), "platform": "x", "category": "topic 2", "text": "night"},
]


@pytest.fixture(scope="module")
def filled(migrated_name: str, postgres_server: PostgresServer) -> Iterator[Database]:
    """The database as the desk sees it, within the workspace `ours`; nothing here writes to it."""
    name = f"indexes_{os.getpid()}"
    with psycopg.connect(postgres_server.conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_name}")
        url = f"postgresql+psycopg://postgres@/{name}?host={postgres_server.folder}"
        operators, desk = Database(url), Database(url, role=tenancy.ROLE)
        home = add_run(operators, OURS).workspace_id
        numbers = {"workspaces": WORKSPACES, "runs": RUNS, "ideas": IDEAS}
        with operators.write() as session:
            for statement in ROWS:
                session.execute(text(statement), {name: numbers[name] for name in numbers if f":{name}" in statement})
        operators.close()
        yield desk.within(home)
        desk.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def read_whole(filled: Database) -> Callable[[Callable[[], Any]], list[str]]:
    """`read_whole(question)`: the tables that a statement of `question` reads from beginning to end."""

    def plans(question: Callable[[], Any]) -> list[str]:
        with statements_of(filled) as asked:
            question()
        assert asked
        return [name for statement, parameters in asked for name in _scanned(filled, statement, parameters)]

    return plans


def test_the_test_would_see_a_whole_table_being_read(
    filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]
) -> None:
    def whole() -> None:
        with filled.read() as session:
            session.connection().exec_driver_sql("SELECT text FROM content WHERE words > 0")
            session.connection().exec_driver_sql("SELECT count(*) FROM users")

    assert read_whole(whole) == ["users"]  # of `content` row-level security makes it read our rows alone


def test_lists_of_content(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    for wanted in FILTERS:
        assert read_whole(lambda: listing.list_content(filled, ContentFilter(**wanted))) == [], wanted  # noqa: B023


def test_the_second_page(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    for wanted in ContentFilter(), ContentFilter(states=(State.READY,)):
        cursor = listing.list_content(filled, wanted, limit=5).next_cursor
        assert cursor
        assert read_whole(lambda: listing.list_content(filled, wanted, cursor, 5)) == []  # noqa: B023


def test_content_of_a_run_or_an_idea(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    first = listing.list_content(filled).items[0]
    for wanted in ContentFilter(run=first.run_id), ContentFilter(idea=first.idea_id):
        assert read_whole(lambda: listing.list_content(filled, wanted)) == []  # noqa: B023
    assert read_whole(lambda: ideas.get_idea(filled, first.idea_id)) == []


def test_counts(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    for wanted in FILTERS:
        assert read_whole(lambda: listing.count_by_state(filled, ContentFilter(**wanted))) == [], wanted  # noqa: B023


def test_lists_of_ideas(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    first = ideas.list_ideas(filled).items[0]
    for wanted in ({}, {"category": "topic 1"}, {"text": "night"}, {"run": first.run_id}, {"date_from": DAY}):
        assert read_whole(lambda: ideas.list_ideas(filled, IdeaFilter(**wanted))) == [], wanted  # noqa: B023


def test_one_piece_of_content(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    with filled.read() as session:
        home = session.get_one(Content, listing.list_content(filled).items[-1].id)
    assert read_whole(lambda: reading.list_revisions(filled, home.id)) == []
    assert read_whole(lambda: list_audit(filled, home.workspace_id)) == []


def test_lists_of_work(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    with filled.read() as session:
        home = session.exec(select(Job).limit(1)).one().workspace_id
    for kinds, statuses in ((), ()), (("daily",), ()), ((), (JobStatus.WAITING, JobStatus.RUNNING)):
        assert read_whole(lambda: jobs.list_jobs(filled, home, kinds=kinds, statuses=statuses)) == []  # noqa: B023
    for wanted in ({}, {"kind": "daily"}, {"day": DAY}):
        assert read_whole(lambda: runs.page_of_runs(filled, home, **wanted)) == [], wanted  # noqa: B023


def test_the_log_of_a_webhook(filled: Database, read_whole: Callable[[Callable[[], Any]], list[str]]) -> None:
    with filled.read() as session:
        hook = session.exec(select(Webhook).where(Webhook.url == "https://example.com/hook")).one()
    ada = Caller(workspace_id=hook.workspace_id, workspace=OURS, role=Role.OWNER, name="ada@example.com")
    assert log.deliveries(filled, ada, hook.id).items
    for status in None, "failed":
        assert read_whole(lambda: log.deliveries(filled, ada, hook.id, status=status)) == []  # noqa: B023


def _scanned(database: Database, statement: str, parameters: Any) -> Iterator[str]:
    with database.read() as session:
        explained = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    found = json.loads(explained) if isinstance(explained, str) else explained
    yield from _whole_tables(found[0]["Plan"])


def _whole_tables(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _whole_tables(part)
