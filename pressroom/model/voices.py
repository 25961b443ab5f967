"""A brand voice: how everything a workspace publishes should sound."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from pressroom.model.base import Frozen

SAMPLES_SHOWN, SAMPLE_CHARACTERS = 5, 600
"""How many sample posts a prompt shows, and how much of each."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Voice(Frozen):
    """The style of a brand, for its writers; its banned words and its ending, for the rules.

    A voice with nothing but a name stands for the workspace's voice of that name.
    """

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=63, description="What it is asked for by, e.g. `house`."
    )
    description: str = Field(default="", max_length=2000, description="How it sounds, in a few sentences.")
    samples: tuple[str, ...] = Field(
        default=(), max_length=50, description="Posts that sound right; a prompt shows the first five, shortened."
    )
    do: tuple[Line, ...] = Field(default=(), max_length=30, description="What its writers do, one thing a line.")
    dont: tuple[Line, ...] = Field(default=(), max_length=30, description="What its writers never do.")
    banned: tuple[Line, ...] = Field(
        default=(), max_length=200, description="Words and phrases that never appear, in upper or lower case."
    )
    sign_off: str = Field(
        default="", max_length=80, description="A line that closes posts of the formats that carry one; one line."
    )

    @field_validator("sign_off")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if len(value.splitlines()) > 1:
            raise ValueError("it is one line")
        return value.strip()

    @property
    def is_name_only(self) -> bool:
        """True when it stands for the workspace's voice of this name."""
        return self == Voice(name=self.name)

    def shown(self) -> Voice:
        """The part that belongs into the data of a prompt: its samples, cut, and what its drafts are checked for."""
        samples = tuple(_cut(sample) for sample in self.samples[:SAMPLES_SHOWN])
        return Voice(name=self.name, samples=samples, banned=self.banned, sign_off=self.sign_off)


def _cut(text: str) -> str:
    """`text`, or as many of its characters as a prompt shows, up to the end of a word."""
    if len(text) <= SAMPLE_CHARACTERS:
        return text
    head = text[: SAMPLE_CHARACTERS - 1]
    return f"{head.rsplit(maxsplit=1)[0] if ' ' in head else head}…"
