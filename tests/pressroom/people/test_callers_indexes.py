"""What every request asks first reads no whole table: PostgreSQL's own plan, as the desk's role."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from pressroom.model import Role
from pressroom.people import callers, service_tokens, sign_ins
from pressroom.people.keys import KeyRing
from pressroom.store import tenancy
from pressroom.store.database import Database
from pressroom.vault import Vault
from tests.fixtures.desk import PASSWORD, add_person
from tests.fixtures.sent_statements import statements_of
from tests.pressroom.people.conftest import ADA, HOME

ROWS = (
    """
    INSERT INTO users SELECT md5('u' || n), now(), n || '@example.com', 'N', '', now()
    FROM generate_series(1, 5000) n
    """,
    """
    INSERT INTO workspace (id, created_at, name, preferences, updated_at)
    SELECT md5('w' || n), now(), 'w' || n, '{}', now() FROM generate_series(1, 5000) n
    """,
    """
    INSERT INTO membership SELECT md5('m' || n), now(), md5('w' || n), md5('u' || n), 'owner'
    FROM generate_series(1, 5000) n
    """,
    """
    INSERT INTO sign_in SELECT md5('s' || n), now(), md5('u' || n), 'api', '', '', '', '', now(),
        now() + interval '1 day', NULL, '' FROM generate_series(1, 5000) n
    """,
    """
    INSERT INTO service_token SELECT md5('t' || n), now(), md5('w' || n), 'n', md5('h' || n), '[]', md5('u' || n)
    FROM generate_series(1, 5000) n
    """,
    "ANALYZE",
)


@pytest.fixture
def desk(desk_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Among five thousand others, Ada and her workspace."""
    monkeypatch.setenv("PRESSROOM_PASSWORD_ROUNDS", "4")
    operators, database = Database(desk_postgres_url), Database(desk_postgres_url, role=tenancy.ROLE)
    add_person(operators, ADA, Role.OWNER, "mill")
    with operators.write() as session:
        for statement in ROWS:
            session.execute(text(statement))
    yield database
    database.close()
    operators.close()


def test_a_caller_is_found_by_indexes(desk: Database) -> None:
    keys = KeyRing(desk, Vault("a secret of the tests, long enough"))
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    page = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page")
    caller = callers.caller_of_access_token(desk, keys, found.access_token, None, HOME)
    _, token = service_tokens.make(desk.within(caller.workspace_id), caller, "program", ["read"])
    with statements_of(desk) as asked:
        callers.caller_of_access_token(desk, keys, found.access_token, "mill", HOME)
        callers.caller_of_page(desk, page.token, None, HOME)
        service_tokens.caller_of(desk, token, HOME)
    assert len(asked) >= 4
    for statement, values in asked:
        with desk.within(caller.workspace_id, caller.user_id or "").read() as session:
            plan = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
        assert "Seq Scan" not in json.dumps(plan), statement
