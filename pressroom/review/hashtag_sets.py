"""Hashtag sets: hashtags that a workspace uses together, put into a draft by one click."""

from __future__ import annotations

from pydantic import Field
from sqlmodel import Session, col, select

from pressroom.errors import NotFound, WrongInput
from pressroom.model import Caller, Frozen
from pressroom.model.base import Hashtag
from pressroom.review.rows import check_storable, checked_id
from pressroom.store import audit
from pressroom.store.database import Database
from pressroom.store.desk_tables import HashtagSet

MOST_SETS, MOST_HASHTAGS, LONGEST_NAME = 100, 30, 63


class HashtagSetWanted(Frozen):
    """A set by its name. Saving a name again replaces its hashtags."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["Launch"])
    hashtags: tuple[Hashtag, ...] = Field(min_length=1, max_length=MOST_HASHTAGS, examples=[["launch", "newproduct"]])


class HashtagSetShown(Frozen):
    """A set as it is saved; its hashtags without #."""

    id: str
    name: str = Field(examples=["Launch"])
    hashtags: tuple[str, ...] = Field(examples=[["launch", "newproduct"]])


def list_sets(database: Database, workspace_id: str) -> list[HashtagSetShown]:
    """The sets of a workspace, by name."""
    query = select(HashtagSet).where(HashtagSet.workspace_id == workspace_id).order_by(col(HashtagSet.name))
    with database.read() as session:
        return [_view(row) for row in session.exec(query).all()]


def save_set(database: Database, caller: Caller, wanted: HashtagSetWanted) -> HashtagSetShown:
    """Save a set under its name, each hashtag once. Raises `WrongInput` for one set too many, or an empty name."""
    name = " ".join(wanted.name.split())
    if not name or not name.isprintable():
        raise WrongInput("The set has no name.")
    tags = list({tag.lstrip("#＃").casefold(): tag.lstrip("#＃") for tag in wanted.hashtags}.values())
    check_storable(tags, "The set")
    with database.write() as session:
        rows = session.exec(select(HashtagSet).where(HashtagSet.workspace_id == caller.workspace_id)).all()
        row = next((each for each in rows if each.name == name), None)
        if row is None and len(rows) >= MOST_SETS:
            raise WrongInput(f"A workspace has at most {MOST_SETS} hashtag sets.", hint="Delete one first.")
        row = row or HashtagSet(workspace_id=caller.workspace_id, name=name)
        row.hashtags = tags
        session.add(row)
        _note(session, caller, row, "hashtag_set.saved")
    return _view(row)


def delete_set(database: Database, caller: Caller, set_id: str) -> None:
    """Delete a set; drafts keep its hashtags. Raises NotFound."""
    with database.write() as session:
        row = session.exec(select(HashtagSet).where(HashtagSet.id == checked_id(set_id, "hashtag set"))).one_or_none()
        if row is None or row.workspace_id != caller.workspace_id:
            raise NotFound("There is no such hashtag set.")
        session.delete(row)
        _note(session, caller, row, "hashtag_set.deleted")


def _note(session: Session, caller: Caller, row: HashtagSet, action: str) -> None:
    audit.note(session, caller, action, subject_kind="hashtag_set", subject_id=row.id, details={"name": row.name})


def _view(row: HashtagSet) -> HashtagSetShown:
    return HashtagSetShown(id=row.id, name=row.name, hashtags=tuple(row.hashtags))
