"""Publications: drafts that go out on channels. Plan, look, move, cancel, decide what is unclear, take down."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse, Response

from apps.api.paging import Selection, answer, page_answer
from apps.api.parameters import FIRST_YEAR, LAST_YEAR, Moment
from apps.api.shown_jobs import API
from apps.api.wanted_content import AN_ID, ANOTHER, SeenDep
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.platforms import access_of
from apps.desk.problems import responses
from pressroom.errors import WrongInput
from pressroom.model.dry_run import DryRun
from pressroom.model.publication_states import MOVES, STATES, PartState, PublicationState
from pressroom.people.permissions import Action
from pressroom.review import dry_run, publication_views, publications
from pressroom.review.publication_views import PublicationDetail, PublicationFilter, PublicationView
from pressroom.review.publications import Decision
from pressroom.store.database import Database
from pressroom.store.paging import Page
from pressroom.store.publishing_tables import Publication

router = APIRouter(prefix="/publications", tags=["publications"], dependencies=[requires(Action.READ)])

PUBLISHES = requires(Action.PUBLISH)
MOST_CHANNELS = 20
WALL = "2026-12-01T09:00"

PublicationId = Annotated[str, Path(max_length=64, description="The publication's id.", examples=[AN_ID])]


def _in_reach(wall: dt.datetime) -> dt.datetime:
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise ValueError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}")
    return wall.replace(second=0, microsecond=0)


def _one_of_them(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """One error for a value that is neither a word nor a time, not one for each."""
    try:
        return read(value)
    except ValidationError as error:
        year = [each["msg"] for each in error.errors() if each["type"] == "value_error"]
        said = year[0].partition(", ")[2] if year else "Input should be `now`, `next_free`, or a clock time as {wall}"
        raise PydanticCustomError("clock_time", said, {"wall": f"{WALL}, without a zone"}) from None


At = Annotated[
    Literal["now", "next_free"] | Annotated[NaiveDatetime, AfterValidator(_in_reach)],
    WrapValidator(_one_of_them),
    Field(description="A clock time of the workspace's zone, `now`, or `next_free`: the channel's next free slot."),
]


class Placing(BaseModel):
    """A time, and the choices of the platform."""

    at: At = "next_free"
    options: dict[str, Any] = Field(
        default={}, max_length=50, description="Choices of the platform, e.g. TikTok's `privacy`.", examples=[{}]
    )


class PlanRequest(Placing):
    """The draft to send, the channel, and the time."""

    content_id: str = Field(max_length=64, examples=[AN_ID])
    channel_id: str = Field(max_length=64, examples=[ANOTHER])
    version: int | None = Field(default=None, ge=1, description="The draft's version that was seen.", examples=[3])
    again: bool = Field(default=False, description="The same words may go out again within 30 days.")


class DryRunRequest(Placing):
    """The draft, and the channels to look at."""

    content_id: str = Field(max_length=64, examples=[AN_ID])
    channel_ids: list[Annotated[str, Field(max_length=64)]] = Field(
        min_length=1, max_length=MOST_CHANNELS, examples=[[ANOTHER]]
    )
    online: bool = Field(default=False, description="Also ask each platform what is left of its quota.")


class DryRuns(BaseModel):
    """A dry run for each channel, in the order of the request."""

    channels: list[DryRun]


class NewTime(BaseModel):
    """The new time."""

    at: At = Field(examples=[WALL])


class Decided(BaseModel):
    """A person's word: it is there, it is not and is to be sent, or it is not and is to stay so."""

    decision: Decision = Field(examples=["there"])
    url: str = Field(default="", max_length=2000, description="Address of the post, where it is there.",
                     examples=["https://example.com/post/1"])  # fmt: skip
    remote_id: str = Field(default="", max_length=500, description="The platform's id of it, where it is known.")


class MoveView(BaseModel):
    """A move out of a state. label: of a person's button; empty for moves that happen by themselves."""

    to: PartState
    by: str
    label: str
    means: str


class StateView(BaseModel):
    """One state of a part of a publication. public: null while that is the question."""

    state: PartState
    title: str
    means: str
    owner: str = Field(description="Who acts next.", examples=["worker"])
    deadline_seconds: int | None = Field(description="Until when; null where the state is an end.")
    public: bool | None
    moves: list[MoveView]


class States(BaseModel):
    """The whole table: every state, and every move that is allowed."""

    states: list[StateView]


