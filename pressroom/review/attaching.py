"""Media of a draft: attached, ordered, described, taken off. Each is a change of the draft, and voids its approval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self

from pydantic import Field, model_validator
from sqlmodel import Session

from pressroom import platforms
from pressroom.errors import NotFound, WrongInput
from pressroom.model import MOST_MEDIA, Caller, Frozen, State, lifecycle
from pressroom.review.attachment_files import Crop, Maker
from pressroom.review.reading import detail_of
from pressroom.review.rows import check_kept, check_storable, content_row, content_to_change, note_change
from pressroom.review.values import ContentDetail
from pressroom.store import approvals, assets, uploads
from pressroom.store.attachments import attachments_of, medium_of, replace_attachments
from pressroom.store.contents import content_hash
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import Attachment
from pressroom.store.tables import Artifact, Content

LONGEST_ALT_TEXT = 2000
"""Characters; platforms that name a limit take fewer."""

Arrange = Callable[[list[Attachment]], list[Attachment]]
"""The attachments that a draft is to have, from those it has."""


class AttachmentRequest(Frozen):
    """One medium that a draft is to have: one that it has already, a picture that was made, or an upload."""

    attachment_id: str | None = Field(default=None, max_length=64, description="Of one that the draft has already.")
    asset_id: str | None = Field(default=None, max_length=64, description="Of a picture, film or sound that was made.")
    upload_id: str | None = Field(default=None, max_length=64, description="Of an uploaded picture, film or PDF.")
    alt_text: str | None = Field(
        default=None,
        max_length=LONGEST_ALT_TEXT,
        description="Alternative text, for readers who can't see it. Left out: as it was, or as it was written for it.",
    )
    whole: bool = Field(default=False, description="A picture is not cut to the platform's nearest shape.")
    crop: Crop | None = Field(default=None, description="The part of a picture to show; null: Pressroom chooses it.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.attachment_id, self.asset_id, self.upload_id)) != 1:
            raise ValueError("name exactly one of attachment_id, asset_id and upload_id")
        return self


def replace(
    database: Database,
    maker: Maker,
    caller: Caller,
    content_id: str,
    wanted: Sequence[AttachmentRequest],
    *,
    version: int,
) -> ContentDetail:
    """Give a draft exactly these media, in this order; the same as it has change nothing.

    What is attached already, also when it is named by its asset or upload, stays as it is but for its alternative text.

    Raises:
        NotFound: no such content, attachment, asset or upload. Conflict: it is at another version.
        MoveRefused: its state, or the caller's role, forbids an edit; or it was deleted.
        WrongInput: more than 35 media; an alternative text that is too long; a file that can't be posted.
    """
    content, present = _before(database, caller, content_id, len(wanted))
    left = list(present)
    rows = [_reuse(left, one) or _new(database, maker, content, one) for one in wanted]
    return _change(database, caller, content_id, version, lambda _: _with_texts(rows, wanted))


def attach(
    database: Database,
    maker: Maker,
    caller: Caller,
    content_id: str,
    wanted: Sequence[AttachmentRequest],
    *,
    version: int,
) -> ContentDetail:
    """Add assets and uploads at the end. Raises as `replace`."""
    content, present = _before(database, caller, content_id, len(wanted))
    _check_count(len(present) + len(wanted))
    rows = _with_texts([_new(database, maker, content, one) for one in wanted], wanted)
    return _change(database, caller, content_id, version, lambda there: [*there, *rows])


def detach(database: Database, caller: Caller, content_id: str, ids: Iterable[str], *, version: int) -> ContentDetail:
    """Take attachments off, by id. Raises as `replace`."""
    gone = set(ids)

    def without(there: list[Attachment]) -> list[Attachment]:
        _check_known(gone, there)
        return [row for row in there if row.id not in gone]

    return _change(database, caller, content_id, version, without)


def reorder(database: Database, caller: Caller, content_id: str, ids: Sequence[str], *, version: int) -> ContentDetail:
    """Put the attachments in the order of `ids`, which names each once. Raises as `replace`."""

    def ordered(there: list[Attachment]) -> list[Attachment]:
        by_id = {row.id: row for row in there}
        if sorted(ids) != sorted(by_id):
            raise WrongInput("The order does not name each attachment once.", hint="Read the draft again.")
        return [by_id[name] for name in ids]

    return _change(database, caller, content_id, version, ordered)


def set_alt_text(
    database: Database, caller: Caller, content_id: str, texts: Mapping[str, str], *, version: int
) -> ContentDetail:
    """Give attachments, by id, other alternative texts. Raises as `replace`."""

    def described(there: list[Attachment]) -> list[Attachment]:
        _check_known(set(texts), there)
        return [_with_text(row, texts.get(row.id)) for row in there]

    return _change(database, caller, content_id, version, described)


def alt_limit(platform: str) -> int:
    """How many characters an alternative text may have there."""
    known = platforms.find(platform)
    return (known.images.alt_characters if known else None) or LONGEST_ALT_TEXT


def _before(database: Database, caller: Caller, content_id: str, count: int) -> tuple[Content, list[Attachment]]:
    """The draft as it is before files are made for it, which may take a while: without the caller's right, at once."""
    with database.read() as session:
        row = content_row(session, content_id)
        check_kept(row)
        lifecycle.check_edit(State(row.state), caller.role)
        _check_count(count)
        return row, attachments_of(session, row.id)


