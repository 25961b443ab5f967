"""Share links: what a client reads by one and what not, how it ends, and what of it the workspace sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from pressroom.errors import Forbidden, NotFound, WrongInput
from pressroom.model import Origin, State
from pressroom.review import commenting, moving, sharing
from pressroom.store.account_tables import AuditEvent, Membership
from pressroom.store.desk_tables import ShareLink
from pressroom.store.tables import utc_now
from pressroom.vault import token_hash
from tests.fixtures.desk import FORMATS, MadeRun
from tests.pressroom.review.review_desk import ReviewDesk

HERE = Origin(address="192.0.2.7", agent="Firefox")


def test_a_client_reads_one_draft_and_comments_on_it(desk: ReviewDesk, made_run: MadeRun) -> None:
    database, draft = desk.database, made_run.draft
    commenting.comment(database, desk.editor, draft, "Never mind the client, @viewer.")
    commenting.comment(database, desk.owner, draft, "Is the number right?", for_clients=True)
    _, other = sharing.share(database, desk.owner, "Other client", 7, content_id=draft)
    sharing.comment(sharing.visit(database, other, HERE), draft, "From another client.")
    made, token = sharing.share(database, desk.editor, " Harbour  Mill ", 7, content_id=draft)
    visit = sharing.visit(database, token, HERE)
    assert (made.client, visit.drafts, visit.caller.user_id) == ("Harbour Mill", (draft,), None)
    sharing.comment(visit, draft, "It is. @viewer")
    [shown] = sharing.shared_drafts(visit)
    assert [(one.author, one.text, one.by_client) for one in shown.comments] == [
        ("Owner", "Is the number right?", False), ("Harbour Mill", "It is. @viewer", True),
    ]  # fmt: skip
    for stranger in (made_run.content[2, "linkedin_post"], made_run.content[1, "x_thread"]):
        with pytest.raises(NotFound, match="no such"):
            sharing.comment(visit, stranger, "Hello.")
        with pytest.raises(NotFound, match="no such"):
            sharing.shared_file(visit, stranger, 0)
    for text in ("", " ", "x" * 4001, "a\x00b"):
        with pytest.raises(WrongInput):
            sharing.comment(visit, draft, text)


def test_what_a_client_says_is_marked_and_told_to_who_made_the_link(desk: ReviewDesk, made_run: MadeRun) -> None:
    database, draft = desk.database, made_run.draft
    _, token = sharing.share(database, desk.editor, "Harbour Mill", 7, content_id=draft)
    sharing.comment(sharing.visit(database, token, HERE), draft, "Good. @owner")
    [said] = commenting.comments_of(database, desk.program, draft)
    assert (said.author, said.by_client, said.is_mine) == ("Harbour Mill", True, False)
    told = commenting.list_notifications(database, desk.editor).items
    assert [(one.kind, one.by) for one in told] == [("commented", "Harbour Mill (client)")]
    assert commenting.list_notifications(database, desk.owner).items == []
    for caller in (desk.owner, desk.program):
        with pytest.raises(Forbidden, match="Only the author"):
            commenting.withdraw(database, caller, draft, said.id)
    with database.read() as session:
        lines = session.exec(select(AuditEvent).where(AuditEvent.subject_id == draft).order_by(AuditEvent.created_at))
        assert [(line.action, line.actor, line.address) for line in lines] == [
            ("share_link.made", "editor@example.com", "127.0.0.1"),
            ("share_link.opened", "Harbour Mill (client)", "192.0.2.7"),
            ("share_link.commented", "Harbour Mill (client)", "192.0.2.7"),
        ]


def test_the_link_to_an_idea_leaves_out_what_is_rejected_or_deleted(desk: ReviewDesk, made_run: MadeRun) -> None:
    database = desk.database
    _, token = sharing.share(database, desk.editor, "Harbour Mill", 7, idea_id=made_run.ideas[0])
    ids = [made_run.content[1, form] for form in FORMATS]
    assert set(sharing.visit(database, token, HERE).drafts) == set(ids)
    moving.move(database, desk.editor, ids[0], State.REJECTED)
    moving.delete(database, desk.editor, ids[1])
    assert sharing.visit(database, token, HERE).drafts == (ids[2],)
    moving.move(database, desk.editor, ids[2], State.REJECTED)
    with pytest.raises(NotFound):
        sharing.visit(database, token, HERE)


def test_a_link_ends(desk: ReviewDesk, made_run: MadeRun) -> None:
    """By its day, by a revocation, with its draft, with its maker's membership; a wrong token never works."""
    database = desk.database
    for ending in (
        update(ShareLink).values(expires_at=utc_now() - timedelta(seconds=1)),
        delete(Membership).where(col(Membership.user_id) == desk.editor.user_id),
    ):
        _, token = sharing.share(database, desk.editor, "Harbour Mill", 1, content_id=made_run.draft)
        sharing.visit(database, token, HERE)
        with database.write() as session:
            session.execute(ending)
        with pytest.raises(NotFound, match="expired or was revoked"):
            sharing.visit(database, token, HERE)
    made, token = sharing.share(database, desk.owner, "Harbour Mill", 1, content_id=made_run.draft)
    sharing.revoke(database, desk.editor, made.id)
    with pytest.raises(NotFound):
        sharing.revoke(database, desk.editor, made.id)
    _, deleted = sharing.share(database, desk.owner, "Harbour Mill", 1, content_id=made_run.draft)
    moving.delete(database, desk.editor, made_run.draft)
    for wrong in (token, deleted, deleted[:-1] + "_", "", "prl_x", token_hash(deleted), deleted.replace("prl", "prs")):
        with pytest.raises(NotFound, match="expired or was revoked"):
            sharing.visit(database, wrong, HERE)


def test_what_is_refused(desk: ReviewDesk, made_run: MadeRun, their_run: MadeRun) -> None:
    database, draft = desk.database, made_run.draft
    with pytest.raises(Forbidden, match="Only a person"):
        sharing.share(database, desk.program, "Client", 7, content_id=draft)
    for client, days in (("", 7), ("x" * 101, 7), ("Client", 0), ("Client", 91)):
        with pytest.raises(WrongInput):
            sharing.share(database, desk.editor, client, days, content_id=draft)
    for about in ({"content_id": their_run.draft}, {"idea_id": their_run.ideas[0]}, {"idea_id": "x"}, {}):
        with pytest.raises(NotFound):
            sharing.share(database, desk.editor, "Client", 7, **about)
    assert sharing.list_links(database, desk.owner) == []
    made, token = sharing.share(database, desk.editor, "Client", 7, content_id=draft)
    with database.read() as session:
        assert session.exec(select(ShareLink.token_hash)).one() == token_hash(token)
    of_idea, _ = sharing.share(database, desk.editor, "Client", 7, idea_id=made_run.ideas[0])
    listed = [
        sharing.list_links(database, desk.viewer, content_id=draft),
        sharing.list_links(database, desk.viewer, content_id=made_run.content[1, "x_thread"]),
        sharing.list_links(database, desk.viewer, idea_id=made_run.ideas[0]),
    ]
    assert [{one.id for one in found} for found in listed] == [{made.id, of_idea.id}, {of_idea.id}, {of_idea.id}]
