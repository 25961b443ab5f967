"""Accounts of channels: connecting them, keeping their sign-in, and their end, on the stand-ins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from sqlmodel import select

from pressroom import publishers
from pressroom.errors import ChannelUnusable, Conflict, MoveRefused, NotFound, PublishLater, WrongInput
from pressroom.model.publication_states import PartState
from pressroom.publishers.ledger.access import Access, mark_unusable
from pressroom.publishers.sending import graph
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.publisher import OAuth
from pressroom.review import channel_ends, channels, connecting
from pressroom.review.channels import ChannelChange
from pressroom.review.connecting import Connected
from pressroom.store.desk_tables import Event
from pressroom.store.publishing_tables import ChannelRow
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.standin import Account
from tests.fixtures.press import Press

BROWSER, REDIRECT = "a browser's own secret", "https://desk.example.com/channels/callback/x"


def access_of(press: Press) -> Access:
    return Access(press.database, press.vault, source=press.source)


def allow(address: str, account: str) -> dict[str, str]:
    """The parameters of the callback once a person allows it as `account`."""
    answer = httpx2.get(f"{address}&approve={account}", follow_redirects=False)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def begin(press: Press, platform: str, **how: Any) -> str:
    how = {"browser": BROWSER, "redirect": REDIRECT, **how}
    return connecting.begin(press.database, press.caller, press.vault, access_of(press), platform, **how)


def finish(press: Press, platform: str, said: dict[str, str], **how: Any) -> Connected:
    how = {"browser": BROWSER, "redirect": REDIRECT, **how}
    return connecting.finish(press.database, press.caller, press.vault, access_of(press), platform, said=said, **how)


def connect(press: Press, platform: str, account: str = "", **how: Any) -> ChannelRow:
    """A channel that was connected by consent; of several accounts the first one."""
    said = allow(begin(press, platform, **how), account or next(iter(press.server[platform].accounts)))
    done = finish(press, platform, said)
    if done.choices:
        chosen = done.choices[0].remote_id
        connecting.choose(
            press.database, press.caller, press.vault, access_of(press), done.sign_in_id, chosen, browser=BROWSER
        )
        return row_of(press)
    return row_of(press, done.channel_id)


def row_of(press: Press, channel_id: str = "") -> ChannelRow:
    with press.database.read() as session:
        query = select(ChannelRow)
        return session.exec(query.where(ChannelRow.id == channel_id) if channel_id else query).one()


def events_of(press: Press, kind: str) -> list[dict[str, Any]]:
    with press.database.read() as session:
        return [row.data for row in session.exec(select(Event).where(Event.type == kind)).all()]


def sign_in(press: Press, platform: str, **given: str) -> str:
    return connecting.sign_in(press.database, press.caller, press.vault, access_of(press), platform, given)


def end_consents(press: Press, platform: str) -> None:
    """The person takes the app off the account at the platform."""
    press.server[platform].revoke()
    for family in press.server[platform].consent.families.values():
        family.dead = True


def by_consent() -> list[str]:
    return [name for name in publishers.names() if isinstance(publishers.get(name).connection, OAuth)]


@pytest.mark.parametrize("platform", by_consent())
def test_every_platform_of_consent_is_connected_by_it_and_speaks_for_its_account(press: Press, platform: str) -> None:
    """C31: each with its own exchange, PKCE and form of scopes."""
    row = connect(press, platform)
    assert (row.state, row.problem) == ("connected", "")
    checked = channels.check(press.database, press.caller, access_of(press), row.id)
    assert checked.works
    assert checked.channel.missing_scopes == ()
    held = Credentials.open(row.credentials, press.vault)
    assert not {"client_id", "client_secret"} & set(held.extra)
    assert len(events_of(press, "channel.connected")) == 1


def test_an_app_password_connects_and_a_wrong_one_says_so(press: Press) -> None:
    account = next(iter(press.server["bluesky"].accounts.values()))
    with pytest.raises(ChannelUnusable, match="Invalid identifier or password"):
        sign_in(press, "bluesky", identifier=account.name, secret="wrong")
    with pytest.raises(WrongInput, match="App password is missing"):
        sign_in(press, "bluesky", identifier=account.name)
    found = channels.get(press.database, sign_in(press, "bluesky", identifier=account.name, secret=account.password))
    assert (found.account.name, found.state, found.sign_in) == (account.name, "connected", found.sign_in)
    assert found.sign_in.startswith("Renews itself until ")
    assert account.password not in repr(found)


def test_a_state_holds_once_in_its_browser_for_ten_minutes(press: Press) -> None:
    first = next(iter(press.server["x"].accounts))
    said = allow(begin(press, "x"), first)
    with pytest.raises(WrongInput, match="not begun in this browser"):
        finish(press, "x", said, browser="another")
    with pytest.raises(WrongInput, match="not begun in this browser"):
        finish(press, "x", {**said, "state": "guessed"})
    with pytest.raises(WrongInput, match="not begun in this browser"):
        finish(press, "threads", said)
    assert finish(press, "x", said).channel_id
    with pytest.raises(WrongInput, match="used already"):
        finish(press, "x", said)
    late = allow(begin(press, "x"), first)
    press.forward(minutes=11)
    with pytest.raises(WrongInput, match="older than ten minutes"):
        finish(press, "x", late)


def test_a_refusal_at_the_platform_is_told_and_uses_the_state_up(press: Press) -> None:
    state = allow(begin(press, "x"), next(iter(press.server["x"].accounts)))["state"]
    refused = {"state": state, "error": "access_denied", "error_description": "The person said no."}
    with pytest.raises(ChannelUnusable, match=r"X did not connect the account: The person said no\."):
        finish(press, "x", refused)
    with pytest.raises(WrongInput):
        finish(press, "x", refused)


def test_scopes_that_were_not_granted_are_named(press: Press) -> None:
    address = begin(press, "x")
    said = allow(f"{address}&granted=tweet.read+users.read+offline.access", next(iter(press.server["x"].accounts)))
    found = channels.get(press.database, finish(press, "x", said).channel_id)
    assert found.state == "needs_account"
    assert set(found.missing_scopes) == {"tweet.write", "media.write"}
    assert found.problem is not None
    assert "tweet.write, media.write" in found.problem.message


def test_reconnecting_as_another_account_is_refused_with_both_names(press: Press) -> None:
    """H: postiz#2072."""
    standin, row = press.server["x"], connect(press, "x")
    other = standin.add_account(Account(id="777", name="other", title="Other"))
    said = allow(begin(press, "x", channel_id=row.id), other.id)
    with pytest.raises(ChannelUnusable, match=f"the account other; the channel is {row.name}") as refused:
        finish(press, "x", said)
    assert refused.value.reason == "wrong_account"
    assert row_of(press).credentials == row.credentials


