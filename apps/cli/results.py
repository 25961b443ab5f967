"""`pressroom results`: what came of published posts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import print_json, print_rows

if TYPE_CHECKING:
    from pressroom.model.snapshots import FiguresReport, Snapshot
    from pressroom.reports.analytics.reporting import Cell, Report
    from pressroom.review.analytics import Wanted
    from pressroom.review.comparisons import ComparisonView

EXAMPLES = """
**Examples**

- `pressroom results collect` reads the figures that are due; the deployment does it every hour.
- `pressroom results show 4f0c` shows a publication's figures at each age.
- `pressroom results report --measure views --age 7d --by format` compares posts at 7 days.
- `pressroom results report --csv > report.csv`
- `pressroom results times --measure likes` names the hours that did best, above 30 posts of a channel.
- `pressroom results revenue 4f0c 12.50 EUR` enters what a post brought; `import-revenue sales.csv` reads a table
  with the columns publication (or utm_content, utm_source), amount, currency, date, reference.
- `pressroom results returns --rate EUR=1.08`
- `pressroom results compare start hooks --measure views --age 7d --pairs 8` fixes a comparison;
  `compare add hooks 4f0c 91ab` adds a pair before its posts go out; `compare show hooks` says A, B or cannot tell.
"""

results = typer.Typer(no_args_is_help=True, help="Results: figures of published posts, and what came of them.",
                      epilog=EXAMPLES)  # fmt: skip
compare = typer.Typer(no_args_is_help=True, help="Two variants of posts in matched slots.", epilog=EXAMPLES)
results.add_typer(compare, name="compare")
Id = Annotated[str, typer.Argument(metavar="ID", help="A publication's id or its first digits.")]

Measure = Annotated[str, typer.Option(help="The figure: views, likes, clicks, engagement_by_impressions, ...")]
Age = Annotated[str, typer.Option(help="Age at which posts are compared: 1h, 6h, 24h, 3d, 7d, 28d or 90d.")]
Days = Annotated[int, typer.Option(min=0, max=3660, help="How many days back posts go; 0: all.")]
Platform = Annotated[str, typer.Option(help="Of this platform alone.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]

AGE_TITLES = {1: "1 h", 6: "6 h", 24: "24 h", 72: "3 d", 168: "7 d", 672: "28 d", 2160: "90 d"}
WORDS = {"gap": "gap", "not_offered": "not offered", "ended": "ended", "unknown": ""}


def register(app: typer.Typer) -> None:
    app.add_typer(results, name="results")


@results.command(epilog=EXAMPLES)
def collect(workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Read the figures that are due now. What is there stays as it is."""
    from apps.cli.running import run_flow
    from pressroom.model.snapshots import ResultsRequest

    report: FiguresReport = run_flow(ResultsRequest(workspace=workspace), quiet=as_json)
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    for one in report.channels:
        cost = f", ${one.cost_microusd / 1_000_000:.3f}" if one.cost_microusd else ""
        typer.echo(f"{one.channel} ({one.platform}): {one.values} figures of {one.publications} posts{cost}")
        if one.code:
            typer.echo(f"  {one.reason} {one.waiting} posts are tried again.", err=True)
    if not report.channels:
        typer.echo("Nothing is due: each post is asked about at 1, 6 and 24 hours, 3, 7, 28 and 90 days.")


