"""Publishing by chance: plans, edits, faults, tokens, pauses, dead workers and people, in any order.

After each step each post was made at most once, and the ledger agrees; three days later each publication is at an end
or waits for a person. The truth is what the stand-ins ever made.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from pressroom import publishers
from pressroom.errors import PressroomError
from pressroom.model.publication_states import NOT_OUT, OUT, STATES, PartState, PublicationState
from pressroom.model.slots import wall_of
from pressroom.review import publications
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.store.tables import Content
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.standin import Post
from tests.fixtures.extent import ALL_CASES, ALL_FAULTS
from tests.fixtures.killing import Killed, end_claims, steps
from tests.fixtures.press import Press, sentence

S, P, F = PartState, PublicationState, SocialFault
PLATFORMS = ("bluesky", "x")
"""One that knows a post by our key, and one whose list has to be read."""

SENDING, READING, ACCOUNT, RENEWING = r"putRecord|/2/tweets$", r"getRecord|tweets", r"getSession|/me$", r"refresh|token"
NOTHING_DONE = (F.CUT_BEFORE, F.STATUS, F.RATE_LIMIT)
DONE = (F.ACCEPT_THEN_CUT, F.ACCEPT_THEN_STATUS, F.GARBAGE, F.NO_ID)

AT_AN_END = {P.PUBLISHED, P.PARTIAL, P.REFUSED, P.MISSED, P.CANCELLED, P.DELETED}
WAITING_FOR_PEOPLE = {P.NEEDS_ACCOUNT, P.NEEDS_PERSON, P.MISMATCH, P.VANISHED}

platforms, often = st.sampled_from(PLATFORMS), st.sampled_from((1, 1, 2, 6))


class Publishing(RuleBasedStateMachine):
    """One press over some days, on a copy of an empty database."""

    planned = Bundle("planned")

    def __init__(self, press: Press, empty: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.press, self.patch = press, patch
        self.rows: list[str] = []
        copy(empty, Path(str(press.database.url.database)))
        press.server.reset()
        press.ahead, press.server.clock.ahead = timedelta(), 0.0

    @initialize()
    def connect(self) -> None:
        self.channels = {name: self.press.channel(name) for name in PLATFORMS}

    @rule(target=planned, name=platforms, posts=st.integers(1, 3), minutes=st.sampled_from((0, 0, 5, 90)))
    def plan(self, name: str, posts: int, minutes: int) -> str:
        texts = [sentence(len(self.rows), number) for number in range(posts)]
        words: dict[str, Any] = {"posts": texts} if name == "x" else {"message": texts[0]}
        with self.press.database.read() as session:
            zone = publications.workspace_zone(session, self.press.workspace.id, self.press.source)
        later = wall_of(self.press.now(), zone) + timedelta(minutes=minutes)
        row = self.press.plan(self.press.draft(name, **words), self.channels[name], at=later if minutes else "now")
        self.rows.append(row.id)
        return row.id

    @rule(which=planned)
    def edit(self, which: str) -> None:
        with self.press.database.write() as session:
            content = session.get_one(Content, session.get_one(Publication, which).content_id)
            content.content_hash = "0" * 64
            session.add(content)

    @rule(which=planned, how=st.sampled_from(("move", "cancel", "delete", "accept")))
    def act(self, which: str, how: str) -> None:
        base, caller = self.press.database, self.press.caller
        with suppress(PressroomError):
            match how:
                case "move":
                    publications.move(base, caller, which, "now")
                case "cancel":
                    publications.cancel(base, caller, which)
                case "delete":
                    publications.delete(base, caller, self.press.access, which)
                case "accept":
                    publications.accept(base, caller, which)

    @rule(which=planned, named=st.booleans(), otherwise=st.sampled_from(("send", "leave")))
    def decide(self, which: str, named: bool, otherwise: publications.Decision) -> None:
        """A person looks at the platform, and says what is true."""
        publication, parts = self.read(which)
        part = next((one for one in parts if one.state == S.NEEDS_PERSON), None)
        if part is None:
            return
        made = self.made(publication, part)
        remote_id = made[0].id if made and named else ""
        decision: publications.Decision = "there" if made else otherwise
        publications.decide(self.press.database, self.press.caller, which, decision, remote_id=remote_id)

    @rule(name=platforms, fault=st.sampled_from(NOTHING_DONE), status=st.sampled_from((400, 401, 403, 404, 500, 503)),
          path=st.sampled_from(("", SENDING, READING, ACCOUNT, RENEWING)), times=often)  # fmt: skip
    def refuse(self, name: str, fault: SocialFault, status: int, path: str, times: int) -> None:
        self.press.server.fail(fault, name, status=status, path=path, times=times, seconds=90)

    @rule(name=platforms, fault=st.sampled_from(DONE), status=st.sampled_from((500, 502, 504)),
          path=st.sampled_from(("", SENDING, READING)), times=often)  # fmt: skip
    def lose_the_answer(self, name: str, fault: SocialFault, status: int, path: str, times: int) -> None:
        self.press.server.fail(fault, name, status=status, path=path, times=times)

    @rule(name=platforms, seconds=st.sampled_from((0.0, 30.0, 300.0)))
    def lists_lag(self, name: str, seconds: float) -> None:
        self.press.server[name].list_delay = seconds

    @rule(name=platforms, how=st.sampled_from(("expire", "revoke", "connect", "pause", "go on", "mend")))
    def channel(self, name: str, how: str) -> None:
        match how:
            case "expire":
                for held in self.press.server[name].tokens.values():
                    held["until"] = held["until"] if held.get("refresh") else 0.0
            case "revoke":
                self.press.server[name].revoke()
            case "connect":
                self.press.channel(name)
            case "mend":
                self.press.server.faults.clear()
            case _:
                self.pause(name, how == "pause")

    @rule(seconds=st.sampled_from((5, 20, 70, 700, 4000, 86_400)))
    def later(self, seconds: int) -> None:
        self.press.forward(seconds=seconds)

    @rule()
    def work(self) -> None:
        self.press.work()

    @rule(step=st.integers(1, 60))
    def die(self, step: int) -> None:
        """A worker that ends as by `kill -9`, anywhere on its way."""
        with suppress(Killed), steps(self.patch, die_at=step):
            self.press.work()
        end_claims(self.press)

    @invariant()
    def each_post_was_made_at_most_once_and_the_ledger_agrees(self) -> None:
        for which in self.rows:
            publication, parts = self.read(which)
            for part in parts:
                state, made = S(part.state), len(self.made(publication, part))
                told = (publication.channel_id, part.position, state, part.reason)
                assert made <= 1, told
                assert made == 1 or state not in OUT, told
                assert made == 0 or state not in NOT_OUT, told
                assert part.position == 0 or all(post.parent for post in self.made(publication, part)), told
                assert made == 0 or state is S.DELETED or STATES[state].public is not False, told

    def teardown(self) -> None:
        self.press.server.faults.clear()
        for name in PLATFORMS:
            self.press.server[name].list_delay = 0.0
            self.pause(name, False)
        self.press.settle(hours=72)
        self.each_post_was_made_at_most_once_and_the_ledger_agrees()
        for which in self.rows:
            publication, parts = self.read(which)
            told = (publication.state, [(part.state, part.reason) for part in parts])
            assert P(publication.state) in AT_AN_END | WAITING_FOR_PEOPLE, told

    def pause(self, name: str, paused: bool) -> None:
        with self.press.database.write() as session:
            row = session.get_one(ChannelRow, self.channels[name].id)
            row.paused = paused
            session.add(row)

    def read(self, which: str) -> tuple[Publication, list[PublicationPart]]:
        with self.press.database.read() as session:
            publication = session.get_one(Publication, which)
        return publication, self.press.parts(publication)

    def made(self, publication: Publication, part: PublicationPart) -> list[Post]:
        """The posts that the platform ever made of a part, known by their words."""
        platform = publication.approved["platform"]
        publisher = publishers.get(platform)
        words = publisher.comparable(publisher.as_sent(publication.approved["parts"][part.position]["text"]))
        posts = self.press.server[platform].posts.values()
        return [post for post in posts if publisher.comparable(post.text) == words]


@pytest.mark.timeout(900 if ALL_CASES else 120)
def test_whatever_happens_each_post_is_made_at_most_once(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.db"
    copy(Path(str(press.database.url.database)), empty)
    examples, length = (100, 30) if ALL_FAULTS else (8, 20) if ALL_CASES else (2, 12)
    run_state_machine_as_test(
        lambda: Publishing(press, empty, monkeypatch),
        settings=settings(
            max_examples=examples, stateful_step_count=length, deadline=None, database=None, derandomize=not ALL_CASES,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
