"""Bluesky, by the AT protocol: a record under a key of our own, so that a repeat changes nothing.

https://docs.bsky.app and the lexicons of github.com/bluesky-social/atproto; what a server of version 0.4.217 answers
is held by the tests that publish to one.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from pressroom.errors import ChannelUnusable, OutcomeUnclear
from pressroom.model import Medium
from pressroom.model.publishing import (
    Absent,
    Account,
    Asked,
    Certainty,
    Channel,
    Found,
    Metrics,
    PartKind,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.platforms import counting
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Refusal, Rule
from pressroom.publishers.sending.publisher import Job, NotYet, Password, Publisher

COLLECTION = "app.bsky.feed.post"
AT_ONCE = 25
"""Posts that one call asks the figures of."""

_SORTED = "234567abcdefghijklmnopqrstuvwxyz"
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TAG = re.compile(r"(?<![\w#/&])#(?=[^\W\d_]|\d*[^\W\d_])[\w]+")
_MENTION = re.compile(r"(?<![\w@./])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,})\b")


class Bluesky(Publisher):
    platform = "bluesky"
    bases = {"api": "https://bsky.social"}
    takes = ("threads",)
    connection = Password(
        asks=(
            ("identifier", "Handle", "for example name.bsky.social"),
            ("secret", "App password", "Bluesky: Settings, Privacy and security, App passwords"),
        ),
        server=True,
        usual="https://bsky.social",
    )
    certainty = Certainty.CERTAIN
    proof = "The post has a key of ours: the server tells whether it is there."
    threads = True
    comments = True
    rules = (
        Rule("token", code=("ExpiredToken", "InvalidToken", "AuthMissing")),
        Rule("account", code=("AccountTakedown", "AccountDeactivated", "AccountSuspended"), reason="account_blocked",
             hint="Ask Bluesky's support."),
        Rule("account", status=(401,), code=("AuthenticationRequired",), reason="password_wrong",
             hint="Make a new app password and connect the channel again."),
        Rule("later", status=(429,)),
        Rule("later", code=("BlobNotFound",), seconds=1),
        Rule("duplicate", status=(400,), code=("InvalidSwap",)),
        Rule("refused", code=("InvalidRequest", "BlobTooLarge", "InvalidMimeType", "PayloadTooLarge")),
    )  # fmt: skip

    # Accounts

    def sign_in(self, line: Line, given: Mapping[str, str]) -> Credentials:
        said = {"identifier": given["identifier"].strip().removeprefix("@"), "password": given["secret"]}
        return _credentials(line.post("api:/xrpc/com.atproto.server.createSession", json=said, auth=False).json())

    def refresh(self, line: Line, credentials: Credentials) -> Credentials:
        assert credentials.refresh is not None
        bearer = {"Authorization": f"Bearer {credentials.refresh.get_secret_value()}"}
        reply = line.post("api:/xrpc/com.atproto.server.refreshSession", auth=False, headers=bearer)
        return _credentials(reply.json())

    def accounts(self, line: Line) -> Sequence[Account]:
        said = line.get("api:/xrpc/com.atproto.server.getSession").json()
        return (Account(remote_id=said["did"], name=said["handle"], title=said["handle"]),)

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(line.get("api:/xrpc/com.atproto.server.getSession").json()["did"])

    # Sending

    def as_sent(self, text: str) -> str:
        return counting.bluesky_shown(text)

    def counted(self, text: str) -> str:
        return text

    def prepare(self, job: Job) -> NotYet | None:
        for medium in job.files:
            if not job.memory.get(f"blob_{medium.position}"):
                job.memory.put(**{f"blob_{medium.position}": json.dumps(_uploaded(job, medium))})
        if not job.memory.get("facets"):
            job.memory.put(facets=json.dumps(list(_facets(job))))
        return None

    def send(self, job: Job) -> Sent:
        said = {**_place(job), "record": _record(job), "swapRecord": None, "validate": True}
        reply = job.line.post("api:/xrpc/com.atproto.repo.putRecord", json=said, ok=(200, 400))
        if reply.status == 400:
            raise self._not_taken(job, job.line.read(reply))
        body = reply.json()
        if not isinstance(body, dict) or not body.get("uri"):
            raise OutcomeUnclear("Bluesky took the post and named no address for it.")
        return Sent(ref=_ref(job.channel, body["uri"], body["cid"]))

    def _not_taken(self, job: Job, refusal: Refusal) -> Exception:
        """The error of a refused record; pictures that the server has dropped meanwhile are uploaded again."""
        if refusal.code == "BlobNotFound":
            job.memory.put(**{f"blob_{medium.position}": "" for medium in job.files})
        return job.line.error(refusal)

    def ask(self, job: Job) -> Asked:
        found = _record_at(job.line, _place(job))
        if found is None:
            return Absent(certain=True)
        return Found(ref=_ref(job.channel, found["uri"], found["cid"]))

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        repo, collection, rkey = ref.remote_id.removeprefix("at://").split("/")
        found = _record_at(job.line, {"repo": repo, "collection": collection, "rkey": rkey})
        if found is None:
            return None
        embed = found["value"].get("embed", {})
        files = len(embed.get("images", ())) or int("video" in embed)
        return Reading(ref=_ref(job.channel, found["uri"], found["cid"]), text=found["value"]["text"], media=files)

    def comparable(self, text: str) -> str:
        return text

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        found = []
        for start in range(0, len(remote_ids), AT_ONCE):
            uris = {"uris": list(remote_ids[start : start + AT_ONCE])}
            said = line.get("api:/xrpc/app.bsky.feed.getPosts", params=uris).json()
            found += [Metrics(remote_id=post["uri"], values=_figures(post)) for post in said["posts"]]
        return found

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        repo, collection, rkey = ref.remote_id.removeprefix("at://").split("/")
        said = {"repo": repo, "collection": collection, "rkey": rkey}
        line.post("api:/xrpc/com.atproto.repo.deleteRecord", json=said)


PUBLISHER = Bluesky()


def record_key(begun_at: datetime, position: int, key: str) -> str:
    """The record's key (a TID): always the same for a part of a publication. key: 32 hex digits."""
    stamp = (begun_at - _EPOCH) // _MICROSECOND + position
    number = (stamp << 10) | (int(key[:8], 16) & 1023)
    return "".join(_SORTED[(number >> shift) & 31] for shift in range(60, -1, -5))


