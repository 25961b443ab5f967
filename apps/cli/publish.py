"""`pressroom publish`: plan a draft for a channel, look at what would be sent, or work at what is due."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import print_json
from pressroom.errors import PressroomError, PublishFailed, WrongInput

if TYPE_CHECKING:
    from pressroom.model.dry_run import DryRun
    from pressroom.model.publish_runs import Advance, PublishReport
    from pressroom.review.publication_views import PublicationDetail

EXAMPLES = """
**Examples**

- `pressroom publish` works at everything that is due now: sends, asks, reads back.
- `pressroom publish 8a01 --channel ada.example.com --dry-run` shows exactly what would be sent, and what it costs.
- `pressroom publish 8a01 --channel ada.example.com` takes the channel's next free slot.
- `pressroom publish 8a01 --channel linkedin --at "2026-12-01 09:00"` is a clock time in the workspace's zone.
- `pressroom publish 8a01 --channel tiktok --now --option privacy=PUBLIC_TO_EVERYONE --option ai=true`

A draft has to be approved before it is planned. Nothing goes out twice: see `docs/publications.md`.
"""

FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(publish)


def publish(
    content: Annotated[
        str | None, typer.Argument(help="A draft's id or its first digits; without it: work at what is due.")
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(help="Its name, platform or id's first digits. May be given several times."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar='"YYYY-MM-DD HH:MM"', help="Clock time in the workspace's zone.")
    ] = None,
    next_free: Annotated[
        bool, typer.Option("--next", help="At the channel's next free slot, which is the default.")
    ] = False,
    now: Annotated[
        bool,
        typer.Option(
            "--now",
            help="Planned for now: sent within a minute where `pressroom up` runs, else by `pressroom publish`.",
        ),
    ] = False,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A choice that the platform offers. May be given several times."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="The same words may go out again within 30 days.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent; plan and send nothing.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="With --dry-run: do not ask platforms for quotas.")
    ] = False,
    at_once: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="Without CONTENT: publications worked on at once; default: the setting's."),
    ] = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Plan an approved draft for a channel; without CONTENT, work at every publication that is due now."""
    placing = [each for each in (channel, at, option, next_free, now, again, dry_run, offline) if each]
    if content is None:
        if placing or workspace:
            raise WrongInput(
                "Which draft?", hint="`pressroom publish CONTENT --channel NAME`; `pressroom show latest` lists ids."
            )
        _work(at_once, as_json=as_json)
        return
    if at_once or (offline and not dry_run):
        given, beside = ("--at-once", "without CONTENT") if at_once else ("--offline", "with --dry-run")
        raise WrongInput(f"{given} means something {beside} alone.", hint="Leave it out.")
    if not channel:
        raise WrongInput("Which channel?", hint="Name one with --channel; `pressroom channels list` lists them.")
    when = time_of(at, next_free=next_free, now=now)
    chosen = _options(option or [])
    if dry_run:
        _look(workspace, content, channel, when, chosen, online=not offline, as_json=as_json)
    else:
        _plan(workspace, content, channel, when, chosen, again=again, as_json=as_json)


def time_of(at: str | None, *, next_free: bool, now: bool) -> dt.datetime | Literal["now", "next_free"]:
    if sum((at is not None, next_free, now)) > 1:
        raise WrongInput("More than one time is given.", hint="Give one of --at, --next and --now.")
    if at is None:
        return "now" if now else "next_free"
    for form in FORMATS:
        try:
            return dt.datetime.strptime(at.strip(), form)
        except ValueError:
            continue
    raise WrongInput(f"--at: {at!r} is no time.", hint='Write it like "2026-12-01 09:00".')


def _options(given: list[str]) -> dict[str, Any]:
    """`privacy=public` as text; `true`, numbers and lists as JSON has them."""
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            raise WrongInput(f"--option: {each!r} is not NAME=VALUE.")
        try:
            found[name.strip()] = json.loads(value)
        except ValueError:
            found[name.strip()] = value
    return found


def _plan(
    workspace: str | None,
    content: str,
    channels: list[str],
    when: dt.datetime | Literal["now", "next_free"],
    options: dict[str, Any],
    *,
    again: bool,
    as_json: bool,
) -> None:
    from apps.cli.local import as_operator
    from pressroom.review import publication_views, publications
    from pressroom.settings import settings
    from pressroom.store.contents import find_content
    from pressroom.vault import Vault

    database, caller = as_operator(workspace)
    draft, vault = find_content(database, caller.workspace_id, content), Vault.from_settings(settings())
    ids = [publications.find_channel(database, name).id for name in channels]
    found: list[PublicationDetail] = []
    refused: PressroomError | None = None
    for each_id in dict.fromkeys(ids):
        try:
            row = publications.plan(database, caller, vault, draft.id, each_id, at=when, options=options, again=again)
        except PressroomError as error:  # what is planned by then stays so, and is told
            refused = error
            break
        found.append(publication_views.get_publication(database, row.id))
    if found and as_json:
        print_json([each.model_dump(mode="json") for each in found])
    elif found:
        _tell(found, when)
    if refused:
        raise refused