@results.command(epilog=EXAMPLES)
def show(publication: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Show the figures of one publication at each age, gaps with their reasons."""
    from apps.cli.local import as_operator
    from pressroom.review.publications import find_publication
    from pressroom.store.results import snapshots_of

    database, _ = as_operator(workspace)
    row = find_publication(database, publication)
    found = snapshots_of(database, [row.id])[row.id]
    if as_json:
        print_json([_plain(one) for one in found])
    elif found:
        _print_curve(found)
    else:
        typer.echo("No figures yet: the first are read an hour after publication.")


def _print_curve(found: list[Snapshot]) -> None:
    from pressroom.model.snapshots import METRICS, falls

    ages, by_place = sorted({one.age for one in found}), {(one.metric, one.age): one for one in found}
    fallen = falls(found)
    lines = ((METRICS[metric], [by_place.get((metric, age)) for age in ages]) for metric in METRICS)
    rows = ((title, *(_cell(one, fallen) for one in cells)) for title, cells in lines if any(cells))
    print_rows(("figure", *(AGE_TITLES[age] for age in ages)), rows)
    for reason in sorted({one.reason for one in found if one.reason}):
        typer.echo(f"{reason}", err=True)


def _cell(one: Snapshot | None, fallen: set[tuple[str, int]]) -> str:
    if one is None:
        return ""
    if one.value is None:
        return WORDS[one.have]
    return f"{one.value:,}{' (fell)' if (one.metric, one.age) in fallen else ''}{' (late)' if one.is_late else ''}"


def _plain(one: Snapshot) -> dict[str, Any]:
    return {**one._asdict(), "have": one.have.value, "observed_at": one.observed_at.isoformat(), "late": one.is_late}


@results.command(epilog=EXAMPLES)
def report(
    measure: Measure = "views",
    age: Age = "7d",
    by: Annotated[
        list[str] | None,
        typer.Option(help="platform, format, topic, weekday_hour, prompt, model, voice, variant, hook or channel."),
    ] = None,
    days: Days = 90,
    platform: Platform = "",
    workspace: InWorkspace = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Compare posts at equal age. Small groups are drawn towards their platform's mean; below 5 posts none is named."""
    from apps.cli.local import as_operator
    from pressroom.review import analytics

    found = analytics.make_report(*as_operator(workspace), _query(measure, age, days, platform, by))
    if as_csv:
        sys.stdout.write(analytics.as_csv(analytics.report_rows(found)))
    elif as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _print_report(found)


def _query(measure: str, age: str, days: int, platform: str, by: list[str] | None = None) -> Wanted:
    from pressroom.review.analytics import Wanted

    more = {"dimensions": tuple(by)} if by else {}
    return Wanted(measure=measure, age=hours_of(age), days=days or None, platform=platform, **more)


def hours_of(age: str) -> int:
    """Hours of `24h` or `7d`. Raises `WrongInput`."""
    from pressroom.errors import WrongInput

    number, unit = age[:-1], age[-1:]
    if unit not in {"h", "d"} or not number.isdecimal():
        raise WrongInput(f"{age!r} is no age.", hint="Write it as 24h or 7d.")
    return int(number) * (24 if unit == "d" else 1)


def _print_report(found: Report) -> None:
    as_of = f", as of {found.as_of:%Y-%m-%d %H:%M} UTC" if found.as_of else ""
    age = AGE_TITLES[found.age]
    typer.secho(f"{found.title} at {age}: {found.n} of {found.posts} posts{as_of}", bold=True)
    missing = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(found.missing.items()))
    if missing:
        typer.echo(f"Without a value: {missing}. Read too late: {found.late}.")
    for dimension in dict.fromkeys(cell.dimension for cell in found.cells):
        columns = (dimension.replace("_", " "), "platform", "posts", "usual", "80 % interval", "platform's mean")
        print_rows(columns, (_row(cell) for cell in found.cells if cell.dimension == dimension))


def _row(cell: Cell) -> tuple[str, ...]:
    if not cell.enough or cell.mean is None:
        return cell.value, cell.platform, str(cell.n), "too few", "", ""
    span = f"{_figure(cell.low)} to {_figure(cell.high)}" if cell.low is not None else ""
    return cell.value, cell.platform, str(cell.n), _figure(cell.mean), span, _figure(cell.parent)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2%}" if value < 1 and value != int(value) else f"{value:,.0f}"


