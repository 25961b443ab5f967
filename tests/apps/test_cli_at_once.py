"""Mistakes are answered before Prefect is imported, with a next step, and leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.cli import doctor
from pressroom.errors import Misconfigured
from tests.fixtures.running import Said

MISTAKES = {
    "repurpose nope.md": (2, "There is no file 'nope.md'", "Check the path."),
    "repurpose empty.md": (2, "empty.md is empty", "Name a file with something in it."),
    "repurpose .": (2, ". is a folder", "Name the files in it"),
    "repurpose notes.md --voice nobody": (2, "no voice called 'nobody'", "pressroom voices load"),
    "repurpose notes.md --image-style neon": (2, "no image style called 'neon'", "Choose from"),
    "optimize nothere.jpg --all": (2, "There is no file 'nothere.jpg'", "Check the path."),
    "optimize notes.md --all --logo nologo.png": (2, "There is no file 'nologo.png'", "Check the path."),
    "daily --chain gpt": (2, "The chain names 'gpt'", "Choose from"),
    "daily --chain openai": (1, "its key is not set", "Set OPENAI_API_KEY"),
    "daily --format tweet": (2, "no format called 'tweet'", "linkedin_post"),
    "backfill 2026-11-01 2026-11-02 --chain openai": (1, "its key is not set", "Set OPENAI_API_KEY"),
    "daily --opportunity abcd": (2, "There is no opportunity 'abcd'", "pressroom opportunities list"),
    "admin create-user ada@example.com": (2, "There is no terminal", "--generate"),
    "trends score --weights 1,0,0,0": (2, "compared on stored collections", "--replay"),
    "redo zzz": (2, "No piece of content begins with 'zzz'", "pressroom show RUN"),
    "retry zzz": (2, "There is no run 'zzz'", "pressroom runs"),
    "cancel": (2, "There is no run yet", "pressroom daily"),
    "logs zzz": (2, "There is no run 'zzz'", "pressroom runs"),
    "voices load typo.toml": (2, "unknown key 'nam', did you mean 'name'", "It may set"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> Path:
    """A folder with documents and no home, where no Prefect server is set."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PRESSROOM_HOME", str(folder / ".pressroom"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (folder / "empty.md").touch()
    (folder / "notes.md").write_text("We turned it off on a Friday. " * 20)
    (folder / "typo.toml").write_text('nam = "house"\n')
    return folder


def test_every_mistake_has_its_code_and_a_next_step_and_leaves_nothing(
    project: Path, commands: Callable[..., Said]
) -> None:
    wrong, before = [], sorted(path.name for path in project.iterdir())
    for typed, (code, reason, step) in MISTAKES.items():
        said = commands(*typed.split())
        there = sorted(path.name for path in project.iterdir())
        if (said.code, reason in said.err, step in said.err, there) != (code, True, True, before):
            wrong.append((typed, said, there))
    assert wrong == []


@pytest.mark.parametrize("typed", ["repurpose nope.md", "daily --chain openai"])
def test_a_mistake_costs_no_import_of_prefect_or_of_the_database(project: Path, typed: str) -> None:
    code = (
        f"import sys; sys.argv = ['pressroom', *{typed.split()}]\n"
        "from apps.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: print([name for name in ('prefect', 'sqlalchemy', 'rich') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment)
    assert "[]" in done.stdout, (done.stdout, done.stderr)


def test_a_setting_that_is_misspelt_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from pressroom.settings import misspelt

    given = {"PRESSROOM_IDAES": "3", "PRESSROOM_IDEAS": "3", "PRESSROOM_OPENAI_MODEL": "x", "PATH": ""}
    assert misspelt(given) == ["PRESSROOM_IDAES is no setting, did you mean 'PRESSROOM_IDEAS'?"]
    given = {"PRESSROOM_TRENDS__REGION": "DE", "PRESSROOM_TRENDS__FEEDS": "", "PRESSROOM_ENDPOINTS__GROQ__MODEL": "x"}
    said = ["PRESSROOM_TRENDS__REGION is no setting, did you mean 'PRESSROOM_TRENDS__REGIONS'?"]
    assert misspelt(given) == said
    monkeypatch.setenv("PRESSROOM_TRENDS__REGION", "DE")
    with pytest.raises(Misconfigured, match="REGIONS"):
        doctor._settings()


def test_each_failure_of_doctor_has_a_next_step_that_can_be_typed() -> None:
    for name, hint in (("provider openai", ""), ("database", ""), ("deployed", ""), ("trend sources", ""), ("x", "y")):
        step = doctor._next_step(name, hint)
        assert "`" in step or "PRESSROOM_" in step, (name, step)
    assert doctor._next_step("provider openai", "Set OPENAI_API_KEY.") == "Set OPENAI_API_KEY."


def test_init_writes_settings_once(project: Path, commands: Callable[..., Said]) -> None:
    said = commands("init", "--profile", "openai-slack")
    assert (said.code, "Fill in OPENAI_API_KEY" in said.out) == (0, True)
    assert "slack://" in (project / ".env").read_text()
    again = commands("init")
    assert (again.code, "are there already" in again.err) == (2, True)


def test_init_writes_a_folder_for_compose(project: Path, commands: Callable[..., Said]) -> None:
    said = commands("init", "--profile", "compose")
    assert (said.code, "docker compose --profile all up -d" in said.out) == (0, True), said.err
    assert {"compose.yaml", "prefect.yaml", "secrets", "grafana"} <= {file.name for file in project.iterdir()}
    assert (project / "secrets/PRESSROOM_SECRET_KEY").read_text()


def test_looks_of_an_empty_project_make_nothing(project: Path, commands: Callable[..., Said]) -> None:
    assert json.loads(commands("runs", "--json").out) == []
    assert not (project / ".pressroom").exists()


def test_an_estimate_needs_no_key(project: Path, commands: Callable[..., Said]) -> None:
    said = commands("daily", "--chain", "openai", "--estimate", "--json")
    assert (said.code, json.loads(said.out)["calls"]) == (0, 16), said.err
