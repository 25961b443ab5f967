"""The review queue, autosaved texts, suggestions, and the day's approved drafts on the plan."""

from __future__ import annotations

import datetime as dt

import pytest

from pressroom.errors import Conflict, MoveRefused, NotFound
from pressroom.model import State
from pressroom.review import editing, moving, next_slots, reading, suggesting
from pressroom.review.queue import queue
from pressroom.settings import Settings
from pressroom.store import suggestions
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Content
from pressroom.vault import Vault
from tests.fixtures.desk import DAY, MadeRun
from tests.pressroom.review.review_desk import ReviewDesk


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """Nothing here depends on the database."""
    return desk_sqlite_url


def test_the_queue_holds_what_waits_in_the_order_of_ideas_and_of_the_plan(desk: ReviewDesk, made_run: MadeRun) -> None:
    found = queue(desk.database)
    assert (found.day, found.total, [each.day for each in found.days]) == (DAY, 6, [DAY])
    assert [idea.id for idea in found.ideas] == list(made_run.ideas)
    assert [draft.format for draft in found.ideas[0].drafts] == ["linkedin_post", "x_thread", "instagram_reel"]
    moving.move(desk.database, desk.owner, made_run.draft, State.READY)
    moving.delete(desk.database, desk.owner, made_run.content[1, "x_thread"])
    assert [draft.format for draft in queue(desk.database).ideas[0].drafts] == ["instagram_reel"]
    assert queue(desk.database, DAY + dt.timedelta(days=1)).total == 0


def test_what_is_autosaved_is_one_revision_until_it_is_saved_or_put_back(desk: ReviewDesk, made_run: MadeRun) -> None:
    draft = made_run.draft
    detail = reading.get_content(desk.database, desk.owner, draft)

    def typed(hook: str, *, autosave: bool = True, note: str = "") -> int:
        now = reading.get_content(desk.database, desk.owner, draft)
        body = {**detail.body, "hook": hook}
        kept = editing.edit(desk.database, desk.owner, draft, body, version=now.version, autosave=autosave, note=note)
        assert kept.version > now.version
        return kept.revisions

    assert [typed("Ask."), typed("Ask first."), typed("Ask first.", autosave=False, note="shorter")] == [2, 2, 2]
    assert reading.get_revision(desk.database, draft, 2).note == "shorter"
    assert [typed("Ask them."), typed("Ask them first.")] == [3, 3]
    version = reading.get_content(desk.database, desk.owner, draft).version
    assert editing.revert(desk.database, desk.owner, draft, 1, version=version).revisions == 4  # the typed text stays
    assert typed("Ask once more.") == 5


def test_a_suggestion_changes_nothing_until_it_is_taken(desk: ReviewDesk, made_run: MadeRun) -> None:
    draft = made_run.draft
    before = reading.get_content(desk.database, desk.owner, draft)
    first, second = (suggest(desk, draft, hook) for hook in ("Ask the night shift.", "Call them."))
    assert reading.get_content(desk.database, desk.owner, draft) == before
    assert [each.id for each in suggesting.list_suggestions(desk.database, draft)] == [second, first]
    assert any(change.op == "added" for change in suggesting.open_for(desk.database, [draft])[draft].changes)

    suggesting.dismiss(desk.database, desk.owner, draft, second)
    assert suggesting.open_for(desk.database, [draft])[draft].id == first
    suggesting.dismiss(desk.database, desk.owner, draft, second, again=True)
    with pytest.raises(Conflict):
        suggesting.take(desk.database, desk.owner, draft, first, version=before.version + 1)
    taken = suggesting.take(desk.database, desk.owner, draft, first, version=before.version)
    assert (taken.state, taken.revisions, taken.body["hook"]) == (State.EDITED, 2, "Ask the night shift.")
    assert reading.get_revision(desk.database, draft, 2).note == "suggestion: Shorter"
    with pytest.raises(MoveRefused, match="is taken"):
        suggesting.take(desk.database, desk.owner, draft, first)
    with pytest.raises(NotFound):
        suggesting.take(desk.database, desk.owner, made_run.content[1, "x_thread"], second)
    with pytest.raises(MoveRefused):
        suggesting.take(desk.database, desk.viewer, draft, second)


def suggest(desk: ReviewDesk, draft: str, hook: str) -> str:
    with desk.database.read() as session:
        row = session.get_one(Content, draft)
    kept = {name: getattr(row, name) for name in (*suggestions.TEXT, "workspace_id", "run_id", "subject_id")}
    changed = Content(**{**kept, "body": {**row.body, "hook": hook}, "text": f"{hook} {row.text}"},
                      format=row.format, platform=row.platform, state="generated", content_hash="")  # fmt: skip
    return suggestions.keep(desk.database, draft, changed, wish="Shorter").id


def test_a_day_s_approved_drafts_go_on_the_next_free_slots(
    desk: ReviewDesk, made_run: MadeRun, desk_settings: Settings
) -> None:
    channel = ChannelRow(workspace_id=made_run.workspace_id, platform="x", remote_id="7", name="ada", title="Ada")
    with desk.database.write() as session:
        session.add(channel)
    threads = [made_run.content[number, "x_thread"] for number in (1, 2)]
    assert next_slots.offers(desk.database, DAY) == ()
    for draft in (*threads, made_run.draft):
        moving.move(desk.database, desk.owner, draft, State.READY)
    (offer,) = next_slots.offers(desk.database, DAY)
    assert (offer.id, set(offer.drafts), offer.preferred) == (channel.id, set(threads), True)
    vault = Vault.from_settings(desk_settings)
    first, second = next_slots.plan_day(desk.database, desk.owner, vault, DAY, [channel.id])
    assert (first.content_id, bool(first.at), first.reason) == (threads[0], True, "")
    assert "The same words are planned on ada" in second.reason  # the rest goes on
    assert [left.drafts for left in next_slots.offers(desk.database, DAY)] == [(threads[1],)]
