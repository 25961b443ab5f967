"""The same daily run on a Dask cluster of two processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from pressroom.settings import settings
from pressroom.testing.provider_server import ProviderServer
from tests.fixtures.running import DAY, Said, table_rows

pytestmark = [pytest.mark.usefixtures("light_gate", "migrated_home", "on_dask"), pytest.mark.timeout(240)]

FOUR = ("daily", "--date", DAY, "--ideas", "2", "--format", "facebook_post", "--format", "x_thread", "--json")


@pytest.fixture
def on_dask(nothing_known: None, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Flows run on the cluster that the settings ask for, but all on one: a run makes one of its own as a rule."""
    from distributed import LocalCluster
    from prefect_dask.task_runners import DaskTaskRunner

    from flows.daily import daily
    from tasks.runner import task_runner

    monkeypatch.setenv("PRESSROOM_TASK_RUNNER", "dask")
    monkeypatch.setenv("PRESSROOM_CONCURRENCY", "2")
    settings.cache_clear()
    wished = task_runner()
    assert isinstance(wished, DaskTaskRunner)
    with LocalCluster(**wished.cluster_kwargs, dashboard_address=None) as cluster:
        monkeypatch.setattr(daily, "task_runner", DaskTaskRunner(address=cluster.scheduler_address))
        yield


def test_drafts_are_written_by_two_processes_once_each(cli: Callable[..., Said], provider: ProviderServer) -> None:
    provider.configure(latency=0.5)

    said = cli(*FOUR, "--chain", "openai")

    assert said.code == 0, said.err
    assert (said.json["status"], said.json["drafts"], said.json["calls"]) == (
        "completed",
        4,
        {"made": 5, "reused": 0},
    )
    assert provider.counts["purpose"]["draft"] == 4
    writers = {row["claim_owner"].split("/")[1] for row in table_rows("provider_call") if row["purpose"] == "draft"}
    assert len(writers - {str(os.getpid())}) == 2
    again = cli(*FOUR, "--chain", "openai")
    assert again.json["calls"] == {"made": 0, "reused": 5}
