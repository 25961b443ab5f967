"""Reports over a simulated year equal a slow, separate computation from the simulation's own records."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from pressroom import platforms
from pressroom.model import Caller, Role
from pressroom.model.snapshots import ENGAGED
from pressroom.reports.analytics.reporting import Cell
from pressroom.review import analytics
from pressroom.review.analytics import Wanted
from pressroom.store.account_tables import User
from pressroom.store.database import Database
from pressroom.store.tables import Workspace
from tests.results.year import Record, put_in, simulate

BERLIN = ZoneInfo("Europe/Berlin")
RECORDS = simulate()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, migrated_file: object) -> tuple[Database, Caller]:
    """The year in a database, in a workspace of Berlin."""
    file = tmp_path_factory.mktemp("year") / "year.db"
    file.write_bytes(open(str(migrated_file), "rb").read())  # noqa: SIM115, PTH123
    database = Database(f"sqlite:///{file}")
    home = Workspace(name="mill", schedule={"zone": "Europe/Berlin", "time": "06:00", "active": True})
    user = User(email="a@example.com", name="Ada", password_hash="x")
    with database.write() as session:
        session.add_all([home, user])
        session.flush()
    put_in(database, home.id, user.id, RECORDS)
    caller = Caller(workspace_id=home.id, workspace=home.name, role=Role.EDITOR, name=user.email, user_id=user.id)
    return database.within(home.id), caller


def value_of(each: Record, measure: str, age: int) -> float | None:
    """A post's value, the slow way; None where there is none."""

    def figure(metric: str) -> float | str | None:
        have, value, seconds = each.values.get((metric, age), ("unknown", None, 0))
        if seconds > age * 3600 * 5 / 4 + 3600:
            return None
        return "ended" if have == "ended" else value

    if measure in {"views", "likes"}:
        found = figure(measure)
        return None if found in {None, "ended"} else float(found)  # type: ignore[arg-type]
    figures = platforms.get(each.platform).results
    assert figures
    counts = "impressions" if measure == "engagement_by_impressions" else "views"
    if "views" not in figures.figures or figures.figures["views"].counts != counts:
        return None
    parts = [figure(name) for name in ENGAGED if name in figures.figures]
    views = figure("views")
    if views in {None, "ended"} or None in parts or not views:
        return None
    return sum(part for part in parts if not isinstance(part, str) and part is not None) / float(views)


def slow(groups: dict[str, list[float]]) -> dict[str, tuple[float, float, float]]:
    """(mean, low, high) of each group, by exact fractions from the textbook's formulas of a one-way layout."""
    exact = {name: [Fraction(value) for value in values] for name, values in groups.items()}
    all_values = [value for values in exact.values() for value in values]
    grand, total = Fraction(sum(all_values), len(all_values)), len(all_values)
    means = {name: sum(values) / len(values) for name, values in exact.items()}
    inner = sum((value - means[name]) ** 2 for name, values in exact.items() for value in values)
    within = inner / (total - len(exact))
    found = {}
    for name, values in exact.items():
        n, between = len(values), Fraction(0)
        if len(exact) > 1:
            outer = sum(len(each) * (means[key] - grand) ** 2 for key, each in exact.items()) / (len(exact) - 1)
            size = Fraction(total * total - sum(len(each) ** 2 for each in exact.values()), total * (len(exact) - 1))
            between = max(Fraction(0), (outer - within) / size)
        if between == 0:
            mean, variance = grand, within / total
        else:
            weight = between / (between + within / n)
            mean = weight * means[name] + (1 - weight) * grand
            variance = 1 / (n / within + 1 / between) + (1 - weight) ** 2 * within / total
        reach = statistics.NormalDist().inv_cdf(0.9) * math.sqrt(variance)
        found[name] = (float(mean), float(mean) - reach, float(mean) + reach)
    return found


GROUPS: dict[str, Callable[[Record], str]] = {
    "platform": lambda each: each.platform,
    "format": lambda each: each.format,
    "topic": lambda each: each.topic,
    "weekday_hour": lambda each: f"{each.published_at.astimezone(BERLIN):%A %H}:00",
    "variant": lambda each: str(each.variant + 1),
    "hook": lambda each: {"How": "question", "7 t": "number", "“No": "quotation", "We ": "statement"}[each.opening[:3]],
}


@pytest.mark.parametrize(("measure", "age"), [("views", 24), ("likes", 168), ("engagement_by_impressions", 168),
                                              ("engagement_by_views", 24)])  # fmt: skip
def test_a_year_s_reports_equal_a_slow_separate_computation(
    year: tuple[Database, Caller], measure: str, age: int
) -> None:
    found = analytics.make_report(*year, Wanted(measure=measure, age=age, days=None))
    is_rate = measure.startswith("engagement")
    known = [(each, value) for each in RECORDS if (value := value_of(each, measure, age)) is not None]
    assert (found.posts, found.n) == (len(RECORDS), len(known))
    assert found.n + sum(found.missing.values()) == len(RECORDS)
    for dimension, name_of in GROUPS.items():
        by_place: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for each, value in known:
            place = "" if dimension == "platform" else each.platform
            by_place[place][name_of(each)].append(value if is_rate else math.log1p(value))
        cells = {(one.platform, one.value): one for one in found.cells if one.dimension == dimension}
        assert set(cells) == {(place, name) for place, groups in by_place.items() for name in groups}
        for place, groups in by_place.items():
            for name, figures in slow(groups).items():
                compare(cells[place, name], len(groups[name]), figures, is_rate=is_rate)


