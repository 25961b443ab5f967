"""Analytics for the desk, the command line and programs: reports, best times, curves of posts, the return on cost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import select

from pressroom.errors import WrongInput
from pressroom.model import Caller
from pressroom.model.base import Frozen
from pressroom.model.snapshots import AGES, Have, Snapshot, falls
from pressroom.reports.analytics import loading, reporting, returns
from pressroom.reports.analytics.lessons import Lesson
from pressroom.reports.analytics.posts import DIMENSIONS, MEASURES, RATES, Post, measured
from pressroom.reports.analytics.reporting import BestTimes, Report
from pressroom.reports.analytics.returns import Return, Returns
from pressroom.review.exporting import harmless
from pressroom.review.publications import publication_row
from pressroom.settings import settings
from pressroom.store import results
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Workspace, utc_now
from pressroom.store.workspaces import zone_of

REPORT_AGES = (24, 168)
"""Ages that reports are usually about: 24 hours and 7 days."""


class Wanted(Frozen):
    """A report that is asked for. days: how far back posts go; null: all. age: in hours."""

    measure: str = "views"
    age: int = 168
    days: int | None = Field(default=90, ge=1, le=3660)
    platform: str = ""
    dimensions: tuple[str, ...] = tuple(DIMENSIONS)


class CurvePoint(BaseModel):
    """One figure of a post at one age. late: read too late to stand for the age. fell: lower than before."""

    metric: str
    age: int
    have: Have
    value: int | None
    observed_at: dt.datetime
    seconds: int = Field(description="True age of the post when the platform answered.")
    definition: int = Field(description="Version of what the figure means.")
    reason: str
    late: bool
    fell: bool


class Curve(BaseModel):
    """A publication's figures over time."""

    publication_id: str
    points: tuple[CurvePoint, ...]


class PostResult(BaseModel):
    """One post with its figures at the report's age; null where there is no value, and `why` says why."""

    publication_id: str
    content_id: str
    title: str
    platform: str
    channel: str
    format: str
    topic: str
    published_at: dt.datetime
    permalink: str
    values: dict[str, float | None]
    why: dict[str, Have]
    as_of: dt.datetime | None


class PostResults(BaseModel):
    """Posts, the newest first."""

    age: int
    items: tuple[PostResult, ...]


def check(wanted: Wanted) -> None:
    """Raises `WrongInput` for a figure, an age or a dimension that there is not."""
    for name, known, noun in (
        (wanted.measure, MEASURES, "figure"),
        *((each, DIMENSIONS, "dimension") for each in wanted.dimensions),
    ):
        if name not in known:
            raise WrongInput(f"There is no {noun} {name[:40]!r}.", hint=f"Choose from: {', '.join(known)}.")
    if wanted.age not in AGES:
        raise WrongInput(f"{wanted.age} is no age of figures.", hint=f"Hours: {', '.join(map(str, AGES))}.")


def make_report(database: Database, caller: Caller, wanted: Wanted) -> Report:
    """The report. Raises `WrongInput`."""
    check(wanted)
    metrics = loading.FOR_REPORTS if wanted.measure in RATES else (wanted.measure,)
    return reporting.report(load(database, caller, wanted, metrics), wanted.measure, wanted.age, wanted.dimensions)


def load(
    database: Database, caller: Caller, wanted: Wanted, metrics: Sequence[str] = loading.FOR_REPORTS
) -> list[Post]:
    """The posts of a report with their figures."""
    return loading.posts(
        database, caller.workspace_id, age=wanted.age, zone=zone(database, caller), since=_since(wanted.days),
        metrics=metrics, platform=wanted.platform,
    )  # fmt: skip


def zone(database: Database, caller: Caller) -> str:
    """The workspace's IANA zone."""
    with database.read() as session:
        return zone_of(session.get_one(Workspace, caller.workspace_id), settings())


def _since(days: int | None) -> dt.datetime | None:
    return utc_now() - dt.timedelta(days=days) if days else None


def list_times(database: Database, caller: Caller, wanted: Wanted) -> tuple[BestTimes, ...]:
    """The best times of each channel: from own results above 30 posts, else the platform's rule of thumb."""
    check(wanted)
    posts = load(database, caller, wanted)
    with database.read() as session:
        rows = session.exec(select(ChannelRow).where(ChannelRow.state != "removed")).all()
    found = [row for row in rows if row.platform == (wanted.platform or row.platform)]
    return tuple(
        reporting.best_times(posts, wanted.measure, row.id, row.name, row.platform)
        for row in sorted(found, key=lambda row: (row.platform, row.name))
    )


def times_of_channel(database: Database, caller: Caller, channel_id: str) -> BestTimes | None:
    """When a channel's posts got most likes, where the workspace wants its results to be used; None otherwise."""
    with database.read() as session:
        wishes = session.get_one(Workspace, caller.workspace_id).preferences
    if not wishes.get("use_results"):
        return None
    found = list_times(database, caller, Wanted(measure="likes", days=None))
    return next((one for one in found if one.channel_id == channel_id), None)