def test_reconnecting_keeps_slots_and_settings_and_goes_on_with_what_waited(press: Press) -> None:
    row = connect(press, "x")
    wanted = ChannelChange(slots=({"day": "fri", "time": "08:30"},), spacing_minutes=5, disclosure="By AI.")
    channels.change(press.database, press.caller, row.id, wanted)
    publication = press.plan(press.draft("x"), row_of(press))
    end_consents(press, "x")
    press.settle(hours=0.2)
    assert press.states(publication)[0] == PartState.NEEDS_ACCOUNT
    before = row_of(press)
    again = connect(press, "x", channel_id=row.id)
    assert (again.id, again.state, again.slots) == (row.id, "connected", before.slots)
    assert (again.spacing_minutes, again.disclosure) == (5, "By AI.")
    press.settle(hours=1)
    assert set(press.states(publication)) == {PartState.PUBLISHED}


def test_before_sending_the_token_has_to_speak_for_the_channels_account(press: Press) -> None:
    """H: munin#1045."""
    publication = press.ready("bluesky")
    with press.database.write() as session:
        row = session.exec(select(ChannelRow)).one()
        row.remote_id = "did:plc:another"
        session.add(row)
    press.work()
    assert press.states(publication) == [PartState.NEEDS_ACCOUNT]
    assert press.row(publication).reason_code == "wrong_account"
    assert press.public() == 0


# Keeping a sign-in


def test_c25_an_answer_without_a_refresh_token_keeps_the_old_one(press: Press) -> None:
    row = connect(press, "youtube")
    refresh = Credentials.open(row.credentials, press.vault).refresh
    for hours in (2, 2):
        press.forward(hours=hours)
        access_of(press).credentials(row_of(press))
    held = Credentials.open(row_of(press).credentials, press.vault)
    assert refresh is not None
    assert held.refresh == refresh
    assert press.server["youtube"].counts["refresh"] == 2


