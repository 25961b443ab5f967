"""Speech without a network or a cost: English by a neural voice, every other language by espeak-ng."""

from __future__ import annotations

import os
from threading import BoundedSemaphore

from pressroom.calls.providers import Account, Kind, Order
from pressroom.calls.speech import SentenceRequest, Sound, wav_of
from pressroom.model.speech import Timing
from pressroom.providers.offline import espeak, hibari

ESPEAK = "espeak"
"""How its voice is called, in whatever language."""

_AT_ONCE = BoundedSemaphore(os.cpu_count() or 1)


class OfflineSpeech:
    """Speaks."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def send(self, request: SentenceRequest) -> Sound:
        with _AT_ONCE:
            return self._hibari(request) if is_neural(request) else self._espeak(request)

    def _hibari(self, request: SentenceRequest) -> Sound:
        samples, bounds = hibari.speak(request.text, request.speed)
        return Sound(
            data=wav_of(samples, hibari.RATE),
            model=self.account.model,
            voice=hibari.VOICE,
            bounds=tuple(bounds),
            timing=Timing.MODEL,
            notes=tuple(f"The voice {hibari.VOICE} can't read {word!r}." for word in hibari.unread(request.text)),
        )

    def _espeak(self, request: SentenceRequest) -> Sound:
        samples, rate = espeak.speak(request.text, request.language, request.speed)
        return Sound(data=wav_of(samples, rate), model=self.account.model, voice=ESPEAK)


def is_neural(request: SentenceRequest) -> bool:
    """True where the neural voice speaks it: English, unless espeak-ng's voice is wanted."""
    return request.language.partition("-")[0].lower() == hibari.LANGUAGE and request.voice != ESPEAK


def _order(account: Account, request: SentenceRequest) -> Order:
    neural = is_neural(request)
    return Order(
        {
            "text": request.text,
            "voice": hibari.VOICE if neural else espeak.voice_of(request.language),
            "speed": request.speed,
            "engine": hibari.engine() if neural else espeak.engine() if espeak.is_there() else "",
        }
    )


def _check(account: Account, request: SentenceRequest) -> None:
    if not is_neural(request):
        espeak.check(request.language)


SPEECH = Kind(client=OfflineSpeech, order=_order, check=_check)
