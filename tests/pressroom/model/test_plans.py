"""Plans: stored whole, told apart by kind, the same for the same work; and rows of before they were."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from pressroom.model import Failure, PictureWishes, Preferences
from pressroom.model.plans import plan_of
from pressroom.store import schema, subjects
from pressroom.store.database import Database
from pressroom.store.runs import get_run
from pressroom.store.tables import Run
from tests.fixtures.plans import daily_plan, optimize_plan, repurpose_plan

BEFORE = "0005"
UNREAD = Failure(idea_position=0, idea_title="a.pdf", format="source", code="SOURCE_EMPTY", reason="-")
PICTURED = PictureWishes(platforms=("x", "linkedin"))


def test_each_kind_knows_what_it_leaves() -> None:
    table = [
        (daily_plan(ideas=3, formats=("a", "b")), 3, (), 6),
        (repurpose_plan(formats=("a",), pictures=PICTURED), 1, ("thumbnail", "x", "linkedin"), 4),
        (repurpose_plan(formats=("a",), unread=(UNREAD,)), 2, (), 1),
        (optimize_plan(platforms=("x", "linkedin")), 1, ("x", "linkedin"), 4),
    ]
    found = [(plan.subjects, plan.purposes, plan.expected()) for plan, *_ in table]
    assert found == [tuple(rest) for _, *rest in table]


def test_the_same_work_has_the_same_key_and_no_request_says_whether_files_are_read() -> None:
    later = date(2026, 11, 21)
    for plan, by_day in ((daily_plan(), True), (repurpose_plan(), False), (optimize_plan(), False)):
        assert plan_of(plan.model_dump(mode="json")) == plan
        assert plan.model_copy(update={"reads_files": True}).run_key == plan.run_key
        assert (plan.model_copy(update={"day": later}).run_key != plan.run_key) == by_day
        assert plan.model_copy(update={"chain_fingerprint": "g"}).run_key != plan.run_key


def test_only_a_document_in_its_own_language_changes_the_preferences() -> None:
    german = Preferences(language="de")
    assert repurpose_plan().preferences_for("de") == german
    assert (
        repurpose_plan(own_language=False).preferences_for("de") == daily_plan().preferences_for("de") == Preferences()
    )


ROWS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("daily", "2026-11-20-1", {"ideas": 3, "formats": ["x_thread"], "focus": "bees", "chain_fingerprint": "f"}),
    (
        "repurpose",
        "doc-1",
        {
            "documents": ["0" * 64],
            "unread": [UNREAD.model_dump(mode="json")],
            "formats": ["x_thread"],
            "pictures": PICTURED.model_dump(mode="json"),
            "chain_fingerprint": "f",
            "own_language": True,
        },
    ),
    (
        "optimize",
        "img-1",
        {"wish": {"images": ["a.jpg"]}, "platforms": ["x", "linkedin"], "formats": [], "ideas": 1},
    ),
)


@pytest.fixture
def before(database_url: str) -> Database:
    """A database as the version before plans left it, with a run of each kind and an idea of each."""
    database = Database(database_url)
    with database.write() as session:
        config = schema._config()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, BEFORE)
    _add_rows(database, "home")
    return database


def _add_rows(database: Database, home: str) -> None:
    insert = text(
        "INSERT INTO run (id, created_at, workspace_id, kind, run_key, day, trigger, status, request, preferences,"
        " chain, variant, idea_calls, failures, started_at) VALUES (:id, :at, :home, :kind, :key, :day, 'manual',"
        " 'completed', :request, :preferences, '[\"offline\"]', 0, '[]', '[]', :at)"
    )
    preferences = Preferences(tone="dry").model_dump_json()
    with database.write() as session:
        session.execute(
            text(
                "INSERT INTO workspace (id, created_at, updated_at, name, preferences)"
                " VALUES (:home, :at, :at, 'default', '{}')"
            ),
            {"home": home, "at": "2026-11-20 06:00:00"},
        )
        for kind, key, asked in ROWS:
            values = {"id": key, "kind": kind, "key": key, "request": json.dumps(asked), "preferences": preferences}
            session.execute(insert, {**values, "home": home, "day": date(2026, 11, 20), "at": "2026-11-20 06:00:00"})
            session.execute(
                text(
                    "INSERT INTO idea (id, created_at, workspace_id, run_id, position, title, description, category)"
                    " VALUES (:id, :at, :home, :run, 1, 't', 'd', 'c')"
                ),
                {"id": f"i-{kind}", "at": "2026-11-20 06:00:00", "home": home, "run": key},
            )


def test_runs_of_before_have_plans_after_the_upgrade_and_go_down_again(before: Database) -> None:
    schema.upgrade(before)

    daily, documents, pictures = (get_run(before, key).plan for _, key, _ in ROWS)
    assert (daily.kind, daily.subjects, daily.about, daily.chain) == ("daily", 3, "bees", ("offline",))
    assert {plan.preferences for plan in (daily, documents, pictures)} == {Preferences(tone="dry")}
    assert (documents.subjects, documents.unmade, documents.expected()) == (2, (UNREAD,), 4)
    assert documents.preferences_for("de").language == "de"
    assert (pictures.kind, pictures.expected(), pictures.workspace) == ("optimize", 4, "default")
    kinds = [row.kind for _, key, _ in ROWS for row in subjects.subjects_of(before, key)]
    assert kinds == ["idea", "document", "picture"]

    with before.write() as session:
        config = schema._config()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, BEFORE)
        kept = session.execute(text("SELECT request FROM run WHERE kind = 'daily'")).scalar_one()
    assert "bees" in str(kept)
    schema.upgrade(before)
    with before.read() as session:
        assert session.get_one(Run, "img-1").plan == pictures
    before.close()
