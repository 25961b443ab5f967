"""Proposals: a text of a program's own for a draft, which waits for a person as a suggestion."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from apps.api.wanted_content import ContentId, Wish
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.people.permissions import Action
from pressroom.review import proposing
from pressroom.review.suggesting import SuggestionShown

router = APIRouter(prefix="/content/{content_id}/proposals", tags=["content"], dependencies=[requires(Action.READ)])


class Proposal(Wish):
    """Another text for the draft. `note`: why, for the person who decides."""

    body: dict[str, Any] = Field(
        description="Every field of the draft's format.", examples=[{"posts": ["Ask the night shift first. #ops"]}]
    )


@router.post("", status_code=201, dependencies=[requires(Action.EDIT_CONTENT)])
def propose_text(content_id: ContentId, wanted: Proposal, database: DbDep, caller: CallerDep) -> SuggestionShown:
    """Propose a text. The draft stays as it is until a person takes it; the answer lists the rules it breaks."""
    return proposing.propose(database, caller, content_id, wanted.body, note=wanted.note)
