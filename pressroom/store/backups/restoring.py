"""Restoring a backup, and trying it: into a database made for the purpose, compared with the manifest, and dropped."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, select

from pressroom.errors import DatabaseUnusable, StoreUnusable
from pressroom.settings import private_folder, settings
from pressroom.store import audit
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.backups.dumping import State, check_known, load
from pressroom.store.backups.manifest import Manifest, key_of
from pressroom.store.backups.sealing import hash_of, open_sealed
from pressroom.store.database import Database
from pressroom.store.tables import Content, Run, SubjectRow

RESTORED = "backup.restored"


def restore(store: ArtifactStore, manifest: Manifest, identity: Path, target: Database) -> State:
    """Fill the empty database `target` from a backup, and compare it with the manifest.

    Raises:
        StoreUnusable: the file is not the one that was made, or can't be opened. Misconfigured: no identity.
        DatabaseUnusable: `target` is not empty, is of another kind, or differs from the manifest afterwards.
    """
    check_known(manifest.schema_head)
    kind = "sqlite" if target.is_sqlite else "postgresql"
    if kind != manifest.kind:
        raise DatabaseUnusable(
            f"The backup is of {manifest.kind}, the target of {kind}.", hint="Restore it into a database of its kind."
        )
    with TemporaryDirectory(prefix="restore-", dir=private_folder(settings().home)) as folder:
        sealed, plain = Path(folder) / "database.age", Path(folder) / "database"
        _fetch(store, manifest, sealed)
        open_sealed(sealed, plain, identity)
        state = load(plain, target)
    compare(manifest, state)
    _follow_a_draft(target)
    return state


def verify(database: Database, store: ArtifactStore, manifest: Manifest, identity: Path) -> State:
    """Restore a backup into a scratch database next to `database`, compare, drop it, and note that it was tried.

    Raises:
        As `restore`; DatabaseUnusable: on PostgreSQL, also when the role may not make databases.
    """
    with _scratch(database) as target:
        state = restore(store, manifest, identity, target)
    with database.write() as session:
        details = {"rows": sum(state.counts.values()), "schema": state.schema_head}
        audit.note(session, None, RESTORED, subject_kind="backup", subject_id=manifest.id, details=details)
    return state


def compare(manifest: Manifest, state: State) -> None:
    """Raises DatabaseUnusable, naming what differs from the manifest."""
    wrong = [
        f"{name} has {state.counts.get(name, 0)} rows, not {manifest.counts.get(name, 0)}"
        for name in sorted({*manifest.counts, *state.counts})
        if state.counts.get(name) != manifest.counts.get(name)
    ]
    if state.schema_head != manifest.schema_head:
        wrong.append(f"the schema is {state.schema_head or 'unknown'}, not {manifest.schema_head}")
    if state.policies != manifest.policies:
        wrong.append(f"{state.policies} rules of row-level security, not {manifest.policies}")
    if wrong:
        raise DatabaseUnusable(
            f"The restored database differs from backup {manifest.id}: {'; '.join(wrong[:5])}.",
            hint="Try an older backup, and keep this one to be looked at.",
        )


def _follow_a_draft(database: Database) -> None:
    """The newest draft leads to its subject and its run, as `pressroom trace` follows it."""
    query = (
        select(Content.id, SubjectRow.id, Run.id)
        .outerjoin(SubjectRow, col(SubjectRow.id) == Content.subject_id)
        .outerjoin(Run, col(Run.id) == Content.run_id)
        .order_by(col(Content.created_at).desc())
        .limit(1)
    )
    with database.read() as session:
        row = session.exec(query).first()
    if row is not None and None in tuple(row):
        raise DatabaseUnusable(f"The restored draft {row[0]} has lost its subject or its run.")


def _fetch(store: ArtifactStore, manifest: Manifest, file: Path) -> None:
    with file.open("wb") as opened:
        for chunk in store.stream(key_of(manifest.id, "database.age")):
            opened.write(chunk)
    if hash_of(file) != manifest.sha256:
        raise StoreUnusable(
            f"The file of backup {manifest.id} is not the one that was made.", hint="Use another backup."
        )


@contextmanager
def _scratch(database: Database) -> Iterator[Database]:
    """An empty database of the same kind, which is gone afterwards."""
    if database.is_sqlite:
        with TemporaryDirectory(prefix="scratch-", dir=private_folder(settings().home)) as folder:
            target = Database(f"sqlite:///{Path(folder) / 'restored.db'}", pool=1, overflow=1)
            try:
                yield target
            finally:
                target.close()
        return
    name = f"pressroom_restore_{uuid.uuid4().hex[:12]}"
    _by_itself(database, f'CREATE DATABASE "{name}"')
    target = Database(database.url.set(database=name).render_as_string(hide_password=False), pool=1, overflow=1)
    try:
        yield target
    finally:
        target.close()
        _by_itself(database, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _by_itself(database: Database, statement: str) -> None:
    """Run a statement that no transaction may hold; the engine's connections begin one by themselves."""
    import psycopg

    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())
    except psycopg.Error as error:
        raise DatabaseUnusable(
            f"{database.label} takes no scratch database: {error}.", hint="Give its role the right CREATEDB."
        ) from None
