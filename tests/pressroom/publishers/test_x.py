"""X: what is special about it, against its stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pressroom import platforms, publishers
from pressroom.errors import (
    ChannelUnusable,
    DuplicatePost,
    OutcomeUnclear,
    PostRefused,
    PressroomError,
    PublishLater,
)
from pressroom.model import Medium
from pressroom.model.publishing import Absent, Found, Sent, Similar
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Reply, TokenRefused
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, at, desk_at, film, picture
from tests.publishers import oracles

X: Any = publishers.get("x")
PROBLEMS = "https://api.twitter.com/2/problems/"


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("x") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    server.reset()
    return desk_at(server, "x")


def publish(desk: Desk, *texts: str, **more: Any) -> Sent:
    return desk.send(desk.job(desk.approved(*texts, **more)))


def test_each_error_says_what_to_do() -> None:
    duplicate = {"detail": "You are not allowed to create a Tweet with duplicate content.", "type": "about:blank"}
    policy = {"detail": "You are not permitted to perform this action.", "type": "about:blank"}
    invalid = {"errors": [{"message": "Your media IDs are invalid."}], "type": f"{PROBLEMS}invalid-request"}
    rows: list[tuple[int, dict[str, Any], Phase, type[PressroomError], str]] = [
        (403, duplicate, Phase.SEND, DuplicatePost, ""),
        (403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}, Phase.SEND, DuplicatePost, ""),
        (404, {"detail": "Not Found"}, Phase.SEND, OutcomeUnclear, ""),
        (403, policy, Phase.SEND, PostRefused, "refused"),
        (403, {"detail": "Your account is suspended."}, Phase.SEND, ChannelUnusable, "account_blocked"),
        (403, {"type": f"{PROBLEMS}client-forbidden"}, Phase.SEND, ChannelUnusable, "app_access"),
        (429, {"type": f"{PROBLEMS}usage-capped"}, Phase.SEND, ChannelUnusable, "credits"),
        (402, {"detail": "Payment required"}, Phase.PREPARE, ChannelUnusable, "credits"),
        (429, {"detail": "Too Many Requests"}, Phase.SEND, PublishLater, ""),
        (400, invalid, Phase.SEND, PostRefused, "refused"),
        (401, {"detail": "Unauthorized"}, Phase.SEND, TokenRefused, ""),
        (503, {"detail": "Service Unavailable"}, Phase.SEND, OutcomeUnclear, ""),
        (503, {"detail": "Service Unavailable"}, Phase.PREPARE, PublishLater, ""),
        (404, {"detail": "Not Found"}, Phase.ASK, OutcomeUnclear, ""),
        (409, {}, Phase.SEND, OutcomeUnclear, ""),
    ]
    for status, body, phase, kind, reason in rows:
        reply = Reply(status, {}, json.dumps(body).encode())
        error = Line("X", {}, rules=X.rules, read=X.read_error, phase=phase).error(X.read_error(reply))
        assert type(error) is kind, (status, body, phase)
        assert getattr(error, "reason", "") == reason, body


def codes(desk: Desk, *texts: str, media: list[Medium] | None = None) -> set[str]:
    found = check(X, desk.approved(*texts, media=media or []), desk.channel)
    return {problem.code for problem in found if problem.blocking}


def test_limits_hold_at_the_limit_and_not_one_over(desk: Desk) -> None:
    photo, clip = picture(desk.files), film(desk.files)
    gif = photo.model_copy(update={"media_type": "image/gif"})

    def of(medium: Medium, **changes: Any) -> list[Medium]:
        return [medium.model_copy(update=changes)]

    rows: list[tuple[list[Medium], list[Medium], str]] = [
        (of(photo, size=5_000_000), of(photo, size=5_000_001), "media_too_large"),
        (of(gif, size=15_000_000), of(gif, size=15_000_001), "media_too_large"),
        (of(clip, size=512_000_000), of(clip, size=512_000_001), "media_too_large"),
        (of(clip, seconds=140.0), of(clip, seconds=140.1), "film_too_long"),
        (of(clip, seconds=0.5), of(clip, seconds=0.4), "film_too_short"),
        (of(clip, width=300, height=900), of(clip, width=290, height=900), "media_shape"),
        (of(photo, alt_text="a" * 1000), of(photo, alt_text="a" * 1001), "alt_text_too_long"),
        ([photo] * 4, [photo] * 5, "too_many_media"),
        ([gif], [gif, photo], "media_mixed"),
        ([clip], [clip, photo], "media_mixed"),
        ([], of(photo, media_type="image/tiff"), "media_type"),
    ]
    for good, bad, code in rows:
        assert codes(desk, "Words", media=good) == set(), code
        assert codes(desk, "Words", media=bad) == {code}
    for fits, over, code in [
        ("x" * 280, "x" * 281, "text_too_long"),
        ("字" * 140, "字" * 140 + ".", "text_too_long"),
        ("x" * 256 + " https://example.com/" + "y" * 90, "x" * 257 + " https://example.com/", "text_too_long"),
        ("$ABC and $5", "$ABC and $XYZ", "too_many_cashtags"),
        ("plain", "pl\ufeffain", "characters_refused"),
    ]:
        assert codes(desk, fits) == set(), fits
        assert codes(desk, over) == {code}, over


def test_a_first_comment_is_as_long_as_a_post_at_most(desk: Desk) -> None:
    for length, found in ((280, set()), (281, {"text_too_long"})):
        checked = check(X, desk.approved("Words", comment="x" * length), desk.channel)
        assert {problem.code for problem in checked if problem.blocking} == found


def test_a_thread_warns_that_replies_may_be_refused(desk: Desk) -> None:
    found = check(X, desk.approved("One", "Two"), desk.channel)
    assert [(problem.code, problem.blocking) for problem in found] == [("replies_may_be_refused", False)]


def test_a_lost_answer_at_any_step_of_an_upload_ends_in_one_post_with_its_file(desk: Desk) -> None:
    steps = ("initialize", "append", "finalize", "/media/upload$", "metadata")
    for fault in (SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.STATUS, SocialFault.GARBAGE):
        for number, step in enumerate(steps):
            gif = picture(desk.files, number, kind="gif", size=(600, 400))
            job = desk.job(desk.approved(f"{fault} {step}", media=[gif]))
            desk.server.fail(fault, "x", path=step)
            if fault is not SocialFault.GARBAGE or step not in {"append", "metadata"}:  # whose answers say nothing
                with pytest.raises(PublishLater):
                    desk.prepare(job)
            desk.prepare(job)
            desk.prepare(job)
            before = len(desk.server.journal)
            sent = X.send(at(job, Phase.SEND))
            assert len(desk.server.journal) == before + 1
            post = desk.server["x"].posts[sent.ref.remote_id]
            assert [file["alt"] for file in post.files] == [gif.alt_text], (fault, step)


def test_what_was_uploaded_is_not_uploaded_again_before_it_is_old(desk: Desk) -> None:
    for held in desk.server["x"].tokens.values():
        held["until"] = None
    job = desk.job(desk.approved("Words", media=[picture(desk.files)]))
    desk.prepare(job)
    before = len(desk.server.journal)
    desk.server.clock.ahead += 19 * 3600
    desk.prepare(job)
    assert (len(desk.server.journal), desk.server["x"].counts["upload"]) == (before, 1)
    desk.server.clock.ahead += 2 * 3600
    with pytest.raises(PublishLater):
        X.send(at(job, Phase.SEND))
    assert len(desk.server.journal) == before
    desk.send(job)
    assert (desk.server["x"].counts["upload"], desk.server["x"].public) == (2, 1)


def test_a_large_film_goes_up_in_segments_and_continues_with_the_missing_one(desk: Desk) -> None:
    clip = film(desk.files, length=9_000_000)
    job = desk.job(desk.approved("Words", media=[clip]))
    desk.server.fail(SocialFault.CUT_BEFORE, "x", path="append", skip=1)
    with pytest.raises(PublishLater):
        desk.prepare(job)
    desk.prepare(job)
    [upload] = desk.server["x"].uploads.values()
    assert b"".join(upload.segments) == desk.files.read(clip)
    assert sum("append" in each["path"] for each in desk.server.journal) == 4


def test_a_film_that_x_can_not_process_is_refused_by_name(desk: Desk) -> None:
    desk.server["x"].switches["processing"] = "failed"
    with pytest.raises(PostRefused, match=r"media 1 \(film.mp4\): Unsupported codec"):
        publish(desk, "Words", media=[film(desk.files)])


def test_what_is_sent_is_what_the_sdk_of_x_would_send(desk: Desk) -> None:
    options = {"reply_settings": "following", "paid_partnership": True}
    approved = desk.approved("One", "Two", media=[picture(desk.files)], options=options, ai_generated=True)
    first = desk.job(approved)
    ref = desk.send(first).ref
    desk.send(desk.job(approved, 1, [ref]))
    models = {
        "/api/2/tweets": oracles.x_create_post_model(),
        "/api/2/media/upload/initialize": oracles.x_initialize_upload_model(),
        "/api/2/media/metadata": oracles.x_media_metadata_model(),
    }
    seen = {each["path"]: each["body"] for each in desk.server.journal if each["path"] in models}
    assert set(seen) == set(models)
    for path, body in seen.items():
        models[path].model_validate_json(body)
    made, reply = (post.extra for post in desk.server["x"].posts.values())
    assert made == {"made_with_ai": True, "paid_partnership": True, "reply_settings": "following"}
    assert reply == {"made_with_ai": True, "paid_partnership": True}


def test_words_come_back_with_the_addresses_that_were_written(desk: Desk) -> None:
    for text in (
        "Read https://example.com/a?b=1&c=2#d and example.org/x, then <b> & &amp; again.",
        "example.com",
        "Two of one: https://example.com https://example.com",
    ):
        job = desk.job(desk.approved(text, media=[picture(desk.files), picture(desk.files, 1)]))
        ref = desk.send(job).ref
        reading = X.read_back(at(job, Phase.READ), ref)
        assert X.comparable(reading.text) == X.comparable(text)
        assert reading.media == 2
        found = X.ask(at(job, Phase.ASK))
        assert isinstance(found, Found)
        assert found.ref.permalink == f"https://x.com/demo/status/{ref.remote_id}"


def test_a_reply_that_x_does_not_allow_is_refused_in_its_words_and_the_first_post_stays(desk: Desk) -> None:
    approved = desk.approved("One", "Two")
    ref = desk.send(desk.job(approved)).ref
    desk.server["x"].switches["self_replies"] = "refused"
    with pytest.raises(PostRefused, match="did not summon you"):
        desk.send(desk.job(approved, 1, [ref]))
    assert desk.server["x"].public == 1


def test_a_post_costs_what_its_links_make_it_cost_and_an_empty_balance_is_the_account_s(desk: Desk) -> None:
    publish(desk, "No link")
    publish(desk, "A link: https://example.com")
    assert desk.server["x"].counts["microusd"] == 15_000 + 200_000
    desk.server["x"].switches["balance"] = 100_000
    publish(desk, "Still no link")
    with pytest.raises(ChannelUnusable) as caught:
        publish(desk, "Another link: https://example.com")
    assert caught.value.reason == "credits"
    assert desk.server["x"].public == 3


def test_the_price_is_known_before_and_is_what_x_takes(desk: Desk) -> None:
    prices = platforms.get("x").publishing
    assert prices is not None
    for text in ("No link", "Version 1.2.3 of it...", "https://example.com/a", "At example.com.", "Mail a@example.com"):
        before = desk.server["x"].counts.get("microusd", 0)
        publish(desk, text)
        assert desk.server["x"].counts["microusd"] - before == prices.cost_of(text), text


def test_a_duplicate_is_asked_about_and_found(desk: Desk) -> None:
    publish(desk, "Once")
    again = desk.job(desk.approved("Once"))
    with pytest.raises(DuplicatePost):
        desk.send(again)
    assert isinstance(X.ask(at(again, Phase.ASK)), Found)
    assert desk.server["x"].public == 1


def test_a_full_window_says_when_it_is_over(desk: Desk) -> None:
    desk.server["x"].switches["rate_limit"] = 1
    publish(desk, "One")
    with pytest.raises(PublishLater) as caught:
        publish(desk, "Two")
    waits = (caught.value.retry_after or 0) - desk.server.clock.ahead
    assert 800 < waits <= 900


def test_a_list_that_lags_proves_nothing_until_it_shows_the_post(desk: Desk) -> None:
    publish(desk, "An older one")
    desk.server.clock.ahead += 3600
    desk.server["x"].list_delay = 60
    job = desk.job(desk.approved("A newer one"))
    desk.send(job)
    assert X.ask(at(job, Phase.ASK)) == Absent(certain=False, control=True)
    desk.server.clock.ahead += 61
    assert isinstance(X.ask(at(job, Phase.ASK)), Found)
    other = desk.job(desk.approved("A newer one!"))
    assert isinstance(X.ask(at(other, Phase.ASK)), Similar)


def test_a_list_that_can_not_be_read_is_not_absence(desk: Desk) -> None:
    job = desk.job(desk.approved("Words"))
    for fault, status in (*((SocialFault.STATUS, each) for each in (404, 401, 500)), (SocialFault.GARBAGE, 200)):
        desk.server.fail(fault, "x", path="/users/.*/tweets", status=status)
        with pytest.raises((OutcomeUnclear, PublishLater)):
            X.ask(at(job, Phase.ASK))


def test_both_names_of_the_fields_are_understood(desk: Desk) -> None:
    for spelling in ("post.fields", "tweet.fields"):
        desk.server["x"].switches["fields"] = (spelling,)
        job = desk.job(desk.approved(f"By {spelling}"))
        ref = desk.send(job).ref
        assert isinstance(X.ask(at(job, Phase.ASK)), Found)
        assert X.collect(desk.line.at(Phase.COLLECT), desk.channel, [ref.remote_id])[0].values["views"] == 120


def test_the_stand_in_is_as_strict_as_x(desk: Desk) -> None:
    line, standin = desk.line.at(Phase.PREPARE), desk.server["x"]
    publish(desk, "With a file", media=[picture(desk.files)])
    [ready] = standin.uploads
    clip = desk.job(desk.approved("Film", media=[film(desk.files)]))
    X.prepare(at(clip, Phase.PREPARE))
    pending = next(one for one in standin.uploads if one != ready)
    for body in (
        {"text": "a", "another": 1},
        {"text": "a", "media": {"media_ids": [ready], "alt": "b"}},
        {"text": "a", "media": {"media_ids": ["12345"]}},
        {"text": "a", "media": {"media_ids": [pending]}},
        {"text": "a", "media": {"media_ids": [ready] * 5}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "404"}},
        {"text": "x" * 281},
        {"text": " "},
    ):
        with pytest.raises(PostRefused):
            line.post("api:/2/tweets", json=body)
    made = line.post("api:/2/media/upload/initialize",
                     json={"media_type": "image/png", "total_bytes": 9, "media_category": "tweet_image"})  # fmt: skip
    upload = f"api:/2/media/upload/{made.json()['data']['id']}"
    with pytest.raises(PostRefused):
        line.post(f"{upload}/append", data={"segment_index": "1"}, files={"media": ("a", b"123")})
    line.post(f"{upload}/append", data={"segment_index": "0"}, files={"media": ("a", b"123")})
    with pytest.raises(PostRefused, match="3 of 9"):
        line.post(f"{upload}/finalize")
    desk.server.clock.ahead += 86_401
    token = standin.grant("2244994945", scopes="tweet.read users.read")
    weak = line.under(desk.credentials.model_copy(update={"access": type(desk.credentials.access)(token)}))
    with pytest.raises(ChannelUnusable) as caught:
        weak.post("api:/2/tweets", json={"text": "a"})
    assert caught.value.reason == "scope_missing"
