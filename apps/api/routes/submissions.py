"""Content from documents: `POST /content`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from apps.api.asking import ACCEPTED, Around, AskingDep
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.intake import take_in
from apps.desk.received import pasted
from pressroom.errors import WrongInput
from pressroom.model import RepurposeRequest
from pressroom.model.ideas import LANGUAGE
from pressroom.model.requests import Name
from pressroom.people.permissions import Action
from pressroom.store.uploads import PREFIX

router = APIRouter(prefix="/content", tags=["jobs"])


class Submission(Around):
    """Documents, and what to make of them. Omitted fields come from the workspace's preferences."""

    sources: list[Annotated[str, Field(max_length=2000)]] = Field(
        default=[],
        max_length=100,
        description="Web addresses of pages or feeds, and `upload:ID` of what was handed in.",
        examples=[["https://example.com/post"]],
    )
    text: str = Field(default="", max_length=900_000, description="A document's own words, instead of a source.")
    document_title: str = Field(default="", max_length=300, description="Its title, where it names none or another.")
    content_types: list[Name] | None = Field(
        default=None, min_length=1, max_length=30, description="Formats; default: all.", examples=[["linkedin_post"]]
    )
    platform_images: list[Name] | None = Field(
        default=None, max_length=30, description="Platforms that get a picture; empty: none."
    )
    tone: str | None = Field(default=None, max_length=300)
    audience: str | None = Field(default=None, max_length=300)
    hashtags: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=30)
    language: str | None = Field(default=None, pattern=LANGUAGE, description="Default: each document's own.")
    voice: Name | None = Field(default=None, description="A brand voice of the workspace, by name.")
    chain: list[Name] | None = Field(default=None, min_length=1, max_length=20)
    image_chain: list[Name] | None = Field(default=None, min_length=1, max_length=20)
    image_style: Name | None = None
    refresh: bool = Field(default=False, description="Write the drafts again, even where they are there already.")


@router.post("", dependencies=[requires(Action.START_WORK)], **ACCEPTED)
def submit_content(
    wanted: Submission, asking: AskingDep, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Make drafts and pictures from documents. Follow the job; its outputs are the content."""
    sources = [source for source in wanted.sources if source.strip()]
    if wanted.text.strip():  # a flow's parameters have half a megabyte at most: words are kept as a file
        words = pasted(wanted.text, wanted.document_title)
        sources.append(f"{PREFIX}{take_in(desk, database, caller, words, 'document').id}")
    if not sources:
        raise WrongInput("No document given.", hint="Name at least one source, or give a text.")
    request = RepurposeRequest.model_validate(
        {
            **wanted.model_dump(exclude={*Around.model_fields, "sources", "text", "document_title", "content_types"}),
            "sources": sources,
            "title": wanted.document_title,
            "formats": wanted.content_types,
        }
    )
    return asking.start(request, wanted, title=f"Content from {_shown(wanted)}")


def _shown(wanted: Submission) -> str:
    first = wanted.document_title or next(iter(wanted.sources), "pasted text")
    more = len(wanted.sources) + bool(wanted.text.strip()) - 1
    return f"{first} and {more} more" if more > 0 else first
