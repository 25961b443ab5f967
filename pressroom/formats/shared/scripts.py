"""What is spoken in front of a camera: sections with their times, and the pieces short scripts are composed of."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom import counting
from pressroom.formats.shared import compose
from pressroom.model import Material, Part

HOOK_STOCK = ("Here is why.", "It takes less than a minute.", "You can use it today.", "Listen closely.")
CLOSING_STOCK = (
    "Save this for your next planning session.",
    "Send it to a colleague who decides about it.",
    "Follow for more like this.",
)
READY_HOOK = "Here is something worth a minute of your working day."


def clock(seconds: float) -> str:
    """Seconds as `m:ss`, or `h:mm:ss` from an hour on; fractions are dropped."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def timed(sections: Sequence[tuple[str, str]]) -> tuple[Part, ...]:
    """(label, text) of each section, one after the other, as parts labelled with when they are spoken."""
    parts, start = [], 0.0
    for label, text in sections:
        end = start + counting.spoken_seconds(text)
        parts.append(Part(label=f"{label} ({clock(start)}–{clock(end)})", text=text))
        start = end
    return tuple(parts)


def opening(material: Material, least: float, most: float) -> str:
    """A hook of `least` to `most` seconds: one as it stands, the title, or one that is filled up or cut."""
    fits, enough = compose.lasting(least, most)
    hooks = compose.turned(material.hooks, material.seed)
    found = compose.first_that((*hooks, compose.ended(material.title)), fits, enough)
    short = compose.first_that(hooks, fits)
    if found or short:
        return found or compose.composed(short, (), fits, enough, HOOK_STOCK)
    if compose.is_latin(hooks[0]) and fits(READY_HOOK):
        return READY_HOOK
    return compose.composed("", hooks, fits, enough, (READY_HOOK, *HOOK_STOCK))


def closing(material: Material, least: float, most: float) -> str:
    """A call to action of `least` to `most` seconds, with the question before it where that fits better."""
    fits, enough = compose.lasting(least, most)
    action = compose.shortened(material.call_to_action, fits)
    found = compose.first_that((action, compose.join(material.question, action)), fits, enough)
    return found or compose.composed(action, (), fits, enough, CLOSING_STOCK)


def content(material: Material, around: str, least: float, most: float) -> str:
    """Insights that, with the words `around` them, last `least` to `most` seconds."""
    fits, enough = compose.lasting(least, most)
    insights = compose.turned(material.insights, material.seed // 3)
    own = [text for text in (*compose.sentences(insights), material.takeaway) if text not in around]
    before = f"{around} "
    return compose.composed(
        "", own, lambda text: fits(before + text), lambda text: bool(text) and enough(before + text)
    )
