"""The engine on one platform: each way through the table of states, and each failure's move."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from pressroom import publishers
from pressroom.errors import MoveRefused
from pressroom.model.publication_states import PartState
from pressroom.model.publishing import Sent
from pressroom.publishers.ledger import moves
from pressroom.publishers.sending.publisher import Job
from pressroom.review import publications
from pressroom.store import outbox
from pressroom.store.desk_tables import Outbox
from pressroom.store.publishing_tables import Publication
from sandbox.social.frame.faults import SocialFault
from tests.fixtures.press import Press

S = PartState


def test_an_approved_draft_goes_out_once_and_ends_published(press: Press) -> None:
    publication = press.ready("bluesky")
    press.work()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public() == 1
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public() == 1
    assert press.row(publication).permalink.startswith("https://bsky.app/profile/")


def test_a_lost_answer_is_asked_about_and_found(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.ACCEPT_THEN_CUT, "bluesky", path="putRecord")
    press.work()
    assert press.states(publication) == [S.UNKNOWN]
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public() == 1


def test_a_cut_before_the_platform_took_it_is_proven_absent_and_sent_again(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.CUT_BEFORE, "bluesky", path="putRecord")
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public() == 1
    assert press.parts(publication)[0].sends == 2


def test_a_platform_that_never_answers_ends_with_a_person(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.CUT_BEFORE, "bluesky", path="putRecord|getRecord", times=None)
    press.settle()
    assert press.states(publication) == [S.NEEDS_PERSON]
    press.server.faults.clear()
    publications.decide(press.database, press.caller, publication.id, "send")
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public() == 1


def test_a_busy_platform_is_tried_again_within_the_window(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.RATE_LIMIT, "bluesky", path="putRecord", seconds=120)
    press.work()
    assert press.states(publication) == [S.WAITING]
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]


def test_a_late_one_is_missed_and_can_be_planned_again(press: Press) -> None:
    publication = press.ready("bluesky")
    press.forward(minutes=61)
    press.work()
    assert press.states(publication) == [S.MISSED]
    assert press.public() == 0
    publications.move(press.database, press.caller, publication.id, "now")
    press.work()
    assert press.states(publication) == [S.PUBLISHED]


def test_an_edit_after_planning_keeps_it_from_going_out(press: Press) -> None:
    content, channel = press.draft(), press.channel("bluesky")
    publication = press.plan(content, channel)
    with press.database.write() as session:
        row = session.merge(content)
        row.content_hash = "0" * 64
        session.add(row)
    press.work()
    assert press.states(publication) == [S.CANCELLED]
    assert press.row(publication).reason_code == "approval_void"
    assert press.public() == 0


def test_an_expired_token_is_renewed_and_nothing_is_lost(press: Press) -> None:
    publication = press.ready("bluesky")
    standin = press.server["bluesky"]
    for token, held in standin.tokens.items():
        if not held["refresh"]:
            standin.tokens[token]["until"] = 0.0
    press.settle(hours=1)
    assert press.states(publication) == [S.PUBLISHED]
    assert standin.counts["refresh"] == 1


def test_a_revoked_token_needs_a_person_and_a_new_one_goes_on(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server["bluesky"].revoke()
    press.work()
    assert press.states(publication) == [S.NEEDS_ACCOUNT]
    assert press.public() == 0


def test_a_restored_database_asks_before_it_sends(press: Press, tmp_path: Path) -> None:
    publication = press.ready("bluesky")
    live, backup = str(press.database.url.database), str(tmp_path / "backup.db")
    _copy(live, backup)
    press.work()
    assert press.public() == 1
    _copy(backup, live)
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public() == 1


@pytest.mark.parametrize("platform", ["bluesky"])
def test_two_workers_at_once_send_one(press: Press, platform: str) -> None:
    publication = press.ready(platform)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: press.work(), range(2)))
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.public(platform) == 1


def _copy(source: str, target: str) -> None:
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)


def test_a_thread_that_stopped_goes_on_from_the_part_that_is_not_out(press: Press) -> None:
    publication = press.ready("x")
    with press.database.write() as session:
        parts = moves.parts_of(session, publication.id)
        count = len(parts)
        for part in parts[1:]:
            part.state = S.REFUSED.value
            session.add(part)
    press.work()
    assert press.state(publication) == "partial"
    publications.move(press.database, press.caller, publication.id, "now")
    press.settle()
    assert press.states(publication) == [S.PUBLISHED] * count
    assert press.public("x") == count
    with pytest.raises(MoveRefused):
        publications.move(press.database, press.caller, publication.id, "now")


def test_what_vanished_is_confirmed_gone_without_asking_the_platform(press: Press) -> None:
    publication = press.ready("bluesky")
    press.work()
    with press.database.write() as session:
        [part] = moves.parts_of(session, publication.id)
        moves.move_part(session, session.get_one(Publication, publication.id), part, S.VANISHED)
    publications.delete(press.database, press.caller, press.access, publication.id)
    assert press.states(publication) == [S.DELETED]
    assert press.public() == 1


@pytest.mark.parametrize("hours", [3, -3, 30, -30])
def test_clocks_that_differ_or_jump_make_no_second_post(press: Press, hours: int) -> None:
    """Ours is wrong by hours while it sends, and is set right before the platform's list is read."""
    press.ahead += timedelta(hours=hours)
    publication = press.ready("x")
    press.server.fail(SocialFault.ACCEPT_THEN_CUT, "x", path="/2/tweets", method="POST")
    press.work()
    assert press.states(publication)[0] is S.UNKNOWN
    press.ahead -= timedelta(hours=hours)
    with press.database.write() as session:  # the rows of the outbox are due by the clock of then
        for row in session.exec(select(Outbox)).all():
            row.due_at = press.now()
            session.add(row)
    press.settle()
    words = [post.text for post in press.server["x"].posts.values()]
    assert len(words) == len(set(words))
    assert press.states(publication)[0] in {S.PUBLISHED, S.NEEDS_PERSON}


