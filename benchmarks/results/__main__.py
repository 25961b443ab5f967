"""`python -m benchmarks.results`: p95 of a report, and rows a second of a whole table, over many workspaces."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import psycopg

from benchmarks.api import postgres
from benchmarks.shared import figures, machine
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import peak_megabytes
from pressroom.model import Caller, Role
from pressroom.reports.analytics import loading
from pressroom.review import analytics
from pressroom.review.analytics import Wanted
from pressroom.store import tenancy
from pressroom.store.database import Database

GOAL_SECONDS = 0.3
TIMES_BARE = 5.0
AGES = (1, 6, 24, 72, 168, 672, 2160, 4320)
BARE = """SELECT publication_id, value FROM metric_snapshot
          WHERE workspace_id = %s AND metric = 'likes' AND age = 168 AND have = 'value'"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="2 workspaces x 1,000 publications")
    parser.add_argument("--workspaces", type=int, help="default: 5; the goal is for 100")
    parser.add_argument("--publications", type=int, help="of each workspace; default: 10,000")
    given = parser.parse_args()
    homes = given.workspaces or (2 if given.quick else 5)
    posts = given.publications or (1000 if given.quick else 10_000)
    print(machine.describe(("sqlmodel", "psycopg")))
    with postgres.running() as server:
        began = time.perf_counter()
        with psycopg.connect(server.conninfo, autocommit=True) as connection:
            rows = _fill(connection, homes, posts)
        print(f"{homes} workspaces x {posts:,} publications x 8 snapshots: {rows:,} rows, "
              f"filled in {time.perf_counter() - began:.0f} s\n{figures.HEADER}")  # fmt: skip
        owner, _desk = postgres.addresses(server)
        found = _measure(Database(owner, role=tenancy.ROLE), server.conninfo, homes, posts, 5 if given.quick else 20)
    figures.show(found)
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return 0


def _measure(database: Database, conninfo: str, homes: int, posts: int, times: int) -> list[Figure]:
    def report(turn: int, **wanted: object) -> None:
        home = f"w{turn % homes:031d}"
        caller = Caller(workspace_id=home, workspace=home, role=Role.VIEWER, name="bench")
        made = analytics.make_report(database.within(home), caller, Wanted(measure="likes", **wanted))  # type: ignore[arg-type]
        assert made.posts

    with psycopg.connect(conninfo) as connection:
        bare = _p95(times, lambda turn: connection.execute(BARE, (f"w{turn % homes:031d}",)).fetchall())
    goal = max(GOAL_SECONDS, TIMES_BARE * bare)
    before = peak_megabytes()
    quarter = _p95(times, lambda turn: report(turn, days=90))
    one = _p95(times, lambda turn: report(turn, days=None, dimensions=("format",)))
    every = _p95(times, lambda turn: report(turn, days=None))
    began, rows = time.perf_counter(), 0
    for turn in range(homes):
        home = f"w{turn:031d}"
        rows += len(loading.posts(database.within(home), home, age=168, zone="UTC"))
    rate = rows / (time.perf_counter() - began)
    return [
        Figure("bare indexed query, p95", bare, digits=3),
        Figure("report of 90 days, all dimensions, p95", quarter, goal=goal, digits=3),
        Figure(f"report of all {posts:,} posts, one dimension, p95", one, goal=goal, digits=3),
        Figure(f"report of all {posts:,} posts, all dimensions, p95", every, digits=3),
        Figure("milliseconds a thousand posts loaded", 1e6 / rate, "ms", digits=1, note=f"{rate:,.0f} posts a second"),
        Figure("memory that the reports added", peak_megabytes() - before, "MB", digits=0),
    ]


def _p95(times: int, call: Callable[[int], object]) -> float:
    call(0)
    taken = []
    for turn in range(times):
        began = time.perf_counter()
        call(turn)
        taken.append(time.perf_counter() - began)
    return statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]


def _fill(connection: psycopg.Connection, homes: int, posts: int) -> int:
    """Rows made by the server itself; how many snapshots. Posts are spread over a year."""
    for statement in FILL:
        connection.execute(statement.replace(":homes", str(homes)).replace(":posts", str(posts)))  # type: ignore[arg-type]
    found = connection.execute("SELECT count(*) FROM metric_snapshot").fetchone()
    return int(found[0]) if found else 0


