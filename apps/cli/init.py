"""`pressroom init`: the first settings of a project, to be filled in."""

from __future__ import annotations

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
"""


class Profile(StrEnum):
    """A set of settings that go together."""

    OFFLINE = "offline"
    OPENAI_SLACK = "openai-slack"
    ANTHROPIC_POSTGRES_S3 = "anthropic-postgres-s3"


SETTINGS = {
    Profile.OFFLINE: OFFLINE,
    Profile.OPENAI_SLACK: OPENAI_SLACK,
    Profile.ANTHROPIC_POSTGRES_S3: ANTHROPIC_POSTGRES_S3,
}


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(init)


def init(
    profile: Annotated[Profile, typer.Option(help="Which settings to begin with.")] = Profile.OFFLINE,
) -> None:
    """Write `.env` and `workspace.toml` into this folder; neither may be there yet."""
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
    missing = [line for line in SETTINGS[profile].splitlines() if "..." in line and not line.startswith("#")]
    names = ", ".join(line.partition("=")[0] for line in missing)
    typer.echo(f"Fill in {names} in .env, then: pressroom doctor" if names else "Next: pressroom daily")
