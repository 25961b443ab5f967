"""POST /cognitiveservices/v1: SSML becomes the bytes of a WAV file; without times of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from sandbox.asks import Ask
from sandbox.dialects.shared.azure import AZURE
from sandbox.dialects.shared.declare import Dialect, Trouble, nothing
from sandbox.dialects.shared.sounds import wav_in_base64
from sandbox.faults import Fault
from sandbox.wire import Request

FORMAT = "riff-24khz-16bit-mono-pcm"


def _parse(request: Request) -> dict[str, Any]:
    ssml = request.body.decode()
    voice = re.search(r"<voice name=['\"]([^'\"]+)['\"]", ssml)
    if voice is None or not ssml.startswith("<speak ") or request.headers.get("x-microsoft-outputformat") != FORMAT:
        raise ValueError("no SSML with a voice, or another format")
    return {"ssml": ssml, "text": unescape(re.sub(r"<[^>]+>", "", ssml)), "voice": voice[1]}


def _read(body: Mapping[str, Any]) -> Ask:
    if not re.fullmatch(r"[a-z]{2,3}-[A-Z]{2}-\w+Neural", body["voice"]) or not body["text"].strip():
        raise Trouble(Fault.BAD_REQUEST, "Unsupported voice, or no text.")
    return Ask("speech", "neural", prompt=body["text"], body=body)


DIALECT = Dialect(
    name="azure_speech",
    family=AZURE,
    path="/cognitiveservices/v1",
    read=_read,
    write=nothing,
    text=False,
    parse=_parse,
    media=wav_in_base64,
    media_type="audio/x-wav",
)
