"""Prefect's retries are for our own infrastructure only; providers are retried in the chain."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pressroom.errors import DatabaseUnusable, StoreUnusable

P = ParamSpec("P")
R = TypeVar("R")

INFRASTRUCTURE: dict[str, Any] = {"retries": 4, "retry_delay_seconds": [1, 3, 10, 15]}
"""Options of a task that touches the database or the store: either may be away for 20 s, as in a restart."""


def is_infrastructure(_task: Any, _task_run: Any, state: Any) -> bool:
    """Retry condition: the database or the store failed, which may pass."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (DatabaseUnusable, StoreUnusable)) and getattr(error, "may_pass", True)


INFRASTRUCTURE["retry_condition_fn"] = is_infrastructure


def tried_twice(look: Callable[P, R]) -> Callable[P, R]:
    """For what a flow itself asks of the database, outside of any task: a line that breaks in the middle is no end.

    Once is enough: a new connection is waited for (see `Database`).
    """

    @wraps(look)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return look(*args, **kwargs)
        except DatabaseUnusable as error:
            if not error.may_pass:
                raise
            return look(*args, **kwargs)

    return again
