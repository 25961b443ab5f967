"""Jobs, and what they left, as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from apps.desk.job_progress import Progress, progress
from pressroom.model import JobStatus
from pressroom.model.workflows import EXPORT, on_desk
from pressroom.store import assets, contents, runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

API = "/api/v1"


def _known(kind: str) -> str:
    if kind not in on_desk():
        raise ValueError(f"it is not one of {', '.join(on_desk())}")
    return kind


Kind = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(on_desk())})]
"""Of a job."""


class JobError(BaseModel):
    """The reason why a job is not complete. `code` is stable."""

    code: str = Field(examples=["AT_LIMIT"])
    message: str


class JobView(BaseModel):
    """A task that takes long. It continues whether or not a client asks about it again."""

    id: str
    kind: Kind
    status: JobStatus
    title: str = Field(examples=["Morning of 2026-11-20"])
    created_at: datetime
    created_by: str = Field(examples=["ada@example.com"])
    started_at: datetime | None
    ended_at: datetime | None
    attempt: int = Field(description="How often it was begun again, from 0.")
    error: JobError | None
    metadata: dict[str, Any] = Field(description="What came with the request, as it came.")
    run_id: str | None = Field(description="The run it made, or took up.")
    content_id: str | None = Field(description="The draft it writes again, of such a job.")


class JobOutput(BaseModel):
    """One output of a job."""

    kind: str = Field(description="`draft`, `picture` or `file`.", examples=["draft"])
    name: str = Field(description="A draft's format, what a picture is for, or a file's name.")
    id: str
    state: str = Field(default="", description="Of a draft.")
    href: str = Field(description="Where the API has it.", examples=["/api/v1/content/9f1b"])


class JobDetail(JobView):
    """A job with its progress, and its outputs so far."""

    request: dict[str, Any] = Field(description="What its flow was asked for.")
    progress: Progress
    totals: dict[str, Any] | None = Field(description="Counts, cost and seconds, once it has ended.")
    outputs: list[JobOutput]


def job_view(job: Job) -> JobView:
    return JobView(**_facts(job))


def job_detail(desk: Desk, database: Database, job: Job) -> JobDetail:
    """`job`, which was brought up to date, with its outputs."""
    return JobDetail(
        **_facts(job),
        request=job.request,
        progress=progress(desk, database, job),
        totals=job.outputs,
        outputs=outputs(database, job),
    )


def outputs(database: Database, job: Job) -> list[JobOutput]:
    """The outputs of the job's run so far; of a rewrite, its draft; of an export, its file."""
    if job.content_id:
        return [JobOutput(kind="draft", name="", id=job.content_id, href=f"{API}/content/{job.content_id}")]
    if job.kind == EXPORT.kind and job.outputs:
        name = job.outputs["key"].rpartition("/")[2]
        return [JobOutput(kind="file", name=name, id=job.id, href=f"{API}/exports/{job.id}/file")]
    if job.run_id is None:
        return []
    run = runs.get_run(database, job.run_id)
    drafts = [
        JobOutput(kind="draft", name=each.format, id=each.id, state=each.state, href=f"{API}/content/{each.id}")
        for each in contents.drafts_of(database, run.id, run.variant)
        if each.deleted_at is None
    ]
    pictures = [
        JobOutput(kind="picture", name=each.purpose, id=each.id, href=f"{API}/images/{each.id}")
        for each in assets.assets_of(database, run.id, run.variant)
    ]
    return [*drafts, *pictures]


def _facts(job: Job) -> dict[str, Any]:
    told = {"kind", "status", "title", "created_at", "created_by", "started_at", "ended_at", "run_id", "content_id"}
    return {
        **job.model_dump(include={"id", *told}),
        "attempt": int(job.meta.get("attempt", 0)),
        "metadata": job.meta.get("metadata", {}),
        "error": JobError(code=job.error_code, message=job.error) if job.error_code or job.error else None,
    }
