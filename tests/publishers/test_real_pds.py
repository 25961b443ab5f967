"""A real Bluesky server answers as the table of exchanges says; a stand-in that passes the table too can be trusted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from pydantic import SecretStr

from pressroom import publishers
from pressroom.errors import DuplicatePost
from pressroom.model.publishing import Absent, Approved, ApprovedPart, Channel, Found, PartKind
from pressroom.publishers.sending.line import Line, Phase, TokenRefused
from pressroom.publishers.sending.publisher import Job
from tests.fixtures import real_pds as fixture
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.real_pds import RealPds, Unavailable
from tests.fixtures.social import Files, Notes, at, picture
from tests.publishers import oracles
from tests.publishers.pds_calls import POST, POSTS
from tests.publishers.pds_exchanges import exchanges


def test_the_server_answers_as_the_table_says(real_pds: RealPds) -> None:
    assert exchanges(real_pds.url, real_pds.create_account("alice.test"), real_pds.expired) == {}


def test_an_account_that_was_taken_down_hides_its_records_and_they_are_not_absent(real_pds: RealPds) -> None:
    account = real_pds.create_account("taken.test")
    session = real_pds.sign_in(account)
    place = {"repo": account.did, "collection": POSTS, "rkey": "3kaaaaaaaaaaa"}
    real_pds.call("com.atproto.repo.putRecord", {**place, "record": POST}, session["accessJwt"])
    real_pds.take_down(account)
    with pytest.raises(httpx2.HTTPStatusError) as refused:
        real_pds.call("com.atproto.repo.putRecord", {**place, "record": POST}, session["accessJwt"])
    assert (refused.value.response.status_code, refused.value.response.json()["error"]) == (401, "AccountTakedown")
    answer = httpx2.get(f"{real_pds.url}/xrpc/com.atproto.repo.getRecord", params=place)
    assert (answer.status_code, answer.json()["error"]) == (502, "UpstreamFailure")


def test_a_post_is_read_by_an_independent_client(real_pds: RealPds) -> None:
    account = real_pds.create_account("carol.test")
    body = {"repo": account.did, "collection": POSTS, "rkey": "3kaaaaaaaaaaa", "record": POST}
    real_pds.call("com.atproto.repo.putRecord", body, real_pds.sign_in(account)["accessJwt"])
    posts = oracles.bluesky_posts(real_pds.url, account.did)
    assert {uri.rpartition("/")[2]: post.text for uri, post in posts.items()} == {"3kaaaaaaaaaaa": POST["text"]}


@pytest.fixture
def job(real_pds: RealPds) -> Job:
    """A post with a picture, a link, a tag and a mention, for a new account, in the phase of sending."""
    publisher = publishers.get("bluesky")
    account = real_pds.create_account(handle := f"a{uuid4().hex[:10]}.test")
    line = Line("Bluesky", {"api": real_pds.url}, rules=publisher.rules, local=True)
    line = line.under(publisher.sign_in(line, {"identifier": handle, "secret": account.password}))
    [found] = publisher.accounts(line)
    channel = Channel(id="d" * 32, workspace_id="w" * 32, platform="bluesky", account=found)
    text = f"Zoë writes to @{handle} about https://example.com/a and #tea"
    approved = Approved(
        content_id="c" * 32, approval_id="a" * 32, approved_by="u" * 32, channel_id=channel.id, platform="bluesky",
        parts=(ApprovedPart(kind=PartKind.POST, text=text),), media=(picture(files := Files()),),
    )  # fmt: skip
    now = datetime.now(UTC)
    return Job(
        approved=approved, channel=channel, part=approved.parts[0], position=0, key=uuid4().hex, begun_at=now,
        line=line.at(Phase.SEND), memory=Notes(), media=files, now=lambda: now,
    )  # fmt: skip


def test_the_publisher_publishes_once_however_often_it_sends(real_pds: RealPds, job: Job) -> None:
    bluesky = publishers.get("bluesky")
    assert bluesky.ask(job) == Absent(certain=True)
    bluesky.prepare(at(job, Phase.PREPARE))
    sent, again = bluesky.send(job), bluesky.send(job)
    assert sent.ref == again.ref and bluesky.ask(job) == Found(ref=sent.ref)
    [(uri, post)] = oracles.bluesky_posts(real_pds.url, job.channel.account.remote_id).items()
    assert uri == sent.ref.remote_id
    kinds = [facet.features[0].py_type.partition("#")[2] for facet in post.facets]
    assert sorted(kinds) == ["link", "mention", "tag"] and len(post.embed.images) == 1
    reading = bluesky.read_back(job, sent.ref)
    assert reading and (reading.text, reading.media) == (bluesky.as_sent(job.part.text), 1)
    with pytest.raises(DuplicatePost):
        bluesky.send(replace(job, part=ApprovedPart(kind=PartKind.POST, text="Other words")))
    bluesky.delete(job.line, job.channel, sent.ref)
    assert bluesky.ask(job) == Absent(certain=True)


def test_the_publisher_takes_an_expired_token_for_no_answer_and_gets_another(real_pds: RealPds, job: Job) -> None:
    bluesky, held = publishers.get("bluesky"), job.line.credentials
    assert held and held.refresh
    bluesky.prepare(job)
    expired = held.model_copy(update={"access": SecretStr(real_pds.expired(held.access.get_secret_value()))})
    with pytest.raises(TokenRefused):
        bluesky.send(replace(job, line=job.line.under(expired)))
    line = job.line.under(bluesky.refresh(job.line, expired))
    assert bluesky.send(replace(job, line=line)).ref.remote_id


def test_the_publisher_answers_its_own_post(real_pds: RealPds, job: Job) -> None:
    bluesky = publishers.get("bluesky")
    bluesky.prepare(job)
    first = bluesky.send(job).ref
    part = ApprovedPart(kind=PartKind.POST, text="And more")
    second = bluesky.send(replace(job, part=part, position=1, parents=(first,), memory=Notes())).ref
    posts = oracles.bluesky_posts(real_pds.url, job.channel.account.remote_id)
    reply = posts[second.remote_id].reply
    assert (reply.root.uri, reply.parent.uri, reply.parent.cid) == (
        first.remote_id,
        first.remote_id,
        first.extra["cid"],
    )


@pytest.mark.skipif(not ALL_CASES, reason="starts another server: TESTS_ALL_CASES=1")
def test_a_server_ends_with_the_process_that_started_it(real_pds: RealPds, tmp_path: Path) -> None:
    """Its standard input ends however that process ends."""
    with fixture.start("secret", TMPDIR=str(tmp_path)) as server:
        assert server.stdin and server.stdout
        url = server.stdout.readline().strip()
        assert httpx2.get(f"{url}/xrpc/_health").status_code == 200 and list(tmp_path.iterdir())
        server.stdin.close()
        assert server.wait(30) == 0
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)
    assert not list(tmp_path.iterdir())


def test_without_npm_the_reason_is_told_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda command: None if command == "npm" else f"/usr/bin/{command}")
    with pytest.raises(Unavailable, match="npm is not installed") as reason:
        fixture.installed()
    with pytest.raises(pytest.skip.Exception, match="npm is not installed"):
        fixture.skip_or_fail(reason.value, in_ci=False)
    with pytest.raises(Unavailable):
        fixture.skip_or_fail(reason.value, in_ci=True)


def test_an_installation_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fixture, "CACHE", tmp_path)
    monkeypatch.setattr(fixture, "_node_version", lambda: "v20.0.0")
    monkeypatch.setattr(fixture, "INSTALL", ("sh", "-c", "touch node_modules; echo no way out >&2; exit 1"))
    with pytest.raises(Unavailable, match="failed:\nno way out"):
        fixture.installed()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_the_lock_file_names_versions_and_no_addresses_of_packages() -> None:
    packages = json.loads((fixture.HERE / "package-lock.json").read_bytes())["packages"]
    assert all("integrity" in one and "resolved" not in one for name, one in packages.items() if name)
