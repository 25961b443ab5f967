"""Connections for commands that only look: from the environment, without a Prefect server."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pressroom.settings import settings
from pressroom.store import schema
from pressroom.store.database import Database
from pressroom.store.workspaces import workspace

if TYPE_CHECKING:
    from pressroom.model import DailyRequest
    from pressroom.providers.shared.estimate import Estimate


@cache
def database() -> Database:
    found = Database.from_settings()
    schema.ensure(found)
    return found


def workspace_id(name: str | None) -> str:
    return workspace(database(), name or settings().workspace).id


def estimate_daily(request: DailyRequest) -> Estimate:
    """What a daily run would cost with the accounts that the environment configures."""
    from pressroom.model import Preferences
    from pressroom.providers.shared.accounts import account_from_settings
    from pressroom.providers.shared.estimate import estimate
    from pressroom.store import contents
    from pressroom.store.tables import utc_now

    chosen = settings()
    home = workspace(database(), request.workspace or chosen.workspace, file=chosen.workspace_file)
    history = contents.recall(database(), home.id, before=utc_now(), days=chosen.history_days)
    return estimate(
        [account_from_settings(name, chosen) for name in request.chain or chosen.resolved_text_chain],
        ideas=request.ideas or chosen.ideas,
        wanted=request.formats or chosen.formats,
        preferences=Preferences.model_validate(home.preferences),
        ideas_output_tokens=chosen.ideas_output_tokens,
        feedback_rounds=chosen.feedback_rounds,
        excluded=len(history),
    )
