"""Opening a run of pictures, keeping a row for each, and closing it with what became of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from prefect import task
from prefect.runtime import flow_run

from blocks import connections
from pressroom.calls.accounts import chain_names
from pressroom.media.optimize.cutting import known_platforms
from pressroom.media.photography.styles import photo_style
from pressroom.model import Failure, Preferences, RunRef, RunStatus
from pressroom.model.optimizing import ImageRef, OptimizedImage, OptimizeReport, OptimizeRequest
from pressroom.platforms import image_size_for
from pressroom.reports.names import slug
from pressroom.settings import settings
from pressroom.store import contents, documents, runs
from pressroom.store.tables import Run, utc_now
from pressroom.store.workspaces import workspace
from tasks import observing
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE
from tasks.runs import reference, refuse_to_lose, today, trigger
from tasks.uploads import is_upload, shown, upload_of

KIND = "optimize"


@task(name="open-image-run", task_run_name="open-run", **INFRASTRUCTURE)
@observed
def open_image_run(request: OptimizeRequest) -> RunRef:
    """Open (or take up) the run that makes these pictures for these platforms.

    Raises:
        WrongInput: a platform or style doesn't exist. Misconfigured: a provider can't be used.
        RunBusy: another process is making the same run.
    """
    chosen = settings()
    refuse_to_lose(chosen)
    for style in request.photo_styles:
        photo_style(style)
    database = connections.database()
    home = workspace(database, request.workspace or chosen.workspace, file=chosen.workspace_file)
    preferences = _preferences(request, Preferences.model_validate(home.preferences))
    chain = tuple(dict.fromkeys(request.chain or chain_names("text", chosen)))
    wanted = Run(
        workspace_id=home.id,
        kind=KIND,
        run_key=_run_key(request, preferences, connections.chain(chain).fingerprint),
        day=today(chosen.time_zone),
        trigger=request.trigger or trigger(),
        status=RunStatus.RUNNING,
        request={
            "wish": request.model_dump(mode="json"),
            "platforms": list(platforms_of(request)),
            "formats": [],
            "ideas": len(request.images),
        },
        preferences=preferences.model_dump(mode="json"),
        chain=list(chain),
        flow_run_id=flow_run.id,
    )
    row = runs.open_run(database, wanted, lease_seconds=chosen.run_lease, refresh=request.refresh)
    opened = reference(row, home)
    observing.opened(opened, resumed=row.id != wanted.id)
    return opened


def platforms_of(request: OptimizeRequest) -> tuple[str, ...]:
    """Those asked for, each once; else all that take pictures.

    Raises:
        WrongInput: one that takes none.
    """
    names = tuple(dict.fromkeys(request.platforms or known_platforms()))
    for name in names:
        image_size_for(name, 1, 1)
    return names


def folder_of(run: RunRef, image: ImageRef) -> str:
    """Where a picture's results lie in the store."""
    name = slug(Path(image.source.partition("?")[0]).stem)
    return "/".join((run.folder, "-".join(filter(None, (f"{image.position:03}", name)))))


def _preferences(request: OptimizeRequest, preferences: Preferences) -> Preferences:
    changes = {"hashtags": request.hashtags or preferences.hashtags, "language": request.language}
    return preferences.model_copy(update={name: value for name, value in changes.items() if value})


def _run_key(request: OptimizeRequest, preferences: Preferences, fingerprint: str) -> str:
    """The same bytes with the same wishes are the same run; an address stands for what is behind it."""
    pictures = [_known_by(source, request.workspace) for source in (*request.images, *request.logo.files)]
    wishes = request.model_dump(mode="json", exclude={"images", "refresh", "trigger", "timeout"})
    wishes["logo"].pop("files")
    told = [pictures, wishes, preferences.model_dump(mode="json"), fingerprint, settings().image_quality]
    return f"img-{hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]}"


def _known_by(source: str, workspace: str | None) -> str:
    if is_upload(source):
        return upload_of(source, workspace).sha256
    if not settings().local_files:
        return source
    path = Path(source).expanduser()
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return source


@task(name="keep-images", task_run_name="keep-images", **INFRASTRUCTURE)
@observed
def keep_images(run: RunRef, request: OptimizeRequest) -> list[ImageRef]:
    """A row for each picture, by position; those there already stay."""
    database = connections.database()
    names = [shown(source, run.workspace) for source in request.images]
    rows = documents.keep_pictures_as_ideas(database, runs.get_run(database, run.id), names, request.describe)
    return [
        ImageRef(id=row.id, position=row.position, source=name, upload=source if is_upload(source) else "")
        for row, name, source in zip(rows, names, request.images, strict=True)
    ]


@task(name="close-image-run", task_run_name="close-run", **INFRASTRUCTURE)
@observed
def close_image_run(run: RunRef, images: Sequence[OptimizedImage]) -> OptimizeReport:
    """Write the counts into the run's row and give its lease back."""
    database = connections.database()
    calls, status = contents.calls_of_run(database, run.id), status_of(images)
    report = OptimizeReport(
        run_id=run.id,
        workspace=run.workspace,
        status=status,
        images=tuple(images),
        made=sum(call.execution == run.execution for call in calls),
        cost_usd=sum(call.cost_microusd for call in calls) / 1e6,
        seconds=round((utc_now() - runs.get_run(database, run.id).started_at).total_seconds(), 2),
        folder=connections.store().address(run.folder),
    )
    failures = [_failure(number, image) for number, image in enumerate(images, 1) if image.code]
    runs.close_run(
        database,
        run.id,
        status,
        totals=report.model_dump(mode="json", include={"cost_usd", "seconds"}),
        failures=[failure.model_dump(mode="json") for failure in failures],
    )
    observing.images_closed(report)
    return report


def status_of(images: Sequence[OptimizedImage]) -> RunStatus:
    """Completed when every picture has all its platforms, failed when none has any, else partial."""
    if all(image.ok and not image.failed and not image.code for image in images):
        return RunStatus.COMPLETED
    return RunStatus.PARTIAL if any(image.ok for image in images) else RunStatus.FAILED


def _failure(position: int, image: OptimizedImage) -> Failure:
    return Failure(
        idea_position=position, idea_title=image.source, format="image", code=image.code, reason=image.reason
    )
