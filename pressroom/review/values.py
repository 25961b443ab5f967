"""Values of the review desk: answers with lists, details and changes of content and ideas."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import ConfigDict, Field

from pressroom.model import AssetKind, Finding, Frozen, State, Violation
from pressroom.model.lifecycle import Move


def _nothing_required(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


class Selectable(Frozen):
    """A value of which a caller may ask for some fields alone; its schema promises none of them."""

    model_config = ConfigDict(json_schema_extra=_nothing_required)


class CheckedPart(Frozen):
    """A piece that is pasted on its own, measured as its platform measures it."""

    label: str
    text: str
    count: int = Field(description="Its length, in `unit`.")
    limit: int | None = Field(default=None, description="The most that its platform takes; None: not known.")
    unit: str = Field(description="What `count` counts, e.g. `characters`, `bytes`, `of X's 280`.")
    words: int


class Checked(Frozen):
    """A wording, and what its format's rules make of it. Nothing is stored."""

    body: dict[str, Any]
    text: str
    parts: tuple[CheckedPart, ...]
    words: int
    characters: int
    violations: tuple[Violation, ...]
    findings: tuple[Finding, ...]


class IdeaSummary(Selectable):
    """One idea of a run; for a document that is repurposed, that document."""

    id: str
    run_id: str
    day: dt.date
    position: int
    title: str
    description: str
    category: str
    document_id: str | None = None
    created_at: dt.datetime


class ContentSummary(Selectable):
    """One piece of content as a list shows it. `body` and `text` are there when they were asked for."""

    id: str
    version: int
    state: State
    format: str
    platform: str
    day: dt.date | None
    idea_id: str
    title: str = Field(description="The idea's.")
    category: str = Field(description="The idea's.")
    run_id: str
    variant: int = Field(description="Counts the run's refreshes.")
    excerpt: str = Field(description="How its text begins.")
    words: int
    characters: int
    violation_count: int = Field(description="How many rules its wording breaks.")
    finding_count: int = Field(description="How many things a person should look at.")
    provider: str
    model: str
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None = None
    body: dict[str, Any] | None = None
    text: str | None = None


class Offer(Frozen):
    """A move that may be made now: where to, as its button says, and what it says."""

    to: State
    label: str
    means: str

    @classmethod
    def of(cls, move: Move) -> Offer:
        return cls(to=move.target, label=move.label, means=move.means)


class Wording(Frozen):
    """A wording that is kept: the original, or another revision."""

    number: int
    author: str
    note: str
    text: str
    body: dict[str, Any]
    violations: tuple[Violation, ...]
    created_at: dt.datetime


class ApprovalShown(Frozen):
    """The approval of this wording: by which user, and when."""

    by: str
    at: dt.datetime
    content_hash: str


class SourceShown(Frozen):
    """The document that an idea was made from."""

    id: str
    title: str
    source: str
    kind: str
    language: str
    notes: tuple[str, ...] = Field(description="Sentences on what of it was left out or could not be read.")


class RunShown(Frozen):
    """The run that content came from."""

    id: str
    kind: str
    day: dt.date
    trigger: str
    status: str


class AttachmentShown(Frozen):
    """One medium of a draft. `asset_id` or `upload_id`: what it was made of, while that is there."""

    id: str
    position: int = Field(description="Its place in the post; 0 comes first.")
    kind: AssetKind
    name: str = Field(description="Of its file.")
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    width: int | None = Field(default=None, description="Pixels; None of a medium that is not seen.")
    height: int | None = None
    seconds: float | None = Field(default=None, description="How long it lasts; None of a picture.")
    alt_text: str
    made_by_ai: bool = Field(description="True when a model made it.")
    asset_id: str | None = None
    upload_id: str | None = None


class ContentDetail(Selectable):
    """One piece of content with everything a reviewer needs to judge it, and what the caller may do with it."""

    id: str
    version: int
    content_hash: str
    state: State
    format: str
    format_title: str
    platform: str
    variant: int
    day: dt.date | None
    post_url: str = Field(description="Address of the post, where a person published it by hand and named it.")
    body: dict[str, Any]
    body_schema: dict[str, Any] = Field(description="JSON schema of `body`: its fields, in order, with descriptions.")
    text: str
    parts: tuple[CheckedPart, ...]
    words: int
    characters: int
    violations: tuple[Violation, ...]
    findings: tuple[Finding, ...]
    attachments: tuple[AttachmentShown, ...] = Field(description="Its pictures, films and documents, in order.")
    idea: IdeaSummary
    document: SourceShown | None
    run: RunShown
    original: Wording
    revisions: int = Field(description="How many wordings there are, the original included.")
    approval: ApprovalShown | None
    moves: tuple[Offer, ...] = Field(description="What the caller may move it to.")
    may_edit: bool
    may_delete: bool
    may_regenerate: bool
    provider: str
    model: str
    prompt_hash: str
    asked: int = Field(description="How many times its provider was asked.")
    made_by: str = Field(description="Who wrote the wording of now.")
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None


class IdeaDetail(IdeaSummary):
    """One idea, the document behind it, and what was made of it."""

    document: SourceShown | None
    content: tuple[ContentSummary, ...]


class Change(Frozen):
    """A stretch of words: kept (`same`), new (`added`) or gone (`removed`)."""

    op: str
    text: str


class MoveOutcome(Frozen):
    """The outcome for one of many items."""

    id: str
    ok: bool
    state: State | None = None
    version: int | None = None
    code: str = Field(default="", description="The error's, when it was refused.")
    message: str = ""


__all__ = [
    "ApprovalShown",
    "AttachmentShown",
    "Change",
    "Checked",
    "CheckedPart",
    "ContentDetail",
    "ContentSummary",
    "IdeaDetail",
    "IdeaSummary",
    "MoveOutcome",
    "Offer",
    "RunShown",
    "Selectable",
    "SourceShown",
    "Wording",
]
