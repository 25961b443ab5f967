"""From a run's rows to the values that report it: the gate's batch, the brief, the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

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
    OptimizePlan,
    Output,
    RunRef,
    RunStatus,
    State,
    Totals,
    Violation,
)
from pressroom.model.plans import THUMBNAIL
from pressroom.reports.names import draft_file_name

if TYPE_CHECKING:
    from pressroom.store import contents
    from pressroom.store.database import Database
    from pressroom.store.lookup import Lookup
    from pressroom.store.tables import Asset, Content, Run, SubjectRow
    from pressroom.store.trend_tables import OpportunityRow

Made = TypeVar("Made", "Content", "Asset")

OFFLINE = "offline"


class Rows:
    """Everything a run has in the database. `calls`: what those took that it all came from, each once.

    `sources`, `notes`: where the documents of its ideas come from and what was not read of them, by their ids.
    `taken`: the opportunities that ideas come from, by the ids of the ideas.
    No dataclass: Prefect would walk through all the rows of one wherever a task is given it.
    """

    def __init__(
        self,
        run: Run,
        ideas: list[SubjectRow],
        drafts: list[Content],
        calls: list[contents.Spent],
        pictures: Sequence[Asset] = (),
        sources: Mapping[str, str] | None = None,
        notes: Mapping[str, tuple[str, ...]] | None = None,
        taken: Mapping[str, OpportunityRow] | None = None,
    ) -> None:
        self.run, self.ideas, self.drafts, self.calls, self.pictures = run, ideas, drafts, calls, pictures
        self.sources, self.notes, self.taken = sources or {}, notes or {}, taken or {}

    @property
    def expected(self) -> int:
        return len(self.ideas) * len(self.run.plan.formats)

    def drafts_about(self, idea: SubjectRow) -> list[Content]:
        """The drafts of one idea, in the order the formats were asked for."""
        order = self.run.plan.formats
        mine = [draft for draft in self._drafts.get(idea.id, ()) if draft.format in order]
        return sorted(mine, key=lambda draft: order.index(draft.format))

    @cached_property
    def _drafts(self) -> dict[str, list[Content]]:
        return _by_idea(self.drafts)

    def pictures_of(self, idea: SubjectRow) -> list[Asset]:
        """The pictures of one idea, in the order the platforms were asked for."""
        order = self.run.plan.purposes
        mine = [picture for picture in self._pictures.get(idea.id, ()) if picture.purpose in order]
        return sorted(mine, key=lambda picture: order.index(picture.purpose))

    @cached_property
    def _pictures(self) -> dict[str, list[Asset]]:
        return _by_idea(self.pictures)


def _by_idea(made: Sequence[Made]) -> dict[str, list[Made]]:
    found: dict[str, list[Made]] = {}
    for each in made:
        found.setdefault(each.subject_id, []).append(each)
    return found


def rows_of(database: Database, run_id: str) -> Rows:
    """Everything that a flow needs to close a run."""
    from pressroom.store import assets, contents, documents, opportunities, subjects
    from pressroom.store.runs import get_run

    run = get_run(database, run_id)
    drafts = contents.drafts_of(database, run_id, run.variant)
    ideas, pictures = subjects.subjects_of(database, run_id), assets.assets_of(database, run_id, run.variant)
    document_ids = [idea.document_id for idea in ideas if idea.document_id]
    return Rows(
        run=run,
        ideas=ideas,
        drafts=drafts,
        calls=_spent(database, run, [*drafts, *pictures]),
        pictures=pictures,
        sources=documents.sources(database, document_ids),
        notes=documents.notes(database, document_ids),
        taken=opportunities.opportunities_of_subjects(database, [idea.id for idea in ideas if idea.document_id]),
    )


def looked_up(lookup: Lookup, run: Any) -> Rows:
    """The same as `rows_of`, for a command that only looks: its rows have the attributes of those of the tables."""
    ideas = lookup.subjects_of(run.id)
    drafts, pictures = lookup.drafts_of(run.id, run.variant), lookup.assets_of(run.id, run.variant)
    documents = lookup.documents([idea.document_id for idea in ideas if idea.document_id])
    call_ids = [*run.idea_calls, *(call_id for each in (*drafts, *pictures) for call_id in each.call_ids)]
    of_pictures = isinstance(run.plan, OptimizePlan)
    calls = lookup.calls_of_run(run.id) if of_pictures else lookup.calls(list(dict.fromkeys(call_ids)))
    found: tuple[Any, Any, Any, Any] = (ideas, drafts, calls, pictures)
    sources = {each.id: each.source for each in documents}
    notes = {each.id: tuple(each.body.get("notes") or ()) for each in documents}
    taken: dict[str, Any] = {
        each.subject_id: each for each in lookup.opportunities_of([idea.id for idea in ideas if idea.document_id])
    }
    return Rows(run, *found, sources=sources, notes=notes, taken=taken)


def _spent(database: Database, run: Run, made: Sequence[Content | Asset]) -> list[contents.Spent]:
    """The calls behind the run's ideas, drafts and pictures. With optimised pictures: all calls of the run."""
    from pressroom.store import contents

    if isinstance(run.plan, OptimizePlan):
        asked = contents.calls_of_run(database, run.id)
        return [contents.Spent(*(getattr(call, name) for name in contents.Spent._fields)) for call in asked]
    call_ids = [*run.idea_calls, *(call_id for each in made for call_id in each.call_ids)]
    return contents.spent(database, list(dict.fromkeys(call_ids)))


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
