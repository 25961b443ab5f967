"""Complaints that people have about tools that publish, each as a test: posts that come twice, never, or mangled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

from pressroom import platforms, publishers
from pressroom.errors import AlreadyThere, MoveRefused, PressroomError
from pressroom.model import Medium
from pressroom.model.publication_states import PartState
from pressroom.model.publishing import Approved
from pressroom.publishers.ledger.due_work import work_here
from pressroom.publishers.sending.checking import check
from pressroom.publishers.sending.line import Phase
from pressroom.review import publications
from pressroom.store.contents import content_hash
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.tables import Content, Workspace
from sandbox.social.frame.faults import SocialFault
from sandbox.social.frame.server import SocialServer
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.press import Press, press_at, sentence
from tests.fixtures.social import Desk, Files, desk_at, film, picture

S, F = PartState, SocialFault
SEND_BLUESKY, SEND_X = "putRecord", r"/2/tweets$"
_numbers = count()


@pytest.fixture(scope="module")
def shared(social: SocialServer, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Press]:
    social.reset()
    social.clock.ahead = 0.0
    folder = tmp_path_factory.mktemp("press")
    with pytest.MonkeyPatch.context() as patch, press_at(folder, social, patch, migrated_file) as made:
        yield made


@pytest.fixture
def press(shared: Press) -> Iterator[Press]:
    """One press for all of these tests: each has posts of its own, and leaves no faults and switches behind."""
    standins = shared.server.standins
    before = {name: dict(standin.switches) for name, standin in standins.items()}
    yield shared
    shared.server.faults.clear()
    for name, standin in standins.items():
        standin.switches = before[name]


def words(posts: int = 1) -> list[str]:
    number = next(_numbers)
    return [sentence(7, number, post) for post in range(posts)]


def planned(press: Press, name: str = "bluesky", *, posts: int = 1, **how: Any) -> Publication:
    """A publication with words of its own, due now."""
    texts = words(posts)
    body: dict[str, Any] = {"posts": texts} if name == "x" else {"message": texts[0]}
    return press.plan(press.draft(name, **body), press.channel(name), **how)


def times_public(press: Press, publication: Publication) -> list[int]:
    """How often each part is public, by its words."""
    platform = publication.approved["platform"]
    publisher = publishers.get(platform)
    shown = [publisher.comparable(post.text) for post in press.server[platform].posts.values() if post.public]
    parts = publication.approved["parts"]
    return [shown.count(publisher.comparable(publisher.as_sent(part["text"]))) for part in parts]


def sendings(press: Press, path: str) -> int:
    return sum(each["path"].endswith(path) and each["method"] == "POST" for each in press.server.journal)


# Posts that come twice


def test_trouble_after_sending_never_sends_again(press: Press) -> None:
    """A post went out again and again, since the step after it failed and all of it was repeated."""
    publication = planned(press)
    press.server.fail(F.STATUS, "bluesky", path="getRecord", times=None)
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert press.row(publication).reason_code == "not_read"
    assert times_public(press, publication) == [1]


def test_an_account_that_is_closed_while_a_post_is_unclear_gets_no_second_one(press: Press) -> None:
    """Posts hung in the queue of a closed account, and were sent again once it was back."""
    publication = planned(press, "x")
    press.server.journal.clear()
    press.server.fail(F.ACCEPT_THEN_CUT, "x", path=SEND_X)
    press.work()
    close(press)
    press.settle(hours=3)
    assert press.states(publication) == [S.UNKNOWN]
    press.channel("x")
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert (times_public(press, publication), sendings(press, "/2/tweets")) == ([1], 1)


@pytest.mark.parametrize("name", ["bluesky", "x", "mastodon"])
def test_an_error_that_is_in_no_table_is_asked_about(press: Press, name: str) -> None:
    """An error that the tool did not know was tried five times, and five posts were public."""
    publication = planned(press, name)
    paths = {"bluesky": SEND_BLUESKY, "x": SEND_X, "mastodon": "statuses$"}
    press.server.fail(F.ACCEPT_THEN_STATUS, name, path=paths[name], method="POST", status=599, body="Oh!")
    press.work()
    assert press.states(publication) == [S.UNKNOWN]
    press.settle(hours=2)
    assert press.states(publication) == [S.PUBLISHED]
    assert times_public(press, publication) == [1]


@pytest.mark.parametrize("switch", ["spam_but_live", "spam"])
def test_a_restriction_of_instagram_is_asked_about(press: Press, switch: str) -> None:
    """Instagram said "restricted"; the post was live all the same, and its author posted it again."""
    before = press.public("instagram")
    publication = press.ready("instagram", caption=words()[0])
    press.server["instagram"].switches["publish"] = switch
    while press.states(publication)[0] in {S.PLANNED, S.PREPARING}:
        press.work()
        press.forward(seconds=20)
    assert press.states(publication)[0] is S.UNKNOWN
    del press.server["instagram"].switches["publish"]
    press.settle()
    assert press.states(publication)[0] is S.PUBLISHED
    assert press.public("instagram") - before == len(press.parts(publication))


@pytest.mark.parametrize("switch", ["unreadable", "never"])
def test_a_post_whose_address_can_not_be_read_is_published(press: Press, switch: str) -> None:
    """The post was out, its address could not be read, and the tool said that it failed."""
    press.server["instagram"].switches["permalink"] = switch
    publication = press.ready("instagram", caption=words()[0])
    press.settle()
    assert press.states(publication)[0] is S.PUBLISHED


def test_what_is_public_goes_nowhere_near_the_queue_again(press: Press) -> None:
    """A published post that was edited went back to the queue and out again."""
    publication = planned(press)
    press.work()
    edit(press, publication)
    for act in (
        lambda: publications.move(press.database, press.caller, publication.id, "now"),
        lambda: publications.cancel(press.database, press.caller, publication.id),
        lambda: publications.decide(press.database, press.caller, publication.id, "send"),
    ):
        with pytest.raises(MoveRefused):
            act()
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert times_public(press, publication) == [1]


def test_the_same_words_on_the_same_channel_need_a_person_s_word(press: Press) -> None:
    """Two people planned the same post, and the tool said nothing."""
    channel, (text,) = press.channel("bluesky"), words()
    press.plan(press.draft(message=text), channel)
    twin = press.draft(message=text)
    with pytest.raises(AlreadyThere, match="same words"):
        press.plan(twin, channel)
    assert press.state(press.plan(twin, channel, again=True)) == "planned"


def test_one_account_that_fails_is_tried_again_alone(press: Press) -> None:
    """One account of several failed; trying again posted on all of them once more."""
    content = press.draft(message=words()[0])
    good = press.plan(content, press.channel("bluesky"))
    bad = press.plan(content, press.channel("mastodon"))
    press.server.fail(F.STATUS, "mastodon", path="statuses$", method="POST", status=422, body='{"error":"No."}')
    press.work()
    assert (press.states(good), press.states(bad)) == ([S.PUBLISHED], [S.REFUSED])
    publications.move(press.database, press.caller, bad.id, "now")
    press.settle()
    assert (times_public(press, good), times_public(press, bad)) == ([1], [1])


def test_the_order_of_pictures_is_approved_and_is_the_order_that_is_public(press: Press) -> None:
    """Pictures came in another order than they were attached."""
    held = Files()
    media = [picture(held, position, size=(400, 400)) for position in range(3)]
    assert content_hash({}, tuple(media)) != content_hash({}, (media[1], media[0], media[2]))
    content = press.draft(message=words()[0])
    press.attach(content, *media, held=held)
    press.plan(content, press.channel("bluesky"))
    press.work()
    shown = [*press.server["bluesky"].posts.values()][-1].files
    assert [file["alt"] for file in shown] == [medium.alt_text for medium in media]


def test_a_first_comment_that_is_made_and_answered_with_an_error_is_made_once(press: Press) -> None:
    """The platform made the comment and answered with an error; the tool made it four times."""
    publication = press.ready("instagram", caption=words()[0])
    before = press.server["instagram"].counts.get("comment", 0)
    press.server["instagram"].switches["comments"] = "error"
    press.settle()
    assert press.states(publication) == [S.PUBLISHED, S.PUBLISHED]
    assert press.server["instagram"].counts["comment"] == before + 1


@pytest.mark.parametrize("fault", [F.CUT_BEFORE, F.ACCEPT_THEN_CUT])
def test_a_thread_goes_on_where_it_stopped(press: Press, fault: SocialFault) -> None:
    """A thread that failed in the middle began again with its first post."""
    publication = planned(press, "x", posts=3)
    press.server.fail(fault, "x", path=SEND_X, method="POST", skip=1)
    press.settle()
    assert press.states(publication) == [S.PUBLISHED] * 3
    assert times_public(press, publication) == [1, 1, 1]
    ids = [part.remote_id for part in press.parts(publication)]
    assert [press.server["x"].posts[one].parent for one in ids] == ["", *ids[:2]]


def test_planning_twice_is_one_publication(press: Press) -> None:
    """A client gave up waiting and asked again; there were two posts."""
    content, channel = press.draft(message=words()[0]), press.channel("bluesky")
    publication = press.plan(content, channel)
    with pytest.raises(AlreadyThere):
        press.plan(content, channel)
    press.work()
    assert times_public(press, publication) == [1]


# Posts that never come


def test_fifty_that_are_due_in_the_same_second_are_all_sent_once(press: Press) -> None:
    """Of several posts in the same minute some were not sent."""
    names = ("bluesky", "mastodon", "x")
    rows = [planned(press, names[number % 3]) for number in range(50 if ALL_CASES else 15)]
    work_here(press.engine, 4)
    press.settle(hours=1)
    assert {press.state(row) for row in rows} == {"published"}
    assert all(times_public(press, row) == [1] for row in rows)


def test_a_draft_that_was_edited_or_deleted_after_planning_stays_unsent(press: Press) -> None:
    """An edited post went out in its old words, and a deleted one all the same."""
    edited, deleted = planned(press), planned(press)
    edit(press, edited)
    with press.database.write() as session:
        content = session.get_one(Content, deleted.content_id)
        content.deleted_at = press.now()
        session.add(content)
    press.settle()
    assert (press.states(edited), press.states(deleted)) == ([S.CANCELLED], [S.CANCELLED])
    assert (times_public(press, edited), times_public(press, deleted)) == ([0], [0])


# Time


def test_a_clock_time_in_the_gap_and_in_the_fold_of_a_zone(press: Press) -> None:
    """Posts came an hour early or late after the clocks changed."""
    zones = (
        ("Europe/Berlin", dt.datetime(2027, 3, 28, 2, 30), "2027-03-28T01:00"),
        ("Europe/Berlin", dt.datetime(2027, 10, 31, 2, 30), "2027-10-31T00:30"),
        ("America/New_York", dt.datetime(2027, 3, 14, 2, 15), "2027-03-14T07:00"),
        ("Australia/Lord_Howe", dt.datetime(2027, 10, 3, 2, 10), "2027-10-02T15:30"),
        ("Asia/Kolkata", dt.datetime(2027, 7, 1, 9, 0), "2027-07-01T03:30"),
    )
    for zone, wall, instant in zones:
        with press.database.write() as session:
            home = session.get_one(Workspace, press.workspace.id)
            home.schedule = {"zone": zone}
            session.add(home)
        row = planned(press, at=wall)
        assert (row.zone, f"{row.planned_at:%Y-%m-%dT%H:%M}") == (zone, instant)
        publications.cancel(press.database, press.caller, row.id)


def test_an_outage_of_seven_days_ends_in_no_burst(press: Press) -> None:
    """After an outage everything that was overdue went out within minutes."""
    channel = press.channel("mastodon")
    with press.database.write() as session:
        row = session.get_one(ChannelRow, channel.id)
        row.spacing_minutes = 60
        session.add(row)
    rows = [planned(press, "mastodon", at="next_free") for _ in range(4)]
    press.forward(days=21)
    before = press.public("mastodon")
    press.settle(hours=1)
    assert {press.state(row) for row in rows} == {"missed"}
    assert press.public("mastodon") == before
    done, full = publications.plan_missed_again(press.database, press.caller)
    times = [press.row(row).planned_at for row in rows]
    assert (done >= len(rows), full) == (True, 0)
    assert all(later - earlier >= dt.timedelta(hours=1) for earlier, later in pairwise(times))
    press.work()
    assert press.public("mastodon") == before, "nothing is due yet"


# Files that are refused


def limits(name: str, files: Files) -> Iterator[tuple[str, Medium, Medium]]:
    """Each limit of a platform's files: the code of its problem, a file at the limit, and one over it."""
    platform = platforms.get(name)
    uploads, films = platform.uploads, platform.films
    assert uploads is not None
    image, clip = picture(files, size=platform.images.sizes[0]), film(files)

    def pair(code: str, medium: Medium, at: dict[str, Any], over: dict[str, Any]) -> tuple[str, Medium, Medium]:
        return code, medium.model_copy(update=at), medium.model_copy(update=over)

    if uploads.most_images:
        if most := uploads.type_bytes.get(image.media_type, platform.images.most_bytes):
            yield pair("media_too_large", image, {"size": most}, {"size": most + 1})
        if most := uploads.image_most_pixels:
            yield pair("image_too_many_pixels", image, {"width": most, "height": 1}, {"width": most + 1, "height": 1})
        if least := uploads.image_least_width:
            yield pair("image_too_narrow", image, {"width": least}, {"width": least - 1})
        if most := platform.images.alt_characters:
            yield pair("alt_text_too_long", image, {"alt_text": "a" * most}, {"alt_text": "a" * (most + 1)})
        if shape := uploads.image_shape:
            for edge, step in zip(shape, (-20, 20), strict=True):
                size = {"width": round(edge * 1000), "height": 1000}
                yield pair("media_shape", image, size, {**size, "width": size["width"] + step})
    if uploads.most_films and films:
        if films.most_bytes:
            yield pair("media_too_large", clip, {"size": films.most_bytes}, {"size": films.most_bytes + 1})
        if films.most_seconds:
            yield pair("film_too_long", clip, {"seconds": films.most_seconds}, {"seconds": films.most_seconds + 1})
        if films.least_seconds:
            yield pair("film_too_short", clip, {"seconds": films.least_seconds}, {"seconds": films.least_seconds / 2})


