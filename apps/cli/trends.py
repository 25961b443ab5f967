"""`pressroom trends`: what is talked about, collected, listed, scored again."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import counted, ended, print_json, print_rows
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.model.opportunities import CollectionReport, Replayed, TrendsReport
    from pressroom.store.trends import TopicNow
    from pressroom.writing.opportunities.replaying import Compared

EXAMPLES = """
**Examples**

- `pressroom trends collect` asks every source that can be reached.
- `pressroom trends collect --example` collects a recorded day, without a network; then `pressroom daily` writes of it.
- `pressroom trends collect --region DE --source hacker_news --source feeds`
- `pressroom trends collect --replay` computes the stored collections again: the same answers give the same bytes.
- `pressroom trends list --region DE --category technology`
- `pressroom trends show 3f9a` shows a topic's scores over time and its signals.
- `pressroom trends settings mill.toml --workspace mill` takes regions, sources, feeds and share from a file, such as
  `regions = ["DE"]` and `feeds = ["https://example.com/feed.xml"]`.
- `pressroom trends score` shows what the present scores are made of.
- `pressroom trends score --replay --weights 0.4,0.2,0.2,0.2` compares two weightings on past days.
"""

REPLAYED_DAYS = 14
PARTS = ("volume", "velocity", "freshness", "breadth", "fit", "covered")
NO_TRENDS = "No trends. `pressroom trends collect` collects them; `--example` without a network."
NOTHING_STORED = "No collection of the last 14 days is stored here. `pressroom trends collect` makes one."
SHADES = "▁▂▃▄▅▆▇█"

trends = typer.Typer(no_args_is_help=True, help="Trends: what is talked about now, from every source.", epilog=EXAMPLES)
Region = Annotated[str | None, typer.Option(metavar="COUNTRY", help="A country, such as DE; default: all there are.")]
Days = Annotated[int, typer.Option(min=1, max=90, help="How many days back.")]


def register(app: typer.Typer) -> None:
    app.add_typer(trends, name="trends")


@trends.command(epilog=EXAMPLES)
def collect(
    region: Annotated[
        list[str] | None, typer.Option(metavar="COUNTRY", help="A country, such as DE. May be given several times.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Only this source. May be given several times; default: all that are on.")
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Collect a recorded day, without a network.")] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Ask no source: compute the stored collections again.")
    ] = False,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Collect trends now, merge and score them, and open opportunities; or compute past collections again."""
    if replay:
        if source or example:
            raise WrongInput("A replay asks no source.", hint="Leave out --source and --example.")
        _print_replayed(_replay(workspace, region), as_json=as_json)
        return
    from apps.cli.running import run_flow
    from pressroom.model import TrendsRequest

    countries = tuple(_country(name) for name in region) if region else None
    _check_sources(source or ())
    request = TrendsRequest(
        regions=countries, sources=tuple(source) if source else None, example=example, workspace=workspace
    )
    report: TrendsReport = run_flow(request, quiet=as_json)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        for each in report.collections:
            _print_collection(each)


