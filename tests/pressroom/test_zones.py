"""Zones are read from the newest database that is at hand."""

from __future__ import annotations

import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzdata

from pressroom.errors import WrongInput
from pressroom.zones import use_newest, zone_of

BERLIN = Path(tzdata.__file__).parent / "zoneinfo" / "Europe" / "Berlin"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A system's folder of zones, where `Europe/Lisbon` has the rules of Berlin; Python reads it first."""
    monkeypatch.delenv("PYTHONTZPATH", raising=False)
    before = zoneinfo.TZPATH
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Lisbon").write_bytes(BERLIN.read_bytes())
    zoneinfo.reset_tzpath(to=[tmp_path])
    ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath(to=before)
    ZoneInfo.clear_cache()


def is_the_systems() -> bool:
    return f"{datetime(2025, 1, 1, tzinfo=UTC).astimezone(zone_of('Europe/Lisbon')):%z}" == "+0100"


def test_a_system_with_old_rules_is_not_asked(system: Path) -> None:
    """Python reads the system's zones first: rules of 2025 on a machine whose tzdata package is of 2026."""
    for name, line in (("tzdata.zi", "# version 2019b\n"), ("+VERSION", "2020a\n"), ("tzdata.zi", "# no version\n")):
        zoneinfo.reset_tzpath(to=[system])
        ZoneInfo.clear_cache()
        (system / name).write_text(line + "R more\n")
        assert is_the_systems()
        assert use_newest() == tzdata.IANA_VERSION
        assert not is_the_systems()
        (system / name).unlink()


def test_a_system_with_newer_rules_is(system: Path) -> None:
    (system / "tzdata.zi").write_text("# version 2999a\n")
    assert use_newest() == "2999a"
    assert is_the_systems()


def test_a_database_that_the_operator_names_is_used_as_it_is(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONTZPATH", str(system))
    use_newest()
    assert is_the_systems()


def test_every_process_that_imports_pressroom_reads_the_newest(tmp_path: Path) -> None:
    code = "import zoneinfo, pressroom, sys; from pressroom.zones import use_newest; sys.exit(not use_newest())"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, timeout=60)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    for name in ("Mars/Olympus", "", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 999):
        with pytest.raises(WrongInput, match="not a time zone"):
            zone_of(name)
