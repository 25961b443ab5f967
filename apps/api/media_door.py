"""The media door: a platform fetches exactly one file of a post, by an address that ends by itself."""

from __future__ import annotations

from fastapi import APIRouter, Response

from apps.desk.dependencies import DeskDep
from apps.desk.sending import send
from pressroom.errors import NotFound
from pressroom.publishers.ledger.door import opened
from pressroom.store.artifacts import NoArtifact

router = APIRouter(prefix="/media", include_in_schema=False)


@router.get("/{token}/{name}")
def get_media(token: str, name: str, desk: DeskDep) -> Response:
    """Stream the file that `token` stands for; it needs no sign-in and gives nothing else away."""
    file = opened(desk.vault, token)
    try:
        return send(desk.store, file.key, file.media_type, name=name, inline=True)
    except NoArtifact:
        raise NotFound("There is no such file.") from None


@router.head("/{token}/{name}")
def look_at_media(token: str, name: str, desk: DeskDep) -> Response:
    """Say of which type the file is."""
    file = opened(desk.vault, token)
    if not desk.store.exists(file.key):
        raise NotFound("There is no such file.")
    return Response(media_type=file.media_type)
