"""The library of a draft: assets and uploads that it may have attached, those that suit it best first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, select

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.model import AssetKind
from pressroom.review.attachment_files import OFFLINE, PDF, is_fit, kind_of
from pressroom.review.rows import content_row
from pressroom.review.values import Selectable
from pressroom.store.database import Database
from pressroom.store.desk_tables import Upload
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.tables import Asset, Content


class Attachable(Selectable):
    """Something that a draft may have attached: an asset or an upload.

    `cut_to`: the pixels that a picture is cut to; None where it stays as it is, or is measured only then.
    """

    asset_id: str | None = None
    upload_id: str | None = None
    kind: AssetKind
    name: str = Field(description="Of its file.")
    purpose: str = Field(default="", description="The platform that it was made for, or `thumbnail`; of an asset.")
    same_idea: bool = Field(default=False, description="True when it was made for the draft's own idea.")
    media_type: str
    size: int = Field(description="Bytes.")
    width: int | None = Field(default=None, description="Pixels; None of an upload.")
    height: int | None = None
    seconds: float | None = None
    cut_to: tuple[int, int] | None = None
    alt_text: str = ""
    made_by_ai: bool = Field(default=False, description="True when a model made it.")


def list_attachable(
    database: Database, content_id: str, cursor: str | None = None, limit: int = PAGE
) -> Page[Attachable]:
    """The draft's library: assets of its idea, others, uploads; of the assets, those of its platform first.

    Each of these groups is newest first.

    Raises:
        NotFound: no such content. WrongInput: the cursor is invalid.
    """
    items: list[Attachable] = []
    with database.read() as session:
        content = content_row(session, content_id)
        groups = _groups(content)
        group, inner = _place(cursor, len(groups))
        while group < len(groups) and len(items) < limit:
            rows, inner = _read(session, groups[group], inner, limit - len(items))
            items += [_view(content, row) for row in rows]
            group += inner is None
    return Page(items=items, next_cursor=f"{group}.{inner or ''}" if group < len(groups) else None)


def _groups(content: Content) -> Sequence[Any]:
    home = content.workspace_id
    uploads = select(Upload).where(Upload.workspace_id == home, col(Upload.deleted_at).is_(None))
    return (
        *(_assets(content, own=own, fit=fit) for own in (True, False) for fit in (True, False)),
        uploads.where(col(Upload.purpose).in_(("image", "film")) | (col(Upload.media_type) == PDF)),
    )


def _assets(content: Content, *, own: bool, fit: bool) -> Any:
    """Assets of the draft's own idea or of others, made for its platform or not."""
    idea, platform = col(Asset.subject_id), col(Asset.purpose)
    return select(Asset).where(
        Asset.workspace_id == content.workspace_id,
        idea == content.subject_id if own else idea != content.subject_id,
        platform == content.platform if fit else platform != content.platform,
    )


def _place(cursor: str | None, groups: int) -> tuple[int, str | None]:
    """The group that a page begins in, and where in it."""
    if not cursor:
        return 0, None
    group, _, inner = cursor.partition(".")
    if group not in map(str, range(groups)):
        raise WrongInput("This is not a cursor.", hint="Take `next_cursor` of the page before.")
    return int(group), inner or None


def _read(session: Session, query: Any, cursor: str | None, limit: int) -> tuple[Sequence[Asset | Upload], str | None]:
    table = query.column_descriptions[0]["entity"]
    return read_page(session, query, table, cursor=cursor, limit=limit)


def _view(content: Content, row: Asset | Upload) -> Attachable:
    if isinstance(row, Upload):
        same = row.model_dump(include={"name", "media_type", "size"})
        return Attachable(upload_id=row.id, kind=kind_of(row), **same)
    known, cut_to = platforms.find(content.platform), None
    if row.kind == AssetKind.PICTURE and known and row.width and row.height and not is_fit(row, content.platform):
        cut_to = known.image_size_for(row.width, row.height)
    same = row.model_dump(include=set(Attachable.model_fields))
    return Attachable(
        asset_id=row.id,
        name=PurePosixPath(row.key).name,
        same_idea=row.subject_id == content.subject_id,
        cut_to=cut_to,
        made_by_ai=row.provider != OFFLINE,
        **same,
    )
