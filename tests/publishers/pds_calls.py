"""Requests to a Bluesky server, to be made later: each gives a `Call`, which `pds_exchanges` puts into its table."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx2
import jwt
from PIL import Image

from tests.fixtures.real_pds import Account

POSTS = "app.bsky.feed.post"
WRITES = "com.atproto.repo.applyWrites"
POST = {"$type": POSTS, "text": "hello", "createdAt": "2026-01-01T00:00:00.000Z"}

Json = dict[str, Any]


@dataclass
class Conversation:
    """A client, and the answers it has had, by the name of their exchange."""

    client: httpx2.Client
    account: Account
    expire: Callable[[str], str] | None
    answers: dict[str, Json] = field(default_factory=dict)

    def call(self, procedure: str, body: object, token: str | None = None) -> httpx2.Response:
        """A procedure, with the access token of the first session unless told otherwise."""
        return self.client.post(procedure, json=body, headers=self._signed(token))

    def upload(self, content: bytes, media_type: str) -> httpx2.Response:
        """A blob."""
        headers = {**self._signed(None), "Content-Type": media_type}
        return self.client.post("com.atproto.repo.uploadBlob", content=content, headers=headers)

    def query(self, name: str, **parameters: object) -> httpx2.Response:
        """A query, without a token."""
        return self.client.get(name, params={key: str(value) for key, value in parameters.items()})

    def refresh(self, token: str) -> httpx2.Response:
        """A new pair of tokens; token: of the kind that refreshes."""
        return self.client.post("com.atproto.server.refreshSession", headers=self._signed(token))

    def _signed(self, token: str | None) -> dict[str, str]:
        token = self.answers["a session"]["accessJwt"] if token is None else token
        return {"Authorization": f"Bearer {token}"} if token else {}


Call = Callable[[Conversation], httpx2.Response]


class Fact(NamedTuple):
    """A fact about an answer: its words, and its test."""

    words: str
    test: Callable[[Conversation, Json], bool]


class Exchange(NamedTuple):
    """`fields`: of the answer, all of them, with blanks between; `holds`: what else is true of it."""

    name: str
    call: Call
    status: int
    error: str = ""
    message: str = ""
    fields: str = ""
    holds: Fact | None = None

    def difference(self, one: Conversation) -> str:
        """Makes the request and keeps the answer; how it is not the expected one, or nothing."""
        try:
            answer = self.call(one)
            body = one.answers[self.name] = answer.json() if answer.content else {}
        except KeyError as missing:
            return f"needs {missing}, which an earlier exchange did not give"
        except ValueError:
            return f"{answer.status_code} {answer.text[:300]}, which is not JSON"
        if answer.status_code != self.status or body.get("error", "") != self.error:
            return f"{answer.status_code} {answer.text[:300]} instead of {self.status} {self.error}"
        if self.message not in body.get("message", ""):
            return f"the message {body.get('message')!r} instead of {self.message!r}"
        if self.fields and set(body) != set(self.fields.split()):
            return f"the fields {sorted(body)} instead of {sorted(self.fields.split())}"
        return f"not {self.holds.words}: {answer.text[:300]}" if self.holds and not self.holds.test(one, body) else ""


def same(earlier: str, name: str = "cid") -> Fact:
    """A field of the answer is that of an earlier exchange."""
    return Fact(f"the {name} of {earlier!r}", lambda one, body: bool(body[name] == one.answers[earlier][name]))


def keys(*expected: str, of: str) -> Fact:
    """The records of a list in the answer have these keys."""
    return Fact(f"{expected}", lambda one, body: [each["uri"].rpartition("/")[2] for each in body[of]] == [*expected])


def put(key: str, record: Json, **more: object) -> Call:
    """`putRecord` of a post."""
    return lambda one: one.call("com.atproto.repo.putRecord", {**_place(one, key), "record": record, **more})


def put_instead(key: str, record: Json, earlier: str) -> Call:
    """`putRecord` of a post in the place of the one that an earlier exchange put there."""
    return lambda one: put(key, record, swapRecord=one.answers[earlier]["cid"])(one)


def put_with(token: Callable[[Conversation], str], key: str) -> Call:
    """`putRecord` with another token."""
    body = {"record": POST, "swapRecord": None}
    return lambda one: one.call("com.atproto.repo.putRecord", {**_place(one, key), **body}, token(one))


def create(record: Json, **more: object) -> Call:
    """`createRecord` of a post, with the server's own key or with `rkey`."""
    body = {"collection": POSTS, "record": record, **more}
    return lambda one: one.call("com.atproto.repo.createRecord", {"repo": one.account.did, **body})


def write(*posts: tuple[str, Json]) -> Call:
    """`applyWrites` that creates posts, as (key, record), all or none."""
    writes = [{"$type": f"{WRITES}#create", "collection": POSTS, "rkey": key, "value": one} for key, one in posts]
    return lambda one: one.call(WRITES, {"repo": one.account.did, "writes": writes})


def get(key: str, **more: object) -> Call:
    """`getRecord` of a post."""
    return lambda one: one.query("com.atproto.repo.getRecord", **{**_place(one, key), **more})


def delete(key: str) -> Call:
    """`deleteRecord` of a post."""
    return lambda one: one.call("com.atproto.repo.deleteRecord", _place(one, key))


def sign_in(password: str = "") -> Call:
    """`createSession` with the account's app password or with another."""
    name = "com.atproto.server.createSession"
    return lambda one: one.call(name, {"identifier": one.account.did, "password": password or one.account.password}, "")


def refresh(earlier: str, kind: str = "refreshJwt") -> Call:
    """`refreshSession` with a token of an earlier session."""
    return lambda one: one.refresh(one.answers[earlier][kind])


def show(earlier: str, key: str, count: int = 1, **more: object) -> Call:
    """`putRecord` of a post with the picture an earlier exchange uploaded, `count` times. more: of each picture."""
    return lambda one: put(key, _with_pictures(one.answers[earlier]["blob"], count, more))(one)


def reply(earlier: str, key: str, **changed: object) -> Call:
    """`putRecord` of an answer to an earlier post. changed: of the reference to it."""

    def call(one: Conversation) -> httpx2.Response:
        to = {"uri": one.answers[earlier]["uri"], "cid": one.answers[earlier]["cid"], **changed}
        return put(key, {**POST, "reply": {"root": to, "parent": to}})(one)

    return call


def _place(one: Conversation, key: str) -> Json:
    return {"repo": one.account.did, "collection": POSTS, "rkey": key}


def _with_pictures(blob: object, count: int, more: Json) -> Json:
    picture = {key: value for key, value in {"alt": "", "image": blob, **more}.items() if value is not None}
    return {**POST, "embed": {"$type": "app.bsky.embed.images", "images": [picture] * count}}


def facet(start: int, end: int, **feature: str) -> Json:
    kind = {"$type": f"app.bsky.richtext.facet#{feature.pop('kind')}"}
    return {**POST, "facets": [{"index": {"byteStart": start, "byteEnd": end}, "features": [{**kind, **feature}]}]}


def picture(length: int) -> bytes:
    """A JPEG of so many bytes, most of them behind its end."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return file.getvalue().ljust(length, b"\0")


def expired(kind: str) -> Callable[[Conversation], str]:
    def token(one: Conversation) -> str:
        assert one.expire
        return one.expire(one.answers["a session"][kind])

    return token


def identity(session: Json) -> object:
    """The id of a session's refresh token, or the token itself where it is no JWT."""
    try:
        return jwt.decode(session["refreshJwt"], options={"verify_signature": False}).get("jti")
    except jwt.DecodeError:
        return session["refreshJwt"]
