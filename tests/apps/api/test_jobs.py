"""Jobs: one for each request and one flow run for each job, whatever happens to Prefect, to them, or to the line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from apps.desk import job_reconciliation
from pressroom.model import RunStatus
from pressroom.store import jobs, runs
from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Job
from pressroom.store.tables import ProviderCall, Run, Workspace, utc_now
from tests.fixtures.desk import MadeRun, Person
from tests.fixtures.plans import daily_plan

EXECUTE = "/api/v1/workflows/daily/execute"
ASKED = {"parameters": {"ideas": 2, "focus": "bees"}, "title": "Monday", "metadata": {"ticket": "7"}}


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """What needs PostgreSQL is tried by `tests/pressroom/store/test_jobs.py`."""
    return desk_sqlite_url


@pytest.fixture
def prefect(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a Prefect server that has the desk's deployment and nobody who works."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    with get_client(sync_client=True) as client:
        try:
            client.read_deployment_by_name("daily/desk")
        except ObjectNotFound:
            deploy()
        yield client


def test_work_is_a_job_with_a_flow_run_of_ones_own_workspace(editor: Person, prefect: Any) -> None:
    asked = {**ASKED, "parameters": {**ASKED["parameters"], "workspace": "theirs", "trigger": "manual"}}
    answer = editor.post(EXECUTE, json=asked)

    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["status"], job["title"], job["metadata"]) == (
        "daily",
        "waiting",
        "Monday",
        {"ticket": "7"},
    )
    flow_run = prefect.read_flow_run(UUID(flow_run_of(editor, job["id"])))
    request = flow_run.parameters["request"]
    assert (request["workspace"], request["trigger"], request["ideas"], request["focus"]) == ("ours", "api", 2, "bees")
    assert request["date"], "begun again tomorrow, it is still this day's"
    assert f"job:{job['id']}" in flow_run.tags


def test_a_flow_run_has_its_jobs_title_cut_between_two_words(editor: Person, prefect: Any) -> None:
    title = "Bees on the roof " * 9
    job = editor.post(EXECUTE, json={**ASKED, "title": title}).json()
    assert job["title"] == title.strip()
    found = prefect.read_flow_run(UUID(flow_run_of(editor, job["id"])))
    assert found.name == f"{title[:97].rstrip()}…"
    assert title.startswith(found.name.rstrip("…") + " ")


def test_one_key_is_one_job_however_often_and_however_fast(editor: Person, prefect: Any, operators: Database) -> None:
    def ask(_: int) -> Any:
        barrier.wait()
        return editor.post(EXECUTE, json=ASKED, headers={"Idempotency-Key": "monday"})

    barrier = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))

    assert {answer.status_code for answer in answers} <= {202, 409}, [answer.text for answer in answers]
    again = editor.post(EXECUTE, json=ASKED, headers={"Idempotency-Key": "monday"})
    assert {answer.json()["id"] for answer in answers if answer.status_code == 202} == {again.json()["id"]}
    assert len(all_jobs(operators)) == 1
    assert len(flow_runs(prefect, again.json()["id"])) == 1
    other = editor.post(EXECUTE, json={**ASKED, "parameters": {}}, headers={"Idempotency-Key": "monday"})
    assert other.status_code == 409


def test_without_prefect_the_job_is_kept_and_the_same_request_starts_it(
    editor: Person, prefect: Any, prefect_api: str, monkeypatch: pytest.MonkeyPatch, operators: Database
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    refused = editor.post(EXECUTE, json=ASKED, headers={"Idempotency-Key": "monday"})

    assert (refused.status_code, refused.json()["code"]) == (503, "PREFECT_UNREACHABLE")
    assert "pressroom up" in refused.json()["hint"]
    (job,) = all_jobs(operators)
    assert job.id in refused.json()["hint"]
    assert editor.get(f"/api/v1/jobs/{job.id}").json()["status"] == "unreached"

    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    begun = editor.post(EXECUTE, json=ASKED, headers={"Idempotency-Key": "monday"})
    assert (begun.status_code, begun.json()["id"], begun.json()["status"]) == (202, job.id, "waiting")
    assert begun.json()["error"] is None
    assert len(flow_runs(prefect, job.id)) == 1


def test_a_job_whose_teller_died_is_known_as_unreached_and_begun_by_a_retry(
    editor: Person, prefect: Any, operators: Database
) -> None:
    job = Job(
        workspace_id=editor.workspace_id, kind="daily", status="waiting", deployment="daily/desk", created_by="x",
        request={}, idempotency_key="x", updated_at=utc_now() - timedelta(minutes=2),
    )  # fmt: skip
    with operators.write() as session:
        session.add(job)

    assert editor.get(f"/api/v1/jobs/{job.id}").json()["status"] == "unreached"
    assert editor.post(f"/api/v1/jobs/{job.id}/retry").json()["status"] == "waiting"
    assert len(flow_runs(prefect, job.id)) == 1


@pytest.mark.parametrize(
    ("state", "message", "status", "code", "said"),
    [
        ("CRASHED", "", "failed", "RUN_CRASHED", "goes on where it was"),
        ("CANCELLED", "In whatever words.", "cancelled", "AT_LIMIT", "Prefect refused it"),
        ("FAILED", "exception: RunBusy: In whatever words.", "failed", "RUN_FAILED", "whatever words"),
    ],
)
def test_what_never_came_to_a_run_ends_as_prefect_says_and_no_code_is_read_out_of_its_words(
    editor: Person, prefect: Any, operators: Database, state: str, message: str, status: str, code: str, said: str
) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    force(prefect, flow_run_of(editor, job_id), state, message)
    _limit(prefect, "daily/desk")

    shown = editor.get(f"/api/v1/jobs/{job_id}").json()
    assert (shown["status"], shown["error"]["code"]) == (status, code)
    assert said in shown["error"]["message"]
    assert shown["ended_at"]
    editor.get(f"/api/v1/jobs/{job_id}")
    assert events_of(operators, job_id) == ["job.started", f"job.{status}"], "told once"


def _limit(prefect: Any, deployment: str) -> None:
    """Have what is started beyond the limit of a deployment cancelled."""
    from prefect.client.schemas.actions import DeploymentUpdate
    from prefect.client.schemas.objects import ConcurrencyOptions

    options = ConcurrencyOptions(collision_strategy="CANCEL_NEW")
    found = prefect.read_deployment_by_name(deployment)
    prefect.update_deployment(found.id, DeploymentUpdate(concurrency_limit=1, concurrency_options=options))


def test_a_flow_that_fails_before_it_has_a_run_tells_its_job_why(
    editor: Person, prefect: Any, operators: Database
) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    jobs.fail_job_of(operators, flow_run_of(editor, job_id), "RUN_BUSY", "Run 1234 is being made elsewhere.")

    shown = editor.get(f"/api/v1/jobs/{job_id}").json()
    assert shown["error"] == {"code": "RUN_BUSY", "message": "Run 1234 is being made elsewhere."}
    assert events_of(operators, job_id) == ["job.started", "job.failed"]


def test_an_end_is_noticed_where_nobody_asks(editor: Person, prefect: Any, operators: Database) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    force(prefect, flow_run_of(editor, job_id), "CRASHED")
    job_reconciliation.reconcile(editor.app.state.desk.orchestrator, operators)  # type: ignore[attr-defined]

    (job,) = all_jobs(operators)
    assert (job.status, events_of(operators, job_id)) == ("failed", ["job.started", "job.failed"])


def test_a_flow_run_that_was_deleted_in_prefect_is_no_riddle(editor: Person, prefect: Any) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    prefect.delete_flow_run(UUID(flow_run_of(editor, job_id)))

    assert editor.get(f"/api/v1/jobs/{job_id}").json()["error"]["code"] == "FLOW_RUN_GONE"


def test_the_runs_row_says_how_far_it_is_and_how_it_ended(
    editor: Person, prefect: Any, operators: Database, made_run: MadeRun
) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    flow_run_id = flow_run_of(editor, job_id)
    force(prefect, flow_run_id, "RUNNING")
    taken_up(operators, made_run, flow_run_id, status=RunStatus.RUNNING)

    shown = editor.get(f"/api/v1/jobs/{job_id}").json()
    assert (shown["status"], shown["run_id"]) == ("running", made_run.id)
    assert (shown["progress"]["done"], shown["progress"]["expected"], shown["progress"]["percent"]) == (6, 9, 66)
    assert shown["progress"]["seconds_left"] > 0
    assert {each["href"] for each in shown["outputs"]} == {
        f"/api/v1/content/{each}" for each in made_run.content.values()
    }

    failure = {"reason": "openai refused the key.", "code": "CHAIN_EXHAUSTED", "idea_position": 3, "format": "x_thread"}
    run = taken_up(operators, made_run, flow_run_id, status=RunStatus.PARTIAL, totals={"drafts": 6}, failures=[failure])
    jobs.follow_run(operators, run)
    shown = editor.get(f"/api/v1/jobs/{job_id}").json()
    assert (shown["status"], shown["progress"]["percent"], shown["totals"]["drafts"]) == ("partial", 100, 6)
    assert shown["error"] == {"code": "CHAIN_EXHAUSTED", "message": "openai refused the key."}
    assert events_of(operators, job_id) == ["job.started", "job.partial"]


def test_a_run_that_another_flow_run_took_up_does_not_speak_for_the_job(
    editor: Person, prefect: Any, operators: Database, made_run: MadeRun
) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    flow_run_id = flow_run_of(editor, job_id)
    force(prefect, flow_run_id, "RUNNING")
    jobs.follow_run(operators, taken_up(operators, made_run, flow_run_id, status=RunStatus.RUNNING))
    taken_up(operators, made_run, "another", status=RunStatus.FAILED)

    assert editor.get(f"/api/v1/jobs/{job_id}").json()["status"] == "running"
    force(prefect, flow_run_id, "CRASHED")
    assert editor.get(f"/api/v1/jobs/{job_id}").json()["error"]["code"] == "RUN_CRASHED"


def test_one_that_waits_is_cancelled_at_once_and_begun_again_as_another_flow_run(
    editor: Person, viewer: Person, prefect: Any, operators: Database
) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    first = flow_run_of(editor, job_id)
    assert viewer.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 403

    assert editor.post(f"/api/v1/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert prefect.read_flow_run(UUID(first)).state.type.value == "CANCELLED"
    again = editor.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "MOVE_REFUSED")

    begun = editor.post(f"/api/v1/jobs/{job_id}/retry").json()
    assert (begun["status"], begun["attempt"], begun["ended_at"]) == ("waiting", 1, None)
    assert flow_run_of(editor, job_id) != first
    assert editor.post(f"/api/v1/jobs/{job_id}/retry").status_code == 409, "it has not ended"
    with operators.read() as session:
        noted = session.exec(select(AuditEvent.action).where(AuditEvent.subject_id == job_id)).all()
    assert sorted(noted) == ["job.cancelled", "job.retried"]


def test_one_at_work_is_being_stopped_until_its_runner_says_so(editor: Person, prefect: Any) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]
    force(prefect, flow_run_of(editor, job_id), "RUNNING")

    assert editor.post(f"/api/v1/jobs/{job_id}/cancel").json()["status"] == "running"
    assert "Stopping." in editor.get(f"/api/v1/jobs/{job_id}").json()["progress"]["note"]
    force(prefect, flow_run_of(editor, job_id), "CANCELLED")
    assert editor.get(f"/api/v1/jobs/{job_id}").json()["status"] == "cancelled"


def test_a_job_is_not_there_for_another_workspace(editor: Person, stranger: Person, prefect: Any) -> None:
    job_id = editor.post(EXECUTE, json=ASKED).json()["id"]

    assert stranger.get(f"/api/v1/jobs/{job_id}").status_code == 404
    assert stranger.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 404
    assert stranger.get("/api/v1/jobs").json()["items"] == []
    listed = editor.get("/api/v1/jobs", params={"kind": "daily", "fields": "id,status"}).json()["items"]
    assert listed == [{"id": job_id, "status": "waiting"}]
    assert editor.get("/api/v1/jobs", params={"kind": "optimize"}).json()["items"] == []


def test_a_plan_is_asked_before_work_begins(
    editor: Person, prefect: Any, operators: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressroom.people import plans

    few = plans.Limits(runs_a_day=1, ideas_a_run=2)
    monkeypatch.setattr(plans, "plans", lambda: {"small": few, "unlimited": plans.Limits()})
    with operators.write() as session:
        home = session.get_one(Workspace, editor.workspace_id)
        home.plan = "small"
        session.add(home)

    assert editor.post(EXECUTE, json={"parameters": {"ideas": 3}}).status_code == 402
    assert editor.post(EXECUTE, json=ASKED, headers={"Idempotency-Key": "one"}).status_code == 202
    assert editor.post(EXECUTE, json=ASKED, headers={"Idempotency-Key": "two"}).json()["code"] == "PLAN_LIMIT"
    assert len(all_jobs(operators)) == 1


def test_a_day_whose_money_is_spent_begins_nothing_that_costs(
    editor: Person, prefect: Any, operators: Database
) -> None:
    state = editor.app.state  # type: ignore[attr-defined]
    state.desk = replace(state.desk, settings=state.desk.settings.model_copy(update={"day_budget_usd": 0.5}))
    with operators.write() as session:
        session.add(
            ProviderCall(
                workspace_id=editor.workspace_id, kind="text", purpose="draft", provider="openai", model="m",
                request_hash="1", status="answered", cost_microusd=500_000,
            )
        )  # fmt: skip

    refused = editor.post(EXECUTE, json={"parameters": {"chain": ["openai"]}})
    assert (refused.status_code, refused.json()["code"]) == (402, "PLAN_LIMIT")
    assert "$0.50" in refused.json()["detail"]
    assert editor.post(EXECUTE, json={"parameters": {"chain": ["openai", "offline"]}}).status_code == 202


def test_a_draft_or_run_is_one_of_the_workspace(
    editor: Person, owner: Person, prefect: Any, made_run: MadeRun, their_run: MadeRun, operators: Database
) -> None:
    def ask(person: Person, name: str, parameters: dict[str, str]) -> int:
        return person.post(f"/api/v1/workflows/{name}/execute", json={"parameters": parameters}).status_code

    assert ask(editor, "redo", {"content": their_run.draft}) == 422
    assert ask(editor, "retry", {"run": their_run.id}) == 422
    assert ask(editor, "export", {}) == 403
    assert all_jobs(operators) == []
    for person, name, parameters in (
        (editor, "redo", {"content": made_run.draft[:12]}),
        (editor, "retry", {"run": "latest"}),
        (owner, "export", {}),
    ):
        assert ask(person, name, parameters) in {202, 503}, "nobody need have deployed it"
    redo, retry, export = sorted(all_jobs(operators), key=lambda job: ("redo", "retry", "export").index(job.kind))
    assert (redo.content_id, redo.request["content"]) == (made_run.draft, made_run.draft)
    assert retry.request["run"] == made_run.id
    assert export.request["workspace"] == "ours"
    with operators.write() as session:
        session.execute(update(Job).where(col(Job.id) == redo.id).values(status="running", run_id=made_run.id))
    progress = editor.get(f"/api/v1/jobs/{redo.id}").json()["progress"]
    assert (progress["done"], progress["expected"]) == (0, 1), "the run's other drafts are none of this job's"


def test_what_a_workflow_does_not_take_is_named(editor: Person) -> None:
    wrong: dict[str, Any] = {"ideas": 1001, "formats": [], "nonsense": 1}
    for name, value in wrong.items():
        refused = editor.post(EXECUTE, json={"parameters": {name: value}})
        assert refused.status_code == 422, name
        assert name in refused.json()["detail"]


def test_nobody_reads_this_machine_s_files(editor: Person, operators: Database) -> None:
    told = {}
    for source in ("/etc/passwd", "~/.ssh/id_rsa", "-", "file:///etc/passwd", "s3://bucket/key"):
        for name, parameters in (
            ("repurpose", {"sources": [source]}),
            ("optimize", {"images": [source]}),
            ("optimize", {"images": ["https://example.com/a.jpg"], "logo": {"files": [source]}}),
        ):
            refused = editor.post(f"/api/v1/workflows/{name}/execute", json={"parameters": parameters})
            told[f"{name} {parameters}"] = (refused.status_code, refused.json().get("code"))
    assert told == dict.fromkeys(told, (422, "SOURCE_FORBIDDEN"))
    assert all_jobs(operators) == []


def test_workflows_are_listed_with_what_they_take(viewer: Person, prefect: Any) -> None:
    listed = {each["name"]: each for each in viewer.get("/api/v1/workflows").json()["items"]}

    assert {"daily", "repurpose", "optimize", "redo", "retry"} <= set(listed)
    assert "ideas" in listed["daily"]["parameters"]["properties"]
    assert not {"workspace", "trigger"} & set(listed["daily"]["parameters"]["properties"])
    assert viewer.get("/api/v1/workflows/daily").json()["is_served"] is False
    assert viewer.get("/api/v1/workflows/nonsense").status_code == 404
    assert viewer.post(EXECUTE, json={}).status_code == 403


def deploy() -> None:
    from deployments import declared

    (entry,) = [entry for entry in declared.declarations() if entry["name"] == "desk"]
    declared.deployment({**entry, "work_pool": None}).apply(_sync=True)  # type: ignore[call-arg]


def all_jobs(database: Database) -> list[Job]:
    with database.read() as session:
        return list(session.exec(select(Job)).all())


def flow_run_of(person: Person, job_id: str) -> str:
    database: Database = person.app.state.desk.database.within(person.workspace_id)  # type: ignore[attr-defined]
    return jobs.get_job(database, person.workspace_id, job_id).flow_run_id or ""


def flow_runs(prefect: Any, job_id: str) -> list[Any]:
    from prefect.client.schemas.filters import FlowRunFilter

    tagged = FlowRunFilter.model_validate({"tags": {"all_": [f"job:{job_id}"]}})
    return list(prefect.read_flow_runs(flow_run_filter=tagged))


def force(prefect: Any, flow_run_id: str, kind: str, message: str = "") -> None:
    """What somebody who works would tell Prefect."""
    from prefect.client.schemas.objects import StateType
    from prefect.states import State

    prefect.set_flow_run_state(UUID(flow_run_id), State(type=StateType(kind), message=message), force=True)


def taken_up(database: Database, made: MadeRun, flow_run_id: str, **columns: Any) -> Run:
    """The run as a flow run that took it up, for three ideas, would leave its row."""
    plan = daily_plan(ideas=3, formats=("linkedin_post", "x_thread", "instagram_reel"))
    started = utc_now() - timedelta(seconds=30)
    closed = None if columns["status"] == RunStatus.RUNNING else utc_now()
    return runs.amend(
        database, made.id, flow_run_id=flow_run_id, plan=plan, started_at=started, closed_at=closed, **columns
    )


def events_of(database: Database, job_id: str) -> list[str]:
    with database.read() as session:
        found = session.exec(select(Event).order_by(Event.created_at)).all()  # type: ignore[arg-type]
    return [each.type for each in found if each.data.get("job_id") == job_id]
