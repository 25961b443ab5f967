"""Workspaces: made when first named, and told what they prefer by a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from pressroom.errors import Misconfigured
from pressroom.model import Preferences
from pressroom.model.requests import RepurposeRequest
from pressroom.store.database import Database
from pressroom.store.workspaces import read_preferences, set_preferences, workspace

GOOD = """
topics = ["coffee", "roasting"]
keywords = ["arabica"]
audience = "people who own a café"
tone = "warm"
language = "de-CH"
hashtags = ["#Kaffee", "Rösterei"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "workspace.toml"
    path.write_text(GOOD, "utf-8")
    return path


def test_it_is_made_once_with_the_usual_preferences(database: Database) -> None:
    with ThreadPoolExecutor(10) as pool:
        ids = {row.id for row in pool.map(lambda _: workspace(database, "default"), range(10))}
    assert len(ids) == 1
    assert Preferences.model_validate(workspace(database, "default").preferences) == Preferences()


def test_the_file_is_put_into_its_row(database: Database, file: Path) -> None:
    plain = workspace(database, "default")
    told = workspace(database, "default", file=file)
    assert told.id == plain.id
    assert told.preferences["topics"] == ["coffee", "roasting"]
    assert told.updated_at > plain.updated_at
    assert workspace(database, "default") == told, "the row remembers without the file"
    assert workspace(database, "default", file=file) == told, "nothing is written when nothing changed"


def test_preferences_can_be_set(database: Database) -> None:
    set_preferences(database, "default", Preferences(topics=("tea",)))
    assert workspace(database, "default").preferences["topics"] == ["tea"]


def test_a_good_file(file: Path) -> None:
    read = read_preferences(file)
    assert read.hashtags == ("Kaffee", "Rösterei")
    assert (read.language, read.audience) == ("de-CH", "people who own a café")


def test_hashtags_that_no_platform_takes_are_refused_and_a_byte_order_mark_is_not(tmp_path: Path) -> None:
    file = tmp_path / "workspace.toml"
    file.write_text('hashtags = ["2026"]', "utf-8-sig")
    with pytest.raises(Misconfigured, match="'2026' can't be a hashtag"):
        read_preferences(file)
    with pytest.raises(ValidationError, match="'2026' can't be a hashtag"):
        RepurposeRequest(text="words", hashtags=("ok", "2026"))


def test_an_empty_file_prefers_the_usual(file: Path) -> None:
    file.write_text("")
    assert read_preferences(file) == Preferences()


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'colour = "blue"', "colour"),
        (b"topics = []", "topics"),
        (b'topics = "coffee"', "topics"),
        (b'topics = ["coffee", 3]', "topics.1"),
        (b"audience = 3", "audience"),
        (b'language = "Deutsch, bitte"', "language"),
        (b"topics = nonsense", "line 1"),
        (b"# \xff\xfe", "utf-8"),
        (b"\xff\xfe#", "utf-16"),
    ],
)
def test_a_bad_file_is_named_with_its_field(file: Path, content: bytes, field: str) -> None:
    file.write_bytes(content)
    with pytest.raises(Misconfigured) as caught:
        read_preferences(file)
    assert str(file) in caught.value.message
    assert field in caught.value.message
    assert "topics" in caught.value.hint


def test_every_bad_field_is_named(file: Path) -> None:
    file.write_text("audience = 1\ntone = 2\n")
    with pytest.raises(Misconfigured, match=r"audience.*tone"):
        read_preferences(file)


def test_a_file_that_is_not_there(tmp_path: Path, database: Database) -> None:
    for path in (tmp_path / "nothing.toml", tmp_path):
        with pytest.raises(Misconfigured, match=str(path)):
            workspace(database, "default", file=path)
