"""Files that were handed in: kept once for the same bytes, with a row for each name they came under."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Session, col, select

from pressroom.errors import NotFound
from pressroom.model import Caller
from pressroom.store import audit
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import Upload
from pressroom.store.paging import PAGE, read_page
from pressroom.store.tables import utc_now

PREFIX = "upload:"
"""How a request names an upload as a source: `upload:ID`."""

NATURAL_KEY = ("workspace_id", "sha256", "name")


def key_of(workspace_id: str, sha256: str, suffix: str) -> str:
    """Where an upload lies in the store. suffix: with its dot."""
    return f"uploads/{workspace_id}/{sha256[:2]}/{sha256}{suffix}"


def keep_upload(database: Database, store: ArtifactStore, file: Path, wanted: Upload) -> Upload:
    """Keep `file` as `wanted` describes it; the row that has these bytes under this name already is taken up again."""
    store.put_file(wanted.key, file, wanted.sha256, wanted.media_type)
    with database.write() as session:
        if insert_unless_there(session, wanted, NATURAL_KEY):
            return wanted
        row = _same(session, wanted)
        row.deleted_at, row.purpose = None, wanted.purpose
        session.add(row)
        return row


def get_upload(database: Database, workspace_id: str, upload_id: str) -> Upload:
    """Raises NotFound, also for a deleted one and for another workspace's."""
    with database.read() as session:
        found = session.get(Upload, upload_id)
    if found is None or found.workspace_id != workspace_id or found.deleted_at is not None:
        raise NotFound(f"There is no upload {upload_id!r}.", hint="Hand the file in again.")
    return found


def list_uploads(
    database: Database, workspace_id: str, *, purpose: str, cursor: str | None = None, limit: int = PAGE
) -> tuple[Sequence[Upload], str | None]:
    """Uploads of a purpose, newest first, and where the next page begins."""
    mine = (Upload.workspace_id == workspace_id, Upload.purpose == purpose, col(Upload.deleted_at).is_(None))
    with database.read() as session:
        return read_page(session, select(Upload).where(*mine), Upload, cursor=cursor, limit=limit)


def delete_upload(database: Database, caller: Caller, upload_id: str) -> Upload:
    """Hides an upload; its bytes are removed when deleted things are purged.

    Raises:
        NotFound: it does not exist, or belongs to another workspace.
    """
    row = get_upload(database, caller.workspace_id, upload_id)
    with database.write() as session:
        row.deleted_at = utc_now()
        session.add(row)
        audit.note(session, caller, "upload.deleted", subject_kind="upload", subject_id=row.id)
    return row


def _same(session: Session, wanted: Upload) -> Upload:
    keys = [getattr(Upload, key) == getattr(wanted, key) for key in NATURAL_KEY]
    return session.exec(select(Upload).where(*keys)).one()
