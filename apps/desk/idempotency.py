"""`Idempotency-Key`: a POST that is sent again is answered as the first time, and done once.

Only answers that say something was done (2xx) are kept: what was refused or failed may be tried again with its key.
They are kept sealed, since some hold a secret that is told once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from anyio import from_thread, to_thread
from fastapi import FastAPI
from sqlalchemy import delete, update
from sqlmodel import col, select
from starlette.datastructures import Headers, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pressroom.errors import AlreadyThere, WrongInput
from pressroom.model import Caller
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import IdempotentAnswer
from pressroom.store.tables import utc_now
from pressroom.vault import Vault

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
KEPT_HEADERS = ("content-type", "location", "etag")
KEPT_FOR = timedelta(hours=24)
UNDER_WAY = 0
GIVEN_UP_AFTER = timedelta(minutes=10)
"""A request that has not been answered by then has died with its process."""

LARGEST = 1_000_000
"""Bytes of an answer that is kept; none of ours is near it."""


@dataclass(frozen=True)
class _Claim:
    """The row of a request that is under way, and how its answer is sealed."""

    database: Database
    vault: Vault
    row_id: str


class Replayed(Exception):
    """The request was answered before; `answer` is what it was told."""

    def __init__(self, answer: IdempotentAnswer) -> None:
        super().__init__(answer.key)
        self.answer = answer


def install(app: FastAPI) -> None:
    """Have `Replayed` answered with what was kept."""
    app.add_exception_handler(Replayed, _replay)


def claim(request: Request, desk: Desk, caller: Caller) -> None:
    """Note that `caller`'s request is under way, if it is a POST with a key. To be called from a worker thread.

    Raises:
        Replayed: it was answered before.
        AlreadyThere: the key is another request's, or the same request is under way.
        WrongInput: the key is too long.
    """
    key = request.headers.get(HEADER)
    if request.method != "POST" or not key:
        return
    if len(key) > 255:
        raise WrongInput("The idempotency key is longer than 255 characters.", hint="A UUID will do.")
    database = desk.database.within(caller.workspace_id, caller.user_id or "")
    wanted = IdempotentAnswer(workspace_id=caller.workspace_id, key=key, request_hash=_hash(request, caller))
    request.state.idempotent = _Claim(database, desk.vault, _claimed(database, wanted))


def _claimed(database: Database, wanted: IdempotentAnswer) -> str:
    """The id of our row."""
    with database.write() as session:
        if insert_unless_there(session, wanted, ("workspace_id", "key")):
            return wanted.id
        known = session.exec(
            select(IdempotentAnswer)
            .where(IdempotentAnswer.workspace_id == wanted.workspace_id, IdempotentAnswer.key == wanted.key)
            .with_for_update()
        ).one()
        age = utc_now() - known.created_at
        if age > (GIVEN_UP_AFTER if known.status == UNDER_WAY else KEPT_FOR):
            known.request_hash, known.status, known.created_at = wanted.request_hash, UNDER_WAY, utc_now()
            session.add(known)
            return known.id
    if known.request_hash != wanted.request_hash:
        raise AlreadyThere("This idempotency key was used for another request.", hint="Take a new one.")
    if known.status == UNDER_WAY:
        raise AlreadyThere("The same request is under way.", hint="Ask again in a moment, with the same key.")
    raise Replayed(known)


class Idempotency:
    """Keeps the answers of requests that `claim` has noted, before they are given."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or HEADER not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope["state"])

        async def kept(message: Message) -> None:
            await answer.take(message)
            await send(message)

        try:
            await self._app(scope, receive, kept)
        finally:
            await answer.forget_unless_kept()


class _Answer:
    """One answer on its way out."""

    def __init__(self, state: Mapping[str, _Claim]) -> None:
        self._state = state
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._is_kept = False

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = Headers(raw=message["headers"])
            self._headers = {name: headers[name] for name in KEPT_HEADERS if name in headers}
            return
        self._body += message.get("body", b"")
        if not message.get("more_body") and self._claim and self._is_worth_keeping:
            await to_thread.run_sync(self._keep, self._claim)
            self._is_kept = True

    @property
    def _is_worth_keeping(self) -> bool:
        is_text = not self._body or "json" in self._headers.get("content-type", "")
        return 200 <= self._status < 300 and is_text and len(self._body) <= LARGEST

    @property
    def _claim(self) -> _Claim | None:
        return self._state.get("idempotent")

    async def forget_unless_kept(self) -> None:
        if self._claim and not self._is_kept:
            await to_thread.run_sync(self._forget, self._claim)

    def _keep(self, claim: _Claim) -> None:
        body = claim.vault.seal(self._body.decode())
        values = {"status": self._status, "headers": self._headers, "body": body}
        with claim.database.write() as session:
            session.execute(update(IdempotentAnswer).where(col(IdempotentAnswer.id) == claim.row_id).values(**values))

    @staticmethod
    def _forget(claim: _Claim) -> None:
        with claim.database.write() as session:
            session.execute(delete(IdempotentAnswer).where(col(IdempotentAnswer.id) == claim.row_id))


def _hash(request: Request, caller: Caller) -> str:
    """Hashes caller, address and body; of a form the fields, as their boundary is new each time."""
    digest = hashlib.sha256(f"{caller.name} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        for name, value in from_thread.run(_form, request):
            digest.update(f"{name}=".encode())
            digest.update(_content(value) if isinstance(value, UploadFile) else value.encode())
    else:
        digest.update(from_thread.run(request.body))
    return digest.hexdigest()


async def _form(request: Request) -> list[tuple[str, UploadFile | str]]:
    return (await request.form()).multi_items()


def _content(upload: UploadFile) -> bytes:
    digest = hashlib.file_digest(upload.file, "sha256")  # type: ignore[arg-type]
    upload.file.seek(0)
    return f"{upload.filename} {digest.hexdigest()}\n".encode()


async def _replay(request: Request, error: Exception) -> Response:
    assert isinstance(error, Replayed)
    desk: Desk = request.app.state.desk
    return Response(desk.vault.open(error.answer.body), error.answer.status, {**error.answer.headers, REPLAYED: "true"})
