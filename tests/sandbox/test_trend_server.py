"""The stand-ins of trend sources: a recorded day over HTTP, keys, faults from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from sandbox.command import main
from sandbox.trends import TrendServer

HN = "/hacker_news/hn.algolia.com/api/v1/search?tags=front_page&hitsPerPage=100"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with TrendServer() as server, httpx.Client(base_url=server.url) as client:
        yield client


def test_it_answers_as_the_sources_do_and_tells_another_process_its_counts(client: httpx.Client) -> None:
    stories = client.get(HN)
    assert len(stories.json()["hits"]) == 25
    assert client.get(HN, headers={"If-None-Match": stories.headers["etag"]}).status_code == 304
    for path, status in (
        ("/hacker_news/hn.algolia.com/api/v1/other", 404),
        ("/nowhere/a.example/", 404),
        ("/google_trends/trends.google.com/trending/rss?geo=JP", 200),
        ("/google_trends/trends.google.com/trending/rss?geo=FR", 404),
        ("/youtube/www.googleapis.com/youtube/v3/search?q=laptop", 403),
        ("/reddit/oauth.reddit.com/r/popular/hot", 401),
        ("/x/api.x.com/2/trends/by/woeid/23424977?max_trends=20", 401),
        ("/__trends/health", 200),
        ("/__trends/other", 404),
        ("/pages/press.example.com/nothing", 404),
    ):
        assert client.get(path).status_code == status, path
    assert client.get("/__trends/counts").json() == {
        "hacker_news": 3,
        "google_trends": 2,
        "youtube": 1,
        "reddit": 1,
        "x": 1,
    }
    story = next(each for each in stories.json()["hits"] if "press.example.com" in (each["url"] or ""))
    page = client.get(f"/pages/{story['url'].partition('?')[0].removeprefix('https://')}")
    assert page.status_code == 200 and "<article><h1>" in page.text


def test_rules_from_outside_spoil_a_source_so_often_and_no_more(client: httpx.Client) -> None:
    rule = {"fault": "status", "platform": "hacker_news", "times": 2, "status": 503}
    assert client.post("/__trends/faults", content=json.dumps([rule])).status_code == 200
    assert [client.get(HN).status_code for _ in range(3)] == [503, 503, 200]
    client.post("/__trends/faults", content=json.dumps([rule | {"times": None}]))
    assert client.get(HN).status_code == 503
    client.post("/__trends/reset")
    assert client.get(HN).status_code == 200


def test_a_fault_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--trends", "--source-fault", "x=flood"])
    assert ended.value.code == 2
    assert "x=flood is not SOURCE=KIND, with a kind of 429, 500, html, schema, empty, cut" in capsys.readouterr().err
