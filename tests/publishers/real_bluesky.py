"""A real Bluesky server behind the faults, the journal and the clock of the stand-ins: the same suite runs on both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx2

from sandbox.social.frame.server import SocialServer
from sandbox.social.frame.standin import Clock, Post, Standin
from sandbox.wire import Request, Response
from tests.fixtures.real_pds import Account, RealPds
from tests.publishers.pds_calls import POSTS

PASSED_ON = ("authorization", "content-type", "accept")


class RealBlueskyServer(SocialServer):
    """One account of a real server; `reset` deletes its posts."""

    def __init__(self, pds: RealPds) -> None:
        handle = f"c{uuid4().hex[:10]}.test"
        self._pds, self._handle, self._account = pds, handle, pds.create_account(handle)
        self._session = pds.sign_in(self._account)
        super().__init__("bluesky")

    def reset(self) -> None:
        bluesky = RealBluesky(self.clock, self._pds, self._account, self._handle, self._session)
        bluesky.clear()
        self.standins = {"bluesky": bluesky}
        self.faults.clear()
        self.journal.clear()
        self.files = {}


class RealBluesky(Standin):
    """Passes each request on. What is public, and was counted, is read from the server itself."""

    name = "bluesky"

    def __init__(self, clock: Clock, pds: RealPds, account: Account, handle: str, session: Mapping[str, str]) -> None:
        self.clock, self._pds, self._account, self._handle, self._session = clock, pds, account, handle, session
        self._expired = False

    def seed(self) -> dict[str, Any]:
        credentials = {"access": self._session["accessJwt"], "refresh": self._session["refreshJwt"]}
        account = {"remote_id": self._account.did, "name": self._handle, "title": self._handle}
        return {"account": account, "credentials": credentials, "settings": {}}

    def expire(self) -> None:
        self._expired = True

    async def handle(self, request: Request, path: str, origin: str) -> Response:
        """The server's own answer to a request."""
        headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
        if self._expired and "authorization" in headers:
            headers["authorization"] = f"Bearer {self._pds.expired(headers['authorization'].partition(' ')[2])}"
        address = f"{self._pds.url}{path.removeprefix('/api')}?{request.query}".rstrip("?")
        async with httpx2.AsyncClient(timeout=30) as client:
            answer = await client.request(request.method, address, headers=headers, content=request.body)
        said = {name: value for name, value in answer.headers.items() if name in {"content-type", "date"}}
        return Response(answer.status_code, answer.content, said)

    @property
    def posts(self) -> dict[str, Post]:  # type: ignore[override]
        """The account's records in the order of their keys."""
        asked = {"repo": self._account.did, "collection": POSTS, "limit": 100, "reverse": True}
        found = httpx2.get(f"{self._pds.url}/xrpc/com.atproto.repo.listRecords", params=asked).raise_for_status().json()
        return {each["uri"]: _post(self._account.did, each) for each in found["records"]}

    @property
    def counts(self) -> dict[str, int]:  # type: ignore[override]
        return {"post": len(self.posts)}

    def clear(self) -> None:
        for uri in self.posts:
            place = {"repo": self._account.did, "collection": POSTS, "rkey": uri.rpartition("/")[2]}
            self._pds.call("com.atproto.repo.deleteRecord", place, self._session["accessJwt"])


def _post(account: str, record: dict[str, Any]) -> Post:
    said = record["value"]
    parent = said.get("reply", {}).get("parent", {}).get("uri", "")
    files = [{"alt": image["alt"]} for image in said.get("embed", {}).get("images", ())]
    made = datetime.fromisoformat(said["createdAt"]).timestamp()
    return Post(record["uri"], account, said["text"], said["text"], made, parent=parent, files=files)