def test_a_program_can_not_cancel_what_may_be_public(press: Press) -> None:
    publication = press.ready("pinterest")
    press.server.fail(SocialFault.ACCEPT_THEN_CUT, "pinterest", path="/v5/pins$", method="POST")
    press.server.fail(SocialFault.STATUS, "pinterest", method="GET", path="pins", times=None)
    press.settle(hours=30)
    assert press.states(publication) == [S.NEEDS_PERSON]
    with pytest.raises(MoveRefused, match="may be public"):
        publications.cancel(press.database, press.caller, publication.id)


def test_a_worker_that_lost_its_claim_changes_nothing_but_by_a_post_s_id(press: Press) -> None:
    """While it sends, another worker takes over and leaves the part to a person; then the answer comes after all."""
    publication = press.ready("bluesky")
    publisher = publishers.get("bluesky")
    send = type(publisher).send

    def slow(job: Job) -> Sent:
        sent = send(publisher, job)
        with press.database.write() as session:
            claimed = session.exec(select(Outbox).where(Outbox.state == "claimed")).one()
            claimed.attempts += 1
            row, part = session.get_one(Publication, publication.id), moves.parts_of(session, publication.id)[0]
            moves.move_part(session, row, part, S.UNKNOWN)
            moves.move_part(session, row, part, S.NEEDS_PERSON)
            session.add(claimed)
        return sent

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publisher, "send", slow, raising=False)
        press.engine.advance(press.engine.claim(1)[0])
    assert press.states(publication) == [S.SENT]
    assert press.parts(publication)[0].remote_id.startswith("at://")


