"""Files that platforms fetch themselves: how a stand-in downloads one, and the files a test serves at `/__media/`."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit
from urllib.robotparser import RobotFileParser

from sandbox.wire import Request, Response

PREFIX = "/__media/"
AGENT = "facebookexternalhit/1.1"
SECONDS = 10.0


@dataclass(frozen=True)
class Fetched:
    """A file as a platform's crawler gets it. status: 0 where the crawler got no answer, or may not ask."""

    status: int
    media_type: str = ""
    content: bytes = b""

    @cached_property
    def picture(self) -> tuple[str, int, int] | None:
        """Format (`JPEG`, `PNG`, ...), width and height; None when it is no picture."""
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(io.BytesIO(self.content)) as image:
                return str(image.format), *image.size
        except (OSError, UnidentifiedImageError):
            return None

    @property
    def is_film(self) -> bool:
        return self.content[4:8] == b"ftyp"


async def fetch(address: str, *, agent: str = AGENT) -> Fetched:
    """Downloads the file at `address`, as a platform does: over HTTP, without redirects, where robots.txt lets it.

    An address with characters beyond ASCII is never fetched.
    """
    import httpx2

    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isascii():
        return Fetched(0)
    try:
        async with httpx2.AsyncClient(timeout=SECONDS, verify=parts.scheme == "https") as client:
            robots = await client.get(f"{parts.scheme}://{parts.netloc}/robots.txt")
            if robots.status_code == 200 and not _allowed(robots.text, agent, address):
                return Fetched(0)
            found = await client.get(address, headers={"User-Agent": agent})
    except httpx2.HTTPError:
        return Fetched(0)
    return Fetched(found.status_code, found.headers.get("content-type", ""), found.content)


def _allowed(robots: str, agent: str, address: str) -> bool:
    parser = RobotFileParser()
    parser.parse(robots.splitlines())
    return parser.can_fetch(agent, address)


def serve(files: Mapping[str, bytes], request: Request) -> Response:
    """The file of `files` whose key stands after `PREFIX`."""
    key = unquote(request.path.removeprefix(PREFIX))
    if key not in files:
        return Response(404, b"")
    kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return Response(200, files[key], {"content-type": kind})
