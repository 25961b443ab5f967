"""Who is in a workspace, what they may do to each other, and that one owner stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pressroom.errors import Forbidden, NotFound, NotSignedIn, PlanLimit, WrongInput
from pressroom.model import Caller, Role
from pressroom.people import members, service_tokens, workspaces
from pressroom.people.people import Person
from pressroom.store import audit
from pressroom.store.database import Database
from tests.pressroom.people.conftest import ADA, HOME, Joined, as_person, bound

GRACE, ALAN = "grace@example.com", "alan@example.com"


def test_who_makes_a_workspace_owns_it(desk: Database, ada: Person) -> None:
    made = members.create(desk, ada, "  Harbour   Mill & Söhne ")
    assert (made.name, made.title, made.role) == ("harbour-mill-sohne", "Harbour Mill & Söhne", Role.OWNER)
    assert [home.name for home in members.workspaces_of(desk, ada.user_id)] == ["mill", "harbour-mill-sohne"]
    caller = workspaces.caller_in(desk, ada, made.name)
    assert audit.list_audit(bound(desk, caller), made.id).items[0].action == "workspace.made"


@pytest.mark.parametrize(("title", "slug"), [("你好", "workspace"), ("---", "workspace"), ("A" * 100, "a" * 50)])
def test_any_title_makes_a_name(desk: Database, ada: Person, title: str, slug: str) -> None:
    assert members.create(desk, ada, title).name == slug


def test_a_name_that_is_taken_gets_something_added(desk: Database, ada: Person) -> None:
    made = members.create(desk, ada, "Mill")
    assert made.name.startswith("mill-")
    assert made.title == "Mill"


@pytest.mark.parametrize("title", ["", "   ", "x" * 101, "a\0b"])
def test_a_title_is_one_line(desk: Database, ada: Person, title: str) -> None:
    with pytest.raises(WrongInput):
        members.create(desk, ada, title)


def test_nobody_owns_without_end(desk: Database, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "MOST_OWNED", 2)
    members.create(desk, ada, "Second")
    with pytest.raises(PlanLimit):
        members.create(desk, ada, "Third")


def test_a_title_changes_and_the_name_stays(desk: Database, joined: Joined) -> None:
    ada = joined()
    assert members.rename(bound(desk, ada), ada, "The Mill").title == "The Mill"
    assert members.workspace_of(bound(desk, ada), ada).name == "mill"


def test_members_are_listed_by_name(desk: Database, joined: Joined) -> None:
    ada, _, _ = joined(), joined(GRACE, Role.EDITOR), joined(ALAN, workspace="elsewhere")
    found = members.members(bound(desk, ada), ada)
    assert [(each.email, each.role) for each in found] == [(ADA, Role.OWNER), (GRACE, Role.EDITOR)]


def test_a_role_is_changed_and_noted(desk: Database, joined: Joined) -> None:
    ada, grace = joined(), joined(GRACE, Role.EDITOR)
    assert members.set_role(bound(desk, ada), ada, grace.user_id or "", Role.OWNER).role == Role.OWNER
    line = audit.list_audit(bound(desk, ada), ada.workspace_id).items[0]
    assert (line.actor, line.action, line.subject_id) == (ADA, "member.role_changed", grace.user_id)
    assert line.details == {"from": "editor", "to": "owner"}


def test_only_owners_do_that(desk: Database, joined: Joined) -> None:
    ada = joined()
    for role in (Role.EDITOR, Role.VIEWER):
        other = joined(f"{role}@example.com", role)
        for refused in (
            lambda: members.set_role(bound(desk, other), other, other.user_id or "", Role.OWNER),  # noqa: B023
            lambda: members.remove(bound(desk, other), other, ada.user_id or ""),  # noqa: B023
            lambda: members.rename(bound(desk, other), other, "Mine"),  # noqa: B023
            lambda: members.delete(bound(desk, other), other),  # noqa: B023
        ):
            with pytest.raises(Forbidden):
                refused()


def test_somebody_of_another_workspace_is_nobody(desk: Database, joined: Joined) -> None:
    ada, alan = joined(), joined(ALAN, workspace="elsewhere")
    with pytest.raises(NotFound):
        members.set_role(bound(desk, ada), ada, alan.user_id or "", Role.VIEWER)
    with pytest.raises(NotFound):
        members.remove(bound(desk, ada), ada, alan.user_id or "")
    assert workspaces.caller_in(desk, as_person(desk, alan), "elsewhere").role == Role.OWNER


def test_the_last_owner_stays(desk: Database, joined: Joined) -> None:
    ada, _ = joined(), joined(GRACE, Role.EDITOR)
    with pytest.raises(Forbidden, match="keeps one owner"):
        members.set_role(bound(desk, ada), ada, ada.user_id or "", Role.EDITOR)
    with pytest.raises(Forbidden, match="keeps one owner"):
        members.remove(bound(desk, ada), ada, ada.user_id or "")
    assert members.set_role(bound(desk, ada), ada, ada.user_id or "", Role.OWNER).role == Role.OWNER


def test_of_two_owners_who_leave_at_once_one_stays(desk: Database, joined: Joined) -> None:
    owners = [joined(), joined(GRACE, Role.OWNER)]

    def leave(caller: Caller) -> bool:
        try:
            members.remove(bound(desk, caller), caller, caller.user_id or "")
        except Forbidden:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, owners)) == [False, True]
    assert len(members.members(bound(desk, owners[0]), owners[0])) == 1


def test_anybody_may_leave_and_takes_no_token_along(desk: Database, joined: Joined) -> None:
    ada, grace = joined(), joined(GRACE, Role.OWNER)
    _, hers = service_tokens.make(bound(desk, grace), grace, "hers", ["read"])
    _, mine = service_tokens.make(bound(desk, ada), ada, "mine", ["read"])
    members.remove(bound(desk, grace), grace, grace.user_id or "")
    assert [each.email for each in members.members(bound(desk, ada), ada)] == [ADA]
    assert service_tokens.caller_of(desk, mine, HOME).name == "token mine"
    with pytest.raises(NotSignedIn):
        service_tokens.caller_of(desk, hers, HOME)


def test_a_closed_workspace_is_gone_for_everybody(desk: Database, joined: Joined) -> None:
    ada, grace = joined(), joined(GRACE, Role.EDITOR)
    _, token = service_tokens.make(bound(desk, ada), ada, "program", ["read"])
    members.delete(bound(desk, ada), ada)
    for caller in (ada, grace):
        assert members.workspaces_of(desk, caller.user_id or "") == []
        with pytest.raises(NotFound):
            members.rename(bound(desk, ada), ada, "Back again")
    with pytest.raises(NotSignedIn):
        service_tokens.caller_of(desk, token, HOME)
