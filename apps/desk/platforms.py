"""The desk's way to platforms: their apps, and the address that they send people back to."""

from __future__ import annotations

import os

from apps.desk.dependencies import Desk
from pressroom import logs
from pressroom.publishers.ledger.access import Access
from pressroom.settings import PlatformApp
from pressroom.store.database import Database

_log = logs.get_logger("pressroom.desk")


def access_of(desk: Desk, database: Database) -> Access:
    """Lines and tokens of the channels that `database` sees."""

    def app(platform: str) -> PlatformApp | None:
        return _app_in_prefect(platform) or desk.settings.platform_apps.get(platform)

    return Access(database, desk.vault, source=desk.settings, apps=app)


def redirect_of(desk: Desk, platform: str) -> str:
    """The address that has to be registered with the platform's app."""
    return f"{desk.settings.resolved_desk_url}/channels/callback/{platform}"


def _app_in_prefect(platform: str) -> PlatformApp | None:
    """The app of a block; None without one, or while no server that is known by its address answers."""
    if "PREFECT_API_URL" not in os.environ:
        return None
    from blocks import connections

    try:
        return connections.app_block(platform)
    except Exception as error:  # of Prefect's client, in whatever form: the settings may have the app
        _log.warning("platform_app.not_read", platform=platform, error=type(error).__name__)
        return None
