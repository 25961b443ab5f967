"""A TikTok script: hook, content, call to action, the words on screen, and the caption under it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules, scripts
from pressroom.formats.shared.declare import Format
from pressroom.model import Part, PartRole
from pressroom.model.films import Script
from pressroom.platforms import counting, limit, tags
from pressroom.platforms.measures import MEASURES

PLATFORM = "tiktok"
TOTAL_SECONDS = (15, 60)
MOST_CHARACTERS = limit(PLATFORM, "caption_characters")


class TikTokScript(BaseModel):
    """The model's answer."""

    hook: str = Field(description="Spoken first: one sentence that earns the next ten seconds.")
    content: str = Field(description="Spoken next: one idea told in short sentences.")
    call_to_action: str = Field(description="Spoken last: what to do now.")
    on_screen_text: list[str] = Field(description="Short lines shown over the picture, in order.")
    caption: str = Field(description="One or two sentences under the video, without hashtags.")
    hashtags: list[str] = Field(description="Without the # sign.")


def _script(body: TikTokScript) -> str:
    return "\n\n".join([body.hook, body.content, body.call_to_action])


def _caption(body: TikTokScript) -> str:
    return "\n\n".join(text for text in (body.caption, tags.written(body.hashtags)) if text)


def _tags(body: TikTokScript) -> list[str]:
    return [*body.hashtags, *counting.hashtags(body.caption)]


def _parts(body: TikTokScript) -> tuple[Part, ...]:
    sections = [("Hook", body.hook), ("Content", body.content), ("Call to action", body.call_to_action)]
    return (
        *scripts.timed(sections),
        Part(label="On-screen text", text="\n".join(body.on_screen_text), role=PartRole.SCRIPT),
        Part(label="Caption", text=_caption(body)),
    )


def _film(body: TikTokScript) -> Script:
    sections = [("Hook", body.hook), ("Content", body.content), ("Call to action", body.call_to_action)]
    return scripts.film(body.hook, sections, lines=body.on_screen_text, closing=body.call_to_action)


FORMAT = Format(
    name="tiktok_script",
    platform=PLATFORM,
    title="TikTok script",
    body=TikTokScript,
    rules=(
        rules.not_blank("hook", "content", "call_to_action", "on_screen_text", "caption"),
        rules.spoken_between(_script, *TOTAL_SECONDS),
        rules.characters_at_most(_caption, MOST_CHARACTERS, "caption", MEASURES["utf16_units"].count),
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
    ),
    parts=_parts,
    script=_film,
    max_output_tokens=600,
    characters=(40, 6000),
)
