"""Films through the engine: whatever request fails, the film is public once, and the ledger ends by knowing it."""

from __future__ import annotations

import pytest

from pressroom.model.publication_states import PartState
from pressroom.model.publishing import PartKind
from pressroom.publishers.sending import resumable
from pressroom.publishers.tiktok_api import films
from pressroom.store.publishing_tables import ChannelRow, Publication
from sandbox.social import tiktok as standing_in
from sandbox.social.frame.faults import SocialFault
from tests.fixtures.press import Press
from tests.fixtures.social import OPTIONS, Files, film, picture

CHUNK = 256 * 1024
S = PartState


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable, "CHUNK", CHUNK)
    monkeypatch.setattr(films, "CHUNK", CHUNK)
    monkeypatch.setattr(standing_in, "LEAST_CHUNK", CHUNK)


def with_film(press: Press, channel: ChannelRow, *, thumbnail: bool = False, **options: object) -> Publication:
    held, content = Files(), press.draft(channel.platform)
    media = [film(held, length=2 * CHUNK + 100)]
    if thumbnail:
        media.append(picture(held, 1, size=(1280, 720)))
    press.attach(content, *media, held=held)
    return press.plan(content, channel, options={**OPTIONS[channel.platform], **options}, again=True)


@pytest.mark.parametrize("platform", ["youtube", "tiktok"])
def test_a_film_is_public_once_whatever_request_fails(press: Press, platform: str) -> None:
    """Each request in turn, from the chunk before the last one until the platform has processed it."""
    channel = press.channel(platform)
    for number in range(3, 8):
        fault = (SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.ACCEPT_THEN_STATUS)[number % 3]
        before = press.public(platform)
        publication = with_film(press, channel)
        press.server.faults.clear()
        press.server.fail(fault, platform, skip=number)
        press.settle(hours=20)
        assert press.states(publication) == [S.PUBLISHED], (fault, number, press.parts(publication))
        assert press.public(platform) == before + 1, (fault, number)


def test_a_thumbnail_that_fails_leaves_the_film_as_it_is(press: Press) -> None:
    channel = press.channel("youtube")
    for unverified, state in ((False, S.PUBLISHED), (True, S.REFUSED)):
        press.server["youtube"].switches["unverified"] = unverified
        publication = with_film(press, channel, thumbnail=True)
        press.settle(hours=20)
        assert [part.kind for part in press.parts(publication)] == [PartKind.POST, PartKind.THUMBNAIL]
        assert press.states(publication) == [S.PUBLISHED, state]
        assert press.state(publication) == "published"
    assert press.server["youtube"].counts["thumbnail"] == 1


def test_a_film_that_the_platform_keeps_private_or_rejects_is_told(press: Press) -> None:
    channel = press.channel("youtube")
    for switch, value, state, code in (
        ("unaudited", True, S.MISMATCH, "not_public"),
        ("reject", "copyright", S.REFUSED, "copyright"),
    ):
        press.server["youtube"].switches[switch] = value
        publication = with_film(press, channel)
        press.settle(hours=20)
        [part] = press.parts(publication)
        assert (PartState(part.state), part.reason_code) == (state, code), part.reason


def test_a_draft_in_the_inbox_waits_until_the_person_publishes_it(press: Press) -> None:
    publication = with_film(press, press.channel("tiktok"), mode="inbox")
    press.work()
    assert press.states(publication) == [S.WAITING_PERSON]
    standin = press.server["tiktok"]
    standin.accept(next(iter(standin.publishing)), "Written in the app.")
    press.settle(hours=20)
    assert press.public("tiktok") == 1
    assert press.states(publication)[0] in {S.PUBLISHED, S.MISMATCH}


def test_pictures_whose_answer_is_lost_are_found_or_left_to_a_person(press: Press) -> None:
    """TikTok's list is no proof that pictures are not out: they are never sent again by themselves."""
    channel = press.channel("tiktok")
    press.door = lambda _workspace, medium: f"{press.server.url}/__media/{medium.key.rpartition('/')[2]}"
    for fault, hours, state in (
        (SocialFault.ACCEPT_THEN_CUT, 20, S.PUBLISHED),
        (SocialFault.CUT_BEFORE, 30, S.NEEDS_PERSON),
    ):
        held, content = Files(), press.draft("tiktok")
        press.attach(content, picture(held, size=(1080, 1920)), held=held)
        press.server.files = held.by_key
        publication = press.plan(content, channel, options=OPTIONS["tiktok"], again=True)
        press.server.fail(fault, "tiktok", path="content/init")
        press.settle(hours=hours)
        assert press.states(publication) == [state]
        assert press.public("tiktok") == 1
