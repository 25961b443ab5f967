"""Pages of work and of settings as axe sees them, in light and, where they have colours of their own, in dark."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.apps.web.conftest import SignedIn
from tests.apps.web.test_browser_axe import GRAVE
from tests.apps.web.worked import worked  # noqa: F401
from tests.fixtures.desk import MadeRun

WORK = ("/runs", "/runs/{run}", "/images", "/images/{idea}", "/images/new", "/documents/new")
BOOKS = (
    "/documents",
    "/documents/files",
    "/calendar?month=2026-01",
    "/calendar/week?day=2026-01-30",
    "/usage",
    "/audit",
)
SETTINGS = tuple(
    f"/settings/{page}"
    for page in ("schedule", "content", "voices/house", "members", "tokens", "webhooks", "workspace", "account")
)
IN_DARK = {"/runs/{run}", "/calendar?month=2026-01", "/usage", "/settings/schedule"}


@pytest.mark.parametrize("paths", [WORK, BOOKS, SETTINGS], ids=["work", "books", "settings"])
def test_axe_finds_nothing_grave(signed_in: SignedIn, worked: MadeRun, paths: tuple[str, ...]) -> None:
    page = signed_in(reduced_motion="reduce")
    found = {}
    for path in paths:
        page.emulate_media(color_scheme="light")
        answer = page.goto(path.format(run=worked.id, idea=worked.ideas[0]))
        assert answer is not None
        assert answer.status == 200, path
        problems = Axe().run(page).response["violations"]
        if path in IN_DARK:
            page.emulate_media(color_scheme="dark")
            problems += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        found[path] = [
            f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in problems if each["impact"] in GRAVE
        ]
    assert {path: problems for path, problems in found.items() if problems} == {}
