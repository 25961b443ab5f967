"""Comments on a draft: who is mentioned, who is notified, and what another user may not do."""

from __future__ import annotations

import pytest
from sqlmodel import select

from pressroom.errors import Forbidden, NotFound, WrongInput
from pressroom.model import Caller, State
from pressroom.review import commenting
from pressroom.review.commenting import assign, comment, comments_of, list_notifications, mark_read, unread, withdraw
from pressroom.review.moving import move
from pressroom.store.desk_tables import Event
from tests.fixtures.desk import MadeRun
from tests.pressroom.review.review_desk import ReviewDesk


def told(desk: ReviewDesk, caller: Caller) -> list[tuple[str, str]]:
    return [(one.kind, one.by) for one in list_notifications(desk.database, caller).items]


def test_those_who_are_named_and_those_who_talk_are_notified(desk: ReviewDesk, made_run: MadeRun) -> None:
    draft, database = made_run.draft, desk.database
    comment(database, desk.viewer, draft, "Is the number right? @editor please look; mail x@editor.example says no.")
    comment(database, desk.editor, draft, "It is, @viewer@example.com.")
    comment(database, desk.owner, draft, "Good.")
    assert told(desk, desk.editor) == [("commented", "owner@example.com"), ("mentioned", "viewer@example.com")]
    assert told(desk, desk.viewer) == [("commented", "owner@example.com"), ("mentioned", "editor@example.com")]
    assert told(desk, desk.owner) == []
    assert [(one.author, one.is_mine) for one in comments_of(database, desk.editor, draft)] == [
        ("Viewer", False), ("Editor", True), ("Owner", False),
    ]  # fmt: skip
    assert unread(database, desk.editor) == 2
    mark_read(database, desk.editor, draft)
    assert (unread(database, desk.editor), unread(database, desk.viewer)) == (0, 2)
    with database.read() as session:
        assert set(session.exec(select(Event.type)).all()) == {"content.commented"}


def test_a_draft_is_assigned_once_and_the_assignee_hears_of_it(desk: ReviewDesk, made_run: MadeRun) -> None:
    assert desk.editor.user_id and desk.viewer.user_id
    for _ in range(2):
        assign(desk.database, desk.owner, made_run.draft, desk.editor.user_id)
    assign(desk.database, desk.owner, made_run.draft, desk.viewer.user_id)
    found = commenting.assignee_of(desk.database, made_run.draft)
    assert found and (found.user_id, found.name) == (desk.viewer.user_id, "Viewer")
    assert told(desk, desk.editor) == told(desk, desk.viewer) == [("assigned", "owner@example.com")]
    assign(desk.database, desk.owner, made_run.draft, "")
    assert commenting.assignee_of(desk.database, made_run.draft) is None
    with pytest.raises(NotFound, match="no such member"):
        assign(desk.database, desk.owner, made_run.draft, "0" * 32)


def test_what_is_refused(desk: ReviewDesk, made_run: MadeRun, their_run: MadeRun) -> None:
    database, draft = desk.database, made_run.draft
    said = comment(database, desk.editor, draft, " A word. ")
    assert said.text == "A word."
    for text in ("", "  ", "x" * 4001, "a\x00b"):
        with pytest.raises(WrongInput):
            comment(database, desk.editor, draft, text)
    with pytest.raises(Forbidden, match="Only a person"):
        comment(database, desk.program, draft, "Beep.")
    with pytest.raises(Forbidden, match="Only the author"):
        withdraw(database, desk.owner, draft, said.id)
    with pytest.raises(NotFound):
        comment(database, desk.editor, their_run.draft, "Hello.")
    withdraw(database, desk.editor, draft, said.id)
    assert comments_of(database, desk.editor, draft) == []


def test_the_reason_of_a_rejection_is_a_comment(desk: ReviewDesk, made_run: MadeRun) -> None:
    move(desk.database, desk.editor, made_run.draft, State.REJECTED, note="We said that last week.")
    [said] = comments_of(desk.database, desk.owner, made_run.draft)
    assert (said.author, said.text) == ("Editor", "Rejected: We said that last week.")
