"""The audit log: whose lines are seen, and how they are asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.errors import WrongInput
from pressroom.model import Caller, Role
from pressroom.store import audit
from pressroom.store.account_tables import User
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from tests.fixtures.desk import add_person
from tests.pressroom.people.conftest import HOME


@pytest.fixture
def ada(operators: Database) -> Caller:
    return _caller(operators, "ada@example.com", "mill")


def test_a_note_says_who_what_when_and_from_where(desk: Database, ada: Caller) -> None:
    before = utc_now()
    _note(desk, ada, "content.moved", details={"to": "ready"})
    (line,) = audit.list_audit(_bound(desk, ada), ada.workspace_id).items
    assert (line.actor, line.action, line.details) == ("ada@example.com", "content.moved", {"to": "ready"})
    assert (line.subject_kind, line.subject_id) == ("content", "c1")
    assert (line.address, line.agent) == (HOME.address, HOME.agent)
    assert before - timedelta(seconds=1) <= line.at <= utc_now()


def test_it_is_gone_with_the_transaction(desk: Database, ada: Caller) -> None:
    with pytest.raises(RuntimeError), _bound(desk, ada).write() as session:
        audit.note(session, ada, "content.moved")
        session.flush()
        raise RuntimeError
    assert audit.list_audit(_bound(desk, ada), ada.workspace_id).items == []


def test_a_workspace_sees_its_own(desk: Database, operators: Database, ada: Caller) -> None:
    alan = _caller(operators, "alan@example.com", "harbour")
    _note(desk, ada, "content.moved")
    _note(desk, alan, "content.edited")
    assert [line.actor for line in audit.list_audit(_bound(desk, ada), ada.workspace_id).items] == [ada.name]
    assert audit.list_audit(_bound(desk, ada), alan.workspace_id).items == []


def test_own_lines_are_of_no_workspace(desk: Database, operators: Database, ada: Caller) -> None:
    _note(desk, ada, "content.moved")
    with operators.read() as session:
        user = session.get_one(User, ada.user_id)
    with desk.within("", user.id).write() as session:
        audit.note_of_user(session, user, "sign_in.begun", origin=HOME)
    with desk.within("", "").write() as session:
        audit.note(session, None, "sign_in.refused", origin=HOME)
    assert [line.action for line in audit.list_own(desk, user.id).items] == ["sign_in.begun"]
    assert [line.action for line in audit.list_audit(_bound(desk, ada), ada.workspace_id).items] == ["content.moved"]


def test_it_is_narrowed(desk: Database, ada: Caller) -> None:
    for action in ("content.moved", "content.edited", "contents_of.odd", "token.made"):
        _note(desk, ada, action)
    bound, home = _bound(desk, ada), ada.workspace_id

    def actions(**wanted: object) -> list[str]:
        return [line.action for line in audit.list_audit(bound, home, **wanted).items]  # type: ignore[arg-type]

    assert actions(action="content.") == ["content.edited", "content.moved"]
    assert actions(action="token.made") == ["token.made"]
    assert actions(action="token") == []
    assert actions(action="%.") == []
    assert actions(user_id=ada.user_id) == actions()
    assert actions(user_id="0" * 32) == []
    middle = audit.list_audit(bound, home).items[1].at
    assert actions(since=middle) == ["token.made", "contents_of.odd"]
    assert actions(until=middle) == ["content.edited", "content.moved"]


def test_it_is_read_a_page_at_a_time(desk: Database, ada: Caller) -> None:
    for number in range(5):
        _note(desk, ada, f"content.n{number}")
    bound, seen, cursor = _bound(desk, ada), [], None
    for _ in range(3):
        page = audit.list_audit(bound, ada.workspace_id, cursor=cursor, limit=2)
        seen += [line.action for line in page.items]
        cursor = page.next_cursor
    assert seen == [f"content.n{number}" for number in (4, 3, 2, 1, 0)]
    assert cursor is None
    with pytest.raises(WrongInput):
        audit.list_audit(bound, ada.workspace_id, cursor="nonsense")


def _note(desk: Database, caller: Caller, action: str, **details: object) -> None:
    with _bound(desk, caller).write() as session:
        audit.note(session, caller, action, subject_kind="content", subject_id="c1", **details)  # type: ignore[arg-type]


def _bound(desk: Database, caller: Caller) -> Database:
    return desk.within(caller.workspace_id, caller.user_id or "")


def _caller(database: Database, email: str, workspace: str) -> Caller:
    user_id, workspace_id = add_person(database, email, Role.OWNER, workspace)
    return Caller(
        workspace_id=workspace_id, workspace=workspace, role=Role.OWNER, name=email, user_id=user_id, origin=HOME
    )
