"""Opening a run of pictures, preparing each, writing each platform's words, and closing with results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from blocks import connections
from pressroom.compiler.names import slug
from pressroom.compiler.results import RESULTS_FILE, files_of
from pressroom.errors import PressroomError
from pressroom.images.accounts import brand_from_settings, image_chain_names
from pressroom.images.optimizing.logo import LogoOptions
from pressroom.images.optimizing.logo_opening import open_logo
from pressroom.images.photography.styles import photo_style
from pressroom.model import Failure, Preferences, RunRef, RunStatus
from pressroom.model.optimizing import (
    Accounts,
    ImageRef,
    OptimizedImage,
    OptimizeReport,
    OptimizeRequest,
    Prepared,
    WrittenUp,
)
from pressroom.model.results import PlatformStatus, Results, SuggestedAccount
from pressroom.optimizer import finishing
from pressroom.optimizer.cutting import Cut, Desk, Eye, Logos, known_platforms
from pressroom.optimizer.delivering import delivered
from pressroom.optimizer.preparing import SHEET, Studio, left, prepare
from pressroom.optimizer.words import Pen, write_up
from pressroom.search.finding import find_accounts
from pressroom.settings import settings
from pressroom.sources.pictures import page_behind, read_picture
from pressroom.store import contents, documents, runs
from pressroom.store.ledger import Ledger
from pressroom.store.tables import Artifact, ImageRow, Run, utc_now
from pressroom.store.workspaces import workspace
from tasks import observing
from tasks.observing import observed
from tasks.progress import announce, only_to_be_looked_at
from tasks.retrying import INFRASTRUCTURE
from tasks.runs import reference, refuse_to_lose, today, trigger

KIND = "optimize"
OFFLINE = "offline"


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
    chain = tuple(dict.fromkeys(request.chain or chosen.resolved_text_chain))
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
    from pressroom.formats.shared.limits import image_size_for

    names = tuple(dict.fromkeys(request.platforms or known_platforms()))
    for name in names:
        image_size_for(name, 1, 1)
    return names


def _preferences(request: OptimizeRequest, preferences: Preferences) -> Preferences:
    changes = {"hashtags": request.hashtags or preferences.hashtags, "language": request.language}
    return preferences.model_copy(update={name: value for name, value in changes.items() if value})


def _run_key(request: OptimizeRequest, preferences: Preferences, fingerprint: str) -> str:
    """The same bytes with the same wishes are the same run; an address stands for what is behind it."""
    pictures = [_known_by(source) for source in (*request.images, *request.logo.files)]
    wishes = request.model_dump(mode="json", exclude={"images", "refresh", "trigger", "timeout"})
    wishes["logo"].pop("files")
    told = [pictures, wishes, preferences.model_dump(mode="json"), fingerprint, settings().image_quality]
    return f"img-{hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]}"


def _known_by(source: str) -> str:
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
    rows = documents.keep_pictures_as_ideas(
        connections.database(), runs.get_run(connections.database(), run.id), request.images, request.describe
    )
    return [
        ImageRef(id=row.id, position=row.position, source=source)
        for row, source in zip(rows, request.images, strict=True)
    ]


@task(name="prepare-image", task_run_name="prepare: {image.source}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def prepare_image(run: RunRef, image: ImageRef, request: OptimizeRequest) -> Prepared:
    """Read one picture, look at it, cut it for every platform, photograph its product if that is wished.

    Raises:
        SourceUnusable: it can't be read, or is no picture that can be used. ProcessingTimeout.
    """
    announce(f"Reading {image.source}")
    data = read_picture(image.source)
    prepared, cuts = prepare(image, data, platforms_of(request), request, _studio(run, image, request), told=announce)
    _record(run, image, prepared, cuts)
    return prepared


def _studio(run: RunRef, image: ImageRef, request: OptimizeRequest) -> Studio:
    chosen = settings()
    return Studio(
        eyes=connections.vision_chain(run.chain) if request.analyse else None,
        makers=connections.image_chain(image_chain_names(chosen)),
        ledger=_ledger(run),
        desk=Desk(connections.store(), run.workspace, folder_of(run, image)),
        logos=_logos(request.logo.model_dump_json()),
        eye=_eye(chosen.face_model),
        brand=brand_from_settings(chosen),
        language=run.preferences.language,
        variant=run.variant,
        purse=connections.purse(run.workspace_id, run.id),
    )


_eye = lru_cache(maxsize=1)(Eye.of)
"""What finds subjects, made once a process: a model of faces takes a while to load."""


@lru_cache(maxsize=8)
def _logos(told: str) -> Logos:
    """The logos of a run, read and opened once for all its pictures."""
    from pressroom.model.optimizing import LogoWish

    wish = LogoWish.model_validate_json(told)
    files = [(data := read_picture(name), open_logo(data, name=Path(name).name)) for name in wish.files]
    return Logos.of(files, LogoOptions.model_validate(wish.model_dump(exclude={"files"})))


def folder_of(run: RunRef, image: ImageRef) -> str:
    """Where a picture's results lie in the store."""
    name = slug(Path(image.source.partition("?")[0]).stem)
    return "/".join((run.folder, "-".join(filter(None, (f"{image.position:03}", name)))))


