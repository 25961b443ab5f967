"""Mastodon: one API on many servers, each with limits of its own.

https://docs.joinmastodon.org/methods/statuses; what an instance takes is in its `GET /api/v2/instance`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from pressroom.errors import ChannelUnusable, PostRefused, PublishLater
from pressroom.model import Medium
from pressroom.model.publishing import (
    Absent,
    Account,
    Asked,
    Certainty,
    Channel,
    Listed,
    Metrics,
    PartKind,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.platforms import counting
from pressroom.publishers.sending.asking import among, walk, window_start
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Phase, Refusal, Reply, Rule, TokenRefused, plain_refusal
from pressroom.publishers.sending.publisher import Job, NotYet, Options, Password, Publisher, option

SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media")
KEY_HOLDS = timedelta(minutes=50)
"""An instance knows an Idempotency-Key for an hour: within that, sending again makes no second post."""
AT_ONCE = 40
"""Posts on a page of an account's list, the most there is."""
LOOK_AGAIN = 5.0  # seconds


class MastodonOptions(Options):
    """privacy: of all parts. spoiler_text: a content warning that hides the text until readers ask for it."""

    privacy: Literal["public", "unlisted", "private"] = "public"
    sensitive: bool = Field(default=False, description="Hides pictures and films until readers ask for them.")
    spoiler_text: str = Field(default="", max_length=500, description="Content warning; counts as part of the text.")


class Mastodon(Publisher):
    platform = "mastodon"
    bases = {"api": "https://mastodon.social"}
    takes = ("bluesky", "threads")
    connection = Password(
        asks=(("secret", "Access token", f"Preferences, Development, New application, with {', '.join(SCOPES)}"),),
        server=True,
        usual="https://mastodon.social",
    )
    certainty = Certainty.CERTAIN
    proof = "The account's list tells; within an hour the instance also knows a key of ours and makes no second post."
    options = MastodonOptions
    threads = True
    comments = True
    rules = (
        Rule("account", status=(401,), words="revoked", reason="token_revoked"),
        Rule("account", status=(403,), words="outside the authorized scopes", reason="scope_missing",
             hint=f"Make a token with the scopes {', '.join(SCOPES)} and connect the channel again."),
        Rule("account", status=(403,), phases=(Phase.ACCOUNT, Phase.PREPARE, Phase.SEND), reason="account_blocked",
             hint="Look at the account on its instance, or ask its moderators."),
        Rule("later", status=(429,)),
        Rule("later", status=(422,), words="finished processing", seconds=LOOK_AGAIN),
        Rule("refused", status=(404,), phases=(Phase.SEND,), reason="parent_gone",
             hint="The post that this one replies to is gone."),
        Rule("refused", status=(400, 413, 422), phases=(Phase.PREPARE, Phase.SEND)),
    )  # fmt: skip

    # Accounts

    def sign_in(self, line: Line, given: Mapping[str, str]) -> Credentials:
        credentials = Credentials(access=SecretStr(given["secret"].strip()))
        try:
            _myself(line.under(credentials))
        except TokenRefused as error:
            raise ChannelUnusable(error.message, hint="Copy the whole access token.", reason="sign_in") from None
        return credentials

    def refresh(self, line: Line, credentials: Credentials) -> Credentials:
        """The same: tokens hold until they are revoked. Raises `TokenRefused` when the instance says that it was."""
        try:
            _myself(line.under(credentials))
        except TokenRefused as error:
            if "access token" in error.message:
                raise
            raise PublishLater(error.message) from None  # not the instance's own words: a proxy, or an outage
        return credentials

    def accounts(self, line: Line) -> Sequence[Account]:
        return (_myself(line),)

    def whoami(self, line: Line, channel: Channel) -> str:
        return _myself(line).remote_id

    # Sending

    def prepare(self, job: Job) -> NotYet | None:
        _check_limits(job, _limits(job))
        for medium in job.files:
            if not job.memory.get(_file(medium)):
                job.memory.put(**{_file(medium): _uploaded(job, medium)})
        return next((waits for waits in (_processing(job, medium) for medium in job.files) if waits), None)

    def send(self, job: Job) -> Sent:
        reply = job.line.post("api:/api/v1/statuses", json=_status(job), headers={"Idempotency-Key": job.key})
        return Sent(ref=_ref(job.line, reply))

    def ask(self, job: Job) -> Asked:
        found = among(self, job, walk(lambda cursor: _page(job, cursor), window_start(job)))
        age = job.now() - (job.armed_at or job.begun_at)
        if isinstance(found, Absent) and found.control and age < KEY_HOLDS and job.now() > job.settled_at:
            return Absent(certain=True)
        return found

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        reply = job.line.get(f"api:/api/v1/statuses/{ref.remote_id}", ok=(200, 404))
        if reply.status == 404:
            return None
        text, files = _source(job.line, ref.remote_id), len(job.line.value(reply, "media_attachments"))
        return Reading(ref=_ref(job.line, reply), text=text, media=files, visibility=reply.json()["visibility"])

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        replies = ((one, line.get(f"api:/api/v1/statuses/{one}", ok=(200, 404))) for one in remote_ids)
        return [Metrics(remote_id=one, values=_figures(reply.json())) for one, reply in replies if reply.status == 200]

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        line.call("DELETE", f"api:/api/v1/statuses/{ref.remote_id}", ok=(200, 404))

    def read_error(self, reply: Reply) -> Refusal:
        plain = plain_refusal(reply)
        reset = _until_reset(reply) if plain.seconds is None else plain.seconds
        return Refusal(reply.status, message=plain.message, seconds=reset)


