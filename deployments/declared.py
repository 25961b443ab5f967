"""This process can serve the deployments that `prefect.yaml` declares."""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from pressroom.errors import Misconfigured
from pressroom.model import workflows
from pressroom.model.workflows import Workflow
from pressroom.userfiles import text_of

ROOT = Path(__file__).parent.parent
"""The folder of the packages: the project's, or where a wheel was installed."""

FILE = Path(__file__).parent / "prefect.yaml"
"""The file that ships, here by a link to the project's own."""

_VARIABLE = re.compile(r"\{\{\s*\$(\w+)\s*\}\}")


def at_hand() -> Path:
    """`prefect.yaml` of the current folder, as `pressroom init` writes it to be changed; else the one that ships."""
    own = Path.cwd() / FILE.name
    return own if own.is_file() else FILE


def declarations(file: Path | None = None) -> list[dict[str, Any]]:
    """The entries under `deployments` of `file`, or of the one at hand.

    `{{ $NAME }}` is replaced by the environment's value, or by nothing.

    Raises:
        Misconfigured: the file isn't there, or isn't YAML.
    """
    file = file or at_hand()
    try:
        source = _VARIABLE.sub(lambda found: os.environ.get(found[1], ""), text_of(file))
        found: list[dict[str, Any]] = yaml.safe_load(source)["deployments"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise Misconfigured(
            f"{file} can't be used: {error}.", hint="Restore prefect.yaml from the repository."
        ) from None
    return found


def deployed(file: Path | None = None) -> list[dict[str, Any]]:
    """Everything that is deployed: what `prefect.yaml` declares, and each flow of the list that it does not name."""
    found = declarations(file)
    named = {(entry["entrypoint"], entry["name"]) for entry in found}
    return [*found, *(_entry(each) for each in workflows.WORKFLOWS if (each.flow, each.name) not in named)]


def _entry(workflow: Workflow) -> dict[str, Any]:
    return {
        "name": workflow.name,
        "description": workflow.description,
        "entrypoint": workflow.flow,
        "tags": ["pressroom", "notify-on-failure"],
    }


def flow_of(declared: dict[str, Any]) -> Flow[..., Any]:
    """The flow behind a module entrypoint such as `flows.daily.daily`."""
    module, _, name = declared["entrypoint"].rpartition(".")
    found: Flow[..., Any] = getattr(import_module(module), name)
    return found


def deployment(declared: dict[str, Any]) -> RunnerDeployment:
    """The deployment for `serve`: the same name, schedule, parameters, tags and limit as a worker's would have."""
    limit = declared.get("concurrency_limit")
    made = flow_of(declared).to_deployment(
        name=declared["name"],
        description=declared.get("description"),
        tags=declared.get("tags"),
        parameters=declared.get("parameters"),
        # None, and no empty list: that would take away the schedules that workspaces have set at the desk.
        schedules=[_schedule(entry) for entry in declared.get("schedules") or []] or None,
        concurrency_limit=ConcurrencyLimitConfig.model_validate(limit) if limit else None,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)
    return made


def _schedule(entry: dict[str, Any]) -> Any:
    return Cron(
        entry["cron"],
        timezone=entry.get("timezone") or "UTC",
        slug=entry.get("slug"),
        active=entry.get("active", True),
        parameters=entry.get("parameters") or {},
    )
