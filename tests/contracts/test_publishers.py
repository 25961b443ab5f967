"""The contract of every publisher, held over real HTTP against the stand-in of its platform."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from, text
from pydantic import SecretStr

from pressroom import platforms, publishers
from pressroom.errors import OutcomeUnclear, PublishLater
from pressroom.model.publishing import Absent, Approved, Certainty, Found
from pressroom.publishers.sending import oauth
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Exchange, Phase, TokenRefused
from pressroom.publishers.sending.publisher import OAuth
from pressroom.settings import PlatformApp
from sandbox import social
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.real_pds import LONGEST_INSTALL
from tests.fixtures.social import Desk, Notes, at, desk_at, film, picture
from tests.publishers.real_bluesky import RealBlueskyServer

NAMES = publishers.names()
REAL = "bluesky, a real server"
TEXT = "Ship the small thing first. “Later” costs more, says Ünal: 100 % of the time (we measured it) 🙂"
HOSTILE = r"Costs * and _ matter | {braces} [x](y) <b>bold</b> ~ # @ \ & &amp; %20 “quotes” 한국어 العربية 👩‍👩‍👧 end"


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer() as running:
        yield running


@pytest.fixture(scope="module")
def real_bluesky(request: pytest.FixtureRequest) -> Iterator[SocialServer]:
    with RealBlueskyServer(request.getfixturevalue("real_pds")) as running:
        yield running


@pytest.fixture(params=[*NAMES, pytest.param(REAL, marks=pytest.mark.timeout(LONGEST_INSTALL))])
def desk(request: pytest.FixtureRequest) -> Desk:
    """A channel on each stand-in, and on a real server where there is one that runs here."""
    running = request.getfixturevalue("real_bluesky" if request.param == REAL else "server")
    running.reset()
    return desk_at(running, request.param.partition(",")[0])


def post(desk: Desk, text: str = TEXT, **more: object) -> Approved:
    """The simplest post that the platform takes: with a file where it can't do without."""
    uploads = platforms.get(desk.publisher.platform).uploads
    needs = uploads.needs if uploads else ""
    size = platforms.get(desk.publisher.platform).images.sizes[0]
    media = [film(desk.files)] if needs == "film" else [picture(desk.files, size=size)] if needs else []
    return desk.approved(text, media=more.pop("media", media), title=more.pop("title", "A title"), **more)


def test_each_platform_has_a_stand_in_and_a_file_of_numbers() -> None:
    assert set(NAMES) == set(social.names()) <= set(platforms.names())
    for name in NAMES:
        assert platforms.get(name).uploads is not None, name
        assert platforms.get(name).publishing is not None, name
        assert publishers.get(name).platform == name


def test_a_post_goes_out_once_and_is_read_back_as_it_was_approved(desk: Desk) -> None:
    approved = post(desk)
    assert [problem for problem in check(desk.publisher, approved, desk.channel) if problem.blocking] == []
    job = desk.job(approved)
    ref = desk.settle(job, desk.send(job))
    assert ref.remote_id
    assert desk.server[desk.publisher.platform].public == 1
    reading = desk.publisher.read_back(at(job, Phase.READ), ref)
    assert reading is not None
    if reading.text is not None:
        publisher = desk.publisher
        assert publisher.comparable(reading.text) == publisher.comparable(publisher.as_sent(approved.text))


def test_text_full_of_marks_comes_out_as_it_was_written(desk: Desk) -> None:
    approved = post(desk, HOSTILE)
    if any(problem.blocking for problem in check(desk.publisher, approved, desk.channel)):
        return  # the platform refuses one of the marks, and the check says so before
    job = desk.job(approved)
    ref = desk.settle(job, desk.send(job))
    [shown] = desk.server[desk.publisher.platform].posts.values()
    publisher = desk.publisher
    assert publisher.comparable(shown.text) == publisher.comparable(publisher.as_sent(HOSTILE)), ref


def test_a_lost_answer_is_unclear_and_asking_finds_the_post(desk: Desk) -> None:
    job = desk.job(post(desk))
    desk.prepare(job)
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, desk.publisher.platform)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))
    found = _asked(desk, job)
    if desk.certainty is not Certainty.WEAK:
        assert isinstance(found, Found)
    else:
        assert not (isinstance(found, Absent) and found.certain)
    assert desk.server[desk.publisher.platform].public == 1