def test_a_restored_row_that_was_sent_before_is_asked_about_again(press: Press, tmp_path: Path) -> None:
    """The backup is of a moment at which the first attempt had been refused for a while."""
    publication = press.ready("pinterest")
    press.server.fail(SocialFault.RATE_LIMIT, "pinterest", path="/v5/pins$", method="POST", seconds=30)
    press.work()
    assert press.states(publication) == [S.WAITING]
    live, backup = str(press.database.url.database), str(tmp_path / "backup.db")
    _copy(live, backup)
    press.settle(hours=1)
    assert press.public("pinterest") == 1
    _copy(backup, live)
    press.forward(minutes=-20)
    press.settle()
    assert press.public("pinterest") == 1
    assert press.states(publication)[0] in {S.PUBLISHED, S.NEEDS_PERSON}


def test_a_post_that_a_person_found_without_its_id_is_not_said_to_be_deleted(press: Press) -> None:
    publication = press.ready("pinterest")
    press.server.fail(SocialFault.ACCEPT_THEN_CUT, "pinterest", path="/v5/pins$", method="POST")
    press.server.fail(SocialFault.STATUS, "pinterest", method="GET", path="pins", times=None)
    press.settle(hours=30)
    press.server.faults.clear()
    publications.decide(press.database, press.caller, publication.id, "there", permalink="https://example.com/pin/1")
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    with pytest.raises(MoveRefused, match="not known"):
        publications.delete(press.database, press.caller, press.access, publication.id)


def test_a_person_s_word_while_a_worker_ends_its_claim_is_heard_at_once(press: Press) -> None:
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.CUT_BEFORE, "bluesky", path="putRecord|getRecord", times=None)
    press.settle(hours=30)
    assert press.states(publication) == [S.NEEDS_PERSON]
    press.server.faults.clear()
    press.forward(hours=30)
    [claimed] = press.engine.claim(1)
    publications.decide(press.database, press.caller, publication.id, "send")
    with press.database.write() as session:
        outbox.postpone(session, claimed, press.now() + timedelta(days=1))
    press.settle(hours=1)
    assert press.states(publication) == [S.PUBLISHED]


def test_an_answer_in_an_unknown_form_before_the_call_is_a_later_try_not_an_error_of_ours(press: Press) -> None:
    """The row was given back every five minutes for ever, and everything that was due seemed to stand still."""
    publication = press.ready("bluesky")
    press.server.fail(SocialFault.NO_ID, "bluesky", path="getSession")
    press.work()
    assert press.states(publication) == [S.WAITING]
    assert "in a form that is unknown" in press.parts(publication)[0].reason
    press.settle()
    assert (press.states(publication), press.public()) == ([S.PUBLISHED], 1)


def test_a_post_whose_file_is_gone_is_refused_with_the_next_step(press: Press) -> None:
    for platform in ("pinterest", "tiktok"):  # read for the one call that counts, and before it
        publication = press.ready(platform)
        (medium,) = press.row(publication).approved["media"]
        press.store.delete(medium["key"])
        press.work()
        (part,) = press.parts(publication)
        assert (part.state, part.reason_code) == (S.REFUSED, "file_gone")
        assert part.hint == "Attach it again, then approve the draft."
        assert press.public(platform) == 0


def test_what_follows_a_post_has_a_day_and_then_a_person_may_go_on_with_it(press: Press) -> None:
    """A thread whose platform was away was tried every hour for ever."""
    publication = press.ready("x")
    press.server.fail(SocialFault.RATE_LIMIT, "x", path="tweets", times=None, skip=2, seconds=3600)
    press.settle()
    states = press.states(publication)
    assert (states[:2], set(states[2:])) == ([S.PUBLISHED, S.MISSED], {S.PLANNED})
    assert press.parts(publication)[1].reason == "It did not go out within a day of the post before it."
    assert press.state(publication) == "partial"
    press.server.faults.clear()
    publications.move(press.database, press.caller, publication.id, "now")
    press.settle()
    assert set(press.states(publication)) == {S.PUBLISHED}
