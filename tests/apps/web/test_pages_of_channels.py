"""Channels on their pages and over the API, on the stand-ins: connected, changed, removed, and refused."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from pressroom.model import Role
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow
from sandbox.social.frame.server import SocialServer
from sandbox.social.frame.standin import Account
from tests.apps.web.test_pages import Entered, entered, send  # noqa: F401
from tests.apps.web.test_pages_of_settings import row_of
from tests.fixtures.desk import Person, editor, owner, sign_in  # noqa: F401

PATH, API = "/settings/channels", "/api/v1/channels"


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer() as running:
        yield running


@pytest.fixture
def social(server: SocialServer, client: TestClient) -> SocialServer:
    """Stand-ins that the desk calls instead of the platforms."""
    server.reset()
    desk = client.app.state.desk  # type: ignore[attr-defined]
    chosen = desk.settings.model_copy(update={"social_sandbox": server.url})
    client.app.state.desk = replace(desk, settings=chosen)  # type: ignore[attr-defined]
    return server


def consent_of(client: TestClient, platform: str, **more: str) -> str:
    """The address at the platform that the desk's page leads to."""
    page = send(client, PATH, f"{PATH}/connect", platform=platform, **more).text
    found = re.search(r'href="(http://[^"]+)" rel="noreferrer"', page)
    assert found, page
    return unescape(found[1])


def come_back(client: TestClient, address: str, account: str) -> httpx2.Response:
    """Allow it at the platform as `account`, and follow it back to the desk."""
    back = httpx2.get(f"{address}&approve={account}", follow_redirects=False).headers["location"]
    parts = urlsplit(back)
    assert re.match(r"http://testserver/channels/callback/\w+\?", back)
    return client.get(f"{parts.path}?{parts.query}")


def test_an_account_is_connected_by_consent_once_and_only_in_its_browser(
    entered: Entered, social: SocialServer, operators: Database
) -> None:
    client = entered()
    address, account = consent_of(client, "x"), next(iter(social["x"].accounts))
    done = come_back(client, address, account)
    row: ChannelRow = row_of(operators, ChannelRow)
    assert (done.status_code, done.headers["location"]) == (303, f"{PATH}/{row.id}")
    shown = client.get(f"{PATH}/{row.id}").text
    assert "Account connected." in shown
    assert "tweet.write" in shown
    for address in (
        f"/channels/callback/x?state={'x' * 43}&code=c",
        "/channels/callback/x",
        "/channels/callback/nothing",
    ):
        refused = client.get(address)
        assert (refused.status_code, refused.headers["location"]) == (303, PATH)
    said = f"/channels/callback/x?error=access_denied&state={'x' * 43}&next=https://example.com"
    assert client.get(said).headers["location"] == PATH
    assert "not begun in this browser" in client.get(PATH).text


def test_of_several_accounts_a_person_chooses_one(entered: Entered, social: SocialServer, operators: Database) -> None:
    client = entered()
    choice = come_back(client, consent_of(client, "linkedin"), next(iter(social["linkedin"].accounts)))
    form = choice.headers["location"]
    assert form.startswith(f"{PATH}/choose/")
    offered = re.findall(r'name="account" value="([^"]+)"', client.get(form).text)
    assert len(offered) > 1
    assert send(client, form, form, account="another").status_code == 422
    done = send(client, form, form, account=unescape(offered[-1]))
    row: ChannelRow = row_of(operators, ChannelRow)
    assert (row.remote_id, done.headers["location"]) == (unescape(offered[-1]), f"{PATH}/{row.id}")
    assert client.get(form).status_code == 422


def test_a_refusal_of_the_platform_is_shown(entered: Entered, social: SocialServer) -> None:
    client = entered()
    state = dict(pair.split("=") for pair in urlsplit(consent_of(client, "x")).query.split("&"))["state"]
    client.get(f"/channels/callback/x?state={state}&error=access_denied&error_description=She+said+%3Cb%3Eno")
    page = client.get(PATH).text
    assert "X did not connect the account: She said &lt;b&gt;no." in page


def test_a_channel_is_connected_again_as_itself_alone(
    entered: Entered, social: SocialServer, operators: Database
) -> None:
    client = entered()
    come_back(client, consent_of(client, "x"), next(iter(social["x"].accounts)))
    row: ChannelRow = row_of(operators, ChannelRow)
    social["x"].add_account(Account(id="777", name="other"))
    assert come_back(client, consent_of(client, "x", channel=row.id), "777").headers["location"] == PATH
    assert f"This is the account other; the channel is {row.name}." in client.get(PATH).text
    again = come_back(client, consent_of(client, "x", channel=row.id), row.remote_id)
    assert again.headers["location"] == f"{PATH}/{row.id}"


def test_a_name_and_a_secret_connect_and_the_form_says_what_is_wrong(
    entered: Entered, social: SocialServer, operators: Database
) -> None:
    client, form = entered(), f"{PATH}/new/bluesky"
    account = next(iter(social["bluesky"].accounts.values()))
    wrong = send(client, form, form, identifier=account.name, secret="wrong-secret")
    assert wrong.status_code == 422
    assert "Invalid identifier or password" in wrong.text
    assert "wrong-secret" not in wrong.text
    done = send(client, form, form, identifier=account.name, secret=account.password)
    row: ChannelRow = row_of(operators, ChannelRow)
    assert done.headers["location"] == f"{PATH}/{row.id}"
    assert account.password not in client.get(f"{PATH}/{row.id}").text
    assert "not connected with a name" in client.get(f"{PATH}/new/x").text
    assert "Nothing is published to" in client.get(f"{PATH}/new/myspace").text


