"""Taking everything of a workspace along."""

from __future__ import annotations

from prefect import flow

from pressroom.model.exports import ExportReport, ExportRequest
from tasks.exporting import tell_job, write_export
from tasks.runs import tells_its_job


@flow(name="export-workspace", flow_run_name="export {request.workspace}")
@tells_its_job
def export_workspace(request: ExportRequest) -> ExportReport:
    """Put everything of a workspace into one zip file: a line of JSON for each row, and every file.

    Needs the database and the artifact store. Leaves the file in the store, below `exports/`, for a week. The job that
    asked for it, if one did, is told where.
    """
    report = write_export(request)
    tell_job(report)
    return report
