"""TikTok alone: chunks and their lost answers, pictures without a proof, the person's choices, errors of status 200."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from pydantic import SecretStr

from pressroom import publishers
from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PublishLater
from pressroom.model.publishing import Absent, Failed, Found, Processing, RemoteRef
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Reply, TokenRefused
from pressroom.publishers.sending.publisher import Job, NotYet
from pressroom.publishers.tiktok_api import films
from sandbox.social import tiktok as standing_in
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.social import Desk, Notes, at, desk_at, film, picture

TIKTOK = publishers.get("tiktok")
CHUNK = 10_000
ALL, FRIENDS, SELF = "PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("tiktok") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer, monkeypatch: pytest.MonkeyPatch) -> Desk:
    server.reset()
    monkeypatch.setattr(films, "CHUNK", CHUNK)
    monkeypatch.setattr(standing_in, "LEAST_CHUNK", CHUNK)
    return desk_at(server, "tiktok")


def video(desk: Desk, length: int = 4 * CHUNK, *, privacy: str = ALL, mode: str = "direct", **more: object) -> Job:
    options = {"privacy_level": privacy, "mode": mode, **more.pop("options", {})}
    media = more.pop("media", [film(desk.files, length=length)])
    return desk.job(desk.approved("About costs. 🙂", media=media, options=options, **more))


def photos(desk: Desk, count: int = 2, **more: object) -> Job:
    return video(desk, media=[picture(desk.files, number, size=(1080, 1920)) for number in range(count)], **more)


def persistent(job: Job) -> None:
    """Prepares as the ledger does: again after each passing error."""
    for _ in range(20):
        try:
            if TIKTOK.prepare(at(job, Phase.PREPARE)) is None:
                return
        except PublishLater:
            continue
    raise AssertionError("never ready")


def send(job: Job) -> object:
    return TIKTOK.send(at(job, Phase.SEND))


def ask(desk: Desk, job: Job, later: float = 30) -> object:
    desk.server.clock.ahead += later
    return TIKTOK.ask(at(job, Phase.ASK))


def whole(desk: Desk, job: Job) -> bool:
    """The one post has every byte of the film, once."""
    standin = desk.server["tiktok"]
    made = [one for one in standin.publishing.values() if one.post]
    return standin.public == 1 and [one.content for one in made] == [desk.files.by_key["film.mp4"]]


def body_of(desk: Desk, path: str) -> dict[str, object]:
    return json.loads([one for one in desk.server.journal if one["path"].endswith(path)][-1]["body"])


# Films


def test_chunks_are_counted_as_the_platform_does() -> None:
    mega = 1_000_000
    for size, expected in (
        (1, (1, 1)),
        (4 * mega, (4 * mega, 1)),
        (20 * mega - 1, (20 * mega - 1, 1)),
        (20 * mega, (10 * mega, 2)),
        (29 * mega, (10 * mega, 2)),
        (30 * mega, (10 * mega, 3)),
        (4_000 * mega, (10 * mega, 400)),
        (20_000 * mega, (20 * mega, 1000)),
        (20_000 * mega + 1, (20 * mega + 1, 999)),
    ):
        assert films.chunks_of(size) == expected, size


def test_all_chunks_but_the_last_are_uploaded_before_and_the_last_is_one_request(desk: Desk) -> None:
    job = video(desk, ai_generated=True, options={"allow_comment": True, "brand_organic": True})
    desk.prepare(job)
    standin = desk.server["tiktok"]
    assert (standin.counts["chunk"], standin.public) == (3, 0)
    before = len(desk.server.journal)
    assert send(job).processing
    assert len(desk.server.journal) == before + 1
    assert whole(desk, job)
    assert body_of(desk, "/video/init/") == {
        "post_info": {
            "title": "About costs. 🙂", "privacy_level": ALL, "disable_comment": False, "disable_duet": True,
            "disable_stitch": True, "brand_content_toggle": False, "brand_organic_toggle": True, "is_aigc": True,
        },
        "source_info": {
            "source": "FILE_UPLOAD", "video_size": job.approved.media[0].size, "chunk_size": CHUNK,
            "total_chunk_count": 4,
        },
    }  # fmt: skip


@pytest.mark.parametrize("fault", [SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.STATUS])
def test_an_upload_goes_on_where_an_answer_was_lost(desk: Desk, fault: SocialFault) -> None:
    for number in range(5):  # the creator, the beginning, then each chunk
        desk.server.reset()
        desk = desk_at(desk.server, "tiktok")
        job = video(desk)
        desk.server.fail(fault, "tiktok", skip=number, status=503)
        with pytest.raises(PublishLater):
            TIKTOK.prepare(at(job, Phase.PREPARE))
        persistent(job)
        send(job)
        assert whole(desk, job), number


def test_a_worker_that_dies_between_two_notes_leaves_one_post(desk: Desk) -> None:
    class Remembering(Notes):
        def put(self, **values: str) -> None:
            super().put(**values)
            states.append(dict(self.said))

    states: list[dict[str, str]] = []
    job = replace(video(desk), memory=Remembering())
    TIKTOK.prepare(at(job, Phase.PREPARE))
    assert len(states) >= 4
    for state in states:
        again = replace(job, memory=Notes(dict(state)))
        persistent(again)
    send(again)
    for state in states:
        again = replace(job, memory=Notes(dict(state)))
        desk.server.clock.ahead += 60
        persistent(again)
        assert isinstance(ask(desk, again), Found)
        with pytest.raises(OutcomeUnclear):
            send(again)
    assert whole(desk, job)


def test_a_lost_last_chunk_is_proven_by_the_handle(desk: Desk) -> None:
    for fault, out in ((SocialFault.ACCEPT_THEN_CUT, True), (SocialFault.CUT_BEFORE, False)):
        desk.server.reset()
        desk = desk_at(desk.server, "tiktok")
        job = video(desk)
        desk.prepare(job)
        desk.server.fail(fault, "tiktok")
        with pytest.raises(OutcomeUnclear):
            send(job)
        found = ask(desk, job)
        assert isinstance(found, Found) if out else found == Absent(certain=True)
        if not out:
            send(job)
        assert whole(desk, job)


def test_a_film_without_a_handle_is_not_out(desk: Desk) -> None:
    assert ask(desk, video(desk)) == Absent(certain=True)


def test_an_upload_address_that_is_over_begins_the_upload_again(desk: Desk) -> None:
    job = video(desk)
    desk.prepare(job)
    handle = job.memory.get("publish_id")
    desk.server.clock.ahead += 3700
    with pytest.raises(OutcomeUnclear):
        send(job)
    assert ask(desk, job) == Absent(certain=True)
    with pytest.raises(PublishLater, match="over"):
        send(job)
    desk.prepare(job)
    assert job.memory.get("publish_id") != handle
    send(job)
    assert whole(desk, job)


def test_an_address_that_is_over_during_the_upload_is_asked_for_again(desk: Desk) -> None:
    job = video(desk)
    desk.server.fail(SocialFault.STATUS, "tiktok", method="PUT", skip=1, status=403)
    with pytest.raises(PublishLater):
        TIKTOK.prepare(at(job, Phase.PREPARE))
    persistent(job)
    send(job)
    assert whole(desk, job)


def test_a_handle_that_the_platform_forgot_leads_to_the_list(desk: Desk) -> None:
    job = video(desk)
    desk.send(job)
    standin = desk.server["tiktok"]
    standin.publishing.clear()
    assert isinstance(ask(desk, job), Found)
    again = video(desk)
    desk.prepare(again)
    standin.publishing.clear()
    standin.posts.clear()
    assert ask(desk, again) == Absent(certain=False, control=True)


def test_a_long_upload_lets_the_worker_renew_its_lease(desk: Desk) -> None:
    moments = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=40 * number) for number in range(100))
    slow = replace(video(desk), now=lambda: next(moments))
    assert isinstance(TIKTOK.prepare(at(slow, Phase.PREPARE)), NotYet)
    persistent(slow)
    send(slow)
    assert whole(desk, slow)


# After it


def test_a_post_for_all_is_found_when_it_has_its_id_and_another_at_once(desk: Desk) -> None:
    desk.server["tiktok"].switches["moderation_seconds"] = 7200
    for privacy in (ALL, FRIENDS, SELF):
        job = video(desk, privacy=privacy)
        desk.send(job)
        assert ask(desk, job, 0) == Processing()
        found = ask(desk, job)
        if privacy != ALL:
            assert isinstance(found, Found)
            assert TIKTOK.read_back(at(job, Phase.READ), found.ref).text is None
            continue
        assert found == Processing()
        found = ask(desk, job, 7200)
        assert TIKTOK.read_back(at(job, Phase.READ), found.ref).text == "About costs. 🙂"
        assert found.ref.permalink.endswith(f"/video/{found.ref.remote_id}")


def test_a_post_that_fails_later_says_why(desk: Desk) -> None:
    desk.server["tiktok"].switches["fail"] = "frame_rate_check_failed"
    job = video(desk)
    desk.send(job)
    failed = ask(desk, job)
    assert isinstance(failed, Failed)
    assert failed.reason == "frame_rate_check_failed"
    assert "frame rate" in failed.message
    assert desk.server["tiktok"].public == 0
    standin = desk.server["tiktok"]
    standin.switches["fail"] = ""
    desk.prepare(job)  # an upload that failed is begun again
    send(job)
    assert whole(desk, job)


def test_a_draft_in_the_inbox_waits_for_the_person(desk: Desk) -> None:
    standin = desk.server["tiktok"]
    for job in (video(desk, mode="inbox"), photos(desk, mode="inbox")):
        sent = desk.send(job)
        assert sent.waiting_person
        assert not sent.processing
        assert ask(desk, job) == Processing()
        standin.accept(sent.ref.remote_id, "Written in the app.")
        assert isinstance(ask(desk, job), Found)
    assert "post_info" not in body_of(desk, "/inbox/video/init/")
    assert body_of(desk, "/content/init/")["post_mode"] == "MEDIA_UPLOAD"
    assert "privacy_level" not in body_of(desk, "/content/init/")["post_info"]


# Pictures


def test_pictures_are_fetched_and_their_lost_answer_proves_nothing(desk: Desk) -> None:
    standin = desk.server["tiktok"]
    earlier = photos(desk)
    desk.settle(earlier, desk.send(earlier))
    job = photos(desk, title="A title")
    desk.prepare(job)
    desk.server.clock.ahead += 900
    job = replace(job, armed_at=desk.server.clock.moment())
    desk.server.fail(SocialFault.CUT_BEFORE, "tiktok")
    with pytest.raises(OutcomeUnclear):
        send(job)
    assert ask(desk, job) == Absent(certain=False, control=False)
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "tiktok")
    with pytest.raises(OutcomeUnclear):
        send(job)
    assert isinstance(ask(desk, job), Found)
    assert standin.public == 2
    sent = body_of(desk, "/content/init/")
    assert sent["source_info"]["photo_images"] == [job.media.url(medium) for medium in job.files]
    assert "is_aigc" not in sent["post_info"]


def test_pictures_that_can_not_be_used_are_told(desk: Desk) -> None:
    standin = desk.server["tiktok"]
    desk.files.by_key["picture-0.jpeg"] = b"no picture"
    job = photos(desk)
    for key, content, reason in (
        ("picture-0.jpeg", b"no picture", "file_format_check_failed"),
        ("picture-1.jpeg", None, "photo_pull_failed"),
    ):
        job = photos(desk)
        desk.files.by_key.pop(key)
        if content is not None:
            desk.files.by_key[key] = content
        desk.send(job)
        failed = ask(desk, job)
        assert isinstance(failed, Failed)
        assert failed.reason == reason
    standin.switches["unverified"] = True
    with pytest.raises(ChannelUnusable) as caught:
        desk.send(photos(desk))
    assert caught.value.reason == "url_unverified"
    assert standin.public == 0


# The account


def test_what_the_account_offers_is_asked_before_each_post(desk: Desk) -> None:
    standin = desk.server["tiktok"]
    assert [value for value, _ in TIKTOK.choices(desk.line, desk.channel)["privacy_level"]] == [ALL, FRIENDS, SELF]
    standin.switches["creator"] = {"max_video_post_duration_sec": 20}
    desk.prepare(video(desk))
    for creator, reason in (
        ({"max_video_post_duration_sec": 19}, "film_too_long"),
        ({"privacy_level_options": [SELF]}, "privacy_level"),
    ):
        standin.switches["creator"] = creator
        with pytest.raises(PostRefused) as caught:
            TIKTOK.prepare(at(video(desk), Phase.PREPARE))
        assert caught.value.reason == reason
    assert "v_pub_file" not in "".join(standin.publishing) or len(standin.publishing) == 1


def test_an_app_that_was_not_audited_posts_to_private_accounts_alone(desk: Desk) -> None:
    switches = desk.server["tiktok"].switches
    switches["unaudited"] = True
    for private, privacy in ((False, ALL), (False, SELF)):
        switches["private"] = private
        with pytest.raises(ChannelUnusable) as caught:
            TIKTOK.prepare(at(video(desk, privacy=privacy), Phase.PREPARE))
        assert caught.value.reason == "unaudited"
    switches["private"] = True
    job = video(desk, privacy=SELF)
    assert isinstance(desk.settle(job, desk.send(job)), RemoteRef)


def test_six_posts_a_minute_are_taken(desk: Desk) -> None:
    for _ in range(6):
        desk.prepare(video(desk))
    for status_200 in (False, True):
        desk.server["tiktok"].switches["status_200"] = status_200
        with pytest.raises(PublishLater) as caught:
            TIKTOK.prepare(at(video(desk), Phase.PREPARE))
        assert caught.value.retry_after == 60


def test_a_scope_that_is_missing_is_told(desk: Desk) -> None:
    narrow = desk.server["tiktok"].grant(desk.channel.account.remote_id, scopes="user.info.basic")
    line = desk.line.under(desk.credentials.model_copy(update={"access": SecretStr(narrow)}))
    assert TIKTOK.whoami(line, desk.channel) == desk.channel.account.remote_id
    with pytest.raises(ChannelUnusable) as caught:
        TIKTOK.accounts(line)
    assert caught.value.reason == "scope_missing"


# Before the first byte


def test_each_limit_is_held_exactly(desk: Desk) -> None:
    one = film(desk.files)
    shots = [picture(desk.files, number, size=(1080, 1920)) for number in range(3)]

    def codes(text: str = "x", media: object = (one,), **more: object) -> set[str]:
        options = {"privacy_level": ALL, **more.pop("options", {})}
        approved = desk.approved(text, media=media, options=options, **more)
        return {problem.code for problem in check(TIKTOK, approved, desk.channel)}

    for expected, given in (
        (set(), {"text": "🙂" * 1100}),
        ({"text_too_long"}, {"text": "🙂" * 1100 + "x"}),
        ({"media_missing"}, {"media": ()}),
        ({"media_mixed"}, {"media": (one, shots[0])}),
        (set(), {"media": shots, "title": "🙂" * 45}),
        ({"title_too_long"}, {"media": shots, "title": "🙂" * 45 + "x"}),
        (set(), {"title": "x" * 200}),  # films have no title
        (set(), {"media": [shots[0]] * 35}),
        ({"too_many_media"}, {"media": [shots[0]] * 36}),
        ({"media_type"}, {"media": [picture(desk.files, 1, size=(1080, 1920), kind="png")]}),
        (set(), {"media": [shots[0].model_copy(update={"size": 20_000_000})]}),
        ({"media_too_large"}, {"media": [shots[0].model_copy(update={"size": 20_000_001})]}),
        ({"film_too_short"}, {"media": (one.model_copy(update={"seconds": 2.9}),)}),
        ({"film_too_long"}, {"media": (one.model_copy(update={"seconds": 600.1}),)}),
        ({"option_invalid"}, {"options": {"privacy_level": "EVERYONE"}}),
        ({"branded_private"}, {"options": {"privacy_level": SELF, "brand_content": True}}),
        ({"text_stays"}, {"options": {"mode": "inbox"}}),
        (set(), {"media": shots, "options": {"mode": "inbox"}}),
        ({"no_ai_mark"}, {"media": shots, "ai_generated": True}),
        (set(), {"ai_generated": True}),
    ):
        assert codes(**given) == expected, given
    approved = desk.approved("x", media=[one], options={})
    assert "option_missing" in {problem.code for problem in check(TIKTOK, approved, desk.channel)}


def test_each_error_means_what_to_do() -> None:
    line = Line(title="TikTok", bases=TIKTOK.bases, rules=TIKTOK.rules, read=TIKTOK.read_error)
    prepare, send, ask = Phase.PREPARE, Phase.SEND, Phase.ASK
    for status, code, phase, expected, reason in (
        (200, "access_token_invalid", send, TokenRefused, None),
        (401, "access_token_invalid", ask, TokenRefused, None),
        (200, "scope_not_authorized", send, ChannelUnusable, "scope_missing"),
        (403, "unaudited_client_can_only_post_to_private_accounts", prepare, ChannelUnusable, "unaudited"),
        (403, "spam_risk_user_banned_from_posting", prepare, ChannelUnusable, "account_blocked"),
        (403, "url_ownership_unverified", send, ChannelUnusable, "url_unverified"),
        (429, "rate_limit_exceeded", send, PublishLater, None),
        (403, "spam_risk_too_many_posts", prepare, PublishLater, None),
        (403, "spam_risk_too_many_pending_share", prepare, PublishLater, None),
        (403, "reached_active_user_cap", prepare, PublishLater, None),
        (400, "privacy_level_option_mismatch", send, PostRefused, "privacy_level"),
        (200, "invalid_params", send, PostRefused, "refused"),
        (200, "invalid_params", ask, OutcomeUnclear, None),
        (200, "internal_error", prepare, PublishLater, None),
        (200, "internal_error", send, OutcomeUnclear, None),
        (500, "internal_error", send, OutcomeUnclear, None),
        (200, "never_seen_before", send, OutcomeUnclear, None),
    ):
        body = {"data": {}, "error": {"code": code, "message": "No.", "log_id": "1"}}
        error = line.at(phase).error(line.read(Reply(status, {}, json.dumps(body).encode())))
        assert type(error) is expected, (status, code, phase, error)
        assert reason is None or error.reason == reason, code
    revoked = Reply(400, {}, b'{"error":"invalid_grant","error_description":"Revoked.","log_id":"1"}')
    assert isinstance(line.error(line.read(revoked)), ChannelUnusable)


def test_an_error_of_status_200_is_no_success(desk: Desk) -> None:
    desk.server["tiktok"].switches["status_200"] = True
    job = photos(desk)
    desk.prepare(job)
    desk.server["tiktok"].switches["unverified"] = True
    with pytest.raises(ChannelUnusable):
        send(job)
    desk.server["tiktok"].expire()
    with pytest.raises(TokenRefused):
        send(job)


def test_the_stand_in_refuses_what_tiktok_refuses(desk: Desk) -> None:
    job = video(desk)
    desk.prepare(job)
    address, size = job.memory.get("address"), job.approved.media[0].size
    with httpx2.Client() as client:
        for start, length, status in (
            (0, CHUNK, 416),  # there already
            (3 * CHUNK + 5, 5, 416),  # left out
            (3 * CHUNK, CHUNK - 1, 416),  # shorter than its chunk
        ):
            place = f"bytes {start}-{start + length - 1}/{size}"
            reply = client.put(address, content=b"x" * length, headers={"Content-Range": place})
            assert reply.status_code == status, start
    line = desk.line
    for source in (
        {"video_size": size, "chunk_size": CHUNK, "total_chunk_count": 5},  # rounded up
        {"video_size": size, "chunk_size": CHUNK - 1, "total_chunk_count": 4},  # too small
    ):
        said = {"post_info": {"title": "x", "privacy_level": ALL}, "source_info": {"source": "FILE_UPLOAD", **source}}
        reply = line.post("api:/v2/post/publish/video/init/", json=said, ok=(400,))
        assert reply.json()["error"]["code"] == "invalid_params", source
    info = {"title": "x", "privacy_level": ALL, "is_aigc": True}
    pull = {"source": "PULL_FROM_URL", "photo_cover_index": 0, "photo_images": [f"{desk.server.url}/__media/a.jpeg"]}
    said = {"media_type": "PHOTO", "post_mode": "DIRECT_POST", "post_info": info, "source_info": pull}
    reply = line.post("api:/v2/post/publish/content/init/", json=said, ok=(400,))
    assert "is_aigc" in reply.json()["error"]["message"]
