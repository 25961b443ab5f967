"""Invitations, and registering with one or without."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from pressroom.errors import AlreadyThere, Forbidden, NotFound, NotSignedIn, PlanLimit, Throttled, WrongInput
from pressroom.model import Origin, Role
from pressroom.people import invitations, members, plans, registering, sign_ins, workspaces
from pressroom.people.keys import KeyRing
from pressroom.people.people import Person
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.account_tables import Invitation, User
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from tests.fixtures.desk import PASSWORD
from tests.pressroom.people.conftest import ADA, HOME, Joined, as_person, bound

GRACE, ALAN = "grace@example.com", "alan@example.com"
LONG = "a sentence nobody guesses"


@pytest.fixture
def is_open(monkeypatch: pytest.MonkeyPatch, desk: Database) -> None:
    """Anybody may register."""
    monkeypatch.setenv("PRESSROOM_REGISTRATION", "open")
    settings.cache_clear()


def test_an_invitation_is_offered_and_accepted_once(desk: Database, joined: Joined) -> None:
    ada, grace = joined(), as_person(desk, joined(GRACE, workspace="harbour"))
    made, token = invitations.invite(bound(desk, ada), ada, "Grace@Example.com", Role.EDITOR)
    assert invitations.link(settings(), token) == f"http://testserver/invitations/{token}"
    offer = invitations.offer_of(desk, token)
    assert (offer.workspace, offer.email, offer.role) == ("mill", GRACE, Role.EDITOR)
    assert invitations.accept(desk, grace, token).name == "mill"
    assert workspaces.caller_in(desk, grace, "mill").role == Role.EDITOR
    assert invitations.list_invitations(bound(desk, ada), ada) == []
    lines = audit.list_audit(bound(desk, ada), ada.workspace_id, action="member.").items
    assert [(line.actor, line.action, line.subject_id) for line in lines] == [
        (GRACE, "member.joined", made.id),
        (ADA, "member.invited", made.id),
    ]
    for again in (lambda: invitations.accept(desk, grace, token), lambda: invitations.offer_of(desk, token)):
        with pytest.raises(NotFound):
            again()


def test_an_invitation_is_one_addresss_alone(desk: Database, joined: Joined) -> None:
    ada, alan = joined(), as_person(desk, joined(ALAN, workspace="harbour"))
    _, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.OWNER)
    with pytest.raises(Forbidden, match="another address") as refused:
        invitations.accept(desk, alan, token)
    assert GRACE not in str(refused.value)


def test_inviting_tells_nothing_of_who_has_an_account(desk: Database, joined: Joined) -> None:
    ada, _ = joined(), joined(GRACE, workspace="harbour")
    known, _ = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    unknown, _ = invitations.invite(bound(desk, ada), ada, ALAN, Role.EDITOR)
    hidden = {"id", "email", "created_at", "expires_at"}
    assert known.model_dump(exclude=hidden) == unknown.model_dump(exclude=hidden)


def test_a_member_is_not_invited_again(desk: Database, joined: Joined) -> None:
    ada = joined()
    with pytest.raises(AlreadyThere):
        invitations.invite(bound(desk, ada), ada, ADA, Role.EDITOR)


def test_a_second_invitation_ends_the_first(desk: Database, joined: Joined) -> None:
    ada = joined()
    _, first = invitations.invite(bound(desk, ada), ada, GRACE, Role.VIEWER)
    _, second = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    with pytest.raises(NotFound):
        invitations.offer_of(desk, first)
    assert invitations.offer_of(desk, second).role == Role.EDITOR
    assert len(invitations.list_invitations(bound(desk, ada), ada)) == 1


def test_an_invitation_may_be_withdrawn(desk: Database, joined: Joined) -> None:
    ada, alan = joined(), joined(ALAN, workspace="harbour")
    made, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    with pytest.raises(NotFound):
        invitations.withdraw(bound(desk, alan), alan, made.id)
    invitations.withdraw(bound(desk, ada), ada, made.id)
    with pytest.raises(NotFound):
        invitations.offer_of(desk, token)


def test_an_invitation_ends_by_itself(desk: Database, joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = joined()
    _, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    monkeypatch.setattr(invitations, "utc_now", lambda: utc_now() + invitations.LIFE + timedelta(seconds=1))
    with pytest.raises(NotFound, match="is over"):
        invitations.offer_of(desk, token)


@pytest.mark.parametrize("wrong", ["", "pri_", "pri_" + "0" * 32 + "_" + "A" * 43, "ä", "pri_%_x"])
def test_what_is_no_invitation_is_not_found(desk: Database, wrong: str) -> None:
    with pytest.raises(NotFound):
        invitations.offer_of(desk, wrong)


def test_only_owners_invite(desk: Database, joined: Joined) -> None:
    editor = joined(GRACE, Role.EDITOR)
    for refused in (
        lambda: invitations.invite(bound(desk, editor), editor, ALAN, Role.OWNER),
        lambda: invitations.list_invitations(bound(desk, editor), editor),
        lambda: invitations.withdraw(bound(desk, editor), editor, "x"),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_the_plans_last_place_is_taken_once(desk: Database, operators: Database, joined: Joined) -> None:
    ada = joined()
    people = [as_person(desk, joined(f"p{number}@example.com", workspace="harbour")) for number in range(4)]
    tokens = [invitations.invite(bound(desk, ada), ada, who.email, Role.EDITOR)[1] for who in people]
    plans.set_plan(operators, "mill", "free")  # three members, Ada among them
    with pytest.raises(PlanLimit):
        invitations.invite(bound(desk, ada), ada, "more@example.com", Role.VIEWER)

    def accept(pair: tuple[Person, str]) -> bool:
        try:
            invitations.accept(desk, *pair)
        except PlanLimit:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, zip(people, tokens, strict=True))) == 2
    assert len(members.members(bound(desk, ada), ada)) == 3


def test_the_invited_register_and_are_in(desk: Database, keys: KeyRing, joined: Joined) -> None:
    ada = joined()
    _, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    sign_ins.register(desk, email=" GRACE@example.com", password=LONG, name="Grace", invitation=token, origin=HOME)
    found = sign_ins.sign_in(desk, keys, GRACE, LONG, HOME)
    assert (found.user.email, found.user.name) == (GRACE, "Grace")
    assert [(home.name, home.role) for home in members.workspaces_of(desk, found.user.id)] == [("mill", Role.EDITOR)]
    assert [line.action for line in audit.list_own(desk, found.user.id).items] == [
        "sign_in.begun",
        "account.registered",
    ]


def test_the_invited_who_have_an_account_are_told(desk: Database, joined: Joined) -> None:
    ada, grace = joined(), as_person(desk, joined(GRACE, workspace="harbour"))
    _, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    with pytest.raises(AlreadyThere, match="Sign in"):
        sign_ins.register(desk, email=GRACE, password=LONG, invitation=token, origin=HOME)
    assert invitations.accept(desk, grace, token).name == "mill"


def test_nobody_registers_by_another_ones_invitation(desk: Database, keys: KeyRing, joined: Joined) -> None:
    ada = joined()
    _, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    with pytest.raises(Forbidden):
        sign_ins.register(desk, email=ALAN, password=LONG, invitation=token, origin=HOME)
    with pytest.raises(NotSignedIn):
        sign_ins.sign_in(desk, keys, ALAN, LONG, HOME)


def test_without_an_invitation_nobody_registers(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Forbidden, match="needs an invitation"):
        sign_ins.register(desk, email=GRACE, password=LONG, origin=HOME)
    monkeypatch.setenv("PRESSROOM_REGISTRATION", "closed")
    settings.cache_clear()
    with pytest.raises(Forbidden, match="Registration is closed"):
        sign_ins.register(desk, email=GRACE, password=LONG, invitation="pri_x", origin=HOME)


@pytest.mark.usefixtures("is_open")
def test_where_it_is_open_one_gets_a_workspace_of_ones_own(desk: Database, keys: KeyRing) -> None:
    sign_ins.register(desk, email=GRACE, password=LONG, workspace="Harbour", origin=HOME)
    sign_ins.register(desk, email=ALAN, password=LONG, origin=HOME)
    grace, alan = (sign_ins.sign_in(desk, keys, email, LONG, HOME).user for email in (GRACE, ALAN))
    assert grace.name == "grace"
    assert [home.name for home in members.workspaces_of(desk, grace.id)] == ["harbour"]
    assert [(home.title, home.role) for home in members.workspaces_of(desk, alan.id)] == [("My workspace", Role.OWNER)]


@pytest.mark.usefixtures("is_open")
def test_registering_tells_nothing_of_who_has_an_account(desk: Database, keys: KeyRing, ada: Person) -> None:
    before = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).user
    stranger = Origin(address="198.51.100.9")
    assert sign_ins.register(desk, email="ADA@example.com", password=LONG, name="Not Ada", origin=stranger) is None
    with pytest.raises(NotSignedIn):
        sign_ins.sign_in(desk, keys, ADA, LONG, stranger)
    after = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).user
    assert (after.name, after.password_hash) == (before.name, before.password_hash)
    line = audit.list_own(desk, ada.user_id, action="account.").items[0]
    assert (line.action, line.address) == ("account.register_refused", stranger.address)


@pytest.mark.usefixtures("is_open")
@pytest.mark.parametrize(
    ("email", "password"), [("no address", LONG), (GRACE, "short"), ("a@b@c.de", LONG), (GRACE, f"{GRACE}1")]
)
def test_what_makes_no_account(desk: Database, email: str, password: str) -> None:
    with pytest.raises(WrongInput):
        sign_ins.register(desk, email=email, password=password, origin=HOME)


@pytest.mark.usefixtures("is_open")
def test_nobody_registers_by_the_hundred(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registering, "AN_ADDRESS", 2)
    for number in range(2):
        sign_ins.register(desk, email=f"p{number}@example.com", password=LONG, origin=HOME)
    with pytest.raises(Throttled):
        sign_ins.register(desk, email=GRACE, password=LONG, origin=HOME)
    with desk.read() as session:
        assert len(session.exec(select(User)).all()) == 2


def test_no_token_of_an_invitation_is_kept(desk: Database, joined: Joined) -> None:
    ada = joined()
    _, token = invitations.invite(bound(desk, ada), ada, GRACE, Role.EDITOR)
    with bound(desk, ada).read() as session:
        assert token not in str([row.model_dump() for row in session.exec(select(Invitation)).all()])
