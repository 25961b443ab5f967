"""The table of exit codes in `docs/operations.md` is what the commands do: each example of it is called."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.fixtures.running import ROOT, Said

pytestmark = pytest.mark.usefixtures("migrated_home")


def examples() -> Iterator[tuple[int, str]]:
    """Exit code and command of each example of the table."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    for line in text.splitlines():
        if row := re.match(r"\| (\d+) \|[^|]*\|(.*)\|$", line):
            yield from ((int(row[1]), command) for command in re.findall(r"`([^`]+)`", row[2]))


def test_every_example_of_the_table_ends_with_its_code(
    commands: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    called = list(examples())
    assert len(called) > 50
    wrong = []
    for code, command in called:
        *settings, _, rest = re.split(r"((?:^| )pressroom )", command, maxsplit=1)
        with pytest.MonkeyPatch.context() as patch:
            for name, _, value in (each.partition("=") for each in shlex.split(settings[0])):
                patch.setenv(name, value)
            said = commands(*shlex.split(rest))
        is_said = code == 0 or said.err.lstrip().startswith(("Error: ", "usage: "))
        if said.code != code or not is_said or "mistake of ours" in said.err:
            wrong.append((command, code, said))
    assert wrong == []


def test_the_version_is_printed(commands: Callable[..., Said]) -> None:
    said = commands("--version")
    assert (said.code, said.out, said.err) == (0, f"pressroom {version('pressroom')}\n", "")


def test_stopping_a_command_is_exit_code_130(commands: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("apps.cli.local.home_to_look_at", stopped)
    said = commands("runs")
    assert (said.code, said.err.strip()) == (130, "Stopped. The same command goes on where it was.")
