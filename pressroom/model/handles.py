"""Values that tasks pass to each other: ids and the few words that name them to a person."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.briefs import Failure, RunStatus
from pressroom.model.drafts import Finding, Violation
from pressroom.model.films import FilmMade
from pressroom.model.ideas import Preferences
from pressroom.model.optimizing import OptimizedImage
from pressroom.model.plans import Plan


class RunRef(Frozen):
    """One execution of a run. `execution` tells this start from earlier ones of the same run."""

    id: str
    workspace_id: str
    plan: Plan
    variant: int
    execution: str
    trigger: str
    opened_at: dt.datetime

    @property
    def workspace(self) -> str:
        return self.plan.workspace

    @property
    def day(self) -> dt.date:
        return self.plan.day

    @property
    def formats(self) -> tuple[str, ...]:
        return self.plan.formats

    @property
    def chain(self) -> tuple[str, ...]:
        return self.plan.chain

    @property
    def preferences(self) -> Preferences:
        return self.plan.preferences

    @property
    def folder(self) -> str:
        """Where its files lie in the artifact store."""
        return f"{self.workspace}/{self.day.isoformat()}/{self.id}"


class IdeaRef(Frozen):
    id: str
    position: int
    title: str
    from_document: bool = Field(default=False, description="True when there is a document to read for it.")


class DraftRef(Frozen):
    id: str
    idea_position: int
    format: str
    state: str


class PictureRef(Frozen):
    id: str
    idea_position: int
    purpose: str


class CallCounts(Frozen):
    made: int = Field(description="Calls of text providers made by this execution.")
    reused: int = Field(description="Answers it needed that had been received before.")


class TokenCounts(Frozen):
    input: int
    output: int
    cached: int


class Output(Frozen):
    """One thing a document was made into: a draft, or a picture."""

    source: str = Field(description="The document's source.")
    kind: Literal["draft", "picture"]
    name: str = Field(description="The format of a draft; `thumbnail` or the platform of a picture.")
    platform: str
    state: str = Field(default="", description="Of a draft.")
    text: str = Field(default="", description="The draft; of a picture, its alternative text.")
    violations: tuple[Violation, ...] = ()
    flags: tuple[Finding, ...] = Field(default=(), description="What a person should look at.")
    notes: tuple[str, ...] = ()
    address: str = Field(description="Where its file is.")
    width: int | None = None
    height: int | None = None
    made_offline: bool = False


class RunReport(Frozen):
    """The report that a flow returns and `--json` prints."""

    run_id: str
    kind: str = "daily"
    workspace: str
    date: dt.date
    status: RunStatus
    ideas: int
    drafts: int
    quarantined: int
    flagged: int
    failed: int
    pictures: int = 0
    calls: CallCounts
    tokens: TokenCounts
    cost_usd: float
    seconds: float = Field(description="Wall time of this execution.")
    artifacts: dict[str, str] = Field(description="Addresses: folder, brief_md, brief_html, brief_json, data_docs.")
    failures: tuple[Failure, ...] = ()
    outputs: tuple[Output, ...] = Field(default=(), description="Of a run that repurposes documents, each as made.")
    images: tuple[OptimizedImage, ...] = Field(default=(), description="Of a run of pictures, each as made.")
    film: FilmMade | None = Field(default=None, description="Of a run that makes a film.")
    budget: dict[str, Any] | None = Field(default=None, description="The limit of money that was reached, if one was.")
    error: str | None = None
