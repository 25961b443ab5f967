"""Pinterest: what it alone asks for, refuses and forgets. Requests are held against its API description 5.23."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pressroom import publishers
from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PressroomError, PublishLater
from pressroom.model.publishing import Absent, Channel, Found, Reading, Similar
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Refusal, TokenRefused
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from sandbox.social.frame.standin import Call
from sandbox.wire import Request
from tests.fixtures.social import Desk, at, desk_at, film, picture

PINTEREST = publishers.get("pinterest")
Number = Annotated[str, StringConstraints(pattern=r"^\d+$")]
Base64 = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9+/=]+$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ImageItem(Strict):
    content_type: Literal["image/jpeg", "image/png"]
    data: Base64


class ImageSource(ImageItem):
    source_type: Literal["image_base64"]


class ImagesSource(Strict):
    source_type: Literal["multiple_image_base64"]
    items: list[ImageItem] = Field(min_length=2, max_length=5)


class VideoSource(Strict):
    source_type: Literal["video_id"]
    media_id: Number
    cover_image_key_frame_time: int = Field(ge=0)


class PinCreate(Strict):
    """The body of `POST /v5/pins`, as far as we fill it."""

    board_id: Number
    board_section_id: Number | None = None
    title: str | None = Field(default=None, max_length=100)
    description: str | None = Field(default=None, max_length=800)
    link: str | None = Field(default=None, max_length=2048)
    alt_text: str | None = Field(default=None, max_length=500)
    media_source: ImageSource | ImagesSource | VideoSource = Field(discriminator="source_type")


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("pinterest") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    server.reset()
    return desk_at(server, "pinterest")


def small(desk: Desk, count: int = 1) -> list[Any]:
    """Pictures that fit into the journal."""
    return [picture(desk.files, number, size=(10, 15), kind="png") for number in range(count)]


def settings(desk: Desk, **changed: Any) -> Desk:
    """The desk with other settings of its channel."""
    channel = desk.channel.model_copy(update={"settings": {**desk.channel.settings, **changed}})
    return Desk(desk.server, desk.publisher, channel, desk.credentials, desk.files)


def codes(desk: Desk, **fields: Any) -> set[str]:
    fields.setdefault("media", small(desk))
    return {
        problem.code for problem in check(PINTEREST, desk.approved(fields.pop("text", "Words"), **fields), desk.channel)
    }


def test_what_is_sent_fits_the_api_description(desk: Desk) -> None:
    fields = {"title": "A title", "link": "https://example.org/a"}
    for media in (small(desk), small(desk, 3), [film(desk.files, length=200)]):
        job = settings(desk, section_id="549755885200").job(desk.approved("Words", media=media, **fields))
        desk.send(job)
    sent = [each for each in desk.server.journal if (each["method"], each["path"]) == ("POST", "/api/v5/pins")]
    kinds = [PinCreate.model_validate_json(each["body"]).media_source.source_type for each in sent]
    assert kinds == ["image_base64", "multiple_image_base64", "video_id"]
    posts = desk.server["pinterest"].posts.values()
    assert {(post.title, post.link, post.extra["board_section_id"]) for post in posts} == {
        ("A title", "https://example.org/a", "549755885200")
    }


def test_limits_at_and_one_over(desk: Desk) -> None:
    at_limit = {"title": "x" * 100, "link": "https://e.org/" + "x" * 2034, "text": "x" * 800}
    assert codes(desk, **at_limit) == set()
    for name, code in (("title", "title_too_long"), ("link", "link_too_long"), ("text", "text_too_long")):
        assert codes(desk, **{name: at_limit[name] + "x"}) == {code}, name
    [one] = small(desk)
    assert codes(desk, media=[one.model_copy(update={"alt_text": "x" * 501})]) == {"alt_text_too_long"}
    two = [each.model_copy(update={"alt_text": "x" * 250}) for each in small(desk, 2)]
    assert codes(desk, media=two) == {"alt_text_too_long"}, "one text for both, with a line end between"
    assert codes(desk, media=small(desk, 6)) == {"too_many_media"}
    assert codes(desk, media=[picture(desk.files), picture(desk.files, 1, size=(10, 10))]) == {"image_sizes_differ"}
    assert codes(desk, media=[picture(desk.files, kind="webp")]) == {"media_type"}
    assert codes(desk, media=[]) == {"media_missing"}
    lasting = film(desk.files).model_copy(update={"seconds": 901.0})
    assert codes(desk, media=[lasting]) == {"film_too_long"}
    assert codes(desk, options={"cover_second": -1}) == {"option_invalid"}


def test_a_channel_without_a_board_can_not_publish(desk: Desk) -> None:
    bare = desk.channel.model_copy(update={"settings": {}})
    approved = desk.approved("Words", media=small(desk))
    assert [problem.code for problem in check(PINTEREST, approved, bare)] == ["setting_missing"]


def test_a_form_is_offered_boards_and_sections(desk: Desk) -> None:
    offered = PINTEREST.choices(desk.line, desk.channel)
    assert offered["board_id"] == (("549755885175", "Recipes"), ("549755885176", "Ideas"))
    assert offered["section_id"] == (("549755885200", "Salads"),)
    new = desk.channel.model_copy(update={"settings": {}})
    assert set(PINTEREST.choices(desk.line, new)) == {"board_id"}


def test_the_error_table() -> None:
    send = [
        (400, "1", "Invalid request", PostRefused, "refused"),
        (400, "1", "We blocked this link because it may lead to spam.", PostRefused, "link_blocked"),
        (401, "2", "Authentication failed.", TokenRefused, ""),
        (401, "3", "Authorization failed.", TokenRefused, ""),
        (403, "7", "You are not permitted to access that resource.", ChannelUnusable, "board_forbidden"),
        (403, "29", "Apps with Trial access may not create Pins", ChannelUnusable, "trial_access"),
        (404, "40", "Board not found.", ChannelUnusable, "board_gone"),
        (404, "", "<html>not found</html>", OutcomeUnclear, ""),
        (409, "9", "Conflict", OutcomeUnclear, ""),
        (429, "8", "This request exceeded a rate limit.", PublishLater, ""),
        (500, "", "Oops", OutcomeUnclear, ""),
    ]
    for status, code, message, error, reason in send:
        found = _error(Phase.SEND, status, code, message)
        assert type(found) is error, (status, code)
        assert getattr(found, "reason", "") == reason
    for phase in (Phase.ASK, Phase.READ):
        assert type(_error(phase, 404, "404", "Not found.")) is OutcomeUnclear, "never a proof"
    revoked = _error(Phase.ACCOUNT, 400, "1", "The refresh token has expired.")
    assert (type(revoked), getattr(revoked, "reason", "")) == (ChannelUnusable, "token_revoked")


def _error(phase: Phase, status: int, code: str, message: str) -> PressroomError:
    line = Line(title="Pinterest", bases={}, rules=PINTEREST.rules, phase=phase)
    return line.error(Refusal(status, code, message=message))


def test_trial_access_publishes_in_the_sandbox_alone(desk: Desk) -> None:
    desk.server["pinterest"].switches["trial"] = True
    approved = desk.approved("Words", media=small(desk))
    with pytest.raises(ChannelUnusable) as refused:
        desk.send(desk.job(approved))
    assert refused.value.reason == "trial_access"
    assert desk.server["pinterest"].public == 0
    trial = settings(desk, sandbox=True)
    job = trial.job(approved)
    sent = trial.send(job)
    assert PINTEREST.whoami(trial.line, trial.channel) == trial.channel.account.remote_id
    assert isinstance(PINTEREST.ask(at(job, Phase.ASK)), Found)
    assert isinstance(PINTEREST.read_back(at(job, Phase.READ), sent.ref), Reading)
    assert {each["path"].split("/")[1] for each in desk.server.journal if "pins" in each["path"]} == {"api", "sandbox"}


def test_boards_of_others_and_gone_ones_stop_the_channel(desk: Desk) -> None:
    for board, reason in (("549755885177", "board_forbidden"), ("1", "board_gone")):
        other = settings(desk, board_id=board)
        with pytest.raises(ChannelUnusable) as refused:
            other.send(other.job(desk.approved("Words", media=small(desk))))
        assert refused.value.reason == reason
    assert desk.server["pinterest"].public == 0


# Asking


def lost(desk: Desk, fault: SocialFault, **fields: Any) -> Any:
    """A job whose answer was lost."""
    job = desk.job(desk.approved("Words", media=small(desk), **fields))
    desk.prepare(job)
    desk.server.fail(fault, "pinterest", method="POST")
    with pytest.raises(OutcomeUnclear):
        PINTEREST.send(at(job, Phase.SEND))
    return at(job, Phase.ASK)


def other_pin(desk: Desk, **changed: Any) -> None:
    """A pin with the same words, but for `changed`, as someone else makes it in the same minutes."""
    extra = {"board_id": desk.channel.settings["board_id"], "host": "api", **changed.pop("extra", {})}
    desk.server["pinterest"].publish(
        desk.channel.account.remote_id, changed.pop("text", "Words"),
        files=[{"type": "image", "alt": ""}], extra=extra, **changed,
    )  # fmt: skip


def test_pins_that_look_alike_are_told_apart(desk: Desk) -> None:
    cases: list[tuple[dict[str, Any], type]] = [
        ({"extra": {"board_id": "549755885176"}}, Absent),
        ({"link": "https://example.org/other"}, Similar),
        ({"title": "Another"}, Similar),
        ({"text": "Something else altogether"}, Absent),
        ({"created_at": desk.server.clock.now() - 3600}, Absent),
        ({"title": "T", "link": "https://example.org/"}, Found),
    ]
    for changed, outcome in cases:
        desk.server.reset()
        one = desk_at(desk.server, "pinterest")
        job = lost(one, SocialFault.CUT_BEFORE, title="T", link="https://example.org/")
        other_pin(one, **changed)
        assert type(PINTEREST.ask(job)) is outcome, changed


def test_its_own_pin_is_found_among_others_with_the_same_words(desk: Desk) -> None:
    job = lost(desk, SocialFault.ACCEPT_THEN_CUT, title="T", link="https://example.org/")
    for link in ("https://example.org/2", "https://example.org/3"):
        other_pin(desk, title="T", link=link)
    found = PINTEREST.ask(job)
    assert isinstance(found, Found)
    assert found.ref.extra["link"] == "https://example.org/"


def test_a_pin_is_looked_for_where_it_was_sent_even_when_the_channel_has_another_board_now(desk: Desk) -> None:
    job = lost(desk, SocialFault.ACCEPT_THEN_CUT)
    moved = job.channel.model_copy(update={"settings": {"board_id": "549755885176", "sandbox": True}})
    assert isinstance(PINTEREST.ask(replace(job, channel=moved)), Found)


def test_a_list_that_lags_or_fails_proves_nothing(desk: Desk) -> None:
    desk.server["pinterest"].list_delay = 60
    job = lost(desk, SocialFault.ACCEPT_THEN_CUT)
    seen = PINTEREST.ask(job)
    assert isinstance(seen, Absent)
    assert not seen.certain
    for status, body in ((401, '{"code":2,"message":"x"}'), (404, '{"code":404,"message":"x"}'), (200, "{}")):
        desk.server.fail(SocialFault.STATUS, "pinterest", method="GET", status=status, body=body)
        with pytest.raises((OutcomeUnclear, PublishLater)):
            PINTEREST.ask(job)


# Films


def test_a_film_goes_on_after_each_lost_answer(desk: Desk) -> None:
    steps = (("POST", "/media$"), ("POST", "/storage/"), ("GET", "/media/"))
    for fault in (SocialFault.ACCEPT_THEN_CUT, SocialFault.CUT_BEFORE, SocialFault.GARBAGE, SocialFault.STATUS):
        for method, path in steps:
            desk.server.reset()
            one = desk_at(desk.server, "pinterest")
            job = one.job(one.approved("Words", media=[film(one.files, length=100)]))
            one.server.fail(fault, "pinterest", method=method, path=path, status=503)
            with suppress(PublishLater):  # storage's answers have nothing in them that could be garbage
                one.prepare(job)
            one.send(job)
            assert one.server["pinterest"].public == 1, (fault, path)


def test_a_film_is_prepared_again_at_any_point(desk: Desk) -> None:
    """Each note of the memory may be the last one before the process ends."""
    for stop in range(1, 6):
        desk.server.reset()
        one = desk_at(desk.server, "pinterest")
        job = one.job(one.approved("Words", media=[film(one.files, length=100)]))
        ending = _Ending(job.memory, stop)
        with pytest.raises((KeyboardInterrupt, PostRefused)):
            one.prepare(replace(job, memory=ending))
            raise PostRefused("It came through: there are fewer notes than that.")
        one.send(job)
        assert one.server["pinterest"].public == 1
        assert one.server["pinterest"].counts["media"] <= 2


class _Ending:
    """A memory whose process ends right after its n-th note, or (at an odd n) before it."""

    def __init__(self, memory: Any, stop: int) -> None:
        self.memory, self.left = memory, stop

    def get(self, name: str) -> str:
        return str(self.memory.get(name))

    def put(self, **values: str) -> None:
        self.left -= 1
        if self.left > 0 or self.left % 2 == 0:
            self.memory.put(**values)
        if self.left <= 0:
            raise KeyboardInterrupt


def test_a_film_that_can_not_be_read_is_refused_and_an_old_form_asked_for_once_more(desk: Desk) -> None:
    approved = desk.approved("Words", media=[film(desk.files, length=100)])
    for switch, reason, media in (("film_fails", "film_failed", 1), ("form_too_old", "film_refused", 2)):
        desk.server.reset()
        one = desk_at(desk.server, "pinterest")
        one.server["pinterest"].switches[switch] = True
        job = one.job(approved, media=desk.files)
        with pytest.raises(PostRefused) as refused:
            one.prepare(job)
        assert refused.value.reason == reason
        assert one.server["pinterest"].counts["media"] == media


def test_a_film_that_stays_registered_is_uploaded_again_after_a_while(desk: Desk) -> None:
    job = at(desk.job(desk.approved("Words", media=[film(desk.files, length=100)])), Phase.PREPARE)
    PINTEREST.prepare(job)
    films = desk.server["pinterest"].films
    for ahead, uploads in ((10, 1), (400, 2)):
        for each in films.values():
            each["uploaded"] = None
        desk.server.clock.ahead += ahead
        PINTEREST.prepare(job)
        assert desk.server["pinterest"].counts["upload"] == uploads


# Figures and tokens


def test_figures_after_ninety_days_have_what_pinterest_still_counts(desk: Desk) -> None:
    desk.server["pinterest"].switches["figures_grow"] = False
    new = desk.send(desk.job(desk.approved("Words", media=small(desk)))).ref
    other_pin(desk, id="77", created_at=desk.server.clock.now() - timedelta(days=91).total_seconds())
    collected = PINTEREST.collect(desk.line.at(Phase.COLLECT), desk.channel, [new.remote_id, "77", "78"])
    young, old = collected
    assert young.values == {"views": 40, "clicks": 5, "opens": 9, "saves": 3, "comments": 1, "likes": 2}
    assert old.values == {"views": 40, "clicks": 5, "opens": 9, "comments": 1, "likes": 2}, "saves are not 0"


def test_each_refresh_gives_a_new_refresh_token_and_old_ones_end(desk: Desk) -> None:
    standin = desk.server["pinterest"]
    code = standin.consent.page(_call(client_id="app-id", scope="pins:read", redirect_uri="r", approve="1"))
    assert code.status == 302
    found = code.headers["location"].partition("code=")[2].partition("&")[0]
    first = _token(desk, grant_type="authorization_code", code=found, redirect_uri="r", continuous_refresh="true")
    second = _token(desk, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert second["refresh_token_expires_in"] == 60 * 86400
    desk.server.clock.ahead += 61 * 86400
    with pytest.raises(ChannelUnusable):
        _token(desk, grant_type="refresh_token", refresh_token=first["refresh_token"])


def _token(desk: Desk, **form: str) -> dict[str, Any]:
    basic = {"Authorization": "Basic YXBwLWlkOmFwcC1zZWNyZXQ="}
    answered: dict[str, Any] = desk.line.post("api:/v5/oauth/token", data=form, headers=basic, auth=False).json()
    return answered


def _call(**query: str) -> Any:
    return Call(Request("GET", "/oauth/oauth/", {}, query=urlencode(query)), "/oauth/oauth/", {}, "http://localhost")


def test_the_stand_in_is_as_strict_as_the_platform(desk: Desk) -> None:
    [one] = small(desk)
    job = desk.job(desk.approved("Words", media=[one]))
    good = {"board_id": desk.channel.settings["board_id"], "media_source": _source(desk, one)}
    bad: list[dict[str, Any]] = [
        {"tags": "x"}, {"title": "x" * 101}, {"description": "x" * 801}, {"board_id": "recipes"},
        {"link": "no address"}, {"media_source": {"source_type": "video_id", "media_id": "1"}},
        {"media_source": {"source_type": "multiple_image_base64", "items": [_item(desk, one)]}},
        {"media_source": {**_source(desk, one), "content_type": "image/jpeg"}},
        {"media_source": {**_source(desk, one), "data": "AAAA"}},
        {"media_source": {"source_type": "multiple_image_base64", "items": [
            _item(desk, one), _item(desk, picture(desk.files, 1, size=(20, 10)))]}},
    ]  # fmt: skip
    for change in bad:
        with pytest.raises(PostRefused):
            job.line.at(Phase.SEND).post("api:/v5/pins", json={**good, **change})
    assert desk.server["pinterest"].public == 0
    sent = desk.send(job)
    days = {"start_date": "2020-01-01", "end_date": "2020-01-02", "metric_types": "SAVE"}
    with pytest.raises(PostRefused):
        job.line.at(Phase.COLLECT).get(f"api:/v5/pins/{sent.ref.remote_id}/analytics", params=days)


def _item(desk: Desk, medium: Any) -> dict[str, str]:
    return {"content_type": medium.media_type, "data": base64.b64encode(desk.files.read(medium)).decode()}


def _source(desk: Desk, medium: Any) -> dict[str, str]:
    return {"source_type": "image_base64", **_item(desk, medium)}


def test_a_missing_scope_is_named(desk: Desk) -> None:
    narrow = Channel.model_validate({**desk.channel.model_dump(), "scopes": ["pins:read"]})
    problems = check(PINTEREST, desk.approved("Words", media=small(desk)), narrow)
    assert [problem.code for problem in problems] == ["scope_missing"]
    assert "pins:write" in problems[0].message


def test_a_record_of_a_request_has_a_digest_instead_of_a_picture(desk: Desk) -> None:
    records: list[Any] = []
    job = desk.job(desk.approved("Words", media=[picture(desk.files, size=(2000, 3000), kind="png")]))
    noting = job.line.at(Phase.SEND)._with(journal=records.append)
    PINTEREST.send(replace(job, line=noting))
    [record] = records
    said = json.loads(record.request)["json"]["media_source"]
    assert "SHA-256" in said["data"] or len(said["data"]) <= 30_000
