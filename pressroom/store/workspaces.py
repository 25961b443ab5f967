"""Workspaces and what they prefer: a row, and a TOML file that overrules it where there is one."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import select

from pressroom.errors import Misconfigured, NotFound
from pressroom.model import Preferences
from pressroom.model.base import check_hashtag
from pressroom.settings import Settings
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.tables import Workspace, utc_now
from pressroom.userfiles import text_of


def workspace(database: Database, name: str, *, file: Path | None = None) -> Workspace:
    """The workspace called `name`, made when it is not there; `file`'s preferences are put into its row.

    Raises:
        Misconfigured: the file can't be read as preferences.
        NotFound: the workspace was deleted; nothing is made for it any more.
    """
    preferences = read_preferences(file).model_dump(mode="json") if file else None
    with database.read() as session:
        found = session.exec(select(Workspace).where(Workspace.name == name)).one_or_none()
    if found is not None and found.deleted_at is not None:
        raise NotFound(f"The workspace {name} was deleted.", hint="Choose another name.")
    if found is not None and preferences in (None, found.preferences):
        return found
    return _put(database, name, preferences)


def _put(database: Database, name: str, preferences: dict[str, object] | None) -> Workspace:
    with database.write() as session:
        fresh = Workspace(name=name, preferences=preferences or Preferences().model_dump(mode="json"))
        insert_unless_there(session, fresh, ("name",))
        row = session.exec(select(Workspace).where(Workspace.name == name)).one()
        if preferences is not None and row.preferences != preferences:
            row.preferences, row.updated_at = preferences, utc_now()
            session.add(row)
        return row


def set_preferences(database: Database, name: str, preferences: Preferences) -> Workspace:
    """Keep `preferences` as those of the workspace."""
    return _put(database, name, preferences.model_dump(mode="json"))


def zone_of(home: Workspace, chosen: Settings) -> str:
    """The IANA zone that decides which day it is for the workspace: its schedule's, else that of the settings."""
    return str((home.schedule or {}).get("zone") or chosen.time_zone)


def read_preferences(file: Path) -> Preferences:
    """Preferences from a TOML file with the fields of `Preferences`.

    Raises:
        Misconfigured: it isn't there, isn't TOML, or holds something else; names the field.
    """
    try:
        found = Preferences.model_validate(tomllib.loads(text_of(file)))
        for tag in found.hashtags:
            check_hashtag(tag)
        return found
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
    except ValidationError as error:
        reason = "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors())
    except ValueError as error:
        reason = f"hashtags: {error}"
    fields = ", ".join(Preferences.model_fields)
    raise Misconfigured(f"The workspace file {file} can't be used: {reason}.", hint=f"It may set: {fields}.")
