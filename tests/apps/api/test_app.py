"""What every request gets, whatever it asks for: an id, safe headers, a bounded body, errors as problems."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient

from apps.api import app as api
from apps.api import middleware
from apps.desk.dependencies import Desk
from pressroom import errors, logs
from pressroom.errors import PressroomError
from pressroom.model import Violation
from pressroom.settings import Settings, settings
from tests.fixtures.desk import MadeRun, Person


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """What has nothing to do with the database is asked on one of them."""
    return desk_sqlite_url


@pytest.fixture
def frame(client: TestClient, desk_settings: Settings) -> FastAPI:
    """The API without its routes, with others to be tried added to it."""
    app = api.frame(desk_settings)
    app.state.desk = client.app.state.desk
    return app


def test_a_request_has_an_id_of_its_own_or_of_the_caller(client: TestClient) -> None:
    first, second = (client.get("/health").headers["x-request-id"] for _ in range(2))
    assert first != second
    assert len(first) == 32
    named = client.get("/health", headers={"X-Request-Id": "balancer-0042"})
    assert named.headers["x-request-id"] == "balancer-0042"


@pytest.mark.parametrize("given", ["short", "a" * 65, "new\tline-id", "<script>alert(1)</script>"])
def test_an_id_that_is_no_sane_one_is_not_taken(client: TestClient, given: str) -> None:
    assert client.get("/health", headers={"X-Request-Id": given}).headers["x-request-id"] != given


def test_browsers_are_told_to_be_careful(client: TestClient) -> None:
    for path in ("/health", "/api/v1/content", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    assert client.get("/api/v1/content").headers["cache-control"] == "no-store"


def test_over_https_browsers_stay_there(desk_settings: Settings) -> None:
    secure = TestClient(api.frame(desk_settings.model_copy(update={"desk_url": "https://desk.example.com"})))
    assert secure.get("/nowhere").headers["strict-transport-security"].startswith("max-age=63072000")


def test_no_other_origin_is_let_in_unless_it_is_named(desk_settings: Settings) -> None:
    asked = {"Origin": "https://else.example.com", "Access-Control-Request-Method": "GET"}
    closed = TestClient(api.frame(desk_settings)).options("/api/v1/content", headers=asked)
    assert "access-control-allow-origin" not in closed.headers
    named = desk_settings.model_copy(update={"cors_origins": ("https://else.example.com",)})
    opened = TestClient(api.frame(named))
    assert opened.options("/api/v1/content", headers=asked).headers["access-control-allow-origin"] == asked["Origin"]
    other = opened.options("/api/v1/content", headers={**asked, "Origin": "https://third.example.com"})
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-credentials" not in other.headers


def test_a_proxy_is_believed_only_when_it_is_trusted(desk_settings: Settings) -> None:
    def who(request: Request) -> str:
        return request.client.host if request.client else ""

    for trusted, address in (((), "10.0.0.5"), (("10.0.0.5",), "203.0.113.7"), (("10.0.0.9",), "10.0.0.5")):
        app = api.frame(desk_settings.model_copy(update={"trusted_proxies": trusted}))
        app.add_api_route("/who", who)
        answer = TestClient(app, client=("10.0.0.5", 1)).get("/who", headers={"X-Forwarded-For": "203.0.113.7"})
        assert answer.json() == address


def test_long_answers_are_zipped_for_who_can_take_it(frame: FastAPI) -> None:
    frame.add_api_route("/long", lambda: ["word"] * 1000)
    asked = TestClient(frame)
    assert asked.get("/long").headers["content-encoding"] == "gzip"
    plain = asked.get("/long", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == ["word"] * 1000


class TestBodies:
    """How much may be sent."""

    @pytest.fixture
    def small(self, frame: FastAPI, desk_settings: Settings) -> TestClient:
        """A desk that takes 10,000 bytes, or 100,000 of a form."""
        app = api.frame(desk_settings.model_copy(update={"body_bytes": 10_000, "upload_bytes": 100_000}))
        app.state.desk = frame.state.desk

        async def take(request: Request) -> int:
            return len(await request.body())

        app.add_api_route("/take", take, methods=["POST"])
        return TestClient(app)

    def test_a_body_may_be_as_large_as_is_said(self, small: TestClient) -> None:
        assert small.post("/take", content=b"x" * 10_000).json() == 10_000
        _is_problem(small.post("/take", content=b"x" * 10_001), 413, "CONTENT_TOO_LARGE")

    def test_a_body_that_does_not_say_how_large_it_is_is_counted(self, small: TestClient) -> None:
        def pieces(count: int) -> Iterator[bytes]:
            yield from (b"x" * 1000 for _ in range(count))

        assert small.post("/take", content=pieces(10)).json() == 10_000
        _is_problem(small.post("/take", content=pieces(11)), 413, "CONTENT_TOO_LARGE")

    def test_a_form_with_files_may_be_larger_for_who_is_signed_in(
        self, small: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = {"Content-Type": "multipart/form-data; boundary=x"}
        for nobody in ({}, {"Authorization": "Bearer x"}):
            answer = small.post("/take", content=b"x" * 50_000, headers={**form, **nobody})
            _is_problem(answer, 413, "CONTENT_TOO_LARGE")
        known = {**form, "Authorization": "Bearer x"}
        monkeypatch.setattr(middleware, "uploader_of", lambda _: "ada")
        assert small.post("/take", content=b"x" * 50_000, headers=known).json() == 50_000
        _is_problem(small.post("/take", content=b"x" * 100_001, headers=known), 413, "CONTENT_TOO_LARGE")


class TestProblems:
    """Errors as programs read them."""

    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [
            (errors.WrongInput("No."), 422, "WRONG_INPUT"),
            (errors.NotFound("No."), 404, "NOT_FOUND"),
            (errors.MoveRefused("No."), 409, "MOVE_REFUSED"),
            (errors.AlreadyThere("No."), 409, "ALREADY_THERE"),
            (errors.Forbidden("No."), 403, "FORBIDDEN"),
            (errors.PlanLimit("No."), 402, "PLAN_LIMIT"),
            (errors.SourceForbidden("No."), 422, "SOURCE_FORBIDDEN"),
            (errors.DatabaseUnusable("No."), 503, "DATABASE_UNUSABLE"),
            (errors.StoreUnusable("No."), 503, "STORE_UNUSABLE"),
            (errors.Misconfigured("No."), 503, "MISCONFIGURED"),
            (errors.GateFailed("No."), 500, "INTERNAL_ERROR"),
        ],
    )
    def test_an_error_has_the_status_of_its_kind(
        self, frame: FastAPI, error: PressroomError, status: int, code: str
    ) -> None:
        problem = _is_problem(_raised(frame, error), status, code)
        assert (problem["detail"] == "No.") == (status != 500)

    def test_broken_rules_are_listed(self, frame: FastAPI) -> None:
        broken = Violation(code="words_too_few", message="Only 20 words.", where="text")
        problem = _is_problem(_raised(frame, errors.RulesBroken("No.", violations=[broken])), 422, "RULES_BROKEN")
        assert problem["errors"] == [{"field": "text", "message": "Only 20 words.", "code": "words_too_few"}]

    def test_a_conflict_says_which_version_there_is(self, frame: FastAPI) -> None:
        assert _is_problem(_raised(frame, errors.Conflict("No.", version=7)), 412, "VERSION_CONFLICT")["version"] == 7

    def test_who_must_sign_in_is_told_how(self, frame: FastAPI) -> None:
        answer = _raised(frame, errors.NotSignedIn("No."))
        _is_problem(answer, 401, "NOT_SIGNED_IN")
        assert answer.headers["www-authenticate"] == 'Bearer realm="pressroom"'

    def test_who_asks_too_often_is_told_when_to_come_back(self, frame: FastAPI) -> None:
        answer = _raised(frame, errors.Throttled("No.", retry_after=12.2))
        _is_problem(answer, 429, "TOO_MANY_REQUESTS")
        assert answer.headers["retry-after"] == "13"

    def test_a_mistake_of_ours_is_logged_and_not_told(self, frame: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
        logs.configure("json", "ERROR")
        answer = _raised(frame, ZeroDivisionError("the secret ingredient"))
        problem = _is_problem(answer, 500, "INTERNAL_ERROR")
        assert "ingredient" not in answer.text
        logged = json.loads(capsys.readouterr().err.splitlines()[0])
        assert (logged["event"], logged["request"]) == ("request.crashed", problem["request_id"])
        assert "the secret ingredient" in logged["exception"]

    def test_a_secret_is_told_to_nobody(self, frame: FastAPI) -> None:
        answer = _raised(frame, errors.Misconfigured("It refuses sk-abcdefghijklmnop."))
        assert "sk-abc" not in answer.text

    def test_wrong_fields_are_named_without_what_was_sent(self, owner: Person) -> None:
        problem = _is_problem(owner.get("/api/v1/content", params={"limit": "many-secrets"}), 422, "WRONG_INPUT")
        assert problem["errors"][0]["field"] == "query.limit"
        assert "many-secrets" not in json.dumps(problem)

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_an_unknown_address_of_the_api_is_a_problem(self, client: TestClient, method: str) -> None:
        answer = client.request(method, "/api/v1/nothing/here")
        assert answer.status_code in {404, 405}
        assert answer.headers["content-type"] == "application/problem+json"

    def test_broken_json_is_a_problem(self, owner: Person, made_run: MadeRun) -> None:
        headers = {"Content-Type": "application/json", "If-Match": '"1"'}
        _is_problem(owner.put(f"/api/v1/content/{made_run.draft}", content=b"{", headers=headers), 422, "WRONG_INPUT")


def test_a_line_is_logged_for_each_request_without_anything_personal(
    owner: Person, made_run: MadeRun, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure("json", "INFO")
    caplog.set_level("INFO", "pressroom")
    owner.get(f"/api/v1/content/{made_run.draft}?text=a-private-search", headers={"User-Agent": "A Private Browser"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    line = next(line for line in lines if line["event"] == "request.ended")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/content/{content_id}", 200)
    assert (line["user"], line["workspace"]) == (owner.user_id, owner.workspace_id)
    shown = json.dumps(lines)
    assert not any(word in shown for word in (made_run.draft, "private", "Private", owner.email, "testclient"))


class TestMetrics:
    """GET /metrics."""

    def test_there_are_none_without_a_token(self, client: TestClient) -> None:
        _is_problem(client.get("/metrics"), 404, "NOT_FOUND")

    def test_they_are_shown_to_who_has_the_token(
        self, owner: Person, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PRESSROOM_METRICS_TOKEN", "scrape-scrape-scrape")
        settings.cache_clear()
        desk: Desk = client.app.state.desk
        client.app.state.desk = Desk(**{**desk.__dict__, "settings": settings()})
        _is_problem(client.get("/metrics"), 401, "NOT_SIGNED_IN")
        _is_problem(client.get("/metrics", headers={"Authorization": "Bearer wrong"}), 401, "NOT_SIGNED_IN")
        owner.get("/api/v1/content")
        shown = client.get("/metrics", headers={"Authorization": "Bearer scrape-scrape-scrape"})
        assert shown.headers["content-type"].startswith("text/plain")
        assert 'pressroom_http_requests_total{method="GET",route="/api/v1/content",status="200"}' in shown.text
        assert "pressroom_desk_memory_bytes" in shown.text


def test_a_request_is_a_span_named_by_its_route(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from pressroom import tracing

    seen = InMemorySpanExporter()
    recorder = tracing.Recorder(SimpleSpanProcessor(seen), InMemoryMetricReader())
    monkeypatch.setattr(tracing, "recorder", lambda: recorder)
    answer = owner.get("/api/v1/content", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    (span,) = seen.get_finished_spans()
    assert (span.name, span.context.trace_id) == ("request GET /api/v1/content", int("a" * 32, 16))
    assert span.attributes == {"request": answer.headers["X-Request-Id"], "status": 200}
    recorder.close()


def test_health_says_what_answers_and_needs_nobody(client: TestClient) -> None:
    answer = client.get("/health")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["dependencies"]["database"]["status"]) == ("degraded", "ok")
    assert told["dependencies"]["prefect"]["status"] == "failing"  # none is up
    assert 0 < told["machine"]["memory_percent"] < 100


def test_health_is_bad_when_the_database_is_gone(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, desk_sqlite_url: str
) -> None:
    desk: Desk = client.app.state.desk
    from pressroom.store.database import Database

    gone = Database("sqlite:////proc/nowhere/desk.db")
    client.app.state.desk = Desk(**{**desk.__dict__, "database": gone})
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    client.app.state.desk = desk


def test_the_reference_names_every_operation_and_loads_nothing(client: TestClient, desk_app: FastAPI) -> None:
    page = client.get("/docs")
    for path, methods in desk_app.openapi()["paths"].items():
        assert path in page.text
        assert all(f'id="{described["operationId"]}"' in page.text for described in methods.values())
    assert "src=" not in page.text
    assert re.findall(r'href="(?!#)([^"]+)"', page.text) == ["/", "/openapi.json"]
    style = re.search("<style>(.*?)</style>", page.text, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


def _raised(app: FastAPI, error: Exception) -> Any:
    def fail() -> None:
        raise error

    app.add_api_route("/fail", fail)
    return TestClient(app).get("/fail")


def _is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), answer.text
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem
