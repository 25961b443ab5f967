"""Cards of links: fetched when a draft with a new link is looked at, and the pictures that were kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from apps.desk import limits
from apps.desk.limits import Rule
from apps.desk.sending import send
from apps.web import previews
from apps.web.page import PageDep
from apps.web.routing import page_router
from pressroom.people.permissions import Action
from pressroom.review import web_cards

router = page_router(prefix="/cards")

CARDS = Rule("cards", timedelta(minutes=1), lambda _: 60)
"""Cards that one member may have fetched in a minute."""


@router.get("")
def card(page: PageDep, address: Annotated[str, Query(max_length=web_cards.LONGEST_ADDRESS)]) -> Response:
    """The card of a link, fetched unless it was before."""
    page.check(Action.EDIT_CONTENT)
    limits.count_caller(page.desk, page.caller, CARDS)
    found = web_cards.fetch_card(page.database, page.desk.store, page.caller.workspace_id, "page", address)
    return page.part("previews/link-card.html", found=previews.card_of(address, found))


@router.get("/{card_id}/picture")
def picture(page: PageDep, card_id: str) -> Response:
    """The picture of a card, or of an account."""
    found = web_cards.picture_of(page.database, card_id)
    name = found.picture_key.rpartition("/")[2]
    return send(
        page.desk.store, found.picture_key, web_cards.MEDIA_TYPE, name=name, sha256=name.partition(".")[0], inline=True
    )
