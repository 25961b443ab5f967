"""Everything a run has in the database, read once for its reports and for commands that look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pressroom.store import contents
    from pressroom.store.database import Database
    from pressroom.store.lookup import Lookup
    from pressroom.store.tables import Asset, Content, Run, SubjectRow
    from pressroom.store.trend_tables import OpportunityRow

Made = TypeVar("Made", "Content", "Asset")

OPTIMIZE = "optimize"
"""The kind of run whose calls are all its own."""


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
        return len(self.ideas) * len(self.run.formats)

    def drafts_about(self, idea: SubjectRow) -> list[Content]:
        """The drafts of one idea, in the order the formats were asked for."""
        order = self.run.formats
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
    of_pictures = run.kind == OPTIMIZE
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

    if run.kind == OPTIMIZE:
        asked = contents.calls_of_run(database, run.id)
        return [contents.Spent(*(getattr(call, name) for name in contents.Spent._fields)) for call in asked]
    call_ids = [*run.idea_calls, *(call_id for each in made for call_id in each.call_ids)]
    return contents.spent(database, list(dict.fromkeys(call_ids)))
