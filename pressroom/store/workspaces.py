"""Workspaces and what they prefer: a row, and a TOML file that overrules it where there is one."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlmodel import col, select

from pressroom import zones
from pressroom.errors import Misconfigured, NotFound, WrongInput
from pressroom.model import Preferences
from pressroom.model.base import check_hashtag
from pressroom.model.schedules import Schedule, day_in, zone_by
from pressroom.model.speech import Pronunciations
from pressroom.model.trends import TrendWishes
from pressroom.settings import Settings
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.missing import no_workspace
from pressroom.store.tables import Workspace, utc_now
from pressroom.userfiles import did_you_mean, mistakes, text_of

M = TypeVar("M", bound=BaseModel)


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


def find_workspace(database: Database, name: str) -> Workspace:
    """The workspace called `name`.

    Raises:
        NotFound: there is no such workspace, or it was deleted.
    """
    with database.read() as session:
        found = session.exec(select(Workspace).where(Workspace.name == name)).one_or_none()
    if found is None or found.deleted_at is not None:
        raise no_workspace(name)
    return found


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


def set_trends(database: Database, name: str, wishes: TrendWishes) -> Workspace:
    """Keep `wishes` as where the workspace's trends come from."""
    with database.write() as session:
        row = session.get_one(Workspace, workspace(database, name).id, with_for_update=True)
        row.trends, row.updated_at = wishes.model_dump(mode="json"), utc_now()
        session.add(row)
        return row


def pronunciations_of(database: Database, workspace_id: str) -> Pronunciations:
    """The workspace's words that are spoken otherwise than they are written."""
    with database.read() as session:
        return Pronunciations(words=session.get_one(Workspace, workspace_id).pronunciations or {})


def set_pronunciation(database: Database, workspace_id: str, written: str, spoken: str | None) -> Pronunciations:
    """Keep what is spoken for one word; None: forget it. All of them as they are then.

    Raises:
        WrongInput: it is not one word, nothing is to be spoken, or there is no such word to forget.
    """
    with database.write() as session:
        row = session.get_one(Workspace, workspace_id, with_for_update=True)
        words = {one: said for one, said in (row.pronunciations or {}).items() if one.casefold() != written.casefold()}
        if spoken is None and len(words) == len(row.pronunciations or {}):
            raise WrongInput(
                f"There is no pronunciation of {written!r}{did_you_mean(written, words)}.",
                hint="`pressroom pronunciations list` lists them.",
            )
        try:
            found = Pronunciations(words=words if spoken is None else {**words, written: spoken})
        except ValidationError as error:
            said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
            raise WrongInput(f"It can't be kept: {said}.", hint='For example: SQL "sequel".') from None
        row.pronunciations, row.updated_at = found.words, utc_now()
        session.add(row)
    return found


def living_workspaces(database: Database) -> list[Workspace]:
    """Every workspace that is not closed, by name."""
    with database.read() as session:
        query = select(Workspace).where(col(Workspace.deleted_at).is_(None))
        return list(session.exec(query.order_by(col(Workspace.name))).all())


def day_bounds(home: Workspace, chosen: Settings, moment: datetime) -> tuple[datetime, datetime]:
    """The beginning and the end of the workspace's day that `moment` is in: 23, 24 or 25 hours apart."""
    zone, day = zones.zone_of(zone_of(home, chosen)), day_of(home, chosen, moment)
    midnights = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    begins, ends = (midnight.astimezone(UTC) for midnight in midnights)
    return begins, ends


def zone_of(home: Workspace, chosen: Settings) -> str:
    """The IANA zone that decides which day it is for the workspace: its schedule's, else that of the settings."""
    return zone_by(home.schedule, chosen)


def day_of(home: Workspace, chosen: Settings, moment: datetime) -> date:
    """The day that `moment` falls on where the workspace is: by it go runs of every kind.

    Raises:
        Misconfigured: there is no such zone.
    """
    return day_in(zone_of(home, chosen), moment)


def scheduled_day(home: Workspace, chosen: Settings, moment: datetime) -> date:
    """The day that a run scheduled for `moment` is for.

    Where clocks skip the hour after midnight (Cairo in April, Santiago in September), Prefect has a schedule of 00:30
    run at 23:30 of the day before. It is for the day whose 00:30 does not exist, which would get nothing else.

    Raises:
        Misconfigured: there is no such zone.
    """
    day = day_of(home, chosen, moment)
    if not home.schedule:
        return day
    zone, at = zones.zone_of(zone_of(home, chosen)), Schedule.model_validate(home.schedule).time
    planned = datetime.combine(day + timedelta(days=1), at, zone)
    is_skipped = planned.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != planned.replace(tzinfo=None)
    is_on_time = moment.astimezone(zone).time() == at
    return planned.date() if is_skipped and not is_on_time else day


def read_preferences(file: Path) -> Preferences:
    """Preferences from a TOML file with the fields of `Preferences`.

    Raises:
        Misconfigured: it isn't there, isn't TOML, or holds something else; names the field.
    """
    return _read(file, Preferences, _check_hashtags)


def read_trends(file: Path) -> TrendWishes:
    """A workspace's choices for trends from a TOML file. Raises as `read_preferences` does."""
    return _read(file, TrendWishes)


def _check_hashtags(found: Preferences) -> None:
    for tag in found.hashtags:
        check_hashtag(tag)


def _read(file: Path, kind: type[M], check: Callable[[M], None] | None = None) -> M:
    try:
        found = kind.model_validate(tomllib.loads(text_of(file)))
        if check:
            check(found)
        return found
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
    except ValidationError as error:
        reason = mistakes(error.errors(), kind.model_fields).rstrip("?")
    except ValueError as error:
        reason = f"hashtags: {error}"
    fields = ", ".join(kind.model_fields)
    raise Misconfigured(f"The workspace file {file} can't be used: {reason}.", hint=f"It may set: {fields}.")
