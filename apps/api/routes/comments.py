"""Comments on a draft, and the member whose turn it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from apps.api.wanted_content import ANOTHER, ContentId
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.people.permissions import Action
from pressroom.review import commenting
from pressroom.review.commenting import AssigneeShown, CommentShown

router = APIRouter(prefix="/content/{content_id}", tags=["content"], dependencies=[requires(Action.READ)])

CommentId = Annotated[str, Path(max_length=64, description="The comment's id.", examples=[ANOTHER])]


class Comments(BaseModel):
    """The comments on a draft, the oldest first."""

    items: list[CommentShown]


class CommentWanted(BaseModel):
    """A comment. `@ada` in its text notifies that member."""

    text: str = Field(
        min_length=1, max_length=commenting.LONGEST, examples=["Is the number right, @grace? The report says 12 %."]
    )
    for_clients: bool = Field(default=False, description="True: clients with a share link to the draft read it too.")


class Assignee(BaseModel):
    """The member whose turn it is; null: no one's."""

    assignee: AssigneeShown | None


class AssigneeWanted(BaseModel):
    """The member to assign the draft to."""

    user_id: str = Field(max_length=64, description="A member's id, from the list of members.", examples=[ANOTHER])


@router.get("/comments")
def list_comments(content_id: ContentId, database: DbDep, caller: CallerDep) -> Comments:
    """List the comments on the draft, those of clients included."""
    return Comments(items=commenting.comments_of(database, caller, content_id))


@router.post("/comments", status_code=201)
def add_comment(content_id: ContentId, wanted: CommentWanted, database: DbDep, caller: CallerDep) -> CommentShown:
    """Comment on the draft. Members whom the text names and those who talk already are notified. Only people can."""
    return commenting.comment(database, caller, content_id, wanted.text, for_clients=wanted.for_clients)


@router.delete("/comments/{comment_id}", status_code=204)
def delete_comment(content_id: ContentId, comment_id: CommentId, database: DbDep, caller: CallerDep) -> None:
    """Delete a comment of your own."""
    commenting.withdraw(database, caller, content_id, comment_id)


@router.get("/assignee")
def get_assignee(content_id: ContentId, database: DbDep) -> Assignee:
    """Return the member whose turn it is with the draft."""
    return Assignee(assignee=commenting.assignee_of(database, content_id))


@router.put("/assignee", dependencies=[requires(Action.EDIT_CONTENT)])
def set_assignee(content_id: ContentId, wanted: AssigneeWanted, database: DbDep, caller: CallerDep) -> Assignee:
    """Assign the draft to a member, who is notified."""
    commenting.assign(database, caller, content_id, wanted.user_id)
    return Assignee(assignee=commenting.assignee_of(database, content_id))


@router.delete("/assignee", status_code=204, dependencies=[requires(Action.EDIT_CONTENT)])
def clear_assignee(content_id: ContentId, database: DbDep, caller: CallerDep) -> None:
    """Assign the draft to no one."""
    commenting.assign(database, caller, content_id, "")
