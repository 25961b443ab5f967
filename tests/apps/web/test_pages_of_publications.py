"""Publications without a script: their lists, one in each state, and every move that a person has."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlmodel import select

from apps.web import publications_shown
from apps.web.month import Day, HourRow, hours_across
from apps.web.option_fields import option_fields
from pressroom import publishers
from pressroom.model import Role
from pressroom.model.publication_states import FINAL, WHOLES, PartState, PublicationState, person_moves
from pressroom.review.publication_offers import offers_of
from pressroom.review.publication_views import TABS
from pressroom.store.account_tables import ServiceToken
from pressroom.store.publishing_tables import Publication
from tests.apps.web.pressed import desk_url, one_of_each, press, social  # noqa: F401
from tests.apps.web.test_pages import Entered, entered, send  # noqa: F401
from tests.fixtures.press import Press


def row_of(press: Press, publication_id: str) -> Publication:
    with press.database.read() as session:
        return session.get_one(Publication, publication_id)


def test_every_state_has_one_tab_words_and_a_shape() -> None:
    tabbed = [state for _, states in TABS.values() for state in states]
    assert sorted(tabbed) == sorted(PublicationState)
    assert set(WHOLES) == set(PublicationState)
    assert {sign.title for sign in publications_shown.SIGNS.values()} >= {"Missed", "You decide", "Out in part"}
    assert set(publications_shown.PART_SIGNS) == set(PartState)


def test_every_move_of_a_person_is_offered_by_a_button() -> None:
    for state in PartState:
        offered = {each.act for each in offers_of([state], deletes=True)}
        assert bool(offered) == bool(person_moves(state)), state
    assert "delete" not in {each.act for each in offers_of([PartState.PUBLISHED], deletes=False)}
    assert [each.label for each in offers_of([PartState.PUBLISHED, PartState.REFUSED], deletes=True)][1] == "Go on"
    assert PartState.REFUSED in FINAL


def test_lists_pages_and_moves_of_publications(entered: Entered, press: Press) -> None:
    ids, client = one_of_each(press), entered(Role.EDITOR)
    assert {state: row_of(press, publication).state for state, publication in ids.items()} == {s: s for s in ids}
    for tab, state in (("needs", "needs_person"), ("planned", "planned"), ("out", "published"), ("over", "missed")):
        page = client.get(f"/publications?tab={tab}").text
        assert f"/publications/{ids[state]}" in page, tab
        assert page.count('<a class="cover strong"') == 1
    for state, publication in ids.items():
        page = client.get(f"/publications/{publication}")
        assert page.status_code == 200
        assert publications_shown.SIGNS[state].title in page.text
    assert client.get("/publications/states").status_code == 200
    assert client.get("/publications?tab=other").status_code == 422

    def moved(state: str, act: str, **values: object) -> str:
        row = row_of(press, ids[state])
        here = f"/publications/{row.id}"
        assert send(client, here, f"{here}/{act}", version=row.version, **values).status_code == 303
        return press.row(row).state

    assert moved("planned", "move", at="exact", day="2001-01-01", time="09:00") == "planned"
    assert "has passed" in client.get("/publications").text
    later = press.now().date() + dt.timedelta(days=9)
    assert moved("planned", "move", at="exact", day=str(later), time="10:30") == "planned"
    assert row_of(press, ids["planned"]).planned_wall == f"{later}T10:30"
    assert moved("planned", "cancel") == "cancelled"
    assert moved("needs_person", "decide", decision="there", permalink="javascript:alert(1)") == "needs_person"
    assert moved("needs_person", "decide", decision="there", permalink="https://bsky.app/x") == "published"
    assert 'href="https://bsky.app/x"' in client.get(f"/publications/{ids['needs_person']}").text
    assert send(client, "/publications?tab=over", "/publications/again").status_code == 303
    assert row_of(press, ids["missed"]).slot_at is not None
    assert moved("missed", "move", at="now") == "planned"
    press.work()
    assert press.public() == 2
    assert moved("published", "delete") == "deleted"
    assert press.public() == 1


def test_a_form_of_an_older_version_changes_nothing(entered: Entered, press: Press) -> None:
    row, client = press.plan(press.draft(), press.channel("bluesky"), at="next_free"), entered(Role.EDITOR)
    here = f"/publications/{row.id}"
    assert send(client, here, f"{here}/cancel", version=row.version - 1).status_code == 303
    assert press.state(row) == "planned"
    assert "changed meanwhile" in client.get(here).text


def test_viewers_see_publications_and_change_nothing(entered: Entered, press: Press) -> None:
    row, client = press.plan(press.draft(), press.channel("bluesky"), at="next_free"), entered(Role.VIEWER)
    page = client.get(f"/publications/{row.id}").text
    assert "Publish now" not in page
    for act in ("move", "cancel", "decide", "accept", "delete"):
        answer = send(client, "/", f"/publications/{row.id}/{act}", version=row.version, decision="send")
        assert answer.status_code == 403, act
    assert send(client, "/", "/publications/again").status_code == 403
    assert press.state(row) == "planned"


@pytest.mark.parametrize("path", ["/publications/" + "0" * 32, "/publications/no-id"])
def test_a_publication_that_is_not_there_is_not_found(entered: Entered, press: Press, path: str) -> None:
    assert entered().get(path).status_code == 404


def test_a_draft_is_planned_on_several_channels_after_its_dry_run(entered: Entered, press: Press) -> None:
    one, two = press.channel("bluesky"), press.channel("mastodon")
    press.channel("pinterest")
    content, client = press.draft(), entered(Role.EDITOR)
    here = f"/content/{content.id}/publish"
    page = client.get(here).text
    assert f'value="{one.id}"' in page, page[page.index("<main") :]
    assert page.count('name="channel"') == 2
    assert re.search(r"\d+ of 300 ", page)
    assert "Next free slot" in page
    assert send(client, here, here, act="plan", at="next_free").status_code == 422
    preview = send(client, here, here, act="preview", at="now", channel=[one.id])
    assert preview.status_code == 200
    assert preview.text.count("If the answer is lost") == 1
    both = send(client, here, here, act="plan", at="next_free", channel=[one.id, two.id])
    assert (both.status_code, both.headers["location"]) == (303, "/publications?tab=planned")
    again = send(client, here, here, act="plan", at="next_free", channel=[one.id])
    assert again.status_code == 422
    assert "on this channel already" in again.text
    passed = send(client, here, here, act="plan", at="exact", day="2001-01-01", time="09:00", channel=[one.id])
    assert "has passed" in passed.text or "already" in passed.text


def test_choices_that_are_a_persons_have_no_answer_of_their_own(entered: Entered, press: Press) -> None:
    channel, content, client = press.channel("youtube"), press.draft("youtube"), entered(Role.EDITOR)
    here = f"/content/{content.id}/publish"
    page = client.get(here).text
    name = f"{channel.id}.made_for_kids"
    assert page.count(f'name="{name}"') == 2
    assert not re.search(rf'name="{name}" value="\w+" checked', page)
    assert "Made for kids is not chosen" in page
    answered = send(client, here, here, act="preview", channel=[channel.id], **{name: "no"})
    assert "Made for kids is not chosen" not in answered.text
    tiktok = option_fields(publishers.get("tiktok").options, "t", {})
    assert [field.name for field in tiktok if field.is_personal] == ["privacy_level"]
    assert not any(field.value for field in tiktok if field.kind == "tick")


def test_what_is_not_approved_is_not_planned(entered: Entered, press: Press) -> None:
    channel, content, client = press.channel("bluesky"), press.draft(approve=False), entered(Role.EDITOR)
    here = f"/content/{content.id}/publish"
    assert "Approve it first" in client.get(here).text
    answer = send(client, "/", here, act="plan", at="now", channel=[channel.id])
    assert answer.status_code == 422


def test_the_calendar_shows_publications_by_the_hour_of_the_workspaces_zone(entered: Entered, press: Press) -> None:
    channel, client = press.channel("bluesky"), entered(Role.EDITOR)
    row = press.plan(press.draft(), channel, at=dt.datetime(2027, 3, 3, 9, 30))
    for path in ("/calendar?month=2027-03", "/calendar/week?day=2027-03-03", "/calendar/day?day=2027-03-03"):
        page = client.get(path).text
        assert f'data-going="{row.id}"' in page, path
        assert "Planned" in page
        assert f'data-going="{row.id}"' not in client.get(f"{path}&show=out").text
        assert f'data-going="{row.id}"' not in client.get(f"{path}&channel={'0' * 32}").text
    assert client.get("/calendar/week?day=2027-03-03").text.count('data-drop-hour="09"') == 7
    assert client.get("/calendar?show=nothing").status_code == 422
    back = "/calendar/day?day=2027-03-03"
    moved = send(client, back, f"/publications/{row.id}/move", version=row.version, day="2027-03-04", time="11:30",
                 back=back)  # fmt: skip
    assert moved.headers["location"] == back
    assert row_of(press, row.id).planned_wall == "2027-03-04T11:30"


def test_hours_of_a_week_in_which_the_clocks_change() -> None:
    def rows(monday: dt.date) -> list[HourRow]:
        return hours_across([Day(monday + dt.timedelta(days=each)) for each in range(7)], "Europe/Berlin")

    spring, autumn, usual = (rows(dt.date(2026, *day)) for day in ((3, 23), (10, 19), (6, 1)))
    assert [len(each) for each in (spring, autumn, usual)] == [24, 25, 24]
    assert [row.label for row in spring if not row.cells[6].exists] == ["02:00"]
    [again] = [row for row in autumn if row.is_again]
    assert (again.label, [cell.exists for cell in again.cells]) == ("02:00", [False] * 6 + [True])
    assert not again.cells[6].time


def test_today_names_what_needs_a_person(entered: Entered, press: Press) -> None:
    channel, client = press.channel("bluesky"), entered(Role.EDITOR)
    row = press.plan(press.draft(), channel)
    assert "need you" not in client.get("/").text
    press.server["bluesky"].revoke()
    press.work()
    page = client.get("/").text
    assert "Publications that need you" in page
    assert f"/publications/{row.id}" in page


def test_the_feed_has_a_secret_address_that_can_be_ended(entered: Entered, press: Press) -> None:
    row, client = press.plan(press.draft(message="Secret words."), press.channel("bluesky")), entered(Role.OWNER)
    made = send(client, "/calendar/feed", "/calendar/feed").text
    [address] = re.findall(r"/calendar/(prs_[\w-]+)\.ics", made)
    client.cookies.clear()
    answer = client.get(f"/calendar/{address}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert row.id in answer.text
    assert "Bluesky: An idea (Planned)" in answer.text
    assert "Secret words" not in answer.text
    assert client.get("/api/v1/content", headers={"Authorization": f"Bearer {address}"}).status_code == 403
    assert client.get("/calendar/prs_nothing.ics").status_code == 404
    with press.database.write() as session:
        for token in session.exec(select(ServiceToken)).all():
            token.revoked_at = press.now()
            session.add(token)
    assert client.get(f"/calendar/{address}.ics").status_code == 404


def test_a_pause_of_the_workspace_holds_everything_back(entered: Entered, press: Press) -> None:
    client = entered(Role.EDITOR)
    row = press.plan(press.draft(), press.channel("bluesky"))
    assert send(client, "/calendar", "/publications/pause", on="true").status_code == 303
    assert "editor@example.com paused it" in client.get("/calendar").text
    press.work()
    assert (row_of(press, row.id).state, press.public()) == ("planned", 0)
    assert send(client, "/calendar", "/publications/pause", on="false").status_code == 303
    press.settle(hours=0.5)
    assert (row_of(press, row.id).state, press.public()) == ("published", 1)
