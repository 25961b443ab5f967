"""Speech at a vendor: a request for one sentence, the sound that came back, its voices, and WAV files."""

from __future__ import annotations

import re
import struct
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from pressroom.calls import providers
from pressroom.calls.providers import Provider
from pressroom.errors import BrokenAnswer
from pressroom.model import Finish, Frozen, Usage
from pressroom.model.speech import Timing

WIDTH = 2
"""Bytes of a sample: 16 bits, signed, little-endian, one channel."""

MOST_CHARACTERS = 400
"""Of one request: below what each vendor takes at once, and little to lose when a call fails."""

RATES = range(8_000, 48_001)
"""Samples a second a voice may have."""


@dataclass(frozen=True)
class SentenceRequest:
    """One sentence to be spoken. text: the spoken words, separated by single spaces: `two p m`, not `2pm`.

    language: as of `SpeechRequest`. voice: a name some vendor knows; empty: the vendor's usual one for the language.
    """

    text: str
    language: str = "en"
    voice: str = ""
    speed: float = 1.0
    purpose: str = "speech"
    prompt_hash: str = ""
    variant: int = 0


@dataclass(frozen=True)
class Sound:
    """The sound a vendor gave, before it is checked. data: a WAV file.

    bounds: start and end of each word of the request's text, in seconds; empty where the vendor doesn't say them.
    finish: REFUSAL when it was paid for and withheld. notes: sentences a reviewer should see.
    """

    data: bytes
    model: str
    voice: str = ""
    bounds: tuple[tuple[float, float], ...] = ()
    timing: Timing = Timing.PROVIDER
    request_id: str = ""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = Finish.STOP
    notes: tuple[str, ...] = ()


UNKNOWN = 0x7FF00000
"""A file that was sent while it was made doesn't know its length, hence says one from here on."""


class Voice(Frozen):
    """A vendor's voice. languages: those it speaks, `en` or `en-GB`, the first best; `*`: any. said: a few words on it.

    id: the vendor's name of it in requests, where that is another one. timed: how well its words' times are known.
    """

    name: str
    languages: tuple[str, ...]
    said: str = ""
    id: str = ""
    timed: Timing = Timing.ALIGNED

    def speaks(self, language: str) -> bool:
        return any(_same(one, language) for one in self.languages)

    def fits(self, language: str) -> tuple[bool, bool]:
        """Sorts the voices of a language: those of its region first, then those made for it, then those for all."""
        return (language not in self.languages, not any(one != "*" and _same(one, language) for one in self.languages))


def voices_of(provider: Provider) -> tuple[Voice, ...]:
    """A vendor's voices, as its `voices.toml` lists them; the usual one of a language comes before its others."""
    return _listed(provider.package)[0]


def knows(provider: Provider, name: str) -> bool:
    """True for a voice that is listed, or named as the vendor names its others: a voice of the account's own."""
    voices, others = _listed(provider.package)
    return any(one.name == name for one in voices) or bool(others and re.fullmatch(others, name))


def voice_for(provider: Provider, request: SentenceRequest) -> str:
    """The voice that speaks the request at `provider`: the one it names, else the usual one; empty: it has no such."""
    if request.voice and knows(provider, request.voice):
        return request.voice
    able = [one for one in voices_of(provider) if one.speaks(request.language)]
    return min(able, key=lambda voice: voice.fits(request.language)).name if able else ""


def id_of(provider: Provider, name: str) -> str:
    """The vendor's own name of the voice `name`."""
    return next((one.id for one in voices_of(provider) if one.name == name and one.id), name)


def _same(one: str, language: str) -> bool:
    return one == "*" or one.partition("-")[0].lower() == language.partition("-")[0].lower()


@lru_cache(maxsize=32)
def _listed(package: str) -> tuple[tuple[Voice, ...], str]:
    file = files(package).joinpath("voices.toml")
    if not file.is_file():
        return (), ""
    declared = tomllib.loads(file.read_text("utf-8"))
    common = {"timed": declared["timed"]} if "timed" in declared else {}
    return tuple(Voice.model_validate({**common, **one}) for one in declared["voices"]), declared.get("others", "")


def speaking() -> tuple[Provider, ...]:
    """The vendors that speak, those of a chain that is not set first."""
    there = (one for one in providers.REGISTRY if one.offers("speech"))
    return tuple(sorted(there, key=lambda one: (one.rank.get("speech", 99), one.name)))


# WAV files


def wav_of(samples: bytes, rate: int) -> bytes:
    """A WAV file of one channel of 16 bits."""
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return head + struct.pack("<4sI", b"data", len(samples)) + samples


def samples_of(data: bytes) -> tuple[bytes, int]:
    """The samples of a WAV file as 16 bits of one channel, and how many there are a second.

    Raises:
        BrokenAnswer: it is no such file, it breaks off, or it has another form.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BrokenAnswer("The sound is no WAV file.", retry_after=0)
    form: tuple[int, ...] | None = None
    for name, start, end in _chunks(data):
        if name == b"fmt " and end - start >= 16:
            form = struct.unpack_from("<HHIIHH", data, start)
        if name == b"data" and form is not None:
            return _mono(data[start:end], form)
    raise BrokenAnswer("The sound breaks off before it begins.", retry_after=0)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > len(data) and size < UNKNOWN:
            raise BrokenAnswer("The sound breaks off in the middle.", retry_after=0)
        yield name, at + 8, min(at + 8 + size, len(data))
        at += 8 + size + size % 2


def _mono(samples: bytes, form: tuple[int, ...]) -> tuple[bytes, int]:
    code, channels, rate, _, _, bits = form
    if code not in (1, 0xFFFE) or channels not in (1, 2) or bits != WIDTH * 8 or rate not in RATES:
        raise BrokenAnswer(f"The sound has {channels} channels of {bits} bits at {rate} Hz.", retry_after=0)
    samples = samples[: len(samples) // (WIDTH * channels) * WIDTH * channels]
    if channels == 2:  # both carry the same voice
        samples = b"".join(samples[at : at + WIDTH] for at in range(0, len(samples), WIDTH * 2))
    return samples, rate