def test_a_post_that_a_later_attempt_made_is_found(desk: Desk) -> None:
    """A first attempt was refused for a while; hours later the answer to the second one was lost."""
    job = desk.job(post(desk))
    desk.prepare(job)
    job = replace(job, armed_at=job.now() - timedelta(hours=3))
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, desk.publisher.platform)
    with suppress(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))
    assert desk.server[desk.publisher.platform].public <= 1
    if desk.certainty is not Certainty.WEAK:
        assert not isinstance(_asked(desk, job), Absent)


def test_a_connection_cut_before_the_post_is_unclear_and_asking_does_not_find_it(desk: Desk) -> None:
    job = desk.job(post(desk))
    desk.prepare(job)
    desk.server.fail(SocialFault.CUT_BEFORE, desk.publisher.platform)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))
    if desk.certainty is not Certainty.WEAK:
        found = _asked(desk, job)
        assert isinstance(found, Absent), found
        assert found.certain is (desk.certainty is Certainty.CERTAIN)
    assert desk.server[desk.publisher.platform].public == 0


def test_a_lost_answer_of_a_later_attempt_is_found_too(desk: Desk) -> None:
    """The absence of an earlier attempt was proven, which takes ten minutes and more."""
    job = desk.job(post(desk))
    desk.prepare(job)
    desk.server.clock.ahead += 1800
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, desk.publisher.platform)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))
    if desk.certainty is not Certainty.WEAK:
        assert isinstance(_asked(desk, job), Found)


@pytest.mark.parametrize("fault", [SocialFault.ACCEPT_THEN_STATUS, SocialFault.GARBAGE, SocialFault.NO_ID])
def test_an_answer_that_says_nothing_is_unclear(desk: Desk, fault: SocialFault) -> None:
    job = desk.job(post(desk))
    desk.prepare(job)
    desk.server.fail(fault, desk.publisher.platform)
    with pytest.raises(OutcomeUnclear):
        desk.publisher.send(at(job, Phase.SEND))


def test_a_platform_that_is_busy_is_asked_later(desk: Desk) -> None:
    job = desk.job(post(desk))
    desk.prepare(job)
    desk.server.fail(SocialFault.RATE_LIMIT, desk.publisher.platform)
    with pytest.raises(PublishLater):
        desk.publisher.send(at(job, Phase.SEND))
    assert desk.server[desk.publisher.platform].public == 0


def test_an_expired_token_is_told_from_everything_else(desk: Desk) -> None:
    desk.server[desk.publisher.platform].expire()
    with pytest.raises(TokenRefused):
        desk.publisher.whoami(desk.line, desk.channel)


def test_a_platform_that_can_not_be_reached_has_got_nothing(desk: Desk) -> None:
    job = desk.job(post(desk))
    desk.prepare(job)
    address = "http://127.0.0.1:9"
    nowhere = dict.fromkeys(job.line.bases, address)
    notes = Notes({name: text.replace(desk.server.url, address) for name, text in job.memory.said.items()})
    away = desk.job(job.approved, line=job.line.at(Phase.SEND)._with(bases=nowhere), memory=notes)
    with pytest.raises((PublishLater, OutcomeUnclear)):
        desk.publisher.send(away)


def test_the_token_speaks_for_the_channel_s_account(desk: Desk) -> None:
    assert desk.publisher.whoami(desk.line, desk.channel) == desk.channel.account.remote_id
    assert desk.channel.account.remote_id in {one.remote_id for one in desk.publisher.accounts(desk.line)}


def test_what_is_deleted_is_gone(desk: Desk) -> None:
    if not desk.publisher.deletes:
        return
    job = desk.job(post(desk))
    ref = desk.settle(job, desk.send(job))
    line = desk.line.at(Phase.DELETE)
    desk.publisher.delete(line, desk.channel, ref)
    assert desk.server[desk.publisher.platform].public == 0
    desk.publisher.delete(line, desk.channel, ref)
    assert desk.publisher.read_back(at(job, Phase.READ), ref) is None or desk.certainty is Certainty.WEAK


