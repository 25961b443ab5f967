"""The desk in a real browser: the application behind uvicorn, Chromium in front of it, on SQLite."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from apps.desk import cookies
from pressroom.model import Origin, Role, State, Violation
from pressroom.people import sign_ins
from pressroom.store.database import Database
from pressroom.store.tables import Content
from tests.fixtures.desk import (  # noqa: F401
    OURS,
    PASSWORD,
    MadeRun,
    add_person,
    client,
    desk_app,
    desk_settings,
    desk_sqlite_url,
    made_run,
    operators,
    their_run,
)

CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-gpu-rasterization", "--disable-software-rasterizer"]
"""Without the graphics card that software would play: it takes an eighth of the processor's time."""

WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

SignedIn = Callable[..., Page]


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:  # noqa: F811
    """Pages are the same on every database: the API's tests run on both."""
    return desk_sqlite_url


@pytest.fixture
def site(desk_app: FastAPI) -> Iterator[str]:  # noqa: F811
    """Address of the running desk."""
    server = uvicorn.Server(uvicorn.Config(desk_app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive(), "the desk did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")  # no longer: while it is open a loop runs in this thread, which Prefect would join
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def signed_in(site: str, browser: Browser, desk_app: FastAPI, operators: Database) -> Iterator[SignedIn]:  # noqa: F811
    """`signed_in(email, role, **options of the browser's context)`: a page of somebody who is signed in.

    What the browser itself complains about (a script that fails, something the policy forbids) fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(email: str = "owner@example.com", role: Role = Role.OWNER, **options: object) -> Page:
        add_person(operators, email, role, OURS)
        desk = desk_app.state.desk
        done = sign_ins.sign_in(desk.database, desk.keys, email, PASSWORD, Origin(), "page")
        context = browser.new_context(base_url=site, **{"viewport": WIDE, **options})
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": cookies.NAME, "value": done.token, "url": site}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        return page

    expect.set_options(timeout=20_000)
    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@contextmanager
def on_a_phone(page: Page) -> Iterator[None]:
    """The page that is open as a phone shows it: as Playwright makes one of a new page, without loading it again.

    Afterwards it is as wide as before, if a little lower.
    """
    with_devtools = page.context.new_cdp_session(page)
    metrics = {**PHONE, "deviceScaleFactor": 1, "mobile": True}
    with_devtools.send("Emulation.setDeviceMetricsOverride", metrics)
    with_devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    assert page.evaluate(f"matchMedia('(width: {PHONE['width']}px) and (pointer: coarse)').matches")
    yield
    with_devtools.send("Emulation.clearDeviceMetricsOverride")
    with_devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    with_devtools.detach()


def views(made: MadeRun) -> list[str]:
    draft = f"/content/{made.draft}"
    drafts = [f"/content/{made.content[1, form]}" for form in ("x_thread", "instagram_reel")]
    tabs = [f"{draft}/{tab}" for tab in ("compare", "revisions", "trace")]
    return ["/", "/start", "/pipeline", "/pipeline/board", draft, *drafts, *tabs, "/nowhere"]


@pytest.fixture
def varied(made_run: MadeRun, operators: Database) -> MadeRun:  # noqa: F811
    """A run whose drafts are in every state, one of them with all that can be wrong."""
    wrong = Violation(code="words_too_few", message="It is too short.", where="hook").model_dump(mode="json")
    flagged = {"kind": "personal_data", "where": "Post", "reason": "An e-mail address: a***@example.com."}
    with operators.write() as session:
        for state, content_id in zip(State, made_run.content.values(), strict=False):
            row = session.get_one(Content, content_id)
            row.state = state.value if content_id != made_run.draft else State.EDITED.value
            row.violations, row.findings = ([wrong], [flagged]) if content_id == made_run.draft else ([], [])
            session.add(row)
    return made_run
