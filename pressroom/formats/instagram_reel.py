"""An Instagram reel: hook, value, call to action, and what the camera shows meanwhile.

The longest sections together (5 + 50 + 10 s) are longer than a reel may be, so the whole is measured too.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules, scripts
from pressroom.formats.shared.declare import Format
from pressroom.model import Part, PartRole
from pressroom.model.films import Script

PLATFORM = "instagram"
HOOK_SECONDS = (3, 5)
VALUE_SECONDS = (40, 50)
ACTION_SECONDS = (5, 10)
TOTAL_SECONDS = (15, 60)
LEAST_SCENES = 3
MANY = float("inf")


class InstagramReel(BaseModel):
    """The model's answer."""

    hook: str = Field(description="Spoken first: one sentence that makes a thumb stop.")
    value: str = Field(description="Spoken next: what the viewer came for, in short sentences.")
    call_to_action: str = Field(description="Spoken last: what to do now.")
    scenes: list[str] = Field(description="What the camera shows, in order, one shot each.")


def _hook(body: InstagramReel) -> str:
    return body.hook


def _value(body: InstagramReel) -> str:
    return body.value


def _action(body: InstagramReel) -> str:
    return body.call_to_action


def _script(body: InstagramReel) -> str:
    return "\n\n".join([body.hook, body.value, body.call_to_action])


def _scenes(body: InstagramReel) -> list[str]:
    return body.scenes


def _parts(body: InstagramReel) -> tuple[Part, ...]:
    sections = [("Hook", body.hook), ("Value", body.value), ("Call to action", body.call_to_action)]
    shots = "\n".join(f"{number}. {scene}" for number, scene in enumerate(body.scenes, 1))
    return (*scripts.timed(sections), Part(label="Scenes", text=shots, role=PartRole.SCRIPT))


def _film(body: InstagramReel) -> Script:
    sections = [("Hook", body.hook), ("Value", body.value), ("Call to action", body.call_to_action)]
    return scripts.film(body.hook, sections, shows=body.scenes, closing=body.call_to_action)


FORMAT = Format(
    name="instagram_reel",
    platform=PLATFORM,
    title="Instagram reel",
    body=InstagramReel,
    rules=(
        rules.not_blank("hook", "value", "call_to_action", "scenes"),
        rules.items_between(_scenes, "scenes", LEAST_SCENES, MANY),
        rules.spoken_between(_hook, *HOOK_SECONDS, where="hook"),
        rules.spoken_between(_value, *VALUE_SECONDS, where="value"),
        rules.spoken_between(_action, *ACTION_SECONDS, where="call_to_action"),
        rules.spoken_between(_script, *TOTAL_SECONDS),
    ),
    parts=_parts,
    script=_film,
    max_output_tokens=400,
    characters=(60, 3000),
)
