"""Review mode: the drafts of a day one idea after the other, judged and edited without a page load."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.web import editor, previews
from apps.web.forms import several, text
from apps.web.jobs_shown import rewrites_under_way
from apps.web.page import FormDep, Page, PageDep
from apps.web.previews import Author
from apps.web.routing import page_router
from pressroom.errors import Conflict, RulesBroken, WrongInput
from pressroom.model import State
from pressroom.people.permissions import Action
from pressroom.review import editing, moving, next_slots, reading, suggesting
from pressroom.review.differences import diff
from pressroom.review.ideas import get_idea
from pressroom.review.queue import ReviewQueue, queue
from pressroom.review.suggesting import SuggestionShown
from pressroom.review.values import ContentDetail
from pressroom.store.desk_tables import Job

router = page_router(prefix="/review")


@dataclass(frozen=True)
class Around:
    """Values of cards that are not in the draft: accounts by platform; open suggestions and rewrites by draft."""

    authors: Mapping[str, Author]
    suggestions: Mapping[str, SuggestionShown]
    jobs: Mapping[str, Job]


WISHES = ("Shorter", "Punchier", "Less formal")
REASONS = ("Off topic", "Wrong facts", "Not our voice", "Already covered")


@router.get("")
def review(page: PageDep, day: dt.date | None = None, idea: str = "") -> Response:
    """The page: its first idea, and the ids of all that follow."""
    found = queue(page.database, day)
    values: dict[str, Any] = {"queue": found, "wishes": WISHES, "reasons": REASONS, "left": _left(found)}
    if not found.ideas:
        return page.show("review/page.html", **values, **_end(page, found))
    known = [each.id for each in found.ideas]
    return page.show("review/page.html", **values, **_idea(page, idea if idea in known else known[0], found))


@router.get("/ideas/{idea_id}")
def one_idea(page: PageDep, idea_id: str, day: dt.date | None = None) -> Response:
    """One idea with its drafts beside each other."""
    return page.part("review/idea.html", **_idea(page, idea_id, queue(page.database, day)))


@router.get("/drafts/{content_id}")
def one_draft(page: PageDep, content_id: str) -> Response:
    """One draft as it is saved."""
    return answer_card(page, content_id)


@router.post("/drafts/{content_id}")
def change(page: PageDep, content_id: str, form: FormDep) -> Response:
    """Save what was typed, then make the move, if the form asks for one. A text that changed meanwhile is shown."""
    page.check(Action.EDIT_CONTENT)
    version, body = _version(form), _body(page, content_id, form)
    try:
        version = _saved(page, content_id, form, body, version)
        if to := text(form, "to"):
            moving.move(page.database, page.caller, content_id, _state(to), version=version, note=text(form, "note"))
    except Conflict:
        return _conflict(page, content_id, form, body)
    except RulesBroken as broken:
        return _answer(page, content_id, str(broken), 422)
    return _answer(page, content_id)


@router.post("/drafts/{content_id}/fields")
def fields(
    page: PageDep, content_id: str, form: FormDep, row: Annotated[str, Form(pattern=r"^\w+[+-]\d*$")]
) -> Response:
    """The form's fields with a row more, or one less."""
    detail = reading.get_content(page.database, page.caller, content_id)
    body = editor.with_row(editor.body_of(detail.format, form), detail.format, row)
    values: dict[str, Any] = {
        "detail": detail,
        "fields": editor.fields_of(detail.format, body),
        "said": _unsaid(detail),
        "added": row,
    }
    return page.part("content/fields.html", **{**values, **_names(detail)})


@router.get("/end")
def end(page: PageDep, day: dt.date | None = None) -> Response:
    """The end: approved drafts are put on the plan."""
    return page.part("review/end.html", **_end(page, queue(page.database, day)))


@router.post("/plan")
def plan(page: PageDep, form: FormDep, day: Annotated[dt.date, Form()]) -> Response:
    """Put every approved draft of the day on the next free slots of the channels that were chosen."""
    page.check(Action.PUBLISH)
    chosen = several(form, "channel")
    if not chosen:
        raise WrongInput("No channel is chosen.", hint="Choose at least one.")
    outcomes = next_slots.plan_day(page.database, page.caller, page.desk.vault, day, chosen)
    return page.part("review/end.html", **{**_end(page, queue(page.database, day)), "outcomes": outcomes})


def _left(found: ReviewQueue) -> str:
    """The queue as the script reads it: ids of ideas with ids and states of their drafts."""
    rows = [[idea.id, [[draft.id, draft.state] for draft in idea.drafts]] for idea in found.ideas]
    return json.dumps(rows, separators=(",", ":"))