def _tell(found: list[PublicationDetail], when: dt.datetime | Literal["now", "next_free"]) -> None:
    for each in found:
        typer.echo(
            f"{each.id[:8]} is planned on {each.channel} ({each.platform}) for "
            f"{_time(each.planned_wall, each.zone)}; nothing is sent yet."
        )
    if when == "now":
        typer.echo(
            "It is sent within a minute where `pressroom up` or a worker runs; without one, type `pressroom publish`."
        )


def _look(
    workspace: str | None,
    content: str,
    channels: list[str],
    when: dt.datetime | Literal["now", "next_free"],
    options: dict[str, Any],
    *,
    online: bool,
    as_json: bool,
) -> None:
    from apps.cli.local import access_to, as_operator
    from pressroom.review import dry_run, publications
    from pressroom.store.contents import find_content

    database, caller = as_operator(workspace)
    draft = find_content(database, caller.workspace_id, content)
    access = access_to(database) if online else None
    found = [
        dry_run.dry_run(
            database, caller, draft.id, publications.find_channel(database, name).id, at=when, options=options,
            access=access,
        )
        for name in channels
    ]  # fmt: skip
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        for each in found:
            _show(each)
    if not all(each.ready for each in found):
        raise typer.Exit(1)


def _show(found: DryRun) -> None:
    time = f"for {_time(found.planned_wall, found.zone)}" if found.planned_wall else "without a time"
    typer.secho(f"Dry run, nothing is planned or sent: {found.channel} ({found.platform}), {time}", bold=True)
    if found.note:
        typer.echo(f"  {found.note}")
    for number, part in enumerate(found.parts, 1):
        limit = f" of {part.limit}" if part.limit else ""
        typer.echo(f"\n--- {part.kind} {number}: {part.count}{limit} {part.unit}")
        typer.echo(part.text)
        if part.cut_after:
            typer.echo(f"    (without escaping it would end after: ...{part.cut_after})")
    for file in found.files:
        typer.echo(
            f"\n--- media {file.position + 1}: {file.name}, {file.media_type}; {file.alt_text or 'no alternative text'}"
        )
        for each in file.measures:
            typer.echo(f"    {'ok ' if each.fits else 'NO '} {each.name}: {each.found} ({each.limit})")
    typer.echo("")
    for label, value in _facts(found):
        typer.echo(f"{label:<14} {value}")
    for problem in found.problems:
        colour, word = ("red", "PROBLEM") if problem.blocking else ("yellow", "warning")
        typer.echo(f"{typer.style(word, fg=colour)}  {problem.message} {problem.hint}".rstrip())
    able = "It can be planned. Give the same command without --dry-run.\n"
    typer.echo(able if found.ready else "It can't be planned like this.\n")


def _facts(found: DryRun) -> list[tuple[str, str]]:
    return [
        ("links", ", ".join(found.links) or "no links"),
        ("cost", found.cost),
        ("first comment", found.first_comment),
        ("disclosure", found.disclosure),
        ("quota", found.quota),
        ("sign-in", found.sign_in),
        ("proof", f"{found.certainty}: {found.proof}"),
    ]


def _work(at_once: int | None, *, as_json: bool) -> None:
    from apps.cli.local import desk_database, platform_app, store
    from apps.cli.progress import Narrator
    from pressroom.publishers.ledger import due_work
    from pressroom.publishers.ledger.door import door_of
    from pressroom.publishers.ledger.engine import Engine
    from pressroom.settings import settings
    from pressroom.vault import Vault

    chosen, files = settings(), store()
    vault = Vault.from_settings(chosen)
    door = door_of(chosen, vault, files)
    engine = Engine(desk_database(), vault, files, door=door, source=chosen, apps=platform_app)
    with Narrator(quiet=as_json) as narrator:

        def say(row: Advance) -> None:
            narrator.say(f"{row.publication_id[:8]} {row.error or row.state or 'is with another worker'}")

        report = due_work.work_here(engine, at_once or chosen.publish_concurrency, tell=say)
    _print_summary(report, as_json=as_json)
    if report.failed:
        first = report.failed[0]
        raise PublishFailed(
            f"{len(report.failed)} of {len(report.rows)} publications raised an error: {first.error}", report
        )


def _print_summary(report: PublishReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    if not report.rows:
        typer.echo("Nothing is due.")
        return
    states: dict[str, int] = {}
    for row in report.rows:
        name = "error" if row.error else row.state or "with another worker"
        states[name] = states.get(name, 0) + 1
    typer.echo(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(states.items())) + ".")


def _time(wall: str, zone: str) -> str:
    return f"{wall.replace('T', ' ')} ({zone})"
