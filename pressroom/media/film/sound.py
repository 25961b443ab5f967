"""The sound of a film: voices at their frames, music that gives way to them, and one loudness for the whole."""

from __future__ import annotations

import re
import wave
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pressroom.errors import RenderFailed, WrongInput
from pressroom.media.film.program import Cancelling, run
from pressroom.media.film.timeline import Timeline
from pressroom.model.films import Reel

RATE = 48_000
TARGET = -14.0
"""Loudness of the whole in LUFS."""

CEILING = -1.6
"""Highest peak before AAC, which adds up to half a decibel, in dBTP."""

VOICE, MUSIC = -16.0, -27.0
"""Loudness of voices and of music in the mix; music goes down by some ten more while a voice is heard."""

SILENT = -60.0
"""LUFS below which there is nothing to be heard."""

MOST_GAIN = 40.0
FORMATS = "mp3,wav,flac,ogg,mov,mp4,m4a,3gp,3g2,mj2,aac,aiff,matroska,webm"
EDGE = 0.004
"""Seconds of fade at both ends of a voice, against clicks."""

SECONDS = 600.0
FILE = "voice.f32"
READ: tuple[str, ...] = ("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", FILE)
TIDY = "aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo"

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Mix:
    """The inputs of ffmpeg, and the graph from the first of them, numbered `{first}`, to `[sound]`. silent: no sound.

    The graph gives exactly `samples` samples in stereo, at 48 kHz.
    """

    inputs: tuple[str, ...]
    graph: str
    samples: int
    silent: bool = False


def mixed(reel: Reel, made: Timeline, folder: Path, *, cancelled: Cancelling | None = None) -> Mix:
    """Write the voices into `folder`, measure all that is heard, and plan one gain for it.

    Raises:
        WrongInput: a voice or the music can't be read.
    """
    samples = round(made.frames * RATE / made.fps)
    voices(made, samples).tofile(folder / FILE)
    inputs, graph = READ, "[{first}:a]pan=stereo|c0=c0|c1=c0[mix]"
    if reel.music:
        inputs, graph = _with_music(reel.music, folder, samples, cancelled)
    loud = _loudness(inputs, graph, folder, cancelled)
    if loud is None:
        return Mix(inputs, f"{graph};[mix]{_whole(samples)}[sound]", samples, silent=True)
    gain = min(MOST_GAIN, TARGET - loud)
    limited = _loudness(inputs, f"{graph};[mix]{_gain(gain)}[mix]", folder, cancelled)
    gain = min(MOST_GAIN, gain + TARGET - (TARGET if limited is None else limited))
    return Mix(inputs, f"{graph};[mix]{_gain(gain)},{_whole(samples)}[sound]", samples)


def voices(made: Timeline, samples: int) -> Samples:
    """All voices at their frames, in one channel at 48 kHz."""
    track = np.zeros(samples, dtype=np.float32)
    for position, placed in enumerate(made.shots):
        if placed.shot.sound is None:
            continue
        voice = read_wav(placed.shot.sound, position)
        start = round(placed.first * RATE / made.fps)
        voice = voice[: samples - start]
        track[start : start + len(voice)] += voice
    return track


