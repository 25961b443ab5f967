"""Runs, documents and pictures without a script: what is seen, what is asked for, what the roles may."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update
from sqlmodel import col, select

from apps.web.showing import step
from pressroom.model import Document, Finding, JobStatus, Role, RunStatus
from pressroom.model.documents import Section
from pressroom.settings import Settings
from pressroom.store import assets, contents, documents, runs, subjects
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, Upload
from pressroom.store.tables import Artifact, Asset, Run, SubjectRow
from tests.apps.web.test_pages import Entered, entered, send  # noqa: F401
from tests.apps.web.worked import drawn
from tests.fixtures.desk import MadeRun

MISSING = {
    "idea_position": 1,
    "idea_title": "Call the night shift first",
    "format": "facebook_post",
    "code": "PROVIDER_RATE_LIMIT",
    "reason": "Too many requests.",
}


@pytest.fixture
def in_part(made_run: MadeRun, operators: Database) -> MadeRun:
    """A run that lacks one draft."""
    runs.amend(operators, made_run.id, status=RunStatus.PARTIAL, failures=[MISSING])
    return made_run


@pytest.fixture
def store(desk_settings: Settings) -> ArtifactStore:
    return ArtifactStore(desk_settings.resolved_store_url)


@pytest.fixture
def filed(made_run: MadeRun, operators: Database, store: ArtifactStore) -> MadeRun:
    """A run with a brief, of which a script is part, and a picture."""
    folder = f"ours/2026-01-30/{made_run.id}"
    page = store.put(f"{folder}/brief.html", b"<h1>Brief</h1><script>steal()</script>")
    picture = store.put(f"{folder}/linkedin.png", drawn())
    same = {"workspace_id": made_run.workspace_id, "run_id": made_run.id}
    facts = [each.model_dump() for each in (page, picture)]
    kinds = zip(("brief", "picture"), facts, strict=True)
    contents.record_artifacts(operators, [Artifact(kind=kind, **same, **each) for kind, each in kinds])
    row = Asset(
        **same,
        **facts[1],
        kind="picture",
        subject_id=made_run.ideas[0],
        purpose="linkedin",
        media_type="image/png",
        width=400,
        height=320,
        alt_text="A quay at dusk",
        provider="offline",
        model="cards",
    )
    assets.keep_asset(operators, row)
    return made_run


def job_of(operators: Database) -> Job:
    with operators.read() as session:
        return session.exec(select(Job)).one()


def test_a_run_tells_what_failed_and_offers_to_make_it(entered: Entered, in_part: MadeRun, operators: Database) -> None:
    client = entered()
    listed, shown = client.get("/runs").text, client.get(f"/runs/{in_part.id}").text
    assert "1 missing" in listed
    assert "Finished with problems" in listed
    for said in ("Too many requests.", "Retry missing drafts", "as Facebook post", "Write down what you switched off"):
        assert said in shown

    answer = send(client, f"/runs/{in_part.id}", f"/runs/{in_part.id}/retry", key="again")
    job = job_of(operators)
    assert answer.headers["location"] == f"/jobs/{job.id}"
    assert (job.kind, job.request["run"], job.status) == ("retry", in_part.id, JobStatus.UNREACHED)
    waiting = client.get(f"/jobs/{job.id}").text
    assert "Not started" in waiting
    assert "Try again" in waiting


def test_who_looks_only_is_offered_nothing_and_may_nothing(entered: Entered, in_part: MadeRun) -> None:
    client = entered(Role.VIEWER)
    for path in ("/runs", f"/runs/{in_part.id}", "/images", "/documents", "/documents/files"):
        page = client.get(path).text
        assert client.get(path).status_code == 200
        assert "Retry missing drafts" not in page
        assert '"/images/new"' not in page
        assert '"/documents/new"' not in page
    for path in ("/documents/new", "/images/new", "/audit"):
        assert client.get(path).status_code == 403
    for path in (f"/runs/{in_part.id}/retry", "/documents", "/images"):
        assert send(client, "/", path, key="k").status_code == 403


def test_nothing_of_another_workspace_is_there(entered: Entered, their_run: MadeRun) -> None:
    client = entered()
    for path in (f"/runs/{their_run.id}", f"/images/{their_run.ideas[0]}", f"/images/runs/{their_run.id}"):
        assert client.get(path).status_code == 404
    assert client.get(f"/runs/{their_run.id}/files/brief.html").status_code == 404


def test_a_runs_files_are_shown_and_nothing_in_them_is_carried_out(entered: Entered, filed: MadeRun) -> None:
    client = entered()
    assert f"/runs/{filed.id}/files/brief.html" in client.get(f"/runs/{filed.id}").text
    brief = client.get(f"/runs/{filed.id}/files/brief.html")
    assert brief.text.startswith("<h1>Brief</h1>")
    policy = brief.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    saved = client.get(f"/runs/{filed.id}/files/brief.html?save=true")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert client.get(f"/runs/{filed.id}/files/../secret").status_code == 404


def test_a_picture_is_in_the_grid_on_its_page_and_sent_once(entered: Entered, filed: MadeRun) -> None:
    client = entered()
    idea = filed.ideas[0]
    assert f'href="/images/{idea}"' in client.get("/images").text
    assert f'href="/images/{idea}"' not in client.get("/images?kind=optimised").text
    assert client.get(f"/images/runs/{filed.id}").headers["location"] == f"/images/{idea}"
    page = client.get(f"/images/{idea}").text
    assert 'alt="A quay at dusk"' in page
    address = page.partition('<img src="')[2].partition('"')[0]
    sent = client.get(address)
    assert (sent.status_code, sent.headers["content-type"]) == (200, "image/png")
    assert client.get(address, headers={"If-None-Match": sent.headers["etag"]}).status_code == 304
    assert "attachment" in client.get(f"{address}?save=true").headers["content-disposition"]


def test_a_document_handed_in_is_kept_and_asked_for_with_all_wishes(entered: Entered, operators: Database) -> None:
    client = entered(Role.EDITOR)
    wishes = {"key": "k", "formats": ["x_thread"], "platforms": ["x"], "tone": "dry", "hashtags": "#bees, cities"}
    file = {"file": ("notes.md", b"# Bees in cities\n\nThere are more every year.", "text/markdown")}
    token = client.get("/documents/new").text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = client.post("/documents", data={"csrf": token, **wishes}, files=file)
    job = job_of(operators)
    assert answer.headers["location"] == f"/jobs/{job.id}"
    with operators.read() as session:
        upload = session.exec(select(Upload)).one()
    assert job.request["sources"] == [f"upload:{upload.id}"]
    assert (job.request["formats"], job.request["platform_images"]) == (["x_thread"], ["x"])
    assert (job.request["tone"], job.request["hashtags"], job.title) == ("dry", ["bees", "cities"], "notes.md")

    files = client.get("/documents/files").text
    assert "notes.md" in files
    send(client, "/documents/files", f"/documents/files/{upload.id}/delete")
    assert "notes.md" not in client.get("/documents/files").text.partition('id="toasts"')[0]


def test_what_cant_be_read_is_told_on_the_form_and_the_rest_stays(entered: Entered, operators: Database) -> None:
    client = entered()
    nothing = send(client, "/documents/new", "/documents", key="k", tone="dry")
    assert nothing.status_code == 422
    assert "No document given." in nothing.text
    assert 'value="dry"' in nothing.text
    own = send(client, "/documents/new", "/documents", key="k", addresses="/etc/passwd")
    assert "neither a web address nor an upload" in own.text
    picture = client.get("/images/new").text.partition('name="csrf" value="')[2].partition('"')[0]
    file = {"file": ("notes.png", b"no picture at all", "image/png")}
    refused = client.post("/images", data={"csrf": picture, "key": "k"}, files=file)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    with operators.read() as session:
        assert session.exec(select(Job)).all() == []


def test_a_picture_handed_in_with_a_logo_is_asked_for(entered: Entered, operators: Database) -> None:
    client = entered()
    token = client.get("/images/new").text.partition('name="csrf" value="')[2].partition('"')[0]
    logo = io.BytesIO()
    Image.new("RGBA", (600, 300), (20, 30, 40, 120)).save(logo, "PNG")
    files = {"file": ("quay.png", drawn(), "image/png"), "logo": ("logo.png", logo.getvalue(), "image/png")}
    wishes = {"key": "k", "platforms": ["x", "instagram"], "format": "webp", "place": "tiled", "scale": "30"}
    answer = client.post("/images", data={"csrf": token, **wishes}, files=files)
    assert answer.status_code == 303, answer.text
    job = job_of(operators)
    assert (job.kind, job.title, job.request["format"]) == ("optimize", "quay.png", "webp")
    assert job.request["platforms"] == ["x", "instagram"]
    assert job.request["analyse"] is False
    assert (job.request["logo"]["place"], job.request["logo"]["scale"]) == ("tiled", 0.3)
    wrong = client.post("/images", data={"csrf": token, **wishes, "key": "l", "scale": "wide"}, files=files)
    assert "Scale is a number." in wrong.text


def test_a_document_shows_what_was_found_in_it_and_made_of_it(
    entered: Entered,
    made_run: MadeRun,
    operators: Database,
    tmp_path: Path,
) -> None:
    document = Document(
        source="https://example.com/bees", kind="html", title="Bees", sections=(Section(text="<b>More</b> bees."),)
    )
    finding = Finding(kind="instructions", where="Text", reason="It speaks to a model.")
    document_id = documents.keep_document(operators, made_run.workspace_id, document, [finding])
    with operators.write() as session:
        run = session.get_one(Run, made_run.id)
    subjects.save_documents(operators, run, [(document_id, document)])
    client = entered()
    assert "1 finding" in client.get("/documents").text
    page = client.get(f"/documents/{document_id}").text
    assert "It speaks to a model." in page
    assert "&lt;b&gt;More&lt;/b&gt; bees." in page
    assert "/documents/new?source=https%3A//example.com/bees" in page

    send(client, f"/documents/{document_id}", f"/documents/{document_id}/delete")
    assert client.get(f"/documents/{document_id}").status_code == 404


def test_a_document_that_drafts_were_made_of_is_not_offered_to_be_deleted(
    entered: Entered, made_run: MadeRun, operators: Database
) -> None:
    note = "Hidden text: 2 words left out (“Fewer bees”)."
    document = Document(source="text", kind="text", title="Bees", sections=(Section(text="More bees."),), notes=(note,))
    document_id = documents.keep_document(operators, made_run.workspace_id, document, [])
    with operators.write() as session:
        session.execute(
            update(SubjectRow).where(col(SubjectRow.id) == made_run.ideas[0]).values(document_id=document_id)
        )
    client = entered()
    assert f"/documents/{document_id}/delete" not in client.get(f"/documents/{document_id}").text
    assert note in client.get(f"/documents/{document_id}").text
    assert note in client.get(f"/content/{made_run.draft}").text  # the reviewer of a draft reads it too
    assert documents.notes(operators, [document_id]) == {document_id: (note,)}
    refused = send(client, f"/documents/{document_id}", f"/documents/{document_id}/delete")
    assert refused.status_code == 409


def test_a_quality_check_that_did_not_run_is_told_as_that(
    entered: Entered, made_run: MadeRun, operators: Database
) -> None:
    reason = "The batch gate did not answer within 120 s."
    gate = {"success": False, "expectations": 0, "failed": [reason], "batch_hash": ""}
    runs.amend(operators, made_run.id, status=RunStatus.PARTIAL, gate=gate)
    shown = entered().get(f"/runs/{made_run.id}").text
    assert "The quality check didn&#39;t run" in shown or "The quality check didn't run" in shown
    assert reason in shown
    assert "Run the quality check" in shown
    assert "Retry missing drafts" not in shown
    assert "0 checks" not in shown


def test_drafts_are_loaded_while_a_run_goes_on(entered: Entered, made_run: MadeRun, operators: Database) -> None:
    runs.amend(operators, made_run.id, status=RunStatus.RUNNING)
    client = entered()
    assert 'hx-trigger="drafts-written from:body"' in client.get(f"/runs/{made_run.id}").text
    part = client.get(f"/runs/{made_run.id}/live?seen=5", headers={"HX-Request": "true"})
    assert part.headers["HX-Trigger"] == "drafts-written"
    assert "Checking quality" in part.text
    assert "HX-Trigger" not in client.get(f"/runs/{made_run.id}/live?seen=6").headers


def test_steps_are_told_in_words() -> None:
    told = {
        "gate-batch": "Checking quality",
        "x_thread: Bees": "X thread: Bees",
        "picture linkedin: Bees": "Making a picture",
    }
    assert {name: step(name) for name in told} == told
