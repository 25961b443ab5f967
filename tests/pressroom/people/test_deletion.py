"""Deleting an account: what goes, what stays, and when it is refused."""

from __future__ import annotations

import pytest

from pressroom.errors import Forbidden, NotSignedIn, WrongInput
from pressroom.model import Role
from pressroom.people import deletion, members, service_tokens, sign_ins
from pressroom.people.keys import KeyRing
from pressroom.store.account_tables import SignIn, User
from pressroom.store.database import Database
from pressroom.store.tables import Workspace
from tests.fixtures.desk import PASSWORD, add_person
from tests.pressroom.people.conftest import ADA, HOME, Joined, as_person, bound

GRACE = "grace@example.com"


def test_nothing_personal_is_left_and_nothing_opens(
    desk: Database, operators: Database, keys: KeyRing, joined: Joined
) -> None:
    ada = joined()
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    _, token = service_tokens.make(bound(desk, ada), ada, "program", ["read"])
    assert deletion.delete_account(desk, as_person(desk, ada), PASSWORD) == ["mill"]
    with operators.read() as session:
        user, row = session.get_one(User, ada.user_id), session.get_one(SignIn, found.sign_in.id)
        assert session.get_one(Workspace, ada.workspace_id).deleted_at is not None
    assert (user.email, user.name, user.password_hash) == (f"deleted-{user.id}", "", "")
    assert (row.address, row.agent, row.revoked_because) == ("", "", "account deleted")
    for refused in (
        lambda: sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME),
        lambda: sign_ins.sign_in(desk, keys, user.email, "", HOME),
        lambda: sign_ins.refresh(desk, keys, found.token, HOME),
        lambda: service_tokens.caller_of(desk, token, HOME),
    ):
        with pytest.raises(NotSignedIn):
            refused()


def test_the_address_may_be_used_again(desk: Database, operators: Database, joined: Joined) -> None:
    deletion.delete_account(desk, as_person(desk, joined()), PASSWORD)
    assert add_person(operators, ADA, Role.OWNER, "again")


def test_what_others_are_in_stays(desk: Database, joined: Joined) -> None:
    ada, grace = joined(), joined(GRACE, Role.OWNER)
    assert deletion.delete_account(desk, as_person(desk, ada), PASSWORD) == []
    assert [each.email for each in members.members(bound(desk, grace), grace)] == [GRACE]


def test_the_last_owner_of_others_is_kept_and_loses_nothing(
    desk: Database, operators: Database, joined: Joined
) -> None:
    ada = joined(workspace="alone")
    joined(workspace="mill"), joined(GRACE, Role.EDITOR)
    with pytest.raises(Forbidden, match="last owner of mill"):
        deletion.delete_account(desk, as_person(desk, ada), PASSWORD)
    with operators.read() as session:
        assert session.get_one(User, ada.user_id).email == ADA
    assert [home.name for home in members.workspaces_of(desk, ada.user_id or "")] == ["alone", "mill"]


def test_it_needs_the_password(desk: Database, joined: Joined) -> None:
    ada = joined()
    with pytest.raises(WrongInput, match="password is wrong"):
        deletion.delete_account(desk, as_person(desk, ada), "not the password")
    assert len(members.workspaces_of(desk, ada.user_id or "")) == 1


def test_an_editor_simply_leaves(desk: Database, joined: Joined) -> None:
    ada = joined()
    grace = joined(GRACE, Role.EDITOR)
    assert deletion.delete_account(desk, as_person(desk, grace), PASSWORD) == []
    assert [each.email for each in members.members(bound(desk, ada), ada)] == [ADA]
