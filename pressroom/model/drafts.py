"""Drafts, and what is wrong with them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from pressroom.model.base import Frozen


class State(StrEnum):
    """Where a piece of content stands. `pressroom.model.lifecycle` says which moves are allowed."""

    GENERATED = "generated"
    REVIEWED = "reviewed"
    EDITED = "edited"
    READY = "ready"
    PUBLISHED = "published"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


class Violation(Frozen):
    """One broken rule: what, where, and by how much."""

    code: str = Field(description="Stable and meant for programs, e.g. `words_too_few`.")
    message: str = Field(description="One sentence a writer, human or model, can act upon.")
    where: str = Field(description="The field, or `post 2`, or `text` for the whole.")
    measured: float | str | None = Field(default=None, description="What was found.")
    limit: float | str | None = Field(default=None, description="What would have been right.")


class PartRole(StrEnum):
    """The place a part has when its draft is published. A script has none: it is spoken, not sent."""

    POST = "post"
    TITLE = "title"
    LINK = "link"
    TAGS = "tags"
    FIRST_COMMENT = "first_comment"
    SCRIPT = "script"


class Part(Frozen):
    """A piece of a rendered draft that is pasted on its own: the post, post 2 of a thread, the first comment."""

    label: str
    text: str
    role: PartRole = PartRole.POST


class Finding(Frozen):
    """Something moderation wants a person to look at."""

    kind: str = Field(description="`offensive_language`, `personal_data`, or the moderation endpoint's own category.")
    where: str
    reason: str = Field(description="One sentence; personal data are shown masked.")
