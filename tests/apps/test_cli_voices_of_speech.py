"""`pressroom voices-of-speech` lists and speaks; `pressroom pronunciations` keeps how words are spoken."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.running import Said

pytestmark = pytest.mark.usefixtures("migrated_home")


def test_a_voice_is_listed_and_heard(cli: Callable[..., Said], tmp_path: Path) -> None:
    listed = {one["name"]: one for one in cli("voices-of-speech", "--json", "--language", "en").json}
    assert listed["heart"]["usable"] and "nova" in listed and "de-DE-KatjaNeural" not in listed
    file = tmp_path / "hear.wav"
    said = cli("voices-of-speech", "--say", "Good morning, 3 May costs $4.50.", "--out", str(file))
    assert said.code == 0 and "voice heart, words: model" in said.out
    with wave.open(str(file)) as sound:
        assert sound.getnchannels() == 1 and sound.getnframes() / sound.getframerate() > 1.5
    for words, reason in (
        (("--say", "Hello."), "--out"),
        (("--say", "🙂", "--out", str(file)), "no word to speak"),
        (("--say", "Hello.", "--voice", "haert", "--out", str(file)), "heart"),
        (("--say", "Hello.", "--out", str(tmp_path / "not" / "there.wav")), "can't be written"),
    ):
        wrong = cli("voices-of-speech", *words)
        assert wrong.code == 2 and reason in wrong.err


def test_pronunciations_are_kept(cli: Callable[..., Said]) -> None:
    assert "no pronunciations" in cli("pronunciations", "list").out
    assert cli("pronunciations", "set", "SQL", "sequel").code == 0
    assert cli("pronunciations", "set", "sql", "S Q L").code == 0
    assert cli("pronunciations", "list").out.split() == ["written", "spoken", "sql", "S", "Q", "L"]
    assert "did you mean 'sql'" in cli("pronunciations", "remove", "sqk").err
    assert cli("pronunciations", "remove", "SQL").code == 0
    assert cli("pronunciations", "set", "two words", "x").code == 2
