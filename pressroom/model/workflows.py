"""Everything that can be started, one entry a flow: the desk, the command line and the deployments go by this list.

A new flow is its file in `flows/` and its entry here. Then it is deployed, listed and started over the API, followed on
the pages by its title, and a command of `pressroom`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, Field

from pressroom.model.base import Frozen
from pressroom.model.exports import ExportRequest
from pressroom.model.films import FilmRequest
from pressroom.model.optimizing import OptimizeRequest
from pressroom.model.publish_runs import PublishRequest
from pressroom.model.repairs import BackfillRequest, RedoRequest, RetryRequest
from pressroom.model.requests import DailyRequest, RepurposeRequest, TrendsRequest
from pressroom.model.snapshots import ResultsRequest

OURS = frozenset({"workspace", "trigger", "every_workspace"})
"""Fields of a request that the desk fills in, whatever is sent."""


class Workflow(Frozen):
    """One flow, and how it is started from everywhere."""

    kind: str = Field(
        description="Of its jobs; its name in the API's addresses, and the command's on the command line."
    )
    flow: str = Field(description="Module entrypoint, such as `flows.daily.daily`.")
    deployment: str = Field(description="The one that the desk starts, as Prefect knows it: `flow/name`.")
    request: type[BaseModel]
    title: str = Field(description="On pages.")
    description: str
    also: tuple[str, ...] = Field(default=(), description="Further deployments of the flow, by their names.")
    on_desk: bool = Field(default=True, description="Whether the desk starts it.")
    scope: str = Field(default="work:start", description="What starting it at the desk takes.")
    is_its_run: bool = Field(default=False, description="Whether a job is what the row of its run says.")
    page: str = Field(default="/runs/{run_id}", description="Where the desk shows what a job left.")
    shelf: tuple[str, str] = Field(default=("/runs", "Runs"), description="The page of its like, and that page's name.")
    uses: Mapping[str, Callable[[Any], int]] = Field(
        default={}, description="How much of which limits of the workspace's plan a request takes."
    )

    @property
    def name(self) -> str:
        """Of the deployment."""
        return self.deployment.rpartition("/")[2]

    @property
    def parameters(self) -> dict[str, Any]:
        """JSON schema of the request, without the fields that the desk fills in."""
        schema = self.request.model_json_schema()
        schema["properties"] = {name: each for name, each in schema["properties"].items() if name not in OURS}
        return schema


DAILY = Workflow(
    kind="daily",
    flow="flows.daily.daily",
    deployment="daily/desk",
    also=("daily", "day", "bulk"),
    request=DailyRequest,
    title="Daily run",
    description="A morning's worth of content: ideas, and a draft of each in every format.",
    is_its_run=True,
    uses={"runs_a_day": lambda _: 1, "ideas_a_run": lambda request: request.ideas or 0},
)
REPURPOSE = Workflow(
    kind="repurpose",
    flow="flows.repurpose.repurpose",
    deployment="repurpose/repurpose",
    request=RepurposeRequest,
    title="Documents repurposed",
    description="Documents made into drafts of every format and pictures for every platform.",
    is_its_run=True,
    shelf=("/documents", "Documents"),
    uses={"documents_a_day": lambda request: max(1, len(request.sources))},
)
OPTIMIZE = Workflow(
    kind="optimize",
    flow="flows.optimize_image.optimize_image",
    deployment="optimize-image/optimize",
    request=OptimizeRequest,
    title="Pictures made ready",
    description="Pictures made ready for platforms: files, captions, hashtags and accounts to tag.",
    is_its_run=True,
    page="/images/runs/{run_id}",
    shelf=("/images", "Images"),
    uses={"images_a_day": lambda request: len(request.images)},
)
REDO = Workflow(
    kind="redo",
    flow="flows.redo.redo",
    deployment="redo/redo",
    request=RedoRequest,
    title="Draft written again",
    description="One draft written again, with a reviewer's note.",
)
RETRY = Workflow(
    kind="retry",
    flow="flows.retry.retry",
    deployment="retry/retry",
    request=RetryRequest,
    title="Run gone on with",
    description="What failed in a run, made now; what it has is not touched.",
    is_its_run=True,
)
EXPORT = Workflow(
    kind="export",
    flow="flows.export_workspace.export_workspace",
    deployment="export-workspace/export",
    request=ExportRequest,
    title="Everything of the workspace",
    description="Everything of the workspace in one file, which is kept for a week.",
    scope="workspace:write",
    shelf=("/settings/account", "Settings"),
)
BACKFILL = Workflow(
    kind="backfill",
    flow="flows.backfill.backfill",
    deployment="backfill/backfill",
    request=BackfillRequest,
    title="Past days made",
    description="Makes every day of a range, each its own run, a few at the same time.",
    on_desk=False,
)
PUBLISH = Workflow(
    kind="publish",
    flow="flows.publish.publish",
    deployment="publish/publish",
    request=PublishRequest,
    title="Publications sent",
    description="Works at every publication that is due: sends it, asks about it, reads it back.",
    on_desk=False,
)

TRENDS = Workflow(
    kind="trends",
    flow="flows.collect_trends.collect_trends",
    deployment="collect-trends/collect",
    request=TrendsRequest,
    title="Trends collected",
    description="What is talked about now, as topics with scores, and the best of it as opportunities.",
    is_its_run=True,
    uses={"collections_a_day": lambda request: max(1, len(request.regions or ()))},
)

FILM = Workflow(
    kind="film",
    flow="flows.produce_film.produce_film",
    deployment="produce-film/film",
    request=FilmRequest,
    title="Film made",
    description="A film of one script: its scenes pictured and spoken, with captions, ready to be posted.",
    is_its_run=True,
    page="/content/{content_id}",
    shelf=("/pipeline", "Pipeline"),
)
RESULTS = Workflow(
    kind="results",
    flow="flows.collect_results.collect_results",
    deployment="collect-results/results",
    request=ResultsRequest,
    title="Figures collected",
    description="The figures of published posts that are due: views, likes, comments, shares, clicks.",
    page="/results",
    shelf=("/results", "Results"),
)

WORKFLOWS: list[Workflow] = [DAILY, REPURPOSE, OPTIMIZE, FILM, REDO, RETRY, EXPORT, BACKFILL, PUBLISH, TRENDS, RESULTS]
"""The list. The flows that only serve others (shard, housekeeping, notify) stand in `prefect.yaml` alone."""


def on_desk() -> dict[str, Workflow]:
    """The workflows that the desk starts, by kind."""
    return {each.kind: each for each in WORKFLOWS if each.on_desk}


def workflow_of(request: BaseModel) -> Workflow:
    """The flow that takes such a request."""
    return next(each for each in WORKFLOWS if type(request) is each.request)
