"""Making a backup: the database to a file, sealed, stored, and last its manifest, without which it does not count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import select

from pressroom.settings import private_folder, settings
from pressroom.store import audit
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.backups.dumping import dump
from pressroom.store.backups.manifest import Manifest, key_of
from pressroom.store.backups.sealing import hash_of, seal
from pressroom.store.database import Database
from pressroom.store.tables import Artifact, Asset

MADE = "backup.made"


def create(database: Database, store: ArtifactStore, recipients: Sequence[str], *, now: datetime) -> Manifest:
    """Back the whole database up, for `recipients`, who can each open it. now: in UTC.

    Artifacts are not copied: the rows that name them are compared with what is in the store.

    Raises:
        Misconfigured: no recipient, or PostgreSQL's programs are missing. DatabaseUnusable, StoreUnusable.
    """
    backup = now.strftime("%Y%m%dT%H%M%SZ")
    with TemporaryDirectory(prefix="backup-", dir=private_folder(settings().home)) as folder:
        plain, sealed = Path(folder) / "database", Path(folder) / "database.age"
        state = dump(database, plain)
        seal(plain, sealed, recipients)
        plain.unlink()
        sha256 = hash_of(sealed)
        stored = store.put_file(key_of(backup, "database.age"), sealed, sha256)
    files, missing = inventory(database, store)
    manifest = Manifest(
        id=backup,
        made_at=now,
        version=version("pressroom"),
        kind=state.kind,
        server=state.server,
        schema_head=state.schema_head,
        counts=dict(state.counts),
        policies=state.policies,
        sha256=sha256,
        size=stored.size,
        recipients=len(recipients),
        files=files,
        missing_files=len(missing),
    )
    store.put(key_of(backup, "manifest.json"), manifest.model_dump_json(indent=2).encode())
    with database.write() as session:
        details = {"size": manifest.size, "rows": manifest.rows, "missing_files": len(missing)}
        audit.note(session, None, MADE, subject_kind="backup", subject_id=backup, details=details)
    return manifest


def inventory(database: Database, store: ArtifactStore) -> tuple[int, list[str]]:
    """How many artifacts rows name, and the keys of those that are not in the store, sorted."""
    with database.read() as session:
        named = {*session.exec(select(Artifact.key)), *session.exec(select(Asset.key))}
    there = set(store.list())
    return len(named), sorted(named - there)
