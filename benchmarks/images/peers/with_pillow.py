"""Plain Pillow, as it is written first: for every platform open, convert, crop, scale with Lanczos, save."""

from __future__ import annotations

import io

from PIL import Image

from benchmarks.images.jobs import Work
from benchmarks.images.peers.running import Files, main


def make(work: Work) -> Files:
    files = {}
    for job in work.jobs:
        with Image.open(work.source) as image:
            cut = image.convert("RGB").crop(job.box)
        scaled = cut.resize((job.width, job.height), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        scaled.save(file, "JPEG", quality=work.quality)
        files[job.platform] = file.getvalue()
    return files


if __name__ == "__main__":
    main(make)