def compare(cell: Cell, n: int, figures: tuple[float, float, float], *, is_rate: bool) -> None:
    assert cell.n == n
    assert cell.enough is (n >= 5)
    if not cell.enough:
        assert (cell.mean, cell.raw, cell.low, cell.high) == (None, None, None, None), "too few says nothing"
        return
    plain = [max(0.0, each if is_rate else math.exp(each) - 1) for each in figures]
    assert [cell.mean, cell.low, cell.high] == pytest.approx(plain, rel=1e-9, abs=1e-9)


def test_what_is_missing_is_told_by_its_reason_and_no_zero(year: tuple[Database, Caller]) -> None:
    found = analytics.make_report(*year, Wanted(measure="clicks", age=168, days=None))
    offered = [each for each in RECORDS if each.platform in {"linkedin", "x"}]
    gaps = [each for each in offered if each.values.get(("clicks", 168), ("", None, 0))[0] == "gap"]
    late = [each for each in offered if each.values.get(("clicks", 168), ("", None, 0))[2] > 168 * 4500 + 3600]
    assert found.missing["not_offered"] == len(RECORDS) - len(offered)
    assert found.missing["gap"] == len([each for each in gaps if each not in late])
    assert found.late == len(late)
    ended = analytics.list_posts(*year, Wanted(age=2160, days=None)).items
    assert {one.values["views"] for one in ended if one.platform == "x"} == {None}, "X is not asked at 90 days"


def test_best_times_are_own_only_above_thirty_posts(year: tuple[Database, Caller]) -> None:
    found = {one.platform: one for one in analytics.list_times(*year, Wanted(measure="likes", age=168, days=None))}
    for platform, times in found.items():
        n = sum(value_of(each, "likes", 168) is not None for each in RECORDS if each.platform == platform)
        assert (times.n, times.own) == (n, n > 30)
        assert all(one.n >= 5 and one.low is not None for one in times.times)
    few = analytics.list_times(*year, Wanted(measure="likes", age=168, days=40))
    assert all(not one.own and one.source.startswith("Not enough own results") and one.times for one in few)


def test_costs_of_a_year_add_up_exactly_and_unknown_revenue_is_not_zero(year: tuple[Database, Caller]) -> None:
    found = analytics.make_returns(*year, Wanted(days=None))
    runs = {each.run for each in RECORDS}
    paid = sum(each.own + each.fee + each.reads for each in RECORDS) + 5700 * len(runs)
    assert sum(one.total_microusd for one in found.items) == found.cost_microusd == paid
    assert found.per_post_microusd == round(Fraction(paid, 300))
    by_id = {one.publication_id: one for one in found.items}
    for each in RECORDS:
        mine = by_id[each.id]
        siblings = sum(other.run == each.run for other in RECORDS)
        assert abs(mine.cost.share - 5700 / siblings) < 1
        assert (mine.cost.calls, mine.cost.platform, mine.cost.figures) == (each.own, each.fee, each.reads)
        in_euros = any(currency == "EUR" for _, currency in each.revenue)
        assert (mine.in_usd is None) is (in_euros or not each.revenue), "no rate, no figure"
        views = value_of(each, "views", 168)
        expected = round(Fraction(1000 * mine.total_microusd, int(views))) if views else None
        assert mine.per_thousand_views_microusd == expected
    assert found.in_usd is None
    known = analytics.make_returns(*year, Wanted(days=None), {"EUR": Fraction("1.1")})
    dollars = sum(
        round(amount * (Fraction("1.1") if currency == "EUR" else 1))
        for each in RECORDS for amount, currency in each.revenue
    )  # fmt: skip
    assert known.in_usd == dollars
    earning = sum(by_id[each.id].total_microusd for each in RECORDS if each.revenue)
    assert known.ratio == pytest.approx(dollars / earning)


def test_a_report_of_another_workspace_has_none_of_it(year: tuple[Database, Caller]) -> None:
    database, caller = year
    with database.write() as session:
        session.info.clear()
        other = Workspace(name="other")
        session.add(other)
    stranger = caller.model_copy(update={"workspace_id": other.id})
    assert analytics.make_report(database.within(other.id), stranger, Wanted(days=None)).posts == 0
    assert analytics.make_returns(database.within(other.id), stranger, Wanted(days=None)).posts == 0


def test_tables_hold_what_the_reports_do(year: tuple[Database, Caller]) -> None:
    posts = analytics.list_posts(*year, Wanted(days=None))
    written = analytics.as_csv(analytics.post_rows(posts))
    assert len(written.splitlines()) == 301
    assert "unknown" in written
    assert dt.datetime.fromisoformat(written.splitlines()[1].split(",")[7]).tzinfo