def _record(run: RunRef, image: ImageRef, prepared: Prepared, cuts: Sequence[Cut]) -> None:
    database = connections.database()
    contents.record_artifacts(
        database,
        [
            Artifact(
                workspace_id=run.workspace_id,
                run_id=run.id,
                kind="picture",
                key=one.stored.key,
                address=one.stored.address,
                sha256=one.stored.sha256,
                size=one.stored.size,
            )
            for one in cuts
        ],
    )
    for one in cuts:
        row = ImageRow(
            workspace_id=run.workspace_id,
            run_id=run.id,
            idea_id=image.id,
            purpose=one.variant.platform,
            variant=run.variant,
            key=one.stored.key,
            address=one.stored.address,
            sha256=one.stored.sha256,
            size=one.stored.size,
            media_type=one.variant.media_type,
            width=one.variant.width,
            height=one.variant.height,
            alt_text=prepared.alt_text,
            provider=OFFLINE,
            model="cut",
            notes=list(one.variant.notes),
        )
        documents.keep_picture(database, row)


@task(name="suggest-accounts", task_run_name="accounts: {prepared.image.source}", cache_policy=NO_CACHE)
@observed
def suggest_accounts(run: RunRef, prepared: Prepared, request: OptimizeRequest) -> Accounts:
    """Accounts that may be tagged, each with the page that names it; why there are none, where there are none."""
    if not request.analyse:
        return Accounts(none_because="Nobody searched: that was not wished.")
    if not prepared.description:
        return Accounts(none_because="Nobody searched: what the picture shows is not known. Describe it.")
    suggested = find_accounts(
        prepared.description,
        list(prepared.files),
        connections.search_chain(),
        _ledger(run),
        language=run.preferences.language,
        task=f"{prepared.image.position}/accounts",
        purse=connections.purse(run.workspace_id, run.id),
        variant=run.variant,
        follow=page_behind,
    )
    found = {
        name: tuple(SuggestedAccount(name=one.name, why=one.why, source=one.source) for one in accounts)
        for name, accounts in suggested.accounts.items()
    }
    return Accounts(found=found, none_because=suggested.reason)


