"""Work in a browser: handing a file in, following a run until it ends, stopping what waits."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from pressroom.model import JobStatus, Role, RunStatus
from pressroom.store import jobs, runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.tables import utc_now
from tests.apps.web.conftest import SignedIn
from tests.apps.web.worked import drawn
from tests.fixtures.desk import MadeRun


def test_a_file_is_handed_in_and_a_refused_one_leaves_the_form_as_it_was(signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in(role=Role.EDITOR)
    wrong, right = tmp_path / "quay.png", tmp_path / "dusk.png"
    wrong.write_bytes(b"no picture at all")
    right.write_bytes(drawn())
    page.goto("/images/new")
    page.get_by_label("Description").fill("A quay at dusk")
    page.get_by_label("Files").set_input_files(wrong)
    page.get_by_role("button", name="Prepare").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Description")).to_have_value("A quay at dusk")

    page.get_by_label("Files").set_input_files(right)
    page.get_by_role("button", name="Prepare").click()
    page.wait_for_url("**/jobs/*")
    expect(page.get_by_role("heading", name="dusk.png")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_run_is_followed_until_it_has_ended(signed_in: SignedIn, made_run: MadeRun, operators: Database) -> None:
    asked = {"ideas": 4, "formats": ("linkedin_post", "x_thread", "instagram_reel")}
    plan = runs.get_run(operators, made_run.id).plan.model_copy(update=asked)
    running = {"closed_at": None, "plan": plan, "flow_run_id": "f" * 36, "started_at": utc_now()}
    runs.amend(operators, made_run.id, status=RunStatus.RUNNING, **running)
    page = signed_in()
    page.goto(f"/runs/{made_run.id}")
    expect(page.get_by_role("progressbar", name="In progress")).to_have_attribute("value", "50")
    runs.close_run(operators, made_run.id, RunStatus.COMPLETED, force=True)
    expect(page.get_by_text("Completed")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_job_that_waits_is_stopped_by_hand(signed_in: SignedIn, made_run: MadeRun, operators: Database) -> None:
    wanted = Job(
        workspace_id=made_run.workspace_id,
        kind="daily",
        status=JobStatus.WAITING,
        title="Monday",
        deployment="daily/desk",
        idempotency_key="k",
        created_by="ada@example.com",
    )
    job = jobs.open_job(operators, wanted, lambda _: None)
    page = signed_in()
    page.goto(f"/jobs/{job.id}")
    page.locator("summary", has_text="Stop").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
    page.get_by_role("button", name="Retry").click()
    assert jobs.get_job(operators, made_run.workspace_id, job.id).meta["attempt"] == 1
