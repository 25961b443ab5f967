"""Google Cloud Text-to-Speech: the time of each word by a mark before it, for the voices that take marks.

https://cloud.google.com/text-to-speech/docs/reference/rest/v1beta1/text/synthesize
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from pressroom.calls.clients import key_of
from pressroom.calls.providers import Account, Kind, Order, get
from pressroom.calls.rest import client_of, object_in, sent
from pressroom.calls.speech import SentenceRequest, Sound, samples_of, voice_for
from pressroom.errors import BrokenAnswer

if TYPE_CHECKING:
    from pressroom.calls.deadline_client import TotalTimeout

ADDRESS = "https://texttospeech.googleapis.com"
RATE = 24_000
WITHOUT_MARKS = ("Chirp", "Gemini", "Studio", "Journey")
"""Families of voices that take no marks."""


class GoogleSpeech:
    """Speaks."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = _client(account)

    def send(self, request: SentenceRequest) -> Sound:
        asked = _order(self.account, request).identity
        body: dict[str, Any] = {
            "input": {"ssml": marked(asked["text"])} if asked["marks"] else {"text": asked["text"]},
            "voice": {"languageCode": "-".join(asked["voice"].split("-")[:2]), "name": asked["voice"]},
            "audioConfig": {
                "audioEncoding": "LINEAR16",
                "sampleRateHertz": RATE,
                "speakingRate": asked["speed"],
            },
            **({"enableTimePointing": ["SSML_MARK"]} if asked["marks"] else {}),
        }
        answer = sent(self.account, self._client, "POST", "/v1beta1/text:synthesize", json=body)
        found = object_in(self.account, answer, "speech")
        data = _data(self.account, found)
        return Sound(
            data=data,
            model=self.account.model,
            voice=asked["voice"],
            bounds=bounds_of(found.get("timepoints"), len(asked["text"].split()), data),
            request_id=answer.headers.get("x-request-id", ""),
        )

    def probe(self) -> None:
        """Raises what is wrong with the account: its key or its address."""
        sent(self.account, self._client, "GET", "/v1/voices")


def marked(text: str) -> str:
    """The words, each behind a mark of its number."""
    words = " ".join(f'<mark name="{number}"/>{escape(word)}' for number, word in enumerate(text.split()))
    return f"<speak>{words}</speak>"


def bounds_of(points: object, count: int, data: bytes) -> tuple[tuple[float, float], ...]:
    """Each word from its own mark to the next; nothing where a mark is missing."""
    try:
        times = {str(point["markName"]): float(point["timeSeconds"]) for point in points}  # type: ignore[attr-defined]
        samples, rate = samples_of(data)
        starts = [times[str(number)] for number in range(count)]
    except (LookupError, ValueError, TypeError, BrokenAnswer):
        return ()
    return tuple(zip(starts, [*starts[1:], len(samples) / 2 / rate], strict=True))


def _data(account: Account, found: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(found["audioContent"], validate=True)
    except (ValueError, LookupError, TypeError):
        raise BrokenAnswer(f"{account.name} answered something that is not speech.") from None


def _order(account: Account, request: SentenceRequest) -> Order:
    voice = voice_for(get("google"), request)
    marks = not any(family in voice for family in WITHOUT_MARKS)
    identity = {"text": request.text, "voice": voice, "speed": request.speed, "marks": marks}
    return Order(identity, priced_as=f"google-{voice.split('-')[2].lower()}" if voice.count("-") > 2 else "")


@lru_cache(maxsize=32)
def _client(account: Account) -> TotalTimeout:
    return client_of(account, ADDRESS, {"x-goog-api-key": key_of(account)})


SPEECH = Kind(client=GoogleSpeech, order=_order, probe=lambda account: GoogleSpeech(account).probe())
