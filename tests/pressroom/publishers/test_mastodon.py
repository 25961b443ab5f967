"""Mastodon: an instance's own limits, its key of an hour, files that it works at, and posts that come back as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PressroomError, PublishLater
from pressroom.model.publishing import Absent, Found, Similar
from pressroom.platforms import counting
from pressroom.publishers.mastodon import PUBLISHER
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Refusal, TokenRefused
from pressroom.publishers.sending.publisher import NotYet
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from sandbox.social.mastodon import as_html
from tests.fixtures.social import Desk, at, desk_at, film, picture
from tests.publishers import oracles


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("mastodon") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    server.reset()
    server.clock.ahead = 0
    return desk_at(server, "mastodon")


def test_a_length_counts_links_alike_and_mentions_without_their_server() -> None:
    for text, length in (
        ("plain", 5),
        ("a family 👩‍👩‍👧 and e\u0301", 16),
        ("see https://example.com/a/very/long/path?with=query.", 4 + 23 + 1),
        ("hello @ann@mastodon.social and @bob", len("hello @ann and @bob")),
        ("ann@example.com is no mention", 29),
        ("twice https://a.example/x https://a.example/x/y", 6 + 23 + 1 + 23),
    ):
        assert counting.mastodon_length(text) == length, text
    assert counting.mastodon_length("https://a.example/x", of_link=5) == 5


def test_what_each_error_means() -> None:
    line = Line(title="Mastodon", bases={}, rules=PUBLISHER.rules, read=PUBLISHER.read_error)
    for status, words, phase, kind, reason in (
        (401, "The access token is invalid", Phase.SEND, TokenRefused, ""),
        (401, "The access token was revoked", Phase.SEND, ChannelUnusable, "token_revoked"),
        (403, "This action is outside the authorized scopes", Phase.SEND, ChannelUnusable, "scope_missing"),
        (403, "Your login is currently disabled", Phase.ACCOUNT, ChannelUnusable, "account_blocked"),
        (403, "Forbidden", Phase.COLLECT, OutcomeUnclear, ""),
        (404, "The post you are trying to reply to does not appear to exist.", Phase.SEND, PostRefused, "parent_gone"),
        (404, "Record not found", Phase.ASK, OutcomeUnclear, ""),
        (413, "Payload too large", Phase.PREPARE, PostRefused, "refused"),
        (422, "Cannot attach files that have not finished processing. Try again!", Phase.SEND, PublishLater, ""),
        (422, "Validation failed: Text can't be blank", Phase.SEND, PostRefused, "refused"),
        (422, "Validation failed", Phase.ASK, OutcomeUnclear, ""),
        (429, "Too many requests", Phase.SEND, PublishLater, ""),
        (500, "Internal error", Phase.PREPARE, PublishLater, ""),
        (503, "There was a temporary problem", Phase.SEND, OutcomeUnclear, ""),
        (404, "Not Found", Phase.COLLECT, OutcomeUnclear, ""),
    ):
        error = line.at(phase).error(Refusal(status, message=words))
        assert type(error) is kind, (status, words, phase, error)
        assert getattr(error, "reason", "") == reason, words


def refusal(desk: Desk, job: object, phase: Phase = Phase.PREPARE) -> PressroomError:
    with pytest.raises(PressroomError) as raised:
        (desk.publisher.send if phase is Phase.SEND else desk.publisher.prepare)(at(job, phase))  # type: ignore[arg-type]
    return raised.value


def test_the_limits_are_those_of_the_instance() -> None:
    with SocialServer("mastodon") as server:
        desk = desk_at(server, "mastodon")
        standin = server["mastodon"]
        standin.limits["statuses"].update(max_characters=30, characters_reserved_per_url=5, max_media_attachments=1)
        large, other = picture(desk.files), picture(desk.files, 1)
        standin.limits["media_attachments"].update(image_size_limit=large.size + 1, image_matrix_limit=1080 * 1080)
        for text in ("x" * 30, "x" * 24 + " https://a.example/long"):
            desk.send(desk.job(desk.approved(text)))
        for why, text, media in (
            ("text_too_long", "x" * 31, []),
            ("text_too_long", "x" * 25 + " https://a.example/long", []),
            ("too_many_media", "two", [large, other]),
            ("media_too_large", "large", [large.model_copy(update={"size": large.size + 2})]),
            ("image_too_many_pixels", "wide", [large.model_copy(update={"width": 1081})]),
            ("alt_text_too_long", "alt", [large.model_copy(update={"alt_text": "x" * 1501})]),
            ("media_type", "kind", [large.model_copy(update={"media_type": "image/avif"})]),
        ):
            error = refusal(desk, desk.job(desk.approved(text, media=media)))
            assert isinstance(error, PostRefused)
            assert error.reason == why, error
            assert "this instance takes" in str(error)
        warned = desk.approved("x" * 28, options={"spoiler_text": "abc"})
        assert getattr(refusal(desk, desk.job(warned)), "reason", "") == "text_too_long"
        assert standin.counts.get("media") is None
        assert standin.public == 2


def test_a_key_makes_one_post_within_an_hour_and_a_second_one_after_it(desk: Desk) -> None:
    job = desk.job(desk.approved("Once"))
    first, again = (desk.send(job).ref for _ in range(2))
    assert first == again
    assert desk.server["mastodon"].public == 1
    desk.server.clock.ahead += 3601
    assert desk.send(job).ref != first
    assert isinstance(desk.publisher.ask(at(job, Phase.ASK)), (Similar, Found))


def test_absence_is_proven_while_the_key_holds_and_is_one_look_after_it(desk: Desk) -> None:
    desk.send(desk.job(desk.approved("Earlier")))
    desk.server.clock.ahead += 600
    job = desk.job(desk.approved("Lost"))
    assert desk.publisher.ask(at(job, Phase.ASK)) == Absent(certain=False, control=True)
    desk.server.clock.ahead += 100
    assert desk.publisher.ask(at(job, Phase.ASK)) == Absent(certain=True)
    desk.server.clock.ahead += 2931
    assert desk.publisher.ask(at(job, Phase.ASK)) == Absent(certain=False, control=True)


def test_a_post_is_found_among_many(desk: Desk) -> None:
    job = desk.job(desk.approved("The one\n\nwith <b>marks</b> & https://a.example/x_y"))
    desk.send(job)
    for number in range(45):
        desk.server["mastodon"].post_text(f"Another {number}", at=job.now().timestamp() + 700)
    desk.server.clock.ahead += 900
    found = desk.publisher.ask(at(job, Phase.ASK))
    assert isinstance(found, Found)
    late = desk.job(job.approved, armed_at=job.now() + timedelta(minutes=10))
    assert isinstance(desk.publisher.ask(at(late, Phase.ASK)), Absent)


def test_files_are_waited_for_and_uploaded_again_after_a_lost_answer(desk: Desk) -> None:
    standin = desk.server["mastodon"]
    job = desk.job(desk.approved("Two", media=[picture(desk.files), picture(desk.files, 1)]))
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "mastodon", path="/media$", skip=1)
    assert isinstance(refusal(desk, job), PublishLater)
    assert isinstance(desk.publisher.prepare(at(job, Phase.PREPARE)), NotYet)
    assert standin.counts["media"] == 3
    assert isinstance(refusal(desk, job, Phase.SEND), PublishLater)
    desk.send(job)
    assert [file["alt"] for file in next(iter(standin.posts.values())).files] == [
        each.alt_text for each in job.approved.media
    ]
    assert (standin.public, standin.counts["media"]) == (1, 3)


def test_a_file_that_the_instance_forgot_is_uploaded_again(desk: Desk) -> None:
    job = desk.job(desk.approved("A film", media=[film(desk.files)]))
    desk.prepare(job)
    desk.server.clock.ahead += 2 * 86400
    desk.send(job)
    assert desk.server["mastodon"].counts["media"] == 2


def test_a_file_that_can_not_be_processed_refuses_the_post(desk: Desk) -> None:
    desk.server["mastodon"].switches["failing"] = True
    job = desk.job(desk.approved("Broken", media=[picture(desk.files)]))
    with pytest.raises(PostRefused, match="Error processing"):
        desk.prepare(job)


def test_choices_go_along_and_come_back(desk: Desk) -> None:
    options = {"privacy": "unlisted", "spoiler_text": "Films", "sensitive": True}
    approved = desk.approved("Careful", options=options, language="de-AT")
    assert check(desk.publisher, approved, desk.channel) == ()
    job = desk.job(approved)
    reading = desk.publisher.read_back(at(job, Phase.READ), desk.send(job).ref)
    assert reading is not None
    assert (reading.text, reading.visibility) == ("Careful", "unlisted")
    extra = desk.server["mastodon"].posts[reading.ref.remote_id].extra
    assert extra == {"visibility": "unlisted", "spoiler_text": "Films", "sensitive": True, "language": "de"}
    wrong = desk.approved("Careful", options={"privacy": "everyone"})
    assert [problem.code for problem in check(desk.publisher, wrong, desk.channel)] == ["option_invalid"]


def test_a_reply_to_a_post_that_is_gone_is_refused(desk: Desk) -> None:
    approved = desk.approved("One", "Two")
    first = desk.job(approved)
    ref = desk.send(first).ref
    desk.publisher.delete(desk.line.at(Phase.DELETE), desk.channel, ref)
    error = refusal(desk, desk.job(approved, 1, [ref]), Phase.SEND)
    assert (type(error), getattr(error, "reason", "")) == (PostRefused, "parent_gone")


def test_tokens_say_what_is_wrong_with_them(desk: Desk) -> None:
    standin = desk.server["mastodon"]
    given = {"secret": f" {desk.credentials.access.get_secret_value()} "}
    assert desk.publisher.sign_in(desk.line, given).access == desk.credentials.access
    with pytest.raises(ChannelUnusable, match="invalid"):
        desk.publisher.sign_in(desk.line, {"secret": "something else"})
    assert desk.publisher.refresh(desk.line, desk.credentials) == desk.credentials
    desk.server.fail(SocialFault.STATUS, "mastodon", status=401, body="Unauthorized")
    with pytest.raises(PublishLater) as passing:
        desk.publisher.refresh(desk.line, desk.credentials)
    assert not isinstance(passing.value, TokenRefused)
    narrow = desk_at(desk.server, "mastodon", scopes="read:accounts read:statuses write:media")
    error = refusal(narrow, narrow.job(narrow.approved("No")), Phase.SEND)
    assert (type(error), getattr(error, "reason", "")) == (ChannelUnusable, "scope_missing")
    standin.expire()
    with pytest.raises(TokenRefused):
        desk.publisher.refresh(desk.line, desk.credentials)
    standin.revoke()
    assert isinstance(refusal(desk, desk.job(desk.approved("No")), Phase.SEND), ChannelUnusable)
    assert standin.public == 0


def test_the_platform_s_limit_names_when_it_ends(desk: Desk) -> None:
    desk.server["mastodon"].switches["posts"] = 1
    desk.send(desk.job(desk.approved("One")))
    error = refusal(desk, desk.job(desk.approved("Two")), Phase.SEND)
    assert isinstance(error, PublishLater)
    assert error.retry_after is not None
    assert 10_000 < error.retry_after <= 10_800


def test_a_client_of_mastodon_reads_the_stand_in(desk: Desk) -> None:
    job = desk.job(desk.approved("Hello\nhttps://a.example/x <b>", media=[picture(desk.files)]))
    ref = desk.send(job).ref
    client = oracles.mastodon_client(f"{desk.server.url}/mastodon/api", desk.credentials.access.get_secret_value())
    status = client.status(ref.remote_id)
    assert status.content == as_html(job.part.text)
    assert "&lt;b&gt;" in status.content
    assert status.media_attachments[0].description == job.files[0].alt_text
    assert client.status_source(ref.remote_id).text == job.part.text
    assert client.instance_v2().configuration.statuses.max_characters == 500
    key = "k" * 32
    one, two = (client.status_post("By the client", idempotency_key=key, visibility="public") for _ in range(2))
    assert one.id == two.id
    assert [each.id for each in client.account_statuses(client.me().id)] == [one.id, ref.remote_id]
