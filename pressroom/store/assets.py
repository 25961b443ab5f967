"""Assets of subjects: pictures; sounds and films are others of the kind. Written on (subject, purpose, variant)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from pressroom.model import AssetKind
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import Attachment
from pressroom.store.own_rows import own_row
from pressroom.store.paging import PAGE, read_page
from pressroom.store.tables import Artifact, Asset


def keep_asset(database: Database, asset: Asset) -> Asset:
    """Keep an asset on (subject, purpose, variant); one already there with the same bytes is returned as it is."""
    with database.write() as session:
        if insert_unless_there(session, asset, ("subject_id", "purpose", "variant")):
            return asset
        row = session.exec(select(Asset).where(*_same(asset.subject_id, asset.purpose, asset.variant))).one()
        if row.sha256 != asset.sha256:  # what is behind an address has changed
            for name, value in asset.model_dump(exclude={"id", "created_at"}).items():
                setattr(row, name, value)
            session.add(row)
        return row


def find_asset(database: Database, subject_id: str, purpose: str, variant: int) -> Asset | None:
    with database.read() as session:
        return session.exec(select(Asset).where(*_same(subject_id, purpose, variant))).one_or_none()


def _same(subject_id: str, purpose: str, variant: int) -> tuple[bool, ...]:
    return (Asset.subject_id == subject_id, Asset.purpose == purpose, Asset.variant == variant)


def assets_of(database: Database, run_id: str, variant: int) -> list[Asset]:
    """The assets of one variant of a run, oldest first."""
    with database.read() as session:
        query = select(Asset).where(Asset.run_id == run_id, Asset.variant == variant)
        return list(session.exec(query.order_by(col(Asset.created_at))).all())


def assets_for(database: Database, subject_id: str, begins: str) -> list[Asset]:
    """The assets of a subject whose purpose begins so, oldest first."""
    with database.read() as session:
        mine = col(Asset.purpose).startswith(begins, autoescape=True)
        query = select(Asset).where(Asset.subject_id == subject_id, mine).order_by(col(Asset.created_at))
        return list(session.exec(query).all())


def film_run_of(database: Database, content_id: str) -> str | None:
    """Id of the run of a draft's film: of the one it has attached, else of the last that was made."""
    attached = select(Asset.run_id).join(Attachment, col(Attachment.asset_id) == col(Asset.id))
    attached = attached.where(Attachment.content_id == content_id, Asset.kind == AssetKind.FILM)
    attached = attached.where(col(Asset.purpose).startswith("film/")).order_by(col(Attachment.position))
    made = select(Artifact.run_id).where(Artifact.content_id == content_id, Artifact.kind == "film")
    made = made.where(col(Artifact.key).endswith("/film.json")).order_by(col(Artifact.created_at).desc())
    with database.read() as session:
        return session.exec(attached.limit(1)).first() or session.exec(made.limit(1)).first()


def get_asset(database: Database, workspace_id: str, asset_id: str) -> Asset:
    """Raises NotFound, also for another workspace's."""
    return own_row(database, Asset, workspace_id, asset_id, "picture")


def list_assets(
    database: Database,
    workspace_id: str,
    kind: AssetKind,
    *,
    run_id: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Asset], str | None]:
    """Assets of a kind, of one run or all, newest first, and where the next page begins."""
    query = select(Asset).where(Asset.workspace_id == workspace_id, Asset.kind == kind)
    query = query.where(Asset.run_id == run_id) if run_id else query
    with database.read() as session:
        return read_page(session, query, Asset, cursor=cursor, limit=limit)
