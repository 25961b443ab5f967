"""The report of a run: when it closes, and later from its rows and files alone, without running anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pressroom.gates.batch_gate import batch_hash
from pressroom.model import (
    CallCounts,
    Failure,
    FilmMade,
    GateVerdict,
    RepurposePlan,
    RunRef,
    RunReport,
    RunStatus,
    TokenCounts,
)
from pressroom.model.optimizing import OptimizedImage
from pressroom.model.plans import FilmPlan, OptimizePlan
from pressroom.model.results import PlatformStatus, Results
from pressroom.reports import assemble
from pressroom.reports.rows import Rows, looked_up
from pressroom.store.artifacts import NoArtifact

if TYPE_CHECKING:
    from pressroom.store.artifacts import ArtifactStore
    from pressroom.store.lookup import Lookup
    from pressroom.store.tables import Run

FILM = "film.json"
"""The file that says all of a film, written last."""

BRIEFS = ("md", "html", "json")


def report_of(
    run: RunRef,
    rows: Rows,
    closed: Run,
    failures: Sequence[Failure],
    addresses: Mapping[str, str],
    images: Sequence[OptimizedImage] = (),
    film: FilmMade | None = None,
) -> RunReport:
    """The report of the execution `run`. addresses: its folder and its files."""
    made = sum(call.execution == run.execution for call in rows.calls)
    counts = assemble.totals(rows, len(failures), assemble.seconds(rows.run))
    return RunReport(
        run_id=run.id,
        kind=run.plan.kind,
        workspace=run.workspace,
        date=run.day,
        status=RunStatus(closed.status),
        **counts.model_dump(include={"ideas", "drafts", "quarantined", "flagged", "failed", "pictures", "cost_usd"}),
        calls=CallCounts(made=made, reused=len(rows.calls) - made),
        tokens=TokenCounts(
            input=counts.input_tokens,
            output=counts.output_tokens,
            cached=sum(call.cached_tokens for call in rows.calls),
        ),
        seconds=round((datetime.now(UTC) - closed.started_at).total_seconds(), 2),
        artifacts=dict(addresses),
        failures=tuple(failures),
        outputs=assemble.outputs(rows, addresses["folder"]) if isinstance(run.plan, RepurposePlan) else (),
        images=tuple(images),
        film=film,
        budget=closed.budget,
    )


def finished_report(lookup: Lookup, store: ArtifactStore, row: Any) -> RunReport | None:
    """The report of a run for which nothing is left to do; None where making it again would change something.

    Nothing is left when all that was asked for is there and good, judged as it is now, and laid out in the store.
    """
    if row.status != RunStatus.COMPLETED or row.failures:
        return None
    rows, run = looked_up(lookup, row), _as_it_was(row)
    addresses = _addresses(store, run, row)
    film = None
    if isinstance(run.plan, FilmPlan):
        images, film = [], film_in(store, run.folder)
        is_whole = film is not None and lookup.film_run_of(film.content_id) == row.id
    elif isinstance(run.plan, OptimizePlan):
        images = _images(lookup, store, row)
        is_whole = len(images) == run.plan.subjects
    else:
        images, is_whole = [], _is_judged(rows) and store.exists(f"{run.folder}/brief.md")
    return report_of(run, rows, row, (), addresses, images, film) if is_whole else None


def film_of_run(store: ArtifactStore, row: Any) -> FilmMade | None:
    """The film of a run, by its row."""
    return film_in(store, _as_it_was(row).folder)


def film_in(store: ArtifactStore, folder: str) -> FilmMade | None:
    """The film of a run with that folder, if it is made and all its files are there."""
    try:
        made = FilmMade.model_validate_json(store.get(f"{folder}/{FILM}"))
    except (NoArtifact, ValueError):
        return None
    return made if all(store.exists(file.key) for file in made.files.values()) else None


def _as_it_was(row: Any) -> RunRef:
    return RunRef(
        id=row.id,
        workspace_id=row.workspace_id,
        plan=row.plan,
        variant=row.variant,
        execution="",
        trigger=row.trigger,
        opened_at=row.created_at,
    )


def _is_judged(rows: Rows) -> bool:
    """True when the verdict is on the drafts as they are: none is missing, no text was changed since."""
    if not rows.run.gate:
        return False
    verdict = GateVerdict.model_validate(rows.run.gate)
    return verdict.batch_hash == batch_hash(assemble.batch(rows), rows.expected)


def _addresses(store: ArtifactStore, run: RunRef, row: Any) -> dict[str, str]:
    folder = {"folder": store.address(run.folder)}
    if isinstance(run.plan, (OptimizePlan, FilmPlan)):
        return folder
    docs = (row.gate or {}).get("docs")
    briefs = {f"brief_{kind}": store.address(f"{run.folder}/brief.{kind}") for kind in BRIEFS}
    return {**folder, **briefs, **({"data_docs": docs} if docs else {})}


def _images(lookup: Lookup, store: ArtifactStore, row: Any) -> list[OptimizedImage]:
    """The pictures of a run, read from their results in the store; those whose results are gone are left out."""
    from pressroom.reports.results import RESULTS_FILE, from_json

    keys = [key for key in lookup.artifact_keys(row.id, f"/{RESULTS_FILE}") if store.exists(key)]
    found = [(key, from_json(store.get(key))) for key in keys]
    return [optimized(results.source, results, store.address(key.rpartition("/")[0])) for key, results in found]


def optimized(source: str, results: Results, folder: str) -> OptimizedImage:
    """The outcome for the picture `source`, whose files are at the address `folder`."""
    from pressroom.media.optimize.preparing import SHEET
    from pressroom.reports.results import RESULTS_FILE

    def named(status: PlatformStatus) -> tuple[str, ...]:
        return tuple(one.platform for one in results.platforms if one.status is status)

    return OptimizedImage(
        source=source,
        session_id=results.session_id,
        level=results.level,
        ok=named(PlatformStatus.OK),
        failed=named(PlatformStatus.FAILED),
        results=f"{folder}/{RESULTS_FILE}",
        contact_sheet=f"{folder}/{SHEET}.html",
        cost_usd=results.totals.cost_usd,
        seconds=results.totals.seconds,
    )
