"""The voice a document is written up in: the one asked for, or the workspace's."""

from __future__ import annotations

import pytest

from blocks import connections
from pressroom.errors import WrongInput
from pressroom.media.planning import document_preferences
from pressroom.model import Preferences, RepurposeRequest, Voice
from pressroom.store.database import Database
from pressroom.store.voices import keep_voice
from pressroom.store.workspaces import set_preferences, workspace
from tasks.plans import planner

HOUSE, AUTUMN = Voice(name="house", description="Dry."), Voice(name="autumn", description="Mild.")


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, migrated_sqlite_url: str) -> Database:
    """A database with a workspace of two voices, which is the one of the tasks."""
    made = Database(migrated_sqlite_url)
    monkeypatch.setattr(connections, "database", lambda: made)
    for voice in (HOUSE, AUTUMN):
        keep_voice(made, workspace(made, "default").id, voice)
    return made


def wished(database: Database, name: str = "default", voice: str | None = None) -> Preferences:
    request = RepurposeRequest(text="Words.", tone="warm", voice=voice)
    return document_preferences(request, workspace(database, name), planner())


def test_it_is_resolved_by_its_name(database: Database) -> None:
    found = wished(database, voice="autumn")
    assert (found.voice, found.tone) == (AUTUMN, "warm")
    assert wished(database) == Preferences(tone="warm")


def test_the_workspaces_is_taken_unless_another_is_asked_for(database: Database) -> None:
    set_preferences(database, "default", Preferences(voice=Voice(name="house")))
    assert wished(database).voice == HOUSE
    assert wished(database, voice="autumn").voice == AUTUMN


def test_the_name_of_no_voice_or_another_workspaces(database: Database) -> None:
    for name, voice in (("default", "a" * 64), ("default", "spring"), ("other", "house")):
        with pytest.raises(WrongInput, match="no voice called"):
            wished(database, name, voice)
