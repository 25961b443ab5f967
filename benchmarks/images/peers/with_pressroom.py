"""Pressroom's own: taken in from the file, every check included, then all variants. Sharpening is off, as elsewhere."""

from __future__ import annotations

from pathlib import Path

from benchmarks.images.jobs import Work
from benchmarks.images.peers.running import Files, main
from pressroom.media.pictures.intake import take_in_path
from pressroom.media.pictures.values import Options, Wanted
from pressroom.media.pictures.variants import variants


def make(work: Work) -> Files:
    wanted = [Wanted(job.platform, job.width, job.height) for job in work.jobs]
    made = variants(take_in_path(Path(work.source)), wanted, Options(sharpen=0, most_bytes=100_000_000))
    assert [one.box for one in made] == [job.box for job in work.jobs], "the work was not equal"
    return {one.platform: one.data for one in made}


if __name__ == "__main__":
    main(make)
