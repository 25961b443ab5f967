"""Refresh tokens: good for one use; one that comes back ends the sign-in, but two tabs at once do not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from pressroom.errors import NotSignedIn
from pressroom.model import Origin
from pressroom.people import families, sign_ins
from pressroom.people.keys import KeyRing
from pressroom.people.people import Person
from pressroom.people.sign_ins import GRACE, SignedIn
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from pressroom.vault import Vault
from tests.fixtures.desk import PASSWORD
from tests.pressroom.people.conftest import ADA, HOME


@pytest.fixture
def first(desk: Database, keys: KeyRing, ada: Person) -> SignedIn:
    return sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME)


def _later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    for module in (sign_ins, families):
        monkeypatch.setattr(module, "utc_now", lambda: utc_now() + by)


def test_each_token_is_exchanged_for_the_next(desk: Database, keys: KeyRing, first: SignedIn) -> None:
    found = first
    for number in range(3):
        found = sign_ins.refresh(desk, keys, found.token, Origin(address=f"192.0.2.{number}", agent="moved"))
        assert keys.verify(found.access_token)["sid"] == first.sign_in.id
    (seen,) = sign_ins.sessions_of(desk, first.user.id)
    assert (seen.address, seen.agent) == ("192.0.2.2", "moved")
    assert seen.used_at > first.sign_in.used_at
    assert seen.expires_at > first.sign_in.expires_at


def test_two_tabs_at_once_get_one_token_and_one_plain_refusal(desk: Database, keys: KeyRing, first: SignedIn) -> None:
    def exchanged(_: int) -> SignedIn | str:
        try:
            return sign_ins.refresh(desk, keys, first.token, HOME)
        except NotSignedIn as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(exchanged, range(4)))
    (won,) = [each for each in answers if isinstance(each, SignedIn)]
    assert all("a moment ago" in each for each in answers if isinstance(each, str))
    assert sign_ins.refresh(desk, keys, won.token, HOME)  # nobody is locked out


def test_a_token_that_comes_back_later_ends_the_sign_in(
    desk: Database, keys: KeyRing, first: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    thiefs = sign_ins.refresh(desk, keys, first.token, HOME)
    _later(monkeypatch, GRACE)
    with pytest.raises(NotSignedIn, match="used before"):
        sign_ins.refresh(desk, keys, first.token, HOME)
    with pytest.raises(NotSignedIn, match="is over"):
        sign_ins.refresh(desk, keys, thiefs.token, HOME)
    assert not sign_ins.is_open(desk, first.sign_in.id)
    assert audit.list_own(desk, first.user.id).items[0].action == "sign_in.reused"


def test_a_thief_who_refreshes_twice_is_found_out_all_the_same(desk: Database, keys: KeyRing, first: SignedIn) -> None:
    """Of what was replaced long ago no hash is kept: it is known by its mark."""
    thiefs = sign_ins.refresh(desk, keys, sign_ins.refresh(desk, keys, first.token, HOME).token, HOME)
    with pytest.raises(NotSignedIn, match="used before"):
        sign_ins.refresh(desk, keys, first.token, HOME)
    with pytest.raises(NotSignedIn):
        sign_ins.refresh(desk, keys, thiefs.token, HOME)


def test_a_guess_ends_nothing(desk: Database, keys: KeyRing, first: SignedIn) -> None:
    stranger = Vault("a secret of somebody else entirely")
    guesses = (
        families.make_token(stranger, "api", first.sign_in.id),
        f"prr_{first.sign_in.id}_{'A' * 43}.",
        f"prr_{first.sign_in.id}",
        f"prr_{'0' * 32}_{'A' * 43}.{'0' * 32}",
        "prr_" + "%" * 32,
        "prr_\0",
        "",
        "ä",
        first.token.replace("prr_", "prp_"),
        first.access_token,
    )
    for guess in guesses:
        with pytest.raises(NotSignedIn, match="not ours"):
            sign_ins.refresh(desk, keys, guess, HOME)
    assert sign_ins.refresh(desk, keys, first.token, HOME)


def test_a_pages_cookie_refreshes_nothing(desk: Database, keys: KeyRing, ada: Person) -> None:
    page = sign_ins.sign_in(desk, keys, ADA, PASSWORD, HOME, "page")
    with pytest.raises(NotSignedIn):
        sign_ins.refresh(desk, keys, page.token.replace("prp_", "prr_"), HOME)
    assert sign_ins.page_session(desk, page.token)


def test_a_token_is_good_until_its_days_are_over(
    desk: Database, keys: KeyRing, first: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = timedelta(days=settings().refresh_days)
    _later(monkeypatch, days - timedelta(minutes=1))
    second = sign_ins.refresh(desk, keys, first.token, HOME)
    _later(monkeypatch, 2 * days)
    with pytest.raises(NotSignedIn, match="is over"):
        sign_ins.refresh(desk, keys, second.token, HOME)


def test_a_sign_out_ends_the_refreshing(desk: Database, keys: KeyRing, first: SignedIn) -> None:
    sign_ins.revoke(desk, first.user.id, first.sign_in.id, HOME)
    with pytest.raises(NotSignedIn, match="is over"):
        sign_ins.refresh(desk, keys, first.token, HOME)


def test_another_process_refreshes_too(desk: Database, vault: Vault, first: SignedIn) -> None:
    assert sign_ins.refresh(desk, KeyRing(desk, vault), first.token, HOME).sign_in.id == first.sign_in.id
