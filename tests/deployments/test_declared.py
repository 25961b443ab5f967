"""What `prefect.yaml` declares can be loaded and served."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from prefect import Flow

from deployments import declared
from pressroom.errors import Misconfigured


@pytest.mark.parametrize("entry", declared.declarations(), ids=lambda entry: entry["name"])
def test_every_entrypoint_loads_and_is_a_documented_flow(entry: dict) -> None:
    flow = declared.flow_of(entry)

    assert isinstance(flow, Flow)
    assert flow.description
    assert ":" not in entry["entrypoint"], "a path entrypoint puts flows/ first on sys.path"


def test_every_flow_of_the_project_is_declared() -> None:
    entrypoints = {entry["entrypoint"].rpartition(".")[0] for entry in declared.declarations()}
    folder = Path(importlib.import_module("flows").__file__ or "").parent

    assert {f"flows.{file.stem}" for file in folder.glob("*.py") if file.stem != "__init__"} == entrypoints


def test_daily_runs_at_six_one_at_a_time() -> None:
    made = declared.deployment(next(entry for entry in declared.declarations() if entry["name"] == "daily"))

    assert made.schedules is not None
    assert made.schedules[0].schedule.cron == "0 6 * * *"
    assert made.schedules[0].schedule.timezone == "UTC"
    assert made.concurrency_limit == 1
    assert made.concurrency_options is not None
    assert made.concurrency_options.collision_strategy.value == "CANCEL_NEW"
    assert made.entrypoint == "flows.daily.daily"


def test_the_zone_of_the_schedule_is_the_workspace_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_TIME_ZONE", "Europe/Berlin")

    made = declared.deployment(next(entry for entry in declared.declarations() if entry["name"] == "daily"))

    assert made.schedules is not None
    assert made.schedules[0].schedule.timezone == "Europe/Berlin"


def test_parameters_carry_bounds_and_descriptions_into_the_form() -> None:
    schema = declared.flow_of(declared.declarations()[0]).parameters.model_dump()
    request = schema["definitions"]["DailyRequest"]

    assert request["additionalProperties"] is False
    for name, field in request["properties"].items():
        assert field.get("description"), name
    assert {key: request["properties"]["ideas"]["anyOf"][0][key] for key in ("minimum", "maximum")} == {
        "minimum": 1,
        "maximum": 1000,
    }


def test_a_file_that_is_no_yaml_is_a_clear_error(tmp_path: Path) -> None:
    broken = tmp_path / "prefect.yaml"
    broken.write_text("deployments: [")

    with pytest.raises(Misconfigured, match=r"prefect\.yaml"):
        declared.declarations(broken)
