"""Service tokens: of one workspace, with scopes, shown once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from pressroom.errors import Forbidden, NotFound, NotSignedIn, PlanLimit, WrongInput
from pressroom.model import Role
from pressroom.people import members, permissions, plans, service_tokens
from pressroom.people.permissions import Action
from pressroom.people.service_tokens import SCOPES
from pressroom.store import audit
from pressroom.store.account_tables import ServiceToken
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from tests.pressroom.people.conftest import ADA, HOME, Joined, bound

ALAN = "alan@example.com"


def test_a_program_works_in_its_workspace_within_its_scopes(desk: Database, joined: Joined) -> None:
    ada = joined()
    made, token = service_tokens.make(bound(desk, ada), ada, "newsletter", ["work:start", "read"])
    assert token.startswith(f"prs_{ada.workspace_id}_")
    caller = service_tokens.caller_of(desk, token, HOME)
    assert (caller.workspace, caller.name, caller.token_id) == ("mill", "token newsletter", made.id)
    assert (caller.user_id, caller.sign_in_id, caller.origin) == (None, None, HOME)
    assert [action for action in Action if permissions.may(caller, action)] == [Action.READ, Action.START_WORK]


@pytest.mark.parametrize(
    ("scopes", "role"),
    [(["read"], Role.VIEWER), (["read", "content:write"], Role.EDITOR), (["settings:write"], Role.OWNER)],
)
def test_it_has_the_least_role_that_may(desk: Database, joined: Joined, scopes: list[str], role: Role) -> None:
    ada = joined()
    _, token = service_tokens.make(bound(desk, ada), ada, "program", scopes)
    assert service_tokens.caller_of(desk, token, HOME).role == role


def test_with_all_scopes_it_still_does_not_what_people_do(desk: Database, joined: Joined) -> None:
    ada = joined()
    _, token = service_tokens.make(bound(desk, ada), ada, "program", SCOPES)
    caller = service_tokens.caller_of(desk, token, HOME)
    for action in permissions.FOR_PEOPLE:
        assert not permissions.may(caller, action)
    with pytest.raises(Forbidden, match="Only a person"):
        service_tokens.make(bound(desk, caller), caller, "child", ["read"])
    with pytest.raises(Forbidden):
        members.remove(bound(desk, caller), caller, ada.user_id or "")


def test_it_does_no_more_than_its_maker_may_now(desk: Database, joined: Joined) -> None:
    ada, eve = joined(), joined("eve@example.com")
    _, token = service_tokens.make(bound(desk, eve), eve, "program", SCOPES)
    for role, allowed in (
        (Role.EDITOR, {"read", "calendar:read", "content:write", "work:start", "publish:write"}),
        (Role.VIEWER, {"read", "calendar:read"}),
    ):
        members.set_role(bound(desk, ada), ada, eve.user_id or "", role)
        caller = service_tokens.caller_of(desk, token, HOME)
        assert (caller.role, {str(each) for each in Action if permissions.may(caller, each)}) == (role, allowed)
        with pytest.raises(Forbidden, match=f"The user who made the token may not do it either, as {role}"):
            permissions.check(caller, Action.CONFIGURE)


@pytest.mark.parametrize("scopes", [[], ["content:approve"], ["members:write"], ["read", "everything"]])
def test_scopes_are_those_a_program_may_have(desk: Database, joined: Joined, scopes: list[str]) -> None:
    ada = joined()
    with pytest.raises(WrongInput, match="Scopes: read"):
        service_tokens.make(bound(desk, ada), ada, "program", scopes)


def test_a_token_needs_a_name_and_a_future(desk: Database, joined: Joined) -> None:
    ada = joined()
    with pytest.raises(WrongInput):
        service_tokens.make(bound(desk, ada), ada, "  ", ["read"])
    with pytest.raises(WrongInput):
        service_tokens.make(bound(desk, ada), ada, "program", ["read"], expires_at=utc_now() - timedelta(seconds=1))


def test_only_owners_see_and_make_them(desk: Database, joined: Joined) -> None:
    editor = joined(ALAN, Role.EDITOR)
    for refused in (
        lambda: service_tokens.make(bound(desk, editor), editor, "program", ["read"]),
        lambda: service_tokens.list_tokens(bound(desk, editor), editor),
        lambda: service_tokens.revoke(bound(desk, editor), editor, "x"),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_what_was_revoked_or_is_over_is_refused(
    desk: Database, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, alan = joined(), joined(ALAN, workspace="harbour")
    made, token = service_tokens.make(bound(desk, ada), ada, "program", ["read"])
    soon = utc_now() + timedelta(hours=1)
    _, brief = service_tokens.make(bound(desk, ada), ada, "brief", ["read"], expires_at=soon)
    with pytest.raises(NotFound):
        service_tokens.revoke(bound(desk, alan), alan, made.id)
    service_tokens.revoke(bound(desk, ada), ada, made.id)
    with pytest.raises(NotFound):
        service_tokens.revoke(bound(desk, ada), ada, made.id)
    with pytest.raises(NotSignedIn):
        service_tokens.caller_of(desk, token, HOME)
    assert [each.name for each in service_tokens.list_tokens(bound(desk, ada), ada)] == ["brief"]
    assert service_tokens.caller_of(desk, brief, HOME)
    monkeypatch.setattr(service_tokens, "utc_now", lambda: soon)
    with pytest.raises(NotSignedIn):
        service_tokens.caller_of(desk, brief, HOME)
    lines = audit.list_audit(bound(desk, ada), ada.workspace_id, action="token.").items
    assert [line.action for line in lines] == ["token.revoked", "token.made", "token.made"]


def test_a_token_leads_to_no_other_workspace(desk: Database, joined: Joined) -> None:
    ada, alan = joined(), joined(ALAN, workspace="harbour")
    _, token = service_tokens.make(bound(desk, ada), ada, "program", ["read"])
    for wrong in (token.replace(ada.workspace_id, alan.workspace_id), token + "x", token[:-1], "prs_", "", "prs_ä_b"):
        with pytest.raises(NotSignedIn, match="not ours"):
            service_tokens.caller_of(desk, wrong, HOME)


def test_when_it_was_used_is_kept_now_and_then(desk: Database, joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = joined()
    _, token = service_tokens.make(bound(desk, ada), ada, "program", ["read"])

    def seen_at() -> object:
        service_tokens.caller_of(desk, token, HOME)
        return service_tokens.list_tokens(bound(desk, ada), ada)[0].used_at

    first = seen_at()
    assert first is not None
    assert seen_at() == first
    later = utc_now() + timedelta(minutes=6)
    monkeypatch.setattr(service_tokens, "utc_now", lambda: later)
    assert seen_at() == later


def test_no_token_is_kept(desk: Database, joined: Joined) -> None:
    ada = joined()
    _, token = service_tokens.make(bound(desk, ada), ada, "program", ["read"])
    with bound(desk, ada).read() as session:
        assert token[-40:] not in str([row.model_dump() for row in session.exec(select(ServiceToken))])


def test_the_plan_counts_them(desk: Database, operators: Database, joined: Joined) -> None:
    ada = joined()
    plans.set_plan(operators, "mill", "free")
    made, _ = service_tokens.make(bound(desk, ada), ada, "one", ["read"])
    service_tokens.make(bound(desk, ada), ada, "two", ["read"])
    with pytest.raises(PlanLimit, match="2 service tokens"):
        service_tokens.make(bound(desk, ada), ada, "three", ["read"])
    service_tokens.revoke(bound(desk, ada), ada, made.id)
    assert service_tokens.make(bound(desk, ada), ada, "three", ["read"])


def test_the_owner_of_it_is_named(desk: Database, joined: Joined) -> None:
    ada = joined()
    made, _ = service_tokens.make(bound(desk, ada), ada, "one", ["read"])
    with bound(desk, ada).read() as session:
        assert session.get_one(ServiceToken, made.id).created_by == ada.user_id
    assert audit.list_audit(bound(desk, ada), ada.workspace_id).items[0].actor == ADA
