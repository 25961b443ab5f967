"""The API keeps to its own OpenAPI document, whatever it is sent: no crash, no answer that is not described."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, CheckContext, Response
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from blocks.orchestrator import PrefectAway
from pressroom.errors import PublishLater
from pressroom.store.database import Database
from tests.fixtures.desk import MadeRun, Person
from tests.fixtures.desk_rows import add_everything, id_for
from tests.fixtures.extent import ALL_CASES


def _no_crash(_context: CheckContext, response: Response, _case: Case) -> None:
    """503 is what there is to say while no Prefect is up, and no platform can be reached."""
    away = {PrefectAway.code, PublishLater.code}
    assert response.status_code < 500 or response.json()["code"] in away, response.text


CHECKS = [_no_crash, status_code_conformance, content_type_conformance, response_schema_conformance]
REQUESTS = 4 if ALL_CASES else 2
"""Of each operation, sensible ones and others."""

STREAMS = frozenset({"/api/v1/events"})
"""Answers without an end."""

ENDING = frozenset({"logout", "delete_account", "revoke_all_sessions", "change_password", "revoke_session"})
"""Operations after which the owner would be nobody."""


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """Which database it is makes no difference to what is described."""
    return desk_sqlite_url


@pytest.mark.timeout(300)
def test_every_operation_answers_as_described(
    stranger: Person, their_run: MadeRun, operators: Database, desk_app: FastAPI, served: str
) -> None:
    ids = add_everything(operators, stranger, their_run)
    schema = schemathesis.openapi.from_dict(desk_app.openapi())
    operations = [found.ok() for found in schema.get_all_operations()]
    wanted = [each for each in operations if each.path not in STREAMS and _id_of(each) not in ENDING]
    assert len(wanted) > 60
    broken = []
    for operation in sorted(wanted, key=lambda each: each.method == "delete"):
        try:
            _try(operation, served, ids, {"Authorization": stranger.headers["Authorization"]})
        except FailureGroup as group:
            broken += [f"{operation.label}: {each}" for each in group.exceptions]
    assert not broken, "\n\n".join(broken)


def _id_of(operation: APIOperation[Any, Any, Any, Any]) -> str:
    return str(operation.definition.raw["operationId"])


def _try(
    operation: APIOperation[Any, Any, Any, Any], served: str, ids: dict[str, str], headers: dict[str, str]
) -> None:
    """Ask the operation a few things: with ids that are there, with others, and with what is not allowed."""
    there = {each.name: id_for(operation.path, each.name, ids) for each in operation.path_parameters}
    known = operation.as_strategy(path_parameters=there) if there else operation.as_strategy()
    cases = st.one_of(known, operation.as_strategy(), operation.as_strategy(GenerationMode.NEGATIVE))

    @settings(
        max_examples=REQUESTS,
        phases=[Phase.explicit, Phase.generate],
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Case) -> None:
        case.call_and_validate(base_url=served, headers=headers, checks=CHECKS)

    ask()
