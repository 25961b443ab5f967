"""Describes a flow run and sends the message."""

from __future__ import annotations

from uuid import UUID

from prefect import task
from prefect.client.orchestration import get_client

from blocks import connections


@task(name="describe-flow-run", task_run_name="describe-flow-run")
def describe_flow_run(flow_run_id: str) -> tuple[str, str]:
    """A title and a sentence about the flow run: its name, its state, why, and where to look."""
    run_id = flow_run_id.removeprefix("prefect.flow-run.")
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(UUID(run_id))
        ui = str(client.api_url).removesuffix("/").removesuffix("/api")
    state = run.state.name if run.state else "unknown"
    reason = (run.state.message if run.state else None) or "No reason was recorded."
    return f"Pressroom: {run.name} is {state}", f"{reason}\n{ui}/runs/flow-run/{run_id}"


@task(name="tell", retries=3, retry_delay_seconds=[5, 30, 120])
def tell(title: str, body: str) -> bool:
    """Send it to every configured address; a task that could not is tried again."""
    if connections.notifier().tell(title, body):
        return True
    raise RuntimeError("Not every address of PRESSROOM_NOTIFY_URLS took the message.")
