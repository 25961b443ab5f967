"""Dry runs: what would be sent to a channel, the platform's limits, its price, and every problem there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from sqlmodel import Session

from pressroom import publishers
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import Caller, Medium
from pressroom.model.dry_run import DryRun, FileMeasure, FileShown, PartShown
from pressroom.model.publishing import ApprovedPart, PartKind, Problem
from pressroom.platforms import Platform, counting
from pressroom.publishers.ledger import planning
from pressroom.publishers.ledger.access import Access, ends_at
from pressroom.publishers.ledger.approving import as_if_approved, channel_of, first_comment_of
from pressroom.publishers.ledger.planning import When
from pressroom.publishers.sending.line import Phase
from pressroom.publishers.sending.measures import measures
from pressroom.review.dry_run_problems import Looked, comment_said, disclosure_said, problems_of
from pressroom.review.publications import channel_row, when_of, workspace_zone
from pressroom.review.rows import content_row
from pressroom.settings import Settings, settings
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow

LAST_WORDS = 40


def dry_run(
    database: Database,
    caller: Caller,
    content_id: str,
    channel_id: str,
    *,
    at: dt.datetime | Literal["now", "next_free"] = "next_free",
    options: Mapping[str, Any] | None = None,
    access: Access | None = None,
    source: Settings | None = None,
) -> DryRun:
    """The dry run of a draft for a channel. access: given where the platform may be asked for its quota.

    Raises:
        NotFound: no such draft or channel. WrongInput: the channel's platform takes no such draft.
    """
    chosen = source or settings()
    with database.read() as session:
        content, channel = content_row(session, content_id), channel_row(session, channel_id)
        approved = as_if_approved(session, content, channel, options or {})
        when, problems = _when(session, caller, channel, at)
        looked = Looked(session, content, channel, approved, when, chosen)
        problems += problems_of(looked)
        zone = workspace_zone(session, caller.workspace_id)
        comment = first_comment_of(content)
    quota = _quota(access, channel)
    return _value(looked, zone, comment, quota, tuple(dict.fromkeys(problems)))


def _value(looked: Looked, zone: str, comment: str, quota: str, problems: tuple[Problem, ...]) -> DryRun:
    approved, channel, when = looked.approved, looked.channel, looked.when
    return DryRun(
        content_id=approved.content_id,
        channel_id=channel.id,
        channel=channel.name,
        platform=channel.platform,
        planned_wall=f"{when.wall:%Y-%m-%dT%H:%M}" if when else "",
        zone=zone,
        planned_at=when.at if when else None,
        note=when.note if when else "",
        title=approved.title,
        link=approved.link,
        tags=approved.tags,
        language=approved.language,
        parts=tuple(_part(looked, part) for part in approved.parts),
        files=tuple(_file(looked.platform, medium) for medium in approved.media),
        links=tuple(dict.fromkeys(link for part in approved.parts for link in counting.links(part.text))),
        cost_microusd=planning.cost_of(approved),
        cost=_cost(looked),
        first_comment=comment_said(looked, comment),
        disclosure=disclosure_said(looked),
        quota=quota,
        sign_in=_sign_in(channel),
        certainty=looked.publisher.certainty_of(channel_of(channel)),
        proof=looked.publisher.proof,
        problems=problems,
    )


def _when(
    session: Session, caller: Caller, channel: ChannelRow, at: dt.datetime | Literal["now", "next_free"]
) -> tuple[When | None, list[Problem]]:
    try:
        return when_of(session, caller, channel, at), []
    except WrongInput as error:
        return None, [Problem(code="no_time", message=error.message, hint=error.hint, where="time")]


def _part(looked: Looked, part: ApprovedPart) -> PartShown:
    publisher, limits = looked.publisher, looked.platform.post_limits
    limit = limits[0] if limits and part.kind is PartKind.POST else None
    counted, sent = publisher.counted(part.text), publisher.as_sent(part.text)
    if part.kind is PartKind.COMMENT:
        sent = part.text  # comments are plain text everywhere
    return PartShown(
        kind=part.kind,
        text=sent,
        count=limit.measured.count(counted) if limit else len(part.text),
        limit=limit.most if limit else None,
        unit=limit.measured.unit if limit else "characters",
        links=tuple(counting.links(part.text)),
        cut_after=_cut(part.text, sent) if publisher.cuts_unescaped else "",
    )


def _cut(text: str, sent: str) -> str:
    """The last words before the first sign that has to be escaped."""
    differs = next((place for place, (one, other) in enumerate(zip(text, sent, strict=False)) if one != other), None)
    return "" if differs is None else text[max(0, differs - LAST_WORDS) : differs]


def _file(platform: Platform, medium: Medium) -> FileShown:
    return FileShown(
        position=medium.position, name=medium.label, media_type=medium.media_type, alt_text=medium.alt_text,
        measures=tuple(
            FileMeasure(name=each.name, found=each.found, limit=each.limit, fits=each.fits)
            for each in measures(platform, medium)
        ),
    )  # fmt: skip


def _cost(looked: Looked) -> str:
    publishing, title = looked.platform.publishing, looked.platform.title
    if publishing is None or not (publishing.cost_microusd or publishing.link_cost_microusd):
        return f"{title} asks no price."
    total, bare, linked = (
        f"${each / 1_000_000:.3f}"
        for each in (planning.cost_of(looked.approved), publishing.cost_microusd, publishing.link_cost_microusd)
    )
    return f"{total}. A post with a link costs {linked} on {title}, one without costs {bare}."


def _sign_in(channel: ChannelRow) -> str:
    if channel.state != "connected":
        return f"It can't publish now: {channel.problem or channel.state}."
    end = ends_at(channel)
    return f"It holds until {end:%Y-%m-%d}." if end else "It has no known end."


def _quota(access: Access | None, channel: ChannelRow) -> str:
    if access is None:
        return "It was not asked for."
    if channel.state != "connected":
        return "It can't be asked for until the channel is connected."
    try:
        line = access.line_of(channel).at(Phase.ACCOUNT)
        said = publishers.get(channel.platform).quota(line, channel_of(channel))
    except PressroomError as error:
        return f"It could not be read: {error.message}"
    return said or "The platform does not say."