@pytest.mark.parametrize("name", publishers.names())
def test_a_file_at_each_limit_is_taken_and_one_over_it_is_named(social: SocialServer, name: str) -> None:
    """Files were refused by the platform at the time of sending, in words that told nothing."""
    desk = desk_at(social, name)
    tried = 0
    for code, at, over in limits(name, desk.files):
        assert code not in codes(desk, at), (code, at)
        assert code in codes(desk, over), (code, over)
        message = next(one.message for one in problems(desk, desk.approved("Words", media=[over])) if one.code == code)
        assert over.label in message
        tried += 1
    assert tried, name


@pytest.mark.parametrize("name", [name for name in publishers.names() if platforms.get(name).post_limits])
def test_words_at_each_limit_are_taken_and_one_more_is_not(social: SocialServer, name: str) -> None:
    """The length was counted otherwise than the platform counts it."""
    desk = desk_at(social, name)
    most = min(limit.most for limit in platforms.get(name).post_limits)
    found = [{one.code for one in problems(desk, desk.approved("a" * length))} for length in (most, most + 1)]
    assert ["text_too_long" in each for each in found] == [False, True]


def test_pictures_of_two_sizes_are_named_before_pinterest_hangs_on_them(social: SocialServer) -> None:
    """A pin with pictures of unequal size was stuck for ever."""
    desk = desk_at(social, "pinterest")
    media = [picture(desk.files, 0, size=(400, 600)), picture(desk.files, 1, size=(600, 600))]
    found = [one for one in problems(desk, desk.approved("Words", media=media)) if one.code == "image_sizes_differ"]
    assert "400x600, 600x600" in found[0].message


