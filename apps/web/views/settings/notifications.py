"""How often one hears of notifications outside the desk: by e-mail, and in a chat."""

from __future__ import annotations

from fastapi.responses import Response

from apps.web import settings_menu
from apps.web.forms import number, text, ticked, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError
from pressroom.review import notifying
from pressroom.review.notifying import Often, Wishes

router = page_router(prefix="/notifications")

HERE = "/settings/notifications"
MAIL = ((Often.OFF, "Never"), (Often.HOURLY, "At most once an hour"), (Often.DAILY, "Once a day"))


@router.get("")
def wishes(page: PageDep) -> Response:
    return _show(page, notifying.wishes_of(page.database, page.caller))


@router.post("")
def save(page: PageDep, form: FormDep) -> Response:
    """Save the wishes; what waits to be sent follows them."""
    address = "" if ticked(form, "forget") else text(form, "chat_address") or None
    try:
        values = {"mail": text(form, "mail"), "chat": text(form, "chat"), "hour": int(number(form, "hour", 8))}
        wanted = validated(Wishes, values)
        notifying.set_wishes(page.database, page.caller, page.desk.vault, wanted, address)
    except PressroomError as error:
        return _show(page, notifying.wishes_of(page.database, page.caller), error)
    return page.go(HERE, "Saved.")


def _show(page: Page, wanted: Wishes, error: PressroomError | None = None) -> Response:
    hours = [(hour, f"{hour:02}:00") for hour in range(24)]
    has_mail = page.desk.settings.mail_url is not None
    return settings_menu.show(
        page, "notifications.html", error=error, wanted=wanted, often=MAIL, hours=hours, has_mail=has_mail
    )