def test_c26_c30_passing_failures_never_disconnect_and_invalid_grant_does(press: Press) -> None:
    row = connect(press, "youtube")
    press.forward(hours=2)
    failures: tuple[tuple[SocialFault, dict[str, Any]], ...] = (
        (SocialFault.STATUS, {"status": 500}),
        (SocialFault.STATUS, {"status": 503, "body": "<html>"}),
        (SocialFault.STATUS, {"status": 401, "body": "{}"}),
        (SocialFault.STATUS, {"status": 404, "body": "{}"}),
        (SocialFault.RATE_LIMIT, {}),
        (SocialFault.GARBAGE, {}),
        (SocialFault.NO_ID, {}),
        (SocialFault.CUT_BEFORE, {}),
        (SocialFault.ACCEPT_THEN_CUT, {}),
    )
    for fault, how in failures:
        press.server.fail(fault, "youtube", path="oauth/token", **how)
        with pytest.raises(PublishLater):
            access_of(press).credentials(row_of(press))
        assert row_of(press).state == "connected", (fault, how)
        press.forward(seconds=61)
    assert access_of(press).credentials(row_of(press)).access
    end_consents(press, "youtube")
    press.forward(hours=2)
    with pytest.raises(ChannelUnusable, match="revoked"):
        access_of(press).credentials(row_of(press))
    assert (row_of(press).state, row_of(press).problem_code) == ("needs_account", "invalid_grant")
    assert row_of(press, row.id).id == row.id


def test_c26_an_outage_that_answers_401_on_every_call_leaves_the_channel_connected(press: Press) -> None:
    row = connect(press, "x")
    press.server.fail(SocialFault.STATUS, "x", status=401, body="{}", times=None)
    with pytest.raises(PublishLater):
        channels.check(press.database, press.caller, access_of(press), row.id)
    assert row_of(press).state == "connected"
    press.server.faults.clear()
    press.forward(seconds=61)
    assert channels.check(press.database, press.caller, access_of(press), row.id).works


def test_c26_a_token_without_a_refresh_outlives_a_short_outage_of_401(press: Press) -> None:
    publication = press.ready("mastodon")
    press.server.fail(SocialFault.STATUS, "mastodon", status=401, body="{}", times=3)
    press.work()
    [doubted] = channels.list_channels(press.database)
    assert doubted.state == "connected" and doubted.problem and "only a person can renew it" in doubted.problem.message
    assert len(events_of(press, "channel.needs_account")) == 1  # told at the first refusal, not after 20 minutes
    press.settle(hours=1)
    assert press.states(publication) == [PartState.PUBLISHED]
    assert (row_of(press).state, row_of(press).problem_code) == ("connected", "")
    assert len(events_of(press, "channel.needs_account")) == 1


def test_c27_trouble_is_told_once_a_day(press: Press) -> None:
    row = connect(press, "x")
    for minutes in (0, 10, 24 * 60):
        press.forward(minutes=minutes)
        with press.database.write() as session:
            held = session.get_one(ChannelRow, row.id)
            mark_unusable(session, held, ChannelUnusable("It is over.", reason="invalid_grant"))
    assert len(events_of(press, "channel.needs_account")) == 2


def test_c28_at_most_one_refresh_a_minute(press: Press) -> None:
    connect(press, "x")
    access_of(press).refresh(row_of(press))
    with pytest.raises(PublishLater, match="less than a minute ago"):
        access_of(press).refresh(row_of(press))
    press.forward(seconds=61)
    access_of(press).refresh(row_of(press))
    assert press.server["x"].counts["refresh"] == 2


def test_c29_two_workers_make_one_refresh_and_both_have_a_token_that_holds(press: Press) -> None:
    connect(press, "x")
    press.forward(hours=3)
    row = row_of(press)

    def hold(_: int) -> str:
        try:
            return access_of(press).credentials(row).access.get_secret_value()
        except PublishLater:
            return ""

    with ThreadPoolExecutor(2) as pool:
        found = {token for token in pool.map(hold, range(2)) if token}
    assert len(found) == 1
    assert press.server["x"].counts["refresh"] == 1
    assert access_of(press).credentials(row).access.get_secret_value() in found


