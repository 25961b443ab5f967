"""Settings, usage, calendar and the audit log without a script: what is kept, refused, and shown only once."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from apps.web.views.settings.schedule import UnknownZone, _zone
from pressroom.model import Role
from pressroom.store.account_tables import AuditEvent, Membership, SignIn, User
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Outbox, Webhook
from pressroom.store.tables import ProviderCall, VoiceRow, Workspace
from pressroom.webhooks.log import STATUSES
from tests.apps.web.test_pages import Entered, entered, send  # noqa: F401
from tests.fixtures.desk import DAY, OURS, PASSWORD, MadeRun, add_person

SEEN = re.compile(r'name="seen" value="(\w+)"')
PREFERENCES = {
    "topics": "bees\ncities",
    "audience": "keepers",
    "tone": "dry",
    "language": "de",
    "hashtags": "#bees, hives",
}


def row_of(operators: Database, table: Any) -> Any:
    with operators.read() as session:
        return session.exec(select(table)).one()


def seen_on(client: TestClient, path: str) -> str:
    found = SEEN.search(client.get(path).text)
    assert found, path
    return found[1]


def save(client: TestClient, path: str, **values: object) -> Any:
    """Post the form on `path` as it is now."""
    return send(client, path, path, seen=seen_on(client, path), **values)


def test_preferences_are_kept_and_never_over_anothers_unseen(entered: Entered, operators: Database) -> None:
    client, path = entered(), "/settings/content"
    first = seen_on(client, path)
    assert send(client, path, path, seen=first, **PREFERENCES).headers["location"] == path
    kept = row_of(operators, Workspace).preferences
    assert (kept["topics"], kept["hashtags"], kept["language"]) == (["bees", "cities"], ["bees", "hives"], "de")

    late = send(client, path, path, seen=first, **{**PREFERENCES, "tone": "loud"})
    assert late.status_code == 412
    assert "Another person has changed it" in late.text
    assert 'value="loud"' in late.text
    assert row_of(operators, Workspace).preferences["tone"] == "dry"
    assert save(client, path, **{**PREFERENCES, "topics": ""}).status_code == 422


def test_pronunciations_are_kept_with_the_content(entered: Entered, operators: Database) -> None:
    client, path = entered(), "/settings/content"
    save(client, path, **PREFERENCES, pronunciations="SQL = sequel\nŁukasz=Wookash")
    assert row_of(operators, Workspace).pronunciations == {"SQL": "sequel", "Łukasz": "Wookash"}
    assert "Łukasz = Wookash" in client.get(path).text
    for wrong in ("SQL", "two words = two", "SQL ="):
        assert save(client, path, **PREFERENCES, pronunciations=wrong).status_code == 422, wrong
    save(client, path, **PREFERENCES)
    assert row_of(operators, Workspace).pronunciations == {"SQL": "sequel", "Łukasz": "Wookash"}
    save(client, path, **PREFERENCES, pronunciations="")
    assert row_of(operators, Workspace).pronunciations == {}


def test_a_schedule_that_cant_be_is_told_and_one_that_prefect_lacks_is_not_kept(
    entered: Entered, operators: Database
) -> None:
    client, path = entered(), "/settings/schedule"
    wrong = save(client, path, time="07:15", zone="Mars/Olympus", days=["mon"])
    assert wrong.status_code == 422
    assert "is not a time zone" in wrong.text
    assert 'value="Mars/Olympus"' in wrong.text
    away = save(client, path, time="07:15", zone="Europe/Berlin", days=["mon", "fri"], active="on")
    assert away.status_code == 503
    assert "Prefect" in away.text
    assert row_of(operators, Workspace).schedule is None


def test_a_voice_is_added_changed_and_forgotten_unless_it_is_used(entered: Entered, operators: Database) -> None:
    client = entered()
    voice = {"name": "house", "description": "Dry.", "samples": "One.\n\nStill one.\n---\nTwo.", "banned": "synergy"}
    assert send(client, "/settings/voices/new", "/settings/voices", **voice).status_code == 303
    profile = row_of(operators, VoiceRow).profile
    assert (profile["samples"], profile["banned"]) == (["One.\n\nStill one.", "Two."], ["synergy"])
    assert send(client, "/settings/voices/new", "/settings/voices", **voice).status_code == 422

    form = "/settings/voices/house"
    assert "One.\n\nStill one.\n\n---\n\nTwo." in client.get(form).text
    save(client, form, description="Warm.")
    assert row_of(operators, VoiceRow).profile["description"] == "Warm."
    save(client, "/settings/content", **PREFERENCES, voice="house")
    assert send(client, form, f"{form}/delete").status_code == 422
    save(client, "/settings/content", **PREFERENCES, voice="")
    send(client, form, f"{form}/delete")
    assert client.get(form).status_code == 404


def test_an_invitations_link_is_shown_once_and_leads_in(entered: Entered) -> None:
    client, path = entered(), "/settings/members"
    shown = send(client, path, f"{path}/invitations", email="Grace@example.com", role="viewer").text
    link = re.search(r"http://testserver(/invitations/pri_\w+[\w-]*)", shown)
    assert link
    assert client.get(link[1]).status_code == 200
    again = client.get(path).text
    assert "grace@example.com" in again
    assert "/invitations/pri_" not in again
    withdraw = re.search(r'action="(/settings/members/invitations/\w+/withdraw)"', again)
    assert withdraw
    send(client, path, withdraw[1])
    assert client.get(link[1]).status_code == 404


def test_roles_are_changed_and_the_last_owner_stays(entered: Entered, operators: Database) -> None:
    client, path = entered(), "/settings/members"
    editor_id, _ = add_person(operators, "grace@example.com", Role.EDITOR, OURS)
    send(client, path, f"{path}/{editor_id}/role", role="viewer")
    with operators.read() as session:
        mine = select(Membership).where(Membership.user_id == editor_id)
        assert session.exec(mine).one().role == Role.VIEWER
        owner = session.exec(select(User).where(User.email == "owner@example.com")).one()
    refused = send(client, path, f"{path}/{owner.id}/remove")
    assert refused.status_code == 403
    assert "A workspace keeps one owner." in refused.text
    send(client, path, f"{path}/{editor_id}/remove")
    with operators.read() as session:
        assert session.exec(mine).first() is None


def test_a_service_token_is_shown_once(entered: Entered) -> None:
    client, path = entered(), "/settings/tokens"
    made = send(client, path, path, name="newsletter", scopes=["read", "work:start"], until="2099-01-31")
    token = re.search(r"prs_\w+[\w-]*", made.text)
    assert token
    assert client.get("/api/v1/content", headers={"Authorization": f"Bearer {token[0]}"}).status_code == 200
    again = client.get(path).text
    assert "newsletter" in again
    assert token[0] not in again
    revoke = re.search(r'action="(/settings/tokens/\w+/revoke)"', again)
    assert revoke
    send(client, path, revoke[1])
    assert client.get("/api/v1/content", headers={"Authorization": f"Bearer {token[0]}"}).status_code == 401
    assert send(client, path, path, name="none", scopes=[]).status_code == 422


def test_a_webhook_from_its_secret_to_its_log(entered: Entered, operators: Database) -> None:
    client, path = entered(), "/settings/webhooks"
    assert send(client, path, path, url="http://127.0.0.1/hook").status_code == 422
    made = send(client, path, path, url="https://93.184.215.14/hook", events=["run.completed"])
    assert made.status_code == 200, made.text
    assert "whsec_" in made.text
    webhook = row_of(operators, Webhook)
    here = f"{path}/{webhook.id}"
    assert "whsec_" not in client.get(here).text
    assert "whsec_" in send(client, here, f"{here}/secret").text
    send(client, here, f"{here}/test")
    delivery = row_of(operators, Outbox)
    about = {"workspace_id": delivery.workspace_id, "outbox_id": delivery.id, "outcome": "failed"}
    with operators.write() as session:
        session.add_all([Attempt(number=number, answer=f"no {number}", **about) for number in (11, 12)])
    log = client.get(f"{here}?status={STATUSES[row_of(operators, Outbox).state]}").text
    assert all(shown in log for shown in ("webhook.test", "All attempts", "no 11", "no 12"))
    send(client, here, f"{here}/switch", on="false")
    assert row_of(operators, Webhook).active is False
    send(client, here, f"{here}/delete")
    assert client.get(here).status_code == 404


def test_a_password_is_changed_and_other_sign_ins_end(entered: Entered, operators: Database) -> None:
    client, path = entered(), "/settings/account"
    cookie = dict(client.cookies)
    client.cookies.clear()
    send(client, "/sign-in", "/sign-in", email="owner@example.com", password=PASSWORD)
    new = "another horse, another battery"
    differs = send(client, path, f"{path}/password", current=PASSWORD, new=new, again="something else")
    assert (differs.status_code, "The two new passwords differ." in differs.text) == (422, True)
    assert send(client, path, f"{path}/password", current=PASSWORD, new=new, again=new).status_code == 303
    client.cookies.clear()
    client.cookies.update(cookie)
    assert client.get(path).status_code == 303


def test_an_account_is_deleted_with_its_password_alone(entered: Entered, operators: Database) -> None:
    client, path = entered(Role.VIEWER), "/settings/account"
    assert send(client, path, f"{path}/delete", password="not this one at all").status_code == 422
    assert send(client, path, f"{path}/delete", password=PASSWORD).headers["location"] == "/sign-in"
    assert client.get("/").status_code == 303
    with operators.read() as session:
        assert all(row.revoked_at for row in session.exec(select(SignIn)).all())


def test_a_viewer_sees_settings_and_may_set_none(entered: Entered) -> None:
    client = entered(Role.VIEWER)
    for path in ("schedule", "content", "members", "workspace", "voices"):
        page = client.get(f"/settings/{path}").text
        body = page.partition('class="stack wide settings-body"')[2]
        assert body
        assert 'class="button primary"' not in body
    for path in ("tokens", "webhooks"):
        assert client.get(f"/settings/{path}").status_code == 403
    for path in ("schedule", "content", "voices", "tokens", "webhooks", "members/invitations", "workspace/title"):
        sent = send(client, "/", f"/settings/{path}", email="a@example.com", title="Mine", **PREFERENCES)
        assert sent.status_code == 403, path


def test_a_workspace_is_closed_once_its_name_was_typed(entered: Entered, operators: Database) -> None:
    client, path = entered(), "/settings/workspace"
    send(client, path, f"{path}/title", title="The Mill")
    assert row_of(operators, Workspace).title == "The Mill"
    assert send(client, path, f"{path}/delete", name="mine").status_code == 422
    assert row_of(operators, Workspace).deleted_at is None
    send(client, path, f"{path}/delete", name=OURS)
    assert row_of(operators, Workspace).deleted_at is not None
    assert client.get("/").headers["location"] == "/welcome"


def test_usage_tells_days_providers_and_what_is_left(
    entered: Entered,
    made_run: MadeRun,
    operators: Database,
) -> None:
    spent = {"input_tokens": 1200, "output_tokens": 300, "cost_microusd": 2_500_000, "status": "answered"}
    same = {"workspace_id": made_run.workspace_id, "kind": "text", "purpose": "draft", "request_hash": "0"}
    with operators.write() as session:
        session.add(ProviderCall(provider="openai", model="gpt-4.1-mini", run_id=made_run.id, **same, **spent))
    client = entered()
    page = client.get("/usage").text
    for said in ("$2.50", "openai", "gpt-4.1-mini", "1,200", "spent, no limit"):
        assert said in page
    bars = re.findall(r'<rect class="chart-bar"[^>]* height="([\d.]+)"', page)
    assert len(bars) == 30
    assert float(bars[-1]) > 0
    assert set(bars[:-1]) == {"0.0"}
    assert "style=" not in page
    assert client.get("/usage?days=0").status_code == 422
    assert "openai" in client.get(f"/runs/{made_run.id}").text


@pytest.mark.parametrize("address", ["/calendar?month=2026-01", f"/calendar/week?day={DAY}"])
def test_the_calendar_has_each_day_its_content(entered: Entered, made_run: MadeRun, address: str) -> None:
    page = entered().get(address).text
    assert "Call the night shift first" in page
    assert "Write down what you switched off" in page
    assert "state-generated" in page


def test_the_calendar_takes_no_day_that_is_none(entered: Entered) -> None:
    client = entered()
    for path in (
        "/calendar?month=2026-13",
        "/calendar?month=soon",
        "/calendar/week?day=2026-02-30",
        "/calendar?month=0001-01",
    ):
        assert client.get(path).status_code == 422
    assert client.get(f"/calendar?month={dt.date(2026, 2, 1):%Y-%m}").status_code == 200


def test_the_audit_log_is_filtered_and_for_owners(entered: Entered, operators: Database) -> None:
    client = entered()
    save(client, "/settings/content", **PREFERENCES)
    assert 'href="/welcome"' in client.get("/settings/workspace").text, "the way to a further workspace"
    send(client, "/settings/workspace", "/settings/workspace/title", title="The Mill")
    whole = client.get("/audit").text
    assert "changed the settings" in whole
    assert "workspace.renamed" in whole
    narrowed = client.get("/audit?action=settings.").text
    assert "changed the settings" in narrowed
    assert "workspace.renamed" not in narrowed
    with operators.read() as session:
        who = session.exec(select(AuditEvent.user_id).where(AuditEvent.action == "workspace.renamed")).one()
    assert "workspace.renamed" in client.get(f"/audit?person={who}").text
    assert "Nothing matches" in client.get("/audit?person=nobody").text


def test_a_city_names_its_time_zone() -> None:
    assert [_zone(written) for written in ("Europe/Berlin", "berlin", "New York")] == [
        "Europe/Berlin", "Europe/Berlin", "America/New_York",
    ]  # fmt: skip
    with pytest.raises(UnknownZone, match="Did you mean Europe/Berlin"):
        _zone("Berln")
