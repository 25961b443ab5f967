"""Files of the artifact store on their way to a browser: a piece at a time, and unable to do anything there."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import StreamingResponse

from pressroom.store.artifacts import ArtifactStore

POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'self'"
)
"""A page that a run has made may be looked at, with its own styles and pictures; nothing in it is carried out."""

SHOWN = ("image/png", "image/jpeg", "image/webp", "image/avif", "image/gif", "text/plain", "application/json")
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
