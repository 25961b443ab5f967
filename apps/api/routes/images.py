"""Pictures: those that were made, and having one made ready for platforms."""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from apps.api.asking import ACCEPTED, AN_ID, Around, AskingDep
from apps.api.optimized import OptimizedResults, results_of
from apps.api.paging import Selection, answer, page_answer
from apps.api.shown_files import ImageView, image_view
from apps.api.shown_jobs import JobDetail, job_detail
from apps.desk import limits, work
from apps.desk.dependencies import CallerDep, DbDep, Desk, DeskDep, limited, requires
from apps.desk.intake import File, Purpose, take_in
from apps.desk.problems import responses
from apps.desk.received import ReceivedDep, body_of
from apps.desk.sending import send
from pressroom.errors import NotFound, WrongInput
from pressroom.model import AssetKind, Caller
from pressroom.model.optimizing import OptimizeRequest
from pressroom.model.workflows import OPTIMIZE
from pressroom.people.permissions import Action
from pressroom.store import assets, jobs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.paging import Page
from pressroom.store.uploads import PREFIX

router = APIRouter(tags=["images"], dependencies=[requires(Action.READ), limited(*limits.IMAGES)])

M = TypeVar("M", bound=BaseModel)

WORK = [requires(Action.START_WORK), limited(*limits.HEAVY)]
ImageId = Annotated[str, Path(max_length=64, description="The picture's id.", examples=[AN_ID])]
JobId = Annotated[str, Path(max_length=64, description="The job's id.", examples=[AN_ID])]


class Optimizing(Around):
    """Pictures by address, and what to make of them. A form has the same words in its field `options`, as JSON."""

    images: list[Annotated[str, Field(max_length=2000)]] = Field(
        default=[], max_length=100, description="Web addresses, and `upload:ID` of what was handed in."
    )
    options: dict[str, Any] = Field(
        default={},
        description="As the workflow `optimize` takes them, but for `images`.",
        examples=[{"platforms": ["instagram"], "describe": "A teapot on a window sill", "logo": {"place": "auto"}}],
    )


class ImageQuery(Selection):
    """The pictures that are wanted, and the part of their list."""

    run: str | None = Field(default=None, max_length=32, description="Id of the run that made them.")


_FILES = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
AS_FORM = {
    "type": "object",
    "properties": {
        "file": {**_FILES, "description": "One or several pictures."},
        "logo": {**_FILES, "description": "A logo; or two, one dark and one light."},
        "options": {"type": "string", "description": "JSON, as in `options` of the JSON body."},
        "title": {"type": "string"},
        "callback_url": {"type": "string"},
    },
}


@router.post(
    "/optimize/image", dependencies=WORK, openapi_extra=body_of(AS_FORM, Optimizing.model_json_schema()), **ACCEPTED
)
def optimize_image(
    received: ReceivedDep, asking: AskingDep, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Make pictures ready for platforms: hand them in as a form, or name their addresses. Follow the job."""

    def kept(files: list[File], purpose: Purpose) -> list[str]:
        rows = [take_in(desk, database, caller, file, purpose) for file in files]
        return [f"{PREFIX}{row.id}" for row in rows]

    wanted = _parsed(Optimizing, _with_options(received.fields))
    named = [file.name for file in received.files.get("file", ())]
    pictures = [*kept(received.files.get("file", []), "image"), *wanted.images]
    logos = kept(received.files.get("logo", []), "logo")
    request = _parsed(OptimizeRequest, _asked(wanted.options, pictures, logos))
    return asking.start(request, wanted, title=_title([*named, *wanted.images]))


@router.get("/optimize/image/{job_id}", response_model=JobDetail, responses=responses(304))
def get_optimizing(request: Request, job_id: JobId, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Return the job's progress: percent, current platform, and about how many seconds are left."""
    return answer(request, job_detail(desk, database, _job(desk, database, caller, job_id)))


@router.get("/optimize/image/{job_id}/results", response_model=OptimizedResults, responses=responses(304))
def get_optimized(request: Request, job_id: JobId, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Return each picture's results so far, with links to its files that are good for an hour."""
    return answer(request, results_of(desk, database, _job(desk, database, caller, job_id)))


@router.get("/images", response_model=Page[ImageView], responses=responses(304))
def list_images(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[ImageQuery, Query()]
) -> Response:
    """Pictures that were made, newest first."""
    rows, following = assets.list_assets(
        database, caller.workspace_id, AssetKind.PICTURE, run_id=wanted.run, cursor=wanted.cursor, limit=wanted.limit
    )
    page = Page[ImageView](items=[image_view(row) for row in rows], next_cursor=following)
    return page_answer(request, page, ImageView, wanted.fields)


@router.get("/images/{image_id}", response_model=ImageView, responses=responses(304))
def get_image(request: Request, image_id: ImageId, database: DbDep, caller: CallerDep) -> Response:
    """One picture."""
    return answer(request, image_view(assets.get_asset(database, caller.workspace_id, image_id)))


@router.get(
    "/images/{image_id}/file",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}}},
)
def get_image_file(image_id: ImageId, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Return the picture's file."""
    row = assets.get_asset(database, caller.workspace_id, image_id)
    name = row.key.rpartition("/")[2]
    return send(desk.store, row.key, row.media_type, name=name, sha256=row.sha256, inline=True)


def _job(desk: Desk, database: Database, caller: Caller, job_id: str) -> Job:
    job = work.refresh(desk, database, jobs.get_job(database, caller.workspace_id, job_id))
    if job.kind != OPTIMIZE.kind:
        raise NotFound(f"The job {job_id!r} is not a job for pictures.")
    return job


def _asked(options: dict[str, Any], pictures: list[str], logos: list[str]) -> dict[str, Any]:
    """The request for what was handed in and named; a logo that came along goes before one that is named."""
    logo = options.get("logo") or {}
    if logos and isinstance(logo, dict):
        logo = {**logo, "files": logos}
    return {**options, "images": pictures, **({"logo": logo} if logo else {})}


def _with_options(fields: dict[str, Any]) -> dict[str, Any]:
    """A form's fields with `options` read."""
    given = fields.get("options")
    if not isinstance(given, str):
        return fields
    try:
        return {**fields, "options": json.loads(given or "{}")}
    except (ValueError, RecursionError):
        raise WrongInput("`options` is not JSON.") from None


def _parsed(model: type[M], fields: dict[str, Any]) -> M:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "options"
        raise WrongInput(f"{where}: {first['msg'].removeprefix('Value error, ')}.") from None


def _title(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ""
