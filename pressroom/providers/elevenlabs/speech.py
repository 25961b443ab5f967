"""ElevenLabs: speech with the time of each character.

https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pressroom.calls.clients import key_of
from pressroom.calls.providers import Account, Kind, Order, get
from pressroom.calls.rest import client_of, object_in, sent
from pressroom.calls.speech import SentenceRequest, Sound, id_of, voice_for, wav_of
from pressroom.errors import BrokenAnswer

if TYPE_CHECKING:
    from pressroom.calls.deadline_client import TotalTimeout

ADDRESS = "https://api.elevenlabs.io"
RATE = 24_000
SPEEDS = (0.7, 1.2)
SEED = 17
"""The same request sounds the same, as far as the vendor can promise it."""


class ElevenLabsSpeech:
    """Speaks."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = _client(account)

    def send(self, request: SentenceRequest) -> Sound:
        asked = _order(self.account, request).identity
        voice = id_of(get("elevenlabs"), asked["voice"])
        body = {
            "text": asked["text"],
            "model_id": self.account.model,
            "seed": asked["seed"],
            "voice_settings": {"speed": asked["speed"]},
        }
        path = f"/v1/text-to-speech/{voice}/with-timestamps"
        answer = sent(self.account, self._client, "POST", path, params={"output_format": f"pcm_{RATE}"}, json=body)
        found = object_in(self.account, answer, "speech")
        return Sound(
            data=wav_of(_samples(self.account, found), RATE),
            model=self.account.model,
            voice=asked["voice"],
            bounds=tuple(words_of(found.get("alignment"), asked["text"])),
            request_id=answer.headers.get("request-id", ""),
        )

    def probe(self) -> None:
        """Raises what is wrong with the account: its key or its address."""
        sent(self.account, self._client, "GET", "/v1/user/subscription")


def words_of(alignment: object, text: str) -> Iterator[tuple[float, float]]:
    """Start and end of each word, of the times of the characters; none where those are not of this text."""
    if not isinstance(alignment, Mapping):
        return
    names = ("characters", "character_start_times_seconds", "character_end_times_seconds")
    characters, starts, ends = ([] if alignment.get(name) is None else alignment[name] for name in names)
    if not (isinstance(characters, list) and "".join(map(str, characters)).strip() == text):
        return
    if not (_are_times(starts, len(characters)) and _are_times(ends, len(characters))):
        return
    word: list[int] = []
    for place, char in enumerate([*characters, " "]):
        if str(char).strip():
            word.append(place)
        elif word:
            yield float(starts[word[0]]), float(ends[word[-1]])
            word = []


def _are_times(value: Any, count: int) -> bool:
    return isinstance(value, Sequence) and len(value) == count and all(isinstance(one, (int, float)) for one in value)


def _samples(account: Account, found: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(found["audio_base64"], validate=True)
    except (ValueError, LookupError, TypeError):
        raise BrokenAnswer(f"{account.name} answered something that is not speech.") from None


def _order(account: Account, request: SentenceRequest) -> Order:
    speed = min(max(request.speed, SPEEDS[0]), SPEEDS[1])
    voice = voice_for(get("elevenlabs"), request)
    return Order({"text": request.text, "voice": voice, "speed": speed, "seed": SEED + request.variant})


@lru_cache(maxsize=32)
def _client(account: Account) -> TotalTimeout:
    return client_of(account, ADDRESS, {"xi-api-key": key_of(account), "accept": "application/json"})


SPEECH = Kind(client=ElevenLabsSpeech, order=_order, probe=lambda account: ElevenLabsSpeech(account).probe())
