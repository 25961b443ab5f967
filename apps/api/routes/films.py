"""Films: make one of a script, follow it, change a scene, and play or download it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from apps.api.asking import ACCEPTED, AN_ID, Around, accepted
from apps.api.paging import answer
from apps.api.shown_jobs import API
from apps.api.wanted_content import ContentId
from apps.desk import films
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from apps.desk.sending import send_part
from pressroom.errors import NotFound
from pressroom.media.film_making import FilmCost
from pressroom.model import FilmRequest
from pressroom.model.films import MOST_SCENES, FilmMade, SceneMade, Shape, Tier
from pressroom.people.permissions import Action
from pressroom.review.reading import get_content
from pressroom.store.uploads import PREFIX

router = APIRouter(prefix="/content/{content_id}/film", tags=["films"], dependencies=[requires(Action.READ)])

WORK = [requires(Action.EDIT_CONTENT), requires(Action.START_WORK)]

Number = Annotated[int, Path(ge=1, le=MOST_SCENES, description="The scene's number, from 1.", examples=[3])]
Key = Annotated[str | None, Header(alias="Idempotency-Key", include_in_schema=False, max_length=255)]
FileName = Annotated[
    Literal["film", "srt", "vtt", "sheet", "chapters"],
    Path(description="The film, its captions, its contact sheet or its chapters.", examples=["film"]),
]


class FilmWish(Around):
    """Wishes for a film; all of them may be left out."""

    tier: Tier | None = Field(default=None, description="Who makes pictures and voice; budget is free.")
    voice: str = Field(default="", max_length=100, description="A voice by name.", examples=["heart"])
    shape: Shape | None = Field(default=None, description="Shape; default: that of the format.", examples=["9:16"])
    style: str | None = Field(default=None, max_length=64, description="Style of pictures a model makes.")
    captions: bool = Field(default=True, description="Burn the captions in.")
    music: str = Field(default="", max_length=2000, description="upload:ID of a sound to lay under the voice.")


class SceneView(SceneMade):
    """One scene of a film, and where its picture or clip is."""

    href: str = Field(description="Of its picture or clip.")


class FilmView(BaseModel):
    """The film of a draft, or the job that makes one."""

    film: FilmMade | None = Field(description="None before the first one is made.")
    scenes: list[SceneView]
    files: dict[str, str] = Field(description="Addresses by name: film, srt, vtt, sheet, chapters.")
    is_current: bool = Field(description="False: the script was changed since.")
    job_id: str | None = Field(description="The job that makes a film of this draft now.")


class FilmCosts(BaseModel):
    """The cost of the draft's film in each tier, less what is there already."""

    tiers: dict[Tier, FilmCost]


class RedoScene(BaseModel):
    """The part of the scene to make again."""

    what: Literal["all", "picture", "voice"] = Field(default="all", examples=["picture"])


class ScenePicture(BaseModel):
    """The user's own picture or clip for a scene; neither: the film makes one."""

    upload_id: str | None = Field(default=None, max_length=64, description="Of an upload.", examples=[AN_ID])


class Captions(BaseModel):
    """Captions by the number of their scene; an empty one is what the scene says."""

    captions: dict[Annotated[int, Field(ge=1, le=MOST_SCENES)], Annotated[str, Field(max_length=2000)]] = Field(
        min_length=1, max_length=MOST_SCENES, examples=[{"2": "Rye bread, from €4.50"}]
    )


@router.post("", dependencies=WORK, **ACCEPTED)
def make_film(
    content_id: ContentId,
    wanted: FilmWish,
    desk: DeskDep,
    database: DbDep,
    caller: CallerDep,
    key: Key = None,
) -> Response:
    """Make a film of the script, and follow its job. The same wishes are the same film, and cost nothing again."""
    found = get_content(database, caller, content_id)
    request = FilmRequest(
        content=found.id, **wanted.model_dump(include={"tier", "voice", "shape", "style", "captions", "music"})
    )
    title = wanted.title or f"Film: {found.idea.title}"
    return accepted(films.start(desk, database, caller, request, key=key, title=title))


