"""Drafts, what is wrong with them, and what an offline writer has to work with."""

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


class Part(Frozen):
    """A piece of a rendered draft that is pasted on its own: the post, post 2 of a thread, the first comment."""

    label: str
    text: str


class Finding(Frozen):
    """Something moderation wants a person to look at."""

    kind: str = Field(description="`offensive_language`, `personal_data`, or the moderation endpoint's own category.")
    where: str
    reason: str = Field(description="One sentence; personal data are shown masked.")


class Insight(Frozen):
    """One thing worth saying, in two lengths."""

    point: str = Field(description="One full sentence of at most 110 characters.")
    detail: str = Field(description="One or two further sentences, 15 to 45 words.")


class Quote(Frozen):
    """A sentence of a document, in its author's words."""

    text: str
    position: int = Field(description="Counts from 0 over the document.")
    weight: float = Field(description="How much it matters, from 0 to 1.")
    needs: int | None = Field(default=None, description="Position of an earlier one it can't be understood without.")
    opens: bool = Field(default=False, description="True when it is the first of its paragraph.")
    heading: str = Field(default="", description="What it stands below.")


class Phrases(Frozen):
    """What may be said besides a document's own words: invitations and frames, without a fact in them.

    All of it is empty for a language nobody has written phrases for: the document's own words serve then.
    """

    openers: tuple[str, ...] = Field(default=(), description="Sentences that lead over to what is quoted.")
    questions: tuple[str, ...] = Field(default=(), description="Questions to the reader.")
    calls: tuple[str, ...] = Field(default=(), description="Calls to action, one sentence each.")
    about: str = Field(default="", description="A sentence that names the `{title}`.")
    first: str = Field(default="«{text}»", description="The scene that shows the title.")
    shown: str = Field(default="«{text}»", description="A scene that shows a sentence.")
    ending: str = Field(default="", description="Title of the last chapter.")


class Material(Frozen):
    """What the offline engine found to say about one idea, in reading order; each format composes from it.

    Sentences end with punctuation, hold no hashtags and no line breaks. All of it is at hand for any idea:
    three hooks, six insights, three scenes, thirty hashtags at least. For a document that is repurposed the same
    fields hold its own sentences, as they are, and `quotes` more of them, which then are all there is to say.
    """

    title: str = Field(description="At most 90 characters.")
    hooks: tuple[str, ...] = Field(description="Opening lines, 25 to 110 characters each.")
    insights: tuple[Insight, ...]
    takeaway: str = Field(description="15 to 35 words.")
    question: str = Field(description="One question to the reader, at most 100 characters.")
    call_to_action: str = Field(description="One sentence, at most 90 characters, no question.")
    scenes: tuple[str, ...] = Field(description="What a camera could show, at most 90 characters each.")
    hashtags: tuple[str, ...] = Field(description="Without `#`, most specific first; the caller's own come first.")
    quotes: tuple[Quote, ...] = Field(default=(), description="A document's sentences in its order; none for an idea.")
    phrases: Phrases = Phrases()
    terms: tuple[str, ...] = Field(default=(), description="A document's key terms, the weightiest first.")
    own_hashtags: int = Field(default=0, description="How many of the hashtags, the first ones, are the caller's.")
    link: str | None = None
    numbered: bool = Field(default=False, description="True when the parts of a thread should carry numbers.")
    seed: int = Field(description="Same idea and format, same number: for choosing between equals.")