class PublicationQuery(Selection):
    """The publications that are wanted, and the part of their list."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    states: tuple[PublicationState, ...] = Field(
        default=(), alias="state", description="In this state; given again: in one of them."
    )
    channel: str | None = Field(default=None, max_length=32, description="Id of the channel.")
    content: str | None = Field(default=None, max_length=32, description="Id of the draft.")
    planned_from: Moment | None = Field(default=None, alias="from", description="Planned for this moment or later.")
    planned_to: Moment | None = Field(default=None, alias="to", description="Planned for before this moment.")

    @property
    def filter(self) -> PublicationFilter:
        return PublicationFilter(**{name: getattr(self, name) for name in PublicationFilter.model_fields})


@router.get("", response_model=Page[PublicationView], responses=responses(304, 404))
def list_publications(request: Request, database: DbDep, wanted: Annotated[PublicationQuery, Query()]) -> Response:
    """Publications, those added last first."""
    page = publication_views.list_publications(database, wanted.filter, wanted.cursor, wanted.limit)
    return page_answer(request, page, PublicationView, wanted.fields)


@router.post("", status_code=201, response_model=PublicationDetail, dependencies=[PUBLISHES],
             responses=responses(404, 409, 412))  # fmt: skip
def plan_publication(database: DbDep, desk: DeskDep, caller: CallerDep, wanted: PlanRequest) -> Response:
    """Plan an approved draft for a channel. Answers at once: it is sent when it is due, by the flow `publish`.

    Refused while the draft is not approved, while the platform would refuse it, and when the channel has the same
    words within 30 days. `POST /publications/dry-run` tells all of that before.
    """
    row = publications.plan(
        database, caller, desk.vault, wanted.content_id, wanted.channel_id, at=wanted.at, options=wanted.options,
        version=wanted.version, again=wanted.again,
    )  # fmt: skip
    return _answer(database, row, 201)


@router.post("/dry-run", responses=responses(404))
def dry_run_publication(database: DbDep, desk: DeskDep, caller: CallerDep, wanted: DryRunRequest) -> DryRuns:
    """Show exactly what would be sent to each channel, its price, and every problem. Nothing is sent or planned."""
    found = [
        dry_run.dry_run(
            database, caller, wanted.content_id, channel_id, at=wanted.at, options=wanted.options,
            access=access_of(desk, database) if wanted.online else None, source=desk.settings,
        )
        for channel_id in dict.fromkeys(wanted.channel_ids)
    ]  # fmt: skip
    return DryRuns(channels=found)


@router.get("/states")
def list_publication_states() -> States:
    """List every state of a part of a publication, with who acts next, until when, and the moves out of it."""
    return States(
        states=[
            StateView(
                state=state, title=facts.title, means=facts.means, owner=facts.owner,
                deadline_seconds=int(facts.deadline.total_seconds()) if facts.deadline else None, public=facts.public,
                moves=[
                    MoveView(to=move.target, by=move.by, label=move.label, means=move.means)
                    for move in MOVES
                    if move.origin is state
                ],
            )
            for state, facts in STATES.items()
        ]
    )  # fmt: skip


@router.get("/{publication_id}", response_model=PublicationDetail, responses=responses(304, 404))
def get_publication(request: Request, publication_id: PublicationId, database: DbDep) -> Response:
    """Return one publication with its parts, every attempt, and what a person may do now. Its ETag is its version."""
    found = publication_views.get_publication(database, publication_id)
    return answer(request, found, etag=str(found.version))


@router.patch("/{publication_id}", response_model=PublicationDetail, dependencies=[PUBLISHES],
              responses=responses(404, 412))  # fmt: skip
def move_publication(
    publication_id: PublicationId, wanted: NewTime, version: SeenDep, database: DbDep, caller: CallerDep
) -> Response:
    """Give it another time, also when it was missed, refused or cancelled. Its approval has to hold."""
    return _answer(database, publications.move(database, caller, publication_id, wanted.at, version=version))


@router.post("/{publication_id}/publish-now", response_model=PublicationDetail, dependencies=[PUBLISHES],
             responses=responses(404, 412))  # fmt: skip
def publish_now(publication_id: PublicationId, version: SeenDep, database: DbDep, caller: CallerDep) -> Response:
    """Have it sent now: within a minute, by the flow `publish`."""
    return _answer(database, publications.move(database, caller, publication_id, "now", version=version))


@router.post("/{publication_id}/cancel", response_model=PublicationDetail, dependencies=[PUBLISHES],
             responses=responses(404, 412))  # fmt: skip
def cancel_publication(publication_id: PublicationId, version: SeenDep, database: DbDep, caller: CallerDep) -> Response:
    """Take it off the plan. What is public of it stays."""
    return _answer(database, publications.cancel(database, caller, publication_id, version=version))


@router.post("/{publication_id}/decide", response_model=PublicationDetail, dependencies=[PUBLISHES],
             responses=responses(404, 412))  # fmt: skip
def decide_publication(
    publication_id: PublicationId, wanted: Decided, version: SeenDep, database: DbDep, caller: CallerDep
) -> Response:
    """Say what only a person can tell: if it is at the platform. `send` sends it again, so look first."""
    if wanted.decision != "there" and (wanted.url or wanted.remote_id):
        raise WrongInput(
            "An address is given, but the decision is not `there`.", hint="Say `there`, or give no address."
        )
    row = publications.decide(
        database, caller, publication_id, wanted.decision, permalink=wanted.url, remote_id=wanted.remote_id,
        version=version,
    )  # fmt: skip
    return _answer(database, row)


@router.post("/{publication_id}/accept", response_model=PublicationDetail, dependencies=[PUBLISHES],
             responses=responses(404, 412))  # fmt: skip
def accept_publication(publication_id: PublicationId, version: SeenDep, database: DbDep, caller: CallerDep) -> Response:
    """Leave what is public as it is, though it differs from what was approved."""
    return _answer(database, publications.accept(database, caller, publication_id, version=version))


@router.post("/{publication_id}/delete", response_model=PublicationDetail, dependencies=[PUBLISHES],
             responses=responses(404, 412))  # fmt: skip
def delete_publication(
    publication_id: PublicationId, version: SeenDep, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Take down at the platform what is public of it, the last part first."""
    row = publications.delete(database, caller, access_of(desk, database), publication_id, version=version)
    return _answer(database, row)


def _answer(database: Database, row: Publication, status: int = 200) -> Response:
    """The publication after a change, with the version that the next one names."""
    found = publication_views.get_publication(database, row.id)
    headers = {"ETag": f'"{found.version}"'}
    if status == 201:
        headers["Location"] = f"{API}/publications/{row.id}"
    return JSONResponse(found.model_dump(mode="json"), status, headers)