PUBLISHER = Mastodon()


def _myself(line: Line) -> Account:
    reply = line.get("api:/api/v1/accounts/verify_credentials")
    remote_id, said = str(line.value(reply, "id")), reply.json()
    name = f"{said['acct']}@{urlsplit(said.get('url') or '').hostname or ''}".rstrip("@")
    return Account(
        remote_id=remote_id, name=name, title=said.get("display_name") or "", avatar=said.get("avatar") or ""
    )


def _ref(line: Line, reply: Reply) -> RemoteRef:
    return RemoteRef(remote_id=str(line.value(reply, "id")), permalink=reply.json().get("url") or "")


def _status(job: Job) -> dict[str, Any]:
    said: dict[str, Any] = {
        "status": job.part.text,
        "visibility": option(job.approved, "privacy", "public"),
        "language": job.approved.language.partition("-")[0],
        "sensitive": option(job.approved, "sensitive", False),
    }
    if warning := option(job.approved, "spoiler_text", ""):
        said["spoiler_text"] = warning
    if job.files:
        said["media_ids"] = [job.memory.get(_file(medium)) for medium in job.files]
    if job.parents:
        said["in_reply_to_id"] = job.parents[0 if job.part.kind is PartKind.COMMENT else -1].remote_id
    return said


# Limits of the instance


def _limits(job: Job) -> Mapping[str, Mapping[str, Any]]:
    """`statuses` and `media_attachments` of the instance's configuration; empty where it names none."""
    if not job.memory.get("limits"):
        reply = job.line.get("api:/api/v2/instance", ok=(200, 404))
        said = job.line.value(reply, "configuration") if reply.status == 200 else {}
        wanted = {name: said.get(name) or {} for name in ("statuses", "media_attachments")}
        job.memory.put(limits=json.dumps(wanted))
    limits: Mapping[str, Mapping[str, Any]] = json.loads(job.memory.get("limits"))
    return limits


