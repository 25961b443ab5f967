"""Instagram and Threads take a post by containers: what is special about those, against their stand-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PublishLater
from pressroom.model.publishing import Absent, Found, Processing
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Phase, TokenRefused
from pressroom.publishers.sending.publisher import Job
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, at, desk_at, picture

NAMES = ("instagram", "threads")
FAULTS = (
    SocialFault.ACCEPT_THEN_CUT,
    SocialFault.CUT_BEFORE,
    SocialFault.STATUS,
    SocialFault.GARBAGE,
    SocialFault.NO_ID,
)
EDGE = {"threads": "/threads$", "instagram": "/media$"}


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer(*NAMES) as running:
        yield running


@pytest.fixture(params=NAMES)
def desk(request: pytest.FixtureRequest, server: SocialServer) -> Desk:
    server.reset()
    return desk_at(server, request.param)


def job_of(desk: Desk, count: int = 1, text: str = "Words") -> Job:
    media = [picture(desk.files, number, size=(400, 400)) for number in range(count)]
    return desk.job(desk.approved(text, media=media))


def standin(desk: Desk) -> Any:
    return desk.server[desk.publisher.platform]


def test_a_lost_answer_while_it_is_prepared_ends_in_one_post(desk: Desk) -> None:
    name = desk.publisher.platform
    places = [("POST", EDGE[name], 0), ("POST", EDGE[name], 2), ("GET", r"/api/\d+$", 0), ("GET", r"/api/\d+$", 2)]
    for number, fault in enumerate(FAULTS):
        for method, path, skip in places:
            job = job_of(desk, 2, f"{fault} {path} {skip}")
            desk.server.fail(fault, name, method=method, path=path, skip=skip)
            with pytest.raises(PublishLater):
                desk.prepare(job)
            desk.prepare(job)
            before = len(desk.server.journal)
            assert desk.publisher.prepare(at(job, Phase.PREPARE)) is None
            ref = desk.publisher.send(at(job, Phase.SEND)).ref
            assert len(desk.server.journal) == before + 1, "ready is ready, and sending is one request"
            alts = [file["alt"] for file in standin(desk).posts[ref.remote_id].files]
            assert alts == [medium.alt_text for medium in job.files]
        assert standin(desk).public == len(places) * (number + 1)


def test_a_container_is_published_once_whatever_is_sent_again(desk: Desk) -> None:
    job = job_of(desk)
    desk.prepare(job)
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, desk.publisher.platform)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))
    desk.prepare(job)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))
    found = desk.publisher.ask(at(job, Phase.ASK))
    assert isinstance(found, Found)
    assert found.ref.permalink
    assert standin(desk).public == 1


def test_it_is_not_sent_before_it_is_finished(desk: Desk) -> None:
    job = job_of(desk)
    assert desk.publisher.prepare(at(job, Phase.PREPARE)) is not None
    with pytest.raises(PublishLater):
        desk.publisher.send(at(job, Phase.SEND))
    assert standin(desk).public == 0
    desk.send(job)
    assert standin(desk).public == 1


def test_the_word_of_a_container_counts_once_a_call_may_have_come_through(desk: Desk) -> None:
    job = job_of(desk)
    desk.prepare(job)
    job = replace(job, armed_at=desk.server.clock.moment())
    assert desk.publisher.ask(at(job, Phase.ASK)) == Absent(certain=False)
    desk.server.clock.ahead += 100
    assert desk.publisher.ask(at(job, Phase.ASK)) == Absent(certain=True)
    standin(desk).list_delay = 300
    desk.publisher.send(at(job, Phase.SEND))
    assert desk.publisher.ask(at(job, Phase.ASK)) == Processing()
    desk.server.clock.ahead += 301
    assert isinstance(desk.publisher.ask(at(job, Phase.ASK)), Found)


def test_without_its_container_the_list_is_asked(desk: Desk) -> None:
    job = job_of(desk)
    desk.send(job)
    desk.server.clock.ahead += 90
    job.memory.put(container="")
    assert isinstance(desk.publisher.ask(at(job, Phase.ASK)), Found)
    job.memory.put(container="404")
    assert isinstance(desk.publisher.ask(at(job, Phase.ASK)), Found)
    other = job_of(desk, text="Something else entirely, said in other words")
    assert isinstance(desk.publisher.ask(at(other, Phase.ASK)), Absent)
    for fault in (SocialFault.STATUS, SocialFault.GARBAGE, SocialFault.NO_ID):
        desk.server.fail(fault, desk.publisher.platform, status=404)
        with pytest.raises(OutcomeUnclear):
            desk.publisher.ask(at(other, Phase.ASK))


def test_a_link_that_can_not_be_read_is_no_failure(desk: Desk) -> None:
    job = job_of(desk)
    ref = desk.send(job).ref
    for switch, has_link in (("unreadable", False), ("never", True)):
        standin(desk).switches["permalink"] = switch
        reading = desk.publisher.read_back(at(job, Phase.READ), ref)
        assert reading is not None
        assert (reading.text, reading.media, bool(reading.ref.permalink)) == ("Words", 1, has_link)
    standin(desk).posts[ref.remote_id].public = False
    assert desk.publisher.read_back(at(job, Phase.READ), ref) is None


def test_a_container_is_made_again_before_it_ends(desk: Desk) -> None:
    job = job_of(desk, 2)
    desk.prepare(job)
    assert standin(desk).counts["container"] == 3
    desk.server.clock.ahead += 22 * 3600
    desk.prepare(job)
    assert standin(desk).counts["container"] == 3
    desk.server.clock.ahead += 2 * 3600
    with pytest.raises(PublishLater):
        desk.publisher.send(at(job, Phase.SEND))
    desk.send(job)
    assert (standin(desk).counts["container"], standin(desk).public) == (6, 1)


def test_a_file_that_the_platform_can_not_fetch_is_fetched_later(desk: Desk) -> None:
    job = job_of(desk)
    desk.server.robots = "User-agent: *\nDisallow: /"
    with pytest.raises(PublishLater):
        desk.prepare(job)
    desk.server.robots = ""
    desk.send(job)
    assert standin(desk).public == 1


def test_a_file_of_another_kind_is_refused(desk: Desk) -> None:
    photo = picture(desk.files)
    desk.files.by_key[photo.key] = b"GIF89a"
    with pytest.raises(PostRefused) as caught:
        desk.prepare(desk.job(desk.approved("Words", media=[photo])))
    assert caught.value.reason == "media_refused"
    assert standin(desk).public == 0


def test_the_day_s_quota_is_told_and_ends_in_later(desk: Desk) -> None:
    standin(desk).switches["most"] = 1
    desk.send(job_of(desk))
    assert desk.publisher.quota(desk.line, desk.channel).startswith("1 of 1 ")
    with pytest.raises(PublishLater):
        desk.send(job_of(desk, text="One more"))
    desk.server.clock.ahead += 86_401
    desk.send(job_of(desk, text="One more"))


def test_a_first_token_is_exchanged_and_the_long_one_renews_itself(desk: Desk) -> None:
    publisher, line = desk.publisher, desk.line
    short = standin(desk).grant(desk.channel.account.remote_id, seconds=3600)
    given = Credentials(access=SecretStr(short), extra={"client_secret": SecretStr("app-secret")})
    long = publisher.exchange(line, given)
    assert (long.extra, long.refresh) == ({}, None)
    assert long.expires_at is not None
    assert timedelta(days=59) < long.expires_at - datetime.now(UTC) < timedelta(days=61)
    with pytest.raises(OutcomeUnclear):
        publisher.refresh(line, long)
    desk.server.clock.ahead += 86_401
    fresh = publisher.refresh(line, long)
    assert fresh.access != long.access
    assert publisher.whoami(line.under(fresh), desk.channel) == desk.channel.account.remote_id
    wrong = given.model_copy(update={"extra": {"client_secret": SecretStr("another-secret")}})
    with pytest.raises((ChannelUnusable, OutcomeUnclear)):
        publisher.exchange(line, wrong)
    desk.server.clock.ahead += 61 * 86_400
    with pytest.raises(TokenRefused):
        publisher.refresh(line, fresh)


def test_a_token_s_end_has_its_reason(desk: Desk) -> None:
    for subcode, kind in ((460, ChannelUnusable), (459, ChannelUnusable), (463, TokenRefused)):
        standin(desk).switches["token_subcode"] = subcode
        with pytest.raises(kind):
            desk.publisher.whoami(desk.line, desk.channel)


def test_figures_that_may_not_be_read_are_a_gap_and_no_reason_to_give_the_channel_up(desk: Desk) -> None:
    ref = desk.send(job_of(desk)).ref
    token = standin(desk).grant(desk.channel.account.remote_id, scopes="threads_basic instagram_business_basic")
    weak = desk.line.at(Phase.COLLECT).under(Credentials(access=SecretStr(token)))
    assert desk.publisher.collect(weak, desk.channel, [ref.remote_id]) == []
    desk.server.fail(SocialFault.STATUS, desk.publisher.platform, status=500)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.collect(desk.line.at(Phase.COLLECT), desk.channel, [ref.remote_id])


def test_figures_of_a_post_that_is_gone_are_left_out(desk: Desk) -> None:
    ref = desk.send(job_of(desk)).ref
    line = desk.line.at(Phase.COLLECT)
    found = desk.publisher.collect(line, desk.channel, ["17000000000000404", ref.remote_id])
    assert [each.remote_id for each in found] == [ref.remote_id]
    desk.server.fail(SocialFault.RATE_LIMIT, desk.publisher.platform)
    with pytest.raises(PublishLater):
        desk.publisher.collect(line, desk.channel, [ref.remote_id])
