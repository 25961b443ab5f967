"""Sign-ins at X and at Instagram, against their stand-ins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr

from pressroom.errors import ChannelUnusable
from pressroom.publishers.sending import oauth
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import TokenRefused
from pressroom.settings import PlatformApp
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, desk_at

REDIRECT = "http://localhost:4200/channels/connected"
APP = PlatformApp(client_id="app-id", client_secret=SecretStr("app-secret"))


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("x", "instagram") as running:
        yield running


def code_of(desk: Desk, verifier: str, **more: str) -> str:
    """The code that comes back once a person allows the connection."""
    url = oauth.authorize_url(desk.publisher, desk.line, APP, redirect=REDIRECT, state="s", verifier=verifier)
    answer = httpx2.get(url, params={**parse(url), "approve": next(iter(standin(desk).accounts)), **more})
    back = parse(answer.headers["location"])
    assert (answer.status_code, back["state"]) == (302, "s")
    return back["code"]


def parse(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def standin(desk: Desk) -> Any:
    return desk.server[desk.publisher.platform]


def connect(desk: Desk, **changes: str) -> Credentials:
    given = {"verifier": oauth.new_verifier(), "redirect": REDIRECT}
    given["code"] = code_of(desk, given["verifier"])
    return oauth.from_code(desk.publisher, desk.line, APP, **{**given, **changes})


def test_x_takes_a_code_once_with_its_verifier_and_within_half_a_minute(server: SocialServer) -> None:
    server.reset()
    desk = desk_at(server, "x")
    verifier = oauth.new_verifier()
    code = code_of(desk, verifier)
    oauth.from_code(desk.publisher, desk.line, APP, code=code, redirect=REDIRECT, verifier=verifier)
    for changes in ({"code": code, "verifier": verifier}, {"verifier": "another"}, {"redirect": REDIRECT + "/"}):
        with pytest.raises(ChannelUnusable):
            connect(desk, **changes)
    late = code_of(desk, verifier)
    server.clock.ahead += 31
    with pytest.raises(ChannelUnusable):
        connect(desk, code=late, verifier=verifier)


def test_a_refresh_token_of_x_holds_once_and_a_second_use_ends_all(server: SocialServer) -> None:
    server.reset()
    desk = desk_at(server, "x")
    first = connect(desk)
    second = oauth.refreshed(desk.publisher, desk.line, APP, first)
    assert first.refresh != second.refresh
    assert desk.publisher.whoami(desk.line.under(second), desk.channel) == desk.channel.account.remote_id
    with pytest.raises(ChannelUnusable):
        oauth.refreshed(desk.publisher, desk.line, APP, first)
    with pytest.raises(TokenRefused):
        desk.publisher.whoami(desk.line.under(second), desk.channel)
    with pytest.raises(ChannelUnusable):
        oauth.refreshed(desk.publisher, desk.line, APP, second)


def test_a_token_of_instagram_comes_in_a_list_with_its_permissions(server: SocialServer) -> None:
    server.reset()
    desk = desk_at(server, "instagram")
    credentials = connect(desk)
    assert set(credentials.scopes) == set(desk.publisher.scopes_needed(desk.channel.account)) | {
        "instagram_business_manage_insights"
    }
    assert credentials.expires_at is not None
    assert desk.publisher.whoami(desk.line.under(credentials), desk.channel) == desk.channel.account.remote_id
