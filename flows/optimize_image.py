"""Optimising pictures: each looked at, cut for every platform, given its words, and laid out with its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect import flow, unmapped
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from pressroom.errors import RunFailed
from pressroom.model import Failure, RunRef, RunReport, RunStatus
from pressroom.model.optimizing import Accounts, ImageRef, OptimizedImage, OptimizeRequest, Prepared
from tasks.failures import reason_of
from tasks.image_results import finish_image, image_failures, images_status
from tasks.optimizing import keep_images, plan_optimize, prepare_image, suggest_accounts, write_platform
from tasks.progress import Progress
from tasks.runner import task_runner
from tasks.runs import attended, close_run, open_run, outcome_of, rows_of, tells_its_job


def _name() -> str:
    """`optimize photo.jpg`, and how many more pictures there are."""
    images = OptimizeRequest.model_validate(flow_run.parameters["request"]).images
    return f"optimize {images[0]}" + (f" and {len(images) - 1} more" if len(images) > 1 else "")


@flow(name="optimize-image", flow_run_name=_name, task_runner=task_runner())
@tells_its_job
def optimize_image(request: OptimizeRequest) -> RunReport:
    """Pictures made ready for platforms: the right file, caption, hashtags and accounts for each.

    Needs what `daily` needs, and the pictures: public addresses, or files on the machine where this runs. Without
    a provider, words come from templates and the run searches for no accounts.

    Leaves the files of every platform, `results.json`, a text file a platform and a contact sheet in the store, and
    rows for the run, its pictures and its calls. One bad picture stops no other.
    """
    run = open_run(plan_optimize(request), trigger=request.trigger, refresh=request.refresh)
    with attended(run):
        report = make_of_pictures(run, request)
    if report.status is RunStatus.FAILED:
        raise RunFailed(f"No picture could be made: {report.images[0].reason}", report)
    return outcome_of(report)


def make_of_pictures(run: RunRef, request: OptimizeRequest) -> RunReport:
    """The whole of an opened run of pictures, to its closing."""
    images = optimise_all(run, keep_images(run, request), request)
    status, failures = images_status(images), image_failures(images)
    return close_run(run, rows_of(run), status=status, failures=failures, images=images)


def optimise_all(run: RunRef, images: Sequence[ImageRef], request: OptimizeRequest) -> list[OptimizedImage]:
    """Every picture, several at once; each is written up and finished as soon as it is prepared."""
    progress = Progress(len(images), "Optimising pictures")
    prepared = prepare_image.map(unmapped(run), list(images), unmapped(request))
    done = []
    for image, future in zip(images, prepared, strict=True):
        done.append(optimised(run, image, future, request))
        progress.step(f"Optimising pictures, about {progress.seconds_left:.0f} s left")
    return done


def optimised(
    run: RunRef, image: ImageRef, prepared: PrefectFuture[Prepared], request: OptimizeRequest
) -> OptimizedImage:
    """Returns one finished picture, or why it failed."""
    ready = prepared.result(raise_on_failure=False)
    if not isinstance(ready, Prepared):
        code, reason = reason_of(ready)
        return OptimizedImage(source=image.source, session_id=f"{run.id}-{image.position}", code=code, reason=reason)
    searching = suggest_accounts.submit(run, ready, request)
    platforms = list(ready.files)
    futures = write_platform.map(unmapped(run), unmapped(ready), platforms, unmapped(request))
    ended: list[Any] = [future.result(raise_on_failure=False) for future in futures]
    broken = [_broken(image, platform, one) for platform, one in zip(platforms, ended, strict=True) if _failed(one)]
    written = [one for one in ended if not _failed(one)]
    return finish_image(run, ready, written, broken, _accounts(searching), request)


def _accounts(searching: PrefectFuture[Accounts]) -> Accounts:
    """Returns the accounts found; a failed search costs no picture."""
    found: Any = searching.result(raise_on_failure=False)
    return found if isinstance(found, Accounts) else Accounts(none_because=reason_of(found)[1])


def _failed(ended: Any) -> bool:
    return isinstance(ended, BaseException)


def _broken(image: ImageRef, platform: str, error: Any) -> Failure:
    code, reason = reason_of(error)
    return Failure(idea_position=image.position, idea_title=image.source, format=platform, code=code, reason=reason)
