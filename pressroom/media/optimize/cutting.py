"""A picture's file for each platform: cut, with the logo on it, kept by its content, and put where its results are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from pydantic import Field

from pressroom.media.pictures.keys import variant_key
from pressroom.media.pictures.logo import LogoOptions, place_logo
from pressroom.media.pictures.logo_opening import Logo
from pressroom.media.pictures.subject import FINDER, SubjectFinder, find_subject
from pressroom.media.pictures.subject.faces import face_finder
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import MEDIA_TYPES, Box, Options, Variant, Wanted
from pressroom.media.pictures.variants import variants
from pressroom.model import Frozen
from pressroom.model.results import ImageFile
from pressroom.platforms import image_size_for
from pressroom.store.artifacts import ArtifactStore, NoArtifact, Stored

FOLDER = "variants"
"""Below a workspace: files by what they were made of, so that the same picture is never cut twice."""


class Kept(Frozen):
    """The facts about a file that are stored in addition to its bytes."""

    sha256: str
    width: int
    height: int
    quality: int
    box: tuple[int, int, int, int] = Field(description="The part of the upright source that is shown.")
    upscaled: float
    padded: bool
    notes: tuple[str, ...] = ()

    def variant(self, platform: str, data: bytes, options: Options) -> Variant:
        return Variant(
            platform=platform,
            data=data,
            media_type=MEDIA_TYPES[options.format],
            box=Box(*self.box),
            **self.model_dump(exclude={"sha256", "box"}),
        )


@dataclass(frozen=True)
class Logos:
    """The logos of a run, opened once. `name` changes with their bytes and with where they go."""

    logos: tuple[Logo, ...] = ()
    options: LogoOptions = field(default_factory=LogoOptions)
    name: str = ""

    @classmethod
    def of(cls, files: Sequence[tuple[bytes, Logo]], options: LogoOptions) -> Logos:
        told = [hashlib.sha256(data).hexdigest() for data, _ in files]
        name = f"{told}{options.model_dump_json()}" if files else ""
        return cls(tuple(logo for _, logo in files), options, name)

    @property
    def finish(self) -> Callable[[Image.Image], tuple[Image.Image, tuple[str, ...]]] | None:
        """The step that puts the logos on a picture before it is saved; None when there is no logo."""
        return partial(_with_logo, self) if self.logos else None


@dataclass(frozen=True)
class SubjectDetector:
    """Finds the subject of a picture. `name` changes with the method."""

    find: SubjectFinder = find_subject
    name: str = FINDER

    @classmethod
    def of(cls, face_model: Path | None) -> SubjectDetector:
        """With a model file, faces are kept too.

        Raises:
            Misconfigured: OpenCV is not installed, or the file is no such model.
        """
        if face_model is None:
            return cls()
        finder = face_finder(face_model)
        return cls(partial(find_subject, faces=finder), f"{FINDER}+{file_hash(face_model)}")


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Cut(NamedTuple):
    """One platform's file, as it lies in the store. reused: it was there before."""

    variant: Variant
    file: ImageFile
    stored: Stored
    reused: bool


@dataclass(frozen=True)
class OutputFolder:
    """Where files go. workspace, folder: keys in the store, of what is kept and of this picture's results."""

    store: ArtifactStore
    workspace: str
    folder: str


def wanted_of(taken: Taken, names: Sequence[str]) -> list[Wanted]:
    """The allowed shape of each platform that comes nearest to the picture's own.

    Raises:
        WrongInput: a platform without pictures.
    """
    return [Wanted(name, *image_size_for(name, taken.width, taken.height)) for name in names]


def cut(
    taken: Taken,
    names: Sequence[str],
    options: Options,
    logos: Logos,
    output: OutputFolder,
    *,
    detector: SubjectDetector,
    alt_text: str,
    until: float,
) -> list[Cut]:
    """A file for each platform, in order; those made before of the same picture, size and options are taken again.

    until: on `time.monotonic`'s clock.

    Raises:
        InvalidImageFormat, ImageTooLarge, ProcessingTimeout: see `variants`.
    """
    wanted, options = wanted_of(taken, names), replace(options, finder=detector.name)
    keys = {one.platform: _key(taken, one, options, logos) for one in wanted}
    kept = {name: found for name, key in keys.items() if (found := _kept(output, name, key, options))}
    missing = [one for one in wanted if one.platform not in kept]
    made = variants(taken, missing, options, subject=detector.find, finish=logos.finish, until=until)
    for one in made:
        _keep(output, keys[one.platform], one)
    ready = kept | {one.platform: one for one in made}
    return [_placed(output, ready[one.platform], alt_text, reused=one.platform in kept) for one in wanted]


def _key(taken: Taken, wanted: Wanted, options: Options, logos: Logos) -> str:
    key = variant_key(taken.sha256, wanted, options)
    return hashlib.sha256(f"{key}{logos.name}".encode()).hexdigest() if logos.name else key


def _kept(output: OutputFolder, platform: str, key: str, options: Options) -> Variant | None:
    try:
        kept = Kept.model_validate_json(output.store.get(_at(output, key, "json")))
        data = output.store.get(_at(output, key, options.format))
    except (NoArtifact, ValueError):
        return None
    return kept.variant(platform, data, options) if hashlib.sha256(data).hexdigest() == kept.sha256 else None


def _keep(output: OutputFolder, key: str, made: Variant) -> None:
    """The file first, then what tells that it is there."""
    kept = Kept(
        sha256=hashlib.sha256(made.data).hexdigest(),
        width=made.width,
        height=made.height,
        quality=made.quality,
        box=tuple(made.box),
        upscaled=made.upscaled,
        padded=made.padded,
        notes=made.notes,
    )
    output.store.put(_at(output, key, made.extension), made.data)
    output.store.put(_at(output, key, "json"), kept.model_dump_json().encode())


def _at(output: OutputFolder, key: str, extension: str) -> str:
    return f"{output.workspace}/{FOLDER}/{key[:2]}/{key}.{extension}"


def _placed(output: OutputFolder, made: Variant, alt_text: str, *, reused: bool) -> Cut:
    name = f"{made.platform}.{made.extension}"
    stored = output.store.put(f"{output.folder}/{name}", made.data)
    file = ImageFile(
        file=name,
        width=made.width,
        height=made.height,
        media_type=made.media_type,
        bytes=len(made.data),
        alt_text=alt_text,
    )
    return Cut(made, file, stored, reused)


def _with_logo(logos: Logos, image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    placed = place_logo(image, logos.logos, logos.options)
    return placed.image, placed.notes
