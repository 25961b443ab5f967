"""Writes one draft again."""

from __future__ import annotations

from prefect import flow

from flows.daily import judged, make
from pressroom.model import DraftRef, RedoRequest, RunReport
from tasks.repair import redo_draft, reopen_run, run_of_content, suggest_draft
from tasks.runner import task_runner
from tasks.runs import attended, tells_its_job


@flow(name="redo", flow_run_name="redo {request.content}", task_runner=task_runner())
@tells_its_job
def redo(request: RedoRequest) -> RunReport | DraftRef:
    """Write one draft again, with a reviewer's note. Its siblings and its old wordings stay.

    With `suggest` the new text is kept as a suggestion: the draft, its run and its brief stay as they are.

    Needs what `daily` needs. Leaves a further revision of the draft, and its run's brief brought up to date.
    A draft that can't be written stays as it was, and the flow run fails with the reason.
    """
    if request.suggest:
        return suggest_draft(request)
    run = reopen_run(run_of_content(request), request.workspace)
    with attended(run):
        redone = redo_draft(run, request, return_state=True)
        report = make(run)
    redone.result()
    return judged(report)
