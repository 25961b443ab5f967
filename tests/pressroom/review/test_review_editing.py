"""New words: checked, kept beside the original, approvals void, nobody overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, col, select

from pressroom.errors import Conflict, MoveRefused, NotFound, WrongInput
from pressroom.model import State
from pressroom.review import editing, moving, reading
from pressroom.review.editing import diff, edit, revert
from pressroom.store import contents
from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event
from pressroom.store.tables import Content, Run
from tests.fixtures.desk import MadeRun, draft_of
from tests.pressroom.review.review_desk import ReviewDesk


def body_of(desk: ReviewDesk, content_id: str, **changed: Any) -> dict[str, Any]:
    return {**reading.get_content(desk.database, desk.editor, content_id).body, **changed}


def told(desk: ReviewDesk, table: type[Any], column: Any) -> list[str]:
    with desk.database.read() as session:
        return list(session.exec(select(column).order_by(col(table.created_at))).all())


def change(operators: Database, content_id: str, **columns: Any) -> None:
    with operators.write() as session:
        row = session.get_one(Content, content_id)
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)


def test_an_edit_keeps_the_original(desk: ReviewDesk, made_run: MadeRun) -> None:
    before = reading.get_content(desk.database, desk.editor, made_run.draft)
    body = {**before.body, "hook": "Ask the night shift before you plan anything."}
    after = edit(desk.database, desk.editor, made_run.draft, body, version=1, note="another hook")

    assert (after.state, after.version, after.body, after.made_by) == (State.EDITED, 2, body, "editor@example.com")
    assert after.text.startswith("Ask the night shift before you plan anything.")
    assert after.content_hash == contents.content_hash(body) != before.content_hash
    assert (after.original.body, after.original.number) == (before.body, 1)
    assert (after.provider, after.prompt_hash) == (before.provider, before.prompt_hash)
    page = reading.list_revisions(desk.database, made_run.draft)
    assert [(row.number, row.author, row.note) for row in page.items] == [
        (2, "editor@example.com", "another hook"),
        (1, "offline/offline", "generated"),
    ]


def test_an_edit_is_noted_and_told(desk: ReviewDesk, made_run: MadeRun) -> None:
    edit(desk.database, desk.editor, made_run.draft, body_of(desk, made_run.draft, hook="New."), version=1)
    with desk.database.read() as session:
        (note,) = session.exec(select(AuditEvent).where(AuditEvent.action == "content.edited")).all()
        (event,) = session.exec(select(Event).where(Event.type == "content.edited")).all()
    assert (note.actor, note.subject_id, note.address) == ("editor@example.com", made_run.draft, "127.0.0.1")
    assert note.details["version"] == event.data["version"] == 2
    assert event.data["content_id"] == made_run.draft
    assert "New." not in str(event.data)


def test_the_same_words_change_nothing(desk: ReviewDesk, made_run: MadeRun) -> None:
    same = edit(desk.database, desk.editor, made_run.draft, body_of(desk, made_run.draft), version=1)
    assert (same.version, same.state, same.revisions) == (1, State.GENERATED, 1)
    assert told(desk, AuditEvent, AuditEvent.action) == []


def test_who_saw_an_older_version_is_told_and_overwrites_nothing(desk: ReviewDesk, made_run: MadeRun) -> None:
    edit(desk.database, desk.owner, made_run.draft, body_of(desk, made_run.draft, hook="The owner's."), version=1)
    with pytest.raises(Conflict) as conflict:
        edit(desk.database, desk.editor, made_run.draft, body_of(desk, made_run.draft, hook="Mine."), version=1)
    assert conflict.value.version == 2
    assert reading.get_content(desk.database, desk.editor, made_run.draft).body["hook"] == "The owner's."


def test_of_many_at_once_one_is_first_and_the_others_are_told(desk: ReviewDesk, made_run: MadeRun) -> None:
    body = body_of(desk, made_run.draft)

    def attempt(number: int) -> bool:
        try:
            edit(desk.database, desk.editor, made_run.draft, {**body, "hook": f"Hook {number}."}, version=1)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert reading.get_content(desk.database, desk.editor, made_run.draft).revisions == 2


def test_words_that_break_rules_are_kept_with_what_is_wrong(desk: ReviewDesk, made_run: MadeRun) -> None:
    broken = edit(
        desk.database, desk.editor, made_run.draft, body_of(desk, made_run.draft, hashtags=["one"]), version=1
    )
    assert broken.state is State.EDITED
    assert [violation.code for violation in broken.violations] == ["hashtags_too_few"]


def test_an_edit_is_moderated_and_keeps_what_an_endpoint_found(
    desk: ReviewDesk, operators: Database, made_run: MadeRun
) -> None:
    old = [
        {"kind": "violence", "where": "Post", "reason": "The endpoint's."},
        {"kind": "personal_data", "where": "Post", "reason": "Of the old words."},
    ]
    change(operators, made_run.draft, findings=old)
    takeaway = "Write to ada.lovelace@example.org and say which job you would switch off first."
    found = edit(
        desk.database, desk.editor, made_run.draft, body_of(desk, made_run.draft, takeaway=takeaway), version=1
    ).findings
    assert [finding.kind for finding in found] == ["personal_data", "violence"]
    assert "ada.lovelace@example.org" not in found[0].reason


MISSHAPEN: list[tuple[dict[str, Any], str]] = [
    ({"posts": "no list"}, "posts"),
    ({"posts": [1]}, "posts.0"),
    ({}, "posts"),
    ({"posts": ["a"], "secret": 1}, "'secret'"),
    ({"posts": ["a\x00"]}, "NUL"),
    ({"posts": ["\ud800"]}, "surrogate"),
    ({"posts": ["word " * 20_000]}, "60,000"),
]
"""Bodies that are none of an X thread, and what a refusal names."""


def test_a_body_of_another_shape_is_refused(desk: ReviewDesk, made_run: MadeRun) -> None:
    thread = made_run.content[1, "x_thread"]
    for body, named in MISSHAPEN:
        with pytest.raises(WrongInput, match=named):
            edit(desk.database, desk.editor, thread, body, version=1)
    assert reading.get_content(desk.database, desk.editor, thread).version == 1


@pytest.mark.parametrize("state", [State.PUBLISHED, State.REJECTED])
def test_what_is_final_or_rejected_is_not_edited(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, state: State
) -> None:
    change(operators, made_run.draft, state=state)
    with pytest.raises(MoveRefused):
        edit(desk.database, desk.owner, made_run.draft, body_of(desk, made_run.draft, hook="New."), version=1)


def test_a_viewer_edits_nothing(desk: ReviewDesk, made_run: MadeRun) -> None:
    with pytest.raises(MoveRefused, match="A viewer may not"):
        edit(desk.database, desk.viewer, made_run.draft, body_of(desk, made_run.draft, hook="New."), version=1)


def test_deleted_content_is_restored_before_it_is_edited(desk: ReviewDesk, made_run: MadeRun) -> None:
    moving.delete(desk.database, desk.editor, made_run.draft)
    with pytest.raises(MoveRefused, match="Restore it first"):
        edit(desk.database, desk.editor, made_run.draft, body_of(desk, made_run.draft, hook="New."), version=2)


def test_a_note_that_is_too_long_is_refused(desk: ReviewDesk, made_run: MadeRun) -> None:
    with pytest.raises(WrongInput, match="note"):
        edit(desk.database, desk.editor, made_run.draft, {}, version=1, note="x" * (editing.LONGEST_NOTE + 1))


def test_going_back_is_a_further_revision(desk: ReviewDesk, made_run: MadeRun) -> None:
    first = body_of(desk, made_run.draft)
    edit(desk.database, desk.owner, made_run.draft, {**first, "hook": "Second."}, version=1)
    back = revert(desk.database, desk.editor, made_run.draft, 1, version=2)
    assert (back.body, back.state, back.version, back.revisions) == (first, State.EDITED, 3, 3)
    assert reading.get_revision(desk.database, made_run.draft, 3).note == "back to revision 1"
    assert told(desk, AuditEvent, AuditEvent.action) == ["content.edited", "content.reverted"]
    with pytest.raises(NotFound, match="no revision 9"):
        revert(desk.database, desk.editor, made_run.draft, 9, version=3)


def test_an_author_with_a_long_address_is_kept(desk: ReviewDesk, made_run: MadeRun) -> None:
    somebody = desk.editor.model_copy(update={"name": f"{'a' * 242}@example.com"})
    assert (
        edit(desk.database, somebody, made_run.draft, body_of(desk, made_run.draft, hook="New."), version=1).made_by
        == "a" * 128
    )


def test_what_is_written_anew_is_another_version_and_voids_approvals(
    desk: ReviewDesk, operators: Database, made_run: MadeRun
) -> None:
    moving.move(desk.database, desk.editor, made_run.draft, State.READY)
    contents.revise(operators, made_run.draft, _redone(operators, made_run), note="shorter")
    after = reading.get_content(desk.database, desk.editor, made_run.draft)
    assert (after.state, after.version, after.approval) == (State.GENERATED, 3, None)
    assert after.made_by == "offline/offline"
    assert told(desk, Event, Event.type)[-2:] == ["content.approval_voided", "content.regenerated"]


@pytest.mark.parametrize("gone", [{"state": "published"}, {"deleted_at": contents.utc_now()}])
def test_what_was_published_or_deleted_meanwhile_is_not_written_anew(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, gone: dict[str, Any]
) -> None:
    change(operators, made_run.draft, **gone)
    with pytest.raises(WrongInput):
        contents.revise(operators, made_run.draft, _redone(operators, made_run), note="")
    assert reading.get_content(desk.database, desk.editor, made_run.draft).version == 1


def _redone(operators: Database, made_run: MadeRun) -> Content:
    with operators.read() as session:
        run = _the_run(session, made_run)
    other = draft_of(run, made_run.ideas[0], "linkedin_post")
    body = {**other.body, "hook": "Quite another hook."}
    return draft_of(run, made_run.ideas[0], "linkedin_post", body=body, content_hash=contents.content_hash(body))


def _the_run(session: Session, made_run: MadeRun) -> Run:
    return session.get_one(Run, made_run.id)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("", "All new."),
        ("All gone.", ""),
        ("Ask the night shift first.", "Ask the day shift first, please."),
        ("  leading and\n\ntwo paragraphs", "leading and\ntwo paragraphs "),
        ("夜勤に聞く", "日勤に聞いた"),
        ("word " * 3000, "word " * 2999 + "end"),
    ],
)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    changes = diff(old, new)
    assert "".join(each.text for each in changes if each.op != "added") == old
    assert "".join(each.text for each in changes if each.op != "removed") == new


def test_a_difference_is_told_word_by_word() -> None:
    found = [(each.op, each.text) for each in diff("Ask the night shift first.", "Ask the day shift first.")]
    assert found == [("same", "Ask the "), ("removed", "night "), ("added", "day "), ("same", "shift first.")]
