"""A Pinterest pin: title, description with its hashtags, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, PartRole, Violation
from pressroom.platforms import counting, get, limit, tags

PLATFORM = "pinterest"
MOST_TITLE = limit(PLATFORM, "title_characters")
MOST_DESCRIPTION = limit(PLATFORM, "description_characters")
USUAL_DESCRIPTION = get(PLATFORM).limits["description_characters"].usual or MOST_DESCRIPTION


class PinterestPin(BaseModel):
    """The model's answer."""

    title: str = Field(description="What the pin offers, in the words people search for.")
    description: str = Field(description="Two or three sentences, without hashtags.")
    link: str = Field(description="Where the pin leads, from the data; empty if the data name no link.")
    hashtags: list[str] = Field(description="Without the # sign.")


def _title(body: PinterestPin) -> str:
    return body.title


def _description(body: PinterestPin) -> str:
    """As it is pasted: Pinterest has no other place for hashtags."""
    return "\n\n".join(text for text in (body.description, tags.written(body.hashtags)) if text)


def _tags(body: PinterestPin) -> list[str]:
    return [*body.hashtags, *counting.hashtags(body.description)]


def is_link(text: str) -> bool:
    """True when a pin can link to `text`."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(char.isspace() for char in text)


def _link_leads_somewhere(body: PinterestPin, assignment: Assignment) -> Iterator[Violation]:
    if body.link and not is_link(body.link):
        yield Violation(
            code="link_malformed",
            message=f"{body.link!r} is no web address; give a full http(s) link or leave it empty.",
            where="link",
            measured=body.link,
            limit="http(s)://",
        )


def _parts(body: PinterestPin) -> tuple[Part, ...]:
    pasted = [
        Part(label="Title", text=body.title, role=PartRole.TITLE),
        Part(label="Description", text=_description(body)),
    ]
    return (*pasted, Part(label="Link", text=body.link, role=PartRole.LINK)) if body.link else tuple(pasted)


FORMAT = Format(
    name="pinterest_pin",
    platform=PLATFORM,
    title="Pinterest pin",
    body=PinterestPin,
    rules=(
        rules.not_blank("title", "description"),
        rules.characters_at_most(_title, MOST_TITLE, "title"),
        rules.characters_at_most(_description, MOST_DESCRIPTION, "description"),
        _link_leads_somewhere,
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
    ),
    parts=_parts,
    max_output_tokens=400,
    characters=(20, 900),
)
