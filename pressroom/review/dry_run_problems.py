"""Problems and warnings of a dry run: of the approval, the channel, its other posts, and the platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlmodel import Session, col, select

from pressroom import platforms, publishers
from pressroom.errors import MoveRefused
from pressroom.model.publication_states import in_words
from pressroom.model.publishing import Approved, Problem
from pressroom.platforms import Platform
from pressroom.publishers.ledger import planning
from pressroom.publishers.ledger.access import ends_at
from pressroom.publishers.ledger.approving import approved_of, first_comment_of, words_hash
from pressroom.publishers.ledger.conditions import paused_by
from pressroom.publishers.ledger.planning import AGAIN_AFTER, NOT_COUNTED, When
from pressroom.publishers.sending.publisher import Publisher
from pressroom.settings import Settings
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.tables import Content

CLOSE = dt.timedelta(minutes=60)
"""Two posts of one account within this time are worth a warning."""
NEARLY = 0.9
"""Of the words, from which on two posts are near-duplicates."""
MOST_COMPARED = 100
ENDS_SOON = dt.timedelta(days=60)


@dataclass(frozen=True)
class Looked:
    """All that a dry run looks at."""

    session: Session
    content: Content
    channel: ChannelRow
    approved: Approved
    when: When | None
    source: Settings

    @property
    def publisher(self) -> Publisher:
        return publishers.get(self.channel.platform)

    @property
    def platform(self) -> Platform:
        return platforms.get(self.channel.platform)

    @property
    def at(self) -> dt.datetime:
        return self.when.at if self.when else clock(self.session)


def problems_of(looked: Looked) -> Iterator[Problem]:
    yield from _approval(looked)
    yield from _channel(looked)
    yield from planning.problems_of(looked.approved, looked.channel)
    yield from _before(looked)
    yield from _sign_in_ends(looked)
    yield from _version_ends(looked)
    if first_comment_of(looked.content) and not looked.publisher.comments:
        yield Problem(code="comment_dropped", message=comment_said(looked, "it"), where="comment", blocking=False)
    if looked.approved.ai_generated and not looked.platform.disclosure and not looked.channel.disclosure:
        hint = "Set a line in the channel's settings."
        yield Problem(code="not_disclosed", message=disclosure_said(looked), hint=hint, where="text", blocking=False)


def _approval(looked: Looked) -> Iterator[Problem]:
    if looked.content.deleted_at is not None:
        yield Problem(code="deleted", message="The draft was deleted.", hint="Restore it first.", where="draft")
    try:
        approved_of(looked.session, looked.content, looked.channel, looked.approved.options)
    except MoveRefused as error:
        yield Problem(code="not_approved", message=error.message, hint=error.hint, where="draft")


def _channel(looked: Looked) -> Iterator[Problem]:
    channel = looked.channel
    if channel.state != "connected":
        message = f"{channel.name} can't publish now: {channel.problem or channel.state}."
        yield Problem(code="channel_unusable", message=message, hint="Connect it again.", where="channel",
                      blocking=channel.state == "removed")  # fmt: skip
    if by := paused_by(looked.session, channel, looked.source):
        message = f"Publishing is paused for {by}: it is sent once the pause ends, within its window."
        yield Problem(code="paused", message=message, where="channel", blocking=False)


def _before(looked: Looked) -> Iterator[Problem]:
    """Other publications of the channel: the same one, the same words, nearly the same, or close in time."""
    same = planning.same_publication(looked.session, looked.approved, looked.channel)
    if same is not None and same.state not in planning.AGAIN:
        yield Problem(code="already_there", message=f"It is {same.state} on this channel already.", where="draft")
    others = [row for row in _recent(looked) if same is None or row.id != same.id]
    for row in others:
        if abs(row.planned_at - looked.at) < CLOSE:
            message = (
                f"{looked.channel.name} has another post within the hour, at {row.planned_wall[-5:]} ({row.zone})."
            )
            yield Problem(
                code="close_in_time", message=message, hint="Choose another time.", where="time", blocking=False
            )
            break
    yield from _words(looked, [row for row in others if row.content_id != looked.content.id or same is None])


def _recent(looked: Looked) -> list[Publication]:
    query = select(Publication).where(
        Publication.channel_id == looked.channel.id, Publication.planned_at >= looked.at - AGAIN_AFTER,
        col(Publication.state).not_in(NOT_COUNTED),
    )  # fmt: skip
    return list(looked.session.exec(query.order_by(col(Publication.planned_at).desc()).limit(MOST_COMPARED)).all())


def _words(looked: Looked, others: list[Publication]) -> Iterator[Problem]:
    mine = words_hash(looked.approved)
    for row in others:
        day = f"{row.planned_at:%Y-%m-%d}"
        if row.words_hash == mine:
            hint = "Change them, or say that they are to go out again."
            yield Problem(
                code="same_words",
                message=f"The same words are {in_words(row.state)} here for {day}.",
                hint=hint,
                where="text",
            )
            return
        if _similar(looked.approved.text, Approved.model_validate(row.approved).text):
            message = f"Nearly the same words are {in_words(row.state)} here for {day}."
            yield Problem(
                code="near_duplicate", message=message, hint="Say it in other words.", where="text", blocking=False
            )
            return


def _similar(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, " ".join(one.split()), " ".join(other.split()), autojunk=False)
    return matcher.real_quick_ratio() >= NEARLY <= matcher.quick_ratio() and matcher.ratio() >= NEARLY


def _sign_in_ends(looked: Looked) -> Iterator[Problem]:
    end = ends_at(looked.channel)
    if end is not None and end <= looked.at:
        message = f"The sign-in of {looked.channel.name} ends on {end:%Y-%m-%d}, before the post is sent."
        yield Problem(code="sign_in_ends", message=message, hint="Connect the channel again.", where="channel",
                      blocking=False)  # fmt: skip


def _version_ends(looked: Looked) -> Iterator[Problem]:
    api = looked.platform.api
    if api is not None and api.ends <= (looked.at + ENDS_SOON).date():
        message = f"{looked.platform.title} serves version {api.version} of its API until {api.ends}."
        yield Problem(code="version_ends", message=message, hint="Upgrade Pressroom before then.", where="platform",
                      blocking=api.ends <= looked.at.date())  # fmt: skip


def comment_said(looked: Looked, comment: str) -> str:
    if not comment:
        return "It has none."
    if looked.publisher.comments:
        return "It is sent as the first comment, after the post."
    return f"It stays with the draft: {looked.platform.title} takes no first comment from a program."


def disclosure_said(looked: Looked) -> str:
    line, title = looked.channel.disclosure, looked.platform.title
    if not looked.approved.ai_generated:
        return "No model made it: nothing is disclosed."
    if looked.platform.disclosure:
        return f"{title}'s flag `{looked.platform.disclosure}` is set."
    if line:
        return f"The line {line!r} stands in the text."
    return f"{title} has no flag for programs, and the channel has no line: readers are not told."