def _idea(page: Page, idea_id: str, found: ReviewQueue) -> dict[str, Any]:
    idea = get_idea(page.database, idea_id)
    known = next((each.drafts for each in found.ideas if each.id == idea_id), None)
    drafts = [reading.get_content(page.database, page.caller, each.id) for each in known or idea.content]
    around = _around(page, [detail.id for detail in drafts])
    place = next((number for number, each in enumerate(found.ideas, 1) if each.id == idea_id), 0)
    return {"idea": idea, "place": place, "ideas": len(found.ideas), "day": found.day,
            "cards": [_values(page, detail, around) for detail in drafts]}  # fmt: skip


def _names(detail: ContentDetail) -> dict[str, str]:
    """Prefix and address that keep the fields of several drafts on one page apart."""
    return {"prefix": f"{detail.id}-", "rows": f"/review/drafts/{detail.id}/fields"}


def _unsaid(detail: ContentDetail) -> dict[str, str]:
    """No message at any field: the violations stand above the preview."""
    return dict.fromkeys((field.name for field in editor.fields_of(detail.format, detail.body)), "")


def _values(
    page: Page, detail: ContentDetail, around: Around | None = None, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The values that the template of one draft needs. body: what its form holds instead of what is saved."""
    around = around or _around(page, [detail.id])
    return {
        "detail": detail,
        "fields": editor.fields_of(detail.format, detail.body if body is None else body),
        "said": _unsaid(detail),
        "added": "",
        "theirs": None,
        "refused": "",
        "suggestion": around.suggestions.get(detail.id),
        "job": around.jobs.get(detail.id),
        "failed": "",
        "preview": previews.template_of(detail.format),
        "cards": previews.cards_in(page, detail.text, detail.document),
        "author": previews.author_for(around.authors, detail.platform, page.workspace.title or page.workspace.name),
        **_names(detail),
    }


def _around(page: Page, ids: Sequence[str]) -> Around:
    under_way = rewrites_under_way(page.database, page.caller.workspace_id)
    return Around(
        authors=previews.authors_of(page.database),
        suggestions=suggesting.open_for(page.database, ids),
        jobs={job.content_id: job for job in under_way if job.content_id and job.request.get("suggest")},
    )


def answer_card(page: Page, content_id: str) -> Response:
    """One draft as it is saved."""
    detail = reading.get_content(page.database, page.caller, content_id)
    return page.part("review/draft.html", card=_values(page, detail))


def _answer(page: Page, content_id: str, refused: str = "", status: int = 200) -> Response:
    """The draft as it is now. Without script: the page again, at its idea."""
    detail = reading.get_content(page.database, page.caller, content_id)
    if not page.is_partial:
        said = refused or ("Approved." if detail.state is State.READY else "Saved.")
        return page.go(f"/review?day={detail.day}&idea={detail.idea.id}", said, "bad" if refused else "good")
    return page.part("review/face.html", status=status, card={**_values(page, detail), "refused": refused})


def _conflict(page: Page, content_id: str, form: FormData, body: dict[str, Any] | None) -> Response:
    """Another text was saved meanwhile: that one, with what is new in it, and the form with what was typed here."""
    detail = reading.get_content(page.database, page.caller, content_id)
    if not page.is_partial:
        return page.go(f"/content/{content_id}", "It was changed meanwhile. Read it again first.", "bad")
    base = text(form, "base")
    number = min(int(base), detail.revisions) if base.isdigit() and int(base) else detail.revisions
    before = reading.get_revision(page.database, content_id, number)
    card = {**_values(page, detail, body=body), "theirs": diff(before.text, detail.text), "mine": body is not None}
    return page.part("review/draft.html", status=412, card=card)


def _version(form: FormData) -> int:
    if not (given := text(form, "version")).isdigit():
        raise WrongInput("The form does not say which version it began from.", hint="Load the page again.")
    return int(given)


def _state(name: str) -> State:
    try:
        return State(name)
    except ValueError:
        raise WrongInput(f"There is no state {name[:20]!r}.") from None


def _body(page: Page, content_id: str, form: FormData) -> dict[str, Any] | None:
    """The text in the form; None when the form holds none."""
    if not any(name.startswith(editor.PREFIX) for name in form):
        return None
    return editor.body_of(reading.get_content(page.database, page.caller, content_id).format, form)


def _saved(page: Page, content_id: str, form: FormData, body: dict[str, Any] | None, version: int) -> int:
    """The version after what the form asks to save, or to put back, was done."""
    if (number := text(form, "number")).isdigit():
        return editing.revert(page.database, page.caller, content_id, int(number), version=version).version
    if body is None:
        return version
    return editing.edit(page.database, page.caller, content_id, body, version=version, autosave=True).version


def _end(page: Page, found: ReviewQueue) -> dict[str, Any]:
    offers = next_slots.offers(page.database, found.day) if found.day else ()
    older = [each for each in found.days if each.day != found.day]
    return {"day": found.day, "waiting": found.total, "offers": offers, "older": older, "outcomes": ()}
