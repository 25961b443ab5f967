"""How a workspace wants its content: schedule, preferences, voices; and the formats there are."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from apps.api.paging import answer
from apps.desk import configuring
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom import formats, platforms
from pressroom.errors import WrongInput
from pressroom.model import Preferences, Voice
from pressroom.model.schedules import Schedule
from pressroom.model.speech import Pronunciations
from pressroom.model.trends import TrendWishes
from pressroom.people.permissions import Action
from pressroom.store.voices import voices_of

router = APIRouter(prefix="/config", tags=["config"], dependencies=[requires(Action.READ)])

CHANGES = requires(Action.CONFIGURE)
Seen = Annotated[str | None, Header(alias="If-Match", description="The ETag of what was read: 412 if it is another.")]
VoiceName = Annotated[
    str, Path(max_length=63, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", description="Its name.", examples=["house"])
]


class ScheduleView(Schedule):
    """The schedule of the workspace's daily run."""

    is_own: bool = Field(description="False: not set; this is what the settings say.")


class Voices(BaseModel):
    items: list[Voice]


class FormatView(BaseModel):
    """One kind of post on one platform."""

    name: str = Field(examples=["linkedin_post"])
    title: str = Field(examples=["LinkedIn post"])
    platform: str = Field(examples=["linkedin"])
    limits: dict[str, Any] = Field(description="What the platform allows: lengths, hashtags, sizes of pictures.")
    body: dict[str, Any] = Field(description="JSON schema of its fields.")


class Formats(BaseModel):
    items: list[FormatView]


@router.get("/schedule", response_model=ScheduleView, responses=responses(304))
def get_schedule(request: Request, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """Return the schedule of the workspace's daily run, and its request."""
    schedule, is_own = configuring.schedule_of(desk, database, caller)
    return answer(request, _schedule_view(schedule, is_own=is_own), etag=configuring.etag(schedule))


@router.put("/schedule", response_model=ScheduleView, dependencies=[CHANGES], responses=responses(412))
def set_schedule(wanted: Schedule, desk: DeskDep, database: DbDep, caller: CallerDep, seen: Seen = None) -> Response:
    """Set the schedule, here and in Prefect. When Prefect does not answer, nothing changes (503)."""
    configuring.set_schedule(desk, database, caller, wanted, seen=seen)
    return _told(_schedule_view(wanted, is_own=True), configuring.etag(wanted))


@router.delete("/schedule", status_code=204, dependencies=[CHANGES])
def reset_schedule(desk: DeskDep, database: DbDep, caller: CallerDep) -> None:
    """Reset the schedule to the settings of the desk."""
    configuring.set_schedule(desk, database, caller, None)


@router.get("/trends", response_model=TrendWishes, responses=responses(304))
def get_trend_settings(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """Regions, sources, feeds and share of the workspace's trends; null where the settings of the desk decide."""
    found = configuring.trends_of(database, caller)
    return answer(request, found, etag=configuring.etag(found))


@router.put("/trends", response_model=TrendWishes, dependencies=[CHANGES], responses=responses(412))
def set_trend_settings(wanted: TrendWishes, database: DbDep, caller: CallerDep, seen: Seen = None) -> Response:
    """Set where the workspace's trends come from, from the next collection on."""
    configuring.set_trends(database, caller, wanted, seen=seen)
    return _told(wanted, configuring.etag(wanted))


@router.get("/preferences", response_model=Preferences, responses=responses(304))
def get_preferences(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """Topics, audience, tone, language, hashtags and voice."""
    found = configuring.preferences_of(database, caller)
    return answer(request, found, etag=configuring.etag(found))


@router.put("/preferences", response_model=Preferences, dependencies=[CHANGES], responses=responses(412))
def set_preferences(wanted: Preferences, database: DbDep, caller: CallerDep, seen: Seen = None) -> Response:
    """Set all preferences; runs under way keep the ones they began with."""
    configuring.set_preferences(database, caller, wanted, seen=seen)
    return _told(wanted, configuring.etag(wanted))


@router.get("/pronunciations", response_model=Pronunciations, responses=responses(304))
def get_pronunciations(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """Words that are spoken otherwise than they are written."""
    found = configuring.pronunciations_of(database, caller)
    return answer(request, found, etag=configuring.etag(found))


@router.put("/pronunciations", response_model=Pronunciations, dependencies=[CHANGES], responses=responses(412))
def set_pronunciations(wanted: Pronunciations, database: DbDep, caller: CallerDep, seen: Seen = None) -> Response:
    """Set all pronunciations; films that are made from now on speak by them."""
    configuring.set_pronunciations(database, caller, wanted, seen=seen)
    return _told(wanted, configuring.etag(wanted))


@router.get("/voices", response_model=Voices, responses=responses(304))
def list_voices(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """Every brand voice of the workspace, by name."""
    return answer(request, Voices(items=list(voices_of(database, caller.workspace_id))))


@router.get("/voices/{name}", response_model=Voice, responses=responses(304))
def get_voice(request: Request, name: VoiceName, database: DbDep, caller: CallerDep) -> Response:
    """Return one brand voice."""
    found = configuring.voice_of(database, caller, name)
    return answer(request, found, etag=configuring.etag(found))


@router.put("/voices/{name}", response_model=Voice, dependencies=[CHANGES], responses=responses(412))
def set_voice(name: VoiceName, wanted: Voice, database: DbDep, caller: CallerDep, seen: Seen = None) -> Response:
    """Save a voice under its name."""
    if wanted.name != name:
        raise WrongInput(f"body.name is {wanted.name!r}, but the address says {name!r}.")
    configuring.set_voice(database, caller, wanted, seen=seen)
    return _told(wanted, configuring.etag(wanted))


@router.delete("/voices/{name}", status_code=204, dependencies=[CHANGES])
def remove_voice(name: VoiceName, database: DbDep, caller: CallerDep) -> None:
    """Delete a voice; runs that used it keep it in their request."""
    configuring.remove_voice(database, caller, name)


@router.get("/formats", response_model=Formats, responses=responses(304))
def list_formats(request: Request) -> Response:
    """Every format, with its platform's limits."""
    return answer(request, Formats(items=[_format_view(name) for name in formats.names()]))


def _schedule_view(schedule: Schedule, *, is_own: bool) -> ScheduleView:
    return ScheduleView(**dict(schedule), is_own=is_own)


def _format_view(name: str) -> FormatView:
    found = formats.get(name)
    return FormatView(
        name=name,
        title=found.title,
        platform=found.platform,
        limits=_limits(found.platform),
        body=found.body.model_json_schema(),
    )


def _limits(platform: str) -> dict[str, Any]:
    """The platform's numbers as programs read them; empty for a platform that is not declared."""
    known = platforms.find(platform)
    if known is None:
        return {}
    return {
        "hashtags": [known.hashtags.least, known.hashtags.most],
        "limits": {name: limit.most for name, limit in known.limits.items()},
        "image_sizes": [list(size) for size in known.images.sizes],
    }


def _told(shown: BaseModel, tag: str) -> Response:
    """A setting after its change, with the ETag that the next change names."""
    return JSONResponse(shown.model_dump(mode="json"), headers={"ETag": f'"{tag}"'})
