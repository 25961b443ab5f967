"""Brand voices: how everything that is written in one should sound."""

from __future__ import annotations

import re

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import configuring
from apps.web import settings_menu
from apps.web.forms import lines, text, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import Voice
from pressroom.people.permissions import Action
from pressroom.store.voices import voices_of

router = page_router(prefix="/voices")

LISTS = ("do", "dont", "banned")
"""Fields that hold one thing a line."""

_RULE = re.compile(r"^[^\S\n]*---+[^\S\n]*$", re.M)
"""A line that separates sample posts, which contain empty lines themselves."""


@router.get("")
def voices(page: PageDep) -> Response:
    """All voices of the workspace."""
    known = voices_of(page.database, page.caller.workspace_id)
    used = configuring.preferences_of(page.database, page.caller).voice
    return settings_menu.show(page, "voices.html", voices=known, used=used.name if used else "")


@router.get("/new")
def new(page: PageDep) -> Response:
    """The form for a further voice."""
    page.check(Action.CONFIGURE)
    return _form(page, FormData())


@router.post("")
def add(page: PageDep, form: FormDep) -> Response:
    """Keep a further voice; the name of one that is there is refused."""
    page.check(Action.CONFIGURE)
    try:
        wanted = _voice(form, text(form, "name"))
        if wanted.name in {voice.name for voice in voices_of(page.database, page.caller.workspace_id)}:
            raise WrongInput(f"There is a voice called {wanted.name} already.", hint="Choose another name.")
        configuring.set_voice(page.database, page.caller, wanted)
    except PressroomError as error:
        return _form(page, form, error=error)
    return page.go("/settings/voices", f"Voice {wanted.name} added.")


@router.get("/{name}")
def voice(page: PageDep, name: str) -> Response:
    """One voice, as a form for who may change it."""
    known = configuring.voice_of(page.database, page.caller, name)
    return _form(page, _filled(known), known)


@router.post("/{name}")
def change(page: PageDep, name: str, form: FormDep) -> Response:
    """Change a voice. If another user changed it meanwhile, show an error instead of overwriting it."""
    page.check(Action.CONFIGURE)
    known = configuring.voice_of(page.database, page.caller, name)
    try:
        configuring.set_voice(page.database, page.caller, _voice(form, name), seen=text(form, "seen"))
    except PressroomError as error:
        return _form(page, form, known, error)
    return page.go("/settings/voices", f"Voice {name} saved.")


@router.post("/{name}/delete")
def remove(page: PageDep, name: str) -> Response:
    """Forget a voice."""
    page.check(Action.CONFIGURE)
    used = configuring.preferences_of(page.database, page.caller).voice
    if used and used.name == name:
        raise WrongInput(f"The workspace writes in the voice {name}.", hint="Choose another in Content first.")
    configuring.remove_voice(page.database, page.caller, name)
    return page.go("/settings/voices", f"Voice {name} deleted.")


def _form(page: Page, form: FormData, known: Voice | None = None, error: PressroomError | None = None) -> Response:
    seen = text(form, "seen") or (configuring.etag(known) if known else "")
    return settings_menu.show(page, "voice.html", error=error, form=form, known=known, seen=seen)


def _filled(known: Voice) -> FormData:
    lists = {name: "\n".join(getattr(known, name)) for name in LISTS}
    samples = "\n\n---\n\n".join(known.samples)
    return FormData({"description": known.description, "sign_off": known.sign_off, "samples": samples, **lists})


def _voice(form: FormData, name: str) -> Voice:
    samples = [sample.strip() for sample in _RULE.split(text(form, "samples")) if sample.strip()]
    plain = {each: text(form, each) for each in ("description", "sign_off")}
    return validated(Voice, {"name": name, **plain, "samples": samples, **{each: lines(form, each) for each in LISTS}})
