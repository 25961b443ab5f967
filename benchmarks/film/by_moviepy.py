"""The film by moviepy: pictures cut to the frame, voices, a caption of four words at a time; no motion, no loudness."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.film.watching import watch

SIZE, WORDS = (1080, 1920), 4
FONT = Path(__file__).parents[2] / "pressroom" / "media" / "cards" / "fonts" / "InterDisplay-Bold.otf"


def main(folder: Path) -> None:
    film = folder / "moviepy.mp4"
    words = json.loads((folder / "words.json").read_text("utf-8"))
    watch(lambda: _made(folder, words, film), film)


def _made(folder: Path, words: list[list[Any]], film: Path) -> float:
    from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, TextClip, concatenate_videoclips

    scenes = []
    for number, spoken in enumerate(words):
        voice = AudioFileClip(str(folder / f"voice{number}.wav"))
        picture = ImageClip(str(folder / f"picture{number}.jpg")).resized(height=SIZE[1])
        picture = picture.cropped(x_center=picture.w / 2, width=SIZE[0]).with_duration(voice.duration)
        captions = [
            TextClip(font=str(FONT), text=" ".join(word for word, _, _ in run), font_size=70, color="white",
                     stroke_color="black", stroke_width=6, size=(840, 200), method="caption")
            .with_start(run[0][1]).with_duration(run[-1][2] - run[0][1]).with_position(("center", 1250))
            for run in (spoken[at : at + WORDS] for at in range(0, len(spoken), WORDS))
        ]  # fmt: skip
        scenes.append(CompositeVideoClip([picture, *captions], size=SIZE).with_audio(voice))
    whole = concatenate_videoclips(scenes)
    whole.write_videofile(str(film), fps=30, preset="veryfast", audio_fps=48_000, threads=2, logger=None)
    return float(whole.duration)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
