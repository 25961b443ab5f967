"""How often somebody may ask: the same for all processes of a desk, each user and each address by itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from apps.api import app as api
from apps.api.routes import members
from apps.application import open_desk, open_operators
from pressroom.people import throttle
from pressroom.settings import Settings, settings
from tests.fixtures.desk import (
    Person,
    desk_url,  # noqa: F401
)

LIMIT = 20


@pytest.fixture
def desk_settings(desk_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("PRESSROOM_REQUESTS_PER_MINUTE", str(LIMIT))
    settings.cache_clear()
    return settings()


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute ends while a test counts: as many would be let through again."""
    now = datetime.now(UTC).replace(second=30)
    monkeypatch.setattr(throttle, "utc_now", lambda: now)


def test_a_user_may_ask_so_often_and_another_one_as_well(owner: Person, editor: Person) -> None:
    answers = [owner.get("/api/v1/content") for _ in range(LIMIT + 1)]
    assert Counter(answer.status_code for answer in answers) == {200: LIMIT, 429: 1}
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["code"] == "TOO_MANY_REQUESTS"
    assert editor.get("/api/v1/content").status_code == 200


def test_several_sign_ins_of_a_user_count_together(owner: Person, client: TestClient) -> None:
    again = client.post("/api/v1/auth/login", json={"email": owner.email, "password": "correct horse battery staple"})
    other = {"Authorization": f"Bearer {again.json()['access_token']}"}
    for _ in range(LIMIT):
        assert owner.get("/api/v1/content").status_code == 200
    assert client.get("/api/v1/content", headers=other).status_code == 429


def test_nobody_is_counted_by_address(desk_app: FastAPI, client: TestClient) -> None:
    here = [client.get("/api/v1/content").status_code for _ in range(LIMIT + 1)]
    assert Counter(here) == {401: LIMIT, 429: 1}
    assert client.get("/api/v1/.well-known/jwks.json").status_code == 429
    elsewhere = TestClient(desk_app, client=("198.51.100.7", 1))
    assert elsewhere.get("/api/v1/content").status_code == 401


def test_health_is_never_refused(client: TestClient) -> None:
    assert {client.get("/health").status_code for _ in range(LIMIT + 5)} == {200}


def test_instances_of_the_desk_count_together(owner: Person, desk_settings: Settings) -> None:
    other = desk_settings.model_copy(update={"database_url": _spelled_otherwise(desk_settings)})
    with open_operators(other) as operators, open_desk(other, operators) as desk:
        app = api.frame(other)
        app.state.desk = desk
        app.include_router(members.router, prefix=api.PREFIX)
        elsewhere = TestClient(app, headers=dict(owner.headers))
        statuses = [each.get("/api/v1/members").status_code for _ in range(LIMIT) for each in (owner, elsewhere)]
    assert set(statuses) == {200, 429}
    assert LIMIT - 1 <= statuses.count(200) <= LIMIT


def _spelled_otherwise(settings: Settings) -> str:
    """The same database, under an address by which nothing is shared in this process."""
    address = settings.database_url
    return f"{address}&application_name=other" if "postgresql" in address else address.replace("///", "////./", 1)
