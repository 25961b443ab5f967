"""From a request to what it leaves: the API, Prefect, the flow run that it starts, and back.

That a process which serves the deployments takes such a flow run up is seen in `tests/apps/web/test_browser_run.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from pressroom.model.workflows import on_desk
from tests.apps.api.test_documents import picture
from tests.fixtures.desk import Person
from tests.fixtures.running import forget, table_rows
from tests.fixtures.serving import declared_as

pytestmark = [pytest.mark.usefixtures("light_gate"), pytest.mark.timeout(240)]

WORDS = """For two summers the city of Basel counted its hives of bees, street by street and roof by roof.

The gardeners found 312 hives, twice as many as anyone had guessed. Most of them stand on flat roofs near the river,
where lime trees flower in June and the wind is weak.

Rain costs the bees more than cold does. In the wet May of the first year every third colony starved, while the frost of
the second winter killed hardly any.

The city now sows clover along the tram lines and mows it late. School classes weigh the hives once a month, and the
numbers hang in the town hall for all to see.

One keeper gave up her balcony and moved her colonies to the cemetery. She says that nowhere in Basel is it quieter, and
that the honey has never tasted better than in this long, dry year."""


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    return desk_sqlite_url


@pytest.fixture
def here(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes a job's flow run in this process, which a process of its own would take five seconds to begin."""
    from prefect.client.orchestration import get_client
    from prefect.flow_engine import run_flow_sync

    from deployments import declared

    def made(job_id: str) -> None:
        forget()
        (row,) = [row for row in table_rows("job") if row["id"] == job_id]
        entry = next(each for each in declared.declarations() if row["deployment"].endswith(f"/{each['name']}"))
        with get_client(sync_client=True) as client:
            flow_run = client.read_flow_run(UUID(row["flow_run_id"]))
        run_flow_sync(declared.flow_of(entry), flow_run, flow_run.parameters)

    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    for kind in ("daily", "repurpose", "optimize"):
        declared_as(on_desk()[kind].deployment).apply(_sync=True)
    yield made
    forget()


def test_a_morning_is_made_and_followed_to_its_end(editor: Person, here: Callable[[str], None]) -> None:
    wanted = {"parameters": {"ideas": 1, "formats": ["linkedin_post", "x_thread"], "chain": ["offline"]}}
    job_id = asked(editor, "workflows/daily/execute", json=wanted)
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(here, job_id)
        morning = ended(editor, job_id)
        making.result()

    assert (morning["status"], morning["progress"]["percent"]) == ("completed", 100), morning
    assert {each["name"] for each in morning["outputs"]} == {"linkedin_post", "x_thread"}
    assert editor.get(morning["outputs"][0]["href"]).status_code == 200
    run = editor.get(f"/api/v1/runs/{morning['run_id']}").json()
    assert (run["status"], run["trigger"]) == ("completed", "api")
    assert b"<h1" in editor.get(run["links"]["brief.html"]).content


def test_content_is_made_of_what_was_handed_in(editor: Person, here: Callable[[str], None]) -> None:
    document = editor.post("/api/v1/documents", json={"text": WORDS, "title": "Bees in Basel"}).json()
    made_of = {"sources": [document["source"]], "content_types": ["linkedin_post"], "platform_images": []}
    job_id = asked(editor, "content", json={**made_of, "chain": ["offline"]})
    here(job_id)

    made = ended(editor, job_id)
    assert (made["status"], [each["name"] for each in made["outputs"]]) == ("completed", ["linkedin_post"]), made
    (read,) = editor.get("/api/v1/documents").json()["items"]
    assert (read["title"], read["source"]) == ("Bees in Basel", "Bees in Basel.md")
    assert "hives of bees" in str(editor.get(f"/api/v1/documents/{read['id']}").json()["body"])


def test_a_picture_that_was_handed_in_is_made_ready(
    editor: Person, stranger: Person, here: Callable[[str], None]
) -> None:
    options = '{"platforms": ["x", "linkedin"], "analyse": false, "logo": {"place": "upper_left"}}'
    files = [("file", ("Bees.jpg", picture(1400, 900))), ("logo", ("mark.jpg", picture(300, 300)))]
    job_id = asked(editor, "optimize/image", files=files, data={"options": options})
    assert editor.get(f"/api/v1/optimize/image/{job_id}/results").json() == {"pictures": [], "failures": []}
    here(job_id)

    assert editor.get(f"/api/v1/optimize/image/{job_id}").json()["status"] == "completed"
    (one,) = editor.get(f"/api/v1/optimize/image/{job_id}/results").json()["pictures"]
    assert one["results"]["source"] == "Bees.jpg"
    assert {each["platform"] for each in one["results"]["platforms"]} == {"x", "linkedin"}
    assert one["signed"] == {}, "a folder signs nothing"
    for link in one["links"].values():
        assert editor.get(link).status_code == 200
        assert stranger.get(link).status_code == 404


def asked(person: Person, path: str, **request: Any) -> str:
    answer = person.post(f"/api/v1/{path}", **request)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def ended(person: Person, job_id: str, seconds: float = 120) -> dict[str, Any]:
    until, percent = time.monotonic() + seconds, 0
    while not (job := person.get(f"/api/v1/jobs/{job_id}").json())["ended_at"]:
        assert time.monotonic() < until, job
        assert job["progress"]["percent"] >= percent, "it never goes back"
        percent = job["progress"]["percent"]
        time.sleep(0.2)
    return dict(job)