def _reuse(left: list[Attachment], one: AttachmentRequest) -> Attachment | None:
    """The one that is there already, taken out of `left`; None when a file is to be made for it."""
    if one.crop is not None:
        return None
    name = one.attachment_id or one.asset_id or one.upload_id
    for place, row in enumerate(left):
        if name in (row.id, row.asset_id, row.upload_id):
            return left.pop(place)
    if one.attachment_id:
        raise NotFound(f"The draft has no attachment {one.attachment_id!r}, or it is named twice.")
    return None


def _new(database: Database, maker: Maker, content: Content, one: AttachmentRequest) -> Attachment:
    home = content.workspace_id
    if one.asset_id:
        return maker.attachment(content, assets.get_asset(database, home, one.asset_id), whole=one.whole, crop=one.crop)
    if one.upload_id:
        return maker.attachment(
            content, uploads.get_upload(database, home, one.upload_id), whole=one.whole, crop=one.crop
        )
    raise WrongInput("It is attached already.", hint="Name an asset or an upload.")


def _with_texts(rows: Iterable[Attachment], wanted: Iterable[AttachmentRequest]) -> list[Attachment]:
    return [_with_text(row, one.alt_text) for row, one in zip(rows, wanted, strict=True)]


def _with_text(row: Attachment, text: str | None) -> Attachment:
    """`row` with another alternative text, unless that is None."""
    return row if text is None else Attachment(**{**row.model_dump(), "alt_text": " ".join(text.split())})


def _change(database: Database, caller: Caller, content_id: str, version: int, arrange: Arrange) -> ContentDetail:
    with database.write() as session:
        row = content_to_change(session, content_id, version)
        check_kept(row)
        lifecycle.check_edit(State(row.state), caller.role)
        present = attachments_of(session, row.id)
        rows = arrange(present)
        _check(row, rows)
        if _identity(rows) != _identity(present):
            _put(session, caller, row, rows)
        return detail_of(session, caller, row)


def _identity(rows: Iterable[Attachment]) -> list[tuple[str, str]]:
    return [(row.id, row.alt_text) for row in rows]


def _put(session: Session, caller: Caller, row: Content, rows: Sequence[Attachment]) -> None:
    approvals.void(session, row, "attachments changed")
    replace_attachments(session, row.id, rows)
    for attached in rows:
        insert_unless_there(session, _artifact(attached), ("workspace_id", "key"))
    row.state = State.EDITED.value if row.state == State.READY else row.state
    row.content_hash = content_hash(row.body, [medium_of(attached) for attached in rows])
    note_change(session, caller, row, "content.media_changed", {"state": row.state, "media": len(rows)})


def _artifact(row: Attachment) -> Artifact:
    """Its file, which is purged with the draft."""
    same = row.model_dump(include={"workspace_id", "content_id", "key", "sha256", "size"})
    return Artifact(kind="attachment", address=row.key, **same)


def _check(content: Content, rows: Sequence[Attachment]) -> None:
    _check_count(len(rows))
    known, most = platforms.find(content.platform), alt_limit(content.platform)
    for row in rows:
        check_storable(row.alt_text, f"The alternative text of {row.name}")
        if len(row.alt_text) > most:
            raise WrongInput(
                f"The alternative text of {row.name} has {len(row.alt_text):,} characters; "
                f"{known.title if known else content.platform} takes at most {most:,}.",
                hint="Shorten it.",
            )


def _check_count(count: int) -> None:
    if count > MOST_MEDIA:
        raise WrongInput(f"{count} media are too many for one draft.", hint=f"Attach at most {MOST_MEDIA}.")


def _check_known(ids: set[str], rows: Iterable[Attachment]) -> None:
    if unknown := sorted(ids - {row.id for row in rows}):
        raise NotFound(f"The draft has no attachment {unknown[0]!r}.", hint="Read the draft again.")