@results.command(epilog=EXAMPLES)
def times(
    measure: Measure = "likes",
    age: Age = "7d",
    days: Days = 0,
    platform: Platform = "",
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Name each channel's best hours: from its own results above 30 posts, else the platform's rule of thumb."""
    from apps.cli.local import as_operator
    from pressroom.review import analytics

    found = analytics.list_times(*as_operator(workspace), _query(measure, age, days, platform))
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        typer.secho(f"{one.channel} ({one.platform})", bold=True)
        for each in one.times:
            typer.echo(f"  {each.when}" + (f"  {_figure(each.mean)} ({each.n} posts)" if one.own else ""))
        typer.echo(f"  {one.source}")


@results.command(epilog=EXAMPLES)
def lessons(workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Name what did better than usual; `use_results = true` in a workspace's preferences offers it to ideas."""
    from apps.cli.local import as_operator
    from pressroom.review import analytics

    found, is_used = analytics.list_lessons(*as_operator(workspace))
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        typer.echo(
            f"{one.dimension.replace('_', ' ')} {one.value} on {one.platform}: {one.times:.2f} x usual, {one.n} posts"
        )
    if not found:
        typer.echo("Nothing did clearly better than usual yet.")
    typer.echo(f"Ideas and hashtags are {'' if is_used else 'not '}offered it.", err=True)


@results.command(epilog=EXAMPLES)
def returns(
    age: Age = "7d",
    days: Days = 90,
    platform: Platform = "",
    rate: Annotated[
        list[str] | None, typer.Option(metavar="EUR=1.08", help="Dollars for one of a currency; none is assumed.")
    ] = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show what posts cost and brought: by post, by 1,000 views, by click. Unknown revenue stays unknown."""
    from apps.cli.local import as_operator
    from pressroom.review import analytics

    found = analytics.make_returns(
        *as_operator(workspace), _query("views", age, days, platform), analytics.rates_of(rate or ())
    )
    if as_csv:
        sys.stdout.write(analytics.as_csv(analytics.return_rows(found)))
        return
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    typer.secho(f"{found.posts} posts cost {_dollars(found.cost_microusd)}", bold=True)
    typer.echo(f"a post:        {_dollars(found.per_post_microusd)}")
    typer.echo(f"1,000 views:   {_dollars(found.per_thousand_views_microusd)}")
    typer.echo(f"a click:       {_dollars(found.per_click_microusd)}")
    typer.echo(f"runs of which nothing went out: {_dollars(found.unpublished_microusd)}")
    paid = "; ".join(f"{one.micros / 1_000_000:,.2f} {one.currency}" for one in found.revenue) or "unknown"
    typer.echo(f"revenue:       {paid} of {found.with_revenue} posts")
    why = "unknown: a currency other than USD needs --rate" if found.revenue else "unknown: no revenue is entered"
    ratio = f"{found.ratio:.2f}" if found.ratio is not None else why
    typer.echo(f"revenue/cost:  {ratio}")


def _dollars(micros: int | None) -> str:
    return "unknown" if micros is None else f"${micros / 1_000_000:,.4f}"


@results.command(epilog=EXAMPLES)
def revenue(
    publication: Id,
    amount: Annotated[str, typer.Argument(help="Such as 12.50.")],
    currency: Annotated[str, typer.Argument(help="Such as EUR.")],
    on: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Its day; default: today.")] = "",
    note: Annotated[str, typer.Option(help="For people.")] = "",
    workspace: InWorkspace = None,
) -> None:
    """Enter what a publication brought."""
    from apps.cli.local import as_operator
    from pressroom.review import revenue as kept
    from pressroom.review.publications import find_publication
    from pressroom.store.tables import utc_now

    database, caller = as_operator(workspace)
    row = find_publication(database, publication)
    day = on or utc_now().date().isoformat()
    entry = kept.Entry(publication=row.id, amount=amount, currency=currency, date=day, note=note)
    kept.enter(database, caller, entry)
    typer.echo(f"{row.id[:8]} brought {amount} {currency.upper()} on {day}.")


@results.command("import-revenue", epilog=EXAMPLES)
def import_revenue(
    file: Annotated[Path, typer.Argument(help="CSV: publication or utm_content, amount, currency, date, reference.")],
    workspace: InWorkspace = None,
) -> None:
    """Read revenue from a table: every line of it, or none. Lines that are there already count once."""
    from apps.cli.local import as_operator
    from pressroom.review import revenue as kept
    from pressroom.userfiles import text_of

    found = kept.import_csv(*as_operator(workspace), text_of(file))
    typer.echo(f"{found.lines} lines: {found.new} new, {found.repeated} were there already.")


@compare.command(epilog=EXAMPLES)
def start(
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    measure: Measure = "views",
    age: Age = "7d",
    pairs: Annotated[int, typer.Option(min=3, max=16, help="How many pairs there will be.")] = 8,
    a: Annotated[str, typer.Option(help="What variant A is.")] = "A",
    b: Annotated[str, typer.Option(help="What variant B is.")] = "B",
    workspace: InWorkspace = None,
) -> None:
    """Fix a comparison: its figure, age and number of pairs can't be changed afterwards."""
    from apps.cli.local import as_operator
    from pressroom.review import comparisons

    wanted = comparisons.Beginning(measure=measure, age=hours_of(age), pairs=pairs, a_title=a, b_title=b)
    comparisons.begin(*as_operator(workspace), name, wanted)
    typer.echo(
        f"{name} compares {measure} at {age} over {pairs} pairs. Add them: pressroom results compare add {name} A B"
    )


@compare.command(epilog=EXAMPLES)
def add(
    name: Annotated[str, typer.Argument()],
    a: Annotated[str, typer.Argument(metavar="A", help="Publication of variant A: id or first digits.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Publication of variant B.")],
    workspace: InWorkspace = None,
) -> None:
    """Add a pair: one channel, the same weekday and hour, both not public yet."""
    from apps.cli.local import as_operator
    from pressroom.review import comparisons
    from pressroom.review.publications import find_publication

    database, caller = as_operator(workspace)
    ids = [find_publication(database, each).id for each in (a, b)]
    pair = comparisons.add_pair(database, caller, name, *ids)
    typer.echo(f"{name} has {pair.position + 1} pairs.")


@compare.command("show", epilog=EXAMPLES)
def show_comparison(
    name: Annotated[str, typer.Argument()], workspace: InWorkspace = None, as_json: AsJson = False
) -> None:
    """Show a comparison: A, B or cannot tell. Looking early costs nothing."""
    from apps.cli.local import as_operator
    from pressroom.review import comparisons

    found = comparisons.get_comparison(*as_operator(workspace), name)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    _print_comparison(found)


@compare.command("list", epilog=EXAMPLES)
def list_(workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """List comparisons with their verdicts so far."""
    from apps.cli.local import as_operator
    from pressroom.review import comparisons

    found = comparisons.list_comparisons(*as_operator(workspace))
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    for one in [] if as_json else found:
        typer.echo(f"{one.name}  {one.title} at {AGE_TITLES[one.age]}  {one.verdict.words}")
    if not found:
        typer.echo("No comparisons. `pressroom results compare start NAME` fixes one.", err=True)


def _print_comparison(found: ComparisonView) -> None:
    typer.secho(f"{found.name}: {found.title} at {AGE_TITLES[found.age]}", bold=True)
    typer.echo(found.verdict.words)
    typer.echo(f"A: {found.a_title}. B: {found.b_title}. A comparison of posts, not a test on users.")
    print_rows(("pair", "A", "B", "A's", "B's", ""), (
        (str(one.position), one.a[:8], one.b[:8], _figure(one.a_value), _figure(one.b_value), one.why.replace("_", " "))
        for one in found.items))  # fmt: skip
