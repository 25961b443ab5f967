"""From a run's rows to the values that report it: the gate's batch, the brief, the counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pressroom import formats
from pressroom.compiler.names import draft_file_name
from pressroom.model import (
    BatchRow,
    Brief,
    BriefDraft,
    BriefIdea,
    Failure,
    Finding,
    GateVerdict,
    RunRef,
    RunStatus,
    State,
    Totals,
    Violation,
)
from pressroom.store import contents
from pressroom.store.database import Database
from pressroom.store.runs import get_run
from pressroom.store.tables import Content, IdeaRow, ProviderCall, Run, utc_now

OFFLINE = "offline"


@dataclass(frozen=True)
class Rows:
    """Everything a run has in the database. `calls`: those its ideas and drafts came from, each once."""

    run: Run
    ideas: list[IdeaRow]
    drafts: list[Content]
    calls: list[ProviderCall]

    @property
    def expected(self) -> int:
        return len(self.ideas) * len(self.run.request["formats"])

    def drafts_about(self, idea: IdeaRow) -> list[Content]:
        """The drafts of one idea, in the order the formats were asked for."""
        order = self.run.request["formats"]
        mine = [draft for draft in self.drafts if draft.idea_id == idea.id and draft.format in order]
        return sorted(mine, key=lambda draft: order.index(draft.format))


def rows_of(database: Database, run_id: str) -> Rows:
    run = get_run(database, run_id)
    drafts = contents.drafts_of(database, run_id, run.variant)
    call_ids = [*run.idea_calls, *(call_id for draft in drafts for call_id in draft.call_ids)]
    return Rows(
        run=run,
        ideas=contents.ideas_of(database, run_id),
        drafts=drafts,
        calls=contents.calls(database, list(dict.fromkeys(call_ids))),
    )


def batch(rows: Rows) -> list[BatchRow]:
    """The run's drafts as the batch gate sees them, by idea and format."""
    return [_batch_row(idea, draft) for idea in rows.ideas for draft in rows.drafts_about(idea)]


def _batch_row(idea: IdeaRow, draft: Content) -> BatchRow:
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
    return round((utc_now() - run.started_at).total_seconds(), 2)


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
        focus=run.focus,
        chain=run.chain,
        started_at=rows.run.created_at,
        ideas=tuple(_idea(idea, rows) for idea in rows.ideas),
        failures=tuple(failures),
        gate=gate,
        totals=counts,
    )


def _idea(idea: IdeaRow, rows: Rows) -> BriefIdea:
    return BriefIdea(
        position=idea.position,
        title=idea.title,
        description=idea.description,
        category=idea.category,
        drafts=tuple(_draft(idea, draft) for draft in rows.drafts_about(idea)),
    )


def _draft(idea: IdeaRow, draft: Content) -> BriefDraft:
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
