"""The end of a picture's way: results.json and the platforms' texts beside its files, delivered and shown."""

from __future__ import annotations

import time
from collections.abc import Sequence

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom.media.optimize import finishing
from pressroom.media.optimize.cutting import OutputFolder
from pressroom.media.optimize.delivering import delivered
from pressroom.model import Failure, RunRef, RunStatus
from pressroom.model.optimizing import Accounts, OptimizedImage, OptimizeRequest, Prepared, WrittenUp
from pressroom.model.results import Results
from pressroom.reports.finished import optimized
from pressroom.reports.results import files_of
from pressroom.settings import settings
from pressroom.store import contents
from tasks.books import record_files
from tasks.observing import observed
from tasks.optimizing import folder_of
from tasks.progress import announce, only_to_be_looked_at
from tasks.retrying import INFRASTRUCTURE


@task(name="finish-image", task_run_name="results: {prepared.image.source}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def finish_image(
    run: RunRef,
    prepared: Prepared,
    written: Sequence[WrittenUp],
    broken: Sequence[Failure],
    accounts: Accounts,
    request: OptimizeRequest,
) -> OptimizedImage:
    """Put `results.json` and each platform's text file beside the pictures; deliver them where that is configured."""
    results = finishing.results_of(
        prepared,
        written,
        [finishing.failed(one) for one in broken],
        accounts,
        request,
        run_id=run.id,
        workspace=run.workspace,
        user="",
        started=run.opened_at,
        seconds=round(time.time() - (prepared.until - request.timeout), 2),
        cost_usd=_cost_usd(run, prepared),
    )
    folder, store = folder_of(run, prepared.image), connections.store()
    results = _delivered(results, OutputFolder(store, run.workspace, folder))
    stored = store.put_all((f"{folder}/{name}", data) for name, data in files_of(results).items())
    record_files(run, "results", stored)
    with only_to_be_looked_at():
        _show(run, results, store.address(folder))
    return optimized(prepared.image.source, results, store.address(folder))


def _cost_usd(run: RunRef, prepared: Prepared) -> float:
    """Sums the cost of the calls for one picture."""
    calls = contents.calls_of_run(connections.database(), run.id)
    position = str(prepared.image.position)
    return sum(call.cost_microusd for call in calls if call.task.partition("/")[0] == position) / 1e6


def _delivered(results: Results, output: OutputFolder) -> Results:
    """The results with the addresses the pictures are shown from, where delivery is configured."""
    if (client := connections.cloudinary()) is None:
        return results
    announce(f"Delivering {results.source}")
    platforms = delivered(results.platforms, output, client, folder=settings().cloudinary_folder)
    return results.model_copy(update={"platforms": platforms})


def _show(run: RunRef, results: Results, folder: str) -> None:
    """A page in Prefect's UI: what each platform got."""
    rows = [
        f"| {one.platform} | {one.image.width} x {one.image.height} | {one.image.bytes // 1000} kB "
        f"| {len(one.hashtags)} | {'; '.join(one.notes)} |"
        for one in results.platforms
        if one.image
    ]
    head = [f"# {results.source}", f"Level: {results.level.words}. [{folder}]({folder})"]
    table = ["| platform | pixels | size | hashtags | notes |", "|---|---|---|---|---|", *rows]
    create_markdown_artifact(
        "\n\n".join([*head, "\n".join(table)]),
        key=f"images-{run.id[:8]}-{results.session_id.rpartition('-')[2]}",
        description=f"Pictures of {results.source}",
    )


def images_status(images: Sequence[OptimizedImage]) -> RunStatus:
    """Completed when every picture has all its platforms, failed when none has any, else partial."""
    if all(image.ok and not image.failed and not image.code for image in images):
        return RunStatus.COMPLETED
    return RunStatus.PARTIAL if any(image.ok for image in images) else RunStatus.FAILED


def image_failures(images: Sequence[OptimizedImage]) -> list[Failure]:
    """Why pictures have nothing, by their positions."""
    return [
        Failure(idea_position=number, idea_title=image.source, format="image", code=image.code, reason=image.reason)
        for number, image in enumerate(images, 1)
        if image.code
    ]
