"""The audit log: who did what, when and from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import Response

from apps.web.log_lines import browser, deed
from apps.web.naming import content_titles
from apps.web.page import PageDep
from apps.web.routing import page_router
from pressroom.people import members
from pressroom.people.permissions import Action
from pressroom.store import audit
from pressroom.store.audit import AuditEntry

router = page_router(prefix="/audit")

PER_PAGE = 50
ACTIONS = (
    ("content.", "Content"),
    ("job.", "Work"),
    ("channel.", "Channels"),
    ("upload.", "Files"),
    ("settings.", "Settings"),
    ("member.", "Members"),
    ("token.", "Service tokens"),
    ("webhook.", "Webhooks"),
    ("workspace.", "The workspace"),
)
"""Beginnings of actions, as the filter offers them."""

LINKS: Mapping[str, str] = MappingProxyType({"content": "/content/", "job": "/jobs/", "run": "/runs/"})
"""Where a subject has its page, by its kind."""


@router.get("")
def log(
    page: PageDep,
    action: Annotated[str, Query(max_length=64)] = "",
    person: Annotated[str, Query(max_length=32)] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The log, newest first."""
    page.check(Action.READ_AUDIT)
    found = audit.list_audit(
        page.database,
        page.caller.workspace_id,
        cursor=cursor,
        limit=PER_PAGE,
        action=action.strip() or None,
        user_id=person or None,
    )
    lines = list(_lines(found.items))
    ids = [each.subject_id for each in found.items if each.subject_kind == "content"]
    people = [(each.user_id, each.name or each.email) for each in members.members(page.database, page.caller)]
    asked = {"action": action.strip(), "person": person, "cursor": found.next_cursor or ""}
    values: dict[str, Any] = {
        "lines": lines,
        "titles": content_titles(page.database, ids),
        "action": action.strip(),
        "person": person,
        "people": people,
        "actions": ACTIONS,
        "links": LINKS,
        "browser": browser,
        "deed": deed,
        "kept_days": page.desk.settings.audit_days,
        "onward": f"/audit?{urlencode({name: value for name, value in asked.items() if value})}",
    }
    return page.show("audit.html", found=found, **values)


def _lines(entries: Iterable[AuditEntry]) -> Iterator[tuple[AuditEntry, list[AuditEntry]]]:
    """Each entry with the others of the same batch, which are made at once and take one line."""
    for _, group in groupby(entries, key=lambda each: each.details.get("batch") or each.id):
        first, *others = group
        yield first, others
