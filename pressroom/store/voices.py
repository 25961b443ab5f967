"""Brand voices: a row for each name of a workspace, and the TOML file one is read from."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from pressroom.errors import WrongInput
from pressroom.model import Preferences, Voice
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.missing import no_voice
from pressroom.store.tables import VoiceRow, utc_now
from pressroom.userfiles import mistakes, text_of


def keep_voice(database: Database, workspace_id: str, voice: Voice) -> None:
    """Keep `voice` under its name, in the place of the one that has it."""
    profile = voice.model_dump(mode="json")
    with database.write() as session:
        fresh = VoiceRow(workspace_id=workspace_id, name=voice.name, profile=profile)
        if insert_unless_there(session, fresh, ("workspace_id", "name")):
            return
        row = session.exec(_rows(workspace_id, voice.name)).one()
        if row.profile != profile:
            row.profile, row.updated_at = profile, utc_now()
            session.add(row)


def voice_of(database: Database, workspace_id: str, name: str) -> Voice:
    """The workspace's voice called `name`.

    Raises:
        WrongInput: it has none of that name; the hint lists those it has.
    """
    with database.read() as session:
        row = session.exec(_rows(workspace_id, name)).one_or_none()
    if row is None:
        raise no_voice(name, [voice.name for voice in voices_of(database, workspace_id)])
    return Voice.model_validate(row.profile)


def voices_of(database: Database, workspace_id: str) -> tuple[Voice, ...]:
    """Every voice of the workspace, by name."""
    with database.read() as session:
        rows = session.exec(select(VoiceRow).where(VoiceRow.workspace_id == workspace_id).order_by(VoiceRow.name)).all()
    return tuple(Voice.model_validate(row.profile) for row in rows)


def remove_voice(database: Database, workspace_id: str, name: str) -> None:
    """Delete the voice called `name`; runs that were made in it keep their request.

    Raises:
        WrongInput: the workspace has no voice of that name.
    """
    with database.write() as session:
        row = session.exec(_rows(workspace_id, name)).one_or_none()
        if row is not None:
            session.delete(row)
    if row is None:
        raise no_voice(name, [voice.name for voice in voices_of(database, workspace_id)])


def with_voice(database: Database, workspace_id: str, preferences: Preferences) -> Preferences:
    """`preferences` with the whole of the voice that they name; those that name none, or hold a whole one, as they are.

    Raises:
        WrongInput: the workspace has no voice of that name.
    """
    voice = preferences.voice
    if voice is None or not voice.is_name_only:
        return preferences
    return preferences.model_copy(update={"voice": voice_of(database, workspace_id, voice.name)})


def read_voice(file: Path, name: str | None = None) -> Voice:
    """A voice from a TOML file with the fields of `Voice`. name: overrules the file's own.

    Raises:
        WrongInput: it isn't there, isn't TOML, or holds something else; names the field.
    """
    if not file.is_file():
        kind = "is a folder" if file.is_dir() else "does not exist"
        raise WrongInput(
            f"The voice file {file} {kind}.", hint="Name a TOML file; README, Voice, says what it may set."
        )
    try:
        fields = tomllib.loads(text_of(file))
        voice = Voice.model_validate({**fields, "name": name} if name else fields)
        reason = "it says nothing about the voice" if voice.is_name_only else ""
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
    except ValidationError as error:
        reason = mistakes(error.errors(), Voice.model_fields).rstrip("?")
    if reason:
        known = ", ".join(Voice.model_fields)
        raise WrongInput(f"The voice file {file} can't be used: {reason}.", hint=f"It may set: {known}.")
    return voice


def _rows(workspace_id: str, name: str) -> SelectOfScalar[VoiceRow]:
    return select(VoiceRow).where(VoiceRow.workspace_id == workspace_id, VoiceRow.name == name)
