"""The keys that access tokens are signed with (Ed25519): made on first use, replaced after a while, with overlap.

All processes share them through the table `signing_key`. A token names its key, and a process that does not know
that key yet looks it up: so two processes that begin at once may make two keys, and each takes the other's tokens.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm
from sqlalchemy import update
from sqlmodel import Session, col, select

from pressroom import logs
from pressroom.errors import Misconfigured, NotSignedIn
from pressroom.settings import settings
from pressroom.store.account_tables import SigningKey
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from pressroom.vault import Vault

ALGORITHM = "EdDSA"
ISSUER, AUDIENCE = "pressroom", "pressroom-api"
CLAIMS = ("iss", "aud", "iat", "exp", "sub", "sid")

LEEWAY = timedelta(seconds=30)
"""How far the clocks of two processes may be apart."""

OVERLAP = timedelta(minutes=60) + 2 * LEEWAY
"""How long a key is taken that signs no more: the longest life an access token may be set to, and the clocks."""

LOOK = timedelta(seconds=60)
"""How old a process's knowledge of the keys may be: by then it has noticed a key that was withdrawn."""

MOST_VERIFIED = 5_000
"""Tokens a process remembers to have verified: a signature takes longer to verify than a caller to be looked up."""

_log = logs.get_logger(__name__)


@dataclass(frozen=True)
class _Known:
    """A key as a process holds it. `private`: None when it was sealed with another secret."""

    id: str
    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None
    retires_at: datetime
    expires_at: datetime


class KeyRing:
    """Signs and verifies access tokens. Safe to share between threads."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.vault = vault
        self._database = database
        self._keys: dict[str, _Known] = {}
        self._verified: dict[str, tuple[str, dict[str, Any]]] = {}
        self._read_at: datetime | None = None
        self._lock = threading.Lock()

    def sign(self, claims: dict[str, Any]) -> str:
        """A token with `claims`, good for PRESSROOM_ACCESS_MINUTES from now on."""
        now, key = utc_now(), self._signing_key()
        about = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "jti": uuid4().hex}
        expires = now + timedelta(minutes=settings().access_minutes)
        assert key.private is not None
        return jwt.encode({**claims, **about, "exp": expires}, key.private, ALGORITHM, {"kid": key.id})

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of `token`.

        Raises:
            NotSignedIn: the token is not from this desk, was altered, or has expired.
        """
        key_id, claims = self._verified.get(token, ("", {}))
        try:
            if claims and claims["exp"] > utc_now().timestamp() and self._key(key_id):
                return claims
            _check_form(token)
            key_id = str(jwt.get_unverified_header(token).get("kid", ""))
            claims = _decoded(token, self._key(key_id))
        except jwt.ExpiredSignatureError:
            raise NotSignedIn(
                "The access token has expired.", hint="Get a new one: POST /api/v1/auth/refresh."
            ) from None
        except (jwt.PyJWTError, ValueError, RecursionError):  # the last: a header nested a thousand times
            raise NotSignedIn("Invalid or expired access token.", hint="Sign in again.") from None
        if len(self._verified) >= MOST_VERIFIED:
            self._verified.clear()
        self._verified[token] = key_id, claims
        return claims

    def public_keys(self) -> dict[str, Any]:
        """The keys that tokens are verified with, as a JSON Web Key Set."""
        self._signing_key()
        now = utc_now()
        return {"keys": [_as_jwk(key) for key in self._known().values() if key.expires_at > now]}

    def _signing_key(self) -> _Known:
        """The newest key that still signs and that we can open; makes one when necessary."""
        with self._lock:
            now = utc_now()
            found = self._newest(now)
            if found is None:
                self._read()
                found = self._newest(now)
            if found is None:
                make_key(self._database, self.vault)
                self._read()
                found = self._newest(now)
        if found is None:
            raise Misconfigured("No signing key can be made.", hint="Look at the clock of this machine.")
        return found

    def _newest(self, now: datetime) -> _Known | None:
        fresh = self._read_at is not None and now - self._read_at < LOOK
        able = (key for key in self._keys.values() if key.private is not None and key.retires_at > now)
        return max(able, key=lambda key: key.retires_at, default=None) if fresh else None

    def _key(self, key_id: str) -> _Known:
        """The key called `key_id`, read again from the database in case another process has just made it.

        Raises:
            jwt.InvalidTokenError: there is no such key, or it has expired.
        """
        key = self._known().get(key_id)
        if key is None:
            with self._lock:
                self._read()
            key = self._keys.get(key_id)
        if key is None or key.expires_at <= utc_now():
            raise jwt.InvalidTokenError("unknown key")
        return key

    def _known(self) -> dict[str, _Known]:
        with self._lock:
            if self._read_at is None or utc_now() - self._read_at >= LOOK:
                self._read()
        return self._keys

    def _read(self) -> None:
        """Take over what the table holds; those already known are not opened again."""
        with self._database.read() as session:
            rows = session.exec(select(SigningKey).where(SigningKey.expires_at > utc_now())).all()
        self._keys = {row.id: self._opened(row) for row in rows}
        self._read_at = utc_now()

    def _opened(self, row: SigningKey) -> _Known:
        known = self._keys.get(row.id)
        public = known.public if known else _public(row.public_key)
        private = known.private if known else self._private(row)
        return _Known(row.id, public, private, row.retires_at, row.expires_at)

    def _private(self, row: SigningKey) -> Ed25519PrivateKey | None:
        try:
            found = serialization.load_pem_private_key(self.vault.open(row.private_key).encode(), None)
        except Misconfigured:
            _log.warning("signing_key.sealed_with_another_secret", key=row.id)
            return None
        return found if isinstance(found, Ed25519PrivateKey) else None


