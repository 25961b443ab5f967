"""Calls of TikTok's content posting API: the person's choices, answers and the errors in them, the state of a post."""

from __future__ import annotations

from typing import Any, Literal

from pressroom.model import AssetKind, Medium
from pressroom.model.publishing import Approved
from pressroom.publishers.sending.line import Line, Reply
from pressroom.publishers.sending.publisher import Job, Options


class TikTokOptions(Options):
    """TikTok wants each of these chosen by a person. privacy_level: among those that the creator's account offers.

    mode: `inbox` leaves a draft in the app's inbox, which the person publishes. brand_content: paid by another brand;
    brand_organic: for the creator's own.
    """

    privacy_level: Literal["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"]
    mode: Literal["direct", "inbox"] = "direct"
    allow_comment: bool = False
    allow_duet: bool = False
    allow_stitch: bool = False
    brand_content: bool = False
    brand_organic: bool = False


def data_of(line: Line, reply: Reply, *names: str) -> Any:
    """A value of an answer's data. Errors come with status 200, too: raises what they mean."""
    body = reply.json()
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict) and error.get("code") not in {None, "", "ok"}:
        raise line.error(line.read(reply))
    return line.value(reply, "data", *names)


def options_of(approved: Approved) -> TikTokOptions:
    return TikTokOptions.model_validate(dict(approved.options))


def film_of(approved: Approved) -> Medium | None:
    return next((medium for medium in approved.media if medium.kind is AssetKind.FILM), None)


def choices_of(job: Job) -> dict[str, Any]:
    """The fields that films and pictures have in common."""
    chosen = options_of(job.approved)
    return {
        "privacy_level": chosen.privacy_level,
        "disable_comment": not chosen.allow_comment,
        "brand_content_toggle": chosen.brand_content,
        "brand_organic_toggle": chosen.brand_organic,
    }


def status_of(line: Line, publish_id: str) -> dict[str, Any] | None:
    """The state of a post; None when TikTok no longer knows its handle."""
    where, said = "api:/v2/post/publish/status/fetch/", {"publish_id": publish_id}
    reply = line.post(where, json=said, ok=(200, 400, 404))
    if line.read(reply).code == "invalid_publish_id":
        return None
    if reply.status != 200:
        raise line.error(line.read(reply))
    data_of(line, reply, "status")
    return dict(data_of(line, reply))
