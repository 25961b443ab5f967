"""One picture, decoded once, as the right file for every platform."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image

from pressroom.errors import ProcessingTimeout
from pressroom.media.pictures.colours import flat
from pressroom.media.pictures.drawing import drawn
from pressroom.media.pictures.goals import Goal, goal_for
from pressroom.media.pictures.levels import Levels
from pressroom.media.pictures.planning import Plan, box_of, plan
from pressroom.media.pictures.saving import check_format, saved
from pressroom.media.pictures.subject import Focus, SubjectFinder
from pressroom.media.pictures.taken import Taken, reducing
from pressroom.media.pictures.values import KEEPS_ALPHA, MEDIA_TYPES, Box, Options, Variant, Wanted

SEEN = 512
"""Pixels of the longer edge of the copy the subject is looked for in."""

COVERED = 1920
"""Pixels of the shorter edge with which a picture covers every shape a platform takes, after its crop."""

LITTLE_LEFT = 0.34
"""Share of the picture below which a crop is worth a note."""

_SOFT = 1.02
"""An enlargement below this, which rounding alone can cause, can't be seen."""

Finish = Callable[[Image.Image], tuple[Image.Image, tuple[str, ...]]]
"""Changes a picture, RGB or RGBA, such as by a logo, and adds notes; called from several threads at a time."""

Job = tuple[int, int, Goal | None]
"""Width, height and goal. Platforms for which all three are equal get the same file."""


@dataclass(frozen=True)
class _Work:
    """The data that all variants of a picture share. until: on `time.monotonic`'s clock."""

    taken: Taken
    levels: Levels
    focus: Focus | None
    options: Options
    until: float | None
    finish: Finish | None


def variants(
    taken: Taken,
    wanted: Sequence[Wanted],
    options: Options | None = None,
    *,
    subject: SubjectFinder | None = None,
    finish: Finish | None = None,
    threads: int | None = None,
    until: float | None = None,
) -> list[Variant]:
    """A file for each of `wanted`, in order; the same bytes for the same picture, sizes and options.

    subject: finds what must stay in the picture; None: the middle does, or `options.focus`. finish: what is done to
    each picture before it is saved; no part of `variant_key`. threads: variants made at a time; default: as many as
    there are cores; 1 where whole pictures are made side by side. until: a moment of `time.monotonic` after which no
    further variant is begun.

    Raises:
        InvalidImageFormat, ImageTooLarge, SourceUnreachable: see `Taken.pixels`. ProcessingTimeout.
        WrongInput: this Pillow can't write the format.
    """
    chosen = options or Options()
    check_format(chosen.format)
    plans = [plan(taken.size, one, chosen) for one in wanted]
    if not plans:
        return []
    _in_time(until, taken)
    shrink = _shrink(taken, plans)
    base = taken.pixels(shrink=shrink, most_megabytes=chosen.most_megabytes)
    focus = _focus(base, chosen, subject) if not all(one.shows_all_of(taken.size) for one in plans) else None
    work = _Work(taken, Levels(base, reducing(taken.kind, shrink)), focus, chosen, until, finish)
    return _made(work, wanted, plans, threads or os.cpu_count() or 1)


def _shrink(taken: Taken, plans: Sequence[Plan]) -> float:
    """By how much the picture may be smaller when it is decoded.

    The usual platforms don't change it, so that each of them gets the same bytes whichever others are wanted.
    """
    return min(min(taken.size) / COVERED, *(made.scale for made in plans))


def _made(work: _Work, wanted: Sequence[Wanted], plans: Sequence[Plan], threads: int) -> list[Variant]:
    jobs = [(one.width, one.height, _goal(work, one)) for one in wanted]
    first = {job: at for at, job in reversed(list(enumerate(jobs)))}
    make = partial(_variant, work)
    largest_first = sorted(first.values(), key=lambda at: -plans[at].width * plans[at].height)
    with ThreadPoolExecutor(min(threads, len(first))) as pool:
        running = {jobs[at]: pool.submit(make, wanted[at], plans[at]) for at in largest_first}
        done = {job: future.result() for job, future in running.items()}
    return [replace(done[job], platform=one.platform) for one, job in zip(wanted, jobs, strict=True)]


def _goal(work: _Work, wanted: Wanted) -> Goal | None:
    return goal_for(wanted.platform, work.options.format, work.options.most_bytes, made=work.options.made)


def _focus(base: Image.Image, options: Options, subject: SubjectFinder | None) -> Focus | None:
    """Where the subject is; None where the caller's own point, or the middle, is to be shown."""
    if subject is None or options.focus is not None:
        return None
    small = base.copy() if max(base.size) <= SEEN else _seen(base)
    return subject(flat(small, options.background))


def _seen(base: Image.Image) -> Image.Image:
    scale = SEEN / max(base.size)
    size = (max(1, round(base.width * scale)), max(1, round(base.height * scale)))
    return base.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _variant(work: _Work, wanted: Wanted, made: Plan) -> Variant:
    _in_time(work.until, work.taken)
    options = work.options
    box = box_of(work.taken.size, made, work.focus, options)
    image = drawn(work.levels, made, box, sharpen=options.sharpen)
    image, finished = work.finish(image) if work.finish else (image, ())
    if options.format not in KEEPS_ALPHA:
        image = flat(image, options.background)
    file = saved(
        image,
        platform=wanted.platform,
        kind=options.format,
        most_bytes=options.most_bytes,
        made=options.made,
    )
    return Variant(
        platform=wanted.platform,
        data=file.data,
        media_type=MEDIA_TYPES[file.kind],
        width=wanted.width,
        height=wanted.height,
        quality=file.quality,
        box=box,
        upscaled=round(1 / made.scale, 3),
        padded=made.padded,
        notes=(*_notes(work.taken, made, box), *finished, *file.notes),
    )


def _notes(taken: Taken, made: Plan, box: Box) -> tuple[str, ...]:
    enlarged, left = 1 / made.scale, box.width * box.height / (taken.width * taken.height)
    notes = []
    if made.padded:
        notes.append(
            f"The whole picture is set on a ground, since it is too small to fill {made.width} x {made.height}."
        )
    if enlarged > _SOFT:
        notes.append(f"Enlarged {enlarged:.2f} times: the picture has only {taken.width} x {taken.height} pixels.")
    if left < LITTLE_LEFT:
        notes.append(f"Only {left:.0%} of the picture is left in this shape.")
    return tuple(notes)


def _in_time(until: float | None, taken: Taken) -> None:
    if until is not None and time.monotonic() > until:
        raise ProcessingTimeout(
            f"The time for {taken.shown} was up.", hint="Ask for fewer platforms, or allow more time."
        )
