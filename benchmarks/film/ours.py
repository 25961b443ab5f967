"""The film by Pressroom: `python -m benchmarks.film.ours FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.film.watching import watch
from pressroom.media.film import render
from pressroom.model.films import Reel, Shot
from pressroom.model.speech import SpokenWord


def main(folder: Path) -> None:
    words = json.loads((folder / "words.json").read_text("utf-8"))
    shots = tuple(
        Shot(
            folder / f"picture{number}.jpg",
            sound=folder / f"voice{number}.wav",
            words=tuple(SpokenWord(text=text, start=start, end=end) for text, start, end in spoken),
        )
        for number, spoken in enumerate(words)
    )
    reel = Reel(shots, 1080, 1920, (60, 250, 900, 1460))
    film = folder / "ours.mp4"
    watch(lambda: render(reel, film).seconds, film)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
