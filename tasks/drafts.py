"""Writing one draft, from the idea to the stored row."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from prefect import Task, task
from prefect.context import TaskRunContext

from blocks import connections
from pressroom import formats
from pressroom.formats import prompts
from pressroom.gates.moderating import moderate
from pressroom.model import Assignment, DraftRef, Finding, IdeaRef, RunRef
from pressroom.platforms import counting
from pressroom.settings import settings
from pressroom.store import contents
from pressroom.store.tables import Content
from pressroom.writing.drafting import TurnedDown, Written, write
from pressroom.writing.subjects import subject
from tasks import observing
from tasks.books import books_of
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE

CACHE_VERSION = 2
"""Raise it when what the task stores changes in a way that old results must not hide."""


def draft_key(_context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """Cache key: the idea and everything a draft is made of, never the run of Prefect's that asks."""
    run: RunRef = parameters["run"]
    form = formats.get(parameters["form"])
    words = [prompts.load(name).hash for name in ("system", "feedback", form.name)]
    chain = connections.chain(run.chain).fingerprint
    wishes = run.preferences.model_dump_json()
    if settings().second_reading:
        words.append(prompts.load("claims").hash)
    parts = [CACHE_VERSION, parameters["idea"].id, form.name, form.fingerprint, run.variant, chain, wishes, *words]
    return f"write-draft-{hashlib.sha256(repr(parts).encode()).hexdigest()}"


@task(
    name="write-draft",
    task_run_name="{form}: {idea.title}",
    cache_key_fn=draft_key,
    persist_result=True,
    result_serializer="json",
    **INFRASTRUCTURE,
)
@observed
def write_draft(run: RunRef, idea: IdeaRef, form: str) -> DraftRef:
    """Write, check, moderate and store one draft; one that is stored already is left as it is.

    Raises:
        ChainExhausted: no provider gave a usable answer. Nothing is stored, and a repeat tries again.
    """
    database = connections.database()
    kept = contents.kept_draft(database, idea.id, form, run.variant)
    if kept is None:
        written, findings = write_and_moderate(run, idea, form, variant=run.variant)
        row = contents.save_draft(database, draft_row(run, idea, form, written, findings))
        observing.draft_stored(row)
        kept = row.id, row.state
    content_id, state = kept
    return DraftRef(id=content_id, idea_position=idea.position, format=form, state=state)


def cached_write_draft() -> Task[..., DraftRef]:
    """`write_draft` with its results kept in the artifact store, which is known only once settings are read."""
    return write_draft.with_options(result_storage=connections.result_storage())


def write_and_moderate(
    run: RunRef, idea: IdeaRef, form: str, *, variant: int, turned_down: TurnedDown | None = None
) -> tuple[Written, tuple[Finding, ...]]:
    """One draft and what moderation found in it; nothing is stored but the calls."""
    chosen, about = settings(), subject(connections.database(), idea.id)
    preferences = about.preferences(run.plan)
    chain, books = connections.chain(run.chain), replace(books_of(run, f"{idea.position}/{form}"), variant=variant)
    written = write(
        Assignment(idea=about.idea, format=form, preferences=preferences, document=about.excerpt),
        chain,
        books,
        feedback_rounds=chosen.feedback_rounds,
        temperature=chosen.draft_temperature,
        turned_down=turned_down,
        source=about.source,
        second_reading=chosen.second_reading,
    )
    findings = moderate(written.parts(form), chain, books, language=preferences.language)
    return written, (*findings, *about.findings)


def draft_row(run: RunRef, idea: IdeaRef, form: str, written: Written, findings: tuple[Finding, ...]) -> Content:
    """The row that keeps a draft with its checks and its lineage."""
    body = written.body.model_dump(mode="json")
    text = formats.get(form).text(written.body)
    return Content(
        workspace_id=run.workspace_id,
        run_id=run.id,
        subject_id=idea.id,
        format=form,
        platform=formats.get(form).platform,
        variant=run.variant,
        state=written.state,
        body=body,
        text=text,
        words=counting.words(text),
        characters=len(text),
        violations=[violation.model_dump(mode="json") for violation in written.violations],
        findings=[finding.model_dump(mode="json") for finding in findings],
        provider=written.provider,
        model=written.model,
        prompt_hash=written.prompt_hash,
        call_ids=list(written.call_ids),
        asked=written.asked,
        content_hash=contents.content_hash(body),
        day=run.day,
    )
