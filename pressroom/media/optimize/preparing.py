"""From a picture's bytes to what is known of it and its files: looked at once, cut once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.calls.timing import ends, left
from pressroom.errors import ChainExhausted, PressroomError, ProcessingTimeout
from pressroom.media.keeping import Keeper
from pressroom.media.optimize.cutting import Cut, Logos, OutputFolder, SubjectDetector, cut
from pressroom.media.photography.photographing import photograph
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.making import Made
from pressroom.media.pictures.sheet import contact_sheet, sheet_png
from pressroom.media.pictures.sheet_page import contact_sheet_html
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import EXTENSIONS, Options
from pressroom.media.vision.describing import describe
from pressroom.model import Brand
from pressroom.model.optimizing import ImageRef, OptimizeRequest, Prepared
from pressroom.model.results import ImageFile
from pressroom.model.vision import Seen
from pressroom.store.artifacts import NoArtifact, Stored

PHOTO = 1080
"""Pixels of the edge of a product photograph."""

SHEET = "contact-sheet"
WITHOUT_ANALYSIS = "The picture was not analysed: the request turned the analysis off."

_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class ImageServices:
    """The providers that describe and photograph a picture, and its output folder. vision: None: no analysis."""

    vision: Chain | None
    image_chain: Chain
    books: Books
    output: OutputFolder
    logos: Logos
    detector: SubjectDetector
    brand: Brand
    language: str


@dataclass(frozen=True)
class Look:
    """The content of a picture, as far as it is known. words: the user's own."""

    description: str = ""
    alt_text: str = ""
    is_product: bool | None = None
    confidence: float | None = None
    by_model: bool = False
    notes: tuple[str, ...] = (WITHOUT_ANALYSIS,)


class Ready(NamedTuple):
    """One picture as far as it is prepared. sheet, photographs: their files, as they lie in the store."""

    prepared: Prepared
    cuts: list[Cut]
    sheet: list[Stored]
    photographs: list[Stored]


def prepare(
    image: ImageRef,
    data: bytes,
    platforms: Sequence[str],
    wish: OptimizeRequest,
    services: ImageServices,
    *,
    told: Callable[[str], None],
) -> Ready:
    """Everything about one picture but the platforms' words.

    told: hears what is being done.

    Raises:
        InvalidImageFormat, ImageTooLarge, ImageTooSmall, ProcessingTimeout: it can't be used, or not in time.
    """
    until = time.time() + wish.timeout
    taken = take_in(data, name=_name(image.source))
    told("Looking at it")
    look = _look(image, taken, wish, services, until)
    told(f"Cutting it for {', '.join(platforms)}")
    options = Options(format=wish.format, background=wish.background, focus=wish.focus)
    cuts = cut(
        taken,
        platforms,
        options,
        services.logos,
        services.output,
        detector=services.detector,
        alt_text=look.alt_text,
        until=time.monotonic() + left(until),
    )
    sheet = _laid_out(taken, cuts, services.output, look.alt_text)
    photographs, photo_notes = _photographs(image, taken, wish, services, look, until, told)
    prepared = Prepared(
        image=image,
        sha256=taken.sha256,
        width=taken.width,
        height=taken.height,
        description=" ".join(part for part in (wish.describe.strip(), look.description) if part),
        alt_text=look.alt_text,
        words=tuple(dict.fromkeys(_WORD.findall(wish.describe)))[:20],
        is_product=look.is_product,
        product_confidence=None if look.is_product is None else look.confidence,
        seen_by_model=look.by_model,
        files={one.variant.platform: one.file for one in cuts},
        file_notes={one.variant.platform: one.variant.notes for one in cuts},
        photographs=tuple(file for file, _ in photographs),
        notes=(*taken.notes, *look.notes, *photo_notes),
        until=until,
    )
    return Ready(prepared, cuts, sheet, [stored for _, stored in photographs])


