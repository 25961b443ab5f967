"""From what was asked for to what is going to be made: requests with every default filled in, a function a kind."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from blocks import connections
from pressroom import formats, platforms
from pressroom.calls.accounts import chain_names
from pressroom.errors import PressroomError
from pressroom.media.optimize.cutting import known_platforms
from pressroom.media.photography.styles import photo_style
from pressroom.media.pictures.wanting import brand_from_settings, check_style
from pressroom.model import (
    DailyPlan,
    DailyRequest,
    Document,
    Failure,
    OptimizePlan,
    PictureWishes,
    Preferences,
    RepurposePlan,
    RepurposeRequest,
)
from pressroom.model.optimizing import OptimizeRequest
from pressroom.platforms import image_size_for
from pressroom.settings import settings
from pressroom.sources import Failed, Read
from pressroom.store.tables import Workspace
from pressroom.store.voices import voice_of, with_voice
from pressroom.store.workspaces import day_of, scheduled_day, workspace
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE
from tasks.uploads import is_upload, upload_of

SOURCE = "source"
"""What stands for a format in the failure of a source that could not be read."""


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_daily(request: DailyRequest) -> DailyPlan:
    """What the request makes, with every default filled in.

    Raises:
        WrongInput: a format doesn't exist.
        Misconfigured: a provider, zone or file can't be used.
    """
    chosen, home = settings(), _home(request.workspace)
    preferences = with_voice(connections.database(), home.id, Preferences.model_validate(home.preferences))
    wanted = tuple(dict.fromkeys(request.formats or chosen.formats))
    for form in wanted:
        formats.get(form)
    chain = _chain(request.chain)
    return DailyPlan(
        day=request.date or today(home),
        workspace=home.name,
        ideas=request.ideas or chosen.ideas,
        focus=request.focus.strip(),
        formats=wanted,
        chain=chain,
        chain_fingerprint=connections.chain(chain).fingerprint,
        preferences=preferences,
    )


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_repurpose(request: RepurposeRequest, read: Sequence[Read]) -> RepurposePlan:
    """What the request makes, with every default filled in.

    Raises:
        WrongInput: a format, platform, style or voice doesn't exist.
        Misconfigured: a provider can't be used.
    """
    home, wanted, chain = _home(request.workspace), _formats(request), _chain(request.chain)
    pictures = _pictures(request, wanted)
    return RepurposePlan(
        day=today(home),
        workspace=home.name,
        documents=tuple(document.hash for document in distinct(read, request.title)),
        unread=tuple(_unread(failed) for each in read for failed in each.failures),
        formats=wanted,
        chain=chain,
        chain_fingerprint=connections.chain(chain).fingerprint,
        pictures=pictures,
        pictures_fingerprint=connections.image_chain(pictures.chain).fingerprint if pictures.platforms else "",
        own_language=request.language is None,
        preferences=document_preferences(request, home),
        reads_files=settings().local_files,
    )


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_optimize(request: OptimizeRequest) -> OptimizePlan:
    """What the request makes, with every default filled in.

    Raises:
        WrongInput: a platform or style doesn't exist.
        Misconfigured: a provider can't be used.
    """
    for style in request.photo_styles:
        photo_style(style)
    home, chain, reads_files = _home(request.workspace), _chain(request.chain), settings().local_files
    sources = (*request.images, *request.logo.files)
    preferences = Preferences.model_validate(home.preferences)
    asked = {"hashtags": request.hashtags or preferences.hashtags, "language": request.language}
    changes = {name: value for name, value in asked.items() if value}
    return OptimizePlan(
        day=today(home),
        workspace=home.name,
        request=request,
        platforms=_platforms(request),
        files=tuple(_known_by(source, request.workspace, reads_files=reads_files) for source in sources),
        chain=chain,
        chain_fingerprint=connections.chain(chain).fingerprint,
        preferences=preferences.model_copy(update=changes),
        image_quality=settings().image_quality,
        reads_files=reads_files,
    )


def distinct(read: Sequence[Read], title: str) -> list[Document]:
    """Each document once, by its words; with `title`, if there is only one."""
    found = list({document.hash: document for each in read for document in each.documents}.values())
    if title.strip() and len(found) == 1:
        return [found[0].model_copy(update={"title": title.strip()})]
    return found


def document_preferences(request: RepurposeRequest, home: Workspace) -> Preferences:
    """The workspace's, overruled by what was asked for; a voice in whole."""
    database, preferences = connections.database(), Preferences.model_validate(home.preferences)
    asked = request.model_dump(include={"tone", "audience", "language", "hashtags"}, exclude_none=True)
    changed = Preferences.model_validate(
        preferences.model_dump() | {name: value for name, value in asked.items() if value not in (None, ())}
    )
    if request.voice:
        return changed.model_copy(update={"voice": voice_of(database, home.id, request.voice)})
    return with_voice(database, home.id, changed)


def today(home: Workspace) -> dt.date:
    """The day it is where the workspace is; for a scheduled run, when it was scheduled: a late start is still that
    morning's. Raises Misconfigured."""
    start: dt.datetime = flow_run.scheduled_start_time
    find = scheduled_day if "auto-scheduled" in (flow_run.tags or []) else day_of
    return find(home, settings(), start)


def day_in_name(name: str | None) -> dt.date:
    """The day that a flow run's name shows: the workspace's, or UTC's where that can't be found out just now."""
    with suppress(PressroomError):
        return today(_home(name))
    start: dt.datetime = flow_run.scheduled_start_time
    return start.date()


def _home(name: str | None) -> Workspace:
    chosen = settings()
    return workspace(connections.database(), name or chosen.workspace, file=chosen.workspace_file)


def _chain(asked: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(asked or chain_names("text", settings())))


def _formats(request: RepurposeRequest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(request.formats or formats.names()))


def _unread(failed: Failed) -> Failure:
    return Failure(idea_position=0, idea_title=failed.source, format=SOURCE, code=failed.code, reason=failed.reason)


def _pictures(request: RepurposeRequest, wanted: Sequence[str]) -> PictureWishes:
    """Those asked for; else one for each platform of the formats that takes pictures."""
    chosen = settings()
    theirs = tuple(dict.fromkeys(formats.get(name).platform for name in wanted))
    asked = request.platform_images
    return PictureWishes(
        platforms=tuple(name for name in theirs if name in platforms.names())
        if asked is None
        else tuple(dict.fromkeys(asked)),
        chain=tuple(dict.fromkeys(request.image_chain or chain_names("image", chosen))),
        style=check_style(request.image_style or chosen.image_style),
        quality=chosen.image_quality,
        brand=brand_from_settings(chosen),
    )


def _platforms(request: OptimizeRequest) -> tuple[str, ...]:
    """Those asked for, each once; else all that take pictures.

    Raises:
        WrongInput: one that takes none.
    """
    names = tuple(dict.fromkeys(request.platforms or known_platforms()))
    for name in names:
        image_size_for(name, 1, 1)
    return names


def _known_by(source: str, workspace_name: str | None, *, reads_files: bool) -> str:
    """SHA-256 of an upload or a file; an address stands for what is behind it."""
    if is_upload(source):
        return upload_of(source, workspace_name).sha256
    if not reads_files:
        return source
    try:
        with Path(source).expanduser().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return source
