"""From a request for a film to its plan: the draft's scenes, the accounts, the user's files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pressroom import formats
from pressroom.calls import providers
from pressroom.calls.speech import knows, voices_of
from pressroom.calls.tiers import OFFLINE, TierChains, tier_chains, usable
from pressroom.errors import WrongInput
from pressroom.media.pictures.wanting import brand_from_settings, check_style
from pressroom.media.storyboard import storyboard
from pressroom.model import FilmPlan, FilmRequest, Plan, Preferences, State
from pressroom.model.films import Shape, Storyboard, Tier
from pressroom.settings import settings
from pressroom.store.contents import content_hash
from pressroom.writing.planning import Planner

UNFIT = (State.REJECTED.value, State.QUARANTINED.value)
"""Of drafts in these states no film is made unless one is named."""

LATEST = "latest"


class Draft(Protocol):
    """A draft, as far as a film goes by it."""

    id: str
    format: str
    platform: str
    body: dict[str, Any]


@dataclass(frozen=True)
class FilmInputs:
    """Values that a plan takes from the process that makes it.

    language: of the draft. file_hash: SHA-256 of a file that the request names.
    """

    planner: Planner
    draft: Draft
    language: str
    file_hash: Callable[[str], str]


def no_script() -> WrongInput:
    return WrongInput("There is no script yet that a film could be made of.", hint="`pressroom daily` writes some.")


def language_of(plan: Plan, excerpt: dict[str, Any] | None) -> str:
    """The language of a draft: of its run, or of its document where the run wants that. excerpt: the subject's."""
    preferences = plan.preferences_for(excerpt["language"]) if excerpt else plan.preferences
    return preferences.language


def scripted() -> tuple[str, ...]:
    """The formats that a film can be made of."""
    return tuple(name for name in formats.names() if formats.get(name).script)


def board_of(draft: Draft, *, language: str, style: str) -> tuple[Storyboard, Shape]:
    """The scenes of a draft, and the shape its format is filmed in.

    Raises:
        WrongInput: the draft is no script, or has no words.
    """
    form = formats.get(draft.format)
    if form.script is None:
        raise WrongInput(
            f"A film is made of a script, and this draft is a {form.title}.",
            hint=f"Name a draft in one of these formats: {', '.join(scripted())}.",
        )
    script = form.script(form.body.model_validate(draft.body))
    return storyboard(script, language=language, style=style), script.shape


def plan_film(request: FilmRequest, inputs: FilmInputs) -> FilmPlan:
    """Plans the request.

    Raises:
        WrongInput: the draft is no script; a scene, style or voice doesn't exist.
        SourceUnusable: a file of the request can't be read. Misconfigured: a setting of films can't be used.
    """
    chosen, home, draft = settings(), inputs.planner.home(request.workspace), inputs.draft
    own = Preferences.model_validate(home.preferences)
    tier = request.tier or own.film_tier or Tier(chosen.films.tier)
    chains = tier_chains(tier, chosen)
    board, shape = board_of(draft, language=inputs.language, style=check_style(request.style or chosen.image_style))
    _check_scenes(request, board)
    image, speech = (usable(chains.chain(kind), kind, _finding(inputs.planner)) for kind in ("image", "speech"))
    voice = check_voice(request.voice or chosen.speech_voice, speech)
    asked = request.model_copy(update={"content": draft.id, "music": request.music or chosen.films.music})
    return FilmPlan(
        day=inputs.planner.today(home),
        workspace=home.name,
        chain=usable(chains.text, "text", _finding(inputs.planner)),
        chain_fingerprint="",
        preferences=own.model_copy(update={"language": inputs.language, "film_tier": None}),
        reads_files=inputs.planner.reads_files,
        request=asked,
        script_hash=content_hash(draft.body),
        format=draft.format,
        platform=draft.platform,
        board=board,
        tier=tier,
        shape=request.shape or shape,
        style=board.style,
        quality=chains.quality,
        brand=brand_from_settings(chosen),
        voice=voice,
        image_chain=image,
        speech_chain=speech,
        fingerprints=(inputs.planner.fingerprint(image, "image"), inputs.planner.fingerprint(speech, "speech")),
        pronunciations=tuple(sorted((getattr(home, "pronunciations", None) or {}).items())),
        files={name: inputs.file_hash(name) for name in named_files(asked)},
        notes=_notes(tier, chains, image, speech),
    )


def named_files(request: FilmRequest) -> Iterator[str]:
    """The user's pictures, clips and music that a request names."""
    yield from (one.visual for one in request.scenes if one.visual)
    if request.music:
        yield request.music


def check_voice(voice: str, chain: tuple[str, ...]) -> str:
    """The voice itself, empty for the usual one.

    Raises:
        WrongInput: no account of the chain knows it.
    """
    able = [providers.get(name) for name in chain]
    if not voice or any(knows(one, voice) for one in able):
        return voice
    known = ", ".join(dict.fromkeys(found.name for one in able for found in voices_of(one)))
    raise WrongInput(
        f"There is no voice {voice!r} at {', '.join(chain)}.",
        hint=f"Choose from: {known}." if known else "`pressroom voices-of-speech` lists voices.",
    )


def _finding(planner: Planner) -> Callable[[str, str], object]:
    return lambda name, kind: planner.fingerprint((name,), kind)


def _check_scenes(request: FilmRequest, board: Storyboard) -> None:
    beyond = [one.scene for one in request.scenes if one.scene > len(board.scenes)]
    if beyond:
        raise WrongInput(
            f"There is no scene {beyond[0]}: the film has {len(board.scenes)}.",
            hint=f"Name a scene from 1 to {len(board.scenes)}.",
        )


def _notes(tier: Tier, chains: TierChains, image: tuple[str, ...], speech: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence for each kind that a paid tier would have paid for, and no account is set up for."""
    told = (("pictures", chains.image, image, "cards"), ("speech", chains.speech, speech, "a voice of this machine"))
    return tuple(
        f"No account of {tier} for {what} is set up ({', '.join(n for n in named if n != OFFLINE)}): {instead} instead."
        for what, named, found, instead in told
        if set(found) <= {OFFLINE} and not set(named) <= {OFFLINE}
    )