def _check_form(token: str) -> None:
    """Raises `InvalidTokenError` for a second way to write a token: base64 with padding, or with bits left over."""
    for part in token.split("."):
        plain = base64.urlsafe_b64decode(f"{part}{'=' * (-len(part) % 4)}")
        if base64.urlsafe_b64encode(plain).rstrip(b"=").decode() != part:
            raise jwt.InvalidTokenError("Not in the one form that is taken.")


def _decoded(token: str, key: _Known) -> dict[str, Any]:
    return jwt.decode(
        token,
        key.public,
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        audience=AUDIENCE,
        leeway=LEEWAY,
        options={"require": list(CLAIMS)},
    )


def make_key(database: Database, vault: Vault) -> None:
    """Add a key that signs for PRESSROOM_SIGNING_KEY_DAYS."""
    private = Ed25519PrivateKey.generate()
    pem, raw = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    sealed = vault.seal(private.private_bytes(pem, raw, serialization.NoEncryption()).decode())
    public = private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    retires = utc_now() + timedelta(days=settings().signing_key_days)
    row = SigningKey(private_key=sealed, public_key=public, retires_at=retires, expires_at=retires + OVERLAP)
    with database.write() as session:
        session.add(row)
    _log.info("signing_key.made", key=row.id, retires_at=retires.isoformat())


def rotate(database: Database, vault: Vault, *, at_once: bool = False) -> None:
    """Sign with a new key from now on; every process has noticed after `LOOK`.

    at_once: tokens signed by the keys before are refused, as after a leak; programs and pages get new ones by
    themselves, with their refresh tokens.
    """
    with database.write() as session:
        _retire(session, utc_now(), timedelta(0) if at_once else OVERLAP + LOOK)
    make_key(database, vault)


def _retire(session: Session, now: datetime, overlap: timedelta) -> None:
    still = update(SigningKey).where(col(SigningKey.expires_at) > now + overlap)
    session.execute(still.values(expires_at=now + overlap))
    session.execute(update(SigningKey).where(col(SigningKey.retires_at) > now).values(retires_at=now))


def _public(pem: str) -> Ed25519PublicKey:
    found = serialization.load_pem_public_key(pem.encode())
    assert isinstance(found, Ed25519PublicKey)
    return found


def _as_jwk(key: _Known) -> dict[str, Any]:
    return {**OKPAlgorithm.to_jwk(key.public, as_dict=True), "kid": key.id, "use": "sig", "alg": ALGORITHM}
