"""The results of a run, as they are gated, reported and shown."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from pressroom.model.base import Frozen
from pressroom.model.drafts import Finding, Part, State, Violation


class RunStatus(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchRow(Frozen):
    """One draft as the batch gate sees it: a row of the table that Great Expectations judges."""

    idea_position: int
    idea_title: str
    format: str
    platform: str
    state: State
    text: str
    characters: int
    words: int
    violations: int
    idea_id: str
    content_id: str
    prompt_hash: str
    provider: str
    model: str
    calls: int = Field(description="Provider calls in its lineage; at least one.")


class GateVerdict(Frozen):
    """The verdict of the batch gate. `failed`: one sentence for each expectation that does not hold."""

    success: bool
    expectations: int
    failed: tuple[str, ...] = ()
    batch_hash: str = Field(description="SHA-256 of the judged rows: an unchanged batch is not judged again.")
    docs: str | None = Field(default=None, description="Address of the Data Docs' index page.")
    ran: bool = Field(default=True, description="False: the gate did not run, so nothing is known of the batch.")

    @model_validator(mode="before")
    @classmethod
    def _ran(cls, given: Any) -> Any:
        """A verdict that was stored before the field was there ran if it knows what it judged."""
        if isinstance(given, dict) and "ran" not in given:
            return {**given, "ran": bool(given.get("batch_hash"))}
        return given


class Failure(Frozen):
    """A draft that could not be made, and why."""

    idea_position: int
    idea_title: str
    format: str
    code: str
    reason: str


class BriefDraft(Frozen):
    """One draft as it is shown in the brief."""

    content_id: str
    format: str
    format_title: str
    platform: str
    state: State
    parts: tuple[Part, ...]
    words: int
    characters: int
    violations: tuple[Violation, ...] = ()
    findings: tuple[Finding, ...] = ()
    provider: str
    model: str
    made_offline: bool = Field(description="True when no model was involved: shown as a label.")
    asked: int = Field(description="How many times it was asked for until it passed (or was quarantined).")
    file: str = Field(description="Name of its ready-to-paste text file, relative to the brief.")


class BriefPicture(Frozen):
    """One picture as it is shown in the brief."""

    purpose: str = Field(description="`thumbnail`, or the platform it is for.")
    width: int
    height: int
    alt_text: str
    made_offline: bool = Field(description="True when it was drawn as a card, without a model.")
    notes: tuple[str, ...] = ()
    file: str = Field(description="Its file, relative to the brief.")


class BriefIdea(Frozen):
    """An idea, or a document that is repurposed, and its drafts and pictures. source, notes: the document's.

    opportunity: of an idea that comes from one, which, and why it is worth a post now.
    """

    position: int
    title: str
    description: str
    category: str
    drafts: tuple[BriefDraft, ...]
    source: str = ""
    opportunity: str = ""
    notes: tuple[str, ...] = Field(default=(), description="Sentences on what of its document was not read.")
    pictures: tuple[BriefPicture, ...] = ()


class Totals(Frozen):
    """Counts of a run. Tokens and cost are those of all its calls, made now or reused."""

    ideas: int
    drafts: int
    quarantined: int
    flagged: int
    failed: int
    pictures: int = 0
    calls_made: int
    calls_reused: int
    input_tokens: int
    output_tokens: int
    cost_usd: float = Field(description="US dollars.")
    seconds: float


class Brief(Frozen):
    """A morning's worth of content, and how it came about."""

    workspace: str
    run_id: str
    day: date
    status: RunStatus
    trigger: str
    focus: str
    chain: tuple[str, ...]
    started_at: datetime
    ideas: tuple[BriefIdea, ...]
    failures: tuple[Failure, ...] = ()
    gate: GateVerdict | None = None
    totals: Totals
