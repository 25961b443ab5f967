"""`pressroom compile`: text files from results.json alone, and wrong files told in a sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from apps.cli import compiling, main
from pressroom.model.results import ImageFile, Level, PlatformResult, PlatformStatus, Results, ResultTotals
from pressroom.reports.results import to_json
from tests.fixtures.running import Said

Compile = Callable[..., Said]


def results(*platforms: str) -> Results:
    return Results(
        session_id="5f2c",
        workspace="default",
        timestamp=datetime(2026, 10, 23, 6, tzinfo=UTC),
        source="latte.jpg",
        level=Level.PLAIN,
        platforms=tuple(
            PlatformResult(
                platform=platform,
                status=PlatformStatus.OK,
                image=ImageFile(file=f"{platform}.jpg", width=1080, height=1080, media_type="image/jpeg", bytes=10),
                caption="The first latte of the day.",
                hashtags=("coffee",),
                no_accounts_because="No search provider is configured.",
            )
            for platform in platforms
        ),
        totals=ResultTotals(ok=len(platforms), failed=0, seconds=1),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "session" / "results.json"
    made.parent.mkdir()
    made.write_text(to_json(results("instagram", "x")), "utf-8")
    return made


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Compile:
    """The command as the command line runs it, errors made into sentences and exit codes."""
    app = typer.Typer(callback=lambda: None)
    compiling.register(app)
    monkeypatch.setattr(main, "app", app)

    def said(*words: Any) -> Said:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["pressroom", "compile", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main.main()
            raise SystemExit(0)
        return Said(int(str(ended.value.code or 0)), *capfd.readouterr())

    return said


def test_the_text_files_are_written_beside_the_results(run: Compile, file: Path) -> None:
    said = run(file)
    assert said.code == 0
    assert said.out.splitlines() == [f"written    {file.parent / name}" for name in ("instagram.txt", "x.txt")]
    assert "The first latte of the day." in (file.parent / "instagram.txt").read_text("utf-8")
    assert sorted(path.name for path in file.parent.iterdir()) == ["instagram.txt", "results.json", "x.txt"]
    assert file.read_text("utf-8") == to_json(results("instagram", "x"))


def test_only_what_differs_is_written_again(run: Compile, file: Path) -> None:
    run(file)
    before = {path: path.stat().st_mtime_ns for path in file.parent.glob("*.txt")}
    (file.parent / "x.txt").write_text("edited")
    said = json.loads(run(file, "--json").out)
    assert [(one["name"], one["status"]) for one in said["files"]] == [
        ("instagram.txt", "unchanged"),
        ("x.txt", "written"),
    ]
    assert (file.parent / "instagram.txt").stat().st_mtime_ns == before[file.parent / "instagram.txt"]
    assert "latte" in (file.parent / "x.txt").read_text("utf-8")


def test_json_is_all_that_is_printed(run: Compile, file: Path, tmp_path: Path) -> None:
    said = run(file, "--out", tmp_path / "a" / "b", "--json")
    found = json.loads(said.out)
    written = tmp_path / "a" / "b" / "x.txt"
    assert found["session_id"] == "5f2c"
    assert found["files"][1] == {
        "name": "x.txt",
        "path": str(written),
        "status": "written",
        "bytes": written.stat().st_size,
    }


def test_a_zone_gives_dates(run: Compile, file: Path) -> None:
    run(file, "--zone", "America/New_York")
    assert "Friday, 23 October 2026, 19:00 (UTC-04:00)" in (file.parent / "instagram.txt").read_text("utf-8")


def test_a_link_at_a_files_name_is_replaced_not_followed(run: Compile, file: Path, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.write_text("precious")
    (file.parent / "x.txt").symlink_to(outside)
    assert run(file).code == 0
    assert outside.read_text() == "precious"
    assert not (file.parent / "x.txt").is_symlink()


@pytest.mark.parametrize("name", ["../x", "/etc/cron", "a/b", "..", "x\\y", "X"])
def test_a_name_that_leads_elsewhere_writes_nothing(run: Compile, file: Path, name: str, tmp_path: Path) -> None:
    file.write_text(file.read_text().replace('"platform": "x"', json.dumps({"platform": name})[1:-1]))
    said = run(file)
    assert said.code == 2
    assert "damaged: platforms.1.platform" in said.err
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["results.json"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "can't be read as JSON"),
        (b"\xff\xd8\xff\xe0", "can't be read as JSON"),
        (b'{"a": 1}', "no results of a picture"),
        (b'{"kind": "pressroom_image_results", "schema_version": 9}', "schema version 9"),
        (b'{"kind": "pressroom_image_results", "schema_version": 1}', "damaged: session_id"),
        (b" " * (compiling.MOST_BYTES + 1), "larger than any results.json"),
    ],
    ids=["empty", "picture", "other", "newer", "damaged", "huge"],
)
def test_a_file_that_is_none_is_told_in_a_sentence(run: Compile, file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    said = run(file)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert str(file) in said.err
    assert "Traceback" not in said.err


def test_a_file_that_is_not_there_and_a_folder_are_told(run: Compile, tmp_path: Path) -> None:
    assert "No such file or directory" in run(tmp_path / "none.json").err
    assert "Is a directory" in run(tmp_path).err


def test_an_unknown_zone_is_told_before_anything_is_written(run: Compile, file: Path) -> None:
    said = run(file, "--zone", "Mars/Olympus")
    assert said.code == 2
    assert "'Mars/Olympus' is not a time zone" in said.err
    assert list(file.parent.glob("*.txt")) == []


def test_what_cannot_be_written_is_told(run: Compile, file: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    assert "can't be written" in run(file, "--out", tmp_path / "taken").err
    (file.parent / "x.txt").mkdir()
    said = run(file)
    assert said.code == 2
    assert "x.txt can't be written: Is a directory" in said.err
    assert list(file.parent.glob(".*")) == []


def test_results_without_a_platform_are_said_to_be_so(run: Compile, file: Path) -> None:
    file.write_text(to_json(results()))
    assert "nothing to write" in run(file).out


def test_help_has_examples(run: Compile) -> None:
    said = run("--help")
    assert said.code == 0
    assert "pressroom compile results.json" in said.out