def test_c29_a_crash_between_the_answer_and_its_commit_says_why_the_account_needs_a_person(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(press, "x")
    press.forward(hours=3)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Access, "keep", crash)
        with pytest.raises(KeyboardInterrupt):
            access_of(press).credentials(row_of(press))
    assert row_of(press).state == "connected"
    press.forward(seconds=61)
    with pytest.raises(ChannelUnusable, match="its answer was lost"):
        access_of(press).credentials(row_of(press))
    row = row_of(press)
    assert (row.state, row.problem_code) == ("needs_account", "renewal_lost")
    assert "used before" in row.problem


def test_c32_people_are_told_14_7_and_1_days_before_a_sign_in_ends(press: Press) -> None:
    row = connect(press, "x")
    end = press.now() + timedelta(days=20)
    with press.database.write() as session:
        held = session.get_one(ChannelRow, row.id)
        held.refreshable, held.expires_at = False, end
        session.add(held)
    warned = []
    for _ in range(20):
        for _ in range(2):
            told = channel_ends.warn_of_ends(press.database, access_of(press))
            warned += [round((end - press.now()) / timedelta(days=1)) for _ in told]
        press.forward(days=1)
    assert warned == [14, 7, 1]
    assert [each["days"] for each in events_of(press, "channel.expiring")] == [14, 7, 1]


def test_c32_a_sign_in_that_can_be_renewed_is_renewed_before_it_ends_unused(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bluesky's holds for about two months after its last renewal, Threads' token renews itself or is lost."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return press.now()

    monkeypatch.setattr(graph, "datetime", Ahead)
    account = next(iter(press.server["bluesky"].accounts.values()))
    idle = [sign_in(press, "bluesky", identifier=account.name, secret=account.password), connect(press, "threads").id]
    for _ in range(12):
        press.forward(days=10)
        assert channel_ends.warn_of_ends(press.database, access_of(press)) == []
    for channel_id in idle:
        assert channels.check(press.database, press.caller, access_of(press), channel_id).works, channel_id


# The end


def test_a_removed_channel_forgets_its_secrets_and_cancels_what_is_planned(press: Press) -> None:
    publication = press.ready("bluesky")
    row = row_of(press)
    with pytest.raises(Conflict):
        channels.remove(press.database, press.caller, row.id, version=row.version + 1)
    assert channels.remove(press.database, press.caller, row.id, version=row.version) == 1
    assert (row_of(press).state, row_of(press).credentials) == ("removed", "")
    assert press.states(publication) == [PartState.CANCELLED]
    assert press.row(publication).reason_code == "channel_removed"
    press.settle()
    assert press.public() == 0
    assert channels.list_channels(press.database) == ()
    with pytest.raises(NotFound, match="was removed"):
        channels.get(press.database, row.id)
    assert press.row(publication).reason.endswith("was removed.")


def test_a_channel_stays_while_only_its_account_can_tell_what_became_of_a_post(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.ACCEPT_THEN_CUT, "bluesky", path="putRecord")
    press.work()
    assert press.states(publication) == [PartState.UNKNOWN]
    with pytest.raises(MoveRefused, match="on its way"):
        channels.remove(press.database, press.caller, row_of(press).id)
    press.settle()
    assert channels.remove(press.database, press.caller, row_of(press).id) == 0
    assert press.states(publication) == [PartState.PUBLISHED]


def test_settings_are_checked_and_shown(press: Press) -> None:
    row = press.channel("pinterest")

    def change(**fields: Any) -> Any:
        return channels.change(press.database, press.caller, row.id, ChannelChange(**fields))

    with pytest.raises(WrongInput, match="board_id"):
        change(settings={"board_id": "not a number"})
    with pytest.raises(ValueError, match="utm"):
        ChannelChange(utm={"content": "x"})
    shown = change(utm={"campaign": "autumn"}, automatic="next_free", paused=True, late_minutes=0)
    assert (shown.utm, shown.automatic) == ({"campaign": "autumn"}, "next_free")
    assert (shown.paused, shown.late_minutes) == (True, 0)
    boards = channels.choices(access_of(press), press.database, row.id)["board_id"]
    assert boards[0][0] == row.settings["board_id"]


def test_a_server_is_an_address_of_https(press: Press) -> None:
    for server in ("http://mastodon.social", "https://user@mastodon.social", "mastodon.social/path", "https://"):
        with pytest.raises(WrongInput, match="no address of a server"):
            connecting.sign_in(
                press.database, press.caller, press.vault, access_of(press), "mastodon", {"secret": "x"}, server=server
            )
