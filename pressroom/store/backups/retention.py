"""How long backups stay: the newest of each of the last days, weeks and months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import Field

from pressroom.model import Frozen
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.backups.manifest import Manifest, key_of, list_backups


class Keep(Frozen):
    """How many days, weeks and months with a backup keep one."""

    days: int = Field(default=7, ge=1)
    weeks: int = Field(default=4, ge=0)
    months: int = Field(default=12, ge=0)


def staying(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    """The moments that stay: the newest of each of the newest days, weeks (ISO) and months that have any."""
    newest = sorted(moments, reverse=True)
    spans = (
        (keep.days, [each.date() for each in newest]),
        (keep.weeks, [each.isocalendar()[:2] for each in newest]),
        (keep.months, [(each.year, each.month) for each in newest]),
    )
    return {moment for most, names in spans for moment in _first_of_each(newest, names, most)}


def _first_of_each(newest: Sequence[datetime], names: Sequence[object], most: int) -> list[datetime]:
    firsts: dict[object, datetime] = {}
    for moment, name in zip(newest, names, strict=True):
        firsts.setdefault(name, moment)
    return list(firsts.values())[:most]


def forget(store: ArtifactStore, keep: Keep) -> list[Manifest]:
    """Delete the backups that are past their time; returns them. The manifest goes first: no half backup is listed."""
    there = list_backups(store)
    stay = staying((each.made_at for each in there), keep)
    gone = [each for each in there if each.made_at not in stay]
    for each in gone:
        store.delete(key_of(each.id, "manifest.json"))
        store.delete(key_of(each.id, "database.age"))
    return gone
