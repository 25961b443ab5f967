# ruff: noqa: F811 (fixtures are asked for by their names)
"""Alert rules and dashboards: each rule is tried and has a runbook, each query runs on what is really shown."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from apps.desk.dependencies import Desk
from deployments import dashboards
from pressroom.measures import Sheet
from pressroom.settings import settings
from tests.fixtures.desk import (  # noqa: F401
    Person,
    client,
    desk_app,
    desk_settings,
    desk_sqlite_url,
    operators,
    owner,
    served,
    sign_in,
)

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deployments/prometheus/rules.yaml"
TESTS = RULES.with_name("rules_test.yaml")
NAME = re.compile(r"\bpressroom_\w+")
TOKEN = "scrape-scrape-scrape"

needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="Debian's package prometheus isn't installed")


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    return desk_sqlite_url


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, board in dashboards.boards().items():
        for panel in board["panels"]:
            yield f"{name}: {panel['title']}", panel


def queries() -> dict[str, str]:
    """Each query of a rule or panel by where it stands; Grafana's variable is five minutes."""
    of_panels = {
        f"{where} {target['refId']}": target["expr"].replace("$__rate_interval", "5m")
        for where, panel in panels()
        for target in panel["targets"]
    }
    return of_panels | {rule["alert"]: rule["expr"] for rule in rules()}


@needs_promtool
def test_prometheus_takes_the_rules_and_each_does_what_its_tests_say(tmp_path: Path) -> None:
    recorded = [{"record": f"q{number}", "expr": query} for number, query in enumerate(queries().values())]
    parsed = tmp_path / "queries.yaml"
    parsed.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}))
    for words in (["check", "rules", RULES, parsed], ["test", "rules", TESTS]):
        done = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_rule_fires_and_is_quiet_in_a_test_and_has_a_runbook_that_exists() -> None:
    tried = [each for case in yaml.safe_load(TESTS.read_text())["tests"] for each in case["alert_rule_test"]]
    fires = {each["alertname"] for each in tried if each.get("exp_alerts")}
    quiet = {each["alertname"] for each in tried if not each.get("exp_alerts")}
    names = [rule["alert"] for rule in rules()]
    assert sorted(names) == sorted(set(names))
    assert set(names) == fires == quiet
    headings = {
        f"docs/alerts.md#{heading.lower()}"
        for heading in re.findall(r"^## (\w+)$", (ROOT / "docs/alerts.md").read_text(), re.M)
    }
    assert {rule["annotations"]["runbook_url"] for rule in rules()} == headings
    assert all(rule["labels"]["severity"] in {"warning", "critical"} for rule in rules())


def test_each_panel_has_a_unit_a_description_a_legend_and_the_chosen_datasource() -> None:
    titles = [where for where, _ in panels()]
    assert len(titles) == len(set(titles)) > 30
    for where, panel in panels():
        assert panel["description"].endswith("."), where
        assert panel["fieldConfig"]["defaults"]["unit"], where
        assert panel["datasource"]["uid"] == "${datasource}", where
        assert all(
            target["legendFormat"] and target["datasource"] == panel["datasource"] for target in panel["targets"]
        )
        labels = {label for target in panel["targets"] for label in re.findall(r"{{(\w+)}}", target["legendFormat"])}
        assert all(label in str(panel["targets"]) for label in labels), where
    assert json.loads(json.dumps(dashboards.boards()))["desk"]["templating"]["list"][0]["name"] == "datasource"


@pytest.fixture
def scrape(owner: Person, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a desk shows after a request, and what a process shows that has counted nothing yet."""
    monkeypatch.setenv("PRESSROOM_METRICS_TOKEN", TOKEN)
    settings.cache_clear()
    desk: Desk = owner.app.state.desk  # type: ignore[attr-defined]
    owner.app.state.desk = Desk(**{**desk.__dict__, "settings": settings()})  # type: ignore[attr-defined]
    assert owner.get("/api/v1/content").status_code == 200
    of_desk = owner.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    return of_desk + generate_latest(Sheet(settings().home)._own).decode()


def test_each_metric_of_a_rule_or_a_panel_is_shown(scrape: str) -> None:
    shown = {family.name for family in text_string_to_metric_families(scrape)}
    named = {name for query in queries().values() for name in NAME.findall(query)}
    assert {name for name in named if re.sub(r"_(total|bucket|count|sum)$", "", name) not in shown} == set()


@pytest.mark.skipif(not shutil.which("prometheus"), reason="Debian's package prometheus isn't installed")
def test_each_query_runs_on_a_real_scrape(scrape: str, served: str, tmp_path: Path) -> None:
    desk = {
        "job_name": "desk", "scrape_interval": "1s", "authorization": {"credentials": TOKEN},
        "static_configs": [{"targets": [served.removeprefix("http://")]}],
    }  # fmt: skip
    config = {"global": {"evaluation_interval": "1s"}, "rule_files": [str(RULES)], "scrape_configs": [desk]}
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data",
               f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_scraped(port)
        answers = {where: _ask(port, query) for where, query in queries().items()}
    finally:
        server.terminate()
        server.wait()
    assert {where for where, answer in answers.items() if answer["status"] != "success"} == set()
    assert answers["desk: Database answers A"]["data"]["result"][0]["value"][1] == "1"
    assert answers["runs: Queues A"]["data"]["result"]
    assert answers["PressroomBackupOld"]["data"]["result"]  # none was made here


def _until_scraped(port: int) -> None:
    for _ in range(300):
        try:
            if _ask(port, "pressroom_vitals_read")["data"]["result"]:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("Prometheus has scraped nothing.")


def _ask(port: int, query: str) -> Any:
    address = f"http://127.0.0.1:{port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(address, timeout=5) as answer:
        return json.load(answer)
