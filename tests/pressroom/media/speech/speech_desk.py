"""What the tests of speech ask, of whom, and how they listen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.calls.speech import samples_of
from pressroom.media.keeping import Keeper
from pressroom.media.speech.joining import levels
from pressroom.media.speech.speaking import speak
from pressroom.model.speech import Speech, SpeechRequest
from pressroom.store.artifacts import ArtifactStore

OFFLINE = Account(name="offline", provider="offline", model="voices-1")
TEXT = "Every morning, Pressroom turns three fresh ideas into posts. Your team reviews them over coffee."


def chain(*accounts: Account, **changes: Any) -> Chain:
    policy = RetryPolicy(**{"sleep": lambda seconds: None, "backoff": 0.0, **changes})
    return chain_of(accounts or [OFFLINE], policy, kind="speech")


def spoken(text: str, store: ArtifactStore, ledger: Ledger, *accounts: Account, **changes: Any) -> Speech:
    request = SpeechRequest(text=text, **changes)
    return speak(request, chain(*accounts), Keeper(store, "default", sleep=lambda _: None), Books(ledger))


def heard(speech: Speech, store: ArtifactStore) -> NDArray[np.float32]:
    samples, rate = samples_of(store.get(speech.key))
    assert rate == speech.rate
    return np.frombuffer(samples, "<i2").astype(np.float32) / 32768


def onsets(samples: NDArray[np.float32], rate: int, *, silence: float = 0.12) -> list[float]:
    """Seconds at which a voice begins after a silence of at least `silence` seconds."""
    loud = np.flatnonzero(levels(samples, rate) > 0.02 * float(np.abs(samples).max()))
    begins = loud[np.r_[True, np.diff(loud) > silence * 100]]
    return [float(place) / 100 for place in begins]


def check(speech: Speech, text: str) -> None:
    """All that holds of every speech."""
    assert " ".join(word.text for word in speech.words) == " ".join(text.split())
    times = [time for word in speech.words for time in (word.start, word.end)]
    assert times == sorted(times) and times[0] >= 0 and times[-1] <= speech.seconds
