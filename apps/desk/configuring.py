"""Changing how a workspace wants its content: each change noted in the audit log and told as an event, in one go."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from pydantic import BaseModel
from sqlmodel import Session, select

from pressroom.errors import Conflict, NotFound
from pressroom.model import Caller, Preferences, Voice
from pressroom.model.schedules import Schedule
from pressroom.model.speech import Pronunciations
from pressroom.model.trends import TrendWishes
from pressroom.sources.trends import check_wishes
from pressroom.store import audit, events
from pressroom.store.database import Database
from pressroom.store.tables import VoiceRow, Workspace, utc_now

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

SIX = dt.time(6)
"""When `prefect.yaml` has the morning of the settings' workspace made."""


def etag(shown: BaseModel) -> str:
    """Returns the hash of this wording of a setting."""
    return hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]


def schedule_of(desk: Desk, database: Database, caller: Caller) -> tuple[Schedule, bool]:
    """Returns when the workspace's morning is made, and if a user set that."""
    with database.read() as session:
        return _schedule(desk, _home(session, caller))


def set_schedule(
    desk: Desk, database: Database, caller: Caller, wanted: Schedule | None, *, seen: str | None = None
) -> None:
    """Have the morning made as `wanted` says, in Prefect and here; None: as the settings say.

    seen: the `etag` of the schedule that was looked at.

    Raises:
        Conflict: it is another by now. PrefectAway: nothing is changed.
    """
    with database.read() as session:
        known, _ = _schedule(desk, _home(session, caller))
    _check_seen(seen, known)
    desk.orchestrator.set_schedule(caller.workspace, wanted)
    with database.write() as session:
        home = _home(session, caller, locked=True)
        home.schedule = wanted.model_dump(mode="json") if wanted else None
        _changed(session, caller, home, "schedule", home.schedule or {})


def preferences_of(database: Database, caller: Caller) -> Preferences:
    with database.read() as session:
        return Preferences.model_validate(_home(session, caller).preferences)


def set_preferences(database: Database, caller: Caller, wanted: Preferences, *, seen: str | None = None) -> None:
    """Keep `wanted` as what the workspace prefers; runs that are under way keep what they began with.

    Raises:
        Conflict: they are others by now. NotFound: it has no voice of that name.
    """
    with database.write() as session:
        home = _home(session, caller, locked=True)
        _check_seen(seen, Preferences.model_validate(home.preferences))
        if wanted.voice and wanted.voice.is_name_only:
            _voice(session, caller, wanted.voice.name)
        home.preferences = wanted.model_dump(mode="json")
        _changed(session, caller, home, "preferences", {"topics": list(wanted.topics)})


def trends_of(database: Database, caller: Caller) -> TrendWishes:
    with database.read() as session:
        return TrendWishes.model_validate(_home(session, caller).trends or {})


def set_trends(database: Database, caller: Caller, wanted: TrendWishes, *, seen: str | None = None) -> None:
    """Keep `wanted` as where the workspace's trends come from, from the next collection on.

    Raises:
        Conflict: it is another by now. WrongInput: there is no such country or source. SourceForbidden: a feed's
        address is never fetched.
    """
    check_wishes(wanted)
    with database.write() as session:
        home = _home(session, caller, locked=True)
        _check_seen(seen, TrendWishes.model_validate(home.trends or {}))
        home.trends = wanted.model_dump(mode="json")
        _changed(session, caller, home, "trends", {"regions": list(wanted.regions or ())})


def pronunciations_of(database: Database, caller: Caller) -> Pronunciations:
    with database.read() as session:
        return Pronunciations(words=_home(session, caller).pronunciations or {})


def set_pronunciations(database: Database, caller: Caller, wanted: Pronunciations, *, seen: str | None = None) -> None:
    """Keep `wanted` as what is spoken for words, from the next film on. Raises Conflict when they were changed."""
    with database.write() as session:
        home = _home(session, caller, locked=True)
        _check_seen(seen, Pronunciations(words=home.pronunciations or {}))
        home.pronunciations = wanted.words
        _changed(session, caller, home, "pronunciations", {"words": list(wanted.words)[:50]})


def set_voice(database: Database, caller: Caller, voice: Voice, *, seen: str | None = None) -> None:
    """Keep `voice` under its name. Raises Conflict when the one that has it was changed."""
    with database.write() as session:
        home, found = _home(session, caller, locked=True), _found(session, caller, voice.name)
        if found is not None:
            _check_seen(seen, Voice.model_validate(found.profile))
        row = found or VoiceRow(workspace_id=caller.workspace_id, name=voice.name)
        row.profile, row.updated_at = voice.model_dump(mode="json"), utc_now()
        session.add(row)
        _changed(session, caller, home, "voice", {"name": voice.name})


def remove_voice(database: Database, caller: Caller, name: str) -> None:
    """Forget a voice; runs that were made in it keep what they were asked for. Raises NotFound."""
    with database.write() as session:
        home = _home(session, caller, locked=True)
        session.delete(_voice(session, caller, name))
        _changed(session, caller, home, "voice", {"removed": name})


def voice_of(database: Database, caller: Caller, name: str) -> Voice:
    """Raises NotFound."""
    with database.read() as session:
        return Voice.model_validate(_voice(session, caller, name).profile)


def _schedule(desk: Desk, home: Workspace) -> tuple[Schedule, bool]:
    if home.schedule is not None:
        return Schedule.model_validate(home.schedule), True
    chosen = desk.settings
    return Schedule(time=SIX, zone=chosen.time_zone, active=home.name == chosen.workspace), False


def _home(session: Session, caller: Caller, *, locked: bool = False) -> Workspace:
    return session.get_one(Workspace, caller.workspace_id, with_for_update=locked or None)


def _found(session: Session, caller: Caller, name: str) -> VoiceRow | None:
    mine = (VoiceRow.workspace_id == caller.workspace_id, VoiceRow.name == name)
    return session.exec(select(VoiceRow).where(*mine)).one_or_none()


def _voice(session: Session, caller: Caller, name: str) -> VoiceRow:
    found = _found(session, caller, name)
    if found is None:
        raise NotFound(f"The workspace has no voice called {name!r}.")
    return found


def _check_seen(seen: str | None, known: BaseModel) -> None:
    if seen is not None and seen.strip().removeprefix("W/").strip('"') not in {"*", etag(known)}:
        raise Conflict("Another person has changed it since you read it.", hint="Read it again, then change it.")


def _changed(session: Session, caller: Caller, home: Workspace, what: str, details: dict[str, object]) -> None:
    home.updated_at = utc_now()
    session.add(home)
    audit.note(session, caller, "settings.changed", subject_kind=what, subject_id=home.id, details=dict(details))
    events.emit(session, home.id, "settings.changed", {"what": what})
