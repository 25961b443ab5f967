"""Putting an approved draft on the plan: channels, time, choices, and what each channel would get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import FormData

from apps.desk.platforms import access_of
from apps.web.forms import several, text, ticked
from apps.web.option_fields import OptionField, option_fields, options_of
from apps.web.page import FormDep, Page, PageDep
from apps.web.publications_shown import asked_time
from apps.web.routing import page_router
from apps.web.views.content import address_of, show_tab
from pressroom import publishers
from pressroom.errors import AlreadyThere, MoveRefused, PressroomError, WrongInput
from pressroom.model.dry_run import DryRun
from pressroom.people.permissions import Action
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.planning import When
from pressroom.review import publication_reading, publications, reading
from pressroom.review.dry_run import dry_run
from pressroom.review.values import ContentDetail
from pressroom.store.publishing_tables import ChannelRow, Publication

router = page_router(prefix="/content/{content_id}/publish")


@dataclass(frozen=True)
class Offered:
    """A channel that takes the draft. slot: its next free one, `Tue 09:00`; empty where its queue is full."""

    row: ChannelRow
    slot: str
    is_chosen: bool
    fields: list[OptionField]
    dry: DryRun | None
    refusal: str
    error: str


@router.get("")
def panel(page: PageDep, content_id: str) -> Response:
    """The channels that take the draft, with what each would get."""
    return _show(page, content_id, FormData({"at": "next_free"}))


@router.post("")
def plan(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Show what would go out, or put the draft on the plan of every channel that is chosen."""
    page.check(Action.PUBLISH)
    if text(form, "act") != "plan":
        return _show(page, content_id, form)
    chosen = several(form, "channel")
    if not chosen:
        return _show(page, content_id, form, {"": WrongInput("No channel is chosen.", hint="Choose where it goes.")})
    done, errors = list[Publication](), dict[str, PressroomError]()
    for channel_id in chosen:
        try:
            done.append(_plan(page, content_id, channel_id, form))
        except PressroomError as error:
            errors[channel_id] = error
    if errors:
        return _show(page, content_id, form, errors, done)
    said = "Publishing now." if text(form, "at") == "now" else f"Planned: {len(done)}."
    return page.go(f"/publications/{done[0].id}" if len(done) == 1 else "/publications?tab=planned", said)


def _plan(page: Page, content_id: str, channel_id: str, form: FormData) -> Publication:
    with page.database.read() as session:
        channel = publications.channel_row(session, channel_id)
    options = options_of(publishers.get(channel.platform).options, channel.id, form)
    return publications.plan(
        page.database, page.caller, page.desk.vault, content_id, channel.id, at=_at(form), options=options,
        again=ticked(form, "again"),
    )  # fmt: skip


def _at(form: FormData) -> Any:
    """The time that the form asks for. Raises `WrongInput`."""
    at = text(form, "at") or "next_free"
    return at if at in {"now", "next_free"} else asked_time(text(form, "day"), text(form, "time"))


def _show(
    page: Page,
    content_id: str,
    form: FormData,
    errors: dict[str, PressroomError] | None = None,
    done: list[Publication] | None = None,
) -> Response:
    detail = reading.get_content(page.database, page.caller, content_id)
    errors, made = errors or {}, {row.channel_id for row in done or ()}
    rows = [row for row in publication_reading.channels_of(page.database) if _takes(row, detail)]
    chosen = {row.id for row in rows} if len(rows) == 1 and "act" not in form else set(several(form, "channel"))
    with page.database.read() as session:
        offered = [_offered(page, session, content_id, row, form, row.id in chosen - made, errors) for row in rows]
    values: dict[str, Any] = {"offered": offered, "at": text(form, "at"), "form": form, "error": errors.get("")}
    values["known"] = publication_reading.list_publications(page.database, content_id=content_id)
    values["repeats"] = any(isinstance(each, AlreadyThere) for each in errors.values())
    status = 422 if errors else 200
    return show_tab(page, detail, "publish", status=status, address=address_of(content_id, "publish"), **values)


def _takes(row: ChannelRow, detail: ContentDetail) -> bool:
    return row.platform in publishers.names() and detail.platform in publishers.get(row.platform).drafts


def _offered(
    page: Page,
    session: Session,
    content_id: str,
    row: ChannelRow,
    form: FormData,
    is_chosen: bool,
    errors: dict[str, PressroomError],
) -> Offered:
    publisher = publishers.get(row.platform)
    options, refusal, dry = options_of(publisher.options, row.id, form) if "act" in form else {}, "", None
    try:
        dry = dry_run(page.database, page.caller, content_id, row.id, at=_at(form), options=options)
    except (MoveRefused, WrongInput) as error:
        refusal = str(error)
    try:
        slot = When.next_free(session, row, page.zone.key)
        said = f"{slot.wall:%a} {slot.wall.day} {slot.wall:%b, %H:%M}"
    except WrongInput:
        said = ""
    fields = option_fields(publisher.options, row.id, options, _choices(page, row))
    refused = str(errors[row.id]) if row.id in errors else ""
    return Offered(row, said, is_chosen, fields, dry, refusal, refused)


def _choices(page: Page, row: ChannelRow) -> Any:
    """The answers that the platform offers for choices that have no default; without an answer, all that there are."""
    publisher = publishers.get(row.platform)
    if not any(field.is_required() for field in publisher.options.model_fields.values()):
        return {}
    try:
        line = access_of(page.desk, page.database).line_of(row)
        return publisher.choices(line, channel_of(row))
    except PressroomError:
        return {}
