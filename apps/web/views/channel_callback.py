"""The page that platforms send people back to once they allowed the connection of an account, or did not."""

from __future__ import annotations

from fastapi.responses import Response

from apps.desk.platforms import access_of, redirect_of
from apps.web.page import PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError
from pressroom.people.permissions import Action
from pressroom.review import connecting
from pressroom.review.connectable import publisher_of

router = page_router(prefix="/channels/callback")

LIST = "/settings/channels"
TAKEN = ("state", "code", "error", "error_description")


@router.get("/{platform}")
def callback(page: PageDep, platform: str) -> Response:
    """On to the channel, to the choice between several accounts, or back to the list with the reason.

    The address is left at once: it holds the code. It leads to pages of ours alone.
    """
    page.check(Action.MANAGE_CHANNELS)
    said = {name: page.request.query_params.get(name, "")[:4000] for name in TAKEN}
    try:
        done = connecting.finish(
            page.database, page.caller, page.desk.vault, access_of(page.desk, page.database),
            publisher_of(platform).platform, browser=page.secret, redirect=redirect_of(page.desk, platform), said=said,
        )  # fmt: skip
    except PressroomError as error:
        return page.go(LIST, f"{error.message} {error.hint}".strip(), "bad")
    if done.choices:
        return page.go(f"{LIST}/choose/{done.sign_in_id}")
    return page.go(f"{LIST}/{done.channel_id}", "Account connected.")
