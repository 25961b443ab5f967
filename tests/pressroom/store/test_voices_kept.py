"""Brand voices as files and as rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressroom.errors import WrongInput
from pressroom.model import Preferences, Voice
from pressroom.store.database import Database
from pressroom.store.voices import keep_voice, read_voice, remove_voice, voice_of, voices_of, with_voice
from pressroom.store.workspaces import read_preferences, workspace

GOOD = """
name = "house"
description = "Dry."
samples = ["We turned it off."]
do = ["Name the tool"]
dont = ["Promise"]
banned = ["synergy", "相乗効果"]
sign_off = "Your mill."
"""
HOUSE = Voice(
    name="house",
    description="Dry.",
    samples=("We turned it off.",),
    do=("Name the tool",),
    dont=("Promise",),
    banned=("synergy", "相乗効果"),
    sign_off="Your mill.",
)


@pytest.fixture
def home(database: Database) -> str:
    return workspace(database, "default").id


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "voice.toml"
    path.write_text(GOOD, "utf-8")
    return path


def test_a_voice_is_kept_whole(database: Database, home: str) -> None:
    keep_voice(database, home, HOUSE)
    assert voice_of(database, home, "house") == HOUSE


def test_kept_again_it_takes_the_place_of_the_one_before(database: Database, home: str) -> None:
    drier = HOUSE.model_copy(update={"description": "Drier."})
    for voice in (HOUSE, drier):
        keep_voice(database, home, voice)
    assert voices_of(database, home) == (drier,)


def test_kept_by_many_at_once_there_is_one(database: Database, home: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keep_voice(database, home, HOUSE), range(8)))
    assert voices_of(database, home) == (HOUSE,)


def test_a_workspace_has_its_own_voices(database: Database, home: str) -> None:
    keep_voice(database, home, HOUSE)
    keep_voice(database, home, Voice(name="autumn", description="Mild."))
    assert [voice.name for voice in voices_of(database, home)] == ["autumn", "house"]
    other = workspace(database, "other").id
    assert voices_of(database, other) == ()
    with pytest.raises(WrongInput, match="no voice called 'house'") as caught:
        voice_of(database, other, "house")
    assert "pressroom voices load" in caught.value.hint


def test_a_voice_that_is_not_there_lists_those_that_are(database: Database, home: str) -> None:
    keep_voice(database, home, HOUSE)
    for ask in (voice_of, remove_voice):
        with pytest.raises(WrongInput, match="'hous'") as caught:
            ask(database, home, "hous")
        assert caught.value.hint == "Choose from: house."


def test_a_voice_can_be_removed(database: Database, home: str) -> None:
    keep_voice(database, home, HOUSE)
    remove_voice(database, home, "house")
    assert voices_of(database, home) == ()


def test_preferences_that_name_a_voice_get_the_whole_of_it(database: Database, home: str) -> None:
    keep_voice(database, home, HOUSE)
    assert with_voice(database, home, Preferences(voice=Voice(name="house"))).voice == HOUSE
    own = Preferences(voice=Voice(name="house", description="Another."))
    assert with_voice(database, home, own) is own
    assert with_voice(database, home, Preferences()) == Preferences()
    with pytest.raises(WrongInput, match="'autumn'"):
        with_voice(database, home, Preferences(voice=Voice(name="autumn")))


def test_a_workspace_file_may_name_its_voice(file: Path) -> None:
    file.write_text('voice = "house"')
    assert read_preferences(file).voice == Voice(name="house")


def test_a_good_file(file: Path) -> None:
    assert read_voice(file) == HOUSE
    assert read_voice(file, "launch") == HOUSE.model_copy(update={"name": "launch"})


def test_a_file_without_a_name_needs_one(file: Path) -> None:
    file.write_text('description = "Dry."')
    assert read_voice(file, "house").name == "house"
    with pytest.raises(WrongInput, match="name is missing"):
        read_voice(file)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'name = "house"', "says nothing"),
        (b'name = "my house"\ndescription = "x"', "name"),
        (b'name = "house"\nsamples = "one"', "samples"),
        (b'name = "house"\ndo = ["a", 3]', "do.1"),
        (b'name = "house"\nbanned = [""]', "banned.0"),
        (b'name = "house"\nsign_off = """a\nb"""', "sign_off"),
        (b'name = "house"\nsignoff = "a"', "signoff"),
        (b"name = nonsense", "line 1"),
        (b"# \xff\xfe", "utf-8"),
        (b"\xff\xfe#", "utf-16"),
    ],
)
def test_a_bad_file_is_named_with_its_field(file: Path, content: bytes, field: str) -> None:
    file.write_bytes(content)
    with pytest.raises(WrongInput) as caught:
        read_voice(file)
    assert str(file) in caught.value.message
    assert field in caught.value.message
    assert "sign_off" in caught.value.hint


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"nothing\.toml does not exist"):
        read_voice(tmp_path / "nothing.toml")
    with pytest.raises(WrongInput, match="is a folder"):
        read_voice(tmp_path)
