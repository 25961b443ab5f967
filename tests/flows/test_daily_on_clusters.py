"""The same daily run on a cluster of processes: Dask's, and Ray's where that extra is installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import pytest

from sandbox import ProviderServer
from tests.fixtures.running import DAY, Said, table_rows

pytestmark = [pytest.mark.usefixtures("light_gate"), pytest.mark.timeout(240)]

NEEDS_RAY = pytest.mark.skipif(find_spec("prefect_ray") is None, reason="needs pip install 'pressroom[ray]'")

FOUR = ("daily", "--date", DAY, "--ideas", "2", "--format", "facebook_post", "--format", "x_thread", "--json")


@pytest.mark.parametrize(("runner", "processes"), [("dask", {2}), pytest.param("ray", {2, 3, 4}, marks=NEEDS_RAY)])
def test_drafts_are_written_by_several_processes_once_each(
    pressroom: Callable[..., Said], cli: Callable[..., Said], provider: ProviderServer,
    monkeypatch: pytest.MonkeyPatch, runner: str, processes: set[int],
) -> None:  # fmt: skip
    provider.configure(latency=0.5)

    said = pressroom(*FOUR, "--chain", "openai", PRESSROOM_TASK_RUNNER=runner, PRESSROOM_CONCURRENCY="2")

    assert said.code == 0, said.err
    assert (said.json["status"], said.json["drafts"], said.json["calls"]) == (
        "completed",
        4,
        {"made": 5, "reused": 0},
    )
    assert provider.counts["purpose"]["draft"] == 4
    writers = {row["claim_owner"].split("/")[1] for row in table_rows("provider_call") if row["purpose"] == "draft"}
    assert len(writers) in processes
    monkeypatch.setenv("PRESSROOM_TASK_RUNNER", runner)
    monkeypatch.setenv("PRESSROOM_CONCURRENCY", "1")
    again = cli(*FOUR, "--chain", "openai")
    assert again.json["calls"] == {"made": 0, "reused": 5}
