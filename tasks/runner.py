"""Threads run the mapped tasks by default; one setting chooses Dask or Ray where installed."""

from __future__ import annotations

from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pressroom.errors import Misconfigured
from pressroom.settings import settings


def task_runner() -> TaskRunner[Any]:
    """The runner that PRESSROOM_TASK_RUNNER names, as wide as PRESSROOM_CONCURRENCY; Ray's as its cluster has CPUs.

    Raises:
        Misconfigured: the extra for it is not installed.
    """
    chosen = settings()
    width = chosen.concurrency
    try:
        if chosen.task_runner == "dask":
            from prefect_dask.task_runners import DaskTaskRunner

            dask: TaskRunner[Any] = DaskTaskRunner(
                cluster_kwargs={"processes": True, "n_workers": 2, "threads_per_worker": -(-width // 2)}
            )
            return dask
        if chosen.task_runner == "ray":
            from prefect_ray import RayTaskRunner

            ray: TaskRunner[Any] = RayTaskRunner()
            return ray
    except ImportError:
        raise Misconfigured(
            f"PRESSROOM_TASK_RUNNER is {chosen.task_runner}, which is not installed.",
            hint=f"Install it: pip install 'pressroom[{chosen.task_runner}]'.",
        ) from None
    return ThreadPoolTaskRunner(max_workers=width)
