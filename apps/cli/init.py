"""`pressroom init`: the first settings of a project, to be filled in."""

from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pressroom.errors import AlreadyThere

OFFLINE = """\
# No key is needed: the offline engine writes. Set a key to have a model write.
# OPENAI_API_KEY=sk-...
# ANTHROPIC_API_KEY=sk-ant-...
"""

OPENAI_SLACK = """\
OPENAI_API_KEY=sk-...
PRESSROOM_TEXT_CHAIN=openai,offline
PRESSROOM_RUN_BUDGET_USD=1
# Slack: an incoming webhook https://hooks.slack.com/services/T0/B0/secret is written slack://T0/B0/secret
PRESSROOM_NOTIFY_URLS=slack://T0/B0/secret
PRESSROOM_NOTIFY_ON_SUCCESS=true
"""

ANTHROPIC_POSTGRES_S3 = """\
ANTHROPIC_API_KEY=sk-ant-...
PRESSROOM_TEXT_CHAIN=anthropic,offline
PRESSROOM_RUN_BUDGET_USD=1
# `pressroom db upgrade` makes the tables.
PRESSROOM_DATABASE_URL=postgresql+psycopg://pressroom:password@localhost/pressroom
# S3 needs `pip install 'pressroom[s3]'`.
PRESSROOM_STORE_URL=s3://my-bucket/pressroom
AWS_ACCESS_KEY_ID=...
AWS_SECRET_ACCESS_KEY=...
"""

COMPOSE = """\
# Read by `docker compose`. Passwords lie in secrets/, keys of providers and platforms in secrets/providers.env.
# PRESSROOM_DESK_PORT=8080
# PRESSROOM_DESK_URL=https://desk.example.com
# PRESSROOM_TIME_ZONE=Europe/Berlin
# PRESSROOM_WORKER_IMAGE=registry.example.com/pressroom-worker:0.1.0
# PRESSROOM_DESK_IMAGE=registry.example.com/pressroom-desk:0.1.0
"""

WORKSPACE = """\
# What your content is about. Every line is optional.
topics = ["technology", "digital transformation", "innovation"]
audience = "heads of IT in mid-sized companies"
tone = "clear, friendly and concrete"
language = "en"
"""

EXAMPLES = """
**Examples**

- `pressroom init` works offline; keys can be filled in later.
- `pressroom init --profile openai-slack`
- `pressroom init --profile anthropic-postgres-s3`
- `pressroom init --profile compose`, then `docker compose --profile all up -d`.
"""


COMPLETIONS = """
**Examples**

- `pressroom completion bash > ~/.local/share/bash-completion/completions/pressroom`
- `source <(pressroom completion zsh)` for this shell alone.
- `pressroom completion fish > ~/.config/fish/completions/pressroom.fish`
"""


class Profile(StrEnum):
    """A set of settings that go together."""

    OFFLINE = "offline"
    OPENAI_SLACK = "openai-slack"
    ANTHROPIC_POSTGRES_S3 = "anthropic-postgres-s3"
    COMPOSE = "compose"


class Shell(StrEnum):
    """A shell that completes commands."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


SETTINGS = {
    Profile.OFFLINE: OFFLINE,
    Profile.OPENAI_SLACK: OPENAI_SLACK,
    Profile.ANTHROPIC_POSTGRES_S3: ANTHROPIC_POSTGRES_S3,
    Profile.COMPOSE: COMPOSE,
}


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(init)
    app.command(epilog=COMPLETIONS)(completion)


def init(
    profile: Annotated[Profile, typer.Option(help="Which settings to begin with.")] = Profile.OFFLINE,
) -> None:
    """Write `.env` and `workspace.toml` into this folder; neither may be there yet.

    The profile `compose` also writes `compose.yaml`, `prefect.yaml` and what they need, with new passwords.
    """
    home = f"PRESSROOM_HOME={Path.cwd() / '.pressroom'}\nPRESSROOM_WORKSPACE_FILE={Path.cwd() / 'workspace.toml'}\n"
    files = {Path(".env"): f"{SETTINGS[profile]}{home}", Path("workspace.toml"): WORKSPACE}
    there = [str(file) for file in files if file.exists()]
    if there:
        verb = "are" if len(there) > 1 else "is"
        raise AlreadyThere(f"{' and '.join(there)} {verb} there already.", hint="Edit it, or move it away first.")
    for file, text in files.items():
        file.touch(0o600)
        file.write_text(text, "utf-8")
        typer.echo(f"wrote {file}")
    if profile is Profile.COMPOSE:
        subprocess.run([sys.executable, "-m", "deployments.project", "."], check=True)
        typer.echo("Next: docker compose --profile all up -d (the images: docs/deploying.md)")
        return
    missing = [line for line in SETTINGS[profile].splitlines() if "..." in line and not line.startswith("#")]
    names = ", ".join(line.partition("=")[0] for line in missing)
    typer.echo(f"Fill in {names} in .env, then: pressroom doctor" if names else "Next: pressroom daily")


def completion(shell: Annotated[Shell, typer.Argument(help="The shell it is for.")]) -> None:
    """Print what makes a shell complete commands and options of `pressroom`."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    typer.echo(get_completion_script(prog_name="pressroom", complete_var="_PRESSROOM_COMPLETE", shell=shell))
