"""A publication before it is planned: exactly what would go out on a channel, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from pressroom import platforms, publishers
from pressroom.model import Frozen, Medium
from pressroom.model.publishing import Certainty, PartKind, Problem
from pressroom.publishers.ledger.approving import approved_of, channel_of
from pressroom.publishers.ledger.planning import cost_of, problems_of
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Content


class DryCount(Frozen):
    """A number that the platform limits. unit: e.g. `characters`."""

    count: int
    most: int
    unit: str


class DryPart(Frozen):
    """One call's words exactly as they are sent, counted as the platform counts."""

    kind: PartKind
    text: str
    counts: tuple[DryCount, ...]


class DryRun(Frozen):
    """All that a channel would get. proof: how the platform tells, after a lost answer, whether it is out."""

    channel_id: str
    platform: str
    account: str
    title: str
    link: str
    tags: str
    parts: tuple[DryPart, ...]
    media: tuple[Medium, ...]
    cost_microusd: int
    ai_generated: bool
    certainty: Certainty
    proof: str
    problems: tuple[Problem, ...]

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The problems that keep it from being planned."""
        return tuple(problem for problem in self.problems if problem.blocking)


def dry_run(session: Session, content: Content, channel: ChannelRow, options: Mapping[str, Any]) -> DryRun:
    """The dry run of an approved draft; it asks no platform and changes nothing.

    Raises:
        MoveRefused: no approval holds. WrongInput: the channel's platform can't send such a draft.
    """
    approved = approved_of(session, content, channel, options)
    publisher, platform = publishers.get(channel.platform), platforms.get(channel.platform)
    parts = []
    for part in approved.parts:
        words = publisher.counted(part.text)
        limits = platform.post_limits if part.kind is PartKind.POST else ()
        counts = [DryCount(count=one.measured.count(words), most=one.most, unit=one.measured.unit) for one in limits]
        parts.append(DryPart(kind=part.kind, text=publisher.as_sent(part.text), counts=tuple(counts)))
    return DryRun(
        channel_id=channel.id, platform=channel.platform, account=channel.name, title=approved.title,
        link=approved.link, tags=approved.tags, parts=tuple(parts), media=approved.media,
        cost_microusd=cost_of(approved), ai_generated=approved.ai_generated,
        certainty=publisher.certainty_of(channel_of(channel)), proof=publisher.proof,
        problems=problems_of(approved, channel),
    )  # fmt: skip
