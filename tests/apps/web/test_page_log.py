"""What the log tells of pages: who asked for which, by ids alone; and that nothing of the desk is logged past it."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import apps
from apps.desk import cookies
from pressroom import logs
from pressroom.model import Origin, Role
from pressroom.people import sign_ins
from pressroom.store.database import Database
from tests.fixtures.desk import OURS, PASSWORD, MadeRun, add_person

STATUSES = MappingProxyType({"GET": 200, "POST": 403})


@pytest.mark.parametrize("method", STATUSES)
def test_the_line_of_a_page_names_its_caller_even_when_it_was_refused(
    client: TestClient,
    desk_app: FastAPI,
    operators: Database,
    made_run: MadeRun,
    method: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    user_id, workspace_id = add_person(operators, "editor@example.com", Role.EDITOR, OURS)
    desk = desk_app.state.desk
    signed_in = sign_ins.sign_in(desk.database, desk.keys, "editor@example.com", PASSWORD, Origin(), "page")
    client.cookies.set(cookies.NAME, signed_in.token)
    logs.configure("json", "INFO")
    caplog.set_level("INFO", "pressroom")
    client.request(method, f"/content/{made_run.draft}", data={"csrf": "none of ours"} if method == "POST" else None)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line["event"] == "request.ended"]
    assert (line["method"], line["route"], line["status"]) == (method, "/content/{content_id}", STATUSES[method])
    assert (line["user"], line["workspace"]) == (user_id, workspace_id)
    assert "example.com" not in json.dumps(lines)


def test_no_logger_of_the_desk_is_named_by_its_module() -> None:
    """Only loggers below `pressroom` reach the log."""
    folder = Path(apps.__path__[0])
    assert [str(file) for file in folder.rglob("*.py") if "get_logger(__name__)" in file.read_text("utf-8")] == []