HOME, POST = "'w' || lpad(h::text, 31, '0')", "lpad((h * :posts + p)::text, 32, '0')"
EACH = "generate_series(0, :homes - 1) h, generate_series(0, :posts - 1) p"
FILL = (
    "SET session_replication_role = replica",
    f"""INSERT INTO workspace (id, created_at, name, title, plan, preferences, paused_by, updated_at)
        SELECT {HOME}, now(), {HOME}, '', '', '{{}}', '', now() FROM generate_series(0, :homes - 1) h""",
    f"""INSERT INTO channel (id, created_at, workspace_id, platform, host, remote_id, name, title, avatar, kind, scopes,
            settings, credentials, generation, refreshable, state, problem_code, problem, slots, spacing_minutes,
            late_minutes, automatic, utm, disclosure, paused, created_by, version, updated_at)
        SELECT 'c' || lpad(h::text, 31, '0'), now(), {HOME}, 'linkedin', '', h::text, 'house', '', '', '', '[]',
            '{{}}', '', 0, false, 'connected', '', '', '[]', 10, 60, '', '{{}}', '', false, '', 1, now()
        FROM generate_series(0, :homes - 1) h""",
    f"""INSERT INTO run (id, created_at, workspace_id, kind, run_key, day, trigger, status, plan, variant, idea_calls,
            failures, started_at)
        SELECT 'r' || lpad((h * 100 + r)::text, 31, '0'), now(), {HOME}, 'daily', r::text, now()::date, 'cli',
            'completed', '{{"kind": "daily", "preferences": {{"voice": null}}}}', 0, '[]', '[]', now()
        FROM generate_series(0, :homes - 1) h, generate_series(0, 99) r""",
    f"""INSERT INTO subject (id, created_at, workspace_id, run_id, kind, position, title, description, category)
        SELECT {POST}, now(), {HOME}, 'r' || lpad((h * 100 + p % 100)::text, 31, '0'), 'idea', p, 'A post', '',
            'topic ' || p % 9
        FROM {EACH}""",
    f"""INSERT INTO content (id, created_at, workspace_id, run_id, subject_id, format, platform, variant, state,
            post_url, body, text, words, characters, violations, findings, provider, model, prompt_hash, call_ids,
            asked, content_hash, version, updated_at)
        SELECT {POST}, now(), {HOME}, 'r' || lpad((h * 100 + p % 100)::text, 31, '0'), {POST}, 'format ' || p % 4,
            'linkedin', 0, 'published', '', '{{}}', 'How is it? ' || repeat('word ', 60), 63, 310, '[]', '[]', 'openai',
            'model ' || p % 2, 'p' || p % 3, '[]', 1, repeat('0', 64), 1, now()
        FROM {EACH}""",
    f"""INSERT INTO publication (id, created_at, workspace_id, content_id, channel_id, approval_id, content_hash,
            words_hash, approved, state, planned_wall, zone, planned_at, reason_code, reason, hint, cost_microusd,
            created_by, published_at, permalink, version, updated_at)
        SELECT {POST}, now(), {HOME}, {POST}, 'c' || lpad(h::text, 31, '0'), {POST}, repeat('0', 64), repeat('0', 64),
            '{{}}', 'published', '', 'UTC', now() - p * interval '1 year' / :posts, '', '', '', 0, '',
            now() - p * interval '1 year' / :posts, '', 1, now()
        FROM {EACH}""",
    f"""INSERT INTO metric_snapshot (id, created_at, workspace_id, publication_id, metric, age, have, value,
            observed_at, seconds, definition, reason)
        SELECT md5({POST} || a), now(), {HOME}, {POST}, 'likes', a, 'value', (exp(random() * 6))::bigint, now(),
            a * 3600, 1, ''
        FROM {EACH}, unnest(ARRAY[1, 6, 24, 72, 168, 672, 2160, 4320]) a""",
    "SET session_replication_role = DEFAULT",
    "ANALYZE",
)


if __name__ == "__main__":
    sys.exit(main())
