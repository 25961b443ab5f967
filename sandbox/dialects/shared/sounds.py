"""Sounds as a voice would make them: a tone a word, as long as its letters, the same for the same words."""

from __future__ import annotations

import base64
import hashlib
import math
import struct
from array import array
from dataclasses import dataclass
from functools import lru_cache

from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Trouble
from sandbox.dialects.shared.pictures import PAGE
from sandbox.faults import Fault

RATE = 24_000
LEAD, GAP, A_LETTER = 0.1, 0.05, 0.065
"""Seconds before the first word, between words, and of each letter."""

WRONG_RATE = 4_000
UNKNOWN = 0xFFFFFFFF
"""The length of a sound that is sent while it is made."""


@dataclass(frozen=True)
class Sound:
    """samples: 16 bits each, of one channel; bounds: start and end of each word in seconds."""

    samples: bytes
    bounds: tuple[tuple[float, float], ...]


@lru_cache(maxsize=256)
def voiced(text: str) -> Sound:
    """The sound of `text`."""
    samples, bounds = array("h", [0] * round(LEAD * RATE)), []
    for word in text.split():
        start = len(samples) / RATE
        samples.extend(_tone(word))
        bounds.append((start, len(samples) / RATE))
        samples.extend([0] * round(GAP * RATE))
    return Sound(samples.tobytes(), tuple(bounds))


def _tone(word: str) -> array[int]:
    pitch = 120 + hashlib.sha256(word.encode("utf-8", "replace")).digest()[0]
    count = round(A_LETTER * max(1, len(word)) * RATE)
    wave = [round(9000 * math.sin(2 * math.pi * pitch * at / RATE)) for at in range(min(count, RATE // 4))]
    return array("h", (wave * (count // len(wave) + 1))[:count])


def wav(samples: bytes, *, rate: int = RATE, streamed: bool = False) -> bytes:
    """A WAV file; streamed: its head doesn't know how long it is."""
    whole, data = (UNKNOWN, UNKNOWN) if streamed else (36 + len(samples), len(samples))
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", whole, b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return head + struct.pack("<4sI", b"data", data) + samples


def spoilt(ask: Ask, fault: Fault | None) -> tuple[bytes, int]:
    """The samples of what `ask` says, or what a fault makes of them, and their rate.

    Raises:
        Trouble: the fault is that such words are not spoken.
    """
    if fault is Fault.REFUSAL:
        raise Trouble(fault)
    samples = voiced(ask.prompt).samples
    if fault is Fault.EMPTY:
        samples = bytes(len(samples))
    return samples, WRONG_RATE if fault is Fault.RULE_BREAKING else RATE


def wav_in_base64(ask: Ask, fault: Fault | None, *, streamed: bool = False) -> str:
    """A WAV file of what `ask` says, with `fault` in it."""
    samples, rate = spoilt(ask, fault)
    data = PAGE if fault is Fault.PROSE else wav(samples, rate=rate, streamed=streamed and fault is not Fault.TRUNCATED)
    return base64.b64encode(data[: len(data) // 2] if fault is Fault.TRUNCATED else data).decode()
