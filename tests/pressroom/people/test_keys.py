"""Signing keys: made once, replaced with overlap, and what is no token of ours is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import select

from pressroom.errors import NotSignedIn
from pressroom.people import keys as keys_module
from pressroom.people.keys import ISSUER, KeyRing, rotate
from pressroom.settings import settings
from pressroom.store.account_tables import SigningKey
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from pressroom.vault import Vault

CLAIMS = {"sub": "u" * 32, "sid": "s" * 32}

Clock = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`later(timedelta)` sets the key ring's clock on; PyJWT's own stays."""

    def set_on(by: timedelta) -> None:
        monkeypatch.setattr(keys_module, "utc_now", lambda: utc_now() + by)

    return set_on


def test_what_is_signed_is_verified(keys: KeyRing) -> None:
    found = keys.verify(keys.sign(CLAIMS))
    assert {name: found[name] for name in CLAIMS} == CLAIMS
    assert found["iss"] == ISSUER
    assert found["exp"] - found["iat"] == settings().access_minutes * 60


def test_the_first_start_makes_one_key_sealed(keys: KeyRing, desk: Database) -> None:
    keys.sign(CLAIMS)
    keys.sign(CLAIMS)
    (row,) = _rows(desk)
    assert "PRIVATE" not in row.private_key
    assert "PUBLIC KEY" in row.public_key


def test_two_processes_that_begin_at_once_take_each_others_tokens(desk: Database, vault: Vault) -> None:
    one, other = KeyRing(desk, vault), KeyRing(desk, vault)
    assert one.public_keys() != {"keys": []}  # `one` has looked, and knows its own key alone
    keys_module.make_key(desk, vault)  # what `other` does that did not see it
    rings = (one, other)
    for signs in rings:
        for verifies in rings:
            assert verifies.verify(signs.sign(CLAIMS))["sub"] == CLAIMS["sub"]


