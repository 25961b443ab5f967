"""The desk's database as its role sees it, its keys, and people who may sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import select

from pressroom.model import Caller, Origin, Role
from pressroom.people import people, workspaces
from pressroom.people.keys import KeyRing
from pressroom.people.people import Person
from pressroom.settings import Settings
from pressroom.store import tenancy
from pressroom.store.account_tables import Membership, User
from pressroom.store.database import Database
from pressroom.store.workspaces import workspace as row_of
from pressroom.vault import Vault
from tests.fixtures.desk import (  # noqa: F401
    PASSWORD,
    add_person,
    desk_postgres_url,
    desk_settings,
    desk_sqlite_url,
    desk_url,
    operators,
)

HOME = Origin(address="192.0.2.1", agent="tests")
ADA = "ada@example.com"

Joined = Callable[..., Caller]


@pytest.fixture
def desk(desk_settings: Settings) -> Iterator[Database]:  # noqa: F811
    """The database as the desk has it: bound by row-level security, and to no workspace."""
    database = Database.from_settings(desk_settings, role=tenancy.ROLE)
    yield database
    database.close()


@pytest.fixture
def vault() -> Vault:
    return Vault("a secret of the tests, long enough")


@pytest.fixture
def keys(desk: Database, vault: Vault) -> KeyRing:
    return KeyRing(desk, vault)


@pytest.fixture
def ada(operators: Database) -> Person:  # noqa: F811
    """The owner of the workspace `mill`, with the password `PASSWORD`."""
    return _person(operators, add_person(operators, ADA, Role.OWNER, "mill")[0])


@pytest.fixture
def joined(operators: Database) -> Joined:  # noqa: F811
    """`joined(email, role, workspace)` is a caller: a new user, or another membership of one that is there."""

    def caller(email: str = ADA, role: Role = Role.OWNER, workspace: str = "mill") -> Caller:
        home = row_of(operators, workspace)
        with operators.write() as session:
            user = session.exec(select(User).where(User.email == email)).one_or_none()
            if user is not None:
                session.add(Membership(workspace_id=home.id, user_id=user.id, role=role))
        user_id = user.id if user else add_person(operators, email, role, workspace)[0]
        return workspaces.caller_in(operators, _person(operators, user_id), home.id)

    return caller


def bound(database: Database, caller: Caller) -> Database:
    """`database` as a request of `caller` has it."""
    return database.within(caller.workspace_id, caller.user_id or "")


def as_person(database: Database, caller: Caller) -> Person:
    assert caller.user_id
    return _person(database, caller.user_id)


def _person(database: Database, user_id: str) -> Person:
    with database.read() as session:
        return people.person(session.get_one(User, user_id), HOME)
