"""Pictures: those that runs made, those made ready for platforms with their words, and handing one in for that."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import limits
from apps.desk.intake import Purpose, take_in
from apps.web import picture_sets, store_files
from apps.web.asking import ask
from apps.web.forms import lines, number, sent_files, several, text, ticked, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.picture_sets import Kind
from apps.web.routing import page_router
from pressroom import platforms
from pressroom.errors import PressroomError, WrongInput
from pressroom.model.optimizing import OptimizeRequest
from pressroom.people.permissions import Action
from pressroom.store import assets, runs
from pressroom.store.uploads import PREFIX

router = page_router(prefix="/images")

TABS = (
    ("/images", "All", None),
    ("/images?kind=optimised", "Made ready", None),
    ("/images?kind=made", "From runs", None),
)
LOGO = {"scale": 18, "opacity": 100, "margin": 4}
"""Values of the form for a logo at first, in percent."""


@router.get("")
def listed(page: PageDep, kind: Kind = "", cursor: str | None = None) -> Response:
    """Sets of pictures, newest first."""
    found, following = picture_sets.list_sets(page.database, page.caller.workspace_id, kind, cursor)
    current = f"/images?kind={kind}" if kind else "/images"
    return page.show("images/list.html", found=found, next_cursor=following, kind=kind, tabs=TABS, current=current)


@router.get("/new")
def form(page: PageDep) -> Response:
    """The form that hands pictures in."""
    page.check(Action.START_WORK)
    return _form(page)


@router.post("")
def optimise(page: PageDep, form: FormDep) -> Response:
    """Have pictures made ready for platforms. The same form sent twice does it once."""
    page.check(Action.START_WORK)
    limits.count_caller(page.desk, page.caller, *limits.IMAGES)
    limits.count_caller(page.desk, page.caller, *limits.HEAVY)
    try:
        pictures = _kept(page, form, "file", "image") + lines(form, "addresses")
        request = _request(form, pictures, _kept(page, form, "logo", "logo"))
        said, key = "The pictures are being made ready.", text(form, "key")
        return ask(page, request, key=key, title=_title(form, pictures), said=said)
    except PressroomError as error:
        return _form(page, form, error)


@router.get("/runs/{run_id}")
def of_run(page: PageDep, run_id: str) -> Response:
    """The pictures of one run; on to them at once where there is one set."""
    found = picture_sets.sets_of_run(page.database, runs.run_of(page.database, page.caller.workspace_id, run_id).id)
    if len(found) == 1:
        return page.go(f"/images/{found[0].id}")
    return page.show("images/list.html", found=found, next_cursor=None, kind="", tabs=(), current="")


@router.get("/files/{image_id}")
def file(page: PageDep, image_id: str, save: bool = False) -> Response:
    """A picture itself."""
    row = assets.get_asset(page.database, page.caller.workspace_id, image_id)
    return store_files.picture(page, row, save=save)


@router.get("/{idea_id}")
def one_set(page: PageDep, idea_id: str) -> Response:
    """The pictures of one idea, each with what is to be posted with it."""
    found = picture_sets.get_set(page.database, page.caller.workspace_id, idea_id)
    done = picture_sets.finished(page.database, page.desk.store, found) if found.is_optimised else None
    return page.show(
        "images/set.html", found=found, done=done, by_platform={row.purpose: row for row in found.pictures}
    )


def _form(page: Page, sent: FormData | None = None, error: PressroomError | None = None) -> Response:
    from pressroom.media.photography.styles import photo_styles  # half a second: a library of pictures comes along

    form = sent if sent is not None else FormData({"format": "jpg", "analyse": "on", "place": "auto"})
    names = platforms.names()
    values: dict[str, Any] = {
        "platforms": names,
        "chosen": several(form, "platforms") if sent is not None else names,
        "styles": {name: style.title for name, style in photo_styles().items()},
        "chosen_styles": several(form, "styles"),
        "logo": {name: text(form, name) or default for name, default in LOGO.items()},
        "key": uuid4().hex,
        "most": page.desk.settings.upload_bytes,
    }
    return page.show("images/new.html", status=422 if error else 200, form=form, error=error, **values)


def _kept(page: Page, form: FormData, field: str, purpose: Purpose) -> list[str]:
    """The files of a field, taken in, as a request names them."""
    sent = sent_files(form, field)
    rows = [take_in(page.desk, page.database, page.caller, each, purpose) for each in sent]
    return [f"{PREFIX}{row.id}" for row in rows]


def _request(form: FormData, pictures: list[str], logos: list[str]) -> OptimizeRequest:
    if not pictures:
        raise WrongInput("Which picture?", hint="Choose a file, or name an address.")
    shares = {name: number(form, name, default) / 100 for name, default in LOGO.items()}
    asked = {
        "images": pictures,
        "platforms": several(form, "platforms") or None,
        "describe": text(form, "describe"),
        "analyse": ticked(form, "analyse"),
        "format": text(form, "format"),
        "photo_styles": several(form, "styles"),
        "logo": {"files": logos, "place": text(form, "place") or "auto", **shares} if logos else {},
    }
    return validated(OptimizeRequest, asked)


def _title(form: FormData, pictures: list[str]) -> str:
    names = [each.name for each in sent_files(form, "file")]
    first = (names or pictures)[0]
    return f"{first} and {len(pictures) - 1} more" if len(pictures) > 1 else first
