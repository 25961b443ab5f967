"""The request of a speech chain: one sentence, its sound kept before anything else, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import ValidationError

from pressroom.calls.links import Link
from pressroom.calls.prices import price_of, priced
from pressroom.calls.providers import Order
from pressroom.calls.requests import Request
from pressroom.calls.speech import SentenceRequest, Sound, samples_of, voice_for, wav_of
from pressroom.errors import BrokenAnswer, CannotCompose, ContentRefused
from pressroom.media.keeping import Keeper
from pressroom.model import Answer, Finish, Frozen
from pressroom.model.speech import Timing

FOLDER = "speech"

LETTERS_A_SECOND = (1.5, 24.0)
"""Of a voice at speed 1: what lies outside says other words, breaks off, or has another rate than its file says."""

FEW_LETTERS = 15
"""A word or two may be said as slowly as one likes."""

SLOWEST = 4.0
"""Letters a second, for what speech by the second may cost at most."""

SILENT = 0.001
"""Of full scale: below it is silence."""


class KeptSound(Frozen):
    """The text of a sound's answer in the ledger. `flaw`: why it can't be used. bounds: as of `Sound`."""

    key: str = ""
    sha256: str = ""
    rate: int = 0
    seconds: float = 0.0
    bounds: tuple[tuple[float, float], ...] = ()
    timing: Timing = Timing.PROVIDER
    voice: str = ""
    notes: tuple[str, ...] = ()
    flaw: str = ""


@dataclass(frozen=True)
class Heard:
    """A sentence as it was spoken. samples: 16 bits each, of one channel."""

    kept: KeptSound
    samples: bytes


@dataclass(frozen=True)
class Speak(Request[Heard]):
    """One sentence, spoken."""

    kind: ClassVar[str] = "speech"

    content: SentenceRequest
    keeper: Keeper

    def model(self, link: Link) -> str:
        return link.account.model

    def order(self, link: Link) -> Order:
        return link.order(self.kind, self.content)

    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        """Of a link that does not speak there is no order, and it is never in the ledger."""
        return dict(self.order(link).identity) if link.provider.offers(self.kind) else {}

    def check(self, link: Link) -> None:
        if not link.provider.offers(self.kind) or not voice_for(link.provider, self.content):
            raise CannotCompose(
                f"{link.account.name} has no voice for {self.content.language!r}.",
                hint="`pressroom voices-of-speech` lists who speaks what.",
            )
        super().check(link)
        price_of(self.model(link))  # an invalid price file is reported before paying

    def answer(self, link: Link, came: Sound) -> Answer:
        """The bytes are in the store before the answer is anywhere; an unusable sound is an answer too: it is paid."""
        kept = KeptSound() if came.finish is Finish.REFUSAL else self._keep(came)
        return Answer(
            text=kept.model_dump_json(),
            finish=came.finish,
            usage=came.usage,
            model=came.model,
            request_id=came.request_id,
        )

    def cost(self, link: Link, answer: Answer) -> int:
        """By the characters sent, and by the seconds that came."""
        return self._priced(link, _read(answer).seconds)

    def most(self, link: Link, broken: Sequence[Finish]) -> int:
        return self._priced(link, len(self.content.text) / SLOWEST / self.content.speed + 1)

    def _priced(self, link: Link, seconds: float) -> int:
        order = self.order(link)
        characters = int(order.identity.get("characters", len(self.content.text)))
        return priced(order.priced_as or self.model(link), characters=characters, seconds=seconds)

    def read(self, answer: Answer) -> Heard:
        if answer.finish is Finish.REFUSAL:
            raise ContentRefused("The provider withheld the speech.")
        kept = _read(answer)
        if kept.flaw or not kept.key:
            raise BrokenAnswer(kept.flaw or "The ledger's answer is no speech's.", retry_after=0)
        samples, _ = samples_of(self.keeper.fetch(kept.key, kept.sha256, "sound"))
        return Heard(kept, samples)

    def _keep(self, came: Sound) -> KeptSound:
        try:
            samples, rate = samples_of(came.data)
            bounds = self._checked(samples, rate, came.bounds)
        except BrokenAnswer as error:
            return KeptSound(flaw=error.message)
        key, sha256 = self.keeper.put(FOLDER, "wav", wav_of(samples, rate))
        return KeptSound(
            key=key,
            sha256=sha256,
            rate=rate,
            seconds=len(samples) / 2 / rate,
            bounds=bounds,
            timing=came.timing,
            voice=came.voice,
            notes=came.notes,
        )

    def _checked(
        self, samples: bytes, rate: int, bounds: tuple[tuple[float, float], ...]
    ) -> tuple[tuple[float, float], ...]:
        """`bounds`, in order and within the sound; none where they are not one for each word.

        Raises:
            BrokenAnswer: the sound is empty or silent, or can't be these words.
        """
        heard = np.frombuffer(samples, "<i2")
        if not len(heard) or np.abs(heard.astype(np.int32)).max() < SILENT * 32768:
            raise BrokenAnswer("The sound is silent." if len(heard) else "The sound is empty.")
        seconds, letters = len(heard) / rate, sum(map(str.isalnum, self.content.text))
        pace = letters / seconds / self.content.speed
        if letters >= FEW_LETTERS and not LETTERS_A_SECOND[0] <= pace <= LETTERS_A_SECOND[1]:
            raise BrokenAnswer(f"The sound lasts {seconds:.1f} s for {letters} letters: these words it can't be.")
        return ordered(bounds, seconds) if len(bounds) == len(self.content.text.split()) else ()


def ordered(bounds: Sequence[tuple[float, float]], seconds: float) -> tuple[tuple[float, float], ...]:
    """`bounds` without overlaps, in order, inside `seconds`."""
    fitted, least = [], 0.0
    for start, end in bounds:
        first = min(max(start, least), seconds)
        least = min(max(end, first), seconds)
        fitted.append((round(first, 4), round(least, 4)))
    return tuple(fitted)


def _read(answer: Answer) -> KeptSound:
    try:
        return KeptSound.model_validate_json(answer.text)
    except ValidationError:
        return KeptSound()
