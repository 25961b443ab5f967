"""Password checks: throttled, refused with the same words for every reason, and noted in the audit log.

Failures are counted by account and network address together, and by network address alone. So a stranger who fails
with a user's name does not lock that user out, and a list of stolen passwords can't be tried from one place.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from pressroom.errors import NotSignedIn, Throttled, WrongInput
from pressroom.model import Origin
from pressroom.people import passwords, throttle
from pressroom.people.addresses import normal_address
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.account_tables import User
from pressroom.store.database import Database

WINDOW = timedelta(minutes=15)

ACCOUNTS_AN_ADDRESS = 20
"""An address may fail this many times as often as it may for one account: an office may, a list of passwords not."""


def user_of(database: Database, email: str, password: str, origin: Origin) -> User:
    """The user with this e-mail address and password.

    An unknown account is refused like a wrong password: in the same words, after the same work.

    Raises:
        NotSignedIn: the address or the password is wrong.
        Throttled: too many attempts from this network address failed, for this account or in all.
    """
    known = _known_as(email)
    user = _find(database, known)
    _count(database, known, user, origin)
    if not passwords.verify(password, user.password_hash if user else "") or user is None:
        _refused(database, user, origin, "password" if user else "account")
        raise NotSignedIn(
            "The e-mail address or the password is wrong.", hint="Forgot it? Ask your administrator to reset it."
        )
    _forget(database, known, origin)
    return user


def confirm(database: Database, user_id: str, password: str, origin: Origin) -> User:
    """The signed-in user, who has typed the password again before something that can't be undone.

    Raises:
        WrongInput: the password is wrong.
        Throttled: too many were.
    """
    with database.within("", user_id).read() as session:
        user = session.get_one(User, user_id)
    _count(database, user.email, user, origin)
    if not passwords.verify(password, user.password_hash):
        _refused(database, user, origin, "confirmation")
        raise WrongInput("The password is wrong.")
    _forget(database, user.email, origin)
    return user


def _known_as(email: str) -> str:
    try:
        return normal_address(email)
    except WrongInput:  # refused later, like an account that is not there; as hex, whatever was typed
        return email[:1000].encode(errors="surrogatepass").hex()


def _find(database: Database, known: str) -> User | None:
    with database.within("", "").read() as session:
        return session.exec(select(User).where(User.email == known, col(User.deleted_at).is_(None))).one_or_none()


def _count(database: Database, known: str, user: User | None, origin: Origin) -> None:
    """Counted before it is tried, so that many at once are no way around; given back when it was right."""
    limit = settings().sign_in_attempts
    by_account, by_address = _keys(known, origin)
    try:
        throttle.count(database, by_address, limit=limit * ACCOUNTS_AN_ADDRESS, window=WINDOW)
        throttle.count(database, by_account, limit=limit, window=WINDOW)
    except Throttled as error:
        _refused(database, user, origin, "throttled")
        raise Throttled("Too many sign-ins failed.", hint=error.hint, retry_after=error.retry_after) from None


def _forget(database: Database, known: str, origin: Origin) -> None:
    by_account, by_address = _keys(known, origin)
    throttle.give_back(database, by_account, window=WINDOW, permits=settings().sign_in_attempts)
    throttle.give_back(database, by_address, window=WINDOW)


def _keys(known: str, origin: Origin) -> tuple[str, str]:
    by_account = throttle.key_of("sign-in", known, origin.network)
    return by_account, throttle.key_of("sign-ins", origin.network)


def _refused(database: Database, user: User | None, origin: Origin, reason: str) -> None:
    """Notes a refusal without the typed text: people type their password into the wrong field."""
    with database.within("", user.id if user else "").write() as session:
        if user is None:
            audit.note(session, None, "sign_in.refused", origin=origin, details={"reason": reason})
        else:
            audit.note_of_user(session, user, "sign_in.refused", origin=origin, details={"reason": reason})
