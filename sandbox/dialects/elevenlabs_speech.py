"""POST /v1/text-to-speech/{voice}/with-timestamps: samples in base64, and the time of each character."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Trouble, require
from sandbox.dialects.shared.elevenlabs import ELEVENLABS
from sandbox.dialects.shared.pictures import PAGE
from sandbox.dialects.shared.sounds import spoilt, voiced
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.wire import Request

LONGEST = 10_000


def _parse(request: Request) -> dict[str, Any]:
    voice = request.path.split("/text-to-speech/")[1].partition("/")[0]
    formats = parse_qs(request.query).get("output_format", ["mp3_44100_128"])
    return {**json.loads(request.body or b"{}"), "voice_id": voice, "output_format": formats[0]}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, text=str, model_id=str)
    if body["output_format"] != "pcm_24000":
        raise Trouble(Fault.BAD_REQUEST, "This server gives pcm_24000.")
    if not 0 < len(body["text"]) <= LONGEST or not 0.7 <= body.get("voice_settings", {}).get("speed", 1) <= 1.2:
        raise Trouble(Fault.BAD_REQUEST, "The text is empty or too long, or the speed is not between 0.7 and 1.2.")
    if len(body["voice_id"]) != 20:
        raise Trouble(Fault.BAD_REQUEST, f"A voice with the ID {body['voice_id']} was not found.")
    return Ask("speech", body["model_id"], prompt=body["text"], body=body)


def _sound(ask: Ask, fault: Fault | None) -> str:
    samples, _ = spoilt(ask, fault)
    if fault in (Fault.PROSE, Fault.TRUNCATED, Fault.RULE_BREAKING):
        samples = {Fault.PROSE: PAGE, Fault.TRUNCATED: b""}.get(fault, samples[: len(samples) // 20 * 2])
    return base64.b64encode(samples).decode()


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    times = list(_times(ask.prompt))
    alignment = {
        "characters": list(ask.prompt),
        "character_start_times_seconds": [start for start, _ in times],
        "character_end_times_seconds": [end for _, end in times],
    }
    return {"audio_base64": answer.text, "alignment": alignment, "normalized_alignment": alignment}


def _times(text: str) -> list[tuple[float, float]]:
    times: list[tuple[float, float]] = []
    bounds, at, inside = voiced(text).bounds, -1, 0
    words = text.split()
    for place, char in enumerate(text):
        if char.isspace():
            end = times[-1][1] if times else 0.0
            times.append((end, end))
            continue
        if place == 0 or text[place - 1].isspace():
            at, inside = at + 1, 0
        start, end = bounds[at]
        step = (end - start) / len(words[at])
        times.append((round(start + inside * step, 3), round(start + (inside + 1) * step, 3)))
        inside += 1
    return times


DIALECT = Dialect(
    name="elevenlabs_speech",
    family=ELEVENLABS,
    path="/text-to-speech/{voice}/with-timestamps",
    read=_read,
    write=_write,
    text=False,
    parse=_parse,
    media=_sound,
)
