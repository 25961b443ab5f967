"""Channels: the accounts at platforms that content is published to. None of their secrets is ever shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field, SecretStr
from starlette.responses import JSONResponse, Response

from apps.api.asking import AN_ID
from apps.api.paging import SelectionDep, answer, page_answer
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, VersionDep, requires
from apps.desk.platforms import access_of
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.review import channels, connecting
from pressroom.review.channel_view import ChannelShown
from pressroom.review.channels import ChannelChange, ChannelChecked
from pressroom.review.connectable import Connectable, connectable
from pressroom.store.paging import Page

router = APIRouter(prefix="/channels", tags=["channels"], dependencies=[requires(Action.READ)])

MANAGES = requires(Action.MANAGE_CHANNELS)
ChannelId = Annotated[str, Path(max_length=64, description="The channel's id.", examples=[AN_ID])]


class ChannelWish(BaseModel):
    """An account to connect by a name and a secret, for platforms whose `way` is `password`."""

    platform: str = Field(max_length=32, examples=["bluesky"])
    fields: dict[str, SecretStr] = Field(
        max_length=10,
        description="A value for each of the platform's `asks`.",
        examples=[{"identifier": "name.bsky.social", "secret": "abcd-efgh-ijkl-mnop"}],
    )
    server: str = Field(default="", max_length=200, description="Empty: the platform's usual one.", examples=[""])


@router.get("", response_model=Page[ChannelShown], responses=responses(304))
def list_channels(request: Request, database: DbDep, wanted: SelectionDep) -> Response:
    """The workspace's channels, all on one page."""
    page = Page[ChannelShown](items=list(channels.list_channels(database)), next_cursor=None)
    return page_answer(request, page, ChannelShown, wanted.fields)


@router.get("/platforms", response_model=Page[Connectable], responses=responses(304))
def list_platforms(request: Request, desk: DeskDep, database: DbDep, wanted: SelectionDep) -> Response:
    """The platforms that can be published to: how an account is connected there, and what is missing for it."""
    page = Page[Connectable](items=list(connectable(access_of(desk, database))), next_cursor=None)
    return page_answer(request, page, Connectable, wanted.fields)


@router.post("", status_code=201, response_model=ChannelShown, dependencies=[MANAGES], responses=responses(503))
def connect_channel(desk: DeskDep, database: DbDep, caller: CallerDep, wish: ChannelWish) -> Response:
    """Connect an account by a name and a secret; one that is a channel already gets the new secret.

    Platforms whose `way` is `oauth` are connected on the desk's page, Settings, Channels: a person allows it there.
    """
    given = {name: value.get_secret_value() for name, value in wish.fields.items()}
    access = access_of(desk, database)
    channel_id = connecting.sign_in(database, caller, desk.vault, access, wish.platform, given, server=wish.server)
    return _with_version(channels.get(database, channel_id), status=201)


@router.get("/{channel_id}", response_model=ChannelShown, responses=responses(304, 404))
def get_channel(request: Request, database: DbDep, channel_id: ChannelId) -> Response:
    """Return one channel."""
    found = channels.get(database, channel_id)
    return answer(request, found, etag=str(found.version))


@router.patch("/{channel_id}", response_model=ChannelShown, dependencies=[MANAGES], responses=responses(404, 412, 428))
def change_channel(
    database: DbDep, caller: CallerDep, channel_id: ChannelId, version: VersionDep, wanted: ChannelChange
) -> Response:
    """Change its settings. What is planned keeps its time; other links or another disclosure void what is planned."""
    return _with_version(channels.change(database, caller, channel_id, wanted, version=version))


@router.delete("/{channel_id}", status_code=204, dependencies=[MANAGES], responses=responses(404, 409))
def remove_channel(database: DbDep, caller: CallerDep, channel_id: ChannelId) -> None:
    """Forget its secrets and cancel what is planned on it. What is public stays public."""
    channels.remove(database, caller, channel_id)


@router.post("/{channel_id}/check", dependencies=[MANAGES], responses=responses(404, 503))
def check_channel(desk: DeskDep, database: DbDep, caller: CallerDep, channel_id: ChannelId) -> ChannelChecked:
    """Ask the platform if the sign-in holds and what is left of its quota; what is wrong is kept in the channel."""
    return channels.check(database, caller, access_of(desk, database), channel_id)


def _with_version(shown: ChannelShown, *, status: int = 200) -> Response:
    return JSONResponse(shown.model_dump(mode="json"), status, {"ETag": f'"{shown.version}"'})