def _check_limits(job: Job, limits: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises `PostRefused` for what the instance would refuse, with its limit."""
    statuses = limits["statuses"]
    words = option(job.approved, "spoiler_text", "") + job.part.text
    length = counting.mastodon_length(words, of_link=statuses.get("characters_reserved_per_url") or 23)
    if length > (most := statuses.get("max_characters") or length):
        raise _over("text_too_long", f"The text has {length} characters", most)
    if len(job.files) > (most := statuses.get("max_media_attachments") or len(job.files)):
        raise _over("too_many_media", f"The post has {len(job.files)} files", most)
    for medium in job.files:
        for code, found, value, most in _measures(medium, limits["media_attachments"]):
            if value > most:
                raise _over(code, f"Media {medium.position + 1} ({medium.name or medium.key}) {found}", most)
        types = limits["media_attachments"].get("supported_mime_types") or [medium.media_type]
        if medium.media_type not in types:
            raise _over("media_type", f"Media {medium.position + 1} is {medium.media_type}", ", ".join(types))


def _measures(medium: Medium, limits: Mapping[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    """(code, words, value, limit) of a file, for the limits that the instance names."""
    kind = "video" if medium.media_type.startswith("video/") else "image"
    pixels = (medium.width or 0) * (medium.height or 0)
    alt = len(medium.alt_text)
    yield from (
        (code, found, value, limits[name])
        for name, code, found, value in (
            (f"{kind}_size_limit", "media_too_large", f"has {medium.size:,} bytes", medium.size),
            (f"{kind}_matrix_limit", "image_too_many_pixels", f"has {pixels:,} pixels", pixels),
            ("description_limit", "alt_text_too_long", f"has an alternative text of {alt} characters", alt),
        )
        if limits.get(name)
    )


def _over(reason: str, found: str, most: int | str) -> PostRefused:
    limit = f"at most {most:,}" if isinstance(most, int) else most
    return PostRefused(f"{found}; this instance takes {limit}.", reason=reason)


# Files


def _file(medium: Medium) -> str:
    """The name under which a file's id is noted."""
    return f"media_{medium.position}"


def _uploaded(job: Job, medium: Medium) -> str:
    """The id of a file, to which an earlier upload without an answer makes no difference: no post has it."""
    content = (medium.name or f"file-{medium.position}", job.media.read(medium), medium.media_type)
    reply = job.line.post("api:/api/v2/media", files={"file": content}, data={"description": medium.alt_text},
                          seconds=300)  # fmt: skip
    return str(job.line.value(reply, "id"))


def _processing(job: Job, medium: Medium) -> NotYet | None:
    """Waits for a file that the instance still works at; one that it has forgotten is uploaded again."""
    reply = job.line.get(f"api:/api/v1/media/{job.memory.get(_file(medium))}", ok=(200, 206, 404))
    if reply.status == 404:
        job.memory.put(**{_file(medium): ""})
        return NotYet(seconds=LOOK_AGAIN, message="The instance no longer has the file: it is uploaded again.")
    return NotYet(seconds=LOOK_AGAIN, message="The instance works at the file.") if reply.status == 206 else None


# Posts


def _page(job: Job, cursor: str) -> tuple[list[Listed], str]:
    """A page of the account's own posts, and the id that the next one begins after."""
    params = {"limit": str(AT_ONCE), "exclude_reblogs": "true", **({"max_id": cursor} if cursor else {})}
    reply = job.line.get(f"api:/api/v1/accounts/{job.channel.account.remote_id}/statuses", params=params)
    said = reply.json()
    if not isinstance(said, list):
        raise job.line.error(Refusal(reply.status, message="The answer is no list."))
    return [_listed(job, status) for status in said], str(said[-1]["id"]) if len(said) == AT_ONCE else ""


def _listed(job: Job, status: Mapping[str, Any]) -> Listed:
    """A post of a list. Lists have HTML: the plain words are asked for where the post may be the one of `job`."""
    when = datetime.fromisoformat(status["created_at"])
    may_be_it = window_start(job) <= when
    return Listed(
        ref=RemoteRef(remote_id=str(status["id"]), permalink=status.get("url") or ""),
        text=_source(job.line, str(status["id"])) or "" if may_be_it else "",
        created_at=when,
        media=len(status["media_attachments"]),
    )


def _source(line: Line, status_id: str) -> str | None:
    """The words of a post as they were sent; None when it went in the meantime."""
    reply = line.get(f"api:/api/v1/statuses/{status_id}/source", ok=(200, 404))
    return str(line.value(reply, "text")) if reply.status == 200 else None


def _figures(said: Mapping[str, Any]) -> dict[str, int]:
    native = {"likes": "favourites", "shares": "reblogs", "comments": "replies", "quotes": "quotes"}
    counts = {ours: said.get(f"{theirs}_count") for ours, theirs in native.items()}
    return {name: int(count) for name, count in counts.items() if count is not None}


def _until_reset(reply: Reply) -> float | None:
    """Seconds until the instance's limit begins again, by the header that names the moment."""
    try:
        return max(
            0.0, (datetime.fromisoformat(reply.headers["x-ratelimit-reset"]) - datetime.now(UTC)).total_seconds()
        )
    except (KeyError, ValueError, TypeError):
        return None
