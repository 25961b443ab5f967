"""Service tokens, with which programs sign in: for one workspace, with scopes, shown once and stored as a hash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from pydantic import Field
from sqlalchemy import and_
from sqlmodel import Session, col, select

from pressroom.errors import NotFound, NotSignedIn, WrongInput
from pressroom.model import Caller, Frozen, Origin, Role
from pressroom.people import permissions, plans
from pressroom.people.people import checked_name
from pressroom.people.permissions import ALLOWED, FOR_PEOPLE, Action, lesser
from pressroom.store import audit
from pressroom.store.account_tables import Membership, ServiceToken
from pressroom.store.database import Database
from pressroom.store.tables import Workspace, utc_now
from pressroom.vault import new_token, token_hash

PREFIX = "prs"
API, ASSISTANTS = "the API", "assistants"
"""The audiences of tokens: each opens one door."""

ASSISTANT_SCOPES: Mapping[str, frozenset[Action]] = MappingProxyType(
    {
        "mcp:read": frozenset({Action.READ}),
        "mcp:write": frozenset({Action.READ, Action.EDIT_CONTENT, Action.START_WORK}),
    }
)
"""The actions that each scope of an assistant allows, as far as there is a tool for it."""

SCOPES = tuple(action for action in Action if action not in FOR_PEOPLE)
EVERY_SCOPE = (*SCOPES, *ASSISTANT_SCOPES)

SEEN_EVERY = timedelta(minutes=5)
"""How exact `used_at` is: a write for every request would be the most that most requests do."""

_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{32}})_[A-Za-z0-9_-]{{43}}")


class TokenView(Frozen):
    """A service token as it may be shown."""

    id: str
    name: str = Field(examples=["newsletter"])
    scopes: list[str] = Field(examples=[["read", "work:start"]])
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = Field(description=f"To within {SEEN_EVERY.seconds // 60} minutes.")


def make(
    database: Database, caller: Caller, name: str, scopes: Iterable[str], *, expires_at: datetime | None = None
) -> tuple[TokenView, str]:
    """A new token of the caller's workspace: (its row, the token itself, which is shown only now).

    Raises:
        Forbidden: the caller is not an owner.
        WrongInput: a scope is unknown or for people alone, the name is empty, or `expires_at` is past.
        PlanLimit: the plan allows no further token.
    """
    permissions.check(caller, Action.MANAGE_WORKSPACE)
    name, wanted = checked_name(name), _checked(scopes)
    if expires_at is not None and expires_at <= utc_now():
        raise WrongInput("The token would be over before it began.")
    token = new_token(f"{PREFIX}_{caller.workspace_id}")
    row = ServiceToken(
        workspace_id=caller.workspace_id,
        name=name,
        token_hash=token_hash(token),
        scopes=wanted,
        created_by=caller.user_id or "",
        expires_at=expires_at,
    )
    with database.write() as session:
        plans.check_plan(session, caller.workspace_id, "tokens")
        session.add(row)
        audit.note(session, caller, "token.made", subject_kind="token", subject_id=row.id, details={"scopes": wanted})
    return _view(row), token


def list_tokens(database: Database, caller: Caller) -> list[TokenView]:
    """The tokens of the caller's workspace that were not revoked, newest first. Raises `Forbidden`."""
    permissions.check(caller, Action.MANAGE_WORKSPACE)
    query = select(ServiceToken).where(
        ServiceToken.workspace_id == caller.workspace_id, col(ServiceToken.revoked_at).is_(None)
    )
    with database.read() as session:
        rows = session.exec(query.order_by(col(ServiceToken.created_at).desc())).all()
    return [_view(row) for row in rows]


def revoke(database: Database, caller: Caller, token_id: str) -> None:
    """End a token, at once. Raises `NotFound`, `Forbidden`."""
    permissions.check(caller, Action.MANAGE_WORKSPACE)
    with database.write() as session:
        row = session.get(ServiceToken, token_id)
        if row is None or row.workspace_id != caller.workspace_id or row.revoked_at is not None:
            raise NotFound("There is no such token.")
        row.revoked_at = utc_now()
        session.add(row)
        audit.note(session, caller, "token.revoked", subject_kind="token", subject_id=row.id)


