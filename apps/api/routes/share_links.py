"""Share links: a named client reads a draft, or the drafts of an idea, and comments on them, without a sign-in."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field, model_validator

from apps.api.routes.auth import NO_STORE
from apps.api.wanted_content import AN_ID, ANOTHER
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.people.permissions import Action
from pressroom.review import sharing
from pressroom.review.sharing import MOST_DAYS, ShareLinkView

router = APIRouter(prefix="/share-links", tags=["share links"], dependencies=[requires(Action.READ)])

EDITS = requires(Action.EDIT_CONTENT)

ShareLinkId = Annotated[str, Path(max_length=64, description="The link's id.", examples=[ANOTHER])]
OfContent = Annotated[str, Query(max_length=64, description="Links that show this draft, its idea's included.")]
OfIdea = Annotated[str, Query(max_length=64, description="Links to this idea.")]


class ShareLinks(BaseModel):
    """The links that work, the newest first."""

    items: list[ShareLinkView]


class ShareLinkWanted(BaseModel):
    """A link to one draft (`content_id`), or to all drafts of an idea (`idea_id`)."""

    client: str = Field(min_length=1, max_length=100, description="The client's name.", examples=["Harbour Mill"])
    content_id: str | None = Field(default=None, max_length=64, examples=[AN_ID])
    idea_id: str | None = Field(default=None, max_length=64)
    days: int = Field(default=7, ge=1, le=MOST_DAYS, description="Days until it expires.")

    @model_validator(mode="after")
    def _about_one(self) -> Self:
        if (self.content_id is None) == (self.idea_id is None):
            raise ValueError("name either `content_id` or `idea_id`")
        return self


class ShareLinkMade(ShareLinkView):
    """A new link, with its address."""

    url: str = Field(
        description="Shown this once. Anyone who has it can read and comment.",
        examples=["https://desk.example.com/shared/prl_..."],
    )


@router.get("")
def list_share_links(
    database: DbDep, caller: CallerDep, content_id: OfContent = "", idea_id: OfIdea = ""
) -> ShareLinks:
    """List the share links that work, newest first."""
    return ShareLinks(items=sharing.list_links(database, caller, content_id=content_id, idea_id=idea_id))


@router.post("", status_code=201, dependencies=[EDITS])
def create_share_link(
    request: Request, wanted: ShareLinkWanted, response: Response, database: DbDep, caller: CallerDep
) -> ShareLinkMade:
    """Make a share link. A client sees the draft, comments on it, and sees nothing else. Only people can share."""
    about = {"content_id": wanted.content_id or "", "idea_id": wanted.idea_id or ""}
    made, token = sharing.share(database, caller, wanted.client, wanted.days, **about)
    response.headers.update(NO_STORE)
    return ShareLinkMade(**made.model_dump(), url=f"{str(request.base_url).rstrip('/')}/shared/{token}")


@router.delete("/{share_link_id}", status_code=204, dependencies=[EDITS])
def revoke_share_link(share_link_id: ShareLinkId, database: DbDep, caller: CallerDep) -> None:
    """Revoke a share link, at once. The client's comments stay."""
    sharing.revoke(database, caller, share_link_id)
