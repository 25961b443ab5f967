"""Captions as files for an upload: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pressroom.model.films import CaptionLine


def srt(captions: Sequence[CaptionLine]) -> str:
    """A SubRip file."""
    return "".join(
        f"{number}\n{_time(one.start, ',')} --> {_time(one.end, ',')}\n{one.text}\n\n"
        for number, one in enumerate(captions, start=1)
    )


def vtt(captions: Sequence[CaptionLine]) -> str:
    """A WebVTT file."""
    cues = (
        f"{_time(one.start, '.')} --> {_time(one.end, '.')}\n{escape(one.text, quote=False)}\n\n" for one in captions
    )
    return "WEBVTT\n\n" + "".join(cues)


def _time(seconds: float, mark: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{mark}{rest % 1000:03d}"
