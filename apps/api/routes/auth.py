"""Accounts and sign-ins: registering, tokens and their renewal, one's own profile, password and sessions."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, SecretStr

from apps.api.parameters import Id
from apps.desk import cookies, leaving
from apps.desk.dependencies import DeskDep, OriginDep, PersonDep
from apps.desk.problems import responses
from pressroom.people import deletion, people, sign_ins
from pressroom.people.passwords import LONGEST
from pressroom.people.people import Profile
from pressroom.people.sign_ins import SignedIn, SignInView

router = APIRouter(prefix="/auth", tags=["auth"])

NO_STORE = {"Cache-Control": "no-store"}
"""For answers that hold a secret."""

Email = Annotated[str, Field(max_length=254, examples=["ada@example.com"])]
Password = Annotated[SecretStr, Field(max_length=LONGEST, examples=["correct horse battery staple"])]
Name = Annotated[str, Field(max_length=people.LONGEST_NAME)]


class Registration(BaseModel):
    """A request for a new account."""

    email: Email
    password: Password
    name: Name = Field(default="", examples=["Ada"])
    workspace: Name = Field(default="", description="Title of the workspace that is made, without an invitation.")
    invitation: str = Field(default="", max_length=200, description="The token of an invitation's link.")


class Registered(BaseModel):
    """The same answer whether or not the address had an account, so that it reveals no accounts."""

    detail: str = Field(default="If the address had no account, it has one now: sign in.")


class Login(BaseModel):
    email: Email
    password: Password


class RefreshToken(BaseModel):
    refresh_token: str = Field(max_length=300)


class Tokens(BaseModel):
    """The tokens of a sign-in. Each refresh token works once."""

    access_token: str = Field(description="Sent as `Authorization: Bearer ...`.")
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (its kind)
    expires_in: int = Field(description="Seconds the access token lives.", examples=[900])


class ProfileChange(BaseModel):
    name: Name = Field(examples=["Ada Lovelace"])


class PasswordChange(BaseModel):
    current: Password
    new: Password


class Confirmation(BaseModel):
    """The password once more, before something that can't be undone."""

    password: Password


class Ended(BaseModel):
    ended: int = Field(description="Sessions that are over now.")


@router.post("/register", status_code=202, responses=responses(402, 403, 404, 409))
def register(wanted: Registration, desk: DeskDep, origin: OriginDep) -> Registered:
    """Make an account; sign in with it afterwards. PRESSROOM_REGISTRATION decides who may register."""
    sign_ins.register(
        desk.database,
        email=wanted.email,
        password=wanted.password.get_secret_value(),
        name=wanted.name,
        workspace=wanted.workspace,
        invitation=wanted.invitation,
        origin=origin,
    )
    return Registered()


@router.post("/login", responses=responses(401))
def login(wanted: Login, response: Response, desk: DeskDep, origin: OriginDep) -> Tokens:
    """Sign in. After some failures this network address has to wait before it tries this account again."""
    found = sign_ins.sign_in(desk.database, desk.keys, wanted.email, wanted.password.get_secret_value(), origin, "api")
    return _tokens(found, response)


@router.post("/refresh", responses=responses(401))
def refresh(given: RefreshToken, response: Response, desk: DeskDep, origin: OriginDep) -> Tokens:
    """Exchange a refresh token for new tokens.

    A token that was exchanged before ends the whole session, because two clients hold it. Within ten seconds it is only
    refused, because two tabs may send it at the same time.
    """
    return _tokens(sign_ins.refresh(desk.database, desk.keys, given.refresh_token, origin), response)


@router.post("/logout", status_code=204)
def logout(request: Request, response: Response, desk: DeskDep, person: PersonDep) -> None:
    """End this session: its access token, refresh token or cookie is refused from now on."""
    sign_ins.revoke(desk.database, person.user_id, person.sign_in_id, person.origin)
    if cookies.read(request):
        cookies.clear(response, desk.settings)


@router.get("/me")
def get_me(desk: DeskDep, person: PersonDep) -> Profile:
    """Return the caller's own account."""
    return people.profile_of(desk.database, person.user_id)


@router.patch("/me")
def update_me(wanted: ProfileChange, desk: DeskDep, person: PersonDep) -> Profile:
    """Change the caller's name."""
    return people.rename(desk.database, person, wanted.name)


@router.delete("/me", status_code=204)
def delete_me(given: Confirmation, desk: DeskDep, person: PersonDep) -> None:
    """Delete the caller's account and end its memberships. Workspaces without other members close.

    403 when a workspace with other members would have no owner.
    """
    closed = deletion.delete_account(desk.database, person, given.password.get_secret_value())
    leaving.forget_schedules(desk, closed)


@router.put("/password", status_code=204)
def change_password(wanted: PasswordChange, desk: DeskDep, person: PersonDep) -> None:
    """Change the password. Every other session ends."""
    current, new = wanted.current.get_secret_value(), wanted.new.get_secret_value()
    sign_ins.change_password(desk.database, person.user_id, current, new, person.origin, keep=person.sign_in_id)


@router.get("/sessions")
def list_sessions(desk: DeskDep, person: PersonDep) -> list[SignInView]:
    """List the caller's open sessions, newest first."""
    return sign_ins.sessions_of(desk.database, person.user_id, current=person.sign_in_id)


@router.delete("/sessions")
def end_other_sessions(desk: DeskDep, person: PersonDep) -> Ended:
    """End all sessions of the caller except this one."""
    ended = sign_ins.revoke_all(desk.database, person.user_id, person.origin, keep=person.sign_in_id)
    return Ended(ended=ended)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(session_id: Id, desk: DeskDep, person: PersonDep) -> None:
    """End one of the caller's sessions."""
    sign_ins.revoke(desk.database, person.user_id, session_id, person.origin)


def _tokens(found: SignedIn, response: Response) -> Tokens:
    response.headers.update(NO_STORE)
    return Tokens(access_token=found.access_token, refresh_token=found.token, expires_in=found.access_seconds)
