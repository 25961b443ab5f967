"""Channels that plan a draft as soon as it is approved: in the approval's transaction, and never in its way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from pressroom.model import State
from pressroom.review import automatic, moving
from pressroom.store.account_tables import AuditEvent
from pressroom.store.publishing_tables import Publication
from pressroom.store.tables import Content
from tests.fixtures.press import Press

WORDS = "Ask the people who restart the jobs of an old system at night what they dread."


@pytest.fixture(autouse=True)
def its_vault(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_SECRET_KEY", "v" * 32)
    monkeypatch.setattr(automatic, "settings", lambda: press.source)
    monkeypatch.setattr(automatic.Vault, "from_settings", lambda _source: press.vault)


def approve(press: Press, content: Content, to: State = State.READY) -> str | None:
    (done,) = moving.move_all(press.database, press.caller, [content.id], to)
    return done.state


def rows(press: Press) -> list[Publication]:
    with press.database.read() as session:
        return list(session.exec(select(Publication)).all())


def audited(press: Press) -> list[dict[str, Any]]:
    with press.database.read() as session:
        query = select(AuditEvent).where(AuditEvent.action == "publication.not_planned")
        return [row.details for row in session.exec(query).all()]


def test_an_approved_draft_is_planned_where_channels_want_that(press: Press) -> None:
    press.channel("bluesky", automatic="now")
    press.channel("x")
    queue = press.channel("mastodon", automatic="next_free", slots=[{"day": "mon", "time": "09:00"}])
    assert approve(press, press.draft(approve=False)) == "ready"
    planned = {row.channel_id == queue.id: row for row in rows(press)}
    assert (len(planned), planned[True].slot_at is None, planned[False].slot_at) == (2, False, None)
    press.work()
    assert (press.public("bluesky"), press.public("mastodon"), press.public("x")) == (1, 0, 0)


def test_a_plan_that_fails_leaves_the_approval_and_says_why(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = press.channel("bluesky", automatic="now")
    press.plan(press.draft(message=WORDS), channel)
    assert approve(press, press.draft(approve=False, message=WORDS)) == "ready"
    assert len(rows(press)) == 1
    assert "The same words" in audited(press)[0]["reason"]
    monkeypatch.setattr(automatic, "_plan", lambda *_: 1 / 0)
    assert approve(press, press.draft(approve=False)) == "ready"
    assert audited(press)[-1]["reason"] == "An error of ours: ZeroDivisionError."


def test_other_words_take_the_place_of_the_earlier_plan(press: Press) -> None:
    press.channel("bluesky", automatic="next_free")
    content = press.draft(approve=False)
    approve(press, content)
    (first,) = rows(press)
    assert approve(press, content, State.REVIEWED)
    with press.database.write() as session:
        row = session.get_one(Content, content.id)
        row.body = {**row.body, "message": "Other words, which a person wrote on the same morning."}
        row.content_hash = "1" * 64
        session.add(row)
    assert approve(press, content) == "ready", audited(press)
    assert audited(press) == []
    found = {row.id: row for row in rows(press)}
    assert (len(found), found.pop(first.id).state) == (2, "cancelled")
    (second,) = found.values()
    assert (second.state, second.slot_at) == ("planned", first.slot_at)


def test_what_may_be_public_is_not_taken_back(press: Press) -> None:
    draft = press.draft("bluesky", message=WORDS)
    press.plan(draft, press.channel("bluesky"))
    press.settle(hours=1)
    (refused,) = moving.move_all(press.database, press.caller, [draft.id], State.READY)
    assert refused.message.startswith("A publication of this draft is public, or may be.")
