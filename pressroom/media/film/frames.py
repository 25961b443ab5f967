"""Every frame of a film in order: each shot as long as the timeline says, then the closing card."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pressroom.media.film.clips import clip_frames
from pressroom.media.film.pictures import fitted, moving
from pressroom.media.film.planes import Planes, blend
from pressroom.media.film.program import Cancelling
from pressroom.media.film.timeline import Placed, Timeline
from pressroom.model.films import Reel

WORKERS = 2
AHEAD = 6
"""Frames that are made before they are needed; each takes 3 MB at 1080 x 1920."""

DISSOLVE = 8
"""Frames in which the last shot gives way to the closing card; all other cuts are hard, on the voice."""

Fitted = tuple[Planes, tuple[str, ...]]


def frames(reel: Reel, made: Timeline, folder: Path, notes: list[str], cancelled: Cancelling | None) -> Iterator[bytes]:
    """`made.frames` frames of yuv420p. notes: what a person may want to know is added to them.

    Raises SourceUnusable for a picture or clip that can't be used.
    """
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="frames")
    try:
        fetch = _prefetched(reel, made, pool)
        last = b""
        for position, placed in enumerate(made.shots):
            picture = fetch(position)
            for last in _shot(reel, made, placed, position, picture, folder, notes, pool, cancelled):
                yield last
        if made.closing and reel.closing:
            yield from _closing(reel, made, fetch(len(made.shots)), last, pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prefetched(reel: Reel, made: Timeline, pool: ThreadPoolExecutor) -> Callable[[int], Fitted | None]:
    """A function that gives the fitted picture of a shot, and begins the next one's; None for a clip."""
    paths = [placed.shot.visual if placed.shot.kind == "picture" else None for placed in made.shots] + [reel.closing]
    begun: dict[int, Future[Fitted] | None] = {}

    def begin(at: int) -> None:
        if at < len(paths) and at not in begun:
            path = paths[at]
            begun[at] = pool.submit(fitted, path, reel.width, reel.height) if path else None

    def fetch(at: int) -> Fitted | None:
        begin(at)
        begin(at + 1)
        future = begun.pop(at)
        return future.result() if future else None

    return fetch


def _shot(
    reel: Reel,
    made: Timeline,
    placed: Placed,
    position: int,
    picture: Fitted | None,
    folder: Path,
    notes: list[str],
    pool: ThreadPoolExecutor,
    cancelled: Cancelling | None,
) -> Iterator[bytes]:
    if picture is None:
        size = (reel.width, reel.height)
        yield from clip_frames(placed.shot.visual, folder, placed.count, size=size, fps=made.fps, cancelled=cancelled)
        return
    notes += picture[1]
    yield from _drawn(reel, picture[0], placed.count, position, pool)


def _drawn(reel: Reel, picture: Planes, count: int, turn: int, pool: ThreadPoolExecutor) -> Iterator[bytes]:
    """Made side by side, given in order."""
    coming: deque[Future[bytes]] = deque()
    for box in moving(picture, count, turn=turn):
        coming.append(pool.submit(picture.seen, box, reel.width, reel.height))
        if len(coming) > AHEAD:
            yield coming.popleft().result()
    while coming:
        yield coming.popleft().result()


def _closing(
    reel: Reel, made: Timeline, picture: Fitted | None, last: bytes, pool: ThreadPoolExecutor
) -> Iterator[bytes]:
    assert picture is not None
    for number, frame in enumerate(_drawn(reel, picture[0], made.closing, 0, pool)):
        share = (number + 1) / (DISSOLVE + 1)
        yield blend(last, frame, share) if share < 1 else frame
