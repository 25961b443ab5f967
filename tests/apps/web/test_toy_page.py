"""The recipe of apps/web/README.md tried: a page is a view and a template, a route of the API is one file."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from starlette.testclient import TestClient

from apps.api import routes
from apps.application import create_app
from apps.web import rendering, views
from pressroom.model import Origin, Role
from pressroom.people import sign_ins
from pressroom.settings import Settings
from pressroom.store.database import Database
from tests.apps.web.test_pages import send
from tests.fixtures.desk import OURS, PASSWORD, MadeRun, add_person

FILES = {
    "views/toys.py": '''
        """Toys: how many ideas there are to play with."""

        from fastapi.responses import Response

        from apps.web.page import PageDep
        from apps.web.routing import page_router
        from pressroom.review.ideas import list_ideas

        router = page_router(prefix="/toys")


        @router.get("")
        def toys(page: PageDep) -> Response:
            return page.show("toys.html", ideas=list_ideas(page.database).items)
    ''',
    "templates/toys.html": """
        {% extends "base.html" %}{% block title %}Toys{% endblock %}
        {% block main %}<h1>Toys</h1>{% for idea in ideas %}<p>{{ idea.title }}</p>{% endfor %}{% endblock %}
    """,
    "routes/toys.py": '''
        """Toys."""

        from fastapi import APIRouter

        from apps.desk.dependencies import DbDep, requires
        from pressroom.people.permissions import Action
        from pressroom.review.ideas import list_ideas

        router = APIRouter(prefix="/toys", tags=["ideas"], dependencies=[requires(Action.READ)])


        @router.get("")
        def toys(database: DbDep) -> list[str]:
            """The toys."""
            return [idea.title for idea in list_ideas(database).items]
    ''',
}


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text))
    monkeypatch.setattr(views, "__path__", [*views.__path__, str(tmp_path / "views")])
    monkeypatch.setattr(routes, "__path__", [*routes.__path__, str(tmp_path / "routes")])
    loader = rendering.environment().loader
    assert loader is not None
    monkeypatch.setattr(
        rendering.environment(), "loader", ChoiceLoader([loader, FileSystemLoader(tmp_path / "templates")])
    )
    yield
    for name in ("apps.web.views.toys", "apps.api.routes.toys"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("added")
def test_a_page_and_a_route_are_found_and_show_one_workspace_s_rows(
    desk_settings: Settings, operators: Database, made_run: MadeRun
) -> None:
    with TestClient(create_app(desk_settings), follow_redirects=False) as client:
        assert client.get("/toys").headers["location"] == "/sign-in?next=/toys"
        assert client.get("/api/v1/toys").status_code == 401
        add_person(operators, "ada@example.com", Role.VIEWER, OURS)
        send(client, "/sign-in", "/sign-in", email="ada@example.com", password=PASSWORD)
        page = client.get("/toys")
        desk = client.app.state.desk  # type: ignore[attr-defined]
        entered = sign_ins.sign_in(desk.database, desk.keys, "ada@example.com", PASSWORD, Origin(), "api")
        headers = {"Authorization": f"Bearer {entered.access_token}"}
        titles = client.get("/api/v1/toys", headers=headers).json()

    assert (page.status_code, len(titles)) == (200, len(made_run.ideas))
    assert all(title in page.text for title in titles)
    assert "<nav" in page.text, "the menu and the rest of the frame come with base.html"
