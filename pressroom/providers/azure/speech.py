"""Azure AI Speech over REST, which gives no times of words.

https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from pressroom.calls.clients import key_of
from pressroom.calls.providers import Account, Kind, Order, get
from pressroom.calls.rest import client_of, sent
from pressroom.calls.speech import SentenceRequest, Sound, voice_for
from pressroom.errors import Misconfigured

if TYPE_CHECKING:
    from pressroom.calls.deadline_client import TotalTimeout

FORMAT = "riff-24khz-16bit-mono-pcm"


class AzureSpeech:
    """Speaks."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = _client(account)

    def send(self, request: SentenceRequest) -> Sound:
        asked = _order(self.account, request).identity
        headers = {"content-type": "application/ssml+xml", "x-microsoft-outputformat": FORMAT}
        ssml = ssml_of(asked["text"], asked["voice"], asked["speed"])
        answer = sent(
            self.account, self._client, "POST", "/cognitiveservices/v1", headers=headers, content=ssml.encode()
        )
        return Sound(
            data=answer.content,
            model=self.account.model,
            voice=asked["voice"],
            request_id=answer.headers.get("x-requestid", ""),
        )

    def probe(self) -> None:
        """Raises what is wrong with the account: its key or its address."""
        sent(self.account, self._client, "GET", "/cognitiveservices/voices/list")


def ssml_of(text: str, voice: str, speed: float) -> str:
    """The words for a voice, whose name begins with its language; speed: 1 is the voice's own."""
    language = "-".join(voice.split("-")[:2])
    spoken = f'<prosody rate="{speed:g}">{escape(text)}</prosody>' if speed != 1 else escape(text)
    return (
        f'<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="{language}">'
        f'<voice name="{escape(voice)}">{spoken}</voice></speak>'
    )


def _order(account: Account, request: SentenceRequest) -> Order:
    return Order({"text": request.text, "voice": voice_for(get("azure"), request), "speed": request.speed})


@lru_cache(maxsize=32)
def _client(account: Account) -> TotalTimeout:
    key = key_of(account)
    if account.base_url is None:
        raise Misconfigured(
            f"The account {account.name} has no region.", hint="Set PRESSROOM_AZURE_REGION, e.g. westeurope."
        )
    return client_of(account, "", {"ocp-apim-subscription-key": key, "user-agent": "pressroom"})


SPEECH = Kind(client=AzureSpeech, order=_order, probe=lambda account: AzureSpeech(account).probe())
