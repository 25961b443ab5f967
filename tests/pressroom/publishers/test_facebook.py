"""Facebook pages: errors by their codes, photos that stay unpublished, films in phases, figures that are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom import publishers
from pressroom.errors import ChannelUnusable, DuplicatePost, OutcomeUnclear, PostRefused, PublishLater
from pressroom.model.publishing import Absent, Failed, Found, Processing, Reading, Sent
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Phase, Refusal, TokenRefused
from sandbox.social.facebook import SCOPES
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, at, desk_at, film, picture

FACEBOOK = publishers.get("facebook")
PAGE = "100200"


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("facebook") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    return fresh(server)


def fresh(server: SocialServer, **seeded: Any) -> Desk:
    server.reset()
    return desk_at(server, "facebook", **seeded)


def small(desk: Desk, count: int = 1) -> list[Any]:
    return [picture(desk.files, number, size=(10, 10), kind="png") for number in range(count)]


def codes(desk: Desk, **fields: Any) -> dict[str, bool]:
    """Codes of problems, and whether each keeps the post from being sent."""
    found = check(FACEBOOK, desk.approved("Words", **fields), desk.channel)
    return {problem.code: problem.blocking for problem in found}


def test_the_error_table() -> None:
    later, refused, unclear = PublishLater, PostRefused, OutcomeUnclear
    rows: list[tuple[Phase, str, str, type, str]] = [
        (Phase.SEND, "1", "", unclear, ""),
        (Phase.SEND, "2", "", unclear, ""),
        (Phase.PREPARE, "1", "", later, ""),
        (Phase.PREPARE, "2", "", later, ""),
        (Phase.PREPARE, "1", "1366046", refused, "image_invalid"),
        (Phase.SEND, "4", "", later, ""),
        (Phase.SEND, "32", "", later, ""),
        (Phase.SEND, "341", "", later, ""),
        (Phase.SEND, "613", "", later, ""),
        (Phase.SEND, "1390008", "", later, ""),
        (Phase.SEND, "368", "", refused, "blocked"),
        (Phase.SEND, "1609008", "", refused, "link_blocked"),
        (Phase.SEND, "100", "1609008", refused, "link_blocked"),
        (Phase.SEND, "100", "", refused, "refused"),
        (Phase.SEND, "506", "1455006", DuplicatePost, ""),
        (Phase.SEND, "100", "1366051", DuplicatePost, ""),
        (Phase.SEND, "10", "", ChannelUnusable, "scope_missing"),
        (Phase.SEND, "200", "", ChannelUnusable, "scope_missing"),
        (Phase.SEND, "190", "460", ChannelUnusable, "token_revoked"),
        (Phase.SEND, "190", "463", TokenRefused, ""),
        (Phase.SEND, "190", "467", ChannelUnusable, "token_revoked"),
        (Phase.SEND, "20", "1772107", unclear, ""),
        (Phase.SEND, "9999", "", unclear, ""),
        (Phase.ASK, "100", "33", unclear, ""),
    ]
    for phase, code, subcode, error, reason in rows:
        line = Line(title="Facebook", bases={}, rules=FACEBOOK.rules, phase=phase)
        found = line.error(Refusal(400, code, subcode, "words"))
        assert type(found) is error, (phase, code, subcode, found)
        assert getattr(found, "reason", "") == reason, (phase, code, subcode)


def test_limits_at_and_one_over(desk: Desk) -> None:
    assert codes(desk, media=small(desk, 10)) == {}
    assert codes(desk, media=small(desk, 11)) == {"too_many_media": True}
    large = small(desk)[0].model_copy(update={"size": 4_000_001})
    assert codes(desk, media=[large.model_copy(update={"size": 4_000_000})]) == {}
    assert codes(desk, media=[large]) == {"media_too_large": True}
    assert codes(desk, media=small(desk), link="https://example.org/") == {"link_dropped": False}
    assert codes(desk, media=[*small(desk), film(desk.files)]) == {"media_mixed": True}
    tall, least = (1080, 1920), (540, 960)
    good = ((tall, 90.0), (least, 3.0))
    bad = ((tall, 90.1), (least, 2.9), ((538, 957), 9.0), ((1920, 1080), 9.0))
    for size, seconds, fits in [(*each, each in good) for each in (*good, *bad)]:
        medium = film(desk.files, size=size, seconds=seconds)
        assert codes(desk, media=[medium], options={"film_as": "reel"}) == ({} if fits else {"not_a_reel": True})
        assert codes(desk, media=[medium], options={"film_as": "auto"}) == {}


# Accounts


def test_a_person_s_token_becomes_that_of_a_page_that_takes_posts(desk: Desk) -> None:
    short = Credentials(access=SecretStr(desk.server["facebook"].grant("500100", seconds=3600, scopes=SCOPES)))
    app = {"client_id": SecretStr("app-id"), "client_secret": SecretStr("app-secret")}
    long = FACEBOOK.exchange(desk.line, short.model_copy(update={"extra": app}))
    line = desk.line.under(long)
    [page] = FACEBOOK.accounts(line)
    assert (page.remote_id, page.name, page.title, page.kind) == (PAGE, "demo.page", "Demo page", "page")
    own = FACEBOOK.account_credentials(line, page, long.model_copy(update={"scopes": ("pages_show_list",)}))
    assert own.expires_at is None
    assert own.scopes == ("pages_show_list",)
    desk.server.clock.ahead += 90 * 86400
    assert FACEBOOK.whoami(desk.line.under(own), desk.channel) == PAGE
    with pytest.raises(TokenRefused):
        FACEBOOK.accounts(line)


def test_a_page_that_the_person_may_not_post_to_has_no_token(desk: Desk) -> None:
    with pytest.raises(ChannelUnusable) as refused:
        FACEBOOK.account_credentials(desk.line, desk.channel.account, desk.credentials)
    assert refused.value.reason == "page_forbidden"


# Photos


def test_photos_stay_unpublished_until_the_post_and_old_ones_are_uploaded_again(desk: Desk) -> None:
    standin = desk.server["facebook"]
    job = desk.job(desk.approved("Words", media=small(desk, 2)))
    for fault in (SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.NO_ID):
        desk.server.fail(fault, "facebook", path="/photos$")
        with pytest.raises(PublishLater):
            desk.prepare(job)
    desk.prepare(job)
    desk.prepare(job)
    assert (standin.public, standin.counts["photo"]) == (0, 4), "two of them left behind by lost answers"
    desk.server.clock.ahead += 21 * 3600
    desk.send(job)
    assert standin.counts["photo"] == 6
    [post] = standin.posts.values()
    assert (post.kind, [each["alt"] for each in post.files]) == (
        "post",
        ["Picture number 0, blue", "Picture number 1, blue"],
    )


def test_one_picture_is_attached_too(desk: Desk) -> None:
    job = desk.job(desk.approved("Words", media=small(desk)))
    ref = desk.send(job).ref
    assert [post.kind for post in desk.server["facebook"].posts.values()] == ["post"]
    reading = FACEBOOK.read_back(at(job, Phase.READ), ref)
    assert reading is not None
    assert (reading.text, reading.media, reading.ref.permalink) == (
        "Words",
        1,
        f"https://www.facebook.com/{ref.remote_id}",
    )


# Asking


def lost(desk: Desk, fault: SocialFault, *texts: str, **fields: Any) -> Any:
    job = desk.job(desk.approved(*(texts or ("Words",)), **fields))
    desk.prepare(job)
    desk.server.fail(fault, "facebook", method="POST")
    with pytest.raises(OutcomeUnclear):
        FACEBOOK.send(at(job, Phase.SEND))
    return at(job, Phase.ASK)


def test_a_duplicate_is_a_question_and_the_list_answers_it(desk: Desk) -> None:
    job = lost(desk, SocialFault.ACCEPT_THEN_CUT)
    with pytest.raises(DuplicatePost):
        FACEBOOK.send(at(job, Phase.SEND))
    assert isinstance(FACEBOOK.ask(job), Found)
    assert desk.server["facebook"].public == 1


def test_pictures_are_counted_when_posts_are_compared(desk: Desk) -> None:
    job = lost(desk, SocialFault.CUT_BEFORE, media=small(desk, 2))
    desk.server["facebook"].publish(PAGE, "Words", files=[{"type": "image", "alt": ""}] * 3)
    assert not isinstance(FACEBOOK.ask(job), Found)
    desk.server["facebook"].publish(PAGE, "Words", id="100200_2", files=[{"type": "image", "alt": ""}] * 2)
    found = FACEBOOK.ask(job)
    assert isinstance(found, Found)
    assert found.ref.remote_id == "100200_2"


def test_a_post_is_found_on_a_later_page_of_the_list(desk: Desk) -> None:
    job = lost(desk, SocialFault.ACCEPT_THEN_CUT)
    desk.server.clock.ahead += 5
    for number in range(60):
        desk.server["facebook"].publish(PAGE, f"Another, number {number}", id=f"100200_{number}")
    assert isinstance(FACEBOOK.ask(job), Found)


def test_a_list_that_lags_or_fails_proves_nothing(desk: Desk) -> None:
    desk.server["facebook"].list_delay = 60
    job = lost(desk, SocialFault.ACCEPT_THEN_CUT)
    seen = FACEBOOK.ask(job)
    assert isinstance(seen, Absent)
    assert not seen.certain
    for status, body in ((401, "{}"), (404, "<html>"), (400, '{"error":{"code":100,"error_subcode":33}}'), (200, "{}")):
        desk.server.fail(SocialFault.STATUS, "facebook", method="GET", status=status, body=body)
        with pytest.raises((OutcomeUnclear, PublishLater)):
            FACEBOOK.ask(job)


def test_a_post_that_can_not_be_read_by_itself_is_read_from_the_list(desk: Desk) -> None:
    job = desk.job(desk.approved("Words"))
    ref = desk.send(job).ref
    desk.server["facebook"].switches["unreadable"] = True
    reading = FACEBOOK.read_back(at(job, Phase.READ), ref)
    assert isinstance(reading, Reading)
    assert reading.text == "Words"


def test_a_first_comment_is_made_once_whatever_its_answer(desk: Desk) -> None:
    approved = desk.approved("Words", comment="#one")
    ref = desk.send(desk.job(approved)).ref
    comment = desk.job(approved, 1, [ref])
    assert isinstance(FACEBOOK.ask(at(comment, Phase.ASK)), Absent)
    desk.server.fail(SocialFault.ACCEPT_THEN_STATUS, "facebook", method="POST", status=400,
                     body='{"error":{"code":20,"error_subcode":1772107,"message":"Unsupported"}}')  # fmt: skip
    with pytest.raises(OutcomeUnclear):
        FACEBOOK.send(at(comment, Phase.SEND))
    found = FACEBOOK.ask(at(comment, Phase.ASK))
    assert isinstance(found, Found)
    reading = FACEBOOK.read_back(at(comment, Phase.READ), found.ref)
    assert reading is not None
    assert reading.text == "#one"
    assert not any("fields" in each["query"] for each in desk.server.journal if each["method"] == "POST")


# Films

KINDS = {"reel": "video_reels", "video": "/videos$"}


def film_job(desk: Desk, kind: str, **fields: Any) -> Any:
    media = [film(desk.files, length=90_000)]
    return desk.job(desk.approved("Words", media=media, options={"film_as": kind}, title="T", **fields))


def test_a_film_goes_on_after_each_lost_answer(server: SocialServer) -> None:
    for kind in KINDS:
        for fault in (SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.GARBAGE, SocialFault.STATUS):
            for skip in range(3):
                desk = fresh(server)
                job = film_job(desk, kind)
                server.fail(fault, "facebook", method="POST", skip=skip, status=503)
                with suppress(PublishLater):
                    desk.prepare(job)
                server.faults.clear()
                ref = desk.settle(job, desk.send(job))
                assert ref.permalink
                assert server["facebook"].public == 1, (kind, fault, skip)
                reading = FACEBOOK.read_back(at(job, Phase.READ), ref)
                assert reading is not None
                assert (reading.text, reading.media) == ("Words", 1)


def test_a_piece_that_is_not_wanted_begins_the_upload_again(desk: Desk) -> None:
    desk.server["facebook"].switches["wrong_piece"] = True
    job = film_job(desk, "video")
    desk.settle(job, desk.send(job))
    assert (desk.server["facebook"].counts["film"], desk.server["facebook"].public) == (2, 1)


def test_an_upload_stops_at_any_byte_and_goes_on_from_there(desk: Desk) -> None:
    job = film_job(desk, "reel")
    desk.server.fail(SocialFault.CUT_BEFORE, "facebook", path="video-upload")
    with pytest.raises(PublishLater):
        FACEBOOK.prepare(at(job, Phase.PREPARE))
    [number] = desk.server["facebook"].films
    desk.server["facebook"].films[number]["bytes"] = 12_345
    desk.prepare(job)
    film_size = job.files[0].size
    assert desk.server["facebook"].films[number]["bytes"] == film_size
    desk.prepare(job)
    assert desk.server["facebook"].counts["upload"] == 1


def test_a_film_s_own_id_tells_whether_it_is_published(server: SocialServer) -> None:
    for kind, path in KINDS.items():
        for fault, first, last in (
            (SocialFault.ACCEPT_THEN_CUT, Processing, Found),
            (SocialFault.CUT_BEFORE, Absent, Absent),
            (SocialFault.NO_ID, Processing, Found),
        ):
            desk = fresh(server)
            job = film_job(desk, kind)
            desk.prepare(job)
            server.fail(fault, "facebook", method="POST", path=path)
            with pytest.raises(OutcomeUnclear):
                FACEBOOK.send(at(job, Phase.SEND))
            assert isinstance(FACEBOOK.ask(at(job, Phase.ASK)), first), (kind, fault)
            server.clock.ahead += 30
            assert isinstance(FACEBOOK.ask(at(job, Phase.ASK)), last), (kind, fault)


def test_a_film_that_facebook_can_not_process_has_failed(desk: Desk) -> None:
    desk.server["facebook"].switches["film_fails"] = True
    job = film_job(desk, "reel")
    sent = desk.send(job)
    assert sent == Sent(ref=sent.ref, processing=True)
    assert isinstance(FACEBOOK.ask(at(job, Phase.ASK)), Processing)
    desk.server.clock.ahead += 30
    failed = FACEBOOK.ask(at(job, Phase.ASK))
    assert isinstance(failed, Failed)
    assert failed.reason == "film_failed"
    assert desk.server["facebook"].public == 0


# Figures


def test_a_figure_that_is_offered_no_more_is_left_out_and_never_0(desk: Desk) -> None:
    ref = desk.send(desk.job(desk.approved("Words"))).ref
    line = desk.line.at(Phase.COLLECT)
    counted = {"likes": 4, "comments": 1, "shares": 2}
    reach, clicks = "post_total_media_view_unique", "post_clicks"
    for offered, figures in (((reach, clicks), {"reach": 41, "clicks": 6}), ((clicks,), {"clicks": 6}), ((), {})):
        desk.server["facebook"].switches["metrics"] = offered
        [found] = FACEBOOK.collect(line, desk.channel, [ref.remote_id, "100200_404"])
        assert found.values == {**counted, **figures}, offered


def test_figures_of_a_film(desk: Desk) -> None:
    job = film_job(desk, "reel")
    ref = desk.settle(job, desk.send(job))
    [found] = FACEBOOK.collect(desk.line.at(Phase.COLLECT), desk.channel, [ref.remote_id])
    assert found.values == {"views": 33, "likes": 4, "comments": 1}


# The stand-in


def test_the_stand_in_is_as_strict_as_the_platform(server: SocialServer) -> None:
    desk = fresh(server)
    other = fresh_photo(desk, "100202")
    line = desk.line.at(Phase.SEND)
    feed = f"api:/v25.0/{PAGE}/feed"
    bad: list[tuple[dict[str, str], type]] = [
        ({}, PostRefused),
        ({"message": "x", "tags": "y"}, PostRefused),
        ({"message": "x", "attached_media[0]": f'{{"media_fbid":"{other}"}}'}, PostRefused),
        ({"message": "x", "attached_media[0]": "nothing"}, PostRefused),
    ]
    for said, error in bad:
        with pytest.raises(error):
            line.post(feed, data=said)
    person = line.under(Credentials(access=SecretStr(server["facebook"].grant("500100", scopes=SCOPES))))
    narrow = line.under(Credentials(access=SecretStr(server["facebook"].grant(PAGE, scopes="pages_show_list"))))
    with pytest.raises(PostRefused):
        person.post(feed, data={"message": "x"})
    with pytest.raises(ChannelUnusable):
        narrow.post(feed, data={"message": "x"})
    for switch, value in (("blocked", True), ("spam", "casino")):
        server["facebook"].switches = {switch: value}
        with pytest.raises(PostRefused):
            line.post(feed, data={"message": "x", "link": "https://casino.example/"})
    assert server["facebook"].public == 0


def fresh_photo(desk: Desk, page: str) -> str:
    """An unpublished photo of a page."""
    there = desk_at(desk.server, "facebook", page=page)
    reply = there.line.at(Phase.PREPARE).post(
        f"api:/v25.0/{page}/photos", data={"published": "false"},
        files={"source": ("picture", there.files.read(small(there)[0]), "image/png")},
    )  # fmt: skip
    return str(reply.json()["id"])


def test_reels_of_a_day_are_counted(desk: Desk) -> None:
    for number in range(30):
        desk.server["facebook"].publish(PAGE, f"{number}", id=f"100200_{number}", extra={"reel": True})
    job = film_job(desk, "reel")
    desk.prepare(job)
    with pytest.raises(PublishLater):
        FACEBOOK.send(at(job, Phase.SEND))


def test_a_photo_without_published_false_becomes_a_story_of_its_own(desk: Desk) -> None:
    job = desk.job(desk.approved("Words", media=small(desk)))
    content = desk.files.read(job.files[0])
    job.line.post(f"api:/v25.0/{PAGE}/photos", files={"source": ("picture", content, "image/png")})
    assert [post.kind for post in desk.server["facebook"].posts.values()] == ["photo_story"]
