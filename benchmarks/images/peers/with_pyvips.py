"""pyvips: one decode, reduced by the JPEG's decoder as far as every variant allows, and kept in memory for all."""

from __future__ import annotations

import pyvips

from benchmarks.images.jobs import Job, Work
from benchmarks.images.peers.running import Files, main


def make(work: Work) -> Files:
    jpeg = work.source.endswith(".jpg")
    image = pyvips.Image.new_from_file(work.source, **({"shrink": work.shrink} if jpeg else {})).copy_memory()
    return {job.platform: _variant(image, job, work, work.shrink if jpeg else 1) for job in work.jobs}


def _variant(image: pyvips.Image, job: Job, work: Work, by: int) -> bytes:
    left, upper, right, lower = (round(edge / by) for edge in job.box)
    width, height = min(right, image.width) - left, min(lower, image.height) - upper
    cut = image.crop(left, upper, width, height)
    scaled = cut.resize(job.width / width, vscale=job.height / height, kernel="lanczos3")
    data: bytes = scaled.jpegsave_buffer(Q=work.quality, keep="none")
    return data


if __name__ == "__main__":
    pyvips.cache_set_max(0)  # or the second time would be free
    main(make)
