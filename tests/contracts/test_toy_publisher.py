"""The recipe of CONTRIBUTING tried: a publisher is three files, and the contract of all publishers holds for it."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from pressroom import platforms, publishers
from sandbox import social
from sandbox.social.frame.server import SocialServer
from tests.contracts import test_publishers
from tests.fixtures.social import desk_at
from tests.pressroom.platforms.test_platforms import TOY

NUMBERS = """
[uploads]
source = "plaza.example/docs"
checked = 2026-11-30

[publishing]
source = "plaza.example/docs"
checked = 2026-11-30

[words]
"""

PUBLISHER = '''
    """Plaza."""

    from datetime import datetime

    from pydantic import SecretStr

    from pressroom.model.publishing import Account, Certainty, Listed, Metrics, Reading, RemoteRef, Sent
    from pressroom.publishers.sending import asking
    from pressroom.publishers.sending.credentials import Credentials
    from pressroom.publishers.sending.line import Rule
    from pressroom.publishers.sending.publisher import Password, Publisher


    class Plaza(Publisher):
        platform = "plaza"
        bases = {"api": "https://api.plaza.example"}
        connection = Password(asks=(("secret", "Token", "from the settings of your account"),))
        certainty = Certainty.GOOD
        proof = "The account's own notes are listed."
        rules = (Rule("refused", status=(400,)),)

        def sign_in(self, line, given):
            return Credentials(access=SecretStr(given["secret"]))

        def accounts(self, line):
            said = line.value(line.get("api:/me"))
            return (Account(remote_id=said["id"], name=said["name"]),)

        def whoami(self, line, channel):
            return line.value(line.get("api:/me"), "id")

        def send(self, job):
            reply = job.line.post("api:/notes", json={"text": job.part.text})
            return Sent(ref=RemoteRef(remote_id=job.line.value(reply, "id")))

        def ask(self, job):
            page = lambda cursor: (notes(job.line), "")
            return asking.among(self, job, asking.walk(page, asking.window_start(job)))

        def read_back(self, job, ref):
            found = (note for note in notes(job.line) if note.ref.remote_id == ref.remote_id)
            return next((Reading(ref=note.ref, text=note.text) for note in found), None)

        def collect(self, line, channel, remote_ids):
            return [Metrics(remote_id=each, values={"likes": 1}) for each in remote_ids]

        def delete(self, line, channel, ref):
            line.call("DELETE", f"api:/notes/{ref.remote_id}", ok=(204, 404))


    def notes(line):
        found = line.value(line.get("api:/notes"), "notes")
        return [
            Listed(
                ref=RemoteRef(remote_id=note["id"]), text=note["text"], created_at=datetime.fromisoformat(note["at"])
            )
            for note in found
        ]


    PUBLISHER = Plaza()
'''

STANDIN = '''
    """Plaza."""

    from datetime import UTC, datetime

    from sandbox.social.frame.standin import Account, Refuse, Standin, answer, route


    class PlazaStandin(Standin):
        name = "plaza"
        title = "Plaza"

        def start(self):
            self.add_account(Account(id="1", name="demo"))

        def seed(self):
            return {"account": {"remote_id": "1", "name": "demo"}, "credentials": {"access": self.grant("1")}}

        def known(self, call):
            account = self.account_of(call.token)
            if account is None:
                raise Refuse(answer({"message": "Unknown token."}, 401))
            return account

        @route("GET", "/api/me")
        def me(self, call):
            return answer({"id": self.known(call).id, "name": "demo"})

        @route("POST", "/api/notes")
        def write(self, call):
            return answer({"id": self.publish(self.known(call).id, call.json["text"]).id}, 201)

        @route("GET", "/api/notes")
        def notes(self, call):
            listed = self.listed(self.known(call).id)
            at = lambda post: datetime.fromtimestamp(post.created_at, UTC).isoformat()
            return answer({"notes": [{"id": post.id, "text": post.text, "at": at(post)} for post in listed]})

        @route("DELETE", "/api/notes/{id}")
        def take_down(self, call):
            self.known(call)
            self.posts[call.found["id"]].public = False
            return answer(None, 204)


    STANDIN = PlazaStandin
'''


@pytest.fixture
def plaza(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The three files: numbers among those of the platforms, publisher and stand-in as another package brings them."""
    for name in platforms.names():
        (tmp_path / f"{name}.toml").write_bytes(platforms.FOLDER.joinpath(f"{name}.toml").read_bytes())
    (tmp_path / "plaza.toml").write_text(TOY.replace("most = 20", "most = 2000").replace("[words]\n", NUMBERS.lstrip()))
    (tmp_path / "toy_plaza.py").write_text(textwrap.dedent(PUBLISHER))
    (tmp_path / "toy_plaza_standin.py").write_text(textwrap.dedent(STANDIN))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(platforms, "FOLDER", tmp_path)
    entries = {publishers.REGISTRY: "toy_plaza:PUBLISHER", social.REGISTRY: "toy_plaza_standin:STANDIN"}
    for known, value in entries.items():
        entry = EntryPoint("plaza", value, known.package)
        names = (*known.names, "plaza")
        monkeypatch.setitem(known.__dict__, "_outside", {**known._outside, "plaza": entry})
        monkeypatch.setitem(known.__dict__, "names", names)
    caches = (platforms.names, platforms._load)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()
    for known in entries:
        known._loaded.pop("plaza", None)
    for name in ("toy_plaza", "toy_plaza_standin"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("plaza")
def test_a_publisher_is_three_files_and_the_contract_holds_for_it() -> None:
    held = [
        check
        for name, check in vars(test_publishers).items()
        if name.startswith("test_") and list(inspect.signature(check).parameters) == ["desk"]
    ]
    assert len(held) >= 15
    with SocialServer("plaza") as server:
        for check in held:
            server.reset()
            check(desk=desk_at(server, "plaza"))