@task(name="write-up", task_run_name="{platform}: {prepared.image.source}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def write_platform(run: RunRef, prepared: Prepared, platform: str, request: OptimizeRequest) -> WrittenUp:
    """The words of one picture on one platform.

    Raises:
        ProcessingTimeout: the picture's time was up.
    """
    left(prepared.until)
    announce(f"Writing for {platform}: {prepared.image.source}")
    models = [name for name in run.chain if name != OFFLINE]
    pen = Pen(
        chain=connections.chain(tuple(models)) if request.analyse and models and prepared.description else None,
        ledger=_ledger(run),
        database=connections.database(),
        workspace_id=run.workspace_id,
        purse=connections.purse(run.workspace_id, run.id),
    )
    return write_up(prepared, platform, request, run.preferences, pen)


@task(name="finish-image", task_run_name="results: {prepared.image.source}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def finish_image(
    run: RunRef,
    prepared: Prepared,
    written: Sequence[WrittenUp],
    broken: Sequence[Failure],
    accounts: Accounts,
    request: OptimizeRequest,
) -> OptimizedImage:
    """Put `results.json` and each platform's text file beside the pictures; deliver them where that is configured."""
    position = prepared.image.position
    calls = [
        call
        for call in contents.calls_of_run(connections.database(), run.id)
        if call.task.partition("/")[0] == str(position)
    ]
    results = finishing.results_of(
        prepared,
        written,
        [finishing.failed(one) for one in broken],
        accounts,
        request,
        run_id=run.id,
        workspace=run.workspace,
        user="",
        started=run.opened_at,
        seconds=round(request.timeout - max(0.0, left_or_none(prepared)), 2),
        cost_usd=sum(call.cost_microusd for call in calls) / 1e6,
    )
    folder, store = folder_of(run, prepared.image), connections.store()
    if (client := connections.cloudinary()) is not None:
        announce(f"Delivering {prepared.image.source}")
        platforms = delivered(
            results.platforms, Desk(store, run.workspace, folder), client, folder=settings().cloudinary_folder
        )
        results = results.model_copy(update={"platforms": platforms})
    store.put_all({f"{folder}/{name}": data for name, data in files_of(results).items()})
    with only_to_be_looked_at():
        _show(run, results, store.address(folder))
    return _optimized(prepared, results, store.address(folder))


def left_or_none(prepared: Prepared) -> float:
    """Seconds left of a picture's time, 0 when it is up."""
    try:
        return left(prepared.until)
    except PressroomError:
        return 0.0


def _optimized(prepared: Prepared, results: Results, folder: str) -> OptimizedImage:
    def named(status: PlatformStatus) -> tuple[str, ...]:
        return tuple(one.platform for one in results.platforms if one.status is status)

    return OptimizedImage(
        source=prepared.image.source,
        session_id=results.session_id,
        level=results.level,
        ok=named(PlatformStatus.OK),
        failed=named(PlatformStatus.FAILED),
        results=f"{folder}/{RESULTS_FILE}",
        contact_sheet=f"{folder}/{SHEET}.html",
        cost_usd=results.totals.cost_usd,
        seconds=results.totals.seconds,
    )


def _show(run: RunRef, results: Results, folder: str) -> None:
    """A page in Prefect's UI: what each platform got."""
    rows = [
        f"| {one.platform} | {one.image.width} x {one.image.height} | {one.image.bytes // 1000} kB "
        f"| {len(one.hashtags)} | {'; '.join(one.notes)} |"
        for one in results.platforms
        if one.image
    ]
    head = [f"# {results.source}", f"Level: {results.level.words}. [{folder}]({folder})"]
    table = ["| platform | pixels | size | hashtags | notes |", "|---|---|---|---|---|", *rows]
    create_markdown_artifact(
        "\n\n".join([*head, "\n".join(table)]),
        key=f"images-{run.id[:8]}-{results.session_id.rpartition('-')[2]}",
        description=f"Pictures of {results.source}",
    )


@task(name="close-image-run", task_run_name="close-run", **INFRASTRUCTURE)
@observed
def close_image_run(run: RunRef, images: Sequence[OptimizedImage]) -> OptimizeReport:
    """Write the counts into the run's row and give its lease back."""
    database = connections.database()
    calls = contents.calls_of_run(database, run.id)
    row = runs.get_run(database, run.id)
    good = [image for image in images if image.ok and not image.failed and not image.code]
    some = any(image.ok for image in images)
    whole = RunStatus.COMPLETED if len(good) == len(images) else RunStatus.PARTIAL if some else RunStatus.FAILED
    report = OptimizeReport(
        run_id=run.id,
        workspace=run.workspace,
        status=whole,
        images=tuple(images),
        made=sum(call.execution == run.execution for call in calls),
        cost_usd=sum(call.cost_microusd for call in calls) / 1e6,
        seconds=round((utc_now() - row.started_at).total_seconds(), 2),
        folder=connections.store().address(run.folder),
    )
    failures = [_failure(number, image) for number, image in enumerate(images, 1) if image.code]
    runs.close_run(
        database,
        run.id,
        whole,
        totals=report.model_dump(mode="json", include={"cost_usd", "seconds"}),
        failures=[failure.model_dump(mode="json") for failure in failures],
    )
    observing.images_closed(report)
    return report


def _failure(position: int, image: OptimizedImage) -> Failure:
    return Failure(
        idea_position=position, idea_title=image.source, format="image", code=image.code, reason=image.reason
    )


def _ledger(run: RunRef) -> Ledger:
    return Ledger(connections.database(), run.workspace_id, run_id=run.id, execution=run.execution)