# Words that are mangled


def test_reserved_characters_of_linkedin_come_back_as_they_were_written(press: Press) -> None:
    """A post was cut at its first bracket or star."""
    hook = "Costs (all of them) * and _ matter | {braces} [x] <b> ~ # @ \\ & https://example.com/a_b_(c)?d=*"
    publication = press.plan(press.draft("linkedin", hook=f"{hook} {words()[0]}"), press.channel("linkedin"))
    press.settle()
    assert press.states(publication) == [S.PUBLISHED]
    assert hook in [*press.server["linkedin"].posts.values()][-1].text


def test_addresses_stay_whole_and_each_post_of_a_thread_has_its_own(press: Press) -> None:
    """The scheme of addresses was cut off, and only the first post of a thread went out."""
    first, second = words(2)
    content = press.draft("x", posts=[f"{first} https://example.com/a?b=c&d=e", f"{second} http://example.org/#x"])
    publication = press.plan(content, press.channel("x"))
    press.settle()
    sent = [press.server["x"].posts[part.remote_id].raw for part in press.parts(publication)]
    assert sent == [f"{first} https://example.com/a?b=c&d=e", f"{second} http://example.org/#x"]
    assert press.states(publication) == [S.PUBLISHED, S.PUBLISHED]


def test_a_hashtag_after_a_mark_is_one(press: Press) -> None:
    """A hashtag in brackets, or after a quotation mark, was plain text."""
    publication = press.plan(press.draft(message=f"{words()[0]} (#Ünal) “#two”, é#not"), press.channel("bluesky"))
    press.work()
    record = press.server["bluesky"].records[press.parts(publication)[0].remote_id]["value"]
    tags = [facet["features"][0].get("tag") for facet in record["facets"]]
    assert {"Ünal", "two"} <= {*tags}
    assert "not" not in tags