def test_a_thread_hangs_together(desk: Desk) -> None:
    if not desk.publisher.threads:
        return
    approved = desk.approved("One", "Two", "Three")
    refs = []
    for position in range(3):
        job = desk.job(approved, position, refs)
        refs.append(desk.settle(job, desk.send(job)))
    posts = desk.server[desk.publisher.platform].posts
    assert [post.parent for post in posts.values()] == ["", *[ref.remote_id for ref in refs[:2]]]


def test_a_first_comment_stands_below_its_post(desk: Desk) -> None:
    if not desk.publisher.comments:
        return
    approved = post(desk, comment="#one #two")
    main = desk.job(approved)
    ref = desk.settle(main, desk.send(main))
    comment = desk.job(approved, 1, [ref])
    desk.send(comment)
    posts = list(desk.server[desk.publisher.platform].posts.values())
    assert [each.parent for each in posts] == ["", posts[0].id]
    assert isinstance(_asked(desk, comment), Found)


def test_pictures_go_out_in_order_with_their_alternative_texts(desk: Desk) -> None:
    platform = platforms.get(desk.publisher.platform)
    if not platform.uploads or not platform.uploads.most_images:
        return
    count = min(3, platform.uploads.most_images)
    media = [picture(desk.files, number, size=platform.images.sizes[0]) for number in range(count)]
    job = desk.job(post(desk, media=media))
    desk.settle(job, desk.send(job))
    [shown] = [each for each in desk.server[desk.publisher.platform].posts.values() if each.kind == "post"]
    assert len(shown.files) == count
    if platform.uploads.alt_text:
        assert [file["alt"] for file in shown.files] == [medium.alt_text for medium in media]


def test_text_one_over_the_limit_is_told_before_a_byte_is_sent(desk: Desk) -> None:
    limit = platforms.get(desk.publisher.platform).post_limits
    if limit:
        approved = post(desk, "x" * (limit[0].most + 1))
        assert "text_too_long" in {problem.code for problem in check(desk.publisher, approved, desk.channel)}


def test_figures_are_those_of_the_posts(desk: Desk) -> None:
    if isinstance(desk.server, RealBlueskyServer):
        return  # likes and feeds are another server's, which is not here
    job = desk.job(post(desk))
    ref = desk.settle(job, desk.send(job))
    [figures] = desk.publisher.collect(desk.line.at(Phase.COLLECT), desk.channel, [ref.remote_id])
    assert figures.remote_id == ref.remote_id
    assert figures.values
    assert all(value >= 0 for value in figures.values.values())


# Connecting


def test_a_person_connects_at_the_platform_s_own_page(desk: Desk) -> None:
    """Consent page, code, tokens, accounts, the account's own token, and refreshes as often as they are needed."""
    publisher, standin = desk.publisher, desk.server[desk.publisher.platform]
    if not isinstance(publisher.connection, OAuth):
        return
    app = PlatformApp(client_id="app-id", client_secret=SecretStr("app-secret"))
    line, redirect = desk.line.under(None), "http://127.0.0.1/back"
    verifier = oauth.new_verifier()
    page = oauth.authorize_url(publisher, line, app, redirect=redirect, state="s1", verifier=verifier)
    answer = httpx2.get(page, params={**dict(parse_qsl(urlsplit(page).query)), "approve": next(iter(standin.accounts))})
    back = urlsplit(answer.headers["location"])
    said = dict(parse_qsl(back.query))
    assert (f"{back.scheme}://{back.netloc}{back.path}", said["state"]) == (redirect, "s1")
    got = oauth.from_code(publisher, line, app, code=said["code"], redirect=redirect, verifier=verifier)
    assert set(got.extra) & {"client_id", "client_secret"} == set(), "the app's own secrets are no account's"
    accounts = {account.remote_id: account for account in publisher.accounts(desk.line.under(got))}
    account = accounts[desk.channel.account.remote_id]
    own = publisher.account_credentials(desk.line.under(got), account, got)
    channel = desk.channel.model_copy(update={"account": account, "scopes": own.scopes})
    assert publisher.whoami(desk.line.under(own), channel) == account.remote_id
    assert not [problem for problem in check(publisher, post(desk), channel) if problem.code == "scope_missing"]
    for _ in range(2 if own.refresh else 0):
        own = oauth.refreshed(publisher, line, app, own)
        assert publisher.whoami(desk.line.under(own), channel) == account.remote_id