@trends.command("list", epilog=EXAMPLES)
def list_topics(
    region: Region = None,
    category: Annotated[str | None, typer.Option(help="In this category.")] = None,
    days: Days = 2,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, the highest trend first.")] = 20,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """List topics with their scores, the highest trend first."""
    from apps.cli.local import as_operator
    from pressroom.store.tables import utc_now
    from pressroom.store.trends import topics_of

    database, caller = as_operator(workspace)
    found = topics_of(database, caller.workspace_id, region=region, category=category,
                      since=utc_now() - timedelta(days=days), limit=limit)  # fmt: skip
    if as_json:
        print_json([_topic(each) for each in found])
    elif found:
        _print_topics(found)
    else:
        typer.echo(NO_TRENDS)


@trends.command(epilog=EXAMPLES)
def show(
    topic: Annotated[str, typer.Argument(help="A topic's id or its first digits.")],
    days: Days = 14,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Show a topic: the parts of its score, its scores over time, what each source says."""
    from apps.cli.local import as_operator
    from pressroom.store.tables import utc_now
    from pressroom.store.trends import signals_of, topic_of

    database, caller = as_operator(workspace)
    found = topic_of(database, caller.workspace_id, topic.strip(), utc_now() - timedelta(days=days))
    if found is None:
        raise WrongInput(f"No single topic begins with {topic!r}.", hint="`pressroom trends list` lists them.")
    signals = signals_of(database, found.row.id)
    if as_json:
        print_json({**_topic(found), "signals": [one.model_dump(mode="json") for one in signals]})
        return
    typer.secho(f"{found.row.label}  ({found.row.category}, {found.row.region or 'world'})", bold=True)
    typer.echo("  ".join(f"{name} {getattr(found.score, name):.2f}" for name in PARTS))
    typer.echo(f"trend {found.score.trend:.1f}, opportunity {found.score.opportunity:.1f}  {_line(found)}")
    for one in signals:
        figure = f"{one.volume:,.0f} {one.metric}" if one.volume is not None else ""
        typer.echo(f"- {one.source} {one.region} {figure}  {one.title}  {one.url}".replace("  ", " "))


@trends.command(epilog=EXAMPLES)
def score(
    replay: Annotated[bool, typer.Option("--replay", help="Compute the stored collections again.")] = False,
    weights: Annotated[
        str | None,
        typer.Option(metavar="V,N,F,B", help="Other weights of volume, velocity, freshness and breadth, to compare."),
    ] = None,
    region: Region = None,
    days: Days = REPLAYED_DAYS,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Show the parts of the present scores; with --replay score past collections again, also by other weights."""
    if not replay and weights is not None:
        raise WrongInput(
            "Other weights are compared on stored collections.", hint="Give --replay as well; nothing is changed by it."
        )
    if not replay:
        _show_scores(workspace, region, days, as_json=as_json)
        return
    if weights is None:
        _print_replayed(_replay(workspace, [region] if region else None), as_json=as_json)
        return
    from apps.cli.local import as_operator, store
    from pressroom.store.tables import utc_now
    from pressroom.writing.opportunities.inputs import weights_of
    from pressroom.writing.opportunities.replaying import compare

    chosen = weights_of(weights)
    database, caller = as_operator(workspace)
    since = utc_now() - timedelta(days=days)
    found = compare(database, store(), caller.workspace_id, region, since, chosen)
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        _print_compared(found, weights)


def _show_scores(workspace: str | None, region: str | None, days: int, *, as_json: bool) -> None:
    from apps.cli.local import as_operator
    from pressroom.store.tables import utc_now
    from pressroom.store.trends import topics_of

    database, caller = as_operator(workspace)
    since = utc_now() - timedelta(days=days)
    found = topics_of(database, caller.workspace_id, region=region, since=since, limit=20)
    if as_json:
        print_json([_topic(each) for each in found])
        return
    rows = ((f"{each.score.trend:.0f}", *(f"{getattr(each.score, name):.2f}" for name in PARTS),
             f"{each.score.opportunity:.0f}", ended(each.row.label)) for each in found)  # fmt: skip
    print_rows(("trend", *PARTS, "opportunity", "label"), rows, empty=NO_TRENDS)


@trends.command("settings", epilog=EXAMPLES)
def settings_(
    file: Annotated[Path | None, typer.Argument(help="TOML file: regions, sources, feeds, share. None: show.")] = None,
    workspace: InWorkspace = None,
) -> None:
    """Show a workspace's own regions, sources, feeds and share as JSON, or take them from a TOML file."""
    from apps.cli.local import database, home
    from apps.cli.running import typed
    from pressroom.settings import settings
    from pressroom.sources.trends import check_wishes
    from pressroom.store import workspaces

    if file is None:
        print_json(home(workspace).trends or {})
        return
    with typed():
        wishes = workspaces.read_trends(file)
        check_wishes(wishes)
    row = workspaces.set_trends(database(), workspace or settings().workspace, wishes)
    typer.echo(f"Trends of {row.name} are collected as {file} says, from the next collection on.")


def _replay(workspace: str | None, regions: list[str] | None) -> list[Replayed]:
    from apps.cli.local import as_operator, store
    from pressroom.store.tables import utc_now
    from pressroom.writing.opportunities.replaying import replay

    database, caller = as_operator(workspace)
    since = utc_now() - timedelta(days=REPLAYED_DAYS)
    wanted = [_country(name) for name in regions] if regions else [None]
    return [each for region in wanted for each in replay(database, store(), caller.workspace_id, region, since)]


def _country(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", name.strip()):
        raise WrongInput(f"{name!r} is no country.", hint="Give a code of ISO 3166, such as DE or JP.")
    return name.strip().upper()


def _check_sources(names: tuple[str, ...] | list[str]) -> None:
    """Raises WrongInput, before a server is started, where there is no such source."""
    from pressroom.sources.trends import SOURCES

    for name in names:
        SOURCES.get(name)


def _print_collection(found: CollectionReport) -> None:
    colour = {"completed": "green", "partial": "yellow"}.get(found.status, "red")
    typer.secho(f"{found.status}  {found.region or 'world'}  {found.slot:%Y-%m-%d %H:%M} UTC", fg=colour, bold=True)
    if found.error:
        typer.echo(found.error)
        return
    for one in found.sources:
        named = f"{one.source} {one.region}".strip()
        cost = f", ${one.cost_usd:.2f}" if one.cost_usd else ""
        said = f" {counted(one.signals, 'signal')}{cost}" if one.outcome != "failed" else ""
        typer.echo(f"  {named:<20} {one.outcome:<10}{said}".rstrip() + (f": {one.reason}" if one.reason else ""))
    opened = counted(found.opened, "new opportunity", "new opportunities")
    typer.echo(f"{counted(found.signals, 'signal')}, {counted(found.topics, 'topic')}; {opened}, "
               f"{found.taken} taken by rules, {found.expired} expired.")  # fmt: skip
    if found.foreign:
        topics = counted(found.foreign, "topic is", "topics are")
        typer.echo(f"{topics} in another language than the workspace writes: no opportunities.")
    if not found.signals:
        typer.echo("No source gave anything. Without a network, `pressroom trends collect --example` shows the way.")
    elif found.opened:
        typer.echo("`pressroom opportunities list` shows them; `pressroom daily` writes about the best.")


def _print_replayed(found: list[Replayed], *, as_json: bool) -> None:
    if as_json:
        print_json([{**each.model_dump(mode="json"), "is_same": each.is_same} for each in found])
        return
    for each in found:
        said = "the same bytes" if each.is_same else "OTHER than what was stored"
        typer.echo(f"{each.slot:%Y-%m-%d %H:%M}  {each.region or 'world':<6} "
                   f"{counted(each.topics, 'topic')}, "
                   f"{counted(each.opportunities, 'opportunity', 'opportunities')}: {said}")  # fmt: skip
    typer.echo(f"{counted(len(found), 'collection')} computed again." if found else NOTHING_STORED)


def _print_compared(found: list[Compared], weights: str) -> None:
    for each in found:
        grown = f"; larger 12 h later: {each.grown[0]} before, {each.grown[1]} by {weights}" if each.grown else ""
        typer.echo(
            f"{each.slot:%Y-%m-%d %H:%M}  {each.region or 'world':<6} {each.same} of the first ten are the same{grown}"
        )
        for sign, labels in (("+", each.entered), ("-", each.left)):
            for label in labels:
                typer.echo(f"  {sign} {label}")
    typer.echo(f"{counted(len(found), 'collection')} compared." if found else NOTHING_STORED)


def _print_topics(found: list[TopicNow]) -> None:
    columns = ("topic", "trend", "opportunity", "over time", "category", "region", "label")
    print_rows(columns, ((each.row.topic_id[:8], f"{each.score.trend:.0f}", f"{each.score.opportunity:.0f}",
                          _line(each), each.row.category, each.row.region or "world", ended(each.row.label))
                         for each in found))  # fmt: skip


def _line(found: TopicNow) -> str:
    """Its trend over time, a sign a collection."""
    values = [value for _, value in found.line[-28:]]
    return "".join(SHADES[min(len(SHADES) - 1, int(value / 100 * len(SHADES)))] for value in values)


def _topic(found: TopicNow) -> dict[str, Any]:
    row = found.row.model_dump(mode="json", exclude={"memory", "workspace_id", "created_at"})
    score = found.score.model_dump(mode="json", exclude={"workspace_id", "created_at", "id", "topic_id"})
    line = [{"at": at.isoformat(), "trend": value} for at, value in found.line]
    return {**row, "score": score, "line": line}
