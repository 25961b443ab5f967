"""LinkedIn: a text format that cuts, files in parts, people whose posts can't be read and pages whose posts can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from pressroom import platforms
from pressroom.errors import (
    ChannelUnusable,
    DuplicatePost,
    OutcomeUnclear,
    PostRefused,
    PressroomError,
    PublishLater,
)
from pressroom.model import AssetKind, Medium
from pressroom.model.publishing import Absent, Certainty, Found, Reading, RemoteRef
from pressroom.platforms import Platform
from pressroom.publishers.linkedin import PAGE_SCOPES, PUBLISHER
from pressroom.publishers.linkedin_api.little_text import RESERVED, escape, unescape
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Line, Phase, Reply, TokenRefused
from pressroom.publishers.sending.oauth import authorize_url
from pressroom.publishers.sending.publisher import NotYet
from pressroom.settings import PlatformApp
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from sandbox.social.linkedin import cut
from tests.fixtures.social import Desk, Files, at, desk_at, film, picture

MENTION = "@[Acme (UK)](urn:li:organization:1234)"


@pytest.fixture(scope="module")
def server() -> Iterator[SocialServer]:
    with SocialServer("linkedin") as running:
        yield running


@pytest.fixture
def desk(server: SocialServer) -> Desk:
    """A page on LinkedIn."""
    server.reset()
    server.clock.ahead = 0
    return desk_at(server, "linkedin")


@pytest.fixture
def member(server: SocialServer) -> Desk:
    server.reset()
    server.clock.ahead = 0
    return desk_at(server, "linkedin", kind="member")


def document(files: Files, *, size: int = 900) -> Medium:
    files.by_key["carousel.pdf"] = content = b"%PDF-1.7\n" + b"x" * (size - 9)
    return Medium(position=0, kind=AssetKind.DOCUMENT, key="carousel.pdf", sha256="0" * 64, name="carousel.pdf",
                  media_type="application/pdf", size=len(content))  # fmt: skip


def refusal(desk: Desk, job: object, phase: Phase = Phase.PREPARE) -> PressroomError:
    with pytest.raises(PressroomError) as raised:
        (desk.publisher.send if phase is Phase.SEND else desk.publisher.prepare)(at(job, phase))  # type: ignore[arg-type]
    return raised.value


# Text

PIECES = [*RESERVED, "https://", "HTTP://a.b", "#", "#tag", "@[", "](urn:li:organization:1)", MENTION, " ", "\n", ".",
          "a", "é", "1", "_", "()", "{hashtag|\\#|x}", "＃", "/", "हिन्दी"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


def test_what_stands_behind_a_backslash_and_what_does_not() -> None:
    for plain, sent in (
        ("plain, 100 % “fine”", "plain, 100 % “fine”"),
        ("a*b _c_ (d) [e] {f} <g> ~h | i@j #", r"a\*b \_c\_ \(d\) \[e\] \{f\} \<g\> \~h \| i\@j \#"),
        ("C:\\new", "C:\\\\new"),
        ("#ship it, #2026goals #1 C# a#b ##q", r"#ship it, #2026goals \#1 C\# a\#b \#\#q"),
        ("#snake_case", r"#snake\_case"),
        ("see https://a.example/x_y(z)*w?q=~1#top.", "see https://a.example/x_y(z)*w?q=~1#top."),
        ("(https://a.example/x_y)", r"\(https://a.example/x_y\)"),
        ("_https://a.example_", r"\_https://a.example\_"),
        (f"with {MENTION}!", r"with @[Acme \(UK\)](urn:li:organization:1234)!"),
        ("@[no urn](x)", r"\@\[no urn\]\(x\)"),
        ("#https://a.b/@c #ahttps://@d", r"\#https://a.b/@c #ahttps://\@d"),
        (f"https://{MENTION}", r"https://\@\[Acme \(UK\)\]\(urn:li:organization:1234\)"),
        (f"HTTP://a.b'{MENTION}", r"HTTP://a.b'\@\[Acme \(UK\)\]\(urn:li:organization:1234\)"),
    ):
        assert (escape(plain), unescape(sent)) == (sent, plain)
    assert unescape(r"{hashtag|\#|Technology} is {hashtag|#|here}") == "#Technology is #here"


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_escaped_text_comes_back_and_is_cut_nowhere(text: str) -> None:
    sent = escape(text)
    assert unescape(sent) == text
    kept, shown = cut(sent)
    assert kept == sent
    if "urn:li" not in text:
        assert shown == unescape(sent)


def test_unescaped_text_is_cut_and_answered_with_201(desk: Desk) -> None:
    assert cut("Costs (a lot)") == ("Costs ", "Costs ")
    said = {"author": desk.channel.account.remote_id, "commentary": "Costs (a lot)", "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED"}, "lifecycleState": "PUBLISHED"}  # fmt: skip
    headers = {"LinkedIn-Version": "202605", "X-Restli-Protocol-Version": "2.0.0"}
    reply = desk.line.post("api:/rest/posts", json=said, headers=headers)
    assert (reply.status, reply.content) == (201, b"")
    [post] = desk.server["linkedin"].posts.values()
    assert post.text == "Costs "


@settings(max_examples=25, deadline=None)
@given(text=TEXTS.filter(lambda text: text.strip() != ""))
def test_any_text_is_read_back_as_it_was_written(server: SocialServer, text: str) -> None:
    server.reset()
    desk = desk_at(server, "linkedin")
    job = desk.job(desk.approved(text.encode("utf-8", "replace").decode()))
    reading = desk.publisher.read_back(at(job, Phase.READ), desk.send(job).ref)
    assert reading is not None
    assert reading.text is not None
    publisher = desk.publisher
    assert publisher.comparable(reading.text) == publisher.comparable(publisher.as_sent(job.part.text))
    assert publisher.comparable(reading.text) == " ".join(job.part.text.split())


def test_the_limit_counts_the_backslashes(desk: Desk) -> None:
    most = platforms.get("linkedin").limits["post_characters"].most
    fits, over = "(" * (most // 2), "(" * (most // 2) + "x"
    assert check(desk.publisher, desk.approved(fits), desk.channel) == ()
    assert [each.code for each in check(desk.publisher, desk.approved(over), desk.channel)] == ["text_too_long"]
    desk.send(desk.job(desk.approved(fits)))
    assert isinstance(refusal(desk, desk.job(desk.approved(over)), Phase.SEND), PostRefused)


# Errors


def test_what_each_error_means() -> None:
    line = Line(title="LinkedIn", bases={}, rules=PUBLISHER.rules, read=PUBLISHER.read_error)
    inputs = (
        '{"status":%d,"message":"%s","code":"BAD","errorDetails":{"inputErrors":[{"code":"%s","description":"x"}]}}'
    )
    for status, body, phase, kind, reason in (
        (422, inputs % (422, "Content is a duplicate of urn:li:share:714", "DUPLICATE_POST"), Phase.SEND,
         DuplicatePost, ""),
        (400, inputs % (400, "not ready", "MEDIA_ASSET_WAITING_UPLOAD"), Phase.SEND, PublishLater, ""),
        (400, '{"status":400,"code":"MEDIA_ASSET_WAITING_UPLOAD","message":"m MEDIA_ASSET_WAITING_UPLOAD"}', Phase.SEND,
         PublishLater, ""),
        (400, inputs % (400, "broken", "MEDIA_ASSET_PROCESSING_FAILED"), Phase.SEND, PostRefused, "media_processing"),
        (422, inputs % (422, "too long", "FIELD_LENGTH_TOO_LONG"), Phase.SEND, PostRefused, "refused"),
        (422, inputs % (422, "new to us", "SOMETHING_NEW"), Phase.SEND, OutcomeUnclear, ""),
        (400, '{"message":"?"}', Phase.SEND, OutcomeUnclear, ""),
        (401, '{"code":"EXPIRED_ACCESS_TOKEN","message":"expired"}', Phase.SEND, TokenRefused, ""),
        (401, '{"code":"REVOKED_ACCESS_TOKEN","message":"revoked"}', Phase.SEND, ChannelUnusable, "token_revoked"),
        (403, '{"code":"ACCESS_DENIED","message":"role"}', Phase.SEND, ChannelUnusable, "role"),
        (403, '{"code":"ACCESS_DENIED","message":"role"}', Phase.COLLECT, OutcomeUnclear, ""),
        (426, '{"code":"NONEXISTENT_VERSION","message":"version"}', Phase.PREPARE, ChannelUnusable, "api_version"),
        (404, '{"message":"post"}', Phase.SEND, PostRefused, "parent_gone"),
        (404, '{"message":"post"}', Phase.ASK, OutcomeUnclear, ""),
        (429, '{"message":"slow"}', Phase.SEND, PublishLater, ""),
        (500, "<html>", Phase.SEND, OutcomeUnclear, ""),
        (500, "<html>", Phase.PREPARE, PublishLater, ""),
    ):  # fmt: skip
        error = line.at(phase).error(PUBLISHER.read_error(Reply(status, {}, body.encode())))
        assert type(error) is kind, (status, body, phase, error)
        assert getattr(error, "reason", "") == reason, body
        if isinstance(error, DuplicatePost):
            assert error.remote_id == "urn:li:share:714"


def test_a_limit_of_a_day_ends_at_midnight_utc() -> None:
    body = b'{"status":429,"message":"Resource level throttle MEMBER DAY limit for calls to this resource is reached."}'
    headers = {"date": "Mon, 30 Nov 2026 21:30:00 GMT"}
    assert PUBLISHER.read_error(Reply(429, headers, body)).seconds == 2.5 * 3600
    assert PUBLISHER.read_error(Reply(429, {**headers, "retry-after": "7"}, body)).seconds == 7
    assert PUBLISHER.read_error(Reply(429, headers, b'{"message":"Too many requests"}')).seconds is None
    now = datetime.now(UTC)
    assert 0 < (PUBLISHER.read_error(Reply(429, {}, body)).seconds or 0) <= 86400, now


def test_the_version_is_named_and_an_old_or_missing_one_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = platforms.get("linkedin")
    assert real.api is not None

    def with_version(version: str) -> Platform:
        return real.model_copy(update={"api": real.api.model_copy(update={"version": version}) if real.api else None})

    for version, status in (("202410", 426), ("", 400)):
        monkeypatch.setattr(platforms, "get", lambda _name, version=version: with_version(version))
        error = refusal(desk, desk.job(desk.approved("Old")), Phase.SEND)
        assert (type(error), getattr(error, "reason", "")) == (ChannelUnusable, "api_version")
        assert str(status) in str(error)
    assert desk.server["linkedin"].public == 0


# After a lost answer


def test_a_second_identical_post_is_refused_with_the_first_one_s_id(member: Desk) -> None:
    job = member.job(member.approved("Only *once*"))
    member.server.fail(SocialFault.ACCEPT_THEN_CUT, "linkedin")
    assert isinstance(refusal(member, job, Phase.SEND), OutcomeUnclear)
    assert member.publisher.certainty_of(member.channel) is Certainty.WEAK
    with pytest.raises(OutcomeUnclear, match="no program"):
        member.publisher.ask(at(job, Phase.ASK))
    error = refusal(member, job, Phase.SEND)
    [post] = member.server["linkedin"].posts.values()
    assert isinstance(error, DuplicatePost)
    assert error.remote_id == post.id
    member.publisher.delete(member.line.at(Phase.DELETE), member.channel, RemoteRef(remote_id=post.id))
    member.server.clock.ahead += 3600
    assert isinstance(refusal(member, job, Phase.SEND), DuplicatePost)  # LinkedIn remembers a deleted post for a day
    member.server.clock.ahead += 86400
    assert member.send(job).ref.remote_id != post.id


def test_a_person_s_posts_can_not_be_read_and_a_page_s_can(desk: Desk) -> None:
    line = desk.line.at(Phase.READ)
    own = desk_at(desk.server, "linkedin", kind="member")
    job = own.job(own.approved("By a person", comment="Below"))
    ref = own.send(job).ref
    assert own.publisher.read_back(job, ref) == Reading(ref=ref, text=None)
    headers = {"LinkedIn-Version": "202605", "X-Restli-Protocol-Version": "2.0.0"}
    for path in (f"/posts/{ref.remote_id}", "/posts?q=author&author=urn:li:person:demoPerson_1"):
        with pytest.raises(OutcomeUnclear, match="403"):
            line.get(f"api:/rest{path}", headers=headers)
    page = desk.job(desk.approved("By a page"))
    reading = desk.publisher.read_back(page, desk.send(page).ref)
    assert reading is not None
    assert (reading.text, reading.visibility) == ("By a page", "public")
    assert desk.publisher.certainty_of(desk.channel) is Certainty.GOOD


def test_a_page_s_list_is_walked_and_has_a_control(desk: Desk) -> None:
    standin, page = desk.server["linkedin"], desk.channel.account.remote_id
    job = desk.job(desk.approved("(The one)"))
    now = job.now().timestamp()
    for number in range(50):
        extra = {"commentary": f"Another {number}", "content": None}
        standin.publish(
            page, f"Another {number}", created_at=now + 60 + number, id=f"urn:li:share:{number}", extra=extra
        )
    desk.server.clock.ahead += 300
    assert desk.publisher.ask(at(job, Phase.ASK)) == Absent(certain=False, control=True)
    standin.publish(
        page,
        "(The one)",
        created_at=now + 1,
        id="urn:li:share:99",
        extra={"commentary": r"\(The one\)", "content": None},
    )
    found = desk.publisher.ask(at(job, Phase.ASK))
    assert isinstance(found, Found)
    assert found.ref.remote_id == "urn:li:share:99"


def test_a_list_that_can_not_be_read_is_no_proof(desk: Desk) -> None:
    job = desk.job(desk.approved("Quiet"))
    for status in (401, 403, 404, 500):
        desk.server.fail(SocialFault.STATUS, "linkedin", status=status, body='{"message":"out"}')
        with pytest.raises((OutcomeUnclear, PublishLater)):
            desk.publisher.ask(at(job, Phase.ASK))


# Files


def test_images_are_uploaded_in_one_request_each_and_keep_their_order(desk: Desk) -> None:
    media = [picture(desk.files, number, kind=kind) for number, kind in enumerate(("jpeg", "png", "gif"))]
    job = desk.job(desk.approved("Three", media=media))
    desk.send(job)
    puts = [each for each in desk.server.journal if each["method"] == "PUT"]
    [post] = desk.server["linkedin"].posts.values()
    assert len(puts) == 3
    assert [file["alt"] for file in post.files] == [medium.alt_text for medium in media]


def test_a_file_whose_answer_was_lost_is_uploaded_again(desk: Desk) -> None:
    for path in (r"^/upload/", "initializeUpload|/rest/images$"):
        job = desk.job(desk.approved(f"Lost at {path[1:3]}", media=[picture(desk.files)]))
        desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "linkedin", path=path)
        assert isinstance(refusal(desk, job), PublishLater)
        desk.send(job)
    assert desk.server["linkedin"].public == 2
    assert desk.server["linkedin"].counts["upload"] == 4


def test_a_film_goes_on_with_the_first_missing_part(desk: Desk) -> None:
    standin = desk.server["linkedin"]
    standin.switches["part_bytes"] = 30_000
    job = desk.job(desk.approved("A film", media=[film(desk.files)], title="Title"))
    desk.server.fail(SocialFault.CUT_BEFORE, "linkedin", path="/upload/", skip=1)
    assert isinstance(refusal(desk, job), PublishLater)
    assert isinstance(desk.publisher.prepare(at(job, Phase.PREPARE)), NotYet)
    puts = [each for each in desk.server.journal if each["method"] == "PUT"]
    assert len(puts) == 4  # of three parts, the second one twice
    desk.send(job)
    assert (standin.public, standin.counts["upload"]) == (1, 1)


def test_a_film_begins_again_when_its_upload_is_over_or_joining_it_was_not_answered(desk: Desk) -> None:
    standin = desk.server["linkedin"]
    standin.switches["part_bytes"] = 30_000
    for number, (fault, path, skip) in enumerate((
        (SocialFault.ACCEPT_THEN_CUT, "/upload/", 1),  # the address held once: the part is there, its tag is not known
        (SocialFault.ACCEPT_THEN_CUT, "/rest/videos$", 1),
        (SocialFault.CUT_BEFORE, "/rest/videos$", 1),
    )):  # fmt: skip
        desk.server.faults.clear()
        job = desk.job(desk.approved(f"Film {number}", media=[film(desk.files)]))
        desk.server.fail(fault, "linkedin", path=path, skip=skip)
        assert isinstance(refusal(desk, job), PublishLater)
        desk.send(job)
        assert standin.counts["upload"] == 2 * (number + 1)
    assert standin.public == 3


def test_a_film_in_a_crashed_session_survives_a_day_and_more(desk: Desk) -> None:
    desk.server["linkedin"].switches["part_bytes"] = 30_000
    job = desk.job(desk.approved("Late", media=[film(desk.files)]))
    desk.server.fail(SocialFault.CUT_BEFORE, "linkedin", path="/upload/", skip=2)
    assert isinstance(refusal(desk, job), PublishLater)
    desk.server.clock.ahead += 2 * 86400
    desk.send(job)
    assert (desk.server["linkedin"].public, desk.server["linkedin"].counts["upload"]) == (1, 2)


def test_a_document_is_a_carousel_with_a_title(desk: Desk) -> None:
    approved = desk.approved("Swipe", media=[document(desk.files)])
    assert check(desk.publisher, approved, desk.channel) == ()
    desk.send(desk.job(approved))
    [post] = desk.server["linkedin"].posts.values()
    assert post.extra["content"]["media"]["title"] == "carousel.pdf"
    uploads = platforms.get("linkedin").uploads
    assert uploads is not None
    most = uploads.document_most_bytes
    assert most is not None
    for size, codes in ((most, []), (most + 1, ["media_too_large"])):
        large = approved.model_copy(update={"media": (approved.media[0].model_copy(update={"size": size}),)})
        assert [each.code for each in check(desk.publisher, large, desk.channel)] == codes
    both = desk.approved("Both", media=[document(desk.files), picture(desk.files, 1)])
    assert "media_mixed" in [each.code for each in check(desk.publisher, both, desk.channel)]


def test_pictures_are_held_to_their_limits_at_and_one_over(desk: Desk) -> None:
    uploads = platforms.get("linkedin").uploads
    assert uploads is not None
    assert uploads.image_most_pixels is not None
    one = picture(desk.files)
    wide = one.model_copy(update={"width": uploads.image_most_pixels, "height": 1})
    many = [one.model_copy(update={"position": number}) for number in range(uploads.most_images + 1)]
    for media, codes in (
        ([wide], []),
        ([wide.model_copy(update={"width": uploads.image_most_pixels + 1})], ["image_too_many_pixels"]),
        (many[:-1], []),
        (many, ["too_many_media"]),
        ([one.model_copy(update={"media_type": "image/webp"})], ["media_type"]),
    ):
        problems = check(desk.publisher, desk.approved("At the limit", media=media), desk.channel)
        assert [each.code for each in problems] == codes


def test_a_file_that_linkedin_can_not_show_refuses_the_post(desk: Desk) -> None:
    desk.server["linkedin"].switches["failing"] = True
    job = desk.job(desk.approved("Broken", media=[picture(desk.files)]))
    with pytest.raises(PostRefused, match="media 1"):
        desk.prepare(job)


def test_a_person_s_file_is_given_time_and_the_post_says_when_it_is_too_early(member: Desk) -> None:
    standin = member.server["linkedin"]
    standin.switches["processing"]["images"] = 60.0
    job = member.job(member.approved("Early", media=[picture(member.files)]))
    assert isinstance(member.publisher.prepare(at(job, Phase.PREPARE)), NotYet)
    error = refusal_after(member, job)
    assert isinstance(error, PublishLater)
    assert error.retry_after
    member.server.clock.ahead += 60
    member.send(job)
    assert (standin.public, standin.counts["upload"]) == (1, 1)


def refusal_after(desk: Desk, job: object) -> PressroomError:
    desk.prepare(job)  # type: ignore[arg-type]
    return refusal(desk, job, Phase.SEND)


def test_a_post_that_linkedin_drops_afterwards_is_gone(desk: Desk) -> None:
    desk.server["linkedin"].switches["drops_media"] = True
    job = desk.job(desk.approved("Dropped", media=[picture(desk.files)]))
    assert desk.publisher.read_back(at(job, Phase.READ), desk.send(job).ref) is None


def test_a_link_without_files_is_an_article(desk: Desk) -> None:
    desk.send(desk.job(desk.approved("Read it", link="https://a.example/x", title="A title")))
    [post] = desk.server["linkedin"].posts.values()
    assert post.extra["content"] == {"article": {"source": "https://a.example/x", "title": "A title"}}


# Comments, accounts, figures


def test_a_first_comment_is_plain(desk: Desk) -> None:
    text = "More: #one (two) *three* https://a.example/x_y"
    approved = desk.approved("Post", comment=text)
    post = desk.send(desk.job(approved)).ref
    comment = desk.job(approved, 1, [post])
    desk.server.fail(SocialFault.ACCEPT_THEN_CUT, "linkedin")
    assert isinstance(refusal(desk, comment, Phase.SEND), OutcomeUnclear)
    found = desk.publisher.ask(at(comment, Phase.ASK))
    assert isinstance(found, Found)
    assert desk.server["linkedin"].posts[found.ref.remote_id].text == text
    reading = desk.publisher.read_back(at(comment, Phase.READ), found.ref)
    assert reading is not None
    assert desk.publisher.comparable(reading.text or "") == text
    for _ in range(2):
        desk.publisher.delete(desk.line.at(Phase.DELETE), desk.channel, found.ref)
    assert desk.publisher.read_back(at(comment, Phase.READ), found.ref) is None
    assert isinstance(desk.publisher.ask(at(comment, Phase.ASK)), Absent)


def test_accounts_are_the_person_and_the_pages_with_a_role(desk: Desk, server: SocialServer) -> None:
    kinds = {one.remote_id: one.kind for one in desk.publisher.accounts(desk.line)}
    assert kinds == {"urn:li:person:demoPerson_1": "member", "urn:li:organization:5001": "organization"}
    narrow = desk_at(server, "linkedin", kind="member", scopes="openid profile w_member_social")
    assert [one.kind for one in narrow.publisher.accounts(narrow.line)] == ["member"]
    server["linkedin"].accounts["urn:li:organization:5001"].extra["roles"].clear()
    assert desk.publisher.whoami(desk.line, desk.channel) != desk.channel.account.remote_id
    error = refusal(desk, desk.job(desk.approved("No role")), Phase.SEND)
    assert (type(error), getattr(error, "reason", "")) == (ChannelUnusable, "role")


def test_scopes_are_those_of_the_kind_of_account(desk: Desk, member: Desk) -> None:
    for each, scopes, missing in (
        (member, ("openid", "profile", "w_member_social"), []),
        (desk, ("openid", "profile", "w_member_social"), ["scope_missing"]),
        (desk, ("w_organization_social", "r_organization_social"), []),
    ):
        channel = each.channel.model_copy(update={"scopes": scopes})
        assert [problem.code for problem in check(each.publisher, each.approved("x"), channel)] == missing


def test_an_app_without_a_right_to_pages_asks_for_none(desk: Desk) -> None:
    for optional, more in ((True, PAGE_SCOPES), (False, ())):
        app = PlatformApp(client_id="app-id", client_secret=SecretStr("app-secret"), optional_scopes=optional)
        url = authorize_url(desk.publisher, desk.line, app, redirect="http://localhost/back", state="s", verifier="v")
        assert parse_qs(urlsplit(url).query)["scope"] == [" ".join(("openid", "profile", "w_member_social", *more))]


def test_figures_of_a_person_need_their_scope(member: Desk, desk: Desk) -> None:
    scopes = "openid profile w_member_social r_member_postAnalytics"
    own = desk_at(member.server, "linkedin", kind="member", scopes=scopes)
    ref = own.send(own.job(own.approved("Figures"))).ref
    line = own.line.at(Phase.COLLECT)
    assert own.publisher.collect(line, own.channel, [ref.remote_id]) == ()
    channel = own.channel.model_copy(update={"scopes": tuple(scopes.split())})
    [figures] = own.publisher.collect(line, channel, [ref.remote_id])
    assert figures.values == {"views": 33, "reach": 21, "likes": 4, "comments": 2, "shares": 1}
    film_ref = desk.send(desk.job(desk.approved("Film", media=[film(desk.files)]))).ref
    both = [desk.send(desk.job(desk.approved("Text"))).ref.remote_id, film_ref.remote_id]
    found = desk.publisher.collect(desk.line.at(Phase.COLLECT), desk.channel, both)
    assert [figure.remote_id for figure in found] == both
    assert found[0].values["views"] == 120