def _laid_out(taken: Taken, cuts: Sequence[Cut], output: OutputFolder, alt_text: str) -> list[Stored]:
    """The contact sheet, as a picture and as a page that leads to each file; one that shows the same stays."""
    picture, page = f"{output.folder}/{SHEET}.png", f"{output.folder}/{SHEET}.html"
    if all(one.reused for one in cuts):
        with suppress(NoArtifact):
            return output.store.put_all((key, output.store.get(key)) for key in (picture, page))
    made = [one.variant for one in cuts]
    links = {one.variant.platform: one.file.file for one in cuts}
    html = contact_sheet_html(taken, made, alt=alt_text, links=links)
    return output.store.put_all([(picture, sheet_png(contact_sheet(taken, made))), (page, html.encode())])


def _look(image: ImageRef, taken: Taken, wish: OptimizeRequest, services: ImageServices, until: float) -> Look:
    if services.vision is None:
        return Look(alt_text=wish.describe.strip()[:200])
    try:
        seen = describe(
            [taken],
            services.vision,
            services.books.labelled(f"{image.position}/look").until(ends(services.vision, until)),
            words=wish.describe,
            language=services.language,
        )
    except ChainExhausted as error:
        return Look(
            alt_text=wish.describe.strip()[:200], notes=(f"The picture could not be analysed: {error.message}",)
        )
    return _seen(seen, wish)


def _seen(seen: Seen, wish: OptimizeRequest) -> Look:
    sight, by_model = seen.images[0], seen.level == "model"
    own = wish.describe.strip()[:200]
    return Look(
        description=sight.description if by_model else "",
        alt_text=sight.alt_text if by_model else own or sight.alt_text,
        is_product=sight.is_product,
        confidence=sight.confidence,
        by_model=by_model,
        notes=(*seen.notes, *(f"A reviewer should look: {flag}." for flag in sight.safety)),
    )


def _photographs(
    image: ImageRef,
    taken: Taken,
    wish: OptimizeRequest,
    services: ImageServices,
    look: Look,
    until: float,
    told: Callable[[str], None],
) -> tuple[list[tuple[ImageFile, Stored]], tuple[str, ...]]:
    """Product photographs in the requested styles; a style that can't be made is a note, not an error."""
    if wish.photo_styles and look.is_product is False:
        return [], ("No product photography: the picture shows no product.",)
    made: list[tuple[ImageFile, Stored]] = []
    notes: list[str] = []
    for style in wish.photo_styles:
        told(f"Photographing it: {style}")
        try:
            photo = photograph(
                taken,
                style,
                services.image_chain,
                Keeper(services.output.store, services.output.workspace),
                services.books.labelled(f"{image.position}/{style}").until(ends(services.image_chain, until)),
                description=look.description or wish.describe,
                width=PHOTO,
                height=PHOTO,
                brand=services.brand,
            )
        except (ProcessingTimeout, ChainExhausted) as error:
            notes.append(_not_photographed(style, error))
            continue
        notes += [f"{style}: {note}" for note in photo.notes]
        made.append(_kept(photo, style, services.output, look.alt_text))
    return made, tuple(notes)


def _kept(photo: Made, style: str, output: OutputFolder, alt_text: str) -> tuple[ImageFile, Stored]:
    name = f"photo-{style}.{EXTENSIONS[photo.media_type]}"
    stored = output.store.put(f"{output.folder}/{name}", photo.data)
    file = ImageFile(
        file=name,
        width=photo.width,
        height=photo.height,
        media_type=photo.media_type,
        bytes=len(photo.data),
        alt_text=alt_text,
        style=style,
    )
    return file, stored


def _not_photographed(style: str, error: PressroomError) -> str:
    return f"No photograph in the style {style}: {error.message}"


def _name(source: str) -> str:
    """The name of a picture in messages: the last part of its path or address."""
    path = urlsplit(source).path if "://" in source else source
    return PurePosixPath(path).name or "the picture"
