"""Files of a test stand at an address of the stand-ins' server, where platforms fetch them."""

from __future__ import annotations

import asyncio

from sandbox.social.frame.media import fetch
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Files, film, picture


def test_a_platform_downloads_a_file_where_robots_may_and_its_address_is_plain() -> None:
    files = Files()
    photo, clip = picture(files, size=(60, 40)), film(files)
    with SocialServer("bluesky") as server:
        files.base = f"{server.url}/__media"
        server.files = files.by_key
        got = asyncio.run(fetch(files.url(photo)))
        assert (got.status, got.media_type, got.content) == (200, "image/jpeg", files.read(photo))
        assert got.picture == ("JPEG", 60, 40)
        assert asyncio.run(fetch(files.url(clip))).is_film
        assert asyncio.run(fetch(f"{files.base}/other.jpeg")).status == 404
        assert asyncio.run(fetch(f"{files.base}/Übung.jpeg")).status == 0
        server.robots = "User-agent: *\nDisallow: /__media/"
        assert asyncio.run(fetch(files.url(photo))).status == 0
    assert asyncio.run(fetch(files.url(photo))).status == 0
