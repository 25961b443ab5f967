"""From a run's rows to the values that report it: the gate's batch, the brief, the counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from pressroom import formats
from pressroom.model import (
    BatchRow,
    Brief,
    BriefDraft,
    BriefIdea,
    BriefPicture,
    Failure,
    Finding,
    GateVerdict,
    Output,
    RunRef,
    RunStatus,
    State,
    Totals,
    Violation,
)
from pressroom.model.plans import THUMBNAIL
from pressroom.reports.names import draft_file_name
from pressroom.reports.rows import Rows

if TYPE_CHECKING:
    from pressroom.store.tables import Asset, Content, Run, SubjectRow
    from pressroom.store.trend_tables import OpportunityRow

Made = TypeVar("Made", "Content", "Asset")

OFFLINE = "offline"


def batch(rows: Rows) -> list[BatchRow]:
    """The run's drafts as the batch gate sees them, by idea and format."""
    return [_batch_row(idea, draft) for idea in rows.ideas for draft in rows.drafts_about(idea)]


def _batch_row(idea: SubjectRow, draft: Content) -> BatchRow:
    return BatchRow(
        idea_position=idea.position,
        idea_title=idea.title,
        format=draft.format,
        platform=draft.platform,
        state=State(draft.state),
        text=draft.text,
        characters=draft.characters,
        words=draft.words,
        violations=len(draft.violations),
        idea_id=idea.id,
        content_id=draft.id,
        prompt_hash=draft.prompt_hash,
        provider=draft.provider,
        model=draft.model,
        calls=len(draft.call_ids),
    )


def totals(rows: Rows, failed: int, seconds: float) -> Totals:
    """Counts over all the run's executions. A call that another run had made counts as reused."""
    made = sum(call.run_id == rows.run.id for call in rows.calls)
    return Totals(
        ideas=len(rows.ideas),
        drafts=len(rows.drafts),
        quarantined=sum(draft.state == State.QUARANTINED for draft in rows.drafts),
        flagged=sum(bool(draft.findings) for draft in rows.drafts),
        failed=failed,
        pictures=len(rows.pictures),
        calls_made=made,
        calls_reused=len(rows.calls) - made,
        input_tokens=sum(call.input_tokens for call in rows.calls),
        output_tokens=sum(call.output_tokens for call in rows.calls),
        cost_usd=sum(call.cost_microusd for call in rows.calls) / 1_000_000,
        seconds=seconds,
    )


def seconds(run: Run) -> float:
    """Wall time of the execution that made the run: a repeat that only looks doesn't change the record."""
    if run.totals is not None:
        return float(run.totals["seconds"])
    return round((datetime.now(UTC) - run.started_at).total_seconds(), 2)


def outputs(rows: Rows, folder: str) -> tuple[Output, ...]:
    """Everything that was made of a run's documents; `folder`: address of the run's files."""
    ideas = [_idea(idea, rows) for idea in rows.ideas]
    return tuple(
        made
        for idea in ideas
        for made in (
            *(_draft_output(idea, draft, folder) for draft in idea.drafts),
            *(_picture_output(idea, picture, folder) for picture in idea.pictures),
        )
    )


def _draft_output(idea: BriefIdea, draft: BriefDraft, folder: str) -> Output:
    return Output(
        source=idea.source,
        kind="draft",
        name=draft.format,
        platform=draft.platform,
        state=draft.state,
        text="\n\n".join(part.text for part in draft.parts),
        violations=draft.violations,
        flags=draft.findings,
        address=f"{folder}/{draft.file}",
        made_offline=draft.made_offline,
    )


def _picture_output(idea: BriefIdea, picture: BriefPicture, folder: str) -> Output:
    return Output(
        source=idea.source,
        kind="picture",
        name=picture.purpose,
        platform="" if picture.purpose == THUMBNAIL else picture.purpose,
        text=picture.alt_text,
        notes=picture.notes,
        address=f"{folder}/{picture.file}",
        width=picture.width,
        height=picture.height,
        made_offline=picture.made_offline,
    )


def brief(
    run: RunRef,
    rows: Rows,
    *,
    status: RunStatus,
    counts: Totals,
    failures: Sequence[Failure],
    gate: GateVerdict | None,
) -> Brief:
    return Brief(
        workspace=run.workspace,
        run_id=run.id,
        day=run.day,
        status=status,
        trigger=rows.run.trigger,
        focus=run.plan.about,
        chain=run.chain,
        started_at=rows.run.created_at,
        ideas=tuple(_idea(idea, rows) for idea in rows.ideas),
        failures=tuple(failures),
        gate=gate,
        totals=counts,
    )


def _idea(idea: SubjectRow, rows: Rows) -> BriefIdea:
    return BriefIdea(
        position=idea.position,
        title=idea.title,
        description=idea.description,
        category=idea.category,
        drafts=tuple(_draft(idea, draft) for draft in rows.drafts_about(idea)),
        source=rows.sources.get(idea.document_id or "", ""),
        opportunity=_opportunity(rows.taken.get(idea.id)),
        notes=rows.notes.get(idea.document_id or "", ()),
        pictures=tuple(_picture(picture) for picture in rows.pictures_of(idea)),
    )


def _opportunity(row: OpportunityRow | None) -> str:
    """`Opportunity 4f0c1a2b, score 84, taken by rule news.`; empty for every other idea."""
    return "" if row is None else f"Opportunity {row.id[:8]}, score {row.value:.0f}, taken by {row.taken_by}."


def _picture(picture: Asset) -> BriefPicture:
    return BriefPicture(
        purpose=picture.purpose,
        width=picture.width,
        height=picture.height,
        alt_text=picture.alt_text,
        made_offline=picture.provider == OFFLINE,
        notes=tuple(picture.notes),
        file=f"pictures/{picture.key.rpartition('/')[2]}",
    )


def _draft(idea: SubjectRow, draft: Content) -> BriefDraft:
    form = formats.get(draft.format)
    return BriefDraft(
        content_id=draft.id,
        format=draft.format,
        format_title=form.title,
        platform=draft.platform,
        state=State(draft.state),
        parts=form.parts(form.body.model_validate(draft.body)),
        words=draft.words,
        characters=draft.characters,
        violations=tuple(Violation.model_validate(item) for item in draft.violations),
        findings=tuple(Finding.model_validate(item) for item in draft.findings),
        provider=draft.provider,
        model=draft.model,
        made_offline=draft.provider == OFFLINE,
        asked=draft.asked,
        file=draft_file_name(idea.position, draft.format, idea.title),
    )
