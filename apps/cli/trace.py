"""`pressroom trace`: where a draft comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import print_json

if TYPE_CHECKING:
    from rich.console import Console


def register(app: typer.Typer) -> None:
    app.command(epilog="`pressroom show latest` lists the content ids.")(trace)


def trace(
    content: Annotated[str, typer.Argument(help="A draft's id or its first digits.")],
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Trace a draft: run, idea, prompt, every call with its cost, checks, revisions."""
    from apps.cli.local import database, home
    from pressroom.reports.lineage import lineage

    found = lineage(database(), home(workspace).id, content)
    if as_json:
        print_json(found)
        return
    _print(found)


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    run, idea, content = found["run"], found["idea"], found["content"]
    console.print(f"[bold]run[/]      {run['id']}  {run['date']}  {run['status']}  {' > '.join(run['chain'])}")
    console.print(f"[bold]idea[/]     {idea['position']}. {escape(idea['title'])}  [dim]{escape(idea['category'])}[/]")
    console.print(
        f"[bold]content[/]  {content['id']}  {content['format']}  {content['state']}  {content['words']} words"
    )
    if opportunity := found["opportunity"]:
        what = f"{opportunity['id']}  score {opportunity['value']:.0f}  taken by {opportunity['taken_by']}"
        console.print(f"[bold]opportunity[/] {escape(what)}\n  why now {escape(opportunity['why_now'])}")
    for source in found["sources"]:
        console.print(f"[bold]source[/]   {escape(source)}")
    for call in found["idea_calls"]:
        console.print(f"[bold]asked[/]    {escape(_call(call))}")
    for revision in found["revisions"]:
        _print_revision(console, revision)
    for finding in content["findings"] or [{"reason": "nothing found"}]:
        console.print(f"[bold]moderated[/] {escape(finding['reason'])}")
    console.print("\n" + escape(found["revisions"][-1]["text"]))


def _print_revision(console: Console, revision: dict[str, Any]) -> None:
    from rich.markup import escape

    what = f"{revision['number']}  {revision['created_at']}  {revision['author']}  {revision['note']}"
    console.print(f"[bold]revision[/] {escape(what)}")
    console.print(f"  prompt  {escape(revision['prompt_hash'])}")
    for call in revision["calls"]:
        console.print(f"  call    {escape(_call(call))}")
    for check in revision["violations"] or [{"message": "every rule holds"}]:
        console.print(f"  check   {escape(check['message'])}")


def _call(call: dict[str, Any]) -> str:
    tokens = f"{call['input_tokens']}+{call['output_tokens']} tokens"
    return (
        f"{call['id'][:8]}  {call['purpose']:<6} {call['provider']}/{call['model']}  {tokens}  "
        f"${call['cost_usd']:.6f}  {call['milliseconds']} ms  {call['status']}"
    )
