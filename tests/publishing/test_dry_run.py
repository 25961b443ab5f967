"""A dry run shows exactly what is sent: the stand-in's own record is what it is compared with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pressroom.errors import WrongInput
from pressroom.model.dry_run import DryRun
from pressroom.model.publishing import PartKind
from pressroom.review import dry_run, dry_run_problems, publications_page
from pressroom.store import events
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Content
from tests.fixtures.press import Press
from tests.fixtures.social import OPTIONS, Files, picture

WORDS = "Ask the people who restart the jobs of an old system at night what they dread most of all: they know it best."


@pytest.fixture(autouse=True)
def its_clock(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run_problems, "clock", lambda _session: press.now())


def look(press: Press, content: Content, channel: ChannelRow, **how: Any) -> DryRun:
    how.setdefault("options", OPTIONS.get(channel.platform, {}))
    how.setdefault("source", press.source)
    return dry_run.dry_run(press.database, press.caller, content.id, channel.id, **how)


def codes(found: DryRun, *, blocking: bool) -> list[str]:
    return [problem.code for problem in found.problems if problem.blocking is blocking]


def test_what_a_dry_run_shows_is_what_is_sent(press: Press) -> None:
    content, channel = press.draft(), press.channel("bluesky")
    found = look(press, content, channel, at="now", access=press.access)
    assert (found.ready, codes(found, blocking=True)) == (True, [])
    publication = press.plan(content, channel)
    press.work()
    assert press.state(publication) == "published"
    (post,) = press.server["bluesky"].posts.values()
    assert post.text == found.parts[0].text
    assert found.parts[0].count <= (found.parts[0].limit or 0)
    assert found.certainty == "certain"
    assert "already_there" in codes(look(press, content, channel, at="now"), blocking=True)


def test_linkedin_shows_the_escaped_text_and_where_it_would_be_cut(press: Press) -> None:
    content = press.draft("linkedin", hook="Ask (first), then read the log.")
    found = look(press, content, press.channel("linkedin"), at="now")
    assert "Ask \\(first\\)" in found.parts[0].text
    assert found.parts[0].cut_after.endswith("Ask ")
    assert found.parts[0].count > len("Ask (first)")


def test_x_says_what_a_link_costs_and_that_replies_may_be_refused(press: Press) -> None:
    content = press.draft("x", posts=["Read https://example.com/a first.", "Then ask."])
    found = look(press, content, press.channel("x"), at="now")
    assert found.cost_microusd == sum((200_000, 15_000))
    assert "A post with a link costs" in found.cost
    assert found.links == ("https://example.com/a",)
    assert [part.kind for part in found.parts] == [PartKind.POST, PartKind.POST]
    assert "replies_may_be_refused" in codes(found, blocking=False)


def test_a_draft_without_an_approval_is_shown_and_not_ready(press: Press) -> None:
    found = look(press, press.draft(approve=False), press.channel("bluesky"), at="now")
    assert found.parts[0].text
    assert codes(found, blocking=True) == ["not_approved"]


def test_a_choice_that_a_platform_does_not_have_is_named_with_those_that_it_has(press: Press) -> None:
    """It had said "Extra inputs are not permitted. Choose it when you plan the post."."""
    table = (("linkedin", "LinkedIn has no option 'x'. Leave it out."), ("bluesky", "Bluesky has no option 'x'."))
    for platform, said in table:
        found = look(press, press.draft(platform), press.channel(platform), at="now", options={"x": {"y": 1}})
        (problem,) = [each for each in found.problems if each.code == "option_invalid"]
        assert f"{problem.message} {problem.hint}".startswith(said)
    found = look(press, press.draft("tiktok"), press.channel("tiktok"), at="now", options={"x" * 5000: 1})
    (problem,) = [each for each in found.problems if each.code == "option_invalid"]
    assert len(problem.message) < 100
    assert problem.hint.startswith("It has: ")


def test_files_stand_against_the_platforms_limits(press: Press) -> None:
    content, held = press.draft(), Files()
    press.attach(content, picture(held, size=(640, 480)), held=held)
    (file,) = look(press, content, press.channel("bluesky"), at="now").files
    assert {measure.name for measure in file.measures} >= {"type", "bytes"}
    assert all(measure.fits for measure in file.measures)


def test_warnings_of_time_words_pause_and_sign_in(press: Press) -> None:
    channel = press.channel("bluesky", paused=True, slots=[{"day": day, "time": "09:00"} for day in ("mon", "thu")])
    press.plan(press.draft(message=WORDS), channel, at="now")
    with press.database.write() as session:
        row = session.get_one(ChannelRow, channel.id)
        row.refreshable, row.expires_at = False, press.now() - dt.timedelta(days=1)
        session.add(row)
    other = look(press, press.draft(message=WORDS.replace("dread", "fear")), channel, at="now")
    assert {"paused", "close_in_time", "near_duplicate", "sign_in_ends"} <= set(codes(other, blocking=False))
    assert "same_words" in codes(look(press, press.draft(message=WORDS), channel, at="now"), blocking=True)
    past = look(press, press.draft(), channel, at=dt.datetime(2020, 1, 1, 9))
    assert "no_time" in codes(past, blocking=True)
    assert past.planned_at is None


def test_a_platform_that_takes_no_such_draft_is_named(press: Press) -> None:
    with pytest.raises(WrongInput, match="can't be sent to"):
        look(press, press.draft("linkedin"), press.channel("x"))


def test_the_page_of_publications_is_the_one_the_table_gives() -> None:
    page = (Path(__file__).parents[2] / publications_page.PAGE).read_text("utf-8")
    assert page == publications_page.render(), "run `python -m pressroom.review.publications_page`"


def test_the_page_of_webhooks_lists_every_event() -> None:
    page = (Path(__file__).parents[2] / "docs/webhooks.md").read_text("utf-8")
    assert [name for name, means in events.TYPES.items() if f"| `{name}` | {means} |" not in page] == []
