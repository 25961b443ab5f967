"""How a reader of documents is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pressroom.model.documents import Document, Kind


@dataclass(frozen=True)
class Content:
    """The bytes of a source and where they come from.

    source: what was asked for. address: where they were fetched in the end; None for files and pasted text.
    media_type: as declared by the sender, without parameters; empty when not declared.
    charset: as declared; empty when it was not.
    """

    data: bytes
    source: str
    address: str | None = None
    media_type: str = ""
    charset: str = ""


@dataclass(frozen=True)
class Reader:
    """Reads one kind of document.

    suffixes: of file names, with the dot. media_types: it takes. read: raises `SourceUnusable`'s subclasses.
    """

    kind: Kind
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Callable[[Content], Document]
