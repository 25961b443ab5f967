"""From a request to a plan, where pictures are in it: documents that are repurposed, and pictures made ready."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pressroom.calls.accounts import text_names
from pressroom.media.photography.styles import photo_style
from pressroom.media.pictures.wanting import wanted_formats, wanted_pictures, wanted_platforms
from pressroom.model import (
    Document,
    Failure,
    OptimizePlan,
    Preferences,
    RepurposePlan,
    RepurposeRequest,
)
from pressroom.model.optimizing import OptimizeRequest
from pressroom.settings import settings
from pressroom.writing.planning import Home, Planner

if TYPE_CHECKING:
    from pressroom.sources import Failed, Read

SOURCE = "source"
"""It stands for a format in the failure of a source that could not be read."""


def plan_repurpose(request: RepurposeRequest, read: Sequence[Read], planner: Planner) -> RepurposePlan:
    """Plans the request.

    Raises:
        WrongInput: a format, platform, style or voice doesn't exist.
        Misconfigured: a provider can't be used.
    """
    home, wanted, chain = (
        planner.home(request.workspace),
        wanted_formats(request),
        text_names(request.chain, settings()),
    )
    pictures = wanted_pictures(request, wanted)
    return RepurposePlan(
        day=planner.today(home),
        workspace=home.name,
        documents=tuple(document.hash for document in distinct(read, request.title)),
        unread=tuple(_unread(failed) for each in read for failed in each.failures),
        formats=wanted,
        chain=chain,
        chain_fingerprint=planner.fingerprint(chain, "text"),
        pictures=pictures,
        pictures_fingerprint=planner.fingerprint(pictures.chain, "image") if pictures.platforms else "",
        own_language=request.language is None,
        preferences=document_preferences(request, home, planner),
        reads_files=planner.reads_files,
    )


def distinct(read: Sequence[Read], title: str) -> list[Document]:
    """Each document once, by its words, with a note on the sources that gave the same; with `title`, if only one."""
    alike: dict[str, list[Document]] = {}
    for document in (document for each in read for document in each.documents):
        alike.setdefault(document.hash, []).append(document)
    found = [_merged(first, others) for first, *others in alike.values()]
    if title.strip() and len(found) == 1:
        return [found[0].model_copy(update={"title": title.strip()})]
    return found


def _merged(document: Document, others: Sequence[Document]) -> Document:
    if not others:
        return document
    named = ", ".join(dict.fromkeys(other.source for other in others[:5]))
    note = f"{len(others) + 1} sources gave these words, and they are used once. The others: {named}."
    return document.model_copy(update={"notes": (*document.notes, note)})


def document_preferences(request: RepurposeRequest, home: Home, planner: Planner) -> Preferences:
    """The workspace's, overruled by what was asked for; a voice in whole."""
    preferences = Preferences.model_validate(home.preferences)
    asked = request.model_dump(include={"tone", "audience", "language", "hashtags"}, exclude_none=True)
    changed = Preferences.model_validate(
        preferences.model_dump() | {name: value for name, value in asked.items() if value not in (None, ())}
    )
    if request.voice:
        return changed.model_copy(update={"voice": planner.voice(home.id, request.voice)})
    return planner.with_voice(home, changed)


def _unread(failed: Failed) -> Failure:
    return Failure(idea_position=0, idea_title=failed.source, format=SOURCE, code=failed.code, reason=failed.reason)


def plan_optimize(request: OptimizeRequest, planner: Planner, upload_hash: Callable[[str], str | None]) -> OptimizePlan:
    """Plans the request. upload_hash: SHA-256 of what a user handed in; None for any other source.

    Raises:
        WrongInput: a platform or style doesn't exist.
        Misconfigured: a provider can't be used.
    """
    for style in request.photo_styles:
        photo_style(style)
    home, chain = planner.home(request.workspace), text_names(request.chain, settings())
    sources = (*request.images, *request.logo.files)
    preferences = Preferences.model_validate(home.preferences)
    asked = {"hashtags": request.hashtags or preferences.hashtags, "language": request.language}
    changes = {name: value for name, value in asked.items() if value}
    return OptimizePlan(
        day=planner.today(home),
        workspace=home.name,
        request=request,
        platforms=wanted_platforms(request),
        files=tuple(upload_hash(each) or file_hash(each, reads_files=planner.reads_files) for each in sources),
        chain=chain,
        chain_fingerprint=planner.fingerprint(chain, "text"),
        preferences=preferences.model_copy(update=changes),
        image_quality=settings().image_quality,
        reads_files=planner.reads_files,
    )


def file_hash(source: str, *, reads_files: bool) -> str:
    """SHA-256 of a file; an address stands for what is behind it."""
    if not reads_files:
        return source
    try:
        with Path(source).expanduser().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return source
