"""Hashtag sets: hashtags that are put into a draft together."""

from __future__ import annotations

import re

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.web import settings_menu
from apps.web.forms import text, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError
from pressroom.people.permissions import Action
from pressroom.review import hashtag_sets
from pressroom.review.hashtag_sets import HashtagSetWanted

router = page_router(prefix="/hashtags")

HERE = "/settings/hashtags"
_BETWEEN = re.compile(r"[\s,#＃]+")


@router.get("")
def sets(page: PageDep) -> Response:
    """All sets of the workspace."""
    return _show(page, FormData())


@router.post("")
def save(page: PageDep, form: FormDep) -> Response:
    """Save a set; one that has the name is replaced."""
    page.check(Action.EDIT_CONTENT)
    tags = [tag for tag in _BETWEEN.split(text(form, "hashtags")) if tag]
    try:
        wanted = validated(HashtagSetWanted, {"name": text(form, "name"), "hashtags": tags})
        hashtag_sets.save_set(page.database, page.caller, wanted)
    except PressroomError as error:
        return _show(page, form, error)
    return page.go(HERE, f"Set {wanted.name} saved.")


@router.post("/{set_id}/delete")
def delete(page: PageDep, set_id: str) -> Response:
    """Delete a set."""
    page.check(Action.EDIT_CONTENT)
    hashtag_sets.delete_set(page.database, page.caller, set_id)
    return page.go(HERE, "Set deleted.")


def _show(page: Page, form: FormData, error: PressroomError | None = None) -> Response:
    return settings_menu.show(page, "hashtags.html", error=error, form=form)
