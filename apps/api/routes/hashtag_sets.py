"""Hashtag sets: hashtags that a workspace uses together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from apps.api.wanted_content import ANOTHER
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.people.permissions import Action
from pressroom.review import hashtag_sets
from pressroom.review.hashtag_sets import HashtagSetShown, HashtagSetWanted

router = APIRouter(prefix="/hashtag-sets", tags=["content"], dependencies=[requires(Action.READ)])

EDITS = requires(Action.EDIT_CONTENT)

SetId = Annotated[str, Path(max_length=64, description="The set's id.", examples=[ANOTHER])]


class HashtagSets(BaseModel):
    """The hashtag sets of the workspace, by name."""

    items: list[HashtagSetShown]


@router.get("")
def list_hashtag_sets(database: DbDep, caller: CallerDep) -> HashtagSets:
    """List the workspace's hashtag sets."""
    return HashtagSets(items=hashtag_sets.list_sets(database, caller.workspace_id))


@router.put("", dependencies=[EDITS])
def save_hashtag_set(wanted: HashtagSetWanted, database: DbDep, caller: CallerDep) -> HashtagSetShown:
    """Save a hashtag set under its name; one that has the name is replaced."""
    return hashtag_sets.save_set(database, caller, wanted)


@router.delete("/{hashtag_set_id}", status_code=204, dependencies=[EDITS])
def delete_hashtag_set(hashtag_set_id: SetId, database: DbDep, caller: CallerDep) -> None:
    """Delete a hashtag set; drafts keep its hashtags."""
    hashtag_sets.delete_set(database, caller, hashtag_set_id)
