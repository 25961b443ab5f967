"""The map of docs/architecture.md is the house: its folders, its rooms, and the order that import-linter holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
MOST_ROOMS = 15


def section(title: str) -> str:
    return PAGE.partition(f"## {title}")[2].partition("\n## ")[0]


def packages(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}


def layers() -> list[list[str]]:
    (contract,) = (one for one in CONTRACTS if one["name"] == "Layers inside the domain")
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def test_the_rooms_of_the_page_are_the_folders_in_the_linters_order() -> None:
    rows = re.findall(r"^\| \d+ \| (.*?) \|", section("Rooms of the domain, from top to bottom"), re.MULTILINE)
    shown = [re.findall(r"`(\w+)`", row) for row in rows]
    rooms = packages("pressroom")
    held = [[name for name in layer if name in rooms] for layer in layers()]

    assert shown == [layer for layer in held if layer]
    assert {name for layer in shown for name in layer} == rooms
    assert len(rooms) <= MOST_ROOMS


def test_the_plain_modules_are_named() -> None:
    line = re.search(r"plain modules: (.*)\.", PAGE)
    assert line is not None
    modules = {path.stem for path in (ROOT / "pressroom").glob("*.py")} - {"__init__"}
    assert set(re.findall(r"`(\w+)`", line[1])) == modules
    assert modules <= {name for layer in layers() for name in layer}


def test_the_folders_outside_the_domain_are_named() -> None:
    named = set(
        re.findall(r"`([\w/]+)`", "".join(re.findall(r"^\| (`.*?) \|", section("Outside the domain"), re.MULTILINE)))
    )
    apps = {f"apps/{name}" for name in packages("apps")}
    others = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"apps", "pressroom", "tests", "benchmarks"}
    assert named == apps | others


def test_no_room_is_named_by_what_it_is_not() -> None:
    assert (
        packages("pressroom") & {"shared", "common", "utils", "helpers", "compiler", "optimizer", "accounts"} == set()
    )
