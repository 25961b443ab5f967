"""The film of a draft: its plan, the picture and voice of each scene, the film itself, and its place in the draft."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom.errors import PressroomError
from pressroom.media.film import render
from pressroom.media.film_making import (
    Means,
    closing_request,
    film_cost,
    means_for,
    picture_request,
    recaptioned,
    reel_of,
    speech_request,
)
from pressroom.media.film_planning import LATEST, UNFIT, FilmInputs, language_of, no_script, scripted
from pressroom.media.film_planning import plan_film as planned
from pressroom.media.films import HEAD, is_film
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.making import Made, make_picture
from pressroom.media.planning import file_hash
from pressroom.media.speech.speaking import speak
from pressroom.model import AssetKind, Caller, FilmMade, FilmPlan, FilmRequest, ImageRequest, Role, RunRef
from pressroom.model.films import Scene, Shot
from pressroom.model.speech import Speech
from pressroom.reports.finished import FILM as FILE
from pressroom.review import attaching, reading
from pressroom.review.attaching import AttachmentRequest
from pressroom.review.attachment_files import Maker
from pressroom.settings import settings
from pressroom.store import assets, contents, runs
from pressroom.store.artifacts import Stored
from pressroom.store.tables import Asset, Content, SubjectRow
from pressroom.store.workspaces import pronunciations_of
from pressroom.userfiles import check_file
from tasks.books import books_of
from tasks.film_rows import (
    FILM,
    SceneVisual,
    film_made,
    film_plan,
    keep,
    keep_files,
    keep_film,
    keeper_of,
    purpose,
    record,
    subject_id,
)
from tasks.observing import observed, picture_stored
from tasks.plans import home_of, planner
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE
from tasks.uploads import is_upload, read_image, upload_of

OFFLINE, OWN = "offline", "own"
"""Providers of cards, and of the user's own files."""

NOT_ATTACHED = "The film is not attached to its draft"
PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_film(request: FilmRequest) -> FilmPlan:
    """Plans the request with every default filled in.

    Raises:
        WrongInput: there is no such draft, it is no script, or a scene, style or voice doesn't exist.
        SourceUnusable: a file of the request is not there. Misconfigured: a setting of films can't be used.
    """
    database, home = connections.database(), home_of(request.workspace)
    draft = draft_of(home.id, request.content)
    about: SubjectRow = contents.one_of(database, SubjectRow, draft.subject_id)
    language = language_of(runs.get_run(database, draft.run_id).plan, about.excerpt)
    return planned(request, FilmInputs(planner(), draft, language, lambda name: _hash(name, request.workspace)))


def draft_of(workspace_id: str, wanted: str) -> Content:
    """The draft that a film is made of. Raises WrongInput."""
    database = connections.database()
    if wanted != LATEST:
        return contents.find_content(database, workspace_id, wanted)
    if (found := contents.newest_of(database, workspace_id, scripted(), UNFIT)) is None:
        raise no_script()
    return found


def _hash(name: str, workspace: str | None) -> str:
    if is_upload(name):
        return upload_of(name, workspace).sha256
    if "://" not in name and settings().local_files:
        check_file(name)
    return file_hash(name, reads_files=settings().local_files)


def wanted_films(run: RunRef) -> list[FilmRequest]:
    """The films that a daily run makes of its drafts; none unless PRESSROOM_FILMS__FORMATS names formats."""
    named = set(settings().films.formats)
    drafts = contents.drafts_of(connections.database(), run.id, run.variant)
    return [
        FilmRequest(content=draft.id, workspace=run.workspace)
        for draft in drafts
        if draft.format in named and draft.state not in UNFIT
    ]


