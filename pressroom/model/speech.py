"""Speech: one text spoken by a voice, and when each of its words is heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field, field_validator

from pressroom.model.base import Frozen


class Timing(StrEnum):
    """How well the times of words are known, best first.

    provider: the vendor says them. model: they are the durations its own model worked with. aligned: measured against
    another rendering of the same words. estimated: spread over the sentence by the length of each word.
    """

    PROVIDER = "provider"
    MODEL = "model"
    ALIGNED = "aligned"
    ESTIMATED = "estimated"


class SpokenWord(Frozen):
    """One word as it is written in the script, punctuation included; `start` and `end` in seconds of the sound."""

    text: str
    start: float = Field(ge=0)
    end: float = Field(ge=0)


@dataclass(frozen=True)
class SpeechRequest:
    """One request for a spoken text.

    voice: a name the vendor knows; empty: its usual one for the language. speed: 1.0 is the voice's own.
    pronunciations: written form and what is spoken for it, of the workspace. `prompt_hash`, `variant`: as of a picture.
    """

    text: str
    language: str = "en"
    voice: str = ""
    speed: float = 1.0
    pronunciations: tuple[tuple[str, str], ...] = ()
    purpose: str = "speech"
    prompt_hash: str = ""
    variant: int = 0


class Speech(Frozen):
    """A spoken text, kept in the artifact store under `key` as a WAV file: one channel of 16 bits at `rate` Hz.

    words: in order, not overlapping, all inside `seconds`; their texts joined by spaces are the request's words. One
    that isn't spoken, e.g. an emoji, has no length. provider: the account that spoke. call_ids: in the ledger.
    """

    key: str
    sha256: str
    rate: int = Field(gt=0)
    seconds: float = Field(ge=0)
    words: tuple[SpokenWord, ...] = ()
    timing: Timing
    voice: str = ""
    notes: tuple[str, ...] = ()
    provider: str = ""
    model: str = ""
    call_ids: tuple[str, ...] = ()


class Pronunciations(Frozen):
    """A workspace's words that are spoken otherwise than they are written."""

    words: dict[str, str] = Field(
        default={},
        max_length=500,
        description="What is spoken, by the written word. Capitals don't matter.",
        examples=[{"Łukasz": "Wookash", "SQL": "sequel"}],
    )

    @field_validator("words")
    @classmethod
    def _one_word(cls, value: dict[str, str]) -> dict[str, str]:
        clean = {written.strip(): " ".join(spoken.split()) for written, spoken in value.items()}
        for written, spoken in clean.items():
            if len(written.split()) != 1 or len(written) > 60:
                raise ValueError(f"{written[:60]!r} is not one word of at most 60 characters")
            if not any(map(str.isalnum, spoken)) or len(spoken) > 200:
                raise ValueError(f"what is spoken for {written!r} has no word, or more than 200 characters")
        return dict(sorted(clean.items()))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """As a `SpeechRequest` takes them."""
        return tuple(self.words.items())
