"""A deployed run is killed, cancelled and asked for again, served or by a worker; and a machine that dies.

The last with TESTS_ALL_FAULTS=1 alone: it takes a minute.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from sandbox import Fault, ProviderServer
from tests.faults import deploying
from tests.faults.deploying import SERVED, WORKER, at_work
from tests.faults.outages import has_ended, wait_until
from tests.faults.question import THOROUGH, Question
from tests.fixtures.running import DAY, table_rows

REQUEST = {"date": DAY, "ideas": 2, "formats": ["linkedin_post", "x_thread"], "chain": ["openai"]}
HOW = {"served": SERVED, "worker": WORKER} if THOROUGH else {"served": SERVED}
START = 60.0
"""Seconds from a request to its first call, at most; 4 to 16 are usual."""

pytestmark = [pytest.mark.usefixtures("nothing_known"), pytest.mark.timeout(240)]


def started_until_draft(number: int, provider: ProviderServer, **more: object) -> tuple[UUID, int]:
    """A new request, and its process, once that many drafts have been asked for since the beginning."""
    flow_run = deploying.request(**REQUEST, **more)
    wait_until(lambda: drafts_asked(provider) >= number, START, pause=0.05)
    return flow_run, deploying.process_of_the_run()


def drafts_asked(provider: ProviderServer) -> int:
    return sum(record.purpose == "draft" for record in provider.history)


@pytest.mark.parametrize(
    "command", [SERVED, WORKER] if THOROUGH else [SERVED], ids=lambda each: "worker" if each is WORKER else "served"
)
def test_a_killed_and_then_cancelled_run_is_known_as_that_and_completed_by_the_next_request(
    command: Sequence[str], provider: ProviderServer, tmp_path: Path
) -> None:
    provider.fail(Fault.SLOW, purposes=("draft",), nth=(3, 4, 5, 6), seconds=8)
    deploying.deploy(work_pool="pressroom" if command is WORKER else None)
    with at_work(command):
        killed, process = started_until_draft(4, provider)
        wait_until(lambda: len(table_rows("content")) == 2, 10)
        os.kill(process, signal.SIGKILL)
        deploying.wait_for_state(killed, "CRASHED", 20)
        assert table_rows("run")[0]["status"] == "running", "nobody was left to say so"

        cancelled, process = started_until_draft(6, provider)
        deploying.cancel(cancelled)
        wait_until(lambda: table_rows("run")[0]["status"] == "cancelled", 20, pause=0.1)
        wait_until(lambda: has_ended(process), 40)  # the calls under way are paid for, so they are waited for
        deploying.wait_for_state(cancelled, "CANCELLED", 20)
        assert table_rows("run")[0]["lease_owner"] is None

        deploying.wait_for_state(deploying.request(**REQUEST), "COMPLETED", START)
    Question(provider, ideas=2, formats=2, lost=2).answer()


@pytest.mark.skipif(not THOROUGH, reason="takes a minute: TESTS_ALL_FAULTS=1")
def test_a_dead_worker_stops_no_run_and_a_dead_machine_is_noticed_and_its_run_completed_elsewhere(
    provider: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deployments import registration

    monkeypatch.setattr(registration, "SILENCE", timedelta(seconds=10))  # ninety, in earnest
    registration._put(registration._dead_run())
    provider.fail(Fault.SLOW, purposes=("draft",), nth=(3, 4, 7, 8), seconds=8)
    deploying.deploy(work_pool="pressroom")
    with at_work(WORKER) as worker:
        first, _ = started_until_draft(4, provider)
        worker.kill()
        deploying.wait_for_state(first, "COMPLETED", START)
    Question(provider, ideas=2, formats=2).answer()

    with at_work(WORKER) as worker:
        second, process = started_until_draft(8, provider, refresh=True)
        worker.kill()
        os.kill(process, signal.SIGKILL)
        deploying.wait_for_state(second, "CRASHED", 45)
    with at_work(WORKER):
        deploying.wait_for_state(deploying.request(**REQUEST), "COMPLETED", START)
    assert [row["status"] for row in table_rows("run")] == ["completed"]
    assert [row["variant"] for row in table_rows("content")].count(1) == 4
