"""Prefect's retries are for our own infrastructure only; providers are retried in the chain."""

from __future__ import annotations

from typing import Any

from pressroom.errors import DatabaseUnusable, StoreUnusable

INFRASTRUCTURE: dict[str, Any] = {"retries": 3, "retry_delay_seconds": [1, 3, 10]}
"""Options of a task that touches the database or the store."""


def is_infrastructure(_task: Any, _task_run: Any, state: Any) -> bool:
    """Retry condition: the database or the store failed, which may pass."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (DatabaseUnusable, StoreUnusable)) and getattr(error, "may_pass", True)


INFRASTRUCTURE["retry_condition_fn"] = is_infrastructure