def _place(job: Job) -> dict[str, str]:
    rkey = record_key(job.begun_at, job.position, job.key)
    return {"repo": job.channel.account.remote_id, "collection": COLLECTION, "rkey": rkey}


def _record(job: Job) -> dict[str, Any]:
    said: dict[str, Any] = {
        "$type": COLLECTION,
        "text": counting.bluesky_shown(job.part.text),
        "createdAt": job.begun_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "langs": [job.approved.language],
    }
    if facets := json.loads(job.memory.get("facets") or "[]"):
        said["facets"] = facets
    if embed := _embed(job):
        said["embed"] = embed
    if job.parents:
        root, parent = job.parents[0], job.parents[0 if job.part.kind is PartKind.COMMENT else -1]
        said["reply"] = {"root": _strong(root), "parent": _strong(parent)}
    return said


def _strong(ref: RemoteRef) -> dict[str, str]:
    return {"uri": ref.remote_id, "cid": ref.extra["cid"]}


def _embed(job: Job) -> dict[str, Any] | None:
    blobs = [(medium, json.loads(job.memory.get(f"blob_{medium.position}"))) for medium in job.files]
    if not blobs:
        return None
    first, blob = blobs[0]
    if first.media_type.startswith("video/"):
        return {"$type": "app.bsky.embed.video", "video": blob, "alt": first.alt_text, **_ratio(first)}
    images = [{"image": blob, "alt": medium.alt_text, **_ratio(medium)} for medium, blob in blobs]
    return {"$type": "app.bsky.embed.images", "images": images}


