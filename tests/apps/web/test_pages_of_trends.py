"""Pages of trends without a script: opportunities are taken and dismissed, topics and sources shown, rules made."""

from __future__ import annotations

from starlette.testclient import TestClient

from pressroom.model import Role
from pressroom.store.database import Database
from tests.apps.web.test_pages import CSRF, Entered, entered, send  # noqa: F401
from tests.fixtures.desk import MadeRun
from tests.fixtures.trends import collect_one


def said(client: TestClient) -> str:
    return client.get("/trends").text


def test_an_opportunity_is_taken_and_another_dismissed(
    entered: Entered,  # noqa: F811
    operators: Database,
    made_run: MadeRun,
) -> None:
    first, second = (collect_one(operators, made_run.workspace_id, topic=name) for name in ("bees", "wasps"))
    client = entered(Role.EDITOR)
    page = client.get("/trends").text
    assert page.count("Roofs feed them.") == 2 and "<b>thrive</b>" not in page
    detail = client.get(f"/trends/opportunities/{first}").text
    assert "Four cities count more of them." in detail and "javascript:" not in detail
    send(client, "/trends", f"/trends/opportunities/{first}/take")
    assert "the next daily run writes about" in said(client)
    send(client, "/trends", f"/trends/opportunities/{second}/dismiss")
    assert "No open opportunities" in said(client)
    send(client, "/trends", f"/trends/opportunities/{second}/take")
    assert "can&#39;t become taken" in said(client)
    assert "Roofs feed them." in client.get("/trends?state=taken").text
    send(client, "/trends?state=taken", f"/trends/opportunities/{first}/give-back")
    assert "Open again:" in said(client) and "Roofs feed them." in client.get("/trends").text


def test_topics_and_sources_are_shown_and_rules_made(
    entered: Entered,  # noqa: F811
    operators: Database,
    made_run: MadeRun,
) -> None:
    client = entered()
    assert "No topics yet" in client.get("/trends/topics").text
    collect_one(operators, made_run.workspace_id)
    listed = client.get("/trends/topics").text
    assert "Rising fast" in listed and "<polyline" in listed
    at = listed.partition('href="/trends/topics/')[2].partition('"')[0]
    assert "How much faster it grows" in client.get(f"/trends/topics/{at}").text
    assert "No topic fits" in client.get("/trends/topics?region=US").text
    assert client.get("/trends/topics/bee").status_code == 404
    assert "Failing since" in client.get("/trends/sources").text

    send(client, "/trends", "/trends/rules", name="news", least_score="60", most_a_day="2", categories="science, art")
    assert "From a score of 60, science, art, at most 2 a day" in said(client)
    send(client, "/trends", "/trends/rules", name="News!", least_score="60")
    assert "is no name for a rule" in said(client)
    send(client, "/trends", "/trends/rules", name="news", least_score="lots")
    assert "least score is invalid" in said(client)
    send(client, "/trends", "/trends/rules/news/remove")
    assert "What it has taken stays taken." in said(client)


def test_regions_and_feeds_are_chosen_on_the_page(entered: Entered, made_run: MadeRun) -> None:  # noqa: F811
    client = entered()

    def save(**values: str) -> str:
        send(client, "/trends/sources", "/trends/settings", **values)
        return client.get("/trends/sources").text

    shown = save(regions="de, jp", feeds="https://example.com/a.xml\nhttps://example.com/b.xml", share="30")
    assert 'value="DE, JP"' in shown and "b.xml" in shown and 'value="30"' in shown
    assert "There is no country &#39;XX&#39;" in save(regions="XX")
    assert "is no http or https address" in save(feeds="file:///etc/passwd")
    assert "is no share" in save(share="much")
    assert "At most 20 countries" in save(regions=",".join(["DE"] * 21))
    assert 'value="DE, JP"' in client.get("/trends/sources").text
    assert 'value="DE, JP"' not in save()


def test_a_viewer_is_offered_no_moves(entered: Entered, operators: Database, made_run: MadeRun) -> None:  # noqa: F811
    opportunity = collect_one(operators, made_run.workspace_id)
    client = entered(Role.VIEWER)
    page = client.get("/trends").text
    assert "Roofs feed them." in page and "/take" not in page and "Collect now" not in page
    token = CSRF.search(page)
    assert token
    assert client.post(f"/trends/opportunities/{opportunity}/take", data={"csrf": token[1]}).status_code == 403
