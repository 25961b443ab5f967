"""Publications without a script: their lists, one in each state, and every move that a person has."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import datetime as dt

import pytest

from apps.web import publications_shown
from pressroom.model import Role
from pressroom.model.publication_states import FINAL, WHOLES, PartState, PublicationState, person_moves
from pressroom.review.publication_reading import TABS, offers_of
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
