"""Other languages without a network: the program espeak-ng. It is run and never linked, for its licence is the GPL."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from pressroom.calls.speech import samples_of
from pressroom.errors import BrokenAnswer, CannotCompose

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = 160
"""At speed 1; its own 175 is hard to follow."""

SECONDS = 60
"""A sentence takes it some hundredths of a second."""

PAUSE = 0.5
"""Seconds of silence between words that are spoken one by one; within a word there are at most 0.15."""

QUIET = 60
"""Of 32767: below it is silence. Between words, espeak-ng writes zeros."""


def is_there() -> bool:
    return shutil.which(PROGRAM) is not None


@lru_cache(maxsize=1)
def engine() -> str:
    """Its version: another one sounds otherwise."""
    found = re.search(r"text-to-speech: (\S+)", _run(["--version"], "").decode("utf-8", "replace"))
    return f"espeak-ng {found[1] if found else ''}"


def languages() -> tuple[str, ...]:
    """The languages it speaks; empty where it is missing."""
    return _languages() if is_there() else ()


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    lines = _run(["--voices"], "").decode("utf-8", "replace").splitlines()[1:]
    return tuple(dict.fromkeys(line.split()[1] for line in lines if len(line.split()) > 1))


def voice_of(language: str) -> str:
    """Its name of a language: `en-gb` for `en-GB`, `cmn` for `zh`; empty: it doesn't speak it."""
    asked, known = language.lower().replace("_", "-"), languages()
    asked = {"zh": "cmn", "zh-cn": "cmn", "zh-tw": "cmn", "zh-hk": "yue", "no": "nb"}.get(asked, asked)
    bare = asked.partition("-")[0]
    wanted = (asked, bare, f"{bare}-{bare}", f"{bare}-us")
    return next((one for one in wanted if one in known), next((one for one in known if one.startswith(f"{bare}-")), ""))


def check(language: str) -> None:
    """Raises `CannotCompose` when it is missing, or does not speak the language."""
    if not is_there():
        raise CannotCompose(
            f"Offline, {language} is spoken by espeak-ng, which is not installed.",
            hint="Install it: apt-get install espeak-ng (brew install espeak-ng). Or set the key of a speech provider.",
        )
    if not voice_of(language):
        raise CannotCompose(
            f"espeak-ng does not speak {language!r}.", hint="`pressroom voices-of-speech` lists who speaks what."
        )


def speak(text: str, language: str, speed: float) -> tuple[bytes, int]:
    """The samples of `text`, and how many there are a second.

    Raises:
        CannotCompose: see `check`. BrokenAnswer: it failed.
    """
    check(language)
    pace = str(round(WORDS_A_MINUTE * speed))
    return samples_of(_run(["-v", voice_of(language), "-s", pace, "-b", "1", "--stdin", "--stdout"], text))


def word_by_word(
    words: Sequence[str], language: str, speed: float = 1.0
) -> tuple[bytes, int, list[tuple[float, float]]]:
    """`words` with a pause after each: samples, rate, and where each word is in seconds; no places when it is unclear.

    Raises:
        CannotCompose: see `check`. BrokenAnswer: it failed.
    """
    check(language)
    pause = f' <break time="{PAUSE * 1000:.0f}ms"/> '
    marked = f"<speak>{pause.join(escape(word, quote=False) for word in words)}{pause}</speak>"
    pace = str(round(WORDS_A_MINUTE * speed))
    arguments = ["-m", "-v", voice_of(language), "-s", pace, "-b", "1", "--stdin", "--stdout"]
    samples, rate = samples_of(_run(arguments, marked))
    found = _between_pauses(samples, rate)
    return samples, rate, found if len(found) == len(words) else []


def _between_pauses(samples: bytes, rate: int) -> list[tuple[float, float]]:
    import numpy as np

    loud = np.flatnonzero(np.abs(np.frombuffer(samples, "<i2").astype(np.int32)) > QUIET)
    if not len(loud):
        return []
    gaps = np.flatnonzero(np.diff(loud) > rate * PAUSE * 0.6)
    starts, ends = loud[np.r_[0, gaps + 1]], loud[np.r_[gaps, len(loud) - 1]]
    return [(float(start / rate), float((end + 1) / rate)) for start, end in zip(starts, ends, strict=True)]


def _run(arguments: list[str], text: str) -> bytes:
    """The output of one run; the text goes to its standard input, so that none of it is taken for an option."""
    try:
        done = subprocess.run(  # noqa: S603 (a fixed name, and arguments of our own)
            [PROGRAM, *arguments],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokenAnswer(f"espeak-ng failed: {type(error).__name__}.", retry_after=0) from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()[:200]
        raise BrokenAnswer(f"espeak-ng failed: {said or f'status {done.returncode}'}.", retry_after=0)
    return done.stdout
