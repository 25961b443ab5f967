"""Whether a deployment is there, and somebody who runs it."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import DeploymentStatus
from prefect.exceptions import ObjectNotFound


def is_served(name: str) -> bool:
    """Whether the server has the deployment `flow/name`, and somebody has asked for its work lately."""
    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(name).status is DeploymentStatus.READY
        except ObjectNotFound:
            return False
