"""The values an offline draft is composed from: what can be said about an idea, or quoted from a document."""

from __future__ import annotations

from pydantic import Field

from pressroom.model import Frozen


class Insight(Frozen):
    """One thing worth saying, in two lengths."""

    point: str = Field(description="One full sentence of at most 110 characters.")
    detail: str = Field(description="One to three further sentences, 8 to 45 words.")
    stands: bool = Field(default=True, description="False when the detail answers the point, as a truth does a belief.")


class Quote(Frozen):
    """A sentence of a document, in its author's words."""

    text: str
    position: int = Field(description="Counts from 0 over the document.")
    weight: float = Field(description="How much it matters, from 0 to 1.")
    needs: int | None = Field(default=None, description="Position of an earlier one it can't be understood without.")
    opens: bool = Field(default=False, description="True when it is the first of its paragraph.")
    heading: str = Field(default="", description="What it stands below.")
    paragraph: int = Field(default=0, description="Counts from 0 over the document.")
    speaker: str = Field(default="", description="The name of who says it in an interview; empty for the author.")
    limited: bool = Field(default=False, description="True when the next one that needs it takes part of it back.")
    fit: bool = Field(default=True, description="False for one that is at hand only because others are too few.")


class Phrases(Frozen):
    """Invitations and frames, without a fact in them, add to a document's own words.

    All of them are empty for a language without phrases: the document's own words serve then.
    """

    openers: tuple[str, ...] = Field(default=(), description="Sentences that lead over to what is quoted.")
    questions: tuple[str, ...] = Field(default=(), description="Questions to the reader, the fittest first.")
    calls: tuple[str, ...] = Field(default=(), description="Calls to action, one sentence each, the fittest first.")
    about: str = Field(default="", description="A sentence that names the `{title}`.")
    first: str = Field(default="«{text}»", description="The scene that shows the title.")
    shown: str = Field(default="«{text}»", description="A scene that shows a sentence.")
    ending: str = Field(default="", description="Title of the last chapter.")
    source: str = Field(default="{link}", description="Names the `{link}` that sentences are from.")


class Material(Frozen):
    """The offline engine says this about one idea, in reading order; each format composes from it.

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
    telling_hashtags: int | None = Field(
        default=None,
        description="How many of them, the first ones, say what it is about: more are taken only if needed.",
    )
    link: str | None = None
    credit: str = Field(default="", description="Names the page that sentences of others are from.")
    numbered: bool = Field(default=False, description="True when the parts of a thread should carry numbers.")
    turn: int = Field(
        default=0, description="Counts the times a document's draft is asked for: another start each time."
    )
    seed: int = Field(description="Same idea and format, same number: for choosing between equals.")
