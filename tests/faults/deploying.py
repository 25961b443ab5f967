"""The daily flow deployed on the tests' Prefect server, and what runs it. As a script: serves it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from tests.faults.outages import wait_until
from tests.fixtures.running import ROOT, table_rows

SERVED = (sys.executable, "-m", "tests.faults.deploying")
WORKER = (sys.executable, "-m", "prefect", "worker", "start", "--pool", "pressroom")
EAGER = {
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
}
NAME = "daily/daily"


@contextmanager
def at_work(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """`SERVED` or `WORKER` under way, and ended with all it has started."""
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT), **EAGER}, stdin=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def deploy(*, work_pool: str | None) -> None:
    """Put the deployment on the server as `prefect.yaml` declares it."""
    from deployments import declared, registration

    registration.register_blocks()
    registration.register_work_pool()
    made = declared.deployment(next(entry for entry in declared.declarations() if entry["name"] == "daily"))
    made.work_pool_name = work_pool
    made.apply(_sync=True)


def request(**asked: object) -> UUID:
    """A new flow run of the deployment."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(NAME)
        return client.create_flow_run_from_deployment(deployment.id, parameters={"request": asked}).id


def cancel(flow_run: UUID) -> None:
    """As the UI does."""
    from prefect.client.orchestration import get_client
    from prefect.states import Cancelling

    with get_client(sync_client=True) as client:
        client.set_flow_run_state(flow_run, Cancelling())


def state_of(flow_run: UUID) -> str:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        state = client.read_flow_run(flow_run).state
    return str(state.type.value) if state else ""


def wait_for_state(flow_run: UUID, wanted: str, seconds: float) -> None:
    wait_until(lambda: state_of(flow_run) == wanted, seconds, pause=0.2)


def process_of_the_run() -> int:
    """The process that holds the lease of the only run."""
    (row,) = table_rows("run")
    return int(row["lease_owner"].split("/")[1])


def main() -> None:
    from prefect import serve

    from deployments import declared

    entry = next(entry for entry in declared.declarations() if entry["name"] == "daily")
    serve(declared.deployment(entry), print_starting_message=False)


if __name__ == "__main__":
    main()
