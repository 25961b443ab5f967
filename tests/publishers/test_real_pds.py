"""A real Bluesky server answers as the table of exchanges says; a stand-in that passes the table too can be trusted."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from tests.fixtures import real_pds as fixture
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.real_pds import RealPds, Unavailable
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