def test_a_key_is_replaced_and_taken_until_its_last_token_is_over(
    desk: Database, vault: Vault, later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_ACCESS_MINUTES", "60")
    settings.cache_clear()
    one, other = KeyRing(desk, vault), KeyRing(desk, vault)
    before = one.sign(CLAIMS)
    assert other.verify(before)
    days = timedelta(days=settings().signing_key_days)
    later(days - timedelta(seconds=1))
    assert _kid(one.sign(CLAIMS)) == _kid(before)
    later(days + timedelta(seconds=1))
    assert _kid(one.sign(CLAIMS)) != _kid(before)
    assert _kid(other.sign(CLAIMS)) == _kid(one.sign(CLAIMS))
    later(days + timedelta(minutes=60))
    assert other.verify(before)  # by PyJWT's clock it is young; the key is still taken
    assert len(other.public_keys()["keys"]) == 2
    later(days + timedelta(minutes=62))
    with pytest.raises(NotSignedIn):
        other.verify(before)
    assert len(other.public_keys()["keys"]) == 1


def test_an_operator_rotates_without_ending_anything(desk: Database, vault: Vault, later: Clock) -> None:
    one = KeyRing(desk, vault)
    before = one.sign(CLAIMS)
    rotate(desk, vault)
    assert one.verify(before)
    later(keys_module.LOOK)  # what a process knows is as old as that at most
    assert one.verify(before)
    assert _kid(one.sign(CLAIMS)) != _kid(before)


def test_after_a_leak_the_keys_before_are_refused(desk: Database, vault: Vault, later: Clock) -> None:
    one = KeyRing(desk, vault)
    before = one.sign(CLAIMS)
    assert one.verify(before), "and is remembered"
    rotate(desk, vault, at_once=True)
    later(keys_module.LOOK)
    with pytest.raises(NotSignedIn):
        one.verify(before)
    later(timedelta(0))  # PyJWT takes no token from the future
    assert one.verify(one.sign(CLAIMS))


def test_a_key_sealed_with_another_secret_verifies_and_a_new_one_signs(desk: Database, vault: Vault) -> None:
    before = KeyRing(desk, vault).sign(CLAIMS)
    moved = KeyRing(desk, Vault("another secret, also long enough"))
    assert moved.verify(before)
    assert _kid(moved.sign(CLAIMS)) != _kid(before)


def test_the_published_key_verifies(keys: KeyRing) -> None:
    token = keys.sign(CLAIMS)
    (published,) = keys.public_keys()["keys"]
    assert published["kid"] == _kid(token)
    assert "d" not in published
    key = jwt.PyJWK(published)
    assert jwt.decode(token, key, algorithms=["EdDSA"], audience="pressroom-api", issuer=ISSUER)["sub"] == CLAIMS["sub"]


def test_a_token_that_is_over_says_so(keys: KeyRing) -> None:
    with pytest.raises(NotSignedIn, match="has expired"):
        keys.verify(_forged(keys, exp=utc_now() - timedelta(seconds=31)))


def test_a_token_that_is_remembered_is_over_when_its_time_is(keys: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda token, *a, **k: decoded.append(token) or decode(token, *a, **k))
    token, late = keys.sign(CLAIMS), _forged(keys, exp=utc_now() - timedelta(seconds=20))

    assert keys.verify(token) == keys.verify(token)
    assert keys.verify(late) == keys.verify(late)

    assert decoded == [token, late, late], "whose time is over is looked at each time"


def test_clocks_may_be_apart_a_little(keys: KeyRing) -> None:
    assert keys.verify(_forged(keys, exp=utc_now() - timedelta(seconds=20)))
    assert keys.verify(_forged(keys, iat=utc_now() + timedelta(seconds=20)))
    with pytest.raises(NotSignedIn):
        keys.verify(_forged(keys, iat=utc_now() + timedelta(seconds=60)))


@pytest.mark.parametrize(
    "changed", [{"iss": "somebody"}, {"aud": "something"}, {"sub": None}, {"sid": None}, {"exp": None}, {"iat": None}]
)
def test_every_claim_is_looked_at(keys: KeyRing, changed: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        keys.verify(_forged(keys, **changed))


def test_no_other_algorithm_is_taken(keys: KeyRing, desk: Database) -> None:
    kid = _kid(keys.sign(CLAIMS))
    claims = _claims()
    (row,) = _rows(desk)
    with pytest.raises(NotSignedIn):
        keys.verify(jwt.encode(claims, None, algorithm="none", headers={"kid": kid}))
    secret = base64.b64encode(row.public_key.encode())  # the public key as if it were a shared secret
    with pytest.raises(NotSignedIn):
        keys.verify(jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid}))


def test_a_key_of_somebody_else_is_not_taken_under_our_name(keys: KeyRing) -> None:
    kid = _kid(keys.sign(CLAIMS))
    with pytest.raises(NotSignedIn):
        keys.verify(jwt.encode(_claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid}))


@pytest.mark.parametrize(
    "strange",
    ["", "a", "a.b.c", "ä.b.c", "..", "x" * 100_000, base64.urlsafe_b64encode(b"[" * 50_000).decode() + ".e30.x"],
)
def test_what_is_no_token_is_refused(keys: KeyRing, strange: str) -> None:
    with pytest.raises(NotSignedIn, match="Invalid or expired"):
        keys.verify(strange)


def test_an_altered_token_is_refused(keys: KeyRing) -> None:
    head, body, signature = keys.sign(CLAIMS).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    altered = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "v" * 32}).encode()).decode().rstrip("=")
    with pytest.raises(NotSignedIn):
        keys.verify(f"{head}.{altered}.{signature}")


def _rows(database: Database) -> list[SigningKey]:
    with database.read() as session:
        return list(session.exec(select(SigningKey)).all())


def _kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def _claims(**changed: Any) -> dict[str, Any]:
    now: datetime = utc_now()
    usual = {"iss": ISSUER, "aud": "pressroom-api", "iat": now, "exp": now + timedelta(minutes=5), **CLAIMS}
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


def _forged(keys: KeyRing, **changed: Any) -> str:
    """A token with our own key, and claims as we would never write them."""
    kid = _kid(keys.sign(CLAIMS))
    with keys._database.read() as session:
        row = session.get_one(SigningKey, kid)
    private = serialization.load_pem_private_key(keys.vault.open(row.private_key).encode(), None)
    return jwt.encode(_claims(**changed), private, algorithm="EdDSA", headers={"kid": kid})  # type: ignore[arg-type]
