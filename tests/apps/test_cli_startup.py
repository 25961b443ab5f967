"""The command line as a process: quick to answer, quiet in a pipe, and clear when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom.store.database import Database
from tests.fixtures.desk import add_run
from tests.fixtures.running import Said

COMMANDS = (
    *("daily", "repurpose", "optimize", "compile", "runs", "show", "brief", "trace", "formats", "retry", "redo"),
    *(
        "backfill",
        "cancel",
        "db",
        "workspace",
        "export",
        "voices",
        "channels",
        "trends",
        "opportunities",
        "admin",
        "doctor",
        "up",
        "deploy",
        "serve",
        "sandbox",
    ),
)
HEAVY = (
    *("prefect", "sqlmodel", "sqlalchemy", "alembic", "openai", "anthropic", "great_expectations", "pandas", "numpy"),
    *("PIL", "pyarrow", "boto3", "av", "typst", "jinja2", "fastapi", "uvicorn", "httpx"),
)
LOOKING = ("--help", "--version", "formats", "formats --json", "runs", "runs --json", "show", "show --json", "brief")
"""Commands that only look: what each shows is in a few rows, and no package here is needed for it."""


def run(*words: str) -> Said:
    done = subprocess.run([sys.executable, "-m", "apps.cli.main", *words], check=False, capture_output=True, text=True)
    return Said(done.returncode, done.stdout, done.stderr)


def test_commands_that_look_import_nothing_heavy(migrated_sqlite_url: str, tmp_path: Path) -> None:
    database = Database(migrated_sqlite_url)
    made = add_run(database, "default")
    database.close()
    code = (
        "import io, json, sys; from contextlib import redirect_stdout\n"
        "from apps.cli.main import main\n"
        "found = {}\n"
        f"for words in {LOOKING}:\n"
        "    sys.argv, out = ['pressroom', *words.split()], io.StringIO()\n"
        "    try:\n"
        "        with redirect_stdout(out): main()\n"
        "    except SystemExit as ended:\n"
        f"        found[words] = ended.code, out.getvalue(), [name for name in {HEAVY} if name in sys.modules]\n"
        "print(json.dumps(found))"
    )
    environment = {**os.environ, "PRESSROOM_HOME": str(tmp_path), "PRESSROOM_DATABASE_URL": migrated_sqlite_url}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment)
    found = json.loads(done.stdout)
    assert {words: heavy for words, (_, _, heavy) in found.items() if heavy} == {}, done.stderr
    codes = {words: code for words, (code, _, _) in found.items() if code}
    assert codes == {"brief": 2}, done.stderr  # the run has no brief
    assert all(command in found["--help"][1] for command in COMMANDS)
    assert made.id[:8] in found["runs"][1] and made.id in found["show"][1]


def test_accounts_are_made_without_prefect(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['pressroom', 'admin', 'create-user', 'ada@example.com', '--generate']\n"
        "from apps.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as ended: sys.stderr.write(repr((ended.code, 'prefect' in sys.modules)))"
    )
    environment = {**os.environ, "PRESSROOM_HOME": str(tmp_path / "home"), "PRESSROOM_PASSWORD_ROUNDS": "4"}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment)
    assert "ada@example.com is now owner of default." in done.stdout
    assert done.stderr.endswith("(0, False)"), done.stderr


def test_a_wrong_option_ends_the_process_with_2_and_a_sentence() -> None:
    said = run("daily", "--ideas", "0")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: --ideas")


def test_the_installed_script_is_the_same_command_line() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="pressroom")
    assert script.value == "apps.cli.main:main"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, commands: Callable[..., Said]) -> None:
    said = commands(command, "--help")
    assert said.code == 0
    assert "usage: " in said.out.lower()
    assert f"pressroom {command} " in said.out
    assert "\x1b" not in said.out


def test_without_arguments_the_help_is_shown(commands: Callable[..., Said]) -> None:
    said = commands()
    assert "Usage" in said.out + said.err
    assert all(command in said.out + said.err for command in COMMANDS)
