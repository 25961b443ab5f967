"""Analytics: reports at equal age, posts with their figures, best times, the return on cost, and comparisons."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from apps.api.paging import answer
from apps.api.wanted_content import AN_ID, ANOTHER
from apps.desk.dependencies import CallerDep, DbDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.reports.analytics.lessons import Lesson
from pressroom.reports.analytics.posts import DIMENSIONS
from pressroom.reports.analytics.reporting import BestTimes, Report
from pressroom.reports.analytics.returns import Returns
from pressroom.review import analytics, comparisons, revenue
from pressroom.review.analytics import Curve, PostResults, Wanted
from pressroom.review.comparisons import Beginning, ComparisonView
from pressroom.review.revenue import Entry, Imported

router = APIRouter(prefix="/analytics", tags=["analytics"], dependencies=[requires(Action.READ)])

Name = Annotated[str, Path(max_length=63, description="The comparison's name.", examples=["hooks"])]
MOST_TABLE = 2_000_000
"""Characters of an imported table."""
TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


class TimesQuery(BaseModel):
    """The posts and the figure that are wanted."""

    model_config = ConfigDict(frozen=True)

    measure: str = Field(default="views", max_length=40, description="`views`, `likes`, `engagement_by_views`, ...")
    age: int = Field(default=168, description="Hours after publication: 1, 6, 24, 72, 168, 672 or 2160.")
    days: int = Field(default=90, ge=0, le=3660, description="How many days back posts go; 0: all.")
    platform: str = Field(default="", max_length=32, description="Of this platform alone.")

    @property
    def query(self) -> Wanted:
        return Wanted(measure=self.measure, age=self.age, days=self.days or None, platform=self.platform)


class AnalyticsQuery(TimesQuery):
    """The same, as JSON or as a table."""

    form: Literal["json", "csv"] = Field(default="json", alias="as", description="`csv` is a table.")


class ReportQuery(AnalyticsQuery):
    """A report, by each of `by`."""

    by: tuple[str, ...] = Field(default=(), max_length=20, description=f"Any of {', '.join(DIMENSIONS)}; default: all.")


class ReturnsQuery(AnalyticsQuery):
    """Returns, with rates of currencies."""

    rate: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        default=(), max_length=50, description="`EUR=1.08`: dollars for one of a currency. None is assumed."
    )


class TimesView(BaseModel):
    """The best times of each channel."""

    items: tuple[BestTimes, ...]


class LessonsView(BaseModel):
    """The groups that did better than usual; used: whether ideas and hashtags are offered it."""

    items: tuple[Lesson, ...]
    used: bool


class ComparisonsView(BaseModel):
    """Every comparison, the newest first."""

    items: list[ComparisonView]


class Table(BaseModel):
    """A table as CSV, with a header line."""

    csv: str = Field(
        max_length=MOST_TABLE, examples=["publication,amount,currency,date\n4f0c1234,12.50,EUR,2026-11-30"]
    )


class NewComparison(Beginning):
    """A comparison that is to begin, under a name."""

    name: str = Field(max_length=63, examples=["hooks"])


class NewPair(BaseModel):
    """A publication of each variant."""

    a: str = Field(max_length=64, examples=[AN_ID])
    b: str = Field(max_length=64, examples=[ANOTHER])


class Kept(BaseModel):
    """Revenue that was kept."""

    publication_id: str
    amount_micros: int
    currency: str


@router.get("/report", response_model=Report, responses={**responses(304), **TABLE})
def get_report(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[ReportQuery, Query()]
) -> Response:
    """Compare posts at equal age, by each of the dimensions. `docs/results.md` has the formulas."""
    asked = wanted.query.model_copy(update={"dimensions": wanted.by or tuple(DIMENSIONS)})
    found = analytics.make_report(database, caller, asked)
    return _csv(analytics.as_csv(analytics.report_rows(found))) if wanted.form == "csv" else answer(request, found)


@router.get("/posts", response_model=PostResults, responses={**responses(304), **TABLE})
def list_post_results(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[AnalyticsQuery, Query()]
) -> Response:
    """Posts with their figures and rates at one age; `why` says what a missing one is."""
    found = analytics.list_posts(database, caller, wanted.query)
    return _csv(analytics.as_csv(analytics.post_rows(found))) if wanted.form == "csv" else answer(request, found)


@router.get("/publications/{publication_id}", response_model=Curve, responses=responses(304, 404))
def get_publication_results(
    request: Request, database: DbDep, publication_id: Annotated[str, Path(max_length=64, examples=[AN_ID])]
) -> Response:
    """Return one publication's figures at each age, gaps with their reasons."""
    return answer(request, analytics.get_curve(database, publication_id))


