"""What can be started at the desk: for each kind of job its deployment and what it is asked for, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from pressroom.model import DailyRequest, JobKind, RedoRequest, RepurposeRequest, RetryRequest
from pressroom.model.base import Frozen
from pressroom.model.exports import ExportRequest
from pressroom.model.optimizing import OptimizeRequest
from pressroom.people.permissions import Action

OURS = frozenset({"workspace", "trigger"})
"""Fields of a request that the desk fills in, whatever is sent."""


class Workflow(Frozen):
    """One kind of work. `deployment`: as Prefect knows it, `flow/name`. `action`: what starting it takes."""

    kind: JobKind
    deployment: str
    request: type[BaseModel]
    description: str
    action: Action = Action.START_WORK

    @property
    def parameters(self) -> dict[str, Any]:
        """JSON schema of what it is asked for, without what the desk fills in."""
        schema = self.request.model_json_schema()
        schema["properties"] = {name: each for name, each in schema["properties"].items() if name not in OURS}
        return schema


WORKFLOWS: Mapping[JobKind, Workflow] = MappingProxyType(
    {
        workflow.kind: workflow
        for workflow in (
            Workflow(
                kind=JobKind.DAILY,
                deployment="daily/desk",
                request=DailyRequest,
                description="A morning's worth of content: ideas, and a draft of each in every format.",
            ),
            Workflow(
                kind=JobKind.REPURPOSE,
                deployment="repurpose/repurpose",
                request=RepurposeRequest,
                description="Documents made into drafts of every format and pictures for every platform.",
            ),
            Workflow(
                kind=JobKind.OPTIMIZE,
                deployment="optimize-image/optimize",
                request=OptimizeRequest,
                description="Pictures made ready for platforms: files, captions, hashtags and accounts to tag.",
            ),
            Workflow(
                kind=JobKind.REDO,
                deployment="redo/redo",
                request=RedoRequest,
                description="One draft written anew, with a reviewer's note.",
            ),
            Workflow(
                kind=JobKind.RETRY,
                deployment="retry/retry",
                request=RetryRequest,
                description="What failed in a run, made now; what it has is not touched.",
            ),
            Workflow(
                kind=JobKind.EXPORT,
                deployment="export-workspace/export",
                request=ExportRequest,
                description="Everything of the workspace in one file, which is kept for a week.",
                action=Action.MANAGE_WORKSPACE,
            ),
        )
    }
)
