"""Files of the artifact store as pages show them: sent as the API sends them, and not at all to who has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.responses import Response

from apps.desk.sending import send, send_page, send_part
from pressroom.errors import NotFound
from pressroom.store.artifacts import NoArtifact
from pressroom.store.artifacts.keys import content_type_of

if TYPE_CHECKING:
    from apps.web.page import Page
    from pressroom.model import Medium
    from pressroom.store.desk_tables import Upload
    from pressroom.store.tables import Artifact, Asset


def picture(page: Page, row: Asset, *, save: bool) -> Response:
    """A picture, shown, or saved under the name it has in the store."""
    name = row.key.rpartition("/")[2]
    return _fresh(
        page,
        row.sha256,
        lambda: send(page.desk.store, row.key, row.media_type, name=name, sha256=row.sha256, inline=not save),
    )


def medium(page: Page, found: Medium) -> Response:
    """The file of an attachment: the bytes that a publication sends; of a film the part that the player asks for."""
    if found.media_type.startswith("video/"):
        return ranged(page, found.key, found.media_type, found.sha256, found.size)
    return _fresh(
        page,
        found.sha256,
        lambda: send(page.desk.store, found.key, found.media_type, name=found.name, sha256=found.sha256, inline=True),
    )


def ranged(page: Page, key: str, media_type: str, sha256: str, size: int, *, save: bool = False) -> Response:
    """A film or a file of its captions, or the part of it that the player asks for."""
    name, wanted = key.rpartition("/")[2], page.request.headers.get("range")
    return _fresh(
        page,
        sha256,
        lambda: send_part(
            page.desk.store, key, media_type, name=name, size=size, wanted=wanted, sha256=sha256, save=save
        ),
    )


def upload(page: Page, row: Upload) -> Response:
    """A picture that was handed in, shown; anything else is saved."""
    return _fresh(
        page,
        row.sha256,
        lambda: send(page.desk.store, row.key, row.media_type, name=row.name, sha256=row.sha256, inline=True),
    )


def artifact(page: Page, row: Artifact, *, save: bool) -> Response:
    """A file of a run, shown with nothing in it carried out, or saved."""
    name, kind = row.key.rpartition("/")[2], content_type_of(row.key, None)
    way = send if save else send_page
    return _fresh(page, row.sha256, lambda: way(page.desk.store, row.key, kind, name=name, sha256=row.sha256))


def _fresh(page: Page, sha256: str, sent: Callable[[], Response]) -> Response:
    """304 if the browser has these bytes already, else the answer of `sent`. Raises NotFound if the file is gone."""
    if page.request.headers.get("if-none-match") == f'"{sha256[:32]}"':
        return Response(status_code=304)
    try:
        return sent()
    except NoArtifact:
        raise NotFound("This file is not there any more.", hint="It may have been purged.") from None
