"""OpenAI: speech by /v1/audio/speech, without times of words.

https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

from __future__ import annotations

from pressroom.calls.clients import is_listed
from pressroom.calls.failures import unknown_model
from pressroom.calls.providers import Account, Kind, Order, get
from pressroom.calls.speech import SentenceRequest, Sound, voice_for
from pressroom.providers.openai.client import client_of, sent


class OpenAISpeech:
    """Speaks."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = client_of(account)

    def send(self, request: SentenceRequest) -> Sound:
        asked = _order(self.account, request).identity
        model = self.account.model
        raw = sent(
            self.account,
            lambda: self._client.audio.speech.with_raw_response.create(
                model=model,
                voice=asked["voice"],
                input=asked["text"],
                speed=asked["speed"],
                response_format="wav",
                timeout=self.account.timeout,
            ),
            model,
        )
        return Sound(
            data=raw.content, model=model, voice=asked["voice"], request_id=raw.headers.get("x-request-id", "")
        )

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = sent(self.account, lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise unknown_model(self.account, model)


def _order(account: Account, request: SentenceRequest) -> Order:
    return Order({"text": request.text, "voice": voice_for(get("openai"), request), "speed": request.speed})


SPEECH = Kind(client=OpenAISpeech, order=_order, probe=lambda account: OpenAISpeech(account).probe())
