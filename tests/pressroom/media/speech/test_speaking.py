"""A text is spoken sentence by sentence, in one voice, and each of its words has its time."""

from __future__ import annotations

import shutil

import pytest

from pressroom.calls.ledger import Ledger
from pressroom.errors import ChainExhausted, WrongInput
from pressroom.media.speech.speaking import speakable
from pressroom.model.speech import Timing
from pressroom.providers.offline import espeak, hibari
from pressroom.store.artifacts import ArtifactStore
from tests.pressroom.media.picture_desk import rows
from tests.pressroom.media.speech.speech_desk import TEXT, check, heard, onsets, spoken

pytestmark = pytest.mark.filterwarnings("error")


def test_words_begin_where_the_voice_does(store: ArtifactStore, ledger: Ledger) -> None:
    """After each silence the voice begins with a word: its energy rises where the model says that the word starts."""
    text = "Every morning, Pressroom turns ideas into posts. Your team, over coffee, reviews them. Then they go out."
    speech = spoken(text, store, ledger)
    check(speech, text)
    assert (speech.timing, speech.voice, speech.rate) == (Timing.MODEL, "heart", 24_000)
    begins = [word.start for word in speech.words]
    found = onsets(heard(speech, store), speech.rate)
    assert len(found) >= 3
    off = sorted(min(abs(onset - begin) for begin in begins) for onset in found)
    assert off[-1] <= 0.05 and off[len(off) // 2] <= 0.025


def test_a_repeat_is_the_same_bytes_and_no_call(store: ArtifactStore, ledger: Ledger) -> None:
    first = spoken(TEXT, store, ledger)
    made = len(rows(ledger))
    again = spoken(TEXT, store, ledger)
    assert again == first and len(rows(ledger)) == made == 2
    assert {row.id for row in rows(ledger)} == set(first.call_ids)
    other = spoken(TEXT.replace("coffee", "tea"), store, ledger)
    assert len(rows(ledger)) == made + 1, "the sentence that stayed as it was is not spoken again"
    assert other.sha256 != first.sha256


def test_text_that_is_hard_to_speak(store: ArtifactStore, ledger: Ledger) -> None:
    for text in ("Yes", "Hello 👋🎉 world", "One. 🙂 Two!", "Meet Łukasz from 東京 today.", "«Really?» - she said…"):
        speech = spoken(text, store, ledger)
        check(speech, text)
        assert speech.seconds > 0.3
    assert "can't read" in " ".join(spoken("Meet 東京 today.", store, ledger).notes)


def test_nothing_to_speak(store: ArtifactStore, ledger: Ledger) -> None:
    for text in ("", "  \n ", "🙂 🎉", "... !!! —"):
        assert not speakable(text)
        with pytest.raises(WrongInput, match="no word to speak"):
            spoken(text, store, ledger)


def test_an_unknown_voice_names_near_ones(store: ArtifactStore, ledger: Ledger) -> None:
    with pytest.raises(WrongInput, match="heart"):
        spoken(TEXT, store, ledger, voice="haert")


def test_speed_shortens(store: ArtifactStore, ledger: Ledger) -> None:
    usual, fast = (spoken("A short sentence to be spoken.", store, ledger, speed=speed) for speed in (1.0, 1.6))
    assert fast.seconds < usual.seconds * 0.8
    with pytest.raises(WrongInput, match="out of range"):
        spoken(TEXT, store, ledger, speed=9)


def test_ten_minutes_of_text(store: ArtifactStore, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sentence is a call of its own, however long the text is; one without an end is cut at clauses."""
    endless = ", ".join(f"and then the {number} of us went on" for number in ("one", "two", "three") * 12)
    lengths: list[int] = []
    spoken_before = hibari.speak
    monkeypatch.setattr(
        hibari,
        "speak",
        lambda text, speed: lengths.append(len(text)) or spoken_before(text, speed),  # type: ignore[func-returns-value]
    )
    speech = spoken(endless, store, ledger)
    check(speech, endless)
    assert len(lengths) >= 3 and max(lengths) <= 400


def test_espeak_is_missing(store: ArtifactStore, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "is_there", lambda: False)
    with pytest.raises(ChainExhausted, match="apt-get install espeak-ng"):
        spoken("Guten Morgen zusammen.", store, ledger, language="de")


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_other_languages_are_spoken_by_espeak(store: ArtifactStore, ledger: Ledger) -> None:
    for language, text in (
        ("de", "Die Donaudampfschifffahrtsgesellschaftskapitänsmütze liegt heute hier."),
        ("fr-FR", "Bonjour, comment ça va ?"),
        ("ar", "صباح الخير يا أصدقاء"),
        ("es", "--voices <speak> &amp; adiós"),
    ):
        speech = spoken(text, store, ledger, language=language)
        check(speech, text)
        assert speech.voice == "espeak" and speech.seconds > 0.5
        assert speech.timing in (Timing.ALIGNED, Timing.ESTIMATED)
    with pytest.raises(ChainExhausted, match="xx"):
        spoken("Hello.", store, ledger, language="xx")
