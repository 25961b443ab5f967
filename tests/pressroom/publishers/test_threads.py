"""Threads: what is special about it, against its stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pressroom import publishers
from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PressroomError, PublishLater
from pressroom.model import Medium
from pressroom.model.publishing import Absent, Found
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Refusal
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, at, desk_at, film, picture

THREADS: Any = publishers.get("threads")
FIVE = " ".join(f"https://example.com/{number}" for number in range(5))


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("threads") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    server.reset()
    return desk_at(server, "threads")


def test_each_error_says_what_to_do() -> None:
    rows: list[tuple[Refusal, Phase, type[PressroomError], str]] = [
        (Refusal(400, "24", "4279009", "Media Not Found"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "100", "", "THREADS_API__LINK_LIMIT_EXCEEDED"), Phase.PREPARE, PostRefused, "too_many_links"),
        (Refusal(400, "9", "2207042", "Limit"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "190", "460"), Phase.SEND, ChannelUnusable, "token_revoked"),
        (Refusal(400, "100", "", "Invalid parameter"), Phase.SEND, OutcomeUnclear, ""),
        (Refusal(500, "1"), Phase.SEND, OutcomeUnclear, ""),
        (THREADS.container_refusal("INVALID_ASPEC_RATIO"), Phase.PREPARE, PostRefused, "media_refused"),
        (THREADS.container_refusal("INVALID_BIT_RATE"), Phase.PREPARE, PostRefused, "media_refused"),
        (THREADS.container_refusal("FAILED_DOWNLOADING_VIDEO"), Phase.PREPARE, PublishLater, ""),
        (THREADS.container_refusal("UNKNOWN"), Phase.PREPARE, PublishLater, ""),
    ]
    for refusal, phase, kind, reason in rows:
        error = Line("Threads", {}, rules=THREADS.rules, phase=phase).error(refusal)
        assert type(error) is kind, refusal
        assert getattr(error, "reason", "") == reason, refusal


def codes(desk: Desk, text: str, media: list[Medium] | None = None, **more: Any) -> set[str]:
    found = check(THREADS, desk.approved(text, media=media or [], **more), desk.channel)
    return {problem.code for problem in found if problem.blocking}


def test_limits_hold_at_the_limit_and_not_one_over(desk: Desk) -> None:
    photo, clip = picture(desk.files), film(desk.files)

    def of(medium: Medium, **changes: Any) -> list[Medium]:
        return [medium.model_copy(update=changes)]

    rows: list[tuple[list[Medium], list[Medium], str]] = [
        (of(photo, size=8_000_000), of(photo, size=8_000_001), "media_too_large"),
        (of(photo, width=320), of(photo, width=319), "image_too_narrow"),
        (of(photo, width=5000, height=500), of(photo, width=5200, height=500), "media_shape"),
        (of(clip, seconds=300.0), of(clip, seconds=300.5), "film_too_long"),
        (of(clip, size=1_000_000_000), of(clip, size=1_000_000_001), "media_too_large"),
        ([photo] * 20, [photo] * 21, "too_many_media"),
        ([photo] * 15 + [clip] * 5, [photo] * 15 + [clip] * 6, "too_many_media"),
        ([], of(photo, media_type="image/gif"), "media_type"),
    ]
    for good, bad, code in rows:
        assert codes(desk, "Words", good) == set(), code
        assert codes(desk, "Words", bad) == {code}
    assert codes(desk, "🙂" * 125) == set()
    assert codes(desk, "🙂" * 125 + ".") == {"text_too_long"}
    assert codes(desk, FIVE) == set()
    assert codes(desk, FIVE + " https://example.com/6") == {"too_many_links"}
    assert codes(desk, FIVE, link="https://example.com/6") == {"too_many_links"}
    for tag, found in (("t" * 50, set()), ("t" * 51, {"option_invalid"}), ("a.b", {"option_invalid"})):
        assert codes(desk, "Words", options={"topic_tag": tag}) == found


def test_topic_card_and_who_may_reply_go_with_the_first_post_alone(desk: Desk) -> None:
    options = {"topic_tag": "Small things", "reply_control": "mentioned_only"}
    approved = desk.approved("One", "Two", options=options, link="https://example.com/a")
    ref = desk.send(desk.job(approved)).ref
    reply = desk.job(approved, 1, [ref])
    desk.send(reply)
    first, second = (post.extra for post in desk.server["threads"].posts.values())
    assert (first["topic_tag"], first["reply_control"], first["link_attachment"]) == (
        "Small things", "mentioned_only", "https://example.com/a")  # fmt: skip
    assert second == {"media_type": "TEXT", "text": "Two", "reply_to_id": ref.remote_id}
    assert isinstance(THREADS.ask(at(reply, Phase.ASK)), Found)


def test_a_reply_is_looked_for_among_the_replies(desk: Desk) -> None:
    approved = desk.approved("Same words", "Same words")
    ref = desk.send(desk.job(approved)).ref
    reply = desk.job(approved, 1, [ref])
    reply.memory.put(container="")
    assert isinstance(THREADS.ask(at(reply, Phase.ASK)), Absent)
    desk.send(reply)
    found = THREADS.ask(at(reply, Phase.ASK))
    assert isinstance(found, Found)
    assert found.ref.remote_id != ref.remote_id


def test_a_reply_to_a_post_that_is_gone_is_refused(desk: Desk) -> None:
    approved = desk.approved("One", "Two")
    ref = desk.send(desk.job(approved)).ref
    desk.server["threads"].posts[ref.remote_id].public = False
    with pytest.raises(PostRefused):
        desk.prepare(desk.job(approved, 1, [ref]))


def test_the_stand_in_is_as_strict_as_threads(desk: Desk) -> None:
    line, standin = desk.line.at(Phase.PREPARE), desk.server["threads"]
    me = desk.channel.account.remote_id
    for said, why in (
        ({"media_type": "TEXT", "text": "a", "another": "b"}, "another"),
        ({"media_type": "TEXT", "text": "x" * 501}, "500"),
        ({"media_type": "TEXT", "text": FIVE + " https://example.com/6"}, "LINK_LIMIT"),
        ({"media_type": "TEXT", "text": " "}, "text"),
        ({"media_type": "IMAGE", "text": "a"}, "IMAGE"),
        ({"media_type": "CAROUSEL", "children": "1,2"}, "carousel"),
        ({"media_type": "TEXT", "text": "a", "topic_tag": "a.b"}, "topic_tag"),
    ):
        with pytest.raises(PostRefused, match=why):
            line.post(f"api:/{me}/threads", data=said)
    with pytest.raises(PostRefused, match="does not exist"):
        line.post("api:/123/threads", data={"media_type": "TEXT", "text": "a"})
    token = standin.grant(me, scopes="threads_basic")
    weak = line.under(desk.credentials.model_copy(update={"access": type(desk.credentials.access)(token)}))
    with pytest.raises(ChannelUnusable, match="threads_content_publish") as caught:
        weak.post(f"api:/{me}/threads", data={"media_type": "TEXT", "text": "a"})
    assert caught.value.reason == "scope_missing"