# Threads in part, comments that are lost


def test_a_comment_that_does_not_arrive_is_proven_absent_and_made_once(press: Press) -> None:
    """The first comment was lost, and nothing said so."""
    publication = press.ready("instagram", caption=words()[0])
    before = press.server["instagram"].counts.get("comment", 0)
    press.server.fail(F.CUT_BEFORE, "instagram", path="comments", method="POST")
    press.settle()
    assert press.states(publication) == [S.PUBLISHED, S.PUBLISHED]
    assert press.server["instagram"].counts["comment"] == before + 1


def test_nothing_goes_out_alone_under_a_post_whose_id_is_unknown(press: Press) -> None:
    """The rest of a thread went out as posts of their own, under nothing."""
    publication = planned(press, "x", posts=2)
    press.server.fail(F.ACCEPT_THEN_CUT, "x", path=SEND_X, method="POST")
    press.server.fail(F.STATUS, "x", path="users/.*/tweets$", times=None)
    press.settle(hours=30)
    assert press.states(publication) == [S.NEEDS_PERSON, S.PLANNED]
    publications.decide(press.database, press.caller, publication.id, "there")
    press.settle(hours=1)
    assert press.states(publication) == [S.PUBLISHED, S.CANCELLED]
    assert press.state(publication) == "partial"
    assert times_public(press, publication) == [1, 0]


