"""How near a file comes to the best there is: Lanczos over all pixels of the source, in floating point, never saved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.images.jobs import Job, Work
from pressroom.media.pictures.likeness import likeness


@dataclass(frozen=True)
class Quality:
    """Over all variants: peak signal-to-noise ratio in dB, mean structural similarity, bytes."""

    psnr: float
    ssim: float
    bytes: int


class References:
    """Of one source, whose bands are kept in floating point."""

    def __init__(self, work: Work) -> None:
        with Image.open(work.source) as image:
            bands = image.convert("RGB").split()
        self._made = {job.platform: self._reference(bands, job) for job in work.jobs}

    def judge(self, work: Work) -> Quality:
        """The files in `work.out`."""
        errors, alike, size = [], [], 0
        for job in work.jobs:
            file, reference = Path(work.out) / f"{job.platform}.jpg", self._made[job.platform]
            with Image.open(file) as image:
                got = image.convert("RGB")
            errors.append(float(np.mean((np.asarray(got, dtype=np.float32) - reference) ** 2)))
            alike.append(likeness(got, Image.fromarray(np.round(reference).astype(np.uint8))))
            size += file.stat().st_size
        return Quality(10 * math.log10(255**2 / (sum(errors) / len(errors))), sum(alike) / len(alike), size)

    @staticmethod
    def _reference(bands: Sequence[Image.Image], job: Job) -> np.ndarray:
        scaled = [
            band.crop(job.box).convert("F").resize((job.width, job.height), Image.Resampling.LANCZOS) for band in bands
        ]
        return np.clip(np.stack([np.asarray(band) for band in scaled], axis=-1), 0, 255)
