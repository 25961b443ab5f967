"""The work every program gets: the same parts of the same picture in the same sizes at the same quality."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

PLATFORMS = ("instagram", "facebook", "linkedin", "x", "pinterest")


@dataclass(frozen=True)
class Job:
    """box: left, upper, right, lower in pixels of the source."""

    platform: str
    width: int
    height: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Work:
    """source: path. out: folder for `platform.jpg`. shrink: 1, 2, 4, 8, by which a JPEG's decoder may reduce."""

    source: str
    out: str
    quality: int
    shrink: int
    jobs: tuple[Job, ...]


def write(work: Work, file: Path) -> None:
    file.write_text(json.dumps(asdict(work)), "utf-8")


def read(file: Path) -> Work:
    said = json.loads(file.read_text("utf-8"))
    jobs = tuple(Job(job["platform"], job["width"], job["height"], tuple(job["box"])) for job in said.pop("jobs"))
    return Work(**said, jobs=jobs)
