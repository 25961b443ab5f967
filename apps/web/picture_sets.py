"""Pictures as people look for them: those of one idea, document or upload together, with their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import col, exists, select

from apps.web.naming import shown_source, upload_names
from pressroom.errors import NotFound, PressroomError
from pressroom.model import SubjectKind
from pressroom.model.results import Results
from pressroom.reports.results import RESULTS_FILE, from_json
from pressroom.store import contents
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.paging import read_page
from pressroom.store.tables import Asset, SubjectRow

Kind = Literal["", "optimised", "made"]
PAGE = 24


@dataclass(frozen=True)
class PictureSet:
    """The pictures of one idea. is_optimised: made of a picture that was handed in, not of words."""

    id: str
    run_id: str
    title: str
    is_optimised: bool
    pictures: tuple[Asset, ...]
    created_at: datetime


@dataclass(frozen=True)
class Finished:
    """A set's `results.json`, and where the files that it names lie below the run's own."""

    results: Results
    folder: str


def list_sets(
    database: Database, workspace_id: str, kind: Kind = "", cursor: str | None = None
) -> tuple[list[PictureSet], str | None]:
    """Sets of pictures, newest first, and where the next page begins."""
    has_pictures = exists().where(col(Asset.subject_id) == col(SubjectRow.id))
    query = select(SubjectRow).where(SubjectRow.workspace_id == workspace_id, has_pictures)
    if kind == "optimised":
        query = query.where(SubjectRow.kind == SubjectKind.PICTURE)
    elif kind == "made":
        query = query.where(SubjectRow.kind != SubjectKind.PICTURE)
    with database.read() as session:
        ideas, following = read_page(session, query, SubjectRow, cursor=cursor, limit=PAGE)
    return sets_of(database, ideas), following


def sets_of_run(database: Database, run_id: str) -> list[PictureSet]:
    """The sets that one run has made."""
    with database.read() as session:
        query = select(SubjectRow).where(SubjectRow.run_id == run_id).order_by(col(SubjectRow.position))
        ideas = session.exec(query).all()
    return [each for each in sets_of(database, ideas) if each.pictures]


def get_set(database: Database, workspace_id: str, subject_id: str) -> PictureSet:
    """Raises NotFound, also for another workspace's and for an idea without pictures."""
    with database.read() as session:
        idea = session.get(SubjectRow, subject_id)
    found = sets_of(database, [idea]) if idea is not None and idea.workspace_id == workspace_id else []
    if not found or not found[0].pictures:
        raise NotFound("There are no such pictures.", hint="They may be another workspace's.")
    return found[0]


def finished(database: Database, store: ArtifactStore, wanted: PictureSet) -> Finished | None:
    """The captions, hashtags and accounts of an optimised set; None while they are not written, or are gone."""
    keys = [
        each.key for each in contents.artifacts_of(database, wanted.run_id) if each.key.endswith(f"/{RESULTS_FILE}")
    ]
    key = next((key for key in keys if wanted.pictures[0].key.startswith(key.removesuffix(RESULTS_FILE))), None)
    if key is None:
        return None
    try:
        results = from_json(store.get(key))
    except PressroomError:
        return None
    return Finished(results, key.partition(f"/{wanted.run_id}/")[2].removesuffix(f"/{RESULTS_FILE}"))


def sets_of(database: Database, ideas: Sequence[SubjectRow]) -> list[PictureSet]:
    """The pictures of each idea; of one that has none, an empty set."""
    pictures = _pictures(database, [idea.id for idea in ideas])
    names = upload_names(database, (idea.title for idea in ideas))
    return [
        PictureSet(
            id=idea.id,
            run_id=idea.run_id,
            title=shown_source(idea.title, names),
            is_optimised=idea.kind == SubjectKind.PICTURE,
            pictures=tuple(pictures.get(idea.id, ())),
            created_at=idea.created_at,
        )
        for idea in ideas
    ]


def _pictures(database: Database, subject_ids: Sequence[str]) -> dict[str, list[Asset]]:
    """By idea: the pictures of its newest variant, the thumbnail first."""
    with database.read() as session:
        rows = session.exec(select(Asset).where(col(Asset.subject_id).in_(subject_ids))).all()
    newest = {subject_id: max(row.variant for row in rows if row.subject_id == subject_id) for subject_id in _ids(rows)}
    gathered: dict[str, list[Asset]] = {}
    for row in sorted(rows, key=lambda each: (each.purpose != "thumbnail", each.purpose)):
        if row.variant == newest[row.subject_id]:
            gathered.setdefault(row.subject_id, []).append(row)
    return gathered


def _ids(rows: Iterable[Asset]) -> set[str]:
    return {row.subject_id for row in rows}
