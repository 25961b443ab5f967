"""Ideas over the API."""

from __future__ import annotations

from tests.fixtures.desk import DAY, MadeRun, Person

IDEAS = "/api/v1/ideas"


def test_ideas_are_listed_page_by_page(viewer: Person, made_run: MadeRun, their_run: MadeRun) -> None:
    first = viewer.get(IDEAS, params={"limit": 1, "fields": "id,day"}).json()
    assert first["items"] == [{"id": made_run.ideas[1], "day": DAY.isoformat()}]
    second = viewer.get(IDEAS, params={"cursor": first["next_cursor"]}).json()
    assert [idea["title"] for idea in second["items"]] == ["Call the night shift first"]
    assert second["next_cursor"] is None


def test_ideas_are_filtered(viewer: Person, made_run: MadeRun) -> None:
    for wanted, found in (({"text": "SWITCHED"}, 1), ({"category": "None"}, 0), ({"run": made_run.id}, 2)):
        assert len(viewer.get(IDEAS, params=wanted).json()["items"]) == found, wanted


def test_one_idea_with_what_was_made_of_it(viewer: Person, stranger: Person, made_run: MadeRun) -> None:
    address = f"{IDEAS}/{made_run.ideas[0]}"
    answer = viewer.get(address)
    assert len(answer.json()["content"]) == 3
    assert viewer.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert stranger.get(address).status_code == 404
    assert viewer.get(f"{IDEAS}/nothing").status_code == 404
