"""Figures are read in time, once, in batches; what does not come is a gap with its reason."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from pressroom import platforms, publishers
from pressroom.calls.budget import Budget
from pressroom.calls.ledger import Ledger
from pressroom.model.snapshots import METRICS, ChannelFigures, Have, Snapshot, due, falls
from pressroom.publishers.ledger.collecting import MISSED, collect_here
from pressroom.store.publishing_tables import Publication
from pressroom.store.result_tables import MetricAttempt
from pressroom.store.results import snapshots_of
from pressroom.store.tables import ProviderCall
from sandbox.social.frame.faults import SocialFault
from tests.fixtures.press import FORMATS, Press


def collect(press: Press, *, day_limit: float = 0) -> list[ChannelFigures]:
    database = press.database.within(press.workspace.id)
    limited = Budget(database, press.workspace.id, "", day_limit=day_limit) if day_limit else None
    ledger = Ledger(database, press.workspace.id)
    return collect_here(database, press.access, press.workspace.name, ledger, lambda: limited)


def of(press: Press, publication: Publication) -> dict[tuple[str, int], Snapshot]:
    found = snapshots_of(press.database, [publication.id])[publication.id]
    return {(one.metric, one.age): one for one in found}


def published(press: Press, platform: str) -> Publication:
    publication = press.ready(platform)
    press.settle(hours=0.5)
    return publication


def test_what_is_due_at_each_moment_of_a_post_s_life() -> None:
    begin = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
    ages = (1, 6, 24)
    for hours, there, expected in (
        (0.9, (), (None, ())),
        (1, (), (1, ())),
        (5.9, (), (1, ())),
        (5.9, (1,), (None, ())),
        (6, (), (6, (1,))),
        (24, (1, 6), (24, ())),
        (47, (1,), (24, (6,))),
        (48, (1, 6), (None, (24,))),
        (5000, (1, 6, 24), (None, ())),
    ):
        assert due(begin, begin + dt.timedelta(hours=hours), ages, there) == expected, (hours, there)


@pytest.mark.parametrize("platform", sorted(FORMATS))
def test_every_platform_gives_the_figures_its_file_names(press: Press, platform: str) -> None:
    publication, offered = published(press, platform), platforms.get(platform).results
    assert offered
    assert set(offered.figures) <= set(METRICS)
    press.forward(hours=1.1)
    [report] = collect(press)
    assert (report.code, report.publications, report.calls) == ("", 1, 1)
    given = {metric for (metric, _), one in of(press, publication).items() if one.have is Have.VALUE}
    films = {"views"} if platform == "facebook" else set()  # it counts views of films alone
    reports = {"follows", "shares", "watch_time"} if platform == "youtube" else set()
    assert set(offered.figures) - given <= films | reports, "what its file names, it gives"
    assert collect(press) == [], "what is there is not asked for again"


def test_a_post_s_figures_grow_over_ninety_days_and_each_age_is_there_once(press: Press) -> None:
    publication = published(press, "mastodon")
    for hours in (1, 6, 24, 72, 168, 672, 2160):
        moment = press.row(publication).published_at
        assert moment
        press.forward(seconds=(moment + dt.timedelta(hours=hours, minutes=10) - press.now()).total_seconds())
        collect(press)
        collect(press)
    found = of(press, publication)
    likes = [found["likes", age].value or 0 for age in (1, 6, 24, 72, 168, 672, 2160)]
    assert likes == sorted(likes)
    assert likes[0] < likes[-1]
    assert len(found) == 28
    assert not any(one.is_late for one in found.values())


def test_a_failing_call_is_a_gap_with_its_reason_and_never_a_zero(press: Press) -> None:
    publication = published(press, "bluesky")
    press.forward(hours=1.1)
    for turn in range(5):
        fault = SocialFault.GARBAGE if turn == 2 else SocialFault.STATUS
        press.server.fail(fault, "bluesky", path="getPosts")
        [report] = collect(press)
        assert report.waiting == (1 if turn < 4 else 0)
    found = of(press, publication)
    assert {one.have for one in found.values()} == {Have.GAP}
    assert {one.value for one in found.values()} == {None}
    assert all("500" in one.reason for one in found.values())


def test_an_age_that_was_slept_through_is_missed_and_a_late_one_keeps_its_true_age(press: Press) -> None:
    publication = published(press, "bluesky")
    press.forward(hours=40)
    collect(press)
    found = of(press, publication)
    assert {(found["likes", age].have, found["likes", age].reason) for age in (1, 6)} == {(Have.GAP, MISSED)}
    late = found["likes", 24]
    assert (late.have, late.is_late) == (Have.VALUE, True)
    assert late.seconds == pytest.approx(40 * 3600, abs=3600)


def test_a_figure_that_ends_or_falls_is_kept_and_said(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    publication = published(press, "mastodon")
    press.server["mastodon"].switches["figures_fall"] = ["favourites_count"]
    for hours in (1.1, 23, 50):
        press.forward(hours=hours)
        collect(press)
    figures = platforms.get("mastodon").results
    assert figures
    ended = figures.figures["shares"].model_copy(update={"ended": press.now().date()})
    monkeypatch.setitem(figures.figures, "shares", ended)  # type: ignore[index]
    press.forward(hours=100)
    collect(press)
    found = of(press, publication)
    assert found["shares", 168].have is Have.ENDED
    assert found["likes", 168].have is Have.VALUE
    assert {metric for metric, _ in falls(found.values())} == {"likes"}, "it fell at 3 days, and is kept"


def test_x_is_asked_about_many_posts_at_once_and_paid_for_within_the_budget(press: Press) -> None:
    channel = press.channel("x")
    publications = [press.plan(press.draft("x"), channel) for _ in range(3)]
    press.settle(hours=0.5)
    press.forward(hours=1.1)
    [refused] = collect(press, day_limit=0.001)
    assert refused.code == "BUDGET_REACHED"
    assert not of(press, publications[0])
    [report] = collect(press)
    assert (report.calls, report.publications, report.cost_microusd) == (1, 3, 15_000)
    with press.database.read() as session:
        [paid] = session.exec(select(ProviderCall).where(ProviderCall.kind == "results")).all()
        tried = session.exec(select(MetricAttempt).where(MetricAttempt.code == "")).all()
    assert paid.cost_microusd == sum(one.cost_microusd for one in tried) == 15_000
    assert publishers.get("x").platform == "x"


@pytest.mark.parametrize("platform", ["threads", "facebook"])
def test_a_name_that_the_platform_takes_back_loses_no_other_figure(press: Press, platform: str) -> None:
    publication = published(press, platform)
    gone = {"threads": "clicks", "facebook": "post_clicks"}[platform]
    press.server[platform].switches["figures_ended"] = [gone]
    press.server[platform].switches["metrics"] = ["post_total_media_view_unique", "total_video_views"]
    press.forward(hours=1.1)
    [report] = collect(press)
    found = of(press, publication)
    assert report.code == ""
    assert found["clicks", 1].have is Have.NOT_OFFERED
    assert found["likes", 1].have is Have.VALUE
