"""The pages of the documentation that are made from the code. `make docs` builds the whole, and minds every link."""

from __future__ import annotations

import re
from pathlib import Path

from apps.cli.main import PANELS
from deployments import site

ROOT = Path(__file__).parents[2]


def test_every_command_and_every_setting_has_its_place() -> None:
    commands = "\n".join(site.commands())
    headings = set(re.findall(r"^## pressroom (.+)$", commands, re.M))
    assert {name for names in PANELS.values() for name in names} <= headings
    assert "admin create-user" in headings
    assert "| `--date`" in commands
    settings = "\n".join(site.settings_page())
    declared = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert set(re.findall(r"^\| `([A-Z0-9_]+)`", settings, re.M)) == declared


def test_links_between_pages_are_kept_and_those_out_of_the_site_become_text(tmp_path: Path) -> None:
    site.main(tmp_path / "site")
    text = (tmp_path / "site/docs/index.md").read_text()
    assert "](operations.md)" in text
    assert "](docs/" not in text
    assert "](.env.example)" not in text
    assert "](../.env.example)" not in (tmp_path / "site/docs/operations.md").read_text()
