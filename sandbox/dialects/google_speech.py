"""POST /v1beta1/text:synthesize: a WAV file in base64, and the time of each mark where the voice takes marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Trouble
from sandbox.dialects.shared.gemini import GOOGLE
from sandbox.dialects.shared.sounds import voiced, wav_in_base64
from sandbox.faults import Fault
from sandbox.replies import Options

LONGEST = 5_000
"""Bytes of the input."""


def _read(body: Mapping[str, Any]) -> Ask:
    given = body["input"]
    marked = given.get("ssml", given.get("text"))
    text = unescape(re.sub(r"<[^>]+>", "", marked)).strip() if "ssml" in given else marked
    voice, audio = body["voice"]["name"], body["audioConfig"]
    if not text or len(marked.encode()) > LONGEST or not voice.startswith(body["voice"]["languageCode"]):
        raise Trouble(
            Fault.BAD_REQUEST, "The input is empty or longer than 5000 bytes, or the voice has no such language."
        )
    if audio["audioEncoding"] != "LINEAR16" or not 0.25 <= audio.get("speakingRate", 1) <= 4:
        raise Trouble(Fault.BAD_REQUEST, "This server gives LINEAR16 at a rate from 0.25 to 4.")
    if "ssml" in given and "Chirp" in voice:
        raise Trouble(Fault.BAD_REQUEST, "This voice does not support SSML.")
    return Ask("speech", "tts", prompt=text, body=body)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    marks = re.findall(r'<mark name="([^"]+)"/>', ask.body["input"].get("ssml", ""))
    wanted = "SSML_MARK" in ask.body.get("enableTimePointing", ())
    starts = [start for start, _ in voiced(ask.prompt).bounds]
    points = [{"markName": name, "timeSeconds": start} for name, start in zip(marks, starts, strict=False)]
    return {"audioContent": answer.text, **({"timepoints": points} if wanted else {})}


DIALECT = Dialect(
    name="google_speech",
    family=GOOGLE,
    path="/v1beta1/text:synthesize",
    read=_read,
    write=_write,
    text=False,
    media=wav_in_base64,
)
