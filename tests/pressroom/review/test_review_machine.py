"""Whatever several people do to one piece of content, in any order and with stale versions, nothing illegal happens.

A model says what should hold: states by the table, versions that only grow, an original that stays, an approval that
no other wording survives, one line in the audit log and one event for each change.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, func, select

from pressroom.errors import Conflict, MoveRefused, NotFound, RulesBroken, WrongInput
from pressroom.model import Caller, Role, State, lifecycle
from pressroom.review import attaching, editing, moving, reading
from pressroom.review.attachment_files import Maker
from pressroom.review.values import ContentDetail
from pressroom.store import contents
from pressroom.store.account_tables import AuditEvent
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.attachments import media_of
from pressroom.store.database import Database
from pressroom.store.desk_tables import Approval, Event
from pressroom.store.tables import Content, Revision, Run
from tests.fixtures.desk import OURS, add_picture, add_run, draft_of
from tests.fixtures.extent import ALL_CASES
from tests.pressroom.review.review_desk import ReviewDesk

# What leads somewhere comes more often than what is refused.
PEOPLE = st.sampled_from(["owner", "owner", "editor", "editor", "viewer", "program"])
HOOKS = st.sampled_from(["One hook.", "Another hook.", "A third hook."])
GOOD, BAD = ["ops", "data", "people"], ["too", "few"]
TAGS = st.sampled_from([GOOD, GOOD, GOOD, BAD])
AGE = st.sampled_from([0, 0, 0, 0, 1, 2])
"""How many versions ago somebody looked; mostly at what is there."""

AFTERWARDS = ["edit", "again", "media", State.REVIEWED, State.REJECTED, State.PUBLISHED, None]
PICTURES = st.lists(st.sampled_from([0, 1]), max_size=2, unique=True)
ALT_TEXTS = st.sampled_from(["A cat.", "Two cats."])

EXAMPLES = 8 if ALL_CASES else 4
"""Histories of 20 steps on each database, and others every time; 8 with TESTS_ALL_CASES=1."""

CHANGES = tuple(f"content.{done}" for done in ("edited", "reverted", "moved", "deleted", "restored", "media_changed"))
_REFUSALS = (Conflict, MoveRefused, RulesBroken, NotFound)


class Desk(RuleBasedStateMachine):
    """One piece of content, and what should be true of it."""

    desk: ClassVar[ReviewDesk]
    operators: ClassVar[Database]
    store: ClassVar[ArtifactStore]
    runs: ClassVar[int] = 0

    @initialize(quarantined=st.booleans())
    def a_draft(self, quarantined: bool) -> None:
        type(self).runs += 1
        made = add_run(self.operators, OURS, key=f"run {self.runs}")
        self.id = made.draft
        self.assets = [add_picture(self.operators, self.store, made, name=f"{number}.png") for number in range(2)]
        self.media: list[tuple[str, str]] = []
        if quarantined:
            with self.operators.write() as session:
                self._quarantine(session)
        self.state = State.QUARANTINED if quarantined else State.GENERATED
        self.original = self.now().body
        self.version, self.changes, self.deleted = 1, 0, False
        self.bodies: list[dict[str, Any]] = [self.original]
        self.approved: str | None = None

    def _quarantine(self, session: Session) -> None:
        row = session.get_one(Content, self.id)
        row.state, row.violations = "quarantined", [{"code": "cliche", "message": "A cliché.", "where": "text"}]
        session.add(row)

    def now(self) -> ContentDetail:
        return reading.get_content(self.desk.database, self.desk.owner, self.id)

    def someone(self, name: str) -> Caller:
        caller: Caller = getattr(self.desk, name)
        return caller

    def tried(self, allowed: bool, age: int, change: Callable[[], ContentDetail]) -> ContentDetail | None:
        """What `change` left; None when it was refused: exactly when it is not allowed, or made to an older version."""
        if allowed and age == 0:
            return change()
        with pytest.raises(_REFUSALS):
            change()
        return None

    @rule(name=PEOPLE, hook=HOOKS, tags=TAGS, age=AGE)
    def edit(self, name: str, hook: str, tags: list[str], age: int) -> None:
        self._edited(name, hook, tags, age)

    def _edited(self, name: str, hook: str, tags: list[str], age: int) -> None:
        caller, body = self.someone(name), {**self.original, "hook": hook, "hashtags": tags}
        self._worded(
            caller, body, age, lambda seen: editing.edit(self.desk.database, caller, self.id, body, version=seen)
        )

    @rule(name=PEOPLE, back=st.integers(0, 9), age=AGE)
    def revert(self, name: str, back: int, age: int) -> None:
        caller, number = self.someone(name), 1 + back % len(self.bodies)
        body = self.bodies[number - 1]
        self._worded(
            caller, body, age, lambda seen: editing.revert(self.desk.database, caller, self.id, number, version=seen)
        )

    def _worded(self, caller: Caller, body: dict[str, Any], age: int, change: Callable[[int], ContentDetail]) -> None:
        allowed = not self.deleted and lifecycle.can_edit(self.state, caller.role)
        after = self.tried(allowed, age, lambda: change(self.version - age))
        if after is None or body == self.bodies[-1]:
            return
        self.bodies.append(body)
        self.state, self.approved = State.EDITED, None
        self._changed()

    @rule(name=PEOPLE, pictures=PICTURES, alt_text=ALT_TEXTS, age=AGE)
    def change_media(self, name: str, pictures: list[int], alt_text: str, age: int) -> None:
        self._illustrated(name, pictures, alt_text, age)

    def _illustrated(self, name: str, pictures: list[int], alt_text: str, age: int) -> None:
        caller, chosen = self.someone(name), [self.assets[place] for place in pictures]
        wanted = [attaching.AttachmentRequest(asset_id=one.id, alt_text=alt_text) for one in chosen]
        maker = Maker(self.store, until=0)
        after = self.tried(
            not self.deleted and lifecycle.can_edit(self.state, caller.role),
            age,
            lambda: attaching.replace(self.desk.database, maker, caller, self.id, wanted, version=self.version - age),
        )
        media = [(one.sha256, alt_text) for one in chosen]
        if after is None or media == self.media:
            return
        self.media, self.approved = media, None
        self.state = State.EDITED if self.state is State.READY else self.state
        self._changed()

    @rule(name=PEOPLE, to=st.sampled_from(State), age=AGE)
    def move(self, name: str, to: State, age: int) -> None:
        self._moved(name, to, age)

    @precondition(lambda self: not self.deleted and lifecycle.can_move(self.state, State.READY, Role.EDITOR))
    @rule(
        hook=HOOKS,
        then=st.sampled_from(["edit", "again", "media", State.REVIEWED, State.REJECTED, State.PUBLISHED, None]),
    )
    def approve_and_go_on(self, hook: str, then: str | None) -> None:
        """What voids an approval, and what does not: left to chance, it would seldom come right after one."""
        self._moved("editor", State.READY, 0)
        self.it_is_as_it_should_be()
        if then == "edit":
            self._edited("owner", hook, GOOD, 0)
        elif then == "again":
            self._written_anew()
        elif then == "media":
            self._illustrated("owner", [] if self.media else [0], "Another.", 0)
        elif then:
            self._moved("owner", State(then), 0)

    @precondition(lambda self: self.deleted)
    @rule()
    def put_back(self) -> None:
        moving.restore(self.desk.database, self.desk.owner, self.id, version=self.version)
        self.deleted = False
        self._changed()

    def _moved(self, name: str, to: State, age: int) -> None:
        caller = self.someone(name)
        allowed = not self.deleted and lifecycle.can_move(self.state, to, caller.role, person=name != "program")
        if to is State.READY and self.now().violations:
            allowed = False
        after = self.tried(
            allowed, age, lambda: moving.move(self.desk.database, caller, self.id, to, version=self.version - age)
        )
        if after is None:
            return
        if to is State.READY:
            self.approved = after.content_hash
        elif to is not State.PUBLISHED:
            self.approved = None
        self.state = to
        self._changed()

    @rule(name=PEOPLE, gone=st.booleans(), age=AGE)
    def delete_or_restore(self, name: str, gone: bool, age: int) -> None:
        caller, change = self.someone(name), moving.delete if gone else moving.restore
        after = self.tried(
            lifecycle.can_delete(self.state, caller.role),
            age,
            lambda: change(self.desk.database, caller, self.id, version=self.version - age),
        )
        if after is not None and self.deleted is not gone:
            self.deleted = gone
            self._changed()

    @rule(to=st.sampled_from(State))
    def move_in_bulk(self, to: State) -> None:
        """Without a version: whatever is there. What is refused must leave it as it is."""
        before = self.version
        (outcome,) = moving.move_all(self.desk.database, self.desk.viewer, [self.id], to)
        assert not outcome.ok
        assert self.now().version == before

    @rule()
    def write_anew(self) -> None:
        """A flow does, which knows no version."""
        self._written_anew()

    def _written_anew(self) -> None:
        with self.operators.read() as session:
            run = session.get_one(Run, self.now().run.id)
        changed = draft_of(run, self.now().idea.id, "linkedin_post")
        if self.deleted or self.state not in lifecycle.REDOABLE:
            with pytest.raises(WrongInput, match=r"can't be written again|was deleted"):
                contents.revise(self.operators, self.id, changed, note="")
            return
        contents.revise(self.operators, self.id, changed, note="")
        self.bodies.append(changed.body)
        self.state, self.approved = State.GENERATED, None
        self.version += 1

    def _changed(self) -> None:
        self.version += 1
        self.changes += 1

    @invariant()
    def it_is_as_it_should_be(self) -> None:
        found = self.now()
        assert (found.state, found.version, found.deleted_at is not None) == (self.state, self.version, self.deleted)
        assert (found.body, found.original.body) == (self.bodies[-1], self.original)
        assert [(one.sha256, one.alt_text) for one in found.attachments] == self.media
        with self.desk.database.read() as session:
            assert found.content_hash == contents.content_hash(found.body, media_of(session, self.id))
        assert (found.approval and found.approval.content_hash) == self.approved
        assert (self.state in (State.READY, State.PUBLISHED)) == (self.approved is not None)
        if self.approved:
            assert not found.violations
        with self.desk.database.read() as session:
            self._check_rows(session)

    def _check_rows(self, session: Session) -> None:
        numbers = session.exec(select(Revision.number).where(Revision.content_id == self.id)).all()
        assert sorted(numbers) == list(range(1, len(self.bodies) + 1))
        standing = select(func.count()).select_from(Approval).where(col(Approval.voided_at).is_(None))
        assert session.exec(standing.where(Approval.content_id == self.id)).one() == (self.approved is not None)
        noted = session.exec(select(AuditEvent.action).where(AuditEvent.subject_id == self.id)).all()
        assert len(noted) == self.changes
        events = session.exec(select(Event.data).where(col(Event.type).in_(CHANGES))).all()
        versions = [data["version"] for data in events if data["content_id"] == self.id]
        assert len(versions) == len(set(versions)) == self.changes


def test_nothing_illegal_happens(desk: ReviewDesk, operators: Database, tmp_path: Path) -> None:
    Desk.store = ArtifactStore(str(tmp_path))
    Desk.desk, Desk.operators, Desk.runs = desk, operators, 0
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