@router.get("/times", response_model=TimesView, responses=responses(304))
def list_best_times(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[TimesQuery, Query()]
) -> Response:
    """Name each channel's best hours: from its own results above 30 posts, else the platform's rule of thumb."""
    return answer(request, TimesView(items=analytics.list_times(database, caller, wanted.query)))


@router.get("/lessons", response_model=LessonsView, responses=responses(304))
def list_lessons(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """Name what did better than usual in a year, at 7 days: topics, openings, formats and hours, each with its n."""
    items, used = analytics.list_lessons(database, caller)
    return answer(request, LessonsView(items=items, used=used))


@router.get("/returns", response_model=Returns, responses={**responses(304), **TABLE})
def get_returns(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[ReturnsQuery, Query()]
) -> Response:
    """Return what posts cost and brought, in whole millionths. Unknown revenue is no revenue of 0."""
    found = analytics.make_returns(database, caller, wanted.query, analytics.rates_of(wanted.rate))
    return _csv(analytics.as_csv(analytics.return_rows(found))) if wanted.form == "csv" else answer(request, found)


@router.post("/revenue", status_code=201, dependencies=[requires(Action.PUBLISH)], responses=responses(404))
def add_revenue(database: DbDep, caller: CallerDep, wanted: Entry) -> Kept:
    """Enter what a publication brought, by its id or by the `utm_content` of its links."""
    row = revenue.enter(database, caller, wanted)
    return Kept(publication_id=row.publication_id, amount_micros=row.amount_micros, currency=row.currency)


@router.post("/revenue/import", dependencies=[requires(Action.PUBLISH)])
def import_revenue(database: DbDep, caller: CallerDep, wanted: Table) -> Imported:
    """Read revenue from a table: every line of it, or none; an error names each line that can't be used."""
    return revenue.import_csv(database, caller, wanted.csv)


@router.get("/comparisons", response_model=ComparisonsView, responses=responses(304))
def list_comparisons(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """List comparisons with their verdicts so far."""
    return answer(request, ComparisonsView(items=comparisons.list_comparisons(database, caller)))


@router.post("/comparisons", status_code=201, response_model=ComparisonView, dependencies=[requires(Action.PUBLISH)])
def begin_comparison(database: DbDep, caller: CallerDep, wanted: NewComparison) -> Response:
    """Fix a comparison: its figure, age and number of pairs can't be changed afterwards."""
    row = comparisons.begin(database, caller, wanted.name, wanted)
    return _comparison(comparisons.get_comparison(database, caller, row.name), 201)


@router.get("/comparisons/{name}", response_model=ComparisonView, responses=responses(304, 404))
def get_comparison(request: Request, database: DbDep, caller: CallerDep, name: Name) -> Response:
    """Return a comparison: A, B or cannot tell. It may be looked at as often as one likes."""
    return answer(request, comparisons.get_comparison(database, caller, name))


@router.post("/comparisons/{name}/pairs", status_code=201, response_model=ComparisonView,
             dependencies=[requires(Action.PUBLISH)], responses=responses(404))  # fmt: skip
def add_comparison_pair(database: DbDep, caller: CallerDep, name: Name, wanted: NewPair) -> Response:
    """Add a post of each variant: one channel, the same weekday and hour, both not public yet."""
    comparisons.add_pair(database, caller, name, wanted.a, wanted.b)
    return _comparison(comparisons.get_comparison(database, caller, name), 201)


def _comparison(found: ComparisonView, status: int) -> Response:
    return JSONResponse(found.model_dump(mode="json"), status)


def _csv(table: str) -> Response:
    return Response(table, media_type="text/csv; charset=utf-8")
