"""The work pools of `pools.toml`, put on a Prefect server with their queues in the order of their urgency.

A pool is made as the file says; once it is there its template is the operator's, who may have changed it in the UI.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectNotFound

from pressroom.errors import WrongInput
from pressroom.model.base import Frozen

FILE = Path(__file__).parent / "pools.toml"


class Pool(Frozen):
    """One kind of pool. variables: defaults of its template; pod and container: laid over a Job's."""

    kind: str
    pool: str
    package: str
    flow_runs: int
    variables: Mapping[str, Any] = {}
    pod: Mapping[str, Any] = {}
    container: Mapping[str, Any] = {}


@cache
def declared() -> dict[str, Pool]:
    """Every pool by its kind, the usual one first."""
    tables = tomllib.loads(FILE.read_text("utf-8"))
    return {kind: Pool(kind=kind, **about) for kind, about in tables.items() if isinstance(about, dict)}


def queues() -> list[str]:
    """Names of the queues of every pool, the most urgent first."""
    return list(tomllib.loads(FILE.read_text("utf-8"))["queues"])


def of_kind(kind: str) -> Pool:
    """Raises WrongInput: there is no such kind of pool."""
    try:
        return declared()[kind]
    except KeyError:
        raise WrongInput(f"There is no kind of pool {kind!r}.", hint=f"One of {', '.join(declared())}.") from None


def register(client: SyncPrefectClient, pool: Pool) -> None:
    """Make the pool where it is not there, set its limit, and put its queues in order."""
    try:
        client.read_work_pool(pool.pool)
        client.update_work_pool(pool.pool, WorkPoolUpdate(concurrency_limit=pool.flow_runs))
    except ObjectNotFound:
        client.create_work_pool(
            WorkPoolCreate(
                name=pool.pool,
                type=pool.kind,
                concurrency_limit=pool.flow_runs,
                base_job_template=template(pool, client.read_worker_metadata()) if pool.variables else {},
            )
        )
    known = {queue.name: queue for queue in client.read_work_queues(work_pool_name=pool.pool)}
    for priority, name in enumerate(queues(), start=1):
        if name not in known:
            client.create_work_queue(name=name, work_pool_name=pool.pool, priority=priority)
        elif known[name].priority != priority:
            client.update_work_queue(known[name].id, priority=priority)


def template(pool: Pool, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The pool's base job template: Prefect's own of `metadata`, with what the file says.

    Raises:
        WrongInput: the server knows no such kind of worker, or the file names a variable that it has not.
    """
    try:
        base: dict[str, Any] = metadata[pool.package][pool.kind]["default_base_job_configuration"]
    except KeyError:
        raise WrongInput(f"The Prefect server knows no workers of the kind {pool.kind}.") from None
    known = base["variables"]["properties"]
    if unknown := set(pool.variables) - set(known):
        raise WrongInput(f"{FILE.name}: a pool of the kind {pool.kind} has no variable {', '.join(sorted(unknown))}.")
    for name, value in pool.variables.items():
        known[name]["default"] = value
    if pool.pod or pool.container:
        pod = base["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
        pod.update(pool.pod)
        pod["containers"][0].update(pool.container)
    return base


def placed(entry: dict[str, Any], pool: Pool) -> dict[str, Any]:
    """An entry of `prefect.yaml` in this pool: its queue and variables stay."""
    return {**entry, "work_pool": {**entry.get("work_pool", {}), "name": pool.pool}}
