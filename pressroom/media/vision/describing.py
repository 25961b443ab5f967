"""Descriptions of pictures: requested from the chain, stored in the ledger, made safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.calls.accounts import OFFLINE
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.calls.requests import Vision
from pressroom.errors import WrongInput
from pressroom.formats import prompts
from pressroom.media.pictures.saving import file_of
from pressroom.media.pictures.taken import Taken
from pressroom.media.vision.guarding import guarded, unled
from pressroom.model.vision import ALT_CHARACTERS, Seen, ShownImage, Sights, VisionRequest
from pressroom.providers.offline.measuring import measure
from pressroom.writing.requests import with_data

MOST_IMAGES = 8
WORDS_CHARACTERS = 2000
ENGLISH = "en"

WITHOUT_A_MODEL = "Described by colours and shapes, without a model: what the picture shows is not known."
IN_ENGLISH = "Without a model a picture is described in English only."


def describe(
    images: Sequence[Taken],
    chain: Chain,
    books: Books,
    *,
    words: str = "",
    language: str = ENGLISH,
) -> Seen:
    """Describes one picture, or several together and how they compare; a repeat is answered by the ledger.

    words: the description by their owner. language: BCP 47 tag of the answer.

    Raises:
        WrongInput: no picture, or more than `MOST_IMAGES`. InvalidImageFormat, ImageTooLarge: one can't be decoded.
        ChainExhausted: no account of the chain answered; with `offline` in it there is always one.
    """
    if not 1 <= len(images) <= MOST_IMAGES:
        raise WrongInput(f"There are {len(images)} pictures.", hint=f"Give 1 to {MOST_IMAGES} at a time.")
    small = [shown(image) for image in images]
    request = vision_request(small, words=words[:WORDS_CHARACTERS], language=language, variant=books.variant)
    received = chain.ask(Vision(request), books)
    offline = _is_offline(chain, received.account)
    sights, notes = _safe(Sights.model_validate(received.body), small)
    if offline:
        notes = (*notes, WITHOUT_A_MODEL, *((IN_ENGLISH,) if language.partition("-")[0] != ENGLISH else ()))
    return Seen(
        images=sights.images,
        comparison=sights.comparison,
        level="offline" if offline else "model",
        language=ENGLISH if offline else language,
        provider=received.account,
        model=received.model,
        call_ids=received.call_ids,
        notes=notes,
    )


def _safe(said: Sights, shown_images: Sequence[ShownImage]) -> tuple[Sights, tuple[str, ...]]:
    checked = [guarded(sight, _plain(image)) for sight, image in zip(said.images, shown_images, strict=True)]
    notes = tuple(
        f"Picture {number} holds words that read like orders to a model; they were not followed."
        for number, one in enumerate(checked, 1)
        if one.addressed
    )
    comparison = unled(said.comparison, said.images)
    return Sights(images=tuple(one.sight for one in checked), comparison=comparison), notes


def _plain(image: ShownImage) -> str:
    measures = measure(image)
    return f"A {measures.shape} picture in {' and '.join(measures.colours)}."


def _is_offline(chain: Chain, account: str) -> bool:
    return any(link.account.name == account and link.account.provider == OFFLINE for link in chain.links)


PURPOSE = "vision"

TEMPERATURE = 0.2
OUTPUT_TOKENS = 800
OUTPUT_TOKENS_MORE = 500
"""For each further picture."""


def vision_request(
    images: Sequence[ShownImage], *, words: str = "", language: str = "en", variant: int = 0
) -> VisionRequest:
    """Ask what `images` show; the answer is a `Sights`. words: what their owner says of them. language: BCP 47 tag."""
    inputs: dict[str, Any] = {"pictures": len(images), "words": words}
    system, asked = prompts.load("vision_system"), prompts.load("vision")
    return VisionRequest(
        purpose=PURPOSE,
        system=system.render(),
        prompt=with_data(asked.render(count=len(images), language=language, most=ALT_CHARACTERS), inputs),
        schema=Sights,
        temperature=TEMPERATURE,
        max_output_tokens=OUTPUT_TOKENS + OUTPUT_TOKENS_MORE * (len(images) - 1),
        prompt_hash=f"vision_system:{system.hash}+vision:{asked.hash}",
        variant=variant,
        inputs=inputs,
        images=tuple(images),
    )


LONGEST_SIDE = 1024
"""Pixels. More is scaled down by the providers themselves, or costs more tokens without being seen better."""

QUALITY = 85


def shown(picture: Taken) -> ShownImage:
    """The picture, at most `LONGEST_SIDE` pixels long, as a JPEG.

    Raises:
        InvalidImageFormat: it is damaged. ImageTooLarge: decoding it would need too much memory.
    """
    small = picture.small(LONGEST_SIDE)
    data = file_of(small, "jpg", quality=QUALITY)
    return ShownImage(data=data, media_type="image/jpeg", width=small.width, height=small.height)
