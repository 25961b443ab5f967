"""Signing in: right and wrong, how often, and what is noted of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from pressroom.errors import NotFound, NotSignedIn, Throttled, WrongInput
from pressroom.model import Origin
from pressroom.people import attempts, families, passwords, sign_ins
from pressroom.people.keys import KeyRing
from pressroom.people.people import Person
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.account_tables import Allowance, AuditEvent, SignIn, User
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from tests.fixtures.desk import PASSWORD
from tests.pressroom.people.conftest import ADA, HOME

ELSEWHERE = Origin(address="198.51.100.9", agent="another")
WRONG = "not the password at all"


def test_a_program_gets_both_tokens(desk: Database, keys: KeyRing, ada: Person) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    claims = keys.verify(found.access_token)
    assert (claims["sub"], claims["sid"]) == (ada.user_id, found.sign_in.id)
    assert found.token.startswith("prr_")
    assert found.access_seconds == 900
    (seen,) = sign_ins.sessions_of(desk, ada.user_id, current=found.sign_in.id)
    assert (seen.kind, seen.address, seen.agent, seen.current) == ("api", HOME.address, HOME.agent, True)


def test_a_page_gets_a_cookie_and_no_access_token(desk: Database, keys: KeyRing, ada: Person) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page")
    assert found.access_token == ""
    row = sign_ins.page_session(desk, found.token)
    assert row is not None
    assert row.user_id == ada.user_id


@pytest.mark.parametrize("typed", ["ADA@Example.COM", "  ada@example.com "])
def test_an_address_may_be_typed_as_one_likes(desk: Database, keys: KeyRing, ada: Person, typed: str) -> None:
    assert sign_ins.sign_in(desk, keys, typed, PASSWORD, HOME).user.id == ada.user_id


def test_no_secret_is_kept(desk: Database, keys: KeyRing, ada: Person) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    with desk.read() as session:
        kept = str([row.model_dump() for row in (*session.exec(select(SignIn)), *session.exec(select(User)))])
    assert found.token not in kept
    assert found.token.rpartition("_")[2] not in kept
    assert PASSWORD not in kept


@pytest.mark.parametrize("email", [ADA, "nobody@example.com", "no address", "", "x" * 10_000, "a\0b", "\ud800"])
def test_who_is_wrong_is_told_the_same(desk: Database, keys: KeyRing, ada: Person, email: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        sign_ins.sign_in(desk, keys, email, WRONG, HOME)
    assert refused.value.message == "The e-mail address or the password is wrong."
    assert sign_ins.sessions_of(desk, ada.user_id) == []


def test_who_is_not_there_costs_as_much(
    desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many passwords are hashed and as many rows written for a stranger as for a wrong password."""
    writes: list[str] = []
    hashed: list[bool] = []
    verify, write = passwords.verify, Database.write
    monkeypatch.setattr(passwords, "verify", lambda *given: hashed.append(True) or verify(*given))
    monkeypatch.setattr(Database, "write", lambda self: writes.append("") or write(self))
    costs = []
    for email in (ADA, "nobody@example.com", "no address"):
        writes.clear()
        hashed.clear()
        with pytest.raises(NotSignedIn):
            sign_ins.sign_in(desk, keys, email, WRONG, HOME)
        costs.append((len(writes), len(hashed)))
    assert costs == [(3, 1)] * 3


def test_after_some_failures_this_place_has_to_wait(desk: Database, keys: KeyRing, ada: Person) -> None:
    _fail(desk, keys, settings().sign_in_attempts)
    with pytest.raises(Throttled, match="Too many sign-ins") as refused:
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    assert 0 < refused.value.retry_after <= attempts.WINDOW.total_seconds()


def test_a_stranger_who_fails_locks_nobody_out_elsewhere(desk: Database, keys: KeyRing, ada: Person) -> None:
    _fail(desk, keys, settings().sign_in_attempts, origin=ELSEWHERE)
    assert sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)


def test_a_right_password_forgets_the_failures_before(desk: Database, keys: KeyRing, ada: Person) -> None:
    for _ in range(3):
        _fail(desk, keys, settings().sign_in_attempts - 1)
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)


def test_one_place_may_not_go_through_a_list_of_accounts(
    desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "ACCOUNTS_AN_ADDRESS", 2)
    for number in range(2 * settings().sign_in_attempts):
        with pytest.raises(NotSignedIn):
            sign_ins.sign_in(desk, keys, f"user{number}@example.com", WRONG, HOME)
    with pytest.raises(Throttled):
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    assert sign_ins.sign_in(desk, keys, ADA, PASSWORD, ELSEWHERE)


def test_who_signs_in_often_and_rightly_is_not_held_up(
    desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "ACCOUNTS_AN_ADDRESS", 1)
    for _ in range(settings().sign_in_attempts + 2):
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)


