"""Requests to LinkedIn's versioned API, what it calls things, and what its errors mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from pressroom import platforms
from pressroom.errors import Misconfigured
from pressroom.publishers.sending.line import Line, Phase, Refusal, Reply, Rule, plain_refusal, retry_after

LOOK_AGAIN = 10.0
"""Seconds until LinkedIn is asked again about a file."""

RULES = (
    Rule("duplicate", status=(422,), code=("DUPLICATE_POST",)),
    Rule("later", status=(400, 422), words="MEDIA_ASSET_WAITING_UPLOAD", seconds=LOOK_AGAIN),
    Rule("refused", status=(400, 422), words="MEDIA_ASSET_PROCESSING_FAILED", reason="media_processing",
         hint="Attach another file."),
    Rule("account", status=(401,), code=("REVOKED_ACCESS_TOKEN",), reason="token_revoked"),
    Rule("account", code=("NONEXISTENT_VERSION", "VERSION_MISSING"), reason="api_version",
         hint="Upgrade Pressroom: LinkedIn no longer serves this version of its API."),
    Rule("account", status=(403,), phases=(Phase.ACCOUNT, Phase.PREPARE, Phase.SEND, Phase.DELETE), reason="role",
         hint="Ask an administrator of the page for the role of content admin, or connect the channel again."),
    Rule("later", status=(429,)),
    Rule("refused", status=(400, 422), phases=(Phase.SEND,), code=(
        "FIELD_LENGTH_TOO_LONG", "INVALID_VALUE_FOR_FIELD", "MISSING_FIELD", "MISSING_REQUIRED_FIELD_FOR_SUBTYPE",
        "UNPERMITTED_FIELD_PRESENT", "INVALID_CONTENT_OWNER", "INVALID_URN_TYPE", "INVALID_URN_ID",
    )),
    Rule("refused", status=(404,), phases=(Phase.SEND,), reason="parent_gone", hint="The post is gone."),
)  # fmt: skip

_POST_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")


def call(line: Line, method: str, path: str, **options: Any) -> Reply:
    """A request below `/rest`, in the version that the platform's file names."""
    api = platforms.get("linkedin").api
    if api is None:
        raise Misconfigured("linkedin.toml names no version of LinkedIn's API.", hint="Add a group [api] to it.")
    headers = {"LinkedIn-Version": api.version, "X-Restli-Protocol-Version": "2.0.0"}
    return line.call(method, f"api:/rest{path}", headers=headers, **options)


def quoted(urn: str) -> str:
    """A URN as a step of a path, or as a value in a query."""
    return quote(urn, safe="")


def is_page(urn: str) -> bool:
    return urn.startswith("urn:li:organization:")


def read_error(reply: Reply) -> Refusal:
    """The refusal of an answer, with the post that it names; a limit of a day ends at midnight UTC."""
    plain, body = plain_refusal(reply), reply.json()
    details = body.get("errorDetails") if isinstance(body, dict) else None
    inputs = details.get("inputErrors") if isinstance(details, dict) else None
    codes = [str(each.get("code", "")) for each in inputs or () if isinstance(each, dict)]
    post = _POST_URN.search(plain.message)
    return Refusal(
        reply.status,
        "DUPLICATE_POST" if "DUPLICATE_POST" in codes else next(filter(None, codes), plain.code),
        message=" ".join([plain.message, *(code for code in codes if code not in plain.message)]),
        seconds=_seconds(reply, plain.message),
        remote_id=post.group() if post else "",
    )


def _seconds(reply: Reply, message: str) -> float | None:
    if (asked := retry_after(reply)) is not None or reply.status != 429 or "DAY" not in message.upper():
        return asked
    try:
        now = parsedate_to_datetime(reply.headers["date"])
    except (KeyError, ValueError):
        now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - now).total_seconds()
