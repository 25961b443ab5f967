"""What `prefect.yaml` declares can be loaded and served."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from prefect import Flow

from deployments import declared
from pressroom.errors import Misconfigured
from pressroom.model import RepurposeRequest, workflows


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


def test_the_form_of_every_deployment_has_bounds_choices_defaults_that_hold_and_descriptions() -> None:
    forms = {}
    for entry in declared.deployed():
        schema = declared.flow_of(entry).parameters.model_dump()
        forms |= {name: form for name, form in schema["definitions"].items() if name.endswith("Request")}
        for name, field in schema["properties"].items():
            assert field.get("default", "") is not None, (entry["name"], name)
    assert {"DailyRequest", "RepurposeRequest", "OptimizeRequest", "RedoRequest", "BackfillRequest"} <= set(forms)
    for of, form in forms.items():
        assert form["additionalProperties"] is False, of
        for name, field in form["properties"].items():
            assert field.get("description"), (of, name)
            assert "anyOf" not in field and field.get("default", "") is not None, (of, name, field)
            if {"formats", "platforms", "platform_images", "photo_styles"} & {name}:
                assert len(field["items"]["enum"]) > 3, (of, name)
    daily = forms["DailyRequest"]["properties"]
    assert {key: daily["ideas"][key] for key in ("minimum", "maximum", "default")} == {
        "minimum": 1, "maximum": 1000, "default": 5,
    }  # fmt: skip
    assert daily["formats"]["default"] == ["linkedin_post", "x_thread", "instagram_reel"]
    assert "x_thread" in daily["formats"]["items"]["enum"]
    assert "default" not in daily["chain"]  # whatever has a key where the run happens
    assert forms["FilmRequest"]["properties"]["tier"]["default"] == "budget"


def test_a_request_as_the_form_sends_it_is_the_request_with_nothing_said() -> None:
    for workflow in workflows.WORKFLOWS:
        form = workflow.request.model_json_schema()
        if form.get("required") or workflow.request is RepurposeRequest:
            continue
        sent = {name: field["default"] for name, field in form["properties"].items() if "default" in field}
        workflow.request.model_validate(sent)


def test_a_file_that_is_no_yaml_is_a_clear_error(tmp_path: Path) -> None:
    broken = tmp_path / "prefect.yaml"
    broken.write_text("deployments: [")

    with pytest.raises(Misconfigured, match=r"prefect\.yaml"):
        declared.declarations(broken)
