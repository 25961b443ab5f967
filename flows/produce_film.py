"""Producing films: each scene of a draft's script pictured and spoken, then all of it put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect import flow, unmapped
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from pressroom.errors import RunFailed
from pressroom.media.film_making import Means
from pressroom.model import Failure, FilmMade, FilmRequest, RunRef, RunReport, RunStatus
from pressroom.model.speech import Speech
from tasks.failures import reason_of
from tasks.film_rows import film_plan, finished_film
from tasks.films import (
    attach_film,
    choose_means,
    plan_film,
    render_film,
    show_scene,
    speak_scene,
)
from tasks.progress import Progress
from tasks.runner import task_runner
from tasks.runs import attended, close_run, open_run, outcome_of, rows_of, tells_its_job

THE_LATEST = FilmRequest()


def _name() -> str:
    """`film 8a01c2`."""
    return f"film {FilmRequest.model_validate(flow_run.parameters.get('request') or {}).content[:8]}"


@flow(name="produce-film", flow_run_name=_name, task_runner=task_runner())
@tells_its_job
def produce_film(request: FilmRequest = THE_LATEST) -> RunReport:
    """A film of one script: its scenes pictured and spoken, captions, end card, files for every platform.

    Needs what `daily` needs, ffmpeg, and the accounts of the tier (`budget` needs none: cards and a voice of this
    machine). The user's own pictures, clips and music are uploads, public addresses, or files where this runs.

    Leaves rows for the run, for the picture and voice of each scene and for the film; the film, its captions and its
    contact sheet in the store; and the film attached to its draft.

    The same script with the same wishes is the same film: a repeat pays for nothing and renders nothing.
    """
    run = open_run(plan_film(request), trigger=request.trigger)
    with attended(run):
        report = make_film(run)
    return judged(report)


def judged(report: RunReport) -> RunReport:
    """The report, unless there is no film: then the flow run fails, with the first reason."""
    if report.status is RunStatus.FAILED:
        raise RunFailed(f"The film could not be made: {report.failures[0].reason}", report)
    return outcome_of(report)


def make_film(run: RunRef) -> RunReport:
    """The whole of an opened run of a film, to its closing; a film that is there already is left as it is."""
    failures: list[Failure] = []
    if (made := finished_film(run)) is not None:
        made = attach_film(run, made)  # the draft may have another one by now
    else:
        made, failures = produce(run)
    status = RunStatus.COMPLETED if made and not failures else RunStatus.FAILED
    return close_run(run, rows_of(run), status=status, failures=failures, film=made)


def produce(run: RunRef) -> tuple[FilmMade | None, list[Failure]]:
    """The film, or what kept it from being made: every scene is tried, so that a repeat has the least to do."""
    scenes, means = range(1, len(film_plan(run).board.scenes) + 1), choose_means(run)
    progress = Progress(2 * len(scenes), "Making scenes")
    shown = show_scene.map(unmapped(run), list(scenes), unmapped(means))
    voices, notes, unspoken = speak_all(run, scenes, means, progress)
    visuals = [_outcome(run, future, scene, "picture", progress) for scene, future in zip(scenes, shown, strict=True)]
    failures = [*(one for one in visuals if isinstance(one, Failure)), *unspoken]
    if failures:
        return None, failures
    return attach_film(run, render_film(run, visuals, voices, means, notes)), []


def speak_all(
    run: RunRef, scenes: Sequence[int], means: Means, progress: Progress
) -> tuple[list[Speech], list[str], list[Failure]]:
    """The voices of all scenes, by one account: where one fails in the middle, the next speaks the whole film."""
    notes: list[str] = []
    failed: list[Failure] = []
    for turn, account in enumerate(means.speech):
        steps = progress if turn == 0 else Progress(len(scenes), f"Voices by {account}")
        futures = speak_scene.map(unmapped(run), list(scenes), unmapped(account))
        ended = [_outcome(run, future, scene, "voice", steps) for scene, future in zip(scenes, futures, strict=True)]
        failed = [one for one in ended if isinstance(one, Failure)]
        if not failed:
            return ended, notes, []
        notes.append(f"{account} did not speak all of it: {failed[0].reason}")
    return [], notes, failed


def _outcome(run: RunRef, future: PrefectFuture[Any], scene: int, part: str, progress: Progress) -> Any:
    """The picture or voice of a scene, or the `Failure` it ended with."""
    ended: Any = future.result(raise_on_failure=False)
    progress.step(f"Scene {scene}: {part}")
    if not isinstance(ended, BaseException):
        return ended
    code, reason = reason_of(ended)
    title = film_plan(run).board.title
    return Failure(idea_position=scene, idea_title=title, format=f"scene-{scene}/{part}", code=code, reason=reason)
