"""Pages without a script: signing in, what may be seen and sent, and how assets are served."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from apps.desk.courier import unsubscribe_token
from apps.web import assets, rendering
from apps.web.page import local
from pressroom.model import JobStatus, Role
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, NotificationWish
from pressroom.store.tables import Content
from tests.fixtures.desk import OURS, PASSWORD, MadeRun, add_person

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')

Entered = Callable[..., TestClient]


@pytest.fixture
def entered(client: TestClient, operators: Database) -> Entered:
    """`entered(role)`: the client, signed in as somebody of that role, by the form."""

    def signed_in(role: Role = Role.OWNER) -> TestClient:
        add_person(operators, f"{role}@example.com", role, OURS)
        answer = send(client, "/sign-in", "/sign-in", email=f"{role}@example.com", password=PASSWORD)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return client

    return signed_in


def send(client: TestClient, form: str, path: str, /, **values: object):
    """Post what a form on the page `form` would."""
    token = CSRF.search(client.get(form).text)
    assert token, f"no form on {form}"
    return client.post(path, data={"csrf": token[1], **values})


def test_without_a_sign_in_every_page_leads_to_it_and_back(client: TestClient) -> None:
    answer = client.get("/pipeline?state=ready")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/pipeline%3Fstate%3Dready")
    part = client.get("/pipeline", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/sign-in")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(entered: Entered) -> None:
    client = entered()
    [cookie] = [each for each in client.cookies.jar if each.name == "pressroom"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"


def test_a_wrong_password_is_told_on_the_form(client: TestClient, operators: Database) -> None:
    add_person(operators, "owner@example.com", Role.OWNER, OURS)
    answer = send(client, "/sign-in", "/sign-in", email="owner@example.com", password="not this one at all")
    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text
    assert 'value="owner@example.com"' in answer.text
    assert "not this one at all" not in answer.text


def test_signing_out_ends_the_sign_in(entered: Entered) -> None:
    client = entered()
    before = dict(client.cookies)
    assert send(client, "/", "/sign-out").headers["location"] == "/sign-in"
    client.cookies.update(before)
    assert client.get("/").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/start", "/pipeline/bulk", "/pipeline/move"])
def test_a_form_that_no_page_sent_changes_nothing(entered: Entered, path: str) -> None:
    client = entered()
    for proof in ({}, {"csrf": "0" * 64}):
        answer = client.post(path, data={**proof, "email": "a@example.com", "password": "x", "to": "ready", "key": "k"})
        assert answer.status_code == 403
        assert "nothing was changed" in answer.text


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", "/\tx"])
def test_the_way_back_never_leaves_the_desk(path: str) -> None:
    assert local(path) == "/"
    assert local("/content/1?x=2") == "/content/1?x=2"


def test_whoever_may_only_read_is_offered_nothing_else(entered: Entered, made_run: MadeRun) -> None:
    client = entered(Role.VIEWER)
    page = client.get(f"/content/{made_run.draft}").text
    assert "Approve" not in page
    assert "<textarea" not in page
    assert send(client, "/", f"/content/{made_run.draft}/move", to="ready", version="1").status_code == 409
    assert "Generated" in client.get(f"/content/{made_run.draft}").text
    assert send(client, "/", "/start", key="k").status_code == 403


def test_another_workspaces_content_is_not_there(entered: Entered, their_run: MadeRun) -> None:
    client = entered()
    for path in ("", "/compare", "/revisions", "/trace"):
        assert client.get(f"/content/{their_run.draft}{path}").status_code == 404
    answer = send(client, "/", "/pipeline/bulk", to="ready", content=[f"{their_run.draft}@1"])
    assert "Not changed" in answer.text
    assert send(client, "/", "/pipeline/bulk", to="ready", content=[their_run.draft]).status_code == 422


def test_it_can_be_edited_and_approved_without_a_script(entered: Entered, made_run: MadeRun) -> None:
    client, path = entered(), f"/content/{made_run.content[1, 'x_thread']}"
    posts = ["One thing to try this week. #Operations", "Another one for the week after."]
    more = send(client, path, path, version="1", base="1", row="posts+", **{"body.posts": posts})
    assert more.text.count('name="body.posts"') == 3
    kept = send(client, path, path, version="1", base="1", **{"body.posts": posts})
    assert kept.headers["location"] == path
    shown = client.get(path).text
    assert "Saved as a new revision." in shown
    assert "Edited" in shown
    assert "Saved as a new revision." not in client.get(path).text  # said once
    assert send(client, path, f"{path}/move", to="ready", version="2").status_code == 303
    assert "Approved by owner@example.com" in client.get(path).text


def test_a_job_shows_how_far_it_is_and_stops_asking_when_it_has_ended(
    entered: Entered, operators: Database, made_run: MadeRun
) -> None:
    client = entered()
    job = Job(
        workspace_id=made_run.workspace_id, kind="daily", status=JobStatus.FAILED, title="Daily run: bees",
        deployment="daily/desk", idempotency_key="one", created_by="owner@example.com", error="No money is left.",
    )  # fmt: skip
    with operators.write() as session:
        session.add(job)
    part = client.get(f"/work/{job.id}", headers={"HX-Request": "true"})
    assert "No money is left." in part.text
    assert "hx-trigger" not in part.text
    assert part.headers["HX-Trigger"] == "work-ended"


def test_the_filter_finds_and_what_it_cant_read_is_told(entered: Entered, made_run: MadeRun) -> None:
    client = entered()
    found = client.get("/pipeline?text=write+down+what+you&format=x_thread").text
    assert found.count('class="item"') == 1
    assert "Nothing matches" in client.get("/pipeline?platform=pinterest").text
    answer = client.get("/pipeline?date_from=yesterday")
    assert (answer.status_code, "date from" in answer.text) == (422, True)


def test_unknown_addresses_get_a_page_and_those_of_the_api_a_problem(entered: Entered) -> None:
    client = entered()
    page = client.get("/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert client.get("/api/v1/nowhere").headers["content-type"] == "application/problem+json"


def test_assets_are_kept_for_ever_at_addresses_that_change_with_them(client: TestClient) -> None:
    address = assets.address("desk.css")
    answer = client.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert 'url("/static/fonts/Inter.' in answer.text
    old = re.sub(r"[0-9a-f]{12}", "0" * 12, address)
    assert client.get(old).headers["cache-control"] == "no-cache"
    for path in ("/static/../app.py", "/static/css/..%2f..%2fapp.py", "/static/desk.css.000000000000.css", "/static/x"):
        assert client.get(path).status_code == 404


def test_no_template_needs_what_the_policy_forbids() -> None:
    source, environment = {}, rendering.environment()
    for name in environment.list_templates():
        source[name] = environment.loader.get_source(environment, name)[0]
    forbidden = re.compile(
        r'\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|hx-on|"js:|(?:src|action|hx-\w+|<link[^>]+href)="https?:',
        re.I,
    )
    assert {name: found[0] for name, text in source.items() if (found := forbidden.search(text))} == {}


def test_pages_are_sent_with_a_strict_policy(client: TestClient) -> None:
    headers = client.get("/sign-in").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_mistake_of_ours_gets_a_page_without_details(entered: Entered, monkeypatch: pytest.MonkeyPatch) -> None:
    client = entered()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a password in it")

    monkeypatch.setattr("apps.web.views.dashboard.overview", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "password" not in answer.text


def test_a_viewer_comments_and_the_owner_sees_it_in_the_menu(
    entered: Entered, made_run: MadeRun, operators: Database
) -> None:
    add_person(operators, "owner@example.com", Role.OWNER, OURS)
    client, path = entered(Role.VIEWER), f"/content/{made_run.draft}/comments"
    shown = client.get(path).text
    assert "Mention a member with @, such as @owner." in shown
    assert "/assign" not in shown
    assert send(client, path, path, text=" ").status_code == 422
    assert send(client, path, path, text="<b>Too long</b>, @owner").status_code == 303
    assert send(client, path, f"/content/{made_run.draft}/assign", user="").status_code == 403
    send(client, "/", "/sign-out")
    send(client, "/sign-in", "/sign-in", email="owner@example.com", password=PASSWORD)
    assert '1<span class="hidden"> new' in client.get("/").text
    found = client.get("/notifications").text
    assert "mentioned you" in found
    assert "&lt;b&gt;Too long&lt;/b&gt;" in found
    assert "&lt;b&gt;Too long&lt;/b&gt;" in client.get(path).text
    assert 'class="count is-new"' not in client.get("/").text


def test_a_client_reads_and_comments_by_a_share_link(
    entered: Entered, made_run: MadeRun, desk_app: FastAPI, operators: Database
) -> None:
    client, path = entered(Role.EDITOR), f"/content/{made_run.draft}/share"
    assert send(client, path, path, client="", days="7").status_code == 422
    made = send(client, path, path, client="Harbour <Mill>", days="7", what="draft")
    link = found[0] if (found := re.findall(r"/shared/prl_[\w-]+", made.text)) else ""
    assert "Copy the link for “Harbour &lt;Mill&gt;” now" in made.text
    assert "prl_" not in client.get(path).text
    send(client, f"/content/{made_run.draft}/comments", f"/content/{made_run.draft}/comments", text="For us alone.")
    visitor = TestClient(desk_app, follow_redirects=False)
    visitor.portal = client.portal
    shown = visitor.get(link)
    assert (shown.status_code, shown.headers["x-robots-tag"], shown.headers["cache-control"]) == (
        200,
        "noindex",
        "no-store",
    )
    with operators.read() as session:
        others = set(session.exec(select(Content.text).where(Content.id != made_run.draft)).all())
        own = session.get_one(Content, made_run.draft).text
    assert own.splitlines()[0] in html.unescape(shown.text)
    for hidden in (
        "For us alone.",
        "example.com",
        "Pipeline",
        "Sign out",
        *({text.splitlines()[0] for text in others} - {own.splitlines()[0]}),
    ):
        assert hidden not in html.unescape(shown.text), hidden
    at = f"{link}/{made_run.draft}/comments"
    assert visitor.post(at, data={"text": "Without the page's proof."}).status_code == 403
    assert send(visitor, link, at, text=" ").status_code == 422
    assert send(visitor, link, at, text="<i>Fine</i>").status_code == 303
    assert "&lt;i&gt;Fine&lt;/i&gt;" in visitor.get(link).text
    assert send(visitor, link, f"{link}/{made_run.content[2, 'x_thread']}/comments", text="No.").status_code == 404
    assert visitor.get(f"{link}/media/{made_run.draft}/0").status_code == 404
    answers = [send(visitor, link, at, text=f"{number}").status_code for number in range(10)]
    assert (answers[0], answers[-1]) == (303, 429)
    told = client.get(f"/content/{made_run.draft}/comments").text
    assert "Harbour &lt;Mill&gt;" in told
    assert "Show to clients" in told
    [revoke] = re.findall(rf"{path}/\w+/revoke", client.get(path).text)
    send(client, path, revoke)
    closed = visitor.get(link)
    assert (closed.status_code, "This link has expired or was revoked." in closed.text) == (404, True)


def test_links_that_do_not_work_are_tried_in_vain(desk_app: FastAPI, made_run: MadeRun, client: TestClient) -> None:
    wrong = f"/shared/prl_{made_run.workspace_id}_{'x' * 43}"
    answers = {client.get(wrong).status_code for _ in range(31)}
    assert answers == {404, 429}


def test_a_post_is_written_by_hand_and_opened_at_the_platform(entered: Entered, made_run: MadeRun) -> None:
    client = entered()
    refused = send(client, "/new", "/new", text="A text & a half.", act="hand")
    assert refused.status_code == 422
    assert "A text &amp; a half.</textarea>" in refused.text
    answer = send(client, "/new", "/new", text="A text & a half.", formats=["x_thread"], act="hand", key="k")
    shown = client.get(answer.headers["location"]).text
    assert "https://x.com/intent/post?text=A%20text%20%26%20a%20half." in shown
    assert 'id="copy-text" hidden>A text &amp; a half.' in shown
    assert "Written without a model" in shown
    assert (
        "2 drafts created."
        in client.get(
            send(client, "/new", "/new", text="Two.", formats=["x_thread", "bluesky_post"]).headers["location"]
        ).text
    )
    adapted = send(client, "/new", "/new", text="A long story.", formats=["x_thread"], act="adapt", key="k2")
    assert adapted.headers["location"].startswith("/jobs/")
    assert "Post by hand" in client.get("/runs").text


def test_notifications_are_wished_for_on_their_page_and_ended_from_an_email(
    entered: Entered, desk_app: FastAPI, operators: Database
) -> None:
    client, path = entered(), "/settings/notifications"
    assert "This desk sends no e-mail." in client.get(path).text
    assert send(client, path, path, mail="hourly", chat="hourly", hour="8").status_code == 422
    assert (
        send(client, path, path, mail="hourly", chat="daily", hour="8", chat_address="slack://T/B/C").status_code == 303
    )
    shown = client.get(path).text
    assert "An address is saved." in shown
    assert "slack://T/B/C" not in shown
    with operators.read() as session:
        [wish] = session.exec(select(NotificationWish)).all()
    vault = desk_app.state.desk.vault
    assert (wish.mail, wish.chat, vault.open(wish.chat_address)) == ("hourly", "daily", "slack://T/B/C")
    token = unsubscribe_token(vault, wish.workspace_id, wish.user_id)
    assert client.get(f"/unsubscribe/{token}").status_code == 200
    for wrong in (f"{token[:-1]}{'0' if token[-1] != '0' else '1'}", f"{wish.user_id}.{token.partition('.')[2]}", "x"):
        assert client.post(f"/unsubscribe/{wrong}").status_code == 404

    def wished() -> str:
        with operators.read() as session:
            return session.exec(select(NotificationWish.mail)).one()

    assert wished() == "hourly"
    answer = client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, wished()) == (200, "off")
