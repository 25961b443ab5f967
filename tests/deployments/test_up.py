"""`pressroom up`, as a process: a real server, real deployments, real runs."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.prefect import QUICK, furnish
from tests.fixtures.running import ROOT, table_rows
from tests.fixtures.serving import SITE

EAGER = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "PREFECT_WORKER_QUERY_SECONDS": "1"}
LIGHT_GATE = {"TESTS_LIGHT_GATE": "1", "PYTHONPATH": os.pathsep.join(map(str, (ROOT, SITE)))}
"""For the processes of flow runs; the gate's own process is in test_cli_offline."""

pytestmark = pytest.mark.timeout(240)


@dataclass
class Up:
    process: subprocess.Popen[str]
    api: str
    folder: Path
    said: str

    @property
    def desk(self) -> str:
        """Where the review desk is."""
        return self.said.partition("Review desk: ")[2].split()[0]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        auth = (self.folder / ".pressroom" / "prefect" / "server.auth").read_bytes()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {base64.b64encode(auth).decode()}"}
        request = urllib.request.Request(f"{self.api}{path}", data, headers)
        for _ in range(20):
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503:  # what Prefect says while its SQLite is busy; its own clients try again too
                    raise
                time.sleep(0.5)
        raise AssertionError(f"{path} stayed busy")

    def start_daily(self, key: str, **request: Any) -> str:
        deployment = self.ask("/deployments/name/daily/daily")["id"]
        body = {"parameters": {"request": request}, "idempotency_key": key}
        return str(self.ask(f"/deployments/{deployment}/create_flow_run", body)["id"])

    def ended(self, flow_run: str, seconds: float = 90) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while (run := self.ask(f"/flow_runs/{flow_run}"))["state_type"] not in {"COMPLETED", "FAILED", "CRASHED"}:
            assert time.monotonic() < deadline, f"{run['state_type']} after {seconds} s"
            time.sleep(0.5)
        return dict(run)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, *options: str) -> Up:
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PRESSROOM_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "apps.cli.main", "up", "--port", str(port), *options],
        cwd=folder,
        env={**environment, **EAGER, **QUICK, **LIGHT_GATE},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C ends" in line:
            return Up(process, f"http://127.0.0.1:{port}/api", folder, said)
    raise AssertionError(f"up ended: {said}")


@pytest.fixture
def up(tmp_path: Path, prefect_template: Path, request: pytest.FixtureRequest) -> Iterator[Up]:
    furnish(tmp_path / ".pressroom" / "prefect", prefect_template)
    started = _start(tmp_path, *getattr(request, "param", ()))
    yield started
    if started.process.poll() is None:
        os.killpg(started.process.pid, signal.SIGINT)
        started.process.wait(30)


def test_prefect_is_not_imported_before_its_address_is_known() -> None:
    question = "import sys, deployments.up; sys.exit('prefect' in sys.modules)"
    subprocess.run([sys.executable, "-c", question], check=True, cwd=ROOT)


def test_a_wrong_run_is_refused_one_asked_for_twice_is_made_once_and_everything_ends_with_it(up: Up) -> None:
    with pytest.raises(urllib.error.HTTPError, match="409"):
        up.start_daily("wrong", ideas=1001)

    first = up.start_daily("morning", ideas=1, formats=["facebook_post"])
    again = up.start_daily("morning", ideas=1, formats=["facebook_post"])

    assert first == again
    assert up.ended(first)["state_type"] == "COMPLETED"
    runs = [(run["status"], run["trigger"], run["totals"]["drafts"]) for run in table_rows("run")]
    assert runs == [("completed", "api", 1)]

    assert {item["name"] for item in up.ask("/automations/filter", {})} == {
        "pressroom-dead-run",
        "pressroom-failed-run",
        "pressroom-late-run",
        "pressroom-refused-run",
    }
    assert up.ask("/work_pools/pressroom")["concurrency_limit"] == 5
    slugs = {item["slug"] for item in up.ask("/block_types/filter", {})}
    assert {"pressroom-provider-account", "pressroom-content-database", "pressroom-artifact-store"} <= slugs
    scheduled = up.ask("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
    assert scheduled, "the morning's runs are on the calendar"

    second = subprocess.run(
        [sys.executable, "-m", "apps.cli.main", "up"],
        check=False,
        cwd=up.folder,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (second.returncode, "up already" in second.stdout) == (0, True)

    for name in ("pressroom.db", "desk.log", "prefect/server.log", "prefect/server.auth"):  # prefect.db is copied here
        assert stat.S_IMODE((up.folder / ".pressroom" / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE((up.folder / ".pressroom").stat().st_mode) == 0o700
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{up.api}/admin/version", timeout=10)
    asked = urllib.request.Request(f"{up.api}/health", headers={"Origin": "http://elsewhere.example"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None

    assert "password" not in up.said  # no account is made that nobody asked for
    with urllib.request.urlopen(f"{up.desk}/health", timeout=10) as answer:
        assert json.load(answer)["dependencies"]["prefect"]["status"] == "ok"

    up.process.send_signal(signal.SIGTERM)  # to it alone: its children are its own to end
    last_words, _ = up.process.communicate(timeout=30)
    assert (up.process.returncode, "Stopped." in last_words.splitlines()) == (-signal.SIGTERM, True)
    assert "Traceback" not in last_words
    with pytest.raises(OSError):
        up.ask("/health")
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{up.desk}/health", timeout=10)


@pytest.mark.parametrize("up", [("--worker", "--demo")], indirect=True, ids=["worker"])
def test_the_production_way_deploys_all_and_a_worker_keeps_what_it_makes(up: Up) -> None:
    known = {"email": "demo@example.com", "password": up.said.partition(", password ")[2].split()[0]}
    asked = {"Content-Type": "application/json"}
    sign_in = urllib.request.Request(f"{up.desk}/api/v1/auth/login", json.dumps(known).encode(), asked)
    with urllib.request.urlopen(sign_in, timeout=10) as answer:
        assert json.load(answer)["access_token"]

    flow_run = up.start_daily("morning", ideas=1, formats=["facebook_post"])

    assert up.ended(flow_run)["state_type"] == "COMPLETED"
    assert up.ask("/deployments/name/daily/daily")["work_pool_name"] == "pressroom"
    assert [run["status"] for run in table_rows("run")] == ["completed"]
