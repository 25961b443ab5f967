"""Searching the web through a model: what is asked, and what comes back with the sources it named."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from pressroom.model import Frozen

MOST_SEARCHES = 5
"""Searches one answer may take where the provider lets us say so: each costs a cent."""


@dataclass(frozen=True)
class SearchRequest:
    """One question to be answered from the web. `prompt_hash` is that of the prompt files."""

    purpose: str
    system: str
    prompt: str
    max_output_tokens: int
    prompt_hash: str = ""
    variant: int = 0


class Citation(Frozen):
    """A source named for a part of the answer's text.

    start, end: characters of the text it was named for. quote: what the source says there, or the part of the
    answer that the provider found it to support, as far as it tells.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    url: str
    title: str = ""
    quote: str = ""


class Searched(Frozen):
    """A search's result; as JSON it is the text of the ledger's answer. searches: how many were made."""

    text: str
    citations: tuple[Citation, ...] = ()
    searches: int = 0
