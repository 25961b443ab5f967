"""Readable names for sources and runs: an upload by its file name, an address by its end, a run by its focus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from sqlmodel import col, select

from pressroom.model.workflows import DAILY, OPTIMIZE, REPURPOSE
from pressroom.store.database import Database
from pressroom.store.desk_tables import Upload
from pressroom.store.tables import Content, Run, SubjectRow
from pressroom.store.uploads import PREFIX

KINDS: Mapping[str, str] = MappingProxyType(
    {**{each.kind: each.title for each in (DAILY, REPURPOSE, OPTIMIZE)}, "post": "Post by hand"}
)
"""A run's title by its kind."""


def upload_names(database: Database, sources: Iterable[str]) -> dict[str, str]:
    """Names of uploads, deleted ones too, by `upload:ID`; other sources are left out."""
    ids = {source.removeprefix(PREFIX) for source in sources if source.startswith(PREFIX)}
    if not ids:
        return {}
    with database.read() as session:
        found = session.exec(select(Upload.id, Upload.name).where(col(Upload.id).in_(ids))).all()
    return {f"{PREFIX}{upload_id}": name for upload_id, name in found}


def content_titles(database: Database, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(title of the idea, format) of each piece of content, by its id."""
    query = select(Content.id, SubjectRow.title, Content.format)
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    with database.read() as session:
        return {found: (title, form) for found, title, form in session.exec(query.where(col(Content.id).in_(ids)))}


def run_titles(database: Database, runs: Sequence[Run]) -> dict[str, str]:
    """The title of each run, by its id: a daily run by its focus (else its kind), any other by its first source."""
    titles = {run.id: run.plan.about or KINDS.get(run.kind, run.kind) for run in runs}
    others = [run.id for run in runs if run.kind != DAILY.kind]
    query = select(SubjectRow.run_id, SubjectRow.title, SubjectRow.position).where(col(SubjectRow.run_id).in_(others))
    with database.read() as session:
        found = session.exec(query).all() if others else []
    names = upload_names(database, (title for _, title, _ in found))
    for run_id in others:
        ideas = sorted((position, title) for of_run, title, position in found if of_run == run_id)
        if ideas:
            first = shown_source(ideas[0][1], names)
            titles[run_id] = first if len(ideas) == 1 else f"{first} and {len(ideas) - 1} more"
    return titles


def shown_source(source: str, names: Mapping[str, str]) -> str:
    """`source` as a person knows it: an upload's name, the end of an address, or itself."""
    if source in names:
        return names[source]
    is_address = source.startswith(("https://", "http://"))
    return (source.rstrip("/").rpartition("/")[2] or source) if is_address else source
