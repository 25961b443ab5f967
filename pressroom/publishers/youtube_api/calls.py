"""Calls of YouTube's Data API: the items of a list, and a list's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pressroom.model.publishing import Listed, RemoteRef
from pressroom.publishers.sending.line import Line

Page = Callable[[str], tuple[list[Listed], str]]


def items_of(line: Line, resource: str, **query: str) -> list[dict[str, Any]]:
    """The items of one list call."""
    found = line.value(line.get(f"api:/{resource}", params=query), "items")
    return found if isinstance(found, list) else []


def pages_of(line: Line, resource: str, listed: Callable[[Mapping[str, Any]], Listed], **query: Any) -> Page:
    def page(cursor: str) -> tuple[list[Listed], str]:
        reply = line.get(f"api:/{resource}", params={**query, **({"pageToken": cursor} if cursor else {})})
        return [listed(item) for item in line.value(reply, "items")], str(reply.json().get("nextPageToken", ""))

    return page


def ref_of(video: str) -> RemoteRef:
    return RemoteRef(remote_id=video, permalink=f"https://www.youtube.com/watch?v={video}")


def video_of(line: Line, video: str, part: str) -> dict[str, Any] | None:
    return next(iter(items_of(line, "videos", part=part, id=video)), None)
