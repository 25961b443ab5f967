"""Telling people about a flow run that failed or died."""

from __future__ import annotations

from prefect import flow

from tasks.notify import describe_flow_run, tell


@flow(name="notify", retries=2, retry_delay_seconds=30)
def notify(flow_run_id: str) -> bool:
    """Tell every configured address what became of a flow run.

    Needs the block `pressroom-notifier/pressroom`, or PRESSROOM_NOTIFY_URLS. With neither it tells no
    address, and that is no failure. Returns whether every address took it.
    """
    return tell(*describe_flow_run(flow_run_id))
