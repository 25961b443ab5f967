"""Ideas, the workspace they are for, and what a writer is asked for."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model, field_validator

from pressroom.model.base import Frozen
from pressroom.model.documents import Excerpt
from pressroom.model.films import Tier
from pressroom.model.voices import Voice

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""A BCP 47 tag."""


class SubjectKind(StrEnum):
    """The kinds of subjects, of which drafts and assets are made."""

    IDEA = "idea"
    DOCUMENT = "document"
    PICTURE = "picture"
    OPPORTUNITY = "opportunity"


class Idea(Frozen):
    """One idea for a post, as a text provider answers it."""

    title: str = Field(description="A specific, concrete headline of at most 90 characters.")
    description: str = Field(description="Two or three sentences: what the post says and why it matters now.")
    category: str = Field(description="The one topic of the workspace that it belongs to.")


class IdeaList(Frozen):
    """A text provider's answer to a request for ideas."""

    ideas: list[Idea]


@lru_cache(maxsize=64)
def ideas_about(topics: tuple[str, ...]) -> type[IdeaList]:
    """The type of an answer whose schema names the topics, so that a server which enforces it lets no other through.

    An idea with another one is read all the same: the gate says what is wrong with it, and the others are kept.
    """
    said = Idea.model_fields["category"].description
    named = Field(description=said, json_schema_extra={"enum": list(dict.fromkeys(topics))})
    idea = create_model("Idea", __base__=Idea, __doc__=Idea.__doc__, category=(Annotated[str, named], ...))
    plain = AfterValidator(lambda one: Idea(**one.model_dump()))  # equal to every other idea of the same words
    listed = (list[Annotated[idea, plain]], ...)
    return create_model("IdeaList", __base__=IdeaList, __doc__=IdeaList.__doc__, ideas=listed)


class Preferences(Frozen):
    """The subjects and the audience that a workspace wants for its content."""

    topics: tuple[str, ...] = Field(
        default=("technology", "digital transformation", "innovation"),
        min_length=1,
        description="Topics ideas are drawn from.",
    )
    keywords: tuple[str, ...] = Field(default=(), description="Words that ideas should touch upon.")
    audience: str = Field(default="professionals who decide about technology", description="Who reads it.")
    tone: str = Field(default="clear, friendly and concrete", description="How it should sound.")
    language: str = Field(
        default="en",
        description="BCP 47 tag of the language to write in.",
        pattern=LANGUAGE,
    )
    hashtags: tuple[str, ...] = Field(default=(), description="Hashtags to use wherever a platform takes hashtags.")
    voice: Voice | None = Field(
        default=None,
        exclude_if=lambda voice: voice is None,  # run keys and cache keys are made of what is dumped
        description="The brand voice to write in; a name stands for the workspace's voice of that name.",
    )

    film_tier: Tier | None = Field(
        default=None,
        exclude_if=lambda tier: tier is None,  # as above; plans of texts leave it out
        description="Who makes pictures and voices of films, by what they cost; default: PRESSROOM_FILMS__TIER.",
    )
    use_results: bool = Field(
        default=False,
        exclude_if=lambda is_on: not is_on,  # as above
        description="Offer what did better than usual on the workspace's own channels to ideas, hashtags and times.",
    )

    @field_validator("hashtags")
    @classmethod
    def _without_hash(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(tag.lstrip("#").strip() for tag in value)

    @field_validator("voice", mode="before")
    @classmethod
    def _voice_by_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Assignment(Frozen):
    """The task of one writer: this idea, as this format, for this workspace.

    A document that is repurposed is the idea (its title, its first sentences) and its `document`, which is then the
    only source of facts.
    """

    idea: Idea
    format: str
    preferences: Preferences = Preferences()
    document: Excerpt | None = Field(default=None, description="The document, when one is repurposed.")
    numbered: bool = Field(default=False, description="True when the parts of a thread should carry numbers.")

    @property
    def from_document(self) -> bool:
        """True when a document is repurposed rather than an idea written up."""
        return self.document is not None