# Files on their way, records, and words of any kind


def with_files(desk: Desk) -> Iterator[Approved]:
    """A post for each kind of file that the platform takes: two pictures (or as many as it takes), a film."""
    platform = platforms.get(desk.publisher.platform)
    uploads = platform.uploads
    assert uploads is not None
    pictures = [
        picture(desk.files, number, size=platform.images.sizes[0]) for number in range(min(2, uploads.most_images))
    ]
    for media in (pictures, [film(desk.files)] if uploads.most_films else []):
        approved = post(desk, media=media)
        if media and not any(problem.blocking for problem in check(desk.publisher, approved, desk.channel)):
            yield approved


def test_files_go_on_after_any_answer_that_was_lost(desk: Desk) -> None:
    """The request was done and its answer never came, or the process ended before it was noted: the same for both."""
    platform = desk.publisher.platform
    for approved in list(with_files(desk)):
        for lost in range(requests_of(desk, approved)):
            desk = fresh(desk)
            job = desk.job(approved)
            desk.server.fail(SocialFault.ACCEPT_THEN_CUT, platform, skip=lost)
            for _ in range(3):  # an upload that can't go on begins again, as a later try
                with suppress(PublishLater, OutcomeUnclear):
                    desk.prepare(job)
            desk.prepare(job)
            assert desk.server[platform].public == 0, f"request {lost}: public before it was sent"
            desk.settle(job, desk.send(job))
            assert desk.server[platform].public == 1, f"request {lost}"


def requests_of(desk: Desk, approved: Approved) -> int:
    """How many requests it takes until the post is ready."""
    before = len(desk.server.journal)
    desk.prepare(desk.job(approved))
    return len(desk.server.journal) - before


def test_sending_is_one_request_asking_changes_nothing_and_no_record_has_a_token(desk: Desk) -> None:
    records: list[Exchange] = []
    job = desk.job(post(desk, comment="#one" if desk.publisher.comments else ""))
    job = replace(job, line=job.line._with(journal=records.append))
    desk.prepare(job)
    prepared = len(records)
    desk.publisher.send(at(job, Phase.SEND))
    assert len(records) == prepared + 1
    standin = desk.server[desk.publisher.platform]
    before = (standin.public, dict(standin.counts))
    desk.publisher.ask(at(job, Phase.ASK))
    assert (standin.public, standin.counts) == before
    secrets = [secret.get_secret_value() for secret in (desk.credentials.access, *desk.credentials.extra.values())]
    assert not [record for record in records for secret in secrets if secret in f"{record}"]


MARKS = (
    string.printable.translate({ord(mark): None for mark in "\t\r\x0b\x0c"})
    + "äßñéＡ“”„–…€№½²™️🙂👩‍👧🇩🇪한글日本語العربيةहिन्दी\u200b\u00a0"
)
WORDS = text(sampled_from(MARKS) | sampled_from("|{}@[]()<>#*_~\\&;%"), min_size=1, max_size=60)


@given(words=WORDS)
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_words_come_out_as_they_were_written_and_are_found_after_a_lost_answer(desk: Desk, words: str) -> None:
    desk = fresh(desk)
    publisher, approved = desk.publisher, post(desk, f"Words: {words}")
    if any(problem.blocking for problem in check(publisher, approved, desk.channel)):
        return
    job = desk.job(approved)
    desk.prepare(job)
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, publisher.platform)
    with pytest.raises(OutcomeUnclear):
        publisher.send(at(job, Phase.SEND))
    found = _asked(desk, job)
    if desk.certainty is not Certainty.WEAK:
        assert isinstance(found, Found), found
    [shown] = desk.server[publisher.platform].posts.values()
    assert publisher.comparable(shown.text) == publisher.comparable(publisher.as_sent(approved.text))


def fresh(desk: Desk) -> Desk:
    """The same channel on a stand-in that has forgotten everything."""
    desk.server.reset()
    again = desk_at(desk.server, desk.publisher.platform)
    desk.server.files = desk.files.by_key
    return replace(again, files=desk.files)


def _asked(desk: Desk, job: object) -> object:
    desk.server.clock.ahead += 120
    return desk.publisher.ask(at(job, Phase.ASK))  # type: ignore[arg-type]
