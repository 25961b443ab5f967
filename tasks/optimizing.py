"""A picture is prepared once, its accounts are searched for, and words are written for each platform."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom.calls.accounts import chain_names
from pressroom.calls.timing import ends, left
from pressroom.media import planning
from pressroom.media.optimize.cutting import Cut, Logos, OutputFolder, SubjectDetector
from pressroom.media.optimize.preparing import ImageServices, Ready, prepare
from pressroom.media.pictures.logo import LogoOptions
from pressroom.media.pictures.logo_opening import open_logo
from pressroom.media.pictures.wanting import brand_from_settings
from pressroom.model import AssetKind, OptimizePlan, RunRef
from pressroom.model.optimizing import Accounts, ImageRef, LogoWish, OptimizeRequest, Prepared, WrittenUp
from pressroom.model.results import SuggestedAccount
from pressroom.reports.names import slug
from pressroom.settings import settings
from pressroom.sources.pictures import page_behind
from pressroom.store import assets, runs, subjects
from pressroom.store.tables import Asset
from pressroom.writing.captions import CaptionWriter, write_up
from pressroom.writing.mentions.finding import find_accounts
from tasks.books import books_of, record_files
from tasks.observing import observed
from tasks.plans import planner
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE
from tasks.uploads import is_upload, read_image, shown, upload_of

OFFLINE = "offline"


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_optimize(request: OptimizeRequest) -> OptimizePlan:
    """Plans the request with every default filled in.

    Raises:
        WrongInput: a platform or style doesn't exist.
        Misconfigured: a provider can't be used.
    """
    return planning.plan_optimize(request, planner(), lambda source: _upload_hash(source, request.workspace))


def _upload_hash(source: str, workspace_name: str | None) -> str | None:
    return upload_of(source, workspace_name).sha256 if is_upload(source) else None


def folder_of(run: RunRef, image: ImageRef) -> str:
    """Where a picture's results lie in the store."""
    name = slug(Path(image.source.partition("?")[0]).stem)
    return "/".join((run.folder, "-".join(filter(None, (f"{image.position:03}", name)))))


@task(name="keep-images", task_run_name="keep-images", **INFRASTRUCTURE)
@observed
def keep_images(run: RunRef, request: OptimizeRequest) -> list[ImageRef]:
    """A row for each picture, by position; those there already stay."""
    database = connections.database()
    names = [shown(source, run.workspace) for source in request.images]
    rows = subjects.save_pictures(database, runs.get_run(database, run.id), names, request.describe)
    return [
        ImageRef(id=row.id, position=row.position, source=name, upload=source if is_upload(source) else "")
        for row, name, source in zip(rows, names, request.images, strict=True)
    ]


@task(name="prepare-image", task_run_name="prepare: {image.source}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def prepare_image(run: RunRef, image: ImageRef, request: OptimizeRequest) -> Prepared:
    """Read one picture, look at it, cut it for every platform, photograph its product if that is wished.

    Raises:
        SourceUnusable: it can't be read, or is no picture that can be used. ProcessingTimeout.
    """
    announce(f"Reading {image.source}")
    data = read_image(image.upload or image.source, run.workspace)
    ready = prepare(image, data, run.plan.purposes, request, _services(run, image, request), told=announce)
    _record(run, image, ready)
    return ready.prepared


def _record(run: RunRef, image: ImageRef, ready: Ready) -> None:
    record_files(run, "picture", [*(one.stored for one in ready.cuts), *ready.photographs])
    record_files(run, "results", ready.sheet)
    for one in ready.cuts:
        assets.keep_asset(connections.database(), _row(run, image, one, ready.prepared.alt_text))


def _services(run: RunRef, image: ImageRef, request: OptimizeRequest) -> ImageServices:
    chosen = settings()
    return ImageServices(
        vision=connections.vision_chain(run.chain) if request.analyse else None,
        image_chain=connections.image_chain(chain_names("image", chosen)),
        books=books_of(run),
        output=OutputFolder(connections.store(), run.workspace, folder_of(run, image)),
        logos=_logos(request.logo.model_dump_json(), run.workspace),
        detector=_detector(chosen.face_model),
        brand=brand_from_settings(chosen),
        language=run.preferences.language,
    )


_detector = lru_cache(maxsize=1)(SubjectDetector.of)
"""It finds subjects, made once a process: a model of faces takes a while to load."""


@lru_cache(maxsize=8)
def _logos(told: str, workspace: str) -> Logos:
    """The logos of a run, read and opened once for all its pictures."""
    wish = LogoWish.model_validate_json(told)
    read = [
        (data := read_image(source, workspace), open_logo(data, name=Path(shown(source, workspace)).name))
        for source in wish.files
    ]
    return Logos.of(read, LogoOptions.model_validate(wish.model_dump(exclude={"files"})))


def _row(run: RunRef, image: ImageRef, one: Cut, alt_text: str) -> Asset:
    return Asset(
        workspace_id=run.workspace_id,
        run_id=run.id,
        kind=AssetKind.PICTURE,
        subject_id=image.id,
        purpose=one.variant.platform,
        variant=run.variant,
        key=one.stored.key,
        address=one.stored.address,
        sha256=one.stored.sha256,
        size=one.stored.size,
        media_type=one.variant.media_type,
        width=one.variant.width,
        height=one.variant.height,
        alt_text=alt_text,
        provider=OFFLINE,
        model="cut",
        notes=list(one.variant.notes),
    )


@task(name="suggest-accounts", task_run_name="accounts: {prepared.image.source}", cache_policy=NO_CACHE)
@observed
def suggest_accounts(run: RunRef, prepared: Prepared, request: OptimizeRequest) -> Accounts:
    """Finds accounts that may be tagged, each with the page that names it, or says why it finds no account."""
    if not request.analyse:
        return Accounts(none_because="No search for accounts: the request turned the analysis off.")
    if not prepared.description:
        return Accounts(none_because="No search for accounts: what the picture shows is not known. Describe it.")
    chain = connections.search_chain()
    suggested = find_accounts(
        prepared.description,
        list(prepared.files),
        chain,
        books_of(run, f"{prepared.image.position}/accounts").until(ends(chain, prepared.until)),
        language=run.preferences.language,
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
    runs.amend(connections.database(), run.id, platform=platform)
    models = [name for name in run.chain if name != OFFLINE]
    writer = CaptionWriter(
        chain=connections.chain(tuple(models)) if request.analyse and models and prepared.description else None,
        books=books_of(run),
        database=connections.database(),
        workspace_id=run.workspace_id,
    )
    return write_up(prepared, platform, request, run.preferences, writer)
