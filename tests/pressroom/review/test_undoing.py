"""Undo: a user's own moves and deletions of a moment ago, while nothing changed since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from pressroom.errors import MoveRefused
from pressroom.model import State
from pressroom.model.lifecycle import UNDOABLE
from pressroom.review import reading
from pressroom.review.moving import delete_all, move, move_all
from pressroom.review.undoing import undo
from pressroom.review.values import ContentDetail
from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from tests.fixtures.desk import MadeRun
from tests.pressroom.review.review_desk import ReviewDesk

S = State


def now(desk: ReviewDesk, content_id: str) -> ContentDetail:
    return reading.get_content(desk.database, desk.owner, content_id)


def test_an_undone_move_leaves_state_and_approval_as_they_were(desk: ReviewDesk, made_run: MadeRun) -> None:
    draft, database, ada = made_run.draft, desk.database, desk.editor
    for before, to in ((S.GENERATED, S.READY), (S.READY, S.REJECTED), (S.READY, S.PUBLISHED), (S.PUBLISHED, S.READY)):
        if before is S.READY and now(desk, draft).state is S.GENERATED:
            move(database, ada, draft, S.READY)
        if before is S.PUBLISHED:
            move(database, ada, draft, S.PUBLISHED, url="https://example.com/1")
        earlier = now(desk, draft)
        move(database, ada, draft, to, batch=f"{before} {to}")
        (outcome,) = undo(database, ada, f"{before} {to}", then="back")
        after = now(desk, draft)
        assert outcome.ok, (to, outcome)
        assert (after.state, after.post_url, bool(after.approval)) == (before, earlier.post_url, bool(earlier.approval))
        assert after.version == earlier.version + 2
        with pytest.raises(MoveRefused, match="nothing to undo"):
            undo(database, desk.owner, "back")  # another person's
    assert now(desk, draft).post_url == "https://example.com/1"


def test_many_are_undone_but_for_what_changed_since(desk: ReviewDesk, made_run: MadeRun) -> None:
    ids = list(made_run.content.values())
    move_all(desk.database, desk.editor, ids[:3], S.REJECTED, batch="one")
    move(desk.database, desk.owner, ids[1], S.REVIEWED)
    outcomes = {one.id: one for one in undo(desk.database, desk.editor, "one")}
    assert {found: one.ok for found, one in outcomes.items()} == {ids[0]: True, ids[1]: False, ids[2]: True}
    assert outcomes[ids[1]].code == "VERSION_CONFLICT"
    delete_all(desk.database, desk.editor, ids[:2], batch="two")
    assert all(one.ok for one in undo(desk.database, desk.editor, "two", then="three"))
    assert now(desk, ids[0]).deleted_at is None
    assert all(one.ok for one in undo(desk.database, desk.editor, "three"))  # an undoing is undone as well
    assert now(desk, ids[0]).deleted_at is not None


def test_what_is_too_long_ago_stays(desk: ReviewDesk, made_run: MadeRun, operators: Database) -> None:
    move(desk.database, desk.editor, made_run.draft, S.REJECTED, batch="one")
    with operators.write() as session:
        row = session.exec(select(AuditEvent)).one()
        row.created_at -= UNDOABLE + timedelta(seconds=1)
        session.add(row)
    for batch in ("one", ""):
        with pytest.raises(MoveRefused, match="15 minutes ago"):
            undo(desk.database, desk.editor, batch)
    assert now(desk, made_run.draft).state is S.REJECTED
