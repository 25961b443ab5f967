"""A new flow takes its file and one entry in the list: here a toy one, everywhere at once."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest
from prefect import flow
from pydantic import Field
from typer.testing import CliRunner

from pressroom.model import workflows
from pressroom.model.base import Frozen
from pressroom.model.workflows import WORKFLOWS, Workflow


class ToyRequest(Frozen):
    """What a toy says."""

    words: str = Field(description="What it says.")
    times: int = Field(default=1, ge=1, description="How often.")
    workspace: str | None = None


class ToyReport(Frozen):
    said: str


@flow(name="toy")
def toy(request: ToyRequest) -> ToyReport:
    """Say something."""
    return ToyReport(said=" ".join([request.words] * request.times))


TOY = Workflow(
    kind="toy",
    flow="flows.toy.toy",
    deployment="toy/toy",
    request=ToyRequest,
    title="Toy played",
    description="Says something, several times.",
    uses={"runs_a_day": lambda request: request.times},
)


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the entry."""
    module = types.ModuleType("flows.toy")
    module.toy = toy  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "flows.toy", module)
    monkeypatch.setattr(workflows, "WORKFLOWS", [*WORKFLOWS, TOY])


def test_one_entry_is_deployed_listed_counted_and_a_command(listed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.api.shown_jobs import JobView
    from apps.cli import running
    from apps.cli.main import app
    from deployments import declared

    entry = next(entry for entry in declared.deployed() if entry["name"] == "toy")
    assert declared.flow_of(entry) is toy
    assert workflows.on_desk()["toy"].parameters["properties"].keys() == {"words", "times"}
    assert workflows.workflow_of(ToyRequest(words="moo")) is TOY
    assert JobView.__pydantic_validator__.validate_assignment(_view(), "kind", "toy")

    def in_this_process(request: ToyRequest, *, quiet: bool) -> Any:
        assert workflows.workflow_of(request) is TOY
        return toy.fn(request)

    monkeypatch.setattr(running, "run_flow", in_this_process)
    invoke: Callable[..., Any] = CliRunner().invoke
    assert '"said": "moo moo"' in invoke(app, ["toy", "--words", "moo", "--times", "2"]).stdout
    assert "How often." in invoke(app, ["toy", "--help"]).stdout
    assert "--times" in invoke(app, ["toy", "--words", "moo", "--times", "0"]).output


def _view() -> Any:
    from apps.api.shown_jobs import JobView

    return JobView.model_construct(kind="daily")


def test_every_entry_of_the_list_is_declared_where_its_flow_is() -> None:
    from deployments import declared

    names = {(entry["entrypoint"], entry["name"]) for entry in declared.declarations()}
    wanted = {(each.flow, name) for each in WORKFLOWS for name in (each.name, *each.also)}
    assert wanted <= names
    for each in WORKFLOWS:
        declared_flow = declared.flow_of({"entrypoint": each.flow})
        assert each.deployment == f"{declared_flow.name}/{each.name}"