@task(name="choose-means", task_run_name="choose-means", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def choose_means(run: RunRef) -> Means:
    """The accounts that make the film: those of the plan, or cheaper ones where the money does not last for it."""
    plan, books = film_plan(run), books_of(run)
    left = books.budget.left() if books.budget else None
    if left is None:
        return Means(image=plan.image_chain, speech=plan.speech_chain)
    chains = (connections.image_chain(plan.image_chain), connections.speech_chain(plan.speech_chain))
    return means_for(plan, film_cost(plan, *chains, keeper_of(run), books.ledger), left)


@task(name="show-scene", task_run_name="scene {scene}: picture", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def show_scene(run: RunRef, scene: int, means: Means) -> SceneVisual:
    """The picture or clip of a scene, by its number from 1; one that is stored already is left as it is.

    Raises:
        ChainExhausted: no provider gave a usable picture. SourceUnusable: the user's own can't be used.
    """
    row = assets.find_asset(
        connections.database(), subject_id(run), purpose(run, f"scene-{scene}/picture"), run.variant
    )
    if row is None:
        wish = film_plan(run).request.wish(scene)
        row = _own(run, scene, wish.visual) if wish.visual else _make(run, scene, means)
        picture_stored(row)
    return SceneVisual(
        asset_id=row.id,
        key=row.key,
        is_clip=row.media_type.startswith("video/"),
        is_card=row.provider == OFFLINE,
        is_own=row.provider == OWN,
        notes=tuple(row.notes),
    )


def _own(run: RunRef, scene: int, source: str) -> Asset:
    """The user's own picture or clip, kept as it is: it is fitted while the film is made."""
    data = read_image(source, run.workspace)
    name = f"The file of scene {scene}"
    if is_film(data[:HEAD]):
        media_type, ending, width, height = "video/mp4", "mp4", None, None
    else:
        taken = take_in(data, name=name)
        media_type, (width, height) = taken.kind.media_type, taken.size
        ending = media_type.rpartition("/")[2]
    stored = connections.store().put(f"{run.folder}/scenes/{scene:03}-own.{ending}", data)
    about = {"media_type": media_type, "width": width, "height": height, "provider": OWN, "model": ""}
    return keep(run, f"scene-{scene}/picture", AssetKind.PICTURE, stored, **about)


def _make(run: RunRef, scene: int, means: Means) -> Asset:
    plan = film_plan(run)
    made = _picture(run, picture_request(plan, scene), means)
    name = f"{run.folder}/scenes/{scene:03}-picture.{PICTURES.get(made.media_type, 'jpg')}"
    shown: Scene = plan.board.scenes[scene - 1]
    return keep(
        run,
        f"scene-{scene}/picture",
        AssetKind.PICTURE,
        connections.store().put(name, made.data),
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        alt_text=shown.words,
        prompt="" if made.drawn else shown.shows,
        provider=OFFLINE if made.drawn else made.provider,
        model=made.model,
        call_ids=list(made.call_ids),
        notes=list(made.notes),
    )


def _picture(run: RunRef, request: ImageRequest, means: Means) -> Made:
    chain = connections.image_chain(means.image)
    return make_picture(request, chain, keeper_of(run), books_of(run, "film/pictures"))


@task(name="speak-scene", task_run_name="scene {scene}: voice", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def speak_scene(run: RunRef, scene: int, account: str) -> Speech:
    """The voice of a scene, by its number from 1, from one account: a film has one voice.

    Raises:
        ChainExhausted: the account gave none.
    """
    chain = connections.speech_chain((account,))
    own = pronunciations_of(connections.database(), run.workspace_id).pairs
    request = replace(speech_request(film_plan(run), scene), pronunciations=own)
    spoken = speak(request, chain, keeper_of(run), books_of(run, f"film/scene-{scene}"))
    store = connections.store()
    keep(
        run,
        f"scene-{scene}/voice",
        AssetKind.SOUND,
        Stored(
            key=spoken.key, address=store.address(spoken.key), sha256=spoken.sha256, size=len(store.get(spoken.key))
        ),
        media_type="audio/wav",
        seconds=spoken.seconds,
        alt_text=film_plan(run).board.scenes[scene - 1].words,
        provider=spoken.provider,
        model=spoken.model,
        call_ids=list(spoken.call_ids),
        notes=list(spoken.notes),
    )
    return spoken


@task(name="render-film", task_run_name="render-film", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def render_film(
    run: RunRef, visuals: Sequence[SceneVisual], voices: Sequence[Speech], means: Means, notes: Sequence[str]
) -> FilmMade:
    """Put the film together, with its captions and its contact sheet, and keep all of it; nothing is kept by halves.

    Raises:
        Misconfigured: ffmpeg is missing. RenderFailed, StoreUnusable: it failed, or the disk is full.
    """
    plan = film_plan(run)
    with _folder() as folder:
        reel = reel_of(
            plan,
            _shots(plan, folder, visuals, voices),
            closing=_closing(run, folder, means),
            music=_fetched_own(plan.request.music, run.workspace, folder / "music"),
        )
        announce("Rendering the film", 0, 100)
        rendered = render(reel, folder / "film.mp4", progress=_tell)
        files = keep_files(run, folder, rendered)
    made = film_made(run, rendered, visuals, voices, files, [*plan.notes, *means.notes, *notes])
    return keep_film(run, made, rendered)


def _tell(share: float) -> None:
    announce("Rendering the film", round(100 * share), 100)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pressroom-film-") as folder:
        yield Path(folder)


def _shots(plan: FilmPlan, folder: Path, visuals: Sequence[SceneVisual], voices: Sequence[Speech]) -> list[Shot]:
    store = connections.store()
    shots = []
    for place, (visual, voice) in enumerate(zip(visuals, voices, strict=True)):
        picture = folder / f"{place:03}-{visual.key.rpartition('/')[2]}"
        sound = folder / f"{place:03}.wav"
        picture.write_bytes(store.get(visual.key))
        sound.write_bytes(store.get(voice.key))
        shots.append(
            Shot(
                visual=picture,
                kind="clip" if visual.is_clip else "picture",
                sound=sound,
                words=recaptioned(voice.words, plan.request.wish(place + 1).caption),
                timing=voice.timing,
            )
        )
    return shots


def _closing(run: RunRef, folder: Path, means: Means) -> Path | None:
    card = film_plan(run).board.closing
    if card is None:
        return None
    made = _picture(run, closing_request(film_plan(run), card), means.model_copy(update={"image": (OFFLINE,)}))
    file = folder / f"closing.{PICTURES.get(made.media_type, 'jpg')}"
    file.write_bytes(made.data)
    return file


def _fetched_own(source: str, workspace: str, file: Path) -> Path | None:
    if not source:
        return None
    file.write_bytes(read_image(source, workspace))
    return file


@task(name="attach-film", task_run_name="attach-film", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def attach_film(run: RunRef, made: FilmMade) -> FilmMade:
    """Give the film to its draft, in place of an earlier one; then `film.json`, by which the film is known.

    A draft that can't be changed any more, or has another script by now, stays as it is, and the film says so.
    """
    note = _attach(run, made)
    notes = tuple(one for one in made.notes if not one.startswith(NOT_ATTACHED)) + ((note,) if note else ())
    whole = made.model_copy(update={"is_attached": not note, "notes": notes})
    stored = connections.store().put(f"{run.folder}/{FILE}", whole.model_dump_json().encode())
    record(run, FILM, stored)
    return whole


def _attach(run: RunRef, made: FilmMade) -> str:
    """Why the film is not attached; empty where it is."""
    caller = Caller(workspace_id=run.workspace_id, workspace=run.workspace, role=Role.EDITOR, name="film")
    database = connections.database().within(run.workspace_id)
    try:
        found = reading.get_content(database, caller, made.content_id)
        if contents.content_hash(contents.one_of(database, Content, made.content_id).body) != made.script_hash:
            return f"{NOT_ATTACHED}: the script was changed while it was made."
        earlier = {
            row.id for row in assets.assets_for(database, subject_id(run), "film/") if row.kind == AssetKind.FILM
        }
        if any(one.asset_id == made.asset_id for one in found.attachments):
            return ""
        others = [one for one in found.attachments if one.asset_id not in earlier]
        wanted = [AttachmentRequest(attachment_id=one.id) for one in others]
        wanted.insert(0, AttachmentRequest(asset_id=made.asset_id))
        maker = Maker.for_request(connections.store(), None)
        attaching.replace(database, maker, caller, made.content_id, wanted, version=found.version)
    except PressroomError as error:
        return f"{NOT_ATTACHED}: {error.message}"
    return ""
