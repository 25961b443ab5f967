"""A provider's request, freed from its wire format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Picture:
    """One that a model is to look at; width, height: pixels."""

    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Ask:
    """A client's request.

    purpose: `ideas`, `draft`, `condense`, `claims`, `image_prompt`, `vision`, `accounts`, `other`; a request for
        something other than text has its own, such as `image`.
    data: the JSON between <data> and </data> of the prompt, {} without these marks.
    schema: the JSON schema that the answer has to fit, if the client sent one. pictures: the pictures in the request.
    max_output_tokens: the longest answer allowed, 0 when the client set no limit.
    """

    purpose: str
    model: str = ""
    system: str = ""
    prompt: str = ""
    schema: Mapping[str, Any] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    max_output_tokens: int = 0

    @property
    def format(self) -> str:
        return str(self.data.get("format", "")) if self.purpose == "draft" else ""

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same words to the same model."""
        seen = (picture.sha256 for picture in self.pictures)
        words = "\x00".join((self.purpose, self.model, self.system, self.prompt, *seen))
        return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def text_ask(
    body: Mapping[str, Any],
    *,
    system: str,
    prompt: str,
    schema: Mapping[str, Any] | None,
    pictures: tuple[Picture, ...] = (),
    max_output_tokens: int = 0,
) -> Ask:
    """A request for text; its data say what it is for."""
    data = data_of(prompt)
    model = str(body.get("model", ""))
    return Ask(_purpose(data), model, system, prompt, schema, data, body, pictures, max_output_tokens)


def whole_number(body: Mapping[str, Any], *names: str) -> int:
    """The first of these fields that holds one; 0 when none does."""
    return next((value for name in names if isinstance(value := body.get(name), int)), 0)


def data_of(prompt: str) -> dict[str, Any]:
    """The JSON object between the last `<data>` line and `</data>`; {} when not found."""
    # Inside JSON strings line breaks are escaped: a `<data>` with one after it is the real mark.
    start = prompt.rfind("<data>\n")
    end = prompt.rfind("\n</data>")
    if not 0 <= start < end:
        return {}
    try:
        value = json.loads(prompt[start + len("<data>\n") : end])
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _purpose(data: Mapping[str, Any]) -> str:
    marks = {
        "format": "draft",
        "count": "ideas",
        "most_words": "condense",
        "claims_of": "claims",
        "style": "image_prompt",
        "picture": "image_caption",
        "pictures": "vision",
        "platforms": "accounts",
    }
    return next((purpose for mark, purpose in marks.items() if mark in data), "other")


def text_of(content: Any) -> str:
    """Text of a message's content: a string, or a list of parts of which those with `text` count."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part["text"]) for part in parts if isinstance(part, dict) and "text" in part)
