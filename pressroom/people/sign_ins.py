"""Sign-ins: refresh tokens that change at every use, the page's cookie, and their end.

A sign-in is one row and the family of its refresh tokens; only the newest is good. An older token shows that two
clients hold the family. Which of them is the thief can't be known, so the family ends.

Two tabs that refresh at the same moment are not a theft. So for `GRACE` the token just replaced is refused without
consequences: the second tab continues with the token that the first tab got.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field
from sqlmodel import Session, col

from pressroom.errors import NotFound, NotSignedIn
from pressroom.model import Frozen, Origin
from pressroom.people import attempts, families, passwords
from pressroom.people.families import Kind
from pressroom.people.keys import KeyRing
from pressroom.people.registering import register
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.account_tables import SignIn, User
from pressroom.store.database import Database
from pressroom.store.tables import new_id, utc_now
from pressroom.vault import same, token_hash

__all__ = [
    "Kind",
    "SignInView",
    "SignedIn",
    "change_password",
    "is_open",
    "page_session",
    "refresh",
    "register",
    "revoke",
    "revoke_all",
    "sessions_of",
    "set_password",
    "sign_in",
]

GRACE = timedelta(seconds=10)
"""How long a refresh token that was just replaced is refused without being called stolen."""

SEEN_EVERY = timedelta(minutes=5)
"""How exact `used_at` of a page's sign-in is: a write at every request would be the most that most requests do."""

_AGAIN = "Sign in again."


@dataclass(frozen=True)
class SignedIn:
    """The result of a sign-in. token: the refresh token, or the page's cookie (then the access token is empty)."""

    user: User
    sign_in: SignIn
    token: str
    access_token: str
    access_seconds: int


class SignInView(Frozen):
    """A sign-in as its owner sees it."""

    id: str
    kind: Kind
    address: str = Field(description="Where it was last refreshed from.", examples=["203.0.113.7"])
    agent: str = Field(examples=["Mozilla/5.0"])
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool = Field(default=False, description="Whether it is the one that asks.")


def sign_in(
    database: Database, keys: KeyRing, email: str, password: str, origin: Origin, kind: Kind = "api"
) -> SignedIn:
    """Signs a user in.

    Raises:
        NotSignedIn: the address or the password is wrong.
        Throttled: too many attempts failed.
    """
    user = attempts.user_of(database, email, password, origin)
    outdated = passwords.is_outdated(user.password_hash)
    hashed = passwords.hash_password(password) if outdated else user.password_hash
    sign_in_id = new_id()
    token = families.make_token(keys.vault, kind, sign_in_id)
    row = SignIn(
        id=sign_in_id,
        user_id=user.id,
        kind=kind,
        token_hash=token_hash(token),
        address=origin.address,
        agent=origin.agent,
        expires_at=families.expiry(),
    )
    with database.within("", user.id).write() as session:
        now = session.get_one(User, user.id, with_for_update=True)
        if now.password_hash != user.password_hash:  # changed while this one was being checked
            raise NotSignedIn("The password was changed a moment ago.", hint=_AGAIN)
        now.password_hash = hashed
        session.add_all([now, row])
        _note(session, now, "sign_in.begun", row, origin, {"kind": kind})
    return _signed_in(keys, now, row, token)


def refresh(database: Database, keys: KeyRing, token: str, origin: Origin) -> SignedIn:
    """A new access token and a new refresh token in exchange for `token`, which is used up.

    Raises:
        NotSignedIn: the token is invalid, expired or replaced; a replaced one, after `GRACE`, also ends the sign-in.
    """
    with database.within("", "").read() as session:
        held = families.row_of(session, "api", token)
    if held is None:
        raise NotSignedIn("The refresh token is not ours.", hint=_AGAIN)
    with database.within("", held.user_id).write() as session:
        row = session.get_one(SignIn, held.id, with_for_update=True, populate_existing=True)
        user = session.get_one(User, held.user_id)
        fresh = families.make_token(keys.vault, "api", row.id)
        if (refusal := _refusal(session, keys, row, user, token, origin)) is None:
            _replace(session, row, fresh, origin)
    if refusal is not None:  # raised out here, so that a revocation is kept
        raise refusal
    return _signed_in(keys, user, row, fresh)


def page_session(database: Database, cookie_token: str) -> SignIn | None:
    """The sign-in that a page's cookie belongs to, while it is open."""
    with database.within("", "").read() as session:
        row = families.row_of(session, "page", cookie_token)
    if row is None or not same(row.token_hash, token_hash(cookie_token)) or not families.is_open(row):
        return None
    if utc_now() - row.used_at > SEEN_EVERY:
        _saw(database, row.id)
    return row


