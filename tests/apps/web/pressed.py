"""A press on the desk's own database, with stand-ins for the platforms: publications as pages show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from pressroom.model import Caller, Role
from pressroom.settings import Settings
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.tables import Content, Revision, Run, Workspace
from pressroom.vault import Vault
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.desk import OURS, SETTINGS, MadeRun, add_person
from tests.fixtures.press import CLOCKS, Press


class DeskPress(Press):
    """A press whose drafts have the wording that the desk's pages show."""

    def draft(self, platform: str = "bluesky", *, approve: bool = True, **changes: Any) -> Content:
        content = super().draft(platform, approve=approve, **changes)
        of = {"workspace_id": content.workspace_id, "content_id": content.id, "author": "offline"}
        with self.database.write() as session:
            session.add(Revision(**of, number=1, body=content.body, text=content.text))
        return content


@pytest.fixture(scope="session")
def social() -> Iterator[SocialServer]:
    with SocialServer() as running:
        yield running


@pytest.fixture
def desk_url(desk_sqlite_url: str, social: SocialServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The desk's database; its platforms are the stand-ins."""
    monkeypatch.setitem(SETTINGS, "PRESSROOM_SOCIAL_SANDBOX", social.url)
    return desk_sqlite_url


@pytest.fixture
def press(
    made_run: MadeRun, operators: Database, desk_settings: Settings, social: SocialServer,
    monkeypatch: pytest.MonkeyPatch,
) -> DeskPress:  # fmt: skip
    """A press of the workspace `ours`, whose clock can be set forward."""
    social.reset()
    social.clock.ahead = 0.0
    user_id, home = add_person(operators, "ada@example.com", Role.EDITOR, OURS)
    with operators.read() as session:
        run = session.exec(select(Run).where(Run.id == made_run.id)).one()
        workspace = session.get_one(Workspace, home)
    caller = Caller(workspace_id=home, workspace=OURS, role=Role.EDITOR, name="ada@example.com", user_id=user_id)
    store, vault = ArtifactStore(desk_settings.resolved_store_url), Vault.from_settings(desk_settings)
    made = DeskPress(operators, vault, store, social, desk_settings, caller, workspace, run)
    for module in CLOCKS:
        monkeypatch.setattr(module, "clock", lambda _session: made.now())
    return made


def one_of_each(press: Press) -> dict[str, str]:
    """Ids of publications by their state: planned, published, needs_person, missed, mismatch."""
    channel, ids = press.channel("bluesky"), {}
    unclear = press.plan(press.draft(message="Is it out?"), channel)
    press.server.fail(SocialFault.CUT_BEFORE, "bluesky", path="putRecord|getRecord", times=None)
    press.settle()
    press.server.faults.clear()
    ids["needs_person"] = unclear.id
    ids["published"] = press.plan(press.draft(message="It is out."), channel).id
    press.settle(hours=1)
    ids["missed"] = press.plan(press.draft(message="It was late."), channel).id
    press.forward(minutes=61)
    press.work()
    ids["planned"] = press.plan(press.draft(message="It comes."), channel, at="next_free").id
    return ids
