"""`pressroom opportunities`: topics worth a post, taken or dismissed, and the rules that take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import ended, print_json, print_rows
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.store.trend_tables import OpportunityRow, OpportunityRule

EXAMPLES = """
**Examples**

- `pressroom opportunities list` shows the open ones, the best first.
- `pressroom opportunities take 4f0c` has the next daily run write about it.
- `pressroom daily --opportunity 4f0c...` writes about it now.
- `pressroom opportunities give-back 4f0c` opens a taken one again, while no run writes about it.
- `pressroom opportunities dismiss 4f0c`
- `pressroom opportunities rule news --score 70 --category technology --most 2` takes two a day by itself.
- `pressroom opportunities rule news --remove`
"""

opportunities = typer.Typer(
    no_args_is_help=True, help="Opportunities: topics worth a post now, with their sources.", epilog=EXAMPLES
)
Id = Annotated[str, typer.Argument(metavar="ID", help="An opportunity's id or its first digits.")]


def register(app: typer.Typer) -> None:
    app.add_typer(opportunities, name="opportunities")


@opportunities.command("list", epilog=EXAMPLES)
def list_opportunities(
    state: Annotated[list[str] | None, typer.Option(help="In this state; default: open. May be repeated.")] = None,
    region: Annotated[str | None, typer.Option(metavar="COUNTRY", help="Of this country.")] = None,
    category: Annotated[str | None, typer.Option(help="In this category.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, the best first.")] = 20,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """List opportunities, the best first."""
    from apps.cli.local import as_operator
    from pressroom.model.trends import OpportunityState
    from pressroom.store.opportunities import opportunities_of
    from pressroom.store.tables import utc_now

    known = [each.value for each in OpportunityState]
    if unknown := set(state or ()) - set(known):
        raise WrongInput(f"There is no state {min(unknown)!r}.", hint=f"States: {', '.join(known)}.")
    states = tuple(OpportunityState(each) for each in state or ("open",))
    database, caller = as_operator(workspace)
    found = opportunities_of(database, caller.workspace_id, states=states, region=region, category=category,
                             now=utc_now(), limit=limit)  # fmt: skip
    if as_json:
        print_json([row.model_dump(mode="json", exclude={"workspace_id"}) for row in found])
    elif found:
        _print_table(found)
    else:
        typer.echo("No opportunities. `pressroom trends collect` finds them; `--example` without a network.")


@opportunities.command(epilog=EXAMPLES)
def show(opportunity: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Show an opportunity: angle, why now, formats, the pages it is written from, its signals."""
    from apps.cli.local import as_operator
    from pressroom.store.opportunities import find_opportunity

    database, caller = as_operator(workspace)
    row = find_opportunity(database, caller.workspace_id, opportunity)
    if as_json:
        print_json(row.model_dump(mode="json", exclude={"workspace_id"}))
        return
    typer.secho(f"{row.state}  {row.title}  ({row.category}, score {row.value:.0f})", bold=True)
    typer.echo(
        f"{row.angle}\n{row.why_now}\nFormats: {', '.join(row.formats)}. Until {row.expires_at:%Y-%m-%d %H:%M} UTC."
    )
    for link in row.links:
        typer.echo(f"- {link['title']}  {link['url']}")
    for signal in row.signals:
        typer.echo(f"  {signal['source']}: {signal['title']}")


@opportunities.command(epilog=EXAMPLES)
def take(opportunity: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Take an opportunity: the next daily run writes about it first, from its sources."""
    from apps.cli.local import as_operator
    from pressroom.store import opportunities as known

    database, caller = as_operator(workspace)
    row = known.find_opportunity(database, caller.workspace_id, opportunity)
    row = known.take(database, caller.workspace_id, row.id, by=caller.name, caller=caller)
    means = f"The next new daily run writes about it; `pressroom daily --opportunity {row.id[:8]}` does now."
    _print_moved(row, means, as_json=as_json)


@opportunities.command(epilog=EXAMPLES)
def give_back(opportunity: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Give a taken opportunity back: it is open again, and no rule takes it any more."""
    from apps.cli.local import as_operator
    from pressroom.store import opportunities as known
    from pressroom.store.tables import utc_now

    database, caller = as_operator(workspace)
    row = known.find_opportunity(database, caller.workspace_id, opportunity)
    row = known.give_back(database, caller.workspace_id, row.id, by=caller.name, caller=caller)
    is_over = row.expires_at <= utc_now()
    _print_moved(row, "Its time went by." if is_over else "A daily run may write about it again.", as_json=as_json)


@opportunities.command(epilog=EXAMPLES)
def dismiss(opportunity: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Dismiss an opportunity: its topic gives no further one for 30 days."""
    from apps.cli.local import as_operator
    from pressroom.store import opportunities as known

    database, caller = as_operator(workspace)
    row = known.find_opportunity(database, caller.workspace_id, opportunity)
    row = known.dismiss(database, caller.workspace_id, row.id, by=caller.name, caller=caller)
    _print_moved(row, "Its topic gives no further one for 30 days.", as_json=as_json)


@opportunities.command(epilog=EXAMPLES)
def rule(
    name: Annotated[str | None, typer.Argument(help="The rule's name; without one, the rules are listed.")] = None,
    score: Annotated[float, typer.Option(min=0, max=100, help="The lowest score that it takes.")] = 70,
    category: Annotated[list[str] | None, typer.Option(help="Only this category. May be given several times.")] = None,
    most: Annotated[int, typer.Option(min=1, max=100, help="How many it takes in a day.")] = 1,
    off: Annotated[bool, typer.Option("--off", help="Keep the rule, and have it take nothing.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the rule.")] = False,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Make or change a rule that takes opportunities by itself; list the rules without a name."""
    from apps.cli.local import as_operator
    from pressroom.store import opportunities as known
    from pressroom.store.trend_tables import OpportunityRule

    database, caller = as_operator(workspace)
    if name is not None and remove:
        known.remove_rule(database, caller.workspace_id, name, caller)
    elif name is not None:
        wanted = OpportunityRule(
            workspace_id=caller.workspace_id, name=name, least_score=score, categories=category or [], most_a_day=most,
            active=not off, created_by=caller.name,
        )  # fmt: skip
        known.save_rule(database, wanted, caller)
    _print_rules(known.rules_of(database, caller.workspace_id), as_json=as_json)


def _print_moved(row: OpportunityRow, means: str, *, as_json: bool) -> None:
    if as_json:
        print_json(row.model_dump(mode="json", exclude={"workspace_id"}))
    else:
        typer.echo(f"{row.id[:8]} is {row.state}: {row.title}. {means}")


def _print_rules(rules: list[OpportunityRule], *, as_json: bool) -> None:
    if as_json:
        print_json([row.model_dump(mode="json", exclude={"workspace_id"}) for row in rules])
        return
    for row in rules:
        fields = ", ".join(row.categories) or "any category"
        state = "" if row.active else " (off)"
        typer.echo(f"{row.name}{state}: from {row.least_score:g} points on, {fields}, at most {row.most_a_day} a day")
    if not rules:
        typer.echo("No rules. `pressroom opportunities rule news --score 70 --most 2` makes one.")


def _print_table(found: list[OpportunityRow]) -> None:
    columns = ("opportunity", "score", "state", "until (UTC)", "category", "pages", "title")
    print_rows(columns, ((row.id[:8], f"{row.value:.0f}", f"{row.state}, example" if row.is_example else row.state,
                          f"{row.expires_at:%Y-%m-%d %H:%M}", row.category, str(len(row.links)), ended(row.title))
                         for row in found))  # fmt: skip