def test_everything_is_noted_and_nothing_that_was_typed(
    desk: Database, operators: Database, keys: KeyRing, ada: Person
) -> None:
    with pytest.raises(NotSignedIn):
        sign_ins.sign_in(desk, keys, "hunter2-typed-too-early", WRONG, HOME)
    _fail(desk, keys, settings().sign_in_attempts)
    with pytest.raises(Throttled):
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    sign_ins.sign_in(desk, keys, ADA, PASSWORD, ELSEWHERE)
    own = audit.list_own(desk, ada.user_id).items
    assert [line.action for line in own] == ["sign_in.begun"] + ["sign_in.refused"] * 6
    assert [line.details.get("reason") for line in own[1:]] == ["throttled"] + ["password"] * 5
    assert (own[0].actor, own[0].address, own[0].agent) == (ADA, ELSEWHERE.address, ELSEWHERE.agent)
    with operators.read() as session:
        (nobodys,) = session.exec(select(AuditEvent).where(col(AuditEvent.user_id).is_(None))).all()
        kept = str([row.model_dump() for row in session.exec(select(Allowance)).all()])
    assert (nobodys.actor, nobodys.details) == ("nobody", {"reason": "account"})
    assert "hunter2" not in str(nobodys.model_dump())
    assert ADA.partition("@")[2] not in kept  # "ada" alone may stand in a hash by chance


def test_a_hash_of_another_cost_is_renewed(
    desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_PASSWORD_ROUNDS", "5")
    settings.cache_clear()
    assert sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME).user.password_hash.startswith("$2b$05$")
    assert sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)


def test_a_password_changed_while_the_old_one_was_checked_lets_nobody_in(
    desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = passwords.verify

    def slow(plain: str, hashed: str) -> bool:
        right = verify(plain, hashed)
        monkeypatch.setattr(passwords, "verify", verify)
        sign_ins.change_password(desk, ada.user_id, PASSWORD, "quite another sentence", HOME)
        return right

    monkeypatch.setattr(passwords, "verify", slow)
    with pytest.raises(NotSignedIn, match="changed"):
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    assert sign_ins.sessions_of(desk, ada.user_id) == []


def test_a_cookie_is_refused_once_altered_over_or_signed_out(desk: Database, keys: KeyRing, ada: Person) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page")
    other = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "api")
    for wrong in (found.token[:-1], found.token + "a", "", "prp_", "prp_" + "0" * 32, other.token, "prp_ä"):
        assert sign_ins.page_session(desk, wrong) is None
    assert sign_ins.is_open(desk, found.sign_in.id)
    sign_ins.revoke(desk, ada.user_id, found.sign_in.id, HOME)
    assert sign_ins.page_session(desk, found.token) is None
    assert not sign_ins.is_open(desk, found.sign_in.id)


def test_a_cookie_ends_by_itself(desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page")
    later = utc_now() + timedelta(days=settings().refresh_days, seconds=1)
    monkeypatch.setattr(families, "utc_now", lambda: later)
    assert sign_ins.page_session(desk, found.token) is None
    assert sign_ins.sessions_of(desk, ada.user_id) == []


def test_when_a_page_was_used_is_kept_now_and_then(
    desk: Database, keys: KeyRing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page")
    began = found.sign_in.used_at
    sign_ins.page_session(desk, found.token)
    assert sign_ins.sessions_of(desk, ada.user_id)[0].used_at == began
    later = utc_now() + timedelta(minutes=6)
    monkeypatch.setattr(sign_ins, "utc_now", lambda: later)
    sign_ins.page_session(desk, found.token)
    assert sign_ins.sessions_of(desk, ada.user_id)[0].used_at == later


def test_nobody_ends_somebody_elses_sign_in(desk: Database, keys: KeyRing, ada: Person) -> None:
    found = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    for user_id, sign_in_id in ((("0" * 32), found.sign_in.id), (ada.user_id, "0" * 32)):
        with pytest.raises(NotFound):
            sign_ins.revoke(desk, user_id, sign_in_id, HOME)
    assert sign_ins.is_open(desk, found.sign_in.id)


def test_all_others_may_be_ended_at_once(desk: Database, keys: KeyRing, ada: Person) -> None:
    mine, *_ = [sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME) for _ in range(3)]
    assert sign_ins.revoke_all(desk, ada.user_id, HOME, keep=mine.sign_in.id) == 2
    assert [each.id for each in sign_ins.sessions_of(desk, ada.user_id)] == [mine.sign_in.id]
    assert audit.list_own(desk, ada.user_id).items[0].details == {"ended": 2}


def test_another_password_ends_the_other_sign_ins(desk: Database, keys: KeyRing, ada: Person) -> None:
    mine, other = (sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME) for _ in range(2))
    sign_ins.change_password(desk, ada.user_id, PASSWORD, "quite another sentence", HOME, keep=mine.sign_in.id)
    assert sign_ins.is_open(desk, mine.sign_in.id)
    assert not sign_ins.is_open(desk, other.sign_in.id)
    with pytest.raises(NotSignedIn):
        sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)
    assert sign_ins.sign_in(desk, keys, ADA, "quite another sentence", HOME)


def test_another_password_needs_the_one_before_and_has_to_be_strong(desk: Database, keys: KeyRing, ada: Person) -> None:
    with pytest.raises(WrongInput, match="fewer than 12"):
        sign_ins.change_password(desk, ada.user_id, PASSWORD, "short", HOME)
    for _ in range(settings().sign_in_attempts):
        with pytest.raises(WrongInput, match="password is wrong"):
            sign_ins.change_password(desk, ada.user_id, WRONG, "quite another sentence", HOME)
    with pytest.raises(Throttled):  # who found a page left open does not guess on
        sign_ins.change_password(desk, ada.user_id, PASSWORD, "quite another sentence", HOME)
    assert sign_ins.sign_in(desk, keys, ADA, PASSWORD, ELSEWHERE)


def _fail(desk: Database, keys: KeyRing, times: int, *, origin: Origin = HOME) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            sign_ins.sign_in(desk, keys, ADA, WRONG, origin)
