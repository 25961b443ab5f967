"""Who may do what: one table, asked by buttons and routes alike."""

from __future__ import annotations

import pytest

from pressroom.errors import Forbidden
from pressroom.model import Caller, Role
from pressroom.people.permissions import ALLOWED, FOR_PEOPLE, Action, check, may


def _caller(role: Role, scopes: frozenset[str] | None = None) -> Caller:
    return Caller(workspace_id="w", workspace="ours", role=role, name="a@example.com", scopes=scopes)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_asking_and_checking_agree(role: Role, action: Action) -> None:
    caller = _caller(role)
    if may(caller, action):
        check(caller, action)
    else:
        with pytest.raises(Forbidden, match="owner"):
            check(caller, action)


def test_each_role_may_all_that_the_next_lower_one_may() -> None:
    assert ALLOWED[Role.VIEWER] < ALLOWED[Role.EDITOR] < ALLOWED[Role.OWNER] == frozenset(Action)


def test_a_token_may_what_it_was_given_and_its_role_has() -> None:
    reader = _caller(Role.EDITOR, frozenset({Action.READ}))
    assert may(reader, Action.READ)
    with pytest.raises(Forbidden, match="scope content:write"):
        check(reader, Action.EDIT_CONTENT)
    assert not may(_caller(Role.VIEWER, frozenset(Action)), Action.EDIT_CONTENT)


@pytest.mark.parametrize("action", sorted(FOR_PEOPLE))
def test_what_is_for_people_no_program_may(action: Action) -> None:
    with pytest.raises(Forbidden, match="Only a person"):
        check(_caller(Role.OWNER, frozenset(Action)), action)


def test_editors_and_tokens_publish_and_owners_alone_manage_channels() -> None:
    editor, publisher = _caller(Role.EDITOR), _caller(Role.EDITOR, frozenset({Action.PUBLISH}))
    assert may(editor, Action.PUBLISH)
    assert may(publisher, Action.PUBLISH)
    assert not may(_caller(Role.VIEWER), Action.PUBLISH)
    assert not may(editor, Action.MANAGE_CHANNELS)
    assert may(_caller(Role.OWNER), Action.MANAGE_CHANNELS)
