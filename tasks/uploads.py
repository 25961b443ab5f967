"""Reads what a user handed in at the desk: a source `upload:ID`, of the workspace that the run is for."""

from __future__ import annotations

from blocks import connections
from pressroom import sources
from pressroom.errors import NotFound, SourceNotFound
from pressroom.model.documents import Document
from pressroom.settings import settings
from pressroom.sources.pictures import read_picture
from pressroom.store.artifacts import NoArtifact
from pressroom.store.desk_tables import Upload
from pressroom.store.uploads import PREFIX, get_upload
from pressroom.store.workspaces import workspace


def is_upload(source: str) -> bool:
    return source.strip().startswith(PREFIX)


def upload_of(source: str, name: str | None) -> Upload:
    """The upload that `source` names, of the workspace called `name`.

    Raises:
        SourceNotFound: this workspace has no such upload.
    """
    database = connections.database()
    home = workspace(database, name or settings().workspace)
    try:
        return get_upload(database, home.id, source.strip().removeprefix(PREFIX))
    except NotFound as error:
        raise SourceNotFound(error.message, hint=error.hint) from None


def shown(source: str, name: str | None) -> str:
    """People know an upload by its file's name, and any other source as it is."""
    if not is_upload(source):
        return source
    try:
        return upload_of(source, name).name
    except SourceNotFound:
        return source


def read_upload(source: str, name: str | None) -> bytes:
    """The bytes of the upload that `source` names.

    Raises:
        SourceNotFound: it is not there, or was purged.
    """
    row = upload_of(source, name)
    try:
        return connections.store().get(row.key)
    except NoArtifact:
        raise SourceNotFound(f"{row.name} is not kept any more.", hint="Hand it in again.") from None


def read_document(source: str, name: str | None) -> Document:
    """The document that was handed in.

    Raises:
        SourceUnusable: its subclasses say why.
    """
    row = upload_of(source, name)
    return sources.read_bytes(read_upload(source, name), name=row.name)


def read_image(source: str, name: str | None) -> bytes:
    """A picture's bytes, from wherever it is; from a file of this machine where PRESSROOM_LOCAL_FILES says so.

    Raises:
        SourceUnusable: its subclasses say why.
    """
    if is_upload(source):
        return read_upload(source, name)
    return read_picture(source, files=settings().local_files)
