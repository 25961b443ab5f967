"""Platforms: one value each from one TOML file, and nothing else knows a platform's numbers.

`<name>.toml` is all that a new platform needs, unless it counts text in a way of its own (`measures.py`).
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from pressroom.errors import WrongInput
from pressroom.platforms.platform import Fact, Limit, Platform

__all__ = [
    "Fact",
    "Limit",
    "Platform",
    "ending",
    "find",
    "get",
    "hashtag_range",
    "image_size_for",
    "limit",
    "names",
    "owner_of",
    "stale",
    "title",
]


FOLDER = files(__name__)


@cache
def names() -> tuple[str, ...]:
    """The name of each platform, sorted."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if file.name.endswith(".toml")))


@cache
def _load(name: str) -> Platform:
    declared = tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
    return Platform.model_validate({"key": name, "title": declared.pop("name"), **declared})


def get(name: str) -> Platform:
    """The platform called `name`.

    Raises:
        WrongInput: there is no such platform; the message lists those there are.
    """
    if name not in names():
        raise WrongInput(f"There is no platform called {name!r}.", hint=f"Choose from: {', '.join(names())}.")
    return _load(name)


def find(name: str) -> Platform | None:
    """The platform called `name`; None when it is unknown, as for a format of an outside package."""
    return _load(name) if name in names() else None


def owner_of(host: str) -> Platform | None:
    """The platform whose profiles are at `host`."""
    return next((one for one in map(_load, names()) if host in one.handles.hosts), None)


def stale(on: date, *, days: int = 180) -> list[str]:
    """The groups of numbers that were checked more than `days` before `on`, as `instagram: hashtags (2026-01-31)`."""
    dated = ((name, place, fact.checked) for name in names() for place, fact in _load(name).facts())
    return [f"{name}: {place} ({checked})" for name, place, checked in dated if (on - checked).days > days]


def ending(on: date, *, days: int = 60) -> list[str]:
    """The versions of platforms' APIs that end within `days` of `on`, as `linkedin: 202605 (2027-05-31)`."""
    versions = ((name, _load(name).api) for name in names())
    return [f"{name}: {api.version} ({api.ends})" for name, api in versions if api and (api.ends - on).days < days]


def title(name: str) -> str:
    """How people write the platform's name; one that is not declared gets capitals."""
    found = find(name)
    return found.title if found else name.replace("_", " ").capitalize()


def hashtag_range(platform: str) -> tuple[int, int]:
    """How many hashtags a post on `platform` has: (least, most)."""
    found = get(platform).hashtags
    return found.least, found.most


def limit(platform: str, name: str) -> int:
    """One limit of the platform, e.g. `limit("x", "post_weight")`; its unit ends its name."""
    return get(platform).limits[name].most


def image_size_for(platform: str, width: int, height: int) -> tuple[int, int]:
    """The size (width, height) in pixels, of those `platform` takes, whose shape is nearest to the source's own.

    Raises:
        WrongInput: there is no such platform, or the source has no area.
    """
    return get(platform).image_size_for(width, height)
