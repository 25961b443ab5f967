"""Tells if a deployment is there and a process serves it."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import DeploymentStatus
from prefect.exceptions import ObjectNotFound


def is_served(name: str) -> bool:
    """True when the server has the deployment `flow/name` and a process asked for its work lately."""
    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(name).status is DeploymentStatus.READY
        except ObjectNotFound:
            return False
