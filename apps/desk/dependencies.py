"""A route asks for these: the desk's connections, the caller, and the database as that caller may see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from apps.desk import cookies, idempotency, limits
from blocks.orchestrator import Orchestrator
from pressroom.errors import Forbidden, NotSignedIn, PressroomError, WrongInput
from pressroom.model import Caller, Origin
from pressroom.people import callers, permissions, service_tokens
from pressroom.people.callers import Person
from pressroom.people.keys import KeyRing
from pressroom.people.permissions import Action
from pressroom.settings import Settings
from pressroom.store import audit
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.vault import Vault

LONGEST_AGENT = 300
CALLER = "pressroom.caller"
"""Where a request's scope has its caller when this process made the request itself: nothing from outside gets there."""

WORKSPACE = "Pressroom-Workspace"
"""The header that says by name or id which workspace is meant."""

_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')


@dataclass(frozen=True)
class Desk:
    """The connections of this process. `database` is bound to no workspace, and sees none: `DbDep` does."""

    settings: Settings
    database: Database
    store: ArtifactStore
    vault: Vault
    keys: KeyRing
    orchestrator: Orchestrator


def desk_of(connection: HTTPConnection) -> Desk:
    """The desk that `connection` came to."""
    desk: Desk = connection.app.state.desk
    return desk


async def get_desk(request: Request) -> Desk:
    return desk_of(request)


def origin_of(connection: HTTPConnection) -> Origin:
    """Where `connection` came from; behind a trusted proxy, where the proxy says.

    What every request depends on calls this and `desk_of` itself: FastAPI solves what a dependency depends on each time
    it is named, which costs more than either.
    """
    address = connection.client.host if connection.client else ""
    return Origin(address=address[:64], agent=connection.headers.get("user-agent", "")[:LONGEST_AGENT])


async def get_origin(request: Request) -> Origin:
    return origin_of(request)


DeskDep = Annotated[Desk, Depends(get_desk)]
OriginDep = Annotated[Origin, Depends(get_origin)]


def get_caller(request: Request) -> Caller:
    """Returns the caller, counted against what one may ask in a minute.

    It takes no parameters of its own, which FastAPI would read again for each route that asks for a caller;
    `openapi` tells what it reads.

    Raises:
        NotSignedIn: no token or cookie, or one that is over.
        Forbidden: a page's request to change something that the page did not send.
        NotFound: no such workspace, or none of the caller's.
        Throttled: too many requests.
        AlreadyThere: its idempotency key is another request's.
    """
    desk, origin = desk_of(request), origin_of(request)
    with _strangers_counted(desk, origin):
        caller = _identify(request, desk, origin, request.headers.get(WORKSPACE))
    limits.count_caller(desk, caller)
    request.state.caller = caller
    idempotency.claim(request, desk, caller)
    return caller


def _identify(request: Request, desk: Desk, origin: Origin, wanted: str | None) -> Caller:
    if CALLER in request.scope:
        own: Caller = request.scope[CALLER]
        return own
    kind, token = _authorization(request)
    if kind != "bearer":
        return callers.caller_of_page(desk.database, _checked_cookie(request), wanted, origin)
    if token.startswith(f"{service_tokens.PREFIX}_"):
        return service_tokens.caller_of(desk.database, token, origin)
    return callers.caller_of_access_token(desk.database, desk.keys, token, wanted, origin)


def uploader_of(request: Request) -> str | None:
    """Returns the id of the user or token that may send a large body, without reading it; None for others."""
    desk, origin = desk_of(request), origin_of(request)
    try:
        if _authorization(request)[0] == "bearer":
            caller = _identify(request, desk, origin, request.headers.get(WORKSPACE))
            return caller.user_id or caller.token_id
        cookie = cookies.read(request)
        if not cookie or not cookies.is_proof(cookies.early_proof(request), cookie):
            return None
        return callers.person_of_page(desk.database, cookie, origin).user_id
    except PressroomError:
        return None


def _authorization(request: Request) -> tuple[str, str]:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return kind.lower(), token.strip()


def _checked_cookie(request: Request) -> str:
    cookie = cookies.read(request)
    if not cookie:
        raise NotSignedIn("You are not signed in.", hint="POST /api/v1/auth/login gives an access token.")
    cookies.check_csrf(request, cookie)
    return cookie


CallerDep = Annotated[Caller, Depends(get_caller)]


def get_person(request: Request) -> Person:
    """Returns the person who is signed in, to any workspace or none, for account routes. Raises as `get_caller`."""
    desk, origin = desk_of(request), origin_of(request)
    with _strangers_counted(desk, origin):
        kind, token = _authorization(request)
        if kind == "bearer":
            person = callers.person_of_access_token(desk.database, desk.keys, token, origin)
        else:
            person = callers.person_of_page(desk.database, _checked_cookie(request), origin)
    limits.count_user(desk, person.user_id)
    return person


PersonDep = Annotated[Person, Depends(get_person)]


@contextmanager
def _strangers_counted(desk: Desk, origin: Origin) -> Iterator[None]:
    """Counts an unidentified caller by its address."""
    try:
        yield
    except NotSignedIn:
        limits.count_address(desk, origin)
        raise


async def get_database(request: Request, caller: CallerDep) -> Database:
    """The database as `caller` may see it: one workspace's rows."""
    return desk_of(request).database.within(caller.workspace_id, caller.user_id or "")


DbDep = Annotated[Database, Depends(get_database)]


async def count_strangers(request: Request) -> None:
    """Every route has it: one that needs no sign-in counts the address.

    Raises:
        Throttled: too many requests.
    """
    route = request.scope["route"]
    if not asks_for(route.dependant, get_caller, get_person):
        await to_thread.run_sync(limits.count_address, desk_of(request), origin_of(request))


def asks_for(dependant: Dependant, *wanted: Callable[..., Any]) -> bool:
    """True when a route calls one of `wanted`, directly or by what it depends on."""
    return dependant.call in wanted or any(asks_for(each, *wanted) for each in dependant.dependencies)


def limited(*rules: limits.Rule) -> Any:
    """For a route's `dependencies`: requests are counted by these rules too."""

    def count(request: Request, caller: CallerDep) -> None:
        limits.count_caller(desk_of(request), caller, *rules)

    return Depends(count)


def requires(action: Action) -> Any:
    """A route's `dependencies` admit callers that may do `action`; others get 403."""

    async def check(request: Request, caller: CallerDep) -> None:
        if not permissions.may(caller, action):
            await to_thread.run_sync(check_allowed, desk_of(request), caller, action)

    return Depends(check)


def check_allowed(desk: Desk, caller: Caller, action: Action) -> None:
    """Raises `Forbidden`, after noting it in the audit log, when `caller` may not do `action`."""
    try:
        permissions.check(caller, action)
    except Forbidden:
        with desk.database.within(caller.workspace_id, caller.user_id or "").write() as session:
            audit.note(session, caller, "permission.refused", details={"action": action})
        raise


async def expected_version(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description='The version that is changed, as its ETag said: `"3"`.')
    ] = None,
) -> int:
    """The version a change was made to.

    Raises:
        HTTPException: 428, without the header.
        WrongInput: it names no version.
    """
    if if_match is None:
        raise HTTPException(
            428, "Say with If-Match which version you changed, so that no other person's work is overwritten."
        )
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise WrongInput("If-Match names no version.", hint='Send back the ETag of the last answer: `If-Match: "3"`.')
    return int(found[1])


VersionDep = Annotated[int, Depends(expected_version)]
