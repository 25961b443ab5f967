"""YouTube alone: the resumable upload wherever it stops, the day's quota, thumbnails, comments, and its own schemas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx2
import jsonschema
import pytest
from pydantic import SecretStr

from pressroom import publishers
from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PublishLater
from pressroom.model.publishing import Absent, ApprovedPart, Failed, Found, PartKind, Processing, RemoteRef, Similar
from pressroom.publishers.sending import resumable
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Reply, TokenRefused
from pressroom.publishers.sending.publisher import Job, NotYet
from pressroom.publishers.youtube import YouTube, until_midnight
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, Notes, at, desk_at, film, picture
from tests.publishers import oracles

YOUTUBE = publishers.get("youtube")
STEP = 256 * 1024
KIDS = {"made_for_kids": False}


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("youtube") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer, monkeypatch: pytest.MonkeyPatch) -> Desk:
    server.reset()
    monkeypatch.setattr(resumable, "CHUNK", STEP)
    return desk_at(server, "youtube")


def video(desk: Desk, chunks: int = 4, **more: object) -> Job:
    """A job for a film that is uploaded in so many chunks, the last one short."""
    media = [film(desk.files, length=(chunks - 1) * STEP + 100), *more.pop("media", ())]
    comment = more.pop("comment", "")
    approved = desk.approved("About costs.", media=media, title=more.pop("title", "Costs"), comment=comment, **more)
    return desk.job(approved)


def sent(desk: Desk, job: Job) -> RemoteRef:
    return desk.settle(job, desk.send(job))


def persistent(desk: Desk, job: Job) -> None:
    """Prepares as the ledger does: again after each passing error."""
    for _ in range(20):
        try:
            if YOUTUBE.prepare(at(job, Phase.PREPARE)) is None:
                return
        except PublishLater:
            continue
    raise AssertionError("never ready")


def whole(desk: Desk, job: Job) -> bool:
    """The one video has every byte of the film, once."""
    [shown] = desk.server["youtube"].posts.values()
    return shown.files[0]["sha256"] == hashlib.sha256(desk.files.by_key["film.mp4"]).hexdigest()


def puts(desk: Desk) -> int:
    return sum(one["method"] == "PUT" for one in desk.server.journal)


# The upload


def test_all_chunks_but_the_last_are_uploaded_before_and_the_last_is_one_request(desk: Desk) -> None:
    job = video(desk)
    desk.prepare(job)
    assert (puts(desk), desk.server["youtube"].public) == (3, 0)
    before = len(desk.server.journal)
    YOUTUBE.send(at(job, Phase.SEND))
    assert len(desk.server.journal) == before + 1
    assert desk.server["youtube"].public == 1
    assert whole(desk, job)


@pytest.mark.parametrize("fault", [SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.STATUS])
def test_an_upload_goes_on_where_an_answer_was_lost(desk: Desk, fault: SocialFault) -> None:
    for number in range(4):  # the beginning of the session, then each chunk
        desk.server.reset()
        desk = desk_at(desk.server, "youtube")
        job = video(desk)
        desk.server.fail(fault, "youtube", path="^/upload/videos", skip=number, status=503)
        with pytest.raises(PublishLater):
            YOUTUBE.prepare(at(job, Phase.PREPARE))
        persistent(desk, job)
        assert desk.server["youtube"].counts["chunk"] <= 4
        YOUTUBE.send(at(job, Phase.SEND))
        assert whole(desk, job), number


def test_a_worker_that_dies_between_two_notes_leaves_one_video(desk: Desk) -> None:
    """Each state of the notes that was committed is one from which another worker goes on."""

    class Remembering(Notes):
        def put(self, **values: str) -> None:
            super().put(**values)
            states.append(dict(self.said))

    states: list[dict[str, str]] = [{}]
    job = replace(video(desk), memory=Remembering())
    YOUTUBE.prepare(at(job, Phase.PREPARE))
    assert len(states) >= 5
    for state in states:
        again = replace(job, memory=Notes(dict(state)))
        persistent(desk, again)
    YOUTUBE.send(at(again, Phase.SEND))
    for state in states[1:]:
        again = replace(job, memory=Notes(dict(state)))
        persistent(desk, again)
        assert isinstance(YOUTUBE.ask(at(again, Phase.ASK)), (Found, Processing))
        YOUTUBE.send(at(again, Phase.SEND))
    assert desk.server["youtube"].public == 1
    assert whole(desk, job)


def test_a_chunk_of_which_a_part_arrived_is_continued_from_there(desk: Desk) -> None:
    desk.server["youtube"].switches["takes"] = 1000
    job = video(desk)
    desk.prepare(job)
    assert int(job.memory.get("arrived")) == 1000 + 3 * STEP - STEP
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "youtube", path="^/upload/videos")
    desk.server["youtube"].switches["takes"] = 7
    with pytest.raises(OutcomeUnclear):
        YOUTUBE.send(at(job, Phase.SEND))
    assert YOUTUBE.ask(at(job, Phase.ASK)) == Absent(certain=True)
    assert int(job.memory.get("arrived")) == 1007 + 2 * STEP
    YOUTUBE.send(at(job, Phase.SEND))
    assert whole(desk, job)


def test_a_platform_that_takes_no_byte_is_left_for_later(desk: Desk) -> None:
    desk.server["youtube"].switches["takes"] = 0
    with pytest.raises(PublishLater, match="took no byte"):
        YOUTUBE.prepare(at(video(desk), Phase.PREPARE))


def test_a_long_upload_lets_the_worker_renew_its_lease(desk: Desk) -> None:
    job = video(desk)
    moments = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=40 * at) for at in range(100))
    slow = replace(job, now=lambda: next(moments))
    looks = 0
    while isinstance(waits := YOUTUBE.prepare(at(slow, Phase.PREPARE)), NotYet):
        assert "bytes are uploaded" in waits.message
        looks += 1
    assert looks >= 1
    YOUTUBE.send(at(slow, Phase.SEND))
    assert whole(desk, job)


def test_a_session_that_ends_during_the_upload_is_begun_again(desk: Desk) -> None:
    job = video(desk)
    desk.server.fail(SocialFault.STATUS, "youtube", method="PUT", skip=1, status=410)
    with pytest.raises(PublishLater, match="a new one is begun"):
        YOUTUBE.prepare(at(job, Phase.PREPARE))
    sent(desk, job)
    assert whole(desk, job)


def test_a_session_that_is_gone_is_no_proof_and_the_list_of_uploads_is_asked(desk: Desk) -> None:
    standin = desk.server["youtube"]
    other = video(desk, title="Another one")
    sent(desk, other)
    for arrives in (True, False):
        job = video(desk)
        desk.prepare(job)
        desk.server.fail(SocialFault.ACCEPT_THEN_CUT if arrives else SocialFault.CUT_BEFORE, "youtube")
        with pytest.raises(OutcomeUnclear):
            YOUTUBE.send(at(job, Phase.SEND))
        standin.sessions.clear()
        desk.server.clock.ahead += 30
        found = YOUTUBE.ask(at(job, Phase.ASK))
        if arrives:
            assert isinstance(found, Found)
            YOUTUBE.delete(desk.line.at(Phase.DELETE), desk.channel, found.ref)
        else:
            assert found == Absent(certain=False, control=True)
            with pytest.raises(PublishLater, match="gone"):
                YOUTUBE.send(at(job, Phase.SEND))
            sent(desk, job)
    assert standin.public == 2


def test_an_equal_description_below_another_title_is_not_taken_for_ours(desk: Desk) -> None:
    job, other = video(desk), video(desk, title="Quite another title for the same words")
    sent(desk, other)
    found = YOUTUBE.ask(at(replace(job, memory=Notes()), Phase.ASK))
    assert isinstance(found, (Absent, Similar))


def test_finishing_twice_gives_the_same_video(desk: Desk) -> None:
    job = video(desk)
    first = desk.send(job)
    assert YOUTUBE.send(at(job, Phase.SEND)).ref == first.ref
    assert desk.server["youtube"].public == 1


# After it


def test_processing_ends_in_a_video_or_in_a_refusal(desk: Desk) -> None:
    job = video(desk)
    assert desk.send(job).processing
    assert YOUTUBE.ask(at(job, Phase.ASK)) == Processing()
    desk.server.clock.ahead += 30
    assert isinstance(YOUTUBE.ask(at(job, Phase.ASK)), Found)
    desk.server["youtube"].switches["reject"] = "duplicate"
    failed = YOUTUBE.ask(at(job, Phase.ASK))
    assert isinstance(failed, Failed)
    assert failed.reason == "duplicate"


def test_a_video_that_the_platform_locks_is_told_as_private(desk: Desk) -> None:
    for unaudited, privacy, visibility in (
        (True, "public", "private"),
        (True, "unlisted", "private"),
        (True, "private", "public"),
        (False, "public", "public"),
        (False, "unlisted", "public"),
    ):
        desk.server["youtube"].switches["unaudited"] = unaudited
        job = video(desk, options={**KIDS, "privacy": privacy}, chunks=1)
        reading = YOUTUBE.read_back(at(job, Phase.READ), sent(desk, job))
        assert reading is not None
        assert reading.visibility == visibility, (unaudited, privacy)
    shown = replace(job, approved=job.approved.model_copy(update={"options": {**KIDS, "privacy": "private"}}))
    assert YOUTUBE.read_back(at(shown, Phase.READ), sent(desk, job)).visibility == "unlisted"


def test_the_quota_of_a_day_is_over_until_midnight_in_california(desk: Desk) -> None:
    desk.server["youtube"].switches["daily_uploads"] = 0
    with pytest.raises(PublishLater) as caught:
        YOUTUBE.prepare(at(video(desk), Phase.PREPARE))
    expected = until_midnight(desk.server.clock.moment())
    assert caught.value.retry_after == pytest.approx(expected, abs=60) or expected < 60
    desk.server["youtube"].switches["daily_uploads"] = 1
    sent(desk, video(desk))
    with pytest.raises(PublishLater):
        YOUTUBE.prepare(at(video(desk), Phase.PREPARE))
    desk.server.clock.ahead += expected + 60
    desk = desk_at(desk.server, "youtube")
    sent(desk, video(desk))


def test_midnight_in_california_is_found_across_changes_of_the_clock() -> None:
    for moment, hours in (
        ("2026-03-08T07:30:00+00:00", 0.5),  # still 23:30 of the 7th
        ("2026-03-08T08:00:00+00:00", 23),  # the day the clock goes forward
        ("2026-11-01T07:00:00+00:00", 25),  # the day it goes back
        ("2026-07-01T12:00:00+00:00", 19),
    ):
        assert until_midnight(datetime.fromisoformat(moment)) == hours * 3600, moment


# Thumbnail and first comment


def _optional_parts(desk: Desk) -> tuple[Job, Job]:
    """Jobs for the comment and the thumbnail of a video that is public."""
    job = video(desk, chunks=1, media=[picture(desk.files, 1, size=(1280, 720))], comment="#one #two")
    parts = (*job.approved.parts, ApprovedPart(kind=PartKind.THUMBNAIL, text=""))
    approved = job.approved.model_copy(update={"parts": parts})
    main = replace(job, approved=approved)
    ref = sent(desk, main)
    return desk.job(approved, 1, [ref]), desk.job(approved, 2, [ref])


def test_a_thumbnail_is_a_call_of_its_own_that_may_fail_alone(desk: Desk) -> None:
    _, thumbnail = _optional_parts(desk)
    standin = desk.server["youtube"]
    standin.switches["unverified"] = True
    with pytest.raises(PostRefused) as caught:
        desk.send(thumbnail)
    assert caught.value.reason == "forbidden"
    assert YOUTUBE.ask(at(thumbnail, Phase.ASK)) == Absent(certain=True)
    standin.switches.clear()
    standin.switches["processing_seconds"] = 1.0
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "youtube", path="thumbnails")
    with pytest.raises(OutcomeUnclear):
        desk.send(thumbnail)
    found = YOUTUBE.ask(at(thumbnail, Phase.ASK))
    assert isinstance(found, Found)
    assert YOUTUBE.read_back(at(thumbnail, Phase.READ), found.ref) is not None
    YOUTUBE.delete(desk.line.at(Phase.DELETE), desk.channel, found.ref)
    assert standin.counts["thumbnail"] == standin.counts["post"] == standin.public == 1
    content = desk.files.by_key["picture-1.jpeg"]
    assert next(iter(standin.posts.values())).extra["thumbnail"] == hashlib.sha256(content).hexdigest()


def test_a_comment_is_found_again_and_removed_alone(desk: Desk) -> None:
    comment, _ = _optional_parts(desk)
    standin = desk.server["youtube"]
    standin.publish("UCsomeone-else", "#one #two", kind="comment", parent=next(iter(standin.posts)))
    assert isinstance(YOUTUBE.ask(at(comment, Phase.ASK)), Absent)
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "youtube", method="POST", path="commentThreads")
    with pytest.raises(OutcomeUnclear):
        desk.send(comment)
    found = YOUTUBE.ask(at(comment, Phase.ASK))
    assert isinstance(found, Found)
    assert YOUTUBE.read_back(at(comment, Phase.READ), found.ref).text == "#one #two"
    YOUTUBE.delete(desk.line.at(Phase.DELETE), desk.channel, found.ref)
    assert YOUTUBE.read_back(at(comment, Phase.READ), found.ref) is None
    assert standin.public == 2
    standin.switches["comments_disabled"] = True
    with pytest.raises(PostRefused) as caught:
        desk.send(comment)
    assert caught.value.reason == "comment_refused"


def test_figures_of_the_reports_are_a_gap_where_they_can_not_be_read(desk: Desk) -> None:
    job = video(desk, chunks=1)
    ref = sent(desk, job)
    counted = {"views": 41, "likes": 7, "comments": 2}
    reported = {"shares": 3, "follows": 1, "watch_time": 95 * 60}
    for no_reports, expected in ((False, {**counted, **reported}), (True, counted)):
        desk.server["youtube"].switches["no_reports"] = no_reports
        [figures] = YOUTUBE.collect(desk.line.at(Phase.COLLECT), desk.channel, [ref.remote_id])
        assert figures.values == expected


def test_the_categories_that_a_video_may_have_are_offered(desk: Desk) -> None:
    offered = YOUTUBE.choices(desk.line, desk.channel)["category"]
    assert offered == (("22", "People & Blogs"), ("28", "Science & Technology"))


# Before the first byte


def test_each_limit_is_held_exactly(desk: Desk) -> None:
    def codes(title: str = "T", text: str = "x", tags: str = "", options: object = KIDS, **more: object) -> set[str]:
        media = more.pop("media", [film(desk.files)])
        approved = desk.approved(text, title=title, tags=tags, options=options, media=media, **more)
        return {problem.code for problem in check(YOUTUBE, approved, desk.channel)}

    thumbnail = picture(desk.files, 1, size=(1280, 720))
    for expected, given in (
        (set(), {}),
        (set(), {"title": "x" * 100}),
        ({"title_too_long"}, {"title": "x" * 101}),
        ({"title_missing"}, {"title": " "}),
        (set(), {"text": "é" * 2500}),
        ({"text_too_long"}, {"text": "é" * 2500 + "x"}),
        (set(), {"tags": "x" * 500}),
        ({"tags_too_long"}, {"tags": "x" * 501}),
        ({"angle_brackets"}, {"text": "a < b"}),
        ({"angle_brackets"}, {"title": "a > b"}),
        ({"angle_brackets"}, {"tags": "<b>"}),
        ({"option_missing"}, {"options": {}}),
        ({"option_invalid"}, {"options": {**KIDS, "privacy": "hidden"}}),
        ({"comment_dropped"}, {"options": {"made_for_kids": True}, "comment": "First."}),
        ({"media_missing"}, {"media": []}),
        ({"media_missing", "too_many_media"}, {"media": [thumbnail]}),
        (set(), {"media": [film(desk.files), thumbnail]}),
        ({"too_many_media"}, {"media": [film(desk.files), thumbnail, picture(desk.files, 2)]}),
        ({"too_many_media"}, {"media": [film(desk.files), film(desk.files)]}),
        ({"media_too_large"}, {"media": [film(desk.files), thumbnail.model_copy(update={"size": 2_000_001})]}),
        (set(), {"media": [film(desk.files), thumbnail.model_copy(update={"size": 2_000_000})]}),
        ({"media_type"}, {"media": [film(desk.files), picture(desk.files, 1, kind="webp")]}),
    ):
        assert codes(**given) == expected, given


def _answer(status: int, reason: str = "", message: str = "No.", word: str = "") -> Reply:
    error = {"code": status, "message": message, "status": word, "errors": [{"reason": reason}] if reason else []}
    return Reply(status, {}, json.dumps({"error": error}).encode())


def test_each_error_means_what_to_do() -> None:
    line = Line(title="YouTube", bases=YouTube.bases, rules=YOUTUBE.rules, read=YOUTUBE.read_error)
    prepare, send, ask = Phase.PREPARE, Phase.SEND, Phase.ASK
    for reply, phase, expected, reason in (
        (_answer(401, "authError"), send, TokenRefused, None),
        (_answer(401, "youtubeSignupRequired"), prepare, ChannelUnusable, "no_channel"),
        (_answer(403, "insufficientPermissions", "insufficient authentication scopes"), prepare, ChannelUnusable,
         "scope_missing"),
        (_answer(403, "accessNotConfigured"), prepare, ChannelUnusable, "api_disabled"),
        (_answer(403, "authenticatedUserAccountSuspended"), prepare, ChannelUnusable, "account_blocked"),
        (_answer(403, "quotaExceeded"), prepare, PublishLater, None),
        (_answer(403, "userRateLimitExceeded"), send, PublishLater, None),
        (_answer(429, "rateLimitExceeded", "Video Uploads per day"), prepare, PublishLater, None),
        (_answer(400, "uploadLimitExceeded"), prepare, PublishLater, None),
        (_answer(400, "invalidTitle"), prepare, PostRefused, "metadata_refused"),
        (_answer(400, "invalidTags"), send, PostRefused, "metadata_refused"),
        (_answer(400, "invalidImage"), send, PostRefused, "thumbnail_refused"),
        (_answer(403, "commentsDisabled"), send, PostRefused, "comment_refused"),
        (_answer(403, "forbidden"), send, PostRefused, "forbidden"),
        (_answer(404, "videoNotFound"), ask, OutcomeUnclear, None),
        (_answer(403, "forbidden"), ask, OutcomeUnclear, None),
        (_answer(404, "notFound"), send, OutcomeUnclear, None),
        (_answer(400, "processingFailure"), send, OutcomeUnclear, None),
        (_answer(400, "neverSeenBefore"), send, OutcomeUnclear, None),
        (_answer(503, "backendError"), send, OutcomeUnclear, None),
        (_answer(503, "backendError"), prepare, PublishLater, None),
        (Reply(400, {}, b'{"error":"invalid_grant","error_description":"Revoked."}'), Phase.ACCOUNT, ChannelUnusable,
         "token_revoked"),
        (Reply(502, {}, b"<html>"), send, OutcomeUnclear, None),
    ):  # fmt: skip
        error = line.at(phase).error(line.read(reply))
        assert type(error) is expected, (reply, error)
        assert reason is None or error.reason == reason, reply
    daily = line.error(line.read(_answer(403, "quotaExceeded")))
    assert 0 < daily.retry_after <= 25 * 3600


# What the platform itself says


def test_every_request_is_one_that_the_discovery_file_describes(desk: Desk) -> None:
    comment, thumbnail = _optional_parts(desk)
    for job in (comment, thumbnail):
        ref = desk.send(job).ref
        YOUTUBE.ask(at(job, Phase.ASK))
        YOUTUBE.read_back(at(job, Phase.READ), ref)
        YOUTUBE.delete(desk.line.at(Phase.DELETE), desk.channel, ref)
    main = video(desk, ai_generated=True, tags='a,"b c",d', options={**KIDS, "privacy": "unlisted", "notify": False})
    ref = sent(desk, main)
    YOUTUBE.ask(at(replace(main, memory=Notes()), Phase.ASK))
    YOUTUBE.read_back(at(main, Phase.READ), ref)
    YOUTUBE.accounts(desk.line)
    YOUTUBE.choices(desk.line, desk.channel)
    YOUTUBE.collect(desk.line, desk.channel, [ref.remote_id])
    YOUTUBE.delete(desk.line, desk.channel, ref)
    methods = {"GET": "list", "POST": "insert", "DELETE": "delete"}
    seen = set()
    for one in desk.server.journal:
        base, _, path = one["path"].strip("/").partition("/")
        if one["method"] == "PUT":
            continue
        api = "youtubeAnalytics.v2" if base == "analytics" else "youtube.v3"
        resource, method = path.split("/") if "/" in path else (path, methods[one["method"]])
        method = "query" if base == "analytics" else method
        jsonschema.validate(dict(parse_qsl(one["query"])), oracles.youtube_parameters(resource, method, api))
        if one["method"] == "POST" and resource != "thumbnails":
            jsonschema.validate(json.loads(one["body"]), oracles.youtube_schema(resource, method))
        seen.add((base, resource, method))
    assert len(seen) >= 10
    begun = [json.loads(one["body"]) for one in desk.server.journal if one["path"] == "/upload/videos" and one["body"]
             and one["method"] == "POST"]  # fmt: skip
    assert begun[-1]["snippet"]["tags"] == ["a", "b c", "d"]
    assert begun[-1]["status"] == {
        "privacyStatus": "unlisted", "selfDeclaredMadeForKids": False, "containsSyntheticMedia": True,
    }  # fmt: skip


def test_the_stand_in_refuses_what_youtube_refuses(desk: Desk) -> None:
    job = video(desk)
    desk.prepare(job)
    session, size = job.memory.get("session"), job.approved.media[0].size
    with httpx2.Client() as client:
        for place, content in (
            ("bytes 0-9/9", b"x" * 10),  # another length
            (f"bytes {4 * STEP}-{4 * STEP + 9}/{size}", b"x" * 10),  # bytes are left out
            (f"bytes {3 * STEP}-{3 * STEP + 9}/{size}", b"x" * 10),  # too short for a chunk that is not the last
            (f"bytes {3 * STEP}-{size - 1}/{size}", b"x"),  # fewer bytes than it says
        ):
            assert client.put(session, content=content, headers={"Content-Range": place}).status_code == 400, place
        probe = client.put(session, content=b"", headers={"Content-Range": f"bytes */{size}"})
        assert (probe.status_code, probe.headers["range"]) == (308, f"bytes=0-{3 * STEP - 1}")
        desk.server.clock.ahead += 8 * 86400
        assert client.put(session, headers={"Content-Range": f"bytes */{size}"}).status_code == 404
    desk.server.clock.ahead = 0
    for title, text, tags in (("x" * 101, "a", ""), ("T", "é" * 2501, ""), ("T", "a>b", ""), ("T", "a", "x" * 501)):
        wrong = desk.job(desk.approved(text, title=title, tags=tags, media=job.approved.media))
        with pytest.raises(PostRefused):
            YOUTUBE.prepare(at(wrong, Phase.PREPARE))
    narrow = desk.server["youtube"].grant(desk.channel.account.remote_id, scopes="openid")
    with pytest.raises(ChannelUnusable) as caught:
        YOUTUBE.whoami(desk.line.under(desk.credentials.model_copy(update={"access": SecretStr(narrow)})), desk.channel)
    assert caught.value.reason == "scope_missing"