def list_lessons(database: Database, caller: Caller) -> tuple[tuple[Lesson, ...], bool]:
    """(what did better than usual, whether the workspace has it offered to ideas and hashtags)."""
    with database.read() as session:
        wishes = session.get_one(Workspace, caller.workspace_id).preferences
    found = loading.lessons_of(database, caller.workspace_id, zone=zone(database, caller))
    return found, bool(wishes.get("use_results"))


def list_posts(database: Database, caller: Caller, wanted: Wanted) -> PostResults:
    """Posts with their figures and rates at one age."""
    check(wanted)
    names = [*loading.FOR_REPORTS, *RATES]
    return PostResults(
        age=wanted.age, items=tuple(_post_result(post, names) for post in load(database, caller, wanted))
    )


def _post_result(post: Post, names: Sequence[str]) -> PostResult:
    found = {name: measured(post, name) for name in names}
    return PostResult(
        publication_id=post.id, content_id=post.content_id, title=post.title, platform=post.platform,
        channel=post.channel, format=post.format, topic=post.topic, published_at=post.local.astimezone(dt.UTC),
        permalink=post.permalink, as_of=max((one.observed_at for one in post.figures.values()), default=None),
        values={name: None if isinstance(value, Have) else value for name, value in found.items()},
        why={name: value for name, value in found.items() if isinstance(value, Have)},
    )  # fmt: skip


def get_curve(database: Database, publication_id: str) -> Curve:
    """A publication's own figures, gaps with their reasons. Raises `NotFound`."""
    with database.read() as session:
        row = publication_row(session, publication_id, None)
    found = results.snapshots_of(database, [row.id])[row.id]
    fallen = falls(found)
    return Curve(publication_id=row.id, points=tuple(_point(one, fallen) for one in found))


def _point(one: Snapshot, fallen: set[tuple[str, int]]) -> CurvePoint:
    said: dict[str, Any] = one._asdict()
    del said["publication_id"]
    return CurvePoint(**said, late=one.is_late, fell=(one.metric, one.age) in fallen)


def make_returns(
    database: Database, caller: Caller, wanted: Wanted, rates: Mapping[str, Fraction] | None = None
) -> Returns:
    """The return on cost of each post, with views and clicks at the age that is asked for."""
    check(wanted)
    posts = load(database, caller, wanted, ("views", "clicks"))
    spent = loading.spending(database, caller.workspace_id, _since(wanted.days))
    if wanted.platform:
        mine = {post.id for post in posts}
        found = returns.returns(spent, loading.revenue(database, caller.workspace_id), *_known(posts), rates)
        items = tuple(item for item in found.items if item.publication_id in mine)
        return returns.sum_up(items, found.unpublished_microusd, *_known(posts))
    return returns.returns(spent, loading.revenue(database, caller.workspace_id), *_known(posts), rates)


def rates_of(written: Iterable[str]) -> dict[str, Fraction]:
    """Dollars for one of each currency, from `EUR=1.08`. Raises `WrongInput`."""
    found = {}
    for one in written:
        currency, _, rate = one.partition("=")
        if not re.fullmatch(r"[A-Za-z]{3}", currency) or not re.fullmatch(r"\d{1,6}(\.\d{1,8})?", rate):
            raise WrongInput(f"{one[:40]!r} is no rate.", hint="Write it as EUR=1.08: dollars for one euro.")
        found[currency.upper()] = Fraction(rate)
    return found


def _known(posts: Iterable[Post]) -> tuple[dict[str, int], dict[str, int]]:
    """(views, clicks) by publication, where they are known."""
    views = {post.id: value for post in posts if not isinstance(value := measured(post, "views"), Have)}
    clicks = {post.id: value for post in posts if not isinstance(value := measured(post, "clicks"), Have)}
    return {one: int(value) for one, value in views.items()}, {one: int(value) for one, value in clicks.items()}


def report_rows(found: Report) -> list[dict[str, object]]:
    """The report as a table: a row for each group."""
    return [{"measure": found.measure, "age_hours": found.age, **cell.model_dump(mode="json")} for cell in found.cells]


def post_rows(found: PostResults) -> list[dict[str, object]]:
    """Posts as a table: a column for each figure, empty where it is not known."""
    return [
        {**one.model_dump(mode="json", exclude={"values", "why"}), "age_hours": found.age,
         **{name: one.values[name] if one.values[name] is not None else one.why[name].value for name in one.values}}
        for one in found.items
    ]  # fmt: skip


def return_rows(found: Returns) -> list[dict[str, object]]:
    """Returns as a table: a row for each post; revenue as `12.5 EUR`."""
    return [_return_row(one) for one in found.items]


def _return_row(one: Return) -> dict[str, object]:
    said = one.model_dump(mode="json", exclude={"cost", "revenue"})
    parts = {f"cost_{name}_microusd": value for name, value in one.cost.model_dump().items()}
    paid = "; ".join(f"{money.micros / 1_000_000:g} {money.currency}" for money in one.revenue)
    return {**said, **parts, "revenue": paid or "unknown"}


def as_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """A table as CSV (RFC 4180). Text that a spreadsheet takes for a formula has an apostrophe before it."""
    written = io.StringIO()
    if rows:
        writer = csv.DictWriter(written, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return written.getvalue()
