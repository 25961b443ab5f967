"""The repository holds what it says: every setting documented, every link leading somewhere, no address baked in."""

from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

import pressroom
from pressroom.calls import providers
from pressroom.calls.remembered import models
from pressroom.settings import Settings, TrendSettings

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*/README.md")]
SHARED_VARIABLES = {"cloudinary_url"}
KEYED = [(one.name, one.settings) for one in providers.REGISTRY if one.settings]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _variable(field: str) -> str:
    return field.upper() if field in SHARED_VARIABLES else f"PRESSROOM_{field.upper()}"


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_described_and_in_the_example_file(field: str) -> None:
    assert Settings.model_fields[field].description
    assert re.search(rf"^# {_variable(field)}(=|__)", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)


def test_every_setting_of_a_vendor_is_described_and_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    for name, kind in KEYED:
        for field, declared in kind.model_fields.items():
            usual = "" if field in ("api_key", "base_url") else "PRESSROOM_"
            assert declared.description
            assert re.search(rf"^# {usual}{name.upper()}_{field.upper()}=", example, re.MULTILINE), (name, field)


def test_every_setting_of_trends_is_described_and_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    for name, field in TrendSettings.model_fields.items():
        assert field.description
        assert re.search(rf"^# PRESSROOM_TRENDS__{name.upper()}=", example, re.MULTILINE), name


def test_the_example_file_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PRESSROOM_HOME")
    shown = re.sub(r"^# ([A-Z][A-Z0-9_]*=)", r"\1", (ROOT / ".env.example").read_text("utf-8"), flags=re.MULTILINE)
    lines = [line for line in shown.splitlines() if "ENDPOINTS" not in line]
    (tmp_path / "uncommented").write_text("\n".join(lines), "utf-8")

    assert Settings(_env_file=tmp_path / "uncommented") == Settings(_env_file=None)  # type: ignore[call-arg]
    for _, kind in KEYED:
        assert kind(_env_file=tmp_path / "uncommented") == kind(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text("utf-8")):
        if not target.startswith(("http:", "https:", "#", "mailto:")):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_make_lists_every_target() -> None:
    listed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)

    for target in ("run", "up", "test", "lint", "bench", "clean"):
        assert re.search(rf"^{target} ", listed.stdout, re.MULTILINE)


def test_everything_installed_is_pinned_without_an_index() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = {line.partition("==")[0].lower().replace("_", "-") for line in lines if not line.startswith("#")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]

    assert all(re.fullmatch(r"#.*|[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in lines)
    assert {re.split(r"[\[<>=]", name)[0].lower().replace("_", "-") for name in wanted} <= pins


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["version"] == pressroom.__version__
    assert f"## {pressroom.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_models_in_the_documentation_are_those_of_a_dated_list() -> None:
    """`models.json` says which, and the day they were looked up; half a year later they are to be looked up again."""
    known = {name for names in models()["documented"].values() for name in names}
    named = set()
    for page in (ROOT / "README.md", ROOT / ".env.example"):
        named |= set(re.findall(r"_MODEL=([\w./:-]+)", page.read_text("utf-8")))
    assert named == known
    age = (date.today() - date.fromisoformat(models()["as_of"])).days
    assert age <= 180, f"models.json was checked {age} days ago: look the models up, and date it"


def test_each_folder_of_tests_is_a_package() -> None:
    """Two test files of one name in folders that are no packages: pytest collects only the first and CI stops."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
