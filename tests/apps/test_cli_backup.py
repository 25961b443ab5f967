"""`pressroom backup`: what an operator types, from a pair of keys to a restored database."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from apps.cli.main import app
from pressroom.errors import PressroomError
from pressroom.settings import settings


def test_from_a_key_to_a_restored_database(
    migrated_sqlite_url: str, clean_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", migrated_sqlite_url)
    settings.cache_clear()

    def typed(*words: object, refused: bool = False) -> str:
        result = CliRunner().invoke(app, ["backup", *map(str, words)])
        assert isinstance(result.exception, PressroomError) is refused, result.output
        return f"{result.exception} {result.exception.hint}" if refused else result.output

    key = tmp_path / "ops.key"
    public = next(line for line in typed("key", key).splitlines() if line.startswith("age1"))
    assert key.stat().st_mode & 0o077 == 0
    assert "can't be written: File exists" in typed("key", key, refused=True)
    assert "PRESSROOM_BACKUP_RECIPIENTS" in typed("create", refused=True)
    assert "One key alone opens it" in typed("create", "--recipient", public)
    backup = typed("list").split()[0]
    assert "--identity" in typed("verify", refused=True)
    assert "as it was made" in typed("verify", "--identity", key)
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    assert target in typed("restore", backup, "--to", target, "--identity", key)
    assert "there already" in typed("restore", "latest", "--to", target, "--identity", key, refused=True)
    assert backup in typed("restore", "yesterday", "--to", target, "--identity", key, refused=True)
