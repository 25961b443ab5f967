"""From a token to a caller in a workspace."""

from __future__ import annotations

import pytest

from pressroom.errors import NotFound, NotSignedIn
from pressroom.model import Role
from pressroom.people import callers, members, sign_ins
from pressroom.people.keys import KeyRing
from pressroom.store.database import Database
from tests.fixtures.desk import PASSWORD
from tests.fixtures.sent_statements import statements_of
from tests.pressroom.people.conftest import ADA, HOME, Joined, bound

GRACE = "grace@example.com"


def test_without_a_wish_it_is_the_workspace_joined_first(desk: Database, keys: KeyRing, joined: Joined) -> None:
    mill, harbour = joined(), joined(role=Role.VIEWER, workspace="harbour")
    token = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).access_token
    found = callers.caller_of_access_token(desk, keys, token, None, HOME)
    assert (found.workspace, found.workspace_id, found.role) == ("mill", mill.workspace_id, Role.OWNER)
    assert (found.name, found.user_id, found.scopes, found.origin) == (ADA, mill.user_id, None, HOME)
    for wanted in ("harbour", harbour.workspace_id):
        found = callers.caller_of_access_token(desk, keys, token, wanted, HOME)
        assert (found.workspace, found.role) == ("harbour", Role.VIEWER)


def test_another_workspace_is_as_good_as_none(desk: Database, keys: KeyRing, joined: Joined) -> None:
    joined()
    theirs = joined(GRACE, workspace="theirs")
    token = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).access_token
    for wanted in ("theirs", theirs.workspace_id, "nowhere", "%"):
        with pytest.raises(NotFound, match="no such workspace"):
            callers.caller_of_access_token(desk, keys, token, wanted, HOME)


def test_a_pages_cookie_leads_there_too(desk: Database, keys: KeyRing, joined: Joined) -> None:
    ada = joined()
    cookie = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page").token
    assert callers.caller_of_page(desk, cookie, None, HOME).user_id == ada.user_id
    assert callers.person_of_page(desk, cookie, HOME).email == ADA
    with pytest.raises(NotSignedIn):
        callers.caller_of_page(desk, cookie + "x", None, HOME)


def test_an_access_token_is_over_with_its_sign_in(desk: Database, keys: KeyRing, joined: Joined) -> None:
    ada = joined()
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    sign_ins.revoke(desk, ada.user_id or "", found.sign_in.id, HOME)
    with pytest.raises(NotSignedIn, match="is over"):
        callers.caller_of_access_token(desk, keys, found.access_token, None, HOME)
    with pytest.raises(NotSignedIn):
        callers.person_of_access_token(desk, keys, found.access_token, HOME)


def test_a_role_counts_as_it_is_now(desk: Database, keys: KeyRing, joined: Joined) -> None:
    ada, grace = joined(), joined(GRACE, Role.EDITOR)
    token = sign_ins.sign_in(desk, keys, GRACE, PASSWORD, HOME).access_token
    members.set_role(bound(desk, ada), ada, grace.user_id or "", Role.VIEWER)
    assert callers.caller_of_access_token(desk, keys, token, "mill", HOME).role == Role.VIEWER
    members.remove(bound(desk, ada), ada, grace.user_id or "")
    with pytest.raises(NotFound, match="no workspace yet"):
        callers.caller_of_access_token(desk, keys, token, None, HOME)
    assert callers.person_of_access_token(desk, keys, token, HOME).email == GRACE


def test_a_closed_workspace_is_none(desk: Database, keys: KeyRing, joined: Joined) -> None:
    ada = joined()
    token = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).access_token
    members.delete(bound(desk, ada), ada)
    with pytest.raises(NotFound):
        callers.caller_of_access_token(desk, keys, token, "mill", HOME)


def test_it_takes_one_query(desk: Database, keys: KeyRing, joined: Joined) -> None:
    joined()
    joined(role=Role.VIEWER, workspace="harbour")
    token = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).access_token
    callers.caller_of_access_token(desk, keys, token, None, HOME)
    with statements_of(desk) as sent:
        callers.caller_of_access_token(desk, keys, token, "harbour", HOME)
    assert len(sent) == 1
