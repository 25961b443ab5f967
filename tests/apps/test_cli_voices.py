"""`pressroom voices`: keeping, looking at and using brand voices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom.model import RunReport
from tests.fixtures.running import Said, every_row

pytestmark = pytest.mark.usefixtures("migrated_home")

SIGN_OFF = "Written by people."
VOICE = f'name = "house"\ndescription = "Dry."\nbanned = ["synergy"]\nsign_off = "{SIGN_OFF}"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "voice.toml"
    path.write_text(VOICE, "utf-8")
    return path


def test_a_voice_is_loaded_shown_and_removed(cli: Callable[..., Said], file: Path) -> None:
    assert "no voice" in cli("voices", "list").err
    assert "has the voice house" in cli("voices", "load", str(file)).out
    assert cli("voices", "load", str(file), "--name", "launch").code == 0
    assert cli("voices", "list").out == "house  Dry.\nlaunch  Dry.\n"
    assert cli("voices", "list", "--workspace", "other").out == ""
    assert cli("voices", "show", "launch").json["sign_off"] == SIGN_OFF
    assert cli("voices", "remove", "launch").code == 0
    assert cli("voices", "list").out == "house  Dry.\n"


def test_loading_again_takes_over_what_changed(cli: Callable[..., Said], file: Path) -> None:
    cli("voices", "load", str(file))
    file.write_text(VOICE.replace("Dry.", "Drier."), "utf-8")
    cli("voices", "load", str(file))
    assert cli("voices", "list").out == "house  Drier.\n"


def test_what_is_wrong_is_said(cli: Callable[..., Said], file: Path) -> None:
    cli("voices", "load", str(file))
    file.write_text('name = "house"\nbanned = "synergy"\n', "utf-8")
    for words, reason in (
        (("load", str(file)), "banned"),
        (("load", str(file) + ".missing"), "missing"),
        (("show", "hous"), "'hous'"),
        (("remove", "hous"), "Choose from: house."),
    ):
        said = cli("voices", *words)
        assert said.code == 2
        assert reason in said.err and said.err.startswith("Error: ")


@pytest.mark.parametrize("command", ["", "list", "show", "load", "remove"])
def test_help_has_examples(cli: Callable[..., Said], command: str) -> None:
    assert "pressroom voices" in cli("voices", *filter(None, (command,)), "--help").out


@pytest.mark.usefixtures("light_gate")
def test_a_workspaces_daily_drafts_are_in_its_voice(cli: Callable[..., Said], file: Path, tmp_path: Path) -> None:
    home = tmp_path / "workspace.toml"
    home.write_text('voice = "house"\n', "utf-8")
    cli("workspace", "set", str(home))
    asked = ("daily", "--ideas", "1", "--format", "linkedin_post", "--chain", "offline", "--json")
    said = cli(*asked)
    assert said.code == 2 and "no voice called 'house'" in said.err
    cli("voices", "load", str(file))
    report = RunReport.model_validate(cli(*asked).json)
    assert (report.drafts, report.quarantined) == (1, 0)
    (draft,) = every_row()["content"]
    assert draft["body"]["takeaway"].endswith(SIGN_OFF)