def read_wav(path: Path, position: int) -> Samples:
    """A WAV file of 16 bits in one channel at 48 kHz, its ends faded. Raises WrongInput."""
    with wave.open(str(path), "rb") as sound:
        if sound.getsampwidth() != 2:
            raise WrongInput(f"The voice of scene {position + 1} has not 16 bits a sample.", hint="Speak it again.")
        channels, rate = sound.getnchannels(), sound.getframerate()
        data = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    mono = data[: len(data) // channels * channels].reshape(-1, channels).mean(axis=1).astype(np.float32) / 32768
    voice = resampled(mono, rate)
    edge = min(len(voice) // 2, round(EDGE * RATE))
    if edge:
        voice[:edge] *= np.linspace(0, 1, edge, dtype=np.float32)
        voice[-edge:] *= np.linspace(1, 0, edge, dtype=np.float32)
    return voice


def resampled(samples: Samples, rate: int) -> Samples:
    """At 48 kHz, without loss below the lower of both Nyquist frequencies."""
    if rate == RATE or not len(samples):
        return samples.copy()
    step = rate // gcd(rate, RATE)
    whole = -(-len(samples) // step) * step
    length = whole * RATE // rate
    waves = np.fft.rfft(np.pad(samples, (0, whole - len(samples))))
    kept = waves[: length // 2 + 1]
    wide = np.pad(kept, (0, length // 2 + 1 - len(kept)))
    return np.asarray(np.fft.irfft(wide, length) * (length / whole), dtype=np.float32)


def loudness(film: Path, folder: Path) -> float | None:
    """LUFS of the film in `folder`; None where nothing is heard."""
    return _measured(run(_measuring(("-i", film.name), "[0:a]anull[mix]"), folder, seconds=SECONDS))


def _with_music(music: Path, folder: Path, samples: int, cancelled: Cancelling | None) -> tuple[tuple[str, ...], str]:
    """Music runs to the end of the film, again from its beginning where it is short, and fades with it."""
    link = folder / "music"
    link.symlink_to(music.resolve())
    inputs = (*READ, "-stream_loop", "-1", "-format_whitelist", FORMATS, "-i", link.name)
    seconds = samples / RATE
    fit = f"{TIDY},atrim=end_sample={samples},asetpts=N/SR/TB"
    fade = f"afade=t=in:d=0.4,afade=t=out:st={max(0.0, seconds - 1.5):.3f}:d={min(1.5, seconds):.3f}"
    try:
        loud = _loudness(inputs, f"[{{second}}:a:0]{fit}[mix]", folder, cancelled)
    except RenderFailed as error:
        raise WrongInput(f"{music.name} can't be used as music.", hint="Take an MP3, WAV, FLAC or M4A.") from error
    spoken = _loudness(inputs, "[{first}:a]pan=stereo|c0=c0|c1=c0[mix]", folder, cancelled)
    down = 0.0 if loud is None else (MUSIC if spoken is not None else VOICE) - loud
    up = 0.0 if spoken is None else VOICE - spoken
    return inputs, (
        f"[{{first}}:a]pan=stereo|c0=c0|c1=c0,volume={up:.2f}dB,asplit[voice][key];"
        f"[{{second}}:a:0]{fit},volume={down:.2f}dB,{fade}[under];"
        "[under][key]sidechaincompress=threshold=0.03:ratio=6:attack=20:release=350[low];"
        "[voice][low]amix=inputs=2:duration=first:normalize=0[mix]"
    )


def _gain(gain: float) -> str:
    """A gain, and a limiter at four times the rate, where peaks between samples are seen."""
    ceiling = 10 ** (CEILING / 20)
    return (
        f"volume={gain:.2f}dB,aresample={4 * RATE},"
        f"alimiter=limit={ceiling:.4f}:attack=3:release=60:level=false,aresample={RATE}"
    )


def _whole(samples: int) -> str:
    return f"{TIDY},apad=whole_len={samples},atrim=end_sample={samples},asetpts=N/SR/TB"


def _loudness(inputs: tuple[str, ...], graph: str, folder: Path, cancelled: Cancelling | None) -> float | None:
    return _measured(run(_measuring(inputs, numbered(graph, 0)), folder, seconds=SECONDS, cancelled=cancelled))


def numbered(graph: str, first: int) -> str:
    """The graph of a mix whose first input has the number `first`."""
    return graph.replace("{first}", str(first)).replace("{second}", str(first + 1))


def _measuring(inputs: tuple[str, ...], graph: str) -> list[str]:
    ends = ["-filter_complex", f"{graph};[mix]ebur128=framelog=quiet[out]", "-map", "[out]", "-f", "null", "-"]
    return ["-loglevel", "info", "-nostats", "-protocol_whitelist", "file,pipe", *inputs, *ends]


def _measured(said: str) -> float | None:
    found = re.findall(r"^\s*I:\s*(-?[\d.]+|-?inf) LUFS", said, re.MULTILINE)
    value = float(found[-1]) if found else float("-inf")
    return value if value > SILENT else None
