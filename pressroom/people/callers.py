"""From a token to who is calling, and to what they are in the workspace they want: one query a request.

Roles and revocations are read each time, so that taking them away works at once, not when a token ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, String, and_, bindparam, or_, select
from sqlmodel import col

from pressroom.errors import NotFound, NotSignedIn
from pressroom.model import Caller, Origin, Role
from pressroom.people import sign_ins
from pressroom.people.keys import KeyRing
from pressroom.people.people import Person
from pressroom.store.account_tables import Membership, SignIn, User
from pressroom.store.database import Database
from pressroom.store.questions import Question
from pressroom.store.tables import Workspace, utc_now

__all__ = ["Person", "caller_of_access_token", "caller_of_page", "person_of_access_token", "person_of_page"]

LONGEST_NAME, NO_NAME = 100, "-"
"""Characters of a workspace's name, and what is the name of no workspace."""

_OVER = "This sign-in is over."
_AGAIN = "Sign in again."


@dataclass(frozen=True)
class _Found:
    person: Person
    role: str | None
    workspace_id: str | None
    workspace: str | None


def caller_of_access_token(
    database: Database, keys: KeyRing, token: str, wanted_workspace: str | None, origin: Origin
) -> Caller:
    """The caller with this access token, in the workspace of that name or id; without one, in the one joined first.

    Raises:
        NotSignedIn: the token is invalid, or its sign-in has ended.
        NotFound: the user is in no such workspace.
    """
    claims = keys.verify(token)
    return _caller(_find(database, claims["sub"], claims["sid"], wanted_workspace, origin), wanted_workspace)


def caller_of_page(database: Database, cookie_token: str, wanted_workspace: str | None, origin: Origin) -> Caller:
    """The caller with this cookie of a page, in a workspace chosen as by `caller_of_access_token`.

    Raises:
        NotSignedIn: the cookie is invalid, or its sign-in has ended.
        NotFound: the user is in no such workspace.
    """
    row = _page_session(database, cookie_token)
    return _caller(_find(database, row.user_id, row.id, wanted_workspace, origin), wanted_workspace)


def person_of_access_token(database: Database, keys: KeyRing, token: str, origin: Origin) -> Person:
    """The person with this access token. Raises `NotSignedIn` as `caller_of_access_token` does."""
    claims = keys.verify(token)
    return _find(database, claims["sub"], claims["sid"], None, origin).person


def person_of_page(database: Database, cookie_token: str, origin: Origin) -> Person:
    """The person with this cookie of a page. Raises `NotSignedIn` as `caller_of_page` does."""
    row = _page_session(database, cookie_token)
    return _find(database, row.user_id, row.id, None, origin).person


def _page_session(database: Database, cookie_token: str) -> SignIn:
    row = sign_ins.page_session(database, cookie_token)
    if row is None:
        raise NotSignedIn(_OVER, hint=_AGAIN)
    return row


def _find(database: Database, user_id: str, sign_in_id: str, wanted: str | None, origin: Origin) -> _Found:
    """The user of a sign-in that is still open, and the membership in the wanted workspace, if there is one."""
    if wanted and not (wanted.isascii() and wanted.isprintable() and len(wanted) <= LONGEST_NAME):
        wanted = NO_NAME
    values = {"user": user_id, "sign_in": sign_in_id, "now": utc_now(), **({"wanted": wanted} if wanted else {})}
    rows = database.within("", user_id).ask(_question(is_wanted=bool(wanted)), **values)
    if not rows:
        raise NotSignedIn(_OVER, hint=_AGAIN)
    email, name, role, workspace_id, workspace = rows[0]
    person = Person(user_id=user_id, email=email, name=name, sign_in_id=sign_in_id, origin=origin)
    return _Found(person, role, workspace_id, workspace)


@cache
def _question(*, is_wanted: bool) -> Question:
    """Made once: every request asks it, and making it takes a millisecond."""
    is_there = [col(Workspace.id) == Membership.workspace_id, col(Workspace.deleted_at).is_(None)]
    if is_wanted:
        wanted = bindparam("wanted", type_=String)
        is_there.append(or_(col(Workspace.name) == wanted, col(Workspace.id) == wanted))
    workspace: ColumnElement[str] = col(Workspace.name).label("workspace")
    return Question(
        select(col(User.email), col(User.name), col(Membership.role), col(Workspace.id), workspace)
        .select_from(SignIn)
        .join(User, and_(col(User.id) == SignIn.user_id, col(User.deleted_at).is_(None)))
        .outerjoin(Membership, col(Membership.user_id) == User.id)
        .outerjoin(Workspace, and_(*is_there))
        .where(col(SignIn.id) == bindparam("sign_in"), col(SignIn.user_id) == bindparam("user"))
        .where(col(SignIn.revoked_at).is_(None), col(SignIn.expires_at) > bindparam("now"))
        .order_by(col(Workspace.id).is_(None), col(Membership.created_at), col(Membership.id))
        .limit(1)
    )


def _caller(found: _Found, wanted: str | None) -> Caller:
    if found.role is None or found.workspace_id is None or found.workspace is None:
        message = "You are in no such workspace." if wanted else "You are in no workspace yet."
        raise NotFound(message, hint="GET /api/v1/workspaces lists yours; POST makes one.")
    return Caller(
        workspace_id=found.workspace_id,
        workspace=found.workspace,
        role=Role(found.role),
        name=found.person.email,
        user_id=found.person.user_id,
        sign_in_id=found.person.sign_in_id,
        origin=found.person.origin,
    )
