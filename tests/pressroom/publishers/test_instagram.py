"""Instagram: what is special about it, against its stand-in."""

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
from pressroom.publishers.sending.publisher import Job
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, at, desk_at, film, picture

INSTAGRAM: Any = publishers.get("instagram")


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("instagram") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    server.reset()
    return desk_at(server, "instagram")


def post(desk: Desk, **more: Any) -> Job:
    return desk.job(desk.approved("Words", media=[picture(desk.files, size=(400, 400))], **more))


def with_comment(desk: Desk, text: str = "#one #two") -> Job:
    """The job of a first comment under a post that is public."""
    main = post(desk, comment=text)
    return desk.job(main.approved, 1, [desk.send(main).ref])


def test_each_error_says_what_to_do() -> None:
    rows: list[tuple[Refusal, Phase, type[PressroomError], str]] = [
        (Refusal(403, "4", "2207051"), Phase.SEND, OutcomeUnclear, ""),
        (Refusal(403, "4", "2207051"), Phase.PREPARE, PublishLater, ""),
        (Refusal(403, "4"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "20", "1772107"), Phase.SEND, OutcomeUnclear, ""),
        (Refusal(403, "9", "2207042"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "9007", "2207027"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "-2", "2207020"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "24", "2207006"), Phase.SEND, PublishLater, ""),
        (Refusal(400, "-2", "2207003"), Phase.PREPARE, PublishLater, ""),
        (Refusal(500, "-1", "2207001"), Phase.PREPARE, PublishLater, ""),
        (Refusal(500, "-1", "2207001"), Phase.SEND, OutcomeUnclear, ""),
        (Refusal(400, "-1", "2207032"), Phase.SEND, OutcomeUnclear, ""),
        (Refusal(400, "1"), Phase.SEND, OutcomeUnclear, ""),
        (Refusal(400, "36000", "2207004"), Phase.PREPARE, PostRefused, "media_refused"),
        (Refusal(400, "36001", "2207005"), Phase.PREPARE, PostRefused, "media_refused"),
        (Refusal(400, "36003", "2207009"), Phase.PREPARE, PostRefused, "media_refused"),
        (Refusal(400, "36004", "2207010"), Phase.PREPARE, PostRefused, "text_refused"),
        (Refusal(400, "1", "2207057"), Phase.PREPARE, PostRefused, "media_refused"),
        (Refusal(400, "10", "2207081"), Phase.PREPARE, PostRefused, "option_refused"),
        (Refusal(403, "25", "2207050"), Phase.SEND, ChannelUnusable, "account_blocked"),
        (Refusal(400, "190", "460"), Phase.SEND, ChannelUnusable, "token_revoked"),
        (INSTAGRAM.container_refusal("Error: failed with error code 2207026"), Phase.PREPARE, PostRefused,
         "media_refused"),
        (INSTAGRAM.container_refusal("Error: failed with error code 2207003"), Phase.PREPARE, PublishLater, ""),
        (INSTAGRAM.container_refusal("Error: unknown"), Phase.PREPARE, PublishLater, ""),
    ]  # fmt: skip
    for refusal, phase, kind, reason in rows:
        error = Line("Instagram", {}, rules=INSTAGRAM.rules, phase=phase).error(refusal)
        assert type(error) is kind, (refusal, phase)
        assert getattr(error, "reason", "") == reason, refusal


def codes(desk: Desk, text: str, media: list[Medium], **more: Any) -> set[str]:
    found = check(INSTAGRAM, desk.approved(text, media=media, **more), desk.channel)
    return {problem.code for problem in found if problem.blocking}


def test_limits_hold_at_the_limit_and_not_one_over(desk: Desk) -> None:
    photo, clip = picture(desk.files), film(desk.files)

    def of(medium: Medium, **changes: Any) -> list[Medium]:
        return [medium.model_copy(update=changes)]

    rows: list[tuple[list[Medium], list[Medium], str]] = [
        ([photo], [], "media_missing"),
        (of(photo, size=8_000_000), of(photo, size=8_000_001), "media_too_large"),
        (of(photo, width=320, height=320), of(photo, width=319, height=320), "image_too_narrow"),
        (of(photo, width=1080, height=1350), of(photo, width=1080, height=1370), "media_shape"),
        (of(photo, width=1080, height=566), of(photo, width=1080, height=560), "media_shape"),
        (of(clip, seconds=3.0), of(clip, seconds=2.9), "film_too_short"),
        (of(clip, seconds=900.0), of(clip, seconds=900.5), "film_too_long"),
        (of(clip, size=300_000_000), of(clip, size=300_000_001), "media_too_large"),
        ([photo] * 10, [photo] * 11, "too_many_media"),
        ([photo] * 5 + [clip] * 5, [photo] * 5 + [clip] * 6, "too_many_media"),
        ([photo], of(photo, media_type="image/png"), "media_type"),
    ]
    for good, bad, code in rows:
        assert codes(desk, "Words", good) == set(), code
        assert codes(desk, "Words", bad) == {code}
    tags, names = [f"#tag{number}" for number in range(31)], [f"@name{number}" for number in range(21)]
    for fits, over, code in [
        ("x" * 2200, "x" * 2201, "text_too_long"),
        (" ".join(tags[:30]), " ".join(tags), "too_many_hashtags"),
        (" ".join(names[:20]), " ".join(names), "too_many_mentions"),
    ]:
        assert codes(desk, fits, [photo]) == set(), code
        assert codes(desk, over, [photo]) == {code}
    assert codes(desk, "Words", [photo], comment=" ".join(tags)) == {"too_many_hashtags"}
    assert codes(desk, "Words", [photo], comment="x" * 2200) == set()
    assert codes(desk, "Words", [photo], comment="x" * 2201) == {"text_too_long"}
    assert codes(desk, "Words", [photo], options={"collaborators": ("a", "b", "c", "d")}) == {"option_invalid"}