def _ratio(medium: Medium) -> dict[str, Any]:
    if not (medium.width and medium.height):
        return {}
    return {"aspectRatio": {"width": medium.width, "height": medium.height}}


def _uploaded(job: Job, medium: Medium) -> Any:
    kind = {"Content-Type": medium.media_type}
    content = job.media.read(medium)
    reply = job.line.post("api:/xrpc/com.atproto.repo.uploadBlob", content=content, headers=kind, seconds=300)
    return reply.json()["blob"]


def _facets(job: Job) -> Iterator[dict[str, Any]]:
    """Links, hashtags and mentions with their places in bytes of UTF-8; a mention of an unknown account is plain."""
    start = 0
    for shown, address in counting.bluesky_pieces(job.part.text):
        if address:
            yield _facet(start, shown, {"$type": "app.bsky.richtext.facet#link", "uri": address})
        else:
            yield from _words(job.line, shown, start)
        start += len(shown.encode())


def _words(line: Line, text: str, start: int) -> Iterator[dict[str, Any]]:
    """Hashtags and mentions of a piece without links. start: the piece's place in the post, in bytes."""
    for match in _TAG.finditer(text):
        tag = {"$type": "app.bsky.richtext.facet#tag", "tag": match.group()[1:]}
        yield _facet(start + len(text[: match.start()].encode()), match.group(), tag)
    for match in _MENTION.finditer(text):
        if did := _did(line, match.group(1)):
            mention = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            yield _facet(start + len(text[: match.start()].encode()), match.group(), mention)


def _facet(start: int, text: str, feature: dict[str, str]) -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": start + len(text.encode())}, "features": [feature]}


def _did(line: Line, handle: str) -> str:
    reply = line.get(
        "api:/xrpc/com.atproto.identity.resolveHandle", params={"handle": handle.lower()}, ok=(200, 400, 404)
    )
    return str(reply.json().get("did", "")) if reply.status == 200 else ""


def _record_at(line: Line, place: dict[str, str]) -> Any:
    """The record at a place; None when the server says that it has none."""
    reply = line.get("api:/xrpc/com.atproto.repo.getRecord", params=place, ok=(200, 400, 404))
    body = reply.json()
    if reply.status == 200 and isinstance(body, dict):
        return body
    refusal = line.read(reply)
    if refusal.code == "RecordNotFound":
        return None
    raise line.error(refusal)


def _ref(channel: Channel, uri: str, cid: str) -> RemoteRef:
    rkey = uri.rpartition("/")[2]
    link = f"https://bsky.app/profile/{channel.account.name}/post/{rkey}"
    return RemoteRef(remote_id=uri, permalink=link, extra={"cid": cid})


def _figures(post: Mapping[str, Any]) -> dict[str, int]:
    native = {"likes": "likeCount", "shares": "repostCount", "comments": "replyCount", "quotes": "quoteCount"}
    return {ours: int(post[theirs]) for ours, theirs in native.items() if theirs in post}


def _credentials(said: Any) -> Credentials:
    if not isinstance(said, dict) or not said.get("accessJwt"):
        raise ChannelUnusable("Bluesky answered the sign-in with something else than a session.", reason="sign_in")
    return Credentials(
        access=SecretStr(said["accessJwt"]),
        refresh=SecretStr(said["refreshJwt"]),
        expires_at=_expiry(said["accessJwt"]),
        refresh_expires_at=_expiry(said["refreshJwt"]),
    )


def _expiry(token: str) -> datetime | None:
    """When a JWT ends; None when it doesn't say."""
    try:
        middle = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return datetime.fromtimestamp(said["exp"], UTC)
    except (IndexError, ValueError, KeyError, TypeError):
        return None
