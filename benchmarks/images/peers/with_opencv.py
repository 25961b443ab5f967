"""OpenCV: one decode, reduced by the JPEG's decoder as far as every variant allows; scaled by area, as it advises."""

from __future__ import annotations

import cv2

from benchmarks.images.jobs import Job, Work
from benchmarks.images.peers.running import Files, main

REDUCED = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}


def make(work: Work) -> Files:
    by = work.shrink if work.source.endswith(".jpg") else 1
    image = cv2.imread(work.source, REDUCED[min(by, 4)])
    return {job.platform: _variant(image, job, work, min(by, 4)) for job in work.jobs}


def _variant(image: cv2.typing.MatLike, job: Job, work: Work, by: int) -> bytes:
    left, upper, right, lower = (round(edge / by) for edge in job.box)
    scaled = cv2.resize(image[upper:lower, left:right], (job.width, job.height), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", scaled, [cv2.IMWRITE_JPEG_QUALITY, work.quality])
    return bytes(data)


if __name__ == "__main__":
    main(make)