def test_all_posts_of_a_thread_on_mastodon_are_sent_each_under_the_one_before(social: SocialServer) -> None:
    """Of a thread only the first post went out."""
    desk = desk_at(social, "mastodon")
    approved = desk.approved(*words(3))
    refs = []
    for position in range(3):
        refs.append(desk.send(desk.job(approved, position, refs)).ref)
    parents = [social["mastodon"].posts[ref.remote_id].parent for ref in refs]
    assert parents == ["", refs[0].remote_id, refs[1].remote_id]


# Figures that are wrong


@pytest.mark.parametrize("name", publishers.names())
def test_figures_that_can_not_be_read_are_a_gap_and_never_a_zero(social: SocialServer, name: str) -> None:
    """A call for figures failed, and the report said that no one had looked."""
    desk = desk_at(social, name)
    social.fail(F.STATUS, name, times=None, status=503)
    try:
        found = desk.publisher.collect(desk.line.at(Phase.COLLECT), desk.channel, ["1"])
    except PressroomError:
        found = ()
    finally:
        social.faults.clear()
    assert [each for each in found if each.values] == []


def close(press: Press) -> None:
    """The account's tokens on X end, and can't be renewed."""
    standin = press.server["x"]
    standin.revoke()
    for family in standin.consent.families.values():
        family.dead = True


def edit(press: Press, publication: Publication) -> None:
    with press.database.write() as session:
        content = session.get_one(Content, publication.content_id)
        content.content_hash = "0" * 64
        session.add(content)


def problems(desk: Desk, approved: Approved) -> tuple[Any, ...]:
    return check(desk.publisher, approved, desk.channel)


def codes(desk: Desk, medium: Medium) -> set[str]:
    return {one.code for one in problems(desk, desk.approved("Words", media=[medium]))}