def connect_bluesky(client: TestClient, social: SocialServer) -> None:
    account = next(iter(social["bluesky"].accounts.values()))
    send(client, PATH, f"{PATH}/new/bluesky", identifier=account.name, secret=account.password)


def test_slots_and_settings_are_changed_on_the_page(
    entered: Entered, social: SocialServer, operators: Database
) -> None:
    client = entered()
    connect_bluesky(client, social)
    page = f"{PATH}/{row_of(operators, ChannelRow).id}"
    form = {"spacing_minutes": 15, "late_minutes": 0, "automatic": "next_free", "disclosure": "By AI.", "version": 2}
    done = send(client, page, page, **form, slots_fri="9:05 17.30", tagged="on", campaign="autumn")
    assert done.status_code == 303, done.text
    row: ChannelRow = row_of(operators, ChannelRow)
    assert row.slots == [{"day": "fri", "time": "09:05"}, {"day": "fri", "time": "17:30"}]
    assert (row.spacing_minutes, row.late_minutes, row.automatic) == (15, 0, "next_free")
    assert (row.utm, row.disclosure) == ({"medium": "social", "campaign": "autumn"}, "By AI.")
    late = send(client, page, page, **form)
    assert late.status_code == 412
    wrong = send(client, page, page, **{**form, "version": 3}, slots_mon="25:00")
    assert wrong.status_code == 422
    assert "&#39;25:00&#39; is not a time." in wrong.text
    assert 'value="25:00"' in wrong.text


def test_a_channel_is_paused_checked_and_removed(entered: Entered, social: SocialServer, operators: Database) -> None:
    client = entered()
    connect_bluesky(client, social)
    page = f"{PATH}/{row_of(operators, ChannelRow).id}"
    send(client, page, f"{page}/pause", paused="true")
    assert row_of(operators, ChannelRow).paused
    assert "Paused" in client.get(PATH).text
    send(client, page, f"{page}/check")
    assert "The sign-in works." in client.get(page).text
    social["bluesky"].revoke()
    send(client, page, f"{page}/check")
    assert "Needs you" in client.get(page).text
    send(client, page, f"{page}/remove")
    row: ChannelRow = row_of(operators, ChannelRow)
    assert (row.state, row.credentials) == ("removed", "")
    assert "No channels" in client.get(PATH).text
    assert client.get(page).status_code == 404


def test_viewers_and_editors_see_channels_and_change_nothing(
    entered: Entered, social: SocialServer, owner: Person, operators: Database
) -> None:
    account = next(iter(social["bluesky"].accounts.values()))
    wish = {"platform": "bluesky", "fields": {"identifier": account.name, "secret": account.password}}
    assert owner.post(API, json=wish).status_code == 201
    client = entered(Role.EDITOR)
    page = f"{PATH}/{row_of(operators, ChannelRow).id}"
    assert account.name in client.get(PATH).text
    assert "Connect an account" not in client.get(PATH).text
    assert f'action="{page}"' not in client.get(page).text
    for path in (f"{page}/remove", f"{page}/pause", page, f"{PATH}/connect", f"{PATH}/new/bluesky"):
        assert send(client, page, path).status_code == 403, path
    assert client.get(f"{PATH}/new/bluesky").status_code == 403


# Over the API


def test_channels_over_the_api(owner: Person, editor: Person, social: SocialServer) -> None:
    ways = {each["platform"]: each for each in owner.get(f"{API}/platforms").json()["items"]}
    assert [each["name"] for each in ways["bluesky"]["asks"]] == ["identifier", "secret"]
    assert ways["x"]["way"] == "oauth"
    account = next(iter(social["bluesky"].accounts.values()))
    wish = {"platform": "bluesky", "fields": {"identifier": account.name, "secret": account.password}}
    assert editor.post(API, json=wish).status_code == 403
    wrong = owner.post(API, json={**wish, "fields": {"identifier": account.name, "secret": "no"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "CHANNEL_UNUSABLE")
    assert owner.post(API, json={**wish, "platform": "x"}).status_code == 422
    made = owner.post(API, json=wish, headers={"Idempotency-Key": "k1"})
    assert made.status_code == 201, made.text
    assert account.password not in made.text
    channel = f"{API}/{made.json()['id']}"
    assert editor.get(channel).json() == made.json()
    assert owner.get(API).json()["items"] == [made.json()]

    changed = owner.patch(channel, json={"paused": True}, headers={"If-Match": made.headers["etag"]})
    assert changed.json()["paused"] is True
    assert owner.patch(channel, json={"paused": True}).status_code == 428
    assert owner.patch(channel, json={"paused": True}, headers={"If-Match": made.headers["etag"]}).status_code == 412
    assert editor.patch(channel, json={"paused": False}, headers={"If-Match": "3"}).status_code == 403

    assert owner.post(f"{channel}/check").json()["works"] is True
    assert owner.delete(channel).status_code == 204
    assert owner.get(channel).status_code == 404


def test_what_is_missing_to_connect_a_platform_is_told(owner: Person) -> None:
    desk = owner.app.state.desk  # type: ignore[attr-defined]
    owner.app.state.desk = replace(desk, settings=desk.settings.model_copy(update={"social_sandbox": ""}))  # type: ignore[attr-defined]
    ways = {each["platform"]: each for each in owner.get(f"{API}/platforms").json()["items"]}
    assert "client id" in ways["x"]["missing"]
    assert ways["bluesky"]["missing"] == ""
