"""When each shot is shown, in frames: the picture follows the measured voice, and never the other way round."""

from __future__ import annotations

import math
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pressroom.errors import WrongInput
from pressroom.model.films import Reel, Shot
from pressroom.model.speech import SpokenWord

BREATH = 0.25
"""Seconds from the end of a shot's last word to the next shot, at least."""

MOST_SECONDS = 1800.0


@dataclass(frozen=True)
class Placed:
    """A shot on the film. first: its first frame; count: of its frames."""

    shot: Shot
    first: int
    count: int

    def words(self, fps: int) -> tuple[SpokenWord, ...]:
        """Its words in seconds of the film."""
        start = self.first / fps
        return tuple(
            word.model_copy(update={"start": word.start + start, "end": word.end + start}) for word in self.shot.words
        )


@dataclass(frozen=True)
class Timeline:
    """All shots, and the frames of the closing card after them."""

    shots: tuple[Placed, ...]
    closing: int
    fps: int

    @property
    def frames(self) -> int:
        return sum(placed.count for placed in self.shots) + self.closing

    @property
    def seconds(self) -> float:
        return self.frames / self.fps


def timeline(reel: Reel) -> Timeline:
    """The shots of `reel` one after another.

    Raises:
        WrongInput: there is no shot, a size is odd, the film is longer than half an hour, or a voice is no WAV file.
    """
    _check(reel)
    placed, first = [], 0
    for position, shot in enumerate(reel.shots):
        count = max(1, math.ceil(_seconds(shot, position) * reel.fps - 1e-6))
        placed.append(Placed(shot, first, count))
        first += count
    closing = round(reel.closing_seconds * reel.fps) if reel.closing else 0
    made = Timeline(tuple(placed), closing, reel.fps)
    if made.seconds > MOST_SECONDS:
        raise WrongInput(f"The film would last {made.seconds / 60:.0f} minutes.", hint="At most 30 are made.")
    return made


def sound_seconds(path: Path, position: int) -> float:
    """The length of the voice of the shot at `position`, from 0. Raises WrongInput."""
    try:
        with wave.open(str(path), "rb") as sound:
            return sound.getnframes() / sound.getframerate()
    except (OSError, EOFError, wave.Error, ZeroDivisionError) as error:
        raise WrongInput(
            f"The voice of scene {position + 1} can't be read: {error or 'it is cut off'}.", hint="Speak it again."
        ) from error


def _seconds(shot: Shot, position: int) -> float:
    voice = sound_seconds(shot.sound, position) if shot.sound else 0.0
    return max(shot.least_seconds, voice, _last_end(shot.words) + BREATH)


def _last_end(words: Sequence[SpokenWord]) -> float:
    return words[-1].end if words else -BREATH


def _check(reel: Reel) -> None:
    if not reel.shots:
        raise WrongInput("A film needs at least one scene.", hint="Write a script first.")
    if reel.width % 2 or reel.height % 2 or min(reel.width, reel.height) < 16:
        raise WrongInput(f"A film of {reel.width} x {reel.height} pixels can't be made.", hint="Both must be even.")
    if not 1 <= reel.fps <= 120:
        raise WrongInput(f"A film of {reel.fps} frames a second can't be made.", hint="Usual are 24 to 60.")
