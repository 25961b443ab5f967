"""`python -m benchmarks.review`: the same 15 drafts approved in review mode and by the pages of single drafts.

Needs Chromium (`--chromium`, /usr/bin/chromium by default) and playwright. The desk runs in this process on SQLite.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

from benchmarks.review import seed
from benchmarks.shared.figures import HEADER, Figure, show, summary

MOST_KEYS = 20
"""Goal: keystrokes for 15 drafts, the plan at the end included."""


@dataclass
class Cost:
    """What one way through the morning costs. machine: seconds in which the user waits for the page."""

    keys: int = 0
    requests: int = 0
    size: int = 0
    loads: int = 0
    machine: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--quick", action="store_true", help="changes nothing: one morning is all there is")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"])
        new, old = (_morning(browser, way) for way in (by_review, by_pages))
        browser.close()
    print(HEADER)
    figures = [*_figures("review mode", new, MOST_KEYS), *_figures("page by page", old, None)]
    show(figures)
    print(summary(figures))


def by_review(page: Page, morning: seed.Morning, cost: Cost) -> None:
    """`A` on each draft, then Enter on "Plan 15"."""
    page.goto("/review")
    page.locator(".draft[aria-current]").wait_for()
    for place in range(1, len(morning.drafts) + 1):
        _press(page, cost, "a")
        said = f"{place + 1} of {len(morning.drafts)}" if place < len(morning.drafts) else "Every draft is reviewed"
        _wait(cost, page.get_by_text(said, exact=True).wait_for)
    _press(page, cost, "Enter")
    _wait(cost, page.get_by_role("heading", name=f"{len(morning.drafts)} on the plan").wait_for)


def by_pages(page: Page, morning: seed.Morning, cost: Cost) -> None:
    """A draft of the list, Approve, back to the list, for each; clicks count as keys. Nothing is planned."""
    page.goto("/pipeline?state=generated")
    for left in range(len(morning.drafts), 0, -1):
        for locator in (page.locator("a.item-body, [data-card] a, .rows a[href^='/content/']").first,
                        page.get_by_role("button", name="Approve")):  # fmt: skip
            cost.keys += 1
            _wait(cost, locator.click)
        _wait(cost, page.get_by_text("Approved by").wait_for)
        if left > 1:
            cost.keys += 2
            _wait(cost, lambda: page.goto("/pipeline?state=generated"))


def _press(page: Page, cost: Cost, key: str) -> None:
    cost.keys += 1
    page.keyboard.press(key)


def _wait(cost: Cost, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    cost.machine += time.perf_counter() - began


def _morning(browser: Browser, way: Callable[[Page, seed.Morning, Cost], None]) -> Cost:
    with _desk() as (address, token, morning):
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": token[0], "value": token[1], "url": address}])
        page, cost = context.new_page(), Cost()
        page.goto("/usage")  # styles, scripts and fonts are in the browser already, as on any morning but the first
        asked: list[Request] = []
        page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 (a bound method can't be marked)
        page.on("load", lambda _page: setattr(cost, "loads", cost.loads + 1))
        way(page, morning, cost)
        page.wait_for_load_state("networkidle")
        counted = [each for each in asked if "/static/" not in each.url]
        cost.requests, cost.size = len(counted), sum(each.sizes()["responseBodySize"] for each in counted)
        context.close()
    return cost


@contextmanager
def _desk() -> Iterator[tuple[str, tuple[str, str], seed.Morning]]:
    """A desk of its own with one morning: its address, the cookie of a sign-in, and the drafts."""
    from apps.application import create_app
    from apps.desk import cookies
    from pressroom.settings import settings
    from pressroom.store.artifacts import ArtifactStore
    from pressroom.store.database import Database

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PRESSROOM_HOME": folder, "PRESSROOM_DATABASE_URL": f"sqlite:///{Path(folder, 'desk.db')}",
            "PRESSROOM_PASSWORD_ROUNDS": "4", "PRESSROOM_REQUESTS_PER_MINUTE": "100000",
        }  # fmt: skip
        settings.cache_clear()
        database = Database.from_settings(settings())
        morning = seed.fill(database, ArtifactStore(settings().resolved_store_url))
        app = create_app()
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", (cookies.NAME, seed.token(app.state.desk)), morning
        server.should_exit = True
        thread.join(10)
        database.close()


def _figures(name: str, cost: Cost, keys: int | None) -> list[Figure]:
    drafts = len(seed.TITLES) * len(seed.FORMATS)
    return [
        Figure(f"{name}: keystrokes or clicks, {drafts} drafts", cost.keys, "", keys, digits=0),
        Figure(f"{name}: page loads after the first", max(0, cost.loads - 1), "", 0 if keys else None, digits=0),
        Figure(f"{name}: requests", cost.requests, "", digits=0),
        Figure(f"{name}: kilobytes", cost.size / 1000, "kB", digits=0),
        Figure(f"{name}: waiting for the page, a draft", cost.machine / drafts * 1000, "ms", digits=0),
    ]


if __name__ == "__main__":
    main()