def revoke_all(session: Session, workspace_id: str, *, made_by: str | None = None) -> None:
    """End the tokens of a workspace that is closed, or those `made_by` a user who leaves and may have kept them."""
    open_ones = select(ServiceToken).where(
        ServiceToken.workspace_id == workspace_id, col(ServiceToken.revoked_at).is_(None)
    )
    if made_by is not None:
        open_ones = open_ones.where(ServiceToken.created_by == made_by)
    for row in session.exec(open_ones).all():
        row.revoked_at = utc_now()
        session.add(row)


def caller_of(database: Database, token: str, origin: Origin, *, audience: str = API) -> Caller:
    """The program that calls with this token; it may do no more than its maker may now. audience: the door it is at.

    Raises:
        NotSignedIn: the token is invalid, revoked or expired, its maker is not a member any more, or it is for another
            audience.
    """
    now, form = utc_now(), _FORM.fullmatch(token)
    bound = database.within(form[1]) if form else None
    is_maker = and_(
        col(Membership.workspace_id) == ServiceToken.workspace_id, col(Membership.user_id) == ServiceToken.created_by
    )
    query = (
        select(ServiceToken, Workspace.name, Membership.role)
        .join(Workspace, col(Workspace.id) == ServiceToken.workspace_id)
        .join(Membership, is_maker)
        .where(ServiceToken.token_hash == token_hash(token), col(Workspace.deleted_at).is_(None))
    )
    found = None
    if bound is not None:
        with bound.read() as session:
            found = session.exec(query).first()
    if bound is None or found is None or not _is_good(found[0], now):
        raise NotSignedIn("The service token is not ours, or has expired.", hint="An owner can make a new one.")
    row, workspace, makers_role = found
    if audience != _audience(row.scopes):
        raise NotSignedIn(
            f"This token is not for {audience}.", hint=f"It is for {_audience(row.scopes)}: make another."
        )
    scopes = _actions(row.scopes)
    if row.used_at is None or now - row.used_at > SEEN_EVERY:
        _saw(bound, row.id, now)
    return Caller(
        workspace_id=row.workspace_id,
        workspace=workspace,
        role=lesser(_least_role(scopes), Role(makers_role)),
        name=f"token {row.name}",
        token_id=row.id,
        scopes=scopes,
        origin=origin,
    )


def _is_good(row: ServiceToken, now: datetime) -> bool:
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def _saw(database: Database, token_id: str, now: datetime) -> None:
    with database.write() as session:
        row = session.get(ServiceToken, token_id)
        if row is not None:
            row.used_at = now
            session.add(row)


def _checked(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(EVERY_SCOPE):
        raise WrongInput("A token needs scopes, and of these only.", hint=f"Scopes: {', '.join(EVERY_SCOPE)}.")
    if 0 < len(set(wanted) & set(ASSISTANT_SCOPES)) < len(wanted):
        raise WrongInput("A token is for assistants or for the API, not for both.", hint="Make two tokens.")
    return wanted


def _audience(scopes: Iterable[str]) -> str:
    return ASSISTANTS if set(scopes) & set(ASSISTANT_SCOPES) else API


def _actions(scopes: Iterable[str]) -> frozenset[Action]:
    """The actions that scopes of either audience allow."""
    return frozenset[Action]().union(*(ASSISTANT_SCOPES.get(scope) or {Action(scope)} for scope in scopes))


def _least_role(actions: frozenset[Action]) -> Role:
    """The least role that may do all of it, so that a rule which asks for the role alone gives no more."""
    return next(role for role in reversed(Role) if actions <= ALLOWED[role])


def _view(row: ServiceToken) -> TokenView:
    return TokenView.model_validate(row.model_dump(include=set(TokenView.model_fields)))
