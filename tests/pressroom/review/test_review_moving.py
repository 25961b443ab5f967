"""Moves, approvals and what voids them, bulk, deletion and what becomes of deleted content."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, func, select

from pressroom.errors import Conflict, MoveRefused, NotFound, RulesBroken, WrongInput
from pressroom.model import State
from pressroom.review import editing, moving, reading
from pressroom.review.moving import delete, move, move_all, restore
from pressroom.store import approvals
from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from pressroom.store.desk_tables import Approval, Event, Job
from pressroom.store.tables import Artifact, Content, Revision, utc_now
from tests.fixtures.desk import MadeRun
from tests.pressroom.review.review_desk import ReviewDesk


def change(operators: Database, content_id: str, **columns: Any) -> None:
    with operators.write() as session:
        row = session.get_one(Content, content_id)
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)


def events(desk: ReviewDesk) -> list[str]:
    with desk.database.read() as session:
        return list(session.exec(select(Event.type).order_by(col(Event.created_at))).all())


def state_of(desk: ReviewDesk, content_id: str) -> tuple[State, int]:
    found = reading.get_content(desk.database, desk.viewer, content_id)
    return found.state, found.version


def test_a_move_is_a_version_noted_and_told(desk: ReviewDesk, made_run: MadeRun) -> None:
    moved = move(desk.database, desk.editor, made_run.draft, State.REVIEWED, version=1, note="good enough")
    assert (moved.state, moved.version, moved.revisions) == (State.REVIEWED, 2, 1)
    with desk.database.read() as session:
        note = session.exec(select(AuditEvent)).one()
    assert (note.action, note.subject_id) == ("content.moved", made_run.draft)
    assert note.details == {"from": "generated", "to": "reviewed", "version": 2, "note": "good enough"}
    assert events(desk) == ["content.moved"]


def test_approval_is_of_exactly_this_wording(desk: ReviewDesk, made_run: MadeRun) -> None:
    ready = move(desk.database, desk.editor, made_run.draft, State.READY, version=1)
    assert ready.approval is not None
    assert (ready.approval.by, ready.approval.content_hash) == ("editor@example.com", ready.content_hash)
    assert events(desk) == ["content.approved", "content.moved"]


@pytest.mark.parametrize("to", [State.REVIEWED, State.REJECTED])
def test_leaving_ready_voids_the_approval(desk: ReviewDesk, made_run: MadeRun, to: State) -> None:
    move(desk.database, desk.editor, made_run.draft, State.READY)
    assert move(desk.database, desk.owner, made_run.draft, to).approval is None
    with desk.database.read() as session:
        kept = session.exec(select(Approval)).one()
    assert kept.voided_at is not None
    assert kept.voided_because == f"moved to {to}"


def test_an_edit_voids_the_approval_even_when_it_is_taken_back(desk: ReviewDesk, made_run: MadeRun) -> None:
    ready = move(desk.database, desk.editor, made_run.draft, State.READY)
    editing.edit(desk.database, desk.owner, made_run.draft, {**ready.body, "hook": "Another."}, version=2)
    back = editing.revert(desk.database, desk.owner, made_run.draft, 1, version=3)
    assert back.content_hash == ready.content_hash
    assert back.approval is None
    with desk.database.read() as session:
        assert approvals.standing(session, session.get_one(Content, made_run.draft)) is None


def test_what_breaks_a_rule_is_not_approved(desk: ReviewDesk, made_run: MadeRun) -> None:
    body = reading.get_content(desk.database, desk.editor, made_run.draft).body
    editing.edit(desk.database, desk.editor, made_run.draft, {**body, "hashtags": []}, version=1)
    with pytest.raises(RulesBroken) as refused:
        move(desk.database, desk.editor, made_run.draft, State.READY)
    assert [violation.code for violation in refused.value.violations] == ["hashtags_too_few"]  # type: ignore[attr-defined]
    assert state_of(desk, made_run.draft) == (State.EDITED, 2)
    assert "content.approved" not in events(desk)


def test_only_a_person_approves(desk: ReviewDesk, made_run: MadeRun) -> None:
    with pytest.raises(MoveRefused, match="Only a person"):
        move(desk.database, desk.program, made_run.draft, State.READY)
    assert move(desk.database, desk.program, made_run.draft, State.REVIEWED).state is State.REVIEWED
    offered = reading.get_content(desk.database, desk.program, made_run.draft).moves
    assert [offer.to for offer in offered] == [State.REJECTED]


def test_a_viewer_moves_nothing_and_is_offered_nothing(desk: ReviewDesk, made_run: MadeRun) -> None:
    found = reading.get_content(desk.database, desk.viewer, made_run.draft)
    assert (found.moves, found.may_edit, found.may_delete, found.may_regenerate) == ((), False, False, False)
    for refused in (
        lambda: move(desk.database, desk.viewer, made_run.draft, State.REVIEWED),
        lambda: delete(desk.database, desk.viewer, made_run.draft),
        lambda: restore(desk.database, desk.viewer, made_run.draft),
    ):
        with pytest.raises(MoveRefused, match="A viewer may not"):
            refused()


def test_every_move_that_is_offered_is_made_and_no_other(desk: ReviewDesk, made_run: MadeRun) -> None:
    offered = {offer.to for offer in reading.get_content(desk.database, desk.editor, made_run.draft).moves}
    assert offered == {State.REVIEWED, State.READY, State.REJECTED}
    for state in set(State) - offered:
        with pytest.raises(MoveRefused):
            move(desk.database, desk.editor, made_run.draft, state)
    assert state_of(desk, made_run.draft) == (State.GENERATED, 1)


def test_what_nobody_approved_is_not_published(desk: ReviewDesk, operators: Database, made_run: MadeRun) -> None:
    change(operators, made_run.draft, state="ready")
    with pytest.raises(MoveRefused, match="What it says now is not approved"):
        move(desk.database, desk.owner, made_run.draft, State.PUBLISHED)


def test_published_content_stays_as_it_is_with_its_approval(desk: ReviewDesk, made_run: MadeRun) -> None:
    move(desk.database, desk.editor, made_run.draft, State.READY)
    published = move(desk.database, desk.editor, made_run.draft, State.PUBLISHED)
    assert published.approval is not None
    assert [offer.label for offer in published.moves] == ["Not published after all"]
    assert (published.may_edit, published.may_delete) == (False, False)
    with pytest.raises(MoveRefused, match="can't be deleted"):
        delete(desk.database, desk.owner, made_run.draft)


def test_content_marked_as_published_by_hand_names_its_post_and_is_taken_back(
    desk: ReviewDesk, made_run: MadeRun
) -> None:
    approved = move(desk.database, desk.editor, made_run.draft, State.READY)
    for wrong in ("example.com/post", "javascript:alert(1)", "https://example.com/a b", "https://"):
        with pytest.raises(WrongInput, match="not a web address"):
            move(desk.database, desk.editor, made_run.draft, State.PUBLISHED, url=wrong)
    with pytest.raises(WrongInput, match="marked as published"):
        move(desk.database, desk.editor, made_run.draft, State.REVIEWED, url="https://example.com/")
    url = "https://example.com/posts/1"
    published = move(desk.database, desk.editor, made_run.draft, State.PUBLISHED, url=f" {url} ")
    assert (published.post_url, published.approval) == (url, approved.approval)
    back = move(desk.database, desk.editor, made_run.draft, State.READY)
    assert (back.state, back.post_url, back.approval) == (State.READY, "", approved.approval)


def test_approving_an_older_version_is_refused(desk: ReviewDesk, made_run: MadeRun) -> None:
    move(desk.database, desk.owner, made_run.draft, State.REVIEWED)
    with pytest.raises(Conflict):
        move(desk.database, desk.editor, made_run.draft, State.READY, version=1)


def test_what_is_not_there_is_not_found(desk: ReviewDesk) -> None:
    for wanted in ("0" * 32, "", "x", "A" * 32, "\x00" * 32, "' OR 1=1 --"):
        with pytest.raises(NotFound):
            move(desk.database, desk.editor, wanted, State.REVIEWED)
        with pytest.raises(NotFound):
            reading.get_content(desk.database, desk.editor, wanted)


def test_another_workspaces_content_is_not_found(desk: ReviewDesk, their_run: MadeRun) -> None:
    with pytest.raises(NotFound):
        move(desk.database, desk.owner, their_run.draft, State.REVIEWED)
    (outcome,) = move_all(desk.database, desk.owner, [their_run.draft], State.REVIEWED)
    assert outcome.code == "NOT_FOUND"


# Many at once


def test_many_are_moved_each_by_itself(desk: ReviewDesk, operators: Database, made_run: MadeRun) -> None:
    good, quarantined, stale, *_ = made_run.content.values()
    change(operators, quarantined, state="quarantined")
    outcomes = move_all(
        desk.database, desk.editor, [good, quarantined, good, "0" * 32, stale], State.READY, versions={stale: 7}
    )
    told = [(one.id, one.ok, one.code) for one in outcomes]
    assert told == [
        (good, True, ""),
        (quarantined, False, "MOVE_REFUSED"),
        ("0" * 32, False, "NOT_FOUND"),
        (stale, False, "VERSION_CONFLICT"),
    ]
    assert (outcomes[0].state, outcomes[0].version) == (State.READY, 2)
    assert "quarantined can't become ready" in outcomes[1].message
    assert state_of(desk, stale) == (State.GENERATED, 1)


def test_none_or_too_many_are_refused(desk: ReviewDesk) -> None:
    for count in (0, 101):
        with pytest.raises(WrongInput, match="Name 1 to 100"):
            move_all(desk.database, desk.editor, [f"{number:032x}" for number in range(count)], State.REVIEWED)


def test_many_are_deleted_and_restored(desk: ReviewDesk, made_run: MadeRun) -> None:
    ids = list(made_run.content.values())
    assert all(one.ok for one in moving.delete_all(desk.database, desk.editor, ids))
    again = moving.delete_all(desk.database, desk.editor, ids)
    assert [one.version for one in again] == [2] * len(ids)
    assert [one.version for one in moving.restore_all(desk.database, desk.editor, ids)] == [3] * len(ids)


# Deleting and purging


def test_deleted_content_is_put_back_as_it_was(desk: ReviewDesk, made_run: MadeRun) -> None:
    ready = move(desk.database, desk.editor, made_run.draft, State.READY)
    gone = delete(desk.database, desk.editor, made_run.draft, version=2)
    assert gone.deleted_at is not None
    assert (gone.moves, gone.may_edit, gone.may_regenerate, gone.may_delete) == ((), False, False, True)
    with pytest.raises(MoveRefused, match="Restore it first"):
        move(desk.database, desk.editor, made_run.draft, State.REVIEWED)
    back = restore(desk.database, desk.owner, made_run.draft, version=3)
    assert (back.state, back.version, back.deleted_at) == (State.READY, 4, None)
    assert back.approval == ready.approval
    assert events(desk)[-2:] == ["content.deleted", "content.restored"]


def test_purging_removes_all_of_it_and_nothing_else(desk: ReviewDesk, operators: Database, made_run: MadeRun) -> None:
    gone, kept = made_run.content[1, "x_thread"], made_run.draft
    removed: list[str] = []
    for content_id in (gone, kept):
        move(desk.database, desk.editor, content_id, State.READY)
        delete(desk.database, desk.editor, content_id)
        _own(operators, made_run, content_id)
    change(operators, gone, deleted_at=utc_now() - timedelta(days=31))

    assert moving.purge_deleted(operators, utc_now() - timedelta(days=30), remove=removed.append) == 1
    assert removed == [f"{gone}.md"]
    assert _rows(operators, gone) == [0, 0, 0, 0]
    assert _rows(operators, kept) == [1, 1, 1, 1]
    with operators.read() as session:
        assert session.exec(select(Job.content_id).order_by(col(Job.created_at))).all() == [None, kept]


def test_a_purge_that_is_stopped_is_finished_by_the_next(
    desk: ReviewDesk, operators: Database, made_run: MadeRun
) -> None:
    delete(desk.database, desk.editor, made_run.draft)
    _own(operators, made_run, made_run.draft)

    def broken(key: str) -> None:
        raise OSError(key)

    soon = utc_now() + timedelta(minutes=1)
    with pytest.raises(OSError, match=made_run.draft):
        moving.purge_deleted(operators, soon, remove=broken)
    assert _rows(operators, made_run.draft) == [1, 0, 1, 1]
    assert moving.purge_deleted(operators, soon, remove=lambda key: None) == 1
    assert _rows(operators, made_run.draft) == [0, 0, 0, 0]


def _rows(database: Database, content_id: str) -> list[int]:
    """How many rows of content, approvals, revisions and artifacts belong to it."""
    owned: list[Any] = [Approval, Revision, Artifact]
    with database.read() as session:
        count = session.exec(select(func.count()).select_from(Content).where(Content.id == content_id)).one()
        return [
            count,
            *(
                session.exec(select(func.count()).select_from(table).where(table.content_id == content_id)).one()
                for table in owned
            ),
        ]


def _own(database: Database, made_run: MadeRun, content_id: str) -> None:
    """A file and a job of the content."""
    belongs = {"workspace_id": made_run.workspace_id, "content_id": content_id}
    with database.write() as session:
        key = f"{content_id}.md"
        session.add(Artifact(kind="draft", key=key, address=key, sha256="0" * 64, size=1, **belongs))
        session.add(
            Job(kind="redo", status="completed", deployment="redo/redo", idempotency_key=key, created_by="x", **belongs)
        )
