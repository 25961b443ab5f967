"""The one place that makes an `Approved`: from a person's approval that still holds, and from nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlmodel import Session

from pressroom import formats, platforms, publishers
from pressroom.errors import MoveRefused, WrongInput
from pressroom.model import AssetKind, Medium, Part, PartRole, State
from pressroom.model.publishing import Account, Approved, ApprovedPart, Channel, PartKind
from pressroom.platforms import counting
from pressroom.publishers.sending.publisher import Publisher
from pressroom.store import approvals
from pressroom.store.attachments import media_of
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Content, Run

OFFLINE = "offline"
"""The provider of drafts that no model wrote."""


def channel_of(row: ChannelRow) -> Channel:
    """A channel without its secrets."""
    account = Account(remote_id=row.remote_id, name=row.name, title=row.title, avatar=row.avatar, kind=row.kind)
    return Channel(
        id=row.id, workspace_id=row.workspace_id, platform=row.platform, account=account, host=row.host,
        scopes=tuple(row.scopes), settings=row.settings,
    )  # fmt: skip


def approved_of(session: Session, content: Content, channel: ChannelRow, options: Mapping[str, Any]) -> Approved:
    """Exactly what goes out of `content` on `channel`, if a person's approval of it holds now.

    Raises:
        MoveRefused: no approval holds. WrongInput: the channel's platform can't send such a draft.
    """
    approval = approvals.standing(session, content)
    if approval is None or State(content.state) not in {State.READY, State.PUBLISHED} or content.deleted_at:
        raise MoveRefused("What it says now is not approved.", hint="Approve the draft, then plan it.")
    return _composed(session, content, channel, options, approval_id=approval.id, approved_by=approval.user_id)


def as_if_approved(session: Session, content: Content, channel: ChannelRow, options: Mapping[str, Any]) -> Approved:
    """The same for a draft that may not be approved, to look at alone: it names no approval, and no plan takes it.

    Raises:
        WrongInput: the channel's platform can't send such a draft.
    """
    return _composed(session, content, channel, options, approval_id="", approved_by="")


def first_comment_of(content: Content) -> str:
    """The first comment of a draft, which not every platform takes; empty without one."""
    return _one(_rendered(content), PartRole.FIRST_COMMENT)


def _composed(
    session: Session,
    content: Content,
    channel: ChannelRow,
    options: Mapping[str, Any],
    *,
    approval_id: str,
    approved_by: str,
) -> Approved:
    publisher = publishers.get(channel.platform)
    _check_platform(publisher, content)
    media = media_of(session, content.id)
    by_ai = content.provider != OFFLINE or any(medium.made_by_ai for medium in media)
    parts = _rendered(content)
    utm = _utm(channel, content)
    return Approved(
        content_id=content.id,
        approval_id=approval_id,
        approved_by=approved_by,
        channel_id=channel.id,
        platform=channel.platform,
        language=_language(session, content),
        title=_one(parts, PartRole.TITLE),
        link=_tagged(_one(parts, PartRole.LINK), utm),
        tags=_one(parts, PartRole.TAGS),
        parts=(*_parts(publisher, channel, parts, utm, by_ai=by_ai), *_thumbnail(publisher, media)),
        media=media,
        options=dict(options),
        ai_generated=by_ai,
    )


def words_hash(approved: Approved) -> str:
    """SHA-256 of the words of the main post as people read them: equal for what a platform calls a duplicate."""
    return hashlib.sha256(" ".join(approved.text.casefold().split()).encode()).hexdigest()


def _check_platform(publisher: Publisher, content: Content) -> None:
    if content.platform not in publisher.drafts:
        title = platforms.title(publisher.platform)
        names = ", ".join(platforms.title(name) for name in publisher.drafts)
        raise WrongInput(
            f"A draft for {platforms.title(content.platform)} can't be sent to {title}.",
            hint=f"{title} takes drafts for: {names}.",
        )


def _rendered(content: Content) -> tuple[Part, ...]:
    form = formats.get(content.format)
    return tuple(form.parts(form.body.model_validate(content.body)))


def _one(parts: Iterable[Part], role: PartRole) -> str:
    return next((part.text for part in parts if part.role is role), "")


def _parts(
    publisher: Publisher, channel: ChannelRow, parts: Iterable[Part], utm: Mapping[str, str], *, by_ai: bool
) -> Iterable[ApprovedPart]:
    posts = [_linked(part.text, utm) for part in parts if part.role is PartRole.POST] or [""]
    flag = platforms.get(channel.platform).disclosure
    if by_ai and channel.disclosure and not flag and channel.disclosure not in posts[0]:
        posts[0] = f"{posts[0]}\n\n{channel.disclosure}".strip()
    yield from (ApprovedPart(kind=PartKind.POST, text=text) for text in posts)
    comment = _linked(_one(parts, PartRole.FIRST_COMMENT), utm)
    if comment and publisher.comments:
        yield ApprovedPart(kind=PartKind.COMMENT, text=comment)


def _thumbnail(publisher: Publisher, media: Iterable[Medium]) -> Iterable[ApprovedPart]:
    """A part for the picture that goes with a film, where the platform has one set by a call of its own."""
    if publisher.thumbnails and {AssetKind.FILM, AssetKind.PICTURE} <= {medium.kind for medium in media}:
        yield ApprovedPart(kind=PartKind.THUMBNAIL, text="")


def _utm(channel: ChannelRow, content: Content) -> dict[str, str]:
    """The parameters that links get; none unless the channel wants them."""
    if not channel.utm:
        return {}
    own = {"utm_source": channel.platform, "utm_medium": "social", "utm_content": content.id[:8]}
    return {**own, **{f"utm_{name}": value for name, value in channel.utm.items()}}


def _linked(text: str, utm: Mapping[str, str]) -> str:
    if utm:
        for link in dict.fromkeys(counting.links(text)):
            text = text.replace(link, _tagged(link, utm))
    return text


def _tagged(link: str, utm: Mapping[str, str]) -> str:
    """A link with the parameters; what it has of them already stays."""
    if not link or not utm:
        return link
    parts = urlsplit(link)
    query = parse_qsl(parts.query, keep_blank_values=True)
    there = {name for name, _ in query}
    query += [(name, value) for name, value in utm.items() if name not in there]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _language(session: Session, content: Content) -> str:
    run = session.get(Run, content.run_id)
    return run.plan.preferences.language if run and run.plan else "en"
