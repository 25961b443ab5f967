"""A brand voice as a value, and a workspace that has none."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.model import Preferences, Voice
from pressroom.model.voices import SAMPLE_CHARACTERS, SAMPLES_SHOWN


def test_preferences_without_a_voice_are_written_as_they_ever_were() -> None:
    """Run keys, cache keys and ledger keys are made of these words."""
    assert Preferences().model_dump_json() == (
        '{"topics":["technology","digital transformation","innovation"],"keywords":[],'
        '"audience":"professionals who decide about technology","tone":"clear, friendly and concrete",'
        '"language":"en","hashtags":[]}'
    )
    assert "voice" not in Preferences().model_dump()


def test_a_voice_is_kept_with_the_preferences() -> None:
    voiced = Preferences(voice=Voice(name="house", description="Dry."))
    assert Preferences.model_validate_json(voiced.model_dump_json()) == voiced
    assert Preferences.model_validate(voiced.model_dump()) == voiced


def test_a_name_stands_for_a_voice() -> None:
    voice = Preferences.model_validate({"voice": "house"}).voice
    assert voice == Voice(name="house")
    assert voice.is_name_only
    assert not Voice(name="house", banned=("x",)).is_name_only


def test_a_prompt_is_shown_few_samples_each_cut_at_a_word() -> None:
    long = "words and more " * 100
    shown = Voice(
        name="house", description="Dry.", do=("Say you",), samples=("short", long, "語" * 900, *"abcdef")
    ).shown()
    assert len(shown.samples) == SAMPLES_SHOWN
    assert shown.samples[0] == "short"
    assert all(len(sample) <= SAMPLE_CHARACTERS for sample in shown.samples)
    assert shown.samples[1].rstrip("…").split()[-1] in ("words", "and", "more")
    assert shown.samples[2].startswith("語語") and shown.samples[2].endswith("…")
    assert (shown.description, shown.do) == ("", ()), "that is said in the system prompt"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "two words"}, "name"),
        ({"name": "a" * 64}, "name"),
        ({"banned": [" "]}, "banned.0"),
        ({"banned": "synergy"}, "banned"),
        ({"sign_off": "two\nlines"}, "sign_off"),
        ({"sign_off": "a" * 81}, "sign_off"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_voice_that_makes_no_sense(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Voice.model_validate({"name": "house", **fields})
    assert [".".join(map(str, error["loc"])) for error in caught.value.errors()] == [where]
