"""Events as they happen, and how far runs are: one open answer that is added to (server-sent events)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlmodel import select

from apps.desk.broadcast import Broadcast, Listener, Told, events_after
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.model import Caller
from pressroom.people.permissions import Action
from pressroom.store.account_tables import Membership, ServiceToken, SignIn
from pressroom.store.database import Database
from pressroom.store.tables import utc_now

_log = logs.get_logger("pressroom.desk")

router = APIRouter(prefix="/events", tags=["events"], dependencies=[requires(Action.READ)])

HEARTBEAT_SECONDS = 15.0
"""How often a silent stream says something, and is asked whether its sign-in is still good."""

AGAIN_MILLISECONDS = 3000
"""When a browser whose stream broke comes again."""

SILENCE = Told(kind="", data={})

EXAMPLE = (
    'id: 0b7c\nevent: run.completed\ndata: {"id": "0b7c", "type": "run.completed", "data": {"run_id": "51d2"}}\n\n'
    'event: progress\ndata: {"run_id": "51d2", "percent": 40, "done": 6, "expected": 15}\n\n'
)
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "A stream.", "content": {"text/event-stream": {"example": EXAMPLE}}}
}


async def get_broadcast(request: Request, desk: DeskDep) -> Broadcast:
    """The broadcast of this process: created for the first listener, and again after the application restarts."""
    state = request.app.state
    broadcast: Broadcast | None = getattr(state, "broadcast", None)
    if broadcast is None or broadcast.closing is not state.closing:
        broadcast = state.broadcast = Broadcast(desk.database, state.closing)
    return broadcast


async def listen(broadcast: Annotated[Broadcast, Depends(get_broadcast)], caller: CallerDep) -> AsyncIterator[Listener]:
    """A listener of the caller's workspace, dismissed when the answer is over, however it ends.

    Raises:
        Throttled: too many listen already. A stream that has begun could not say so.
    """
    broadcast.check_room()
    async with broadcast.listening(caller.workspace_id) as listener:
        yield listener


ListenerDep = Annotated[Listener, Depends(listen)]


@router.get("", response_class=EventSourceResponse, responses=STREAM)
async def follow_events(
    database: DbDep,
    caller: CallerDep,
    listener: ListenerDep,
    last_event_id: Annotated[
        str | None, Header(max_length=64, description="The last `id` that was heard: it goes on after that.")
    ] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Stream the workspace's events, from now on or after `Last-Event-ID`, and `progress` of runs under way.

    An event may come twice, with the same id. The stream ends when the sign-in does.
    """
    yield ServerSentEvent(retry=AGAIN_MILLISECONDS)
    missed = await _missed(database, caller, last_event_id)
    for told in missed:
        yield as_sent(told)
    heard = {told.id for told in missed}  # what was told while the missed was read is in both
    while await to_thread.run_sync(is_signed_in, database, caller):
        until = time.monotonic() + HEARTBEAT_SECONDS
        while (heard_now := await _next(listener, until - time.monotonic())) is not SILENCE:
            if heard_now is None:
                return
            if heard_now.id not in heard:
                yield as_sent(heard_now)
        yield ServerSentEvent(comment="")


async def _next(listener: Listener, seconds: float) -> Told | None:
    """The listener's next event, or `SILENCE` when no event comes within `seconds`."""
    try:
        return await asyncio.wait_for(listener.get(), max(0.0, seconds))
    except TimeoutError:
        return SILENCE


async def _missed(database: Database, caller: Caller, last_event_id: str | None) -> list[Told]:
    if not last_event_id:
        return []
    return await to_thread.run_sync(events_after, database, caller.workspace_id, last_event_id)


def as_sent(told: Told) -> ServerSentEvent:
    """`told` as the stream has it; FastAPI's own way to JSON takes six times as long."""
    return ServerSentEvent(id=told.id or None, event=told.kind, raw_data=json.dumps(told.data, separators=(",", ":")))


def is_signed_in(database: Database, caller: Caller) -> bool:
    """True while the caller's token is valid, or the sign-in is valid and the user a member; also if the read fails."""
    try:
        with database.read() as session:
            if caller.token_id:
                token = session.get(ServiceToken, caller.token_id)
                return token is not None and not token.revoked_at and _is_ahead(token.expires_at)
            sign_in = session.get(SignIn, caller.sign_in_id)
            mine = (Membership.user_id == caller.user_id, Membership.workspace_id == caller.workspace_id)
            is_member = session.exec(select(Membership.id).where(*mine)).first() is not None
    except PressroomError as error:
        _log.warning("stream.not_checked", code=error.code)
        return True
    return is_member and sign_in is not None and not sign_in.revoked_at and _is_ahead(sign_in.expires_at)


def _is_ahead(moment: datetime | None) -> bool:
    return moment is None or moment > utc_now()
