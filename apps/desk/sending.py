"""Files of the artifact store on their way to a browser: a piece at a time, and unable to do anything there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from pressroom.store.artifacts import ArtifactStore

POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'self'"
)
"""A page that a run has made may be looked at, with its own styles and pictures; nothing in it is carried out."""

SHOWN = (
    *("image/png", "image/jpeg", "image/webp", "image/avif", "image/gif", "text/plain", "application/json"),
    *("video/mp4", "text/vtt"),
)
"""Media types that are no pages: a browser may show them."""


def send(
    store: ArtifactStore, key: str, media_type: str, *, name: str, sha256: str = "", inline: bool = False
) -> StreamingResponse:
    """Sends what is kept under `key`. Raises NoArtifact.

    inline: the browser shows it if its type is in `SHOWN`; otherwise it saves it.
    """
    kind = media_type.partition(";")[0].strip()
    return _answer(store, key, media_type, "inline" if inline and kind in SHOWN else "attachment", name, sha256)


def send_page(store: ArtifactStore, key: str, media_type: str, *, name: str, sha256: str = "") -> StreamingResponse:
    """A file that a run has made, shown in the browser within `POLICY`. Raises NoArtifact."""
    return _answer(store, key, media_type, "inline", name, sha256)


def _answer(
    store: ArtifactStore, key: str, media_type: str, disposition: str, name: str, sha256: str
) -> StreamingResponse:
    headers = {
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    if sha256:
        headers["ETag"] = f'"{sha256[:32]}"'
    return StreamingResponse(store.stream(key), media_type=media_type, headers=headers)


PIECE = 1024 * 1024
"""Bytes of a film that are read at once."""

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def send_part(
    store: ArtifactStore,
    key: str,
    media_type: str,
    *,
    name: str,
    size: int,
    wanted: str | None,
    sha256: str = "",
    save: bool = False,
) -> Response:
    """Sends a file of `size` bytes, or the part of it that the `Range` header `wanted` names, as players ask for films.

    A header that names several parts, or other units, is answered with the whole file, as RFC 9110 allows.
    """
    if not size or (part := _part(wanted, size)) is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part
    whole = (first, last) == (0, size - 1) and not _RANGE.fullmatch(wanted or "")
    found = _answer(store, key, media_type, "attachment" if save else "inline", name, sha256)
    found.headers.update({"Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)})
    if whole:
        return found
    found.status_code = 206
    found.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    found.body_iterator = StreamingResponse(_pieces(store, key, first, last)).body_iterator
    return found


def _part(wanted: str | None, size: int) -> tuple[int, int] | None:
    """The first and last byte that are wanted: all of them without a header that is understood; None beyond the end."""
    found = _RANGE.fullmatch((wanted or "").strip())
    if not found or not (found[1] or found[2]):
        return 0, size - 1
    if not found[1]:  # the last bytes
        return (max(0, size - int(found[2])), size - 1) if int(found[2]) else None
    first, last = int(found[1]), min(int(found[2] or size), size - 1)
    return (first, last) if first <= last else None


def _pieces(store: ArtifactStore, key: str, first: int, last: int) -> Iterator[bytes]:
    for start in range(first, last + 1, PIECE):
        yield store.part(key, start, min(PIECE, last + 1 - start))