def test_more_hashtags_than_are_usual_are_a_warning(desk: Desk) -> None:
    for count, warned in ((5, False), (6, True)):
        approved = desk.approved(" ".join(f"#tag{number}" for number in range(count)), media=[picture(desk.files)])
        assert any(each.code == "many_hashtags" for each in check(INSTAGRAM, approved, desk.channel)) is warned


def test_the_mark_of_ai_stands_on_what_is_published_alone(desk: Desk) -> None:
    one, two = picture(desk.files, size=(400, 400)), picture(desk.files, 1, size=(400, 400))
    for media in ([one], [one, two]):
        desk.send(desk.job(desk.approved("Words", media=media, ai_generated=True)))
    said = [container.said for container in desk.server["instagram"].containers.values()]
    assert [("is_ai_generated" in each, "is_carousel_item" in each) for each in said] == [
        (True, False), (False, True), (False, True), (True, False)]  # fmt: skip
    assert all(post.extra["is_ai_generated"] == "true" for post in desk.server["instagram"].posts.values())


def test_a_film_is_a_reel_with_its_cover(desk: Desk) -> None:
    options = {"share_to_feed": False, "cover_ms": 1500, "collaborators": ("one", "two")}
    desk.send(desk.job(desk.approved("Words", media=[film(desk.files)], options=options)))
    [shown] = desk.server["instagram"].posts.values()
    wanted = {"media_type": "REELS", "share_to_feed": "false", "thumb_offset": "1500", "collaborators": "one,two"}
    assert {name: shown.extra.get(name) for name in wanted} == wanted
    broken = film(desk.files)
    desk.files.by_key[broken.key] = b"no film at all"
    with pytest.raises(PostRefused, match="2207026"):
        desk.send(desk.job(desk.approved("Words", media=[broken])))


def test_a_restriction_is_unclear_since_the_post_may_be_live(desk: Desk) -> None:
    for switch, kind, public in (("spam_but_live", Found, 1), ("spam", Absent, 1)):
        desk.server["instagram"].switches["publish"] = switch
        job = desk.job(desk.approved(switch, media=[picture(desk.files, size=(400, 400))]))
        desk.prepare(job)
        with pytest.raises(OutcomeUnclear):
            INSTAGRAM.send(at(job, Phase.SEND))
        desk.server.clock.ahead += 30
        found = INSTAGRAM.ask(at(job, Phase.ASK))
        assert isinstance(found, kind)
        assert desk.server["instagram"].public == public


def test_a_container_that_ended_is_made_again_and_published_once(desk: Desk) -> None:
    for ended in ("expired", "gone"):
        job = desk.job(desk.approved(ended, media=[picture(desk.files, size=(400, 400))]))
        desk.prepare(job)
        made = desk.server["instagram"].containers
        container = made[job.memory.get("container")]
        if ended == "expired":
            container.made -= 90_000
        else:
            del made[container.id]
        with pytest.raises(PublishLater):
            INSTAGRAM.send(at(job, Phase.SEND))
        desk.send(job)
    assert desk.server["instagram"].public == 2


def test_a_container_that_was_sent_before_and_is_gone_is_unclear_and_not_made_again(desk: Desk) -> None:
    job = post(desk)
    desk.prepare(job)
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "instagram")
    with pytest.raises(OutcomeUnclear):
        INSTAGRAM.send(at(job, Phase.SEND))
    del desk.server["instagram"].containers[job.memory.get("container")]
    desk.prepare(job)
    with pytest.raises(OutcomeUnclear, match="sent before"):
        INSTAGRAM.send(at(job, Phase.SEND))
    assert isinstance(INSTAGRAM.ask(at(job, Phase.ASK)), Found)
    assert desk.server["instagram"].public == 1