@router.get("", response_model=FilmView, responses=responses(304))
def get_film(request: Request, content_id: ContentId, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Return the film of the draft with its scenes and files."""
    found, job = films.film_of(desk, database, content_id), films.under_way(database, caller.workspace_id, content_id)
    at = f"{API}/content/{content_id}/film"
    made = found.film if found else None
    shown = FilmView(
        film=made,
        scenes=[
            SceneView(**one.model_dump(), href=f"{API}/images/{one.visual}/file")
            for one in (made.scenes if made else ())
        ],
        files={name: f"{at}/files/{name}" for name in (made.files if made else ())},
        is_current=found.is_current if found else True,
        job_id=job.id if job else None,
    )
    return answer(request, shown)


@router.get("/costs", response_model=FilmCosts, responses=responses(304))
def get_film_costs(
    request: Request, content_id: ContentId, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Return what a film of the draft costs in each tier. No provider is called."""
    found = get_content(database, caller, content_id)
    films.planned(desk, database, caller, FilmRequest(content=found.id))
    return answer(request, FilmCosts(tiers=films.costs(desk, database, caller, found.id)))


@router.post("/scenes/{number}/redo", dependencies=WORK, **ACCEPTED)
def redo_scene(
    content_id: ContentId,
    number: Number,
    wanted: RedoScene,
    desk: DeskDep,
    database: DbDep,
    caller: CallerDep,
    key: Key = None,
) -> Response:
    """Make one scene again; its siblings stay as they are, and cost nothing."""
    job = films.change(
        desk, database, caller, content_id, lambda asked: asked.redone(number, wanted.what),
        key=key, title=f"Scene {number} again",
    )  # fmt: skip
    return accepted(job)


@router.put("/scenes/{number}/picture", dependencies=WORK, **ACCEPTED)
def replace_picture(
    content_id: ContentId,
    number: Number,
    wanted: ScenePicture,
    desk: DeskDep,
    database: DbDep,
    caller: CallerDep,
    key: Key = None,
) -> Response:
    """Show the user's own picture or clip in a scene, or again the film's own."""
    source = f"{PREFIX}{wanted.upload_id}" if wanted.upload_id else ""

    def changed(asked: FilmRequest) -> FilmRequest:
        return asked.with_wish(asked.wish(number).model_copy(update={"picture": source, "clip": ""}))

    job = films.change(desk, database, caller, content_id, changed, key=key, title=f"Picture of scene {number}")
    return accepted(job)


@router.put("/captions", dependencies=WORK, **ACCEPTED)
def replace_captions(
    content_id: ContentId, wanted: Captions, desk: DeskDep, database: DbDep, caller: CallerDep, key: Key = None
) -> Response:
    """Give scenes other captions; what is spoken stays."""

    def changed(asked: FilmRequest) -> FilmRequest:
        for number, words in wanted.captions.items():
            asked = asked.with_wish(asked.wish(number).model_copy(update={"caption": " ".join(words.split())}))
        return asked

    return accepted(films.change(desk, database, caller, content_id, changed, key=key, title="Captions"))


@router.get(
    "/files/{file}",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        206: {"description": "A part of it."},
        416: {"description": "Beyond its end."},
    },
)
def get_film_file(request: Request, content_id: ContentId, file: FileName, desk: DeskDep, database: DbDep) -> Response:
    """Return a file of the film, or the part of it that `Range` names."""
    found = films.film_of(desk, database, content_id)
    kept = found.film.files.get(file) if found else None
    if kept is None:
        raise NotFound("The draft has no such file of a film.", hint="POST .../film makes one.")
    return send_part(
        desk.store,
        kept.key,
        kept.media_type,
        name=kept.key.rpartition("/")[2],
        size=kept.size,
        wanted=request.headers.get("range"),
        sha256=kept.sha256,
    )
