"""The whole line behind one piece of content: run, idea, prompt, calls, checks, revisions."""

from __future__ import annotations

from typing import Any

from pressroom.store import contents, documents
from pressroom.store.database import Database
from pressroom.store.opportunities import opportunity_of_subject
from pressroom.store.runs import get_run
from pressroom.store.tables import Content, ProviderCall, Revision, Run, SubjectRow
from pressroom.store.trend_tables import OpportunityRow


def lineage(database: Database, workspace_id: str, wanted: str) -> dict[str, Any]:
    """Everything that led to the content `wanted` (an id or its first digits), as JSON values.

    Raises:
        WrongInput: there is no such content.
    """
    content = contents.find_content(database, workspace_id, wanted)
    run = get_run(database, content.run_id)
    idea: SubjectRow = contents.one_of(database, SubjectRow, content.subject_id)
    return {
        "run": _run(run),
        "idea": idea.model_dump(mode="json", include={"id", "position", "title", "description", "category"}),
        "opportunity": _opportunity(opportunity_of_subject(database, idea.id)),
        "sources": _sources(database, idea),
        "content": _content(content),
        "idea_calls": [_call(call) for call in contents.calls(database, run.idea_calls)],
        "revisions": [_revision(database, revision) for revision in contents.revisions_of(database, content.id)],
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "date": run.day.isoformat(),
        "status": run.status,
        "trigger": run.trigger,
        "chain": run.chain,
        "flow_run_id": run.flow_run_id,
    }


def _opportunity(row: OpportunityRow | None) -> dict[str, Any] | None:
    """The opportunity that the idea came from; None for every other idea."""
    shown = {
        "id",
        "topic_id",
        "region",
        "title",
        "angle",
        "why_now",
        "value",
        "taken_by",
        "run_id",
        "links",
        "call_ids",
    }
    return None if row is None else row.model_dump(mode="json", include=shown)


def _sources(database: Database, idea: SubjectRow) -> list[str]:
    """The addresses, or other names, of what the idea's document was read from."""
    found = documents.sources(database, [idea.document_id]) if idea.document_id else {}
    return [source for each in found.values() for source in each.split(", ")]


def _content(content: Content) -> dict[str, Any]:
    left_out = {"body", "text", "call_ids", "workspace_id", "run_id", "subject_id"}
    return content.model_dump(mode="json", exclude=left_out)


def _call(call: ProviderCall) -> dict[str, Any]:
    shown = {
        "id", "purpose", "provider", "model", "status", "prompt_hash", "request_hash",
        "input_tokens", "output_tokens", "cached_tokens", "milliseconds", "created_at", "error_code", "error",
    }  # fmt: skip
    return {**call.model_dump(mode="json", include=shown), "cost_usd": call.cost_microusd / 1_000_000}


def _revision(database: Database, revision: Revision) -> dict[str, Any]:
    shown = {"number", "author", "note", "text", "violations", "prompt_hash", "created_at"}
    calls = [_call(call) for call in contents.calls(database, revision.call_ids)]
    return {**revision.model_dump(mode="json", include=shown), "calls": calls}
