"""The routes of analytics: reports as JSON and as a table, returns, revenue, comparisons."""

from __future__ import annotations

import csv
import io

import pytest

from pressroom.store.database import Database
from tests.fixtures.desk import MadeRun, Person
from tests.results.year import RECORDS_A_FEW, put_in

API = "/api/v1/analytics"


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """The domain's tests run on a simulated year."""
    return desk_sqlite_url


@pytest.fixture
def posts(operators: Database, made_run: MadeRun, editor: Person) -> None:
    put_in(operators, made_run.workspace_id, editor.user_id, RECORDS_A_FEW)


def test_reports_returns_and_comparisons_over_http(editor: Person, viewer: Person, posts: None) -> None:
    report = viewer.get(f"{API}/report?measure=likes&age=24&days=0&by=format&by=platform").json()
    assert {cell["dimension"] for cell in report["cells"]} == {"format", "platform"}
    assert (report["posts"], report["n"] + sum(report["missing"].values())) == (40, 40)
    table = viewer.get(f"{API}/report?measure=likes&days=0&by=format&as=csv")
    assert table.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(table.text)))
    assert {line["enough"] for line in lines} <= {"True", "False"}
    shown = viewer.get(f"{API}/posts?days=0").json()["items"]
    assert len(shown) == 40
    curve = viewer.get(f"{API}/publications/{shown[-1]['publication_id']}").json()
    assert {point["have"] for point in curve["points"]} <= {"value", "gap", "ended"}
    assert viewer.get(f"{API}/publications/{'0' * 32}x").status_code == 404
    assert viewer.get(f"{API}/times?measure=likes&days=0").json()["items"]
    post = shown[0]["publication_id"]
    entry = {"publication": post, "amount": "12.5", "currency": "EUR", "date": "2026-11-30"}
    assert viewer.post(f"{API}/revenue", json=entry).status_code == 403
    assert editor.post(f"{API}/revenue", json=entry).json()["amount_micros"] == 12_500_000
    found = {one["publication_id"]: one for one in viewer.get(f"{API}/returns?days=0").json()["items"]}
    assert (found[post]["in_usd"], found[post]["ratio"]) == (None, None)
    known = viewer.get(f"{API}/returns?days=0&rate=EUR=1.1&rate=USD=1").json()
    assert {one["publication_id"]: one for one in known["items"]}[post]["in_usd"] is not None
    refused = editor.post(f"{API}/revenue/import", json={"csv": "publication,amount,currency,date\nx,1,EUR,2026-11-30"})
    assert (refused.status_code, "line 2: 'x' names no post" in refused.json()["detail"]) == (422, True)
    begun = editor.post(f"{API}/comparisons", json={"name": "hooks", "measure": "likes", "pairs": 4})
    assert (begun.status_code, begun.json()["verdict"]["winner"]) == (201, "cannot tell")
    assert editor.post(f"{API}/comparisons", json={"name": "hooks"}).status_code == 422
    pair = editor.post(f"{API}/comparisons/hooks/pairs", json={"a": shown[0]["publication_id"], "b": post})
    assert pair.status_code == 422
    assert viewer.get(f"{API}/comparisons").json()["items"][0]["name"] == "hooks"
    for query, problem in (("measure=money", "no figure"), ("age=5", "no age"), ("by=mood", "no dimension")):
        said = viewer.get(f"{API}/report?{query}")
        assert (said.status_code, problem in said.json()["detail"]) == (422, True)
    assert viewer.get(f"{API}/returns?rate=EUR").status_code == 422
