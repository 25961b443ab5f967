"""Tiers: which accounts make texts, pictures and speech, by how much that may cost. Declared once, in `tiers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

from pressroom.errors import Misconfigured
from pressroom.model import Frozen
from pressroom.model.films import Tier
from pressroom.settings import Settings

OFFLINE = "offline"

Kind = Literal["text", "image", "speech"]


class TierChains(Frozen):
    """The accounts of a tier, in order, for each kind of request. quality: of pictures. about: in a sentence."""

    about: str = ""
    text: tuple[str, ...]
    image: tuple[str, ...]
    speech: tuple[str, ...]
    quality: Literal["low", "medium", "high"] = "medium"

    def chain(self, kind: Kind) -> tuple[str, ...]:
        names: tuple[str, ...] = getattr(self, kind)
        return names


def tier_chains(tier: Tier, source: Settings) -> TierChains:
    """The accounts of `tier`, as declared, with what the settings say otherwise.

    Raises:
        Misconfigured: the settings name a kind that a tier does not have.
    """
    own = source.films.tiers.get(tier.value, {})
    if unknown := sorted(set(own) - {"text", "image", "speech", "quality"}):
        raise Misconfigured(
            f"PRESSROOM_FILMS__TIERS__{tier.upper()} has no {unknown[0]}.", hint="It has text, image, speech, quality."
        )
    changes = {name: value if name == "quality" else _names(value) for name, value in own.items()}
    return TierChains.model_validate({**_declared()[tier.value].model_dump(), **changes})


def usable(names: Sequence[str], kind: Kind, find: Callable[[str, str], object]) -> tuple[str, ...]:
    """The names whose account is set up, each once. find: raises `Misconfigured` for one that is not.

    `offline` stays where it is; it is added where nothing else is left.
    """
    found: list[str] = []
    for name in dict.fromkeys(names):
        try:
            find(name, kind)
        except Misconfigured:
            continue
        found.append(name)
    return tuple(found) or (OFFLINE,)


def _names(value: object) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in str(value).split(",")))) if isinstance(value, str) else value  # type: ignore[return-value]


@cache
def _declared() -> dict[str, TierChains]:
    declared = tomllib.loads((files(__package__) / "tiers.toml").read_text("utf-8"))
    return {name: TierChains.model_validate(one) for name, one in declared.items()}