def is_open(database: Database, sign_in_id: str) -> bool:
    """True while a sign-in is open: for checks that outlive a request."""
    with database.within("", "").read() as session:
        row = session.get(SignIn, sign_in_id)
    return row is not None and families.is_open(row)


def sessions_of(database: Database, user_id: str, *, current: str | None = None) -> list[SignInView]:
    """A user's open sign-ins, newest first."""
    with database.within("", user_id).read() as session:
        rows = session.exec(families.open_of(user_id).order_by(col(SignIn.created_at).desc())).all()
    fields = set(SignInView.model_fields) - {"current"}
    return [SignInView(**row.model_dump(include=fields), current=row.id == current) for row in rows]


def revoke(database: Database, user_id: str, sign_in_id: str, origin: Origin) -> None:
    """Ends one of a user's sign-ins: signing out. Raises `NotFound` when the user has no such open sign-in."""
    with database.within("", user_id).write() as session:
        row = session.get(SignIn, sign_in_id, with_for_update=True)
        if row is None or row.user_id != user_id or not families.is_open(row):
            raise NotFound("There is no such sign-in.")
        families.end(session, row, "signed out")
        user = session.get_one(User, user_id)
        _note(session, user, "sign_in.ended", row, origin)


def revoke_all(database: Database, user_id: str, origin: Origin, *, keep: str | None = None) -> int:
    """End all of a user's sign-ins but `keep`; how many there were."""
    with database.within("", user_id).write() as session:
        ended = families.end_all(session, user_id, keep=keep, because="signed out everywhere")
        user = session.get_one(User, user_id)
        audit.note_of_user(session, user, "sign_in.ended_all", origin=origin, details={"ended": ended})
    return ended


def change_password(
    database: Database, user_id: str, current: str, new: str, origin: Origin, *, keep: str | None = None
) -> None:
    """Give a user who knows the current password another; every sign-in but `keep` is over then.

    Raises:
        WrongInput: the current one is wrong, or the new one too weak.
        Throttled: too many were wrong.
    """
    user = attempts.confirm(database, user_id, current, origin)
    set_password(database, user, new, origin, keep=keep)


def set_password(database: Database, user: User, new: str, origin: Origin, *, keep: str | None = None) -> None:
    """Give a user another password, no questions asked; every sign-in but `keep` is over then.

    Raises:
        WrongInput: it is too weak.
    """
    passwords.check_strength(new, user.email)
    hashed = passwords.hash_password(new)
    with database.within("", user.id).write() as session:
        row = session.get_one(User, user.id, with_for_update=True)
        row.password_hash, row.password_changed_at = hashed, utc_now()
        session.add(row)
        ended = families.end_all(session, user.id, keep=keep, because="password changed")
        audit.note_of_user(session, row, "password.changed", origin=origin, details={"sign_ins_ended": ended})


def _signed_in(keys: KeyRing, user: User, row: SignIn, token: str) -> SignedIn:
    access = keys.sign({"sub": user.id, "sid": row.id}) if row.kind == "api" else ""
    return SignedIn(user, row, token, access, settings().access_minutes * 60)


def _refusal(
    session: Session, keys: KeyRing, row: SignIn, user: User, token: str, origin: Origin
) -> NotSignedIn | None:
    """Why a refresh token of this sign-in is not taken; one that was replaced ends the sign-in, within `session`."""
    given = token_hash(token)
    if not families.is_open(row):
        return NotSignedIn("This sign-in is over.", hint=_AGAIN)
    if same(row.token_hash, given):
        return None
    if same(row.previous_hash, given) and utc_now() - row.used_at < GRACE:
        return NotSignedIn("This refresh token was used a moment ago.", hint="Go on with the one it was exchanged for.")
    if not families.is_ours(keys.vault, token, row.id):
        return NotSignedIn("The refresh token is not ours.", hint=_AGAIN)
    families.end(session, row, "refresh token used twice")
    _note(session, user, "sign_in.reused", row, origin)
    return NotSignedIn("This refresh token was used before, so the sign-in has been ended.", hint=_AGAIN)


def _replace(session: Session, row: SignIn, fresh: str, origin: Origin) -> None:
    row.previous_hash, row.token_hash = row.token_hash, token_hash(fresh)
    row.used_at, row.expires_at = utc_now(), families.expiry()
    row.address, row.agent = origin.address, origin.agent
    session.add(row)


def _note(
    session: Session, user: User, action: str, row: SignIn, origin: Origin, details: dict[str, str] | None = None
) -> None:
    audit.note_of_user(session, user, action, origin=origin, subject_kind="sign_in", subject_id=row.id, details=details)


def _saw(database: Database, sign_in_id: str) -> None:
    with database.within("", "").write() as session:
        row = session.get(SignIn, sign_in_id)
        if row is not None:
            row.used_at = utc_now()
            session.add(row)
