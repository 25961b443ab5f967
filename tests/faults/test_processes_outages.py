"""The database, the store or Prefect's server goes away in the middle of a run, and comes back.

Five seconds as a rule; twenty, and at more moments, with TESTS_ALL_FAULTS=1.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import ProviderServer
from tests.faults.forking import Fork, came, nursery, wait_for
from tests.faults.outages import Line, Postgres, Prefect
from tests.faults.question import THOROUGH, Question
from tests.fixtures.prefect import furnish
from tests.fixtures.running import DAY

OUTAGE = 20.0 if THOROUGH else 5.0
WORDS = ("daily", "--date", DAY, "--ideas", "2", "--format", "linkedin_post", "--format", "x_thread")
COMMAND = (*WORDS, "--chain", "openai", "--json")
SIGNS = ("request 1", "request 3", "answer 5", "gate") if THOROUGH else ("request 3", "gate")
"""When it goes: ideas under way, drafts under way, drafts being stored, the batch being judged."""

pytestmark = [pytest.mark.usefixtures("nothing_known"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def database_server() -> Iterator[Postgres]:
    with Postgres.running() as server:
        yield server


def away(server: Line | Postgres | Prefect, fork: Fork, sign: str, provider: ProviderServer) -> None:
    wait_for(lambda: came(sign, provider, fork.folder), fork)
    server.stop()
    time.sleep(OUTAGE)
    server.start()


@pytest.mark.parametrize("sign", SIGNS)
def test_a_run_outlasts_a_database_that_is_away_and_pays_for_nothing_twice(
    sign: str,
    provider: ProviderServer,
    database_server: Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "run_" + "".join(filter(str.isalnum, sign))
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", database_server.new_database(name))
    arrange(provider, tmp_path, monkeypatch)
    fork = nursery().start(*COMMAND, folder=tmp_path)
    away(database_server, fork, sign, provider)

    said = fork.finished(90)

    assert (said.code, said.json["status"] if said.out else said.err) == (0, "completed")
    Question(provider, ideas=2, formats=2).answer()


@pytest.mark.parametrize("sign", SIGNS if THOROUGH else ("gate",))
def test_a_run_outlasts_a_store_that_is_away(
    sign: str,
    provider: ProviderServer,
    s3_url: str,
    s3_endpoint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Line(s3_endpoint) as line:
        monkeypatch.setenv("AWS_ENDPOINT_URL", line.url)
        monkeypatch.setenv("PRESSROOM_STORE_URL", s3_url)
        arrange(provider, tmp_path, monkeypatch)
        fork = nursery().start(*COMMAND, folder=tmp_path)
        away(line, fork, sign, provider)

        said = fork.finished(90)

        assert (said.code, said.json["status"] if said.out else said.err) == (0, "completed")
        Question(provider, ideas=2, formats=2).answer()


@pytest.mark.parametrize("sign", SIGNS if THOROUGH else ("request 3",))
def test_content_does_not_depend_on_prefects_server_being_there(
    sign: str, prefect_api: str, provider: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Line(prefect_api) as line:
        monkeypatch.setenv("PREFECT_API_URL", line.url)
        arrange(provider, tmp_path, monkeypatch)
        fork = nursery().start(*COMMAND, folder=tmp_path)
        away(line, fork, sign, provider)

        said = fork.finished(120)

        assert (said.code, said.json["status"] if said.out else said.err) == (0, "completed")
        assert line.connections > 2, "one asks whether the server is there; Prefect's own must take this line too"
        Question(provider, ideas=2, formats=2).answer()


@pytest.mark.skipif(not THOROUGH, reason="takes a minute: TESTS_ALL_FAULTS=1")
def test_prefects_server_may_be_killed_and_started_again(
    provider: ProviderServer, prefect_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(tmp_path, prefect_template)
    with Prefect.running(tmp_path) as server:
        monkeypatch.setenv("PREFECT_API_URL", server.url)
        arrange(provider, tmp_path, monkeypatch)
        fork = nursery().start(*COMMAND, folder=tmp_path)
        away(server, fork, "request 3", provider)

        said = fork.finished(120)

        assert (said.code, said.json["status"] if said.out else said.err) == (0, "completed")
        Question(provider, ideas=2, formats=2).answer()


def arrange(provider: ProviderServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider.configure(latency=1.0)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("TESTS_GATE_SECONDS", "0.3")