def test_a_container_that_was_refused_for_being_early_is_made_again_once_it_ended(desk: Desk) -> None:
    job = post(desk)
    INSTAGRAM.prepare(at(job, Phase.PREPARE))
    with pytest.raises(PublishLater):
        INSTAGRAM.send(at(job, Phase.SEND))
    desk.prepare(job)
    del desk.server["instagram"].containers[job.memory.get("container")]
    with pytest.raises(PublishLater):
        INSTAGRAM.send(at(job, Phase.SEND))
    desk.send(job)
    assert desk.server["instagram"].public == 1


def test_a_comment_that_is_made_with_an_error_is_asked_about_and_found(desk: Desk) -> None:
    comment = with_comment(desk)
    desk.server["instagram"].switches["comments"] = "error"
    assert INSTAGRAM.prepare(at(comment, Phase.PREPARE)) is None
    with pytest.raises(OutcomeUnclear):
        INSTAGRAM.send(at(comment, Phase.SEND))
    found = INSTAGRAM.ask(at(comment, Phase.ASK))
    assert isinstance(found, Found)
    assert desk.server["instagram"].counts["comment"] == 1
    reading = INSTAGRAM.read_back(at(comment, Phase.READ), found.ref)
    assert reading is not None
    assert reading.text == "#one #two"
    desk.server["instagram"].posts[found.ref.remote_id].public = False
    assert INSTAGRAM.read_back(at(comment, Phase.READ), found.ref) is None


def test_no_field_is_asked_for_when_a_comment_is_made(desk: Desk) -> None:
    desk.send(with_comment(desk))
    [sent] = [each for each in desk.server.journal if each["method"] == "POST" and "/comments" in each["path"]]
    assert (sent["query"], sent["body"]) == ("", "message=%23one+%23two")


def test_a_comment_that_did_not_arrive_is_not_found_and_others_words_are_not_ours(desk: Desk) -> None:
    comment = with_comment(desk)
    desk.server["instagram"].add_account(type(next(iter(desk.server["instagram"].accounts.values())))("2", "other"))
    desk.server["instagram"].publish("2", "#one #two", kind="comment", parent=comment.parents[0].remote_id)
    desk.server.fail(SocialFault.CUT_BEFORE, "instagram")
    with pytest.raises(OutcomeUnclear):
        INSTAGRAM.send(at(comment, Phase.SEND))
    assert INSTAGRAM.ask(at(comment, Phase.ASK)) == Absent(certain=False, control=True)
    desk.server["instagram"].list_delay = 60
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "instagram")
    with pytest.raises(OutcomeUnclear):
        INSTAGRAM.send(at(comment, Phase.SEND))
    assert INSTAGRAM.ask(at(comment, Phase.ASK)) == Absent(certain=False, control=False), "the list lags"
    desk.server.clock.ahead += 61
    assert isinstance(INSTAGRAM.ask(at(comment, Phase.ASK)), Found)


def test_taking_down_is_not_offered(desk: Desk) -> None:
    job = post(desk)
    with pytest.raises(PostRefused, match="app"):
        INSTAGRAM.delete(desk.line.at(Phase.DELETE), desk.channel, desk.send(job).ref)
    assert desk.server["instagram"].public == 1


def test_the_stand_in_is_as_strict_as_instagram(desk: Desk) -> None:
    line, me = desk.line.at(Phase.PREPARE), desk.channel.account.remote_id
    good = desk.files.url(picture(desk.files))
    tall = desk.files.url(picture(desk.files, 1, size=(400, 800)))
    png = desk.files.url(picture(desk.files, 2, kind="png"))
    for said, why in (
        ({"image_url": good, "another": "b"}, "another"),
        ({"caption": "a"}, "image_url"),
        ({"image_url": good, "caption": "x" * 2201}, "2207010"),
        ({"image_url": good, "is_carousel_item": "true", "is_ai_generated": "true"}, "is_ai_generated"),
        ({"image_url": tall}, "2207009"),
        ({"image_url": png}, "2207005"),
        ({"video_url": good}, "media_type"),
        ({"media_type": "CAROUSEL", "children": "1,2"}, "2207028"),
    ):
        with pytest.raises(PostRefused, match=why):
            line.post(f"api:/{me}/media", data=said)
    for address in (f"{desk.files.base}/other.jpeg", "http://127.0.0.1:9/a.jpeg", f"{desk.files.base}/Übung.jpeg"):
        with pytest.raises(PublishLater, match="2207003"):
            line.post(f"api:/{me}/media", data={"image_url": address})
    desk.server["instagram"].switches["containers"] = 0
    with pytest.raises(PublishLater, match="2207042"):
        line.post(f"api:/{me}/media", data={"image_url": good})
