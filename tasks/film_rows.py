"""The rows and files of a film: each scene's, the film's own, and `film.json`, by which it is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blocks import connections
from pressroom.media.film import contact_sheet, srt, vtt
from pressroom.media.film_making import chapter_lines
from pressroom.media.keeping import Keeper
from pressroom.media.storyboard import chapters_at
from pressroom.model import AssetKind, FilmMade, FilmPlan, Frozen, RunRef
from pressroom.model.films import FilmFile, Rendered, SceneMade
from pressroom.model.speech import Speech
from pressroom.reports.finished import film_in
from pressroom.store import assets, contents
from pressroom.store.artifacts import Stored
from pressroom.store.tables import Artifact, Asset, Content

FILM = "film"
"""Provider of films, which speak by a voice that is made; kind of their artifacts."""


class SceneVisual(Frozen):
    """The picture or clip of a scene, and where it lies in the store."""

    asset_id: str
    key: str
    is_clip: bool = False
    is_card: bool = False
    is_own: bool = False
    notes: tuple[str, ...] = ()


def film_plan(run: RunRef) -> FilmPlan:
    assert isinstance(run.plan, FilmPlan)
    return run.plan


def purpose(run: RunRef, part: str) -> str:
    """The purpose of an asset of the run's film: `film/1a2b3c4d/scene-3/voice`."""
    return f"film/{run.id[:8]}/{part}"


def subject_id(run: RunRef) -> str:
    """The topic of the draft that the film is made of."""
    found: Content = contents.one_of(connections.database(), Content, film_plan(run).request.content)
    return found.subject_id


def keeper_of(run: RunRef) -> Keeper:
    return Keeper(connections.store(), run.workspace)


def keep(run: RunRef, part: str, kind: AssetKind, stored: Stored, **about: Any) -> Asset:
    """The rows of a file that is in the store: its artifact, which goes with the draft, and its asset."""
    if stored.key.startswith(f"{run.folder}/"):
        record(run, kind, stored)
    row = Asset(
        workspace_id=run.workspace_id,
        run_id=run.id,
        subject_id=subject_id(run),
        kind=kind,
        purpose=purpose(run, part),
        variant=run.variant,
        key=stored.key,
        address=stored.address,
        sha256=stored.sha256,
        size=stored.size,
        **{"alt_text": "", **about},
    )
    return assets.keep_asset(connections.database(), row)


def record(run: RunRef, kind: str, stored: Stored) -> None:
    row = Artifact(
        workspace_id=run.workspace_id,
        run_id=run.id,
        content_id=film_plan(run).request.content,
        kind=kind,
        key=stored.key,
        address=stored.address,
        sha256=stored.sha256,
        size=stored.size,
    )
    contents.record_artifacts(connections.database(), [row])


def keep_files(run: RunRef, folder: Path, rendered: Rendered) -> dict[str, FilmFile]:
    """The film's files in the store, the film itself first."""
    (folder / "film.srt").write_text(srt(rendered.captions), "utf-8")
    (folder / "film.vtt").write_text(vtt(rendered.captions), "utf-8")
    contact_sheet(folder / "film.mp4", folder / "sheet.jpg")
    wanted = {
        "film": ("film.mp4", "video/mp4"),
        "srt": ("film.srt", "application/x-subrip"),
        "vtt": ("film.vtt", "text/vtt"),
        "sheet": ("sheet.jpg", "image/jpeg"),
    }
    lines = chapter_lines(chapters_at(film_plan(run).board, rendered.scenes, rendered.seconds))
    if lines:
        (folder / "chapters.txt").write_text(f"{lines}\n", "utf-8")
        wanted["chapters"] = ("chapters.txt", "text/plain")
    found = {}
    for name, (file, media_type) in wanted.items():
        stored = connections.store().put(f"{run.folder}/{file}", (folder / file).read_bytes())
        found[name] = FilmFile(key=stored.key, media_type=media_type, size=stored.size, sha256=stored.sha256)
    return found


def film_made(
    run: RunRef,
    rendered: Rendered,
    visuals: Sequence[SceneVisual],
    voices: Sequence[Speech],
    files: dict[str, FilmFile],
    notes: Sequence[str],
) -> FilmMade:
    plan = film_plan(run)
    ends = [*rendered.scenes[1:], rendered.seconds]
    scenes = [
        SceneMade(
            scene=place,
            label=plan.board.scenes[place - 1].label,
            words=plan.board.scenes[place - 1].words,
            caption=plan.request.wish(place).caption,
            start=start,
            seconds=round(end - start, 3),
            visual=visual.asset_id,
            is_card=visual.is_card,
            is_own=visual.is_own,
            is_clip=visual.is_clip,
            notes=visual.notes,
        )
        for place, (start, end, visual) in enumerate(zip(rendered.scenes, ends, visuals, strict=False), 1)
    ]
    told = [*notes, *rendered.notes, *(note for voice in voices for note in voice.notes)]
    return FilmMade(
        run_id=run.id,
        content_id=plan.request.content,
        script_hash=plan.script_hash,
        title=plan.board.title,
        shape=plan.shape,
        tier=plan.tier,
        voice=voices[0].voice if voices else "",
        language=plan.preferences.language,
        seconds=rendered.seconds,
        width=rendered.width,
        height=rendered.height,
        timing=rendered.timing,
        loudness=rendered.loudness,
        scenes=tuple(scenes),
        chapters=chapters_at(plan.board, rendered.scenes, rendered.seconds),
        files=files,
        notes=tuple(dict.fromkeys(told)),
    )


def keep_film(run: RunRef, made: FilmMade, rendered: Rendered) -> FilmMade:
    """The film's rows, after its files: one asset for each."""
    kinds = {"film": AssetKind.FILM, "srt": AssetKind.CAPTIONS, "vtt": AssetKind.CAPTIONS, "sheet": AssetKind.PICTURE}
    rows = {}
    for name, kind in kinds.items():
        file = made.files[name]
        address = connections.store().address(file.key)
        stored = Stored(key=file.key, address=address, sha256=file.sha256, size=file.size)
        seen = {"width": rendered.width, "height": rendered.height} if name == "film" else {}
        about = {"media_type": file.media_type, "seconds": rendered.seconds, "provider": FILM, **seen}
        rows[name] = keep(run, name, kind, stored, alt_text=made.title, model=made.tier.value, **about)
    return made.model_copy(update={"asset_id": rows["film"].id})


def finished_film(run: RunRef) -> FilmMade | None:
    """The run's film, if it is made and all its files are there."""
    return film_in(connections.store(), run.folder)
