"""From a request to a plan: every default filled in, every name known. A flow plans so, and so does a command before it
starts anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pressroom import formats
from pressroom.calls.accounts import text_names
from pressroom.model import DailyPlan, DailyRequest, Preferences, Voice
from pressroom.model.trends import TrendWishes
from pressroom.settings import settings


class Home(Protocol):
    """A workspace, as far as plans go by it."""

    id: str
    name: str
    preferences: dict[str, Any]
    schedule: dict[str, Any] | None
    trends: dict[str, Any] | None


@dataclass(frozen=True)
class Planner:
    """Fills in a plan with what the process that makes it knows.

    home: the workspace of a name, or that of the settings. voice: a whole voice, by the workspace's id and its name.
    today: the day it is in a workspace. fingerprint: of a chain, by its names and its kind. reads_files: whether files
    of this machine may be read. opportunity: the whole id, by the workspace's id and the id's first digits.
    """

    home: Callable[[str | None], Home]
    voice: Callable[[str, str], Voice]
    today: Callable[[Any], dt.date]
    fingerprint: Callable[[tuple[str, ...], str], str]
    reads_files: bool = True
    opportunity: Callable[[str, str], str] = lambda _, wanted: wanted

    def with_voice(self, home: Home, preferences: Preferences) -> Preferences:
        """`preferences` with the whole of the voice that they name. Raises WrongInput for an unknown name.

        What is for films alone is left out: another tier makes no other texts.
        """
        preferences, voice = preferences.model_copy(update={"film_tier": None}), preferences.voice
        if voice is None or not voice.is_name_only:
            return preferences
        return preferences.model_copy(update={"voice": self.voice(home.id, voice.name)})


def plan_daily(request: DailyRequest, planner: Planner) -> DailyPlan:
    """Plans the request.

    Raises:
        WrongInput: a format doesn't exist.
        Misconfigured: a provider, zone, file or format of the settings can't be used.
    """
    chosen, home = settings(), planner.home(request.workspace)
    chain = text_names(request.chain, chosen)
    wanted = _opportunities(request, planner, home)
    return DailyPlan(
        day=request.date or planner.today(home),
        workspace=home.name,
        ideas=max(request.ideas or (len(wanted) if wanted else chosen.ideas), len(wanted or ())),
        opportunities=wanted,
        share=TrendWishes.model_validate(home.trends or {}).share_or(chosen.trends.share),
        focus=request.focus.strip(),
        formats=formats.resolve(request.formats, chosen.formats),
        chain=chain,
        chain_fingerprint=planner.fingerprint(chain, "text"),
        preferences=planner.with_voice(home, Preferences.model_validate(home.preferences)),
    )


def _opportunities(request: DailyRequest, planner: Planner, home: Home) -> tuple[str, ...] | None:
    """Ids of the opportunities asked for. Raises WrongInput where there is no such one."""
    if request.opportunities is None:
        return None
    return tuple(dict.fromkeys(planner.opportunity(home.id, each) for each in request.opportunities))
