"""POST /v1/audio/speech: the bytes of a WAV file, sent while it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Trouble, nothing, require
from sandbox.dialects.shared.openai import OPENAI
from sandbox.dialects.shared.sounds import wav_in_base64
from sandbox.faults import Fault

LONGEST = 4096
VOICES = {
    *("alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse", "marin", "cedar"),
}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, model=str, input=str, voice=str)
    if body["voice"] not in VOICES:
        raise Trouble(Fault.BAD_REQUEST, f"Input should be one of {', '.join(sorted(VOICES))}.")
    if not 0 < len(body["input"]) <= LONGEST:
        raise Trouble(Fault.BAD_REQUEST, f"String should have at most {LONGEST} characters.")
    if body.get("response_format", "mp3") != "wav" or not 0.25 <= body.get("speed", 1) <= 4:
        raise Trouble(Fault.BAD_REQUEST, "This server speaks WAV, at a speed from 0.25 to 4.")
    return Ask("speech", body["model"], prompt=body["input"], body=body)


DIALECT = Dialect(
    name="openai_speech",
    family=OPENAI,
    path="/audio/speech",
    read=_read,
    write=nothing,
    text=False,
    media=lambda ask, fault: wav_in_base64(ask, fault, streamed=True),
    media_type="audio/wav",
)
