"""The workspace's preferences for content: topics, audience and tone."""

from __future__ import annotations

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import configuring
from apps.web import settings_menu
from apps.web.forms import lines, listed, text, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import Preferences
from pressroom.model.speech import Pronunciations
from pressroom.people.permissions import Action
from pressroom.store.voices import voices_of

router = page_router(prefix="/content")


@router.get("")
def preferences(page: PageDep) -> Response:
    """The preferences, as a form for who may set them."""
    known = configuring.preferences_of(page.database, page.caller)
    return _show(page, _filled(known, configuring.pronunciations_of(page.database, page.caller)), known)


@router.post("")
def set_preferences(page: PageDep, form: FormDep) -> Response:
    """Keep them; runs that are under way go on with what they began with."""
    page.check(Action.CONFIGURE)
    try:
        wanted = validated(Preferences, _wanted(form))
        spoken = validated(Pronunciations, {"words": _pronunciations(form)})
        configuring.set_preferences(page.database, page.caller, wanted, seen=text(form, "seen"))
        if "pronunciations" in form and spoken != configuring.pronunciations_of(page.database, page.caller):
            configuring.set_pronunciations(page.database, page.caller, spoken)
    except PressroomError as error:
        return _show(page, form, configuring.preferences_of(page.database, page.caller), error)
    return page.go("/settings/content", "Saved. The next run uses it.")


def _show(page: Page, form: FormData, known: Preferences, error: PressroomError | None = None) -> Response:
    voices = [voice.name for voice in voices_of(page.database, page.caller.workspace_id)]
    seen = text(form, "seen") or configuring.etag(known)
    return settings_menu.show(page, "content.html", error=error, form=form, known=known, voices=voices, seen=seen)


def _filled(known: Preferences, spoken: Pronunciations) -> FormData:
    plain = {"audience": known.audience, "tone": known.tone, "language": known.language}
    hashtags = ", ".join(known.hashtags)
    voice = known.voice.name if known.voice else ""
    return FormData(
        {
            **plain,
            "topics": "\n".join(known.topics),
            "keywords": ", ".join(known.keywords),
            "hashtags": hashtags,
            "voice": voice,
            "pronunciations": "\n".join(f"{written} = {said}" for written, said in spoken.pairs),
            "film_tier": known.film_tier.value if known.film_tier else "",
            "use_results": "on" if known.use_results else "",
        }
    )


def _pronunciations(form: FormData) -> dict[str, str]:
    """Raises WrongInput for a line without an equals sign."""
    pairs = [line.partition("=") for line in lines(form, "pronunciations")]
    if wrong := next((written for written, sign, _ in pairs if not sign), ""):
        raise WrongInput(f"The pronunciation {wrong!r} says nothing to speak.", hint="Write it as SQL = sequel.")
    return {written.strip(): spoken.strip() for written, _, spoken in pairs}


def _wanted(form: FormData) -> dict[str, object]:
    plain = {name: text(form, name) for name in ("audience", "tone", "language")}
    lists = {
        "topics": lines(form, "topics"),
        "keywords": listed(form, "keywords"),
        "hashtags": listed(form, "hashtags"),
    }
    return {
        **plain, **lists, "voice": text(form, "voice") or None,
        "film_tier": text(form, "film_tier") or None, "use_results": bool(text(form, "use_results")),
    }  # fmt: skip
