"""A TikTok script: hook, content, call to action, the words on screen, and the caption under it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules, scripts
from pressroom.formats.shared.declare import Format
from pressroom.model import Material, Part
from pressroom.platforms import counting, hashtag_range, limit, tags

PLATFORM = "tiktok"
TOTAL_SECONDS = (15, 60)
COMPOSED_SECONDS = (30, 55)
MOST_CHARACTERS = limit(PLATFORM, "caption_characters")


class TikTokScript(BaseModel):
    """What a model answers."""

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
        Part(label="On-screen text", text="\n".join(body.on_screen_text)),
        Part(label="Caption", text=_caption(body)),
    )


def _compose(material: Material) -> TikTokScript:
    """A script of half a minute or a little more; its main points, cut short, on the screen."""
    if material.quotes:
        return _quoted(material)
    hook, action = scripts.opening(material, 2, 8), scripts.closing(material, 3, 10)
    content = scripts.content(material, compose.join(hook, action), *COMPOSED_SECONDS)
    shown = [insight.point for insight in material.insights if insight.point in content][:3]
    lines = [compose.shortened(text, lambda cut: len(cut) <= 60) for text in (material.title, *shown)]
    other = compose.first_that(compose.turned(material.hooks, material.seed + 1), lambda text: text != hook)
    question = "" if material.question in action else material.question
    return TikTokScript(
        hook=hook,
        content=content,
        call_to_action=action,
        on_screen_text=[line for line in lines if line] or [material.title],
        caption=compose.join(other, question) or material.title,
        hashtags=tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]],
    )


def _quoted(material: Material) -> TikTokScript:
    """A document's hook and key sentences, on the screen as far as they are short; another one as the caption."""
    hook, content, action = scripts.quoted_script(material, *COMPOSED_SECONDS)
    lines = [
        quoting.shortened(text, lambda cut: len(cut) <= 60, True) for text in quoting.sentences_in(material, content)
    ]
    caption = quoting.unsaid(material, (hook, content, action), lambda text: len(text) <= 300)
    return TikTokScript(
        hook=hook,
        content=content,
        call_to_action=action,
        on_screen_text=[material.title, *(line for line in lines if line)][:4],
        caption=quoting.joined(
            (caption, quoting.invitation(material, lambda text: text not in action and len(text) < 99))
        ),
        hashtags=tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]],
    )


FORMAT = Format(
    name="tiktok_script",
    platform=PLATFORM,
    title="TikTok script",
    body=TikTokScript,
    rules=(
        rules.not_blank("hook", "content", "call_to_action", "on_screen_text", "caption"),
        rules.spoken_between(_script, *TOTAL_SECONDS),
        rules.characters_at_most(_caption, MOST_CHARACTERS, "caption"),
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
    ),
    parts=_parts,
    compose=_compose,
    max_output_tokens=600,
    characters=(40, 6000),
)
