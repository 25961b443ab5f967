"""A film's parts: the requests for its pictures and voices, what they cost, and the reel they are put together as."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import Field

from pressroom.calls.chain import Chain, Link
from pressroom.calls.ledger import Ledger
from pressroom.calls.requests import Request
from pressroom.calls.tiers import OFFLINE
from pressroom.formats.shared.scripts import clock
from pressroom.media.keeping import Keeper
from pressroom.media.picture_requests import image
from pressroom.media.pictures.wanting import image_request
from pressroom.media.speech.request import Speak
from pressroom.media.speech.speaking import sentence_requests
from pressroom.media.storyboard import picture_words
from pressroom.model import CardText, FilmPlan, Frozen, ImageRequest
from pressroom.model.calls import MICRO
from pressroom.model.films import Reel, Shape, Shot
from pressroom.model.images import ImageIdea
from pressroom.model.speech import SpeechRequest, SpokenWord

CLOSING_SECONDS = 2.5


def picture_request(plan: FilmPlan, scene: int) -> ImageRequest:
    """The request for the picture of a scene, by its number from 1; a card is drawn where no model makes it."""
    shown = plan.board.scenes[scene - 1]
    idea = ImageIdea(prompt=picture_words(shown, plan.board), alt_text=shown.words or plan.board.title)
    return _card_request(plan, shown.card, idea, plan.request.wish(scene).picture_take)


def closing_request(plan: FilmPlan, card: CardText) -> ImageRequest:
    """The request for the card that ends the film."""
    return _card_request(plan, card, ImageIdea(prompt=card.title, alt_text=card.title), 0)


def _card_request(plan: FilmPlan, card: CardText, idea: ImageIdea, variant: int) -> ImageRequest:
    width, height = plan.shape.size
    return image_request(
        idea,
        purpose=f"film/{plan.platform}",
        width=width,
        height=height,
        card=card,
        style=plan.style,
        quality=plan.quality,
        brand=plan.brand,
        variant=variant,
        captioned=True,
    )


def speech_request(plan: FilmPlan, scene: int) -> SpeechRequest:
    """The request for the voice of a scene, by its number from 1."""
    return SpeechRequest(
        text=plan.board.scenes[scene - 1].words,
        language=plan.preferences.language,
        voice=plan.voice,
        pronunciations=plan.pronunciations,
        purpose=f"film/{plan.platform}",
        variant=plan.request.wish(scene).voice_take,
    )


class FilmCost(Frozen):
    """The likely cost of a film in US dollars, without what the ledger has already.

    characters, pictures: to be paid for; known: requests that the ledger has the answers to.
    """

    scenes: int
    characters: int = 0
    pictures: int = 0
    known: int = 0
    picture_provider: str = OFFLINE
    speech_provider: str = OFFLINE
    picture_usd: float = 0
    speech_usd: float = 0
    price_known: bool = Field(default=True, description="False: a model has no price, and the amounts mean nothing.")
    notes: tuple[str, ...] = Field(default=(), description="What a tier lacks here, in sentences.")

    @property
    def usd(self) -> float:
        return self.picture_usd + self.speech_usd


def film_cost(plan: FilmPlan, pictures: Chain, speech: Chain, keeper: Keeper, ledger: Ledger) -> FilmCost:
    """The cost of the plan at the first account of each chain; asks no provider."""
    painter, speaker = pictures.links[0], speech.links[0]
    wanted = [scene for scene in _scenes(plan) if not plan.request.wish(scene).visual] if painter.paid else []
    asked: list[Request[Any]] = [image(picture_request(plan, scene), keeper) for scene in wanted]
    said = [Speak(one, keeper) for scene in _scenes(plan) for one in sentence_requests(speech_request(plan, scene))]
    images, images_known = _unknown(asked, painter, ledger)
    spoken, spoken_known = _unknown(said if speaker.paid else [], speaker, ledger)
    costs = [sum(one.most(link, ()) for one in found) / MICRO for found, link in ((images, painter), (spoken, speaker))]
    return FilmCost(
        scenes=len(plan.board.scenes),
        characters=sum(len(one.content.text) for one in spoken),
        pictures=len(images),
        known=images_known + spoken_known,
        picture_provider=painter.account.name,
        speech_provider=speaker.account.name,
        picture_usd=costs[0],
        speech_usd=costs[1],
        notes=plan.notes,
        price_known=all(cost > 0 for cost, found in zip(costs, (images, spoken), strict=True) if found),
    )


def _scenes(plan: FilmPlan) -> range:
    return range(1, len(plan.board.scenes) + 1)


def _unknown(asked: Sequence[Request[Any]], link: Link, ledger: Ledger) -> tuple[list[Request[Any]], int]:
    """The requests that the ledger has no answer to, each once, and how many it has."""
    records = {one.record(link, (), "").hash: one for one in asked}
    unknown = [one for one in records.values() if not ledger.knows(one.record(link, (), ""))]
    return unknown, len(records) - len(unknown)


class Means(Frozen):
    """The accounts that make a film, once the money is known. speech: asked in this order, each for the whole film."""

    image: tuple[str, ...]
    speech: tuple[str, ...]
    notes: tuple[str, ...] = ()


def means_for(plan: FilmPlan, cost: FilmCost, left: float | None) -> Means:
    """The accounts of the plan, as far as the money goes: first pictures become cards, then this machine speaks.

    left: US dollars that may still be spent; None: no limit.
    """
    if left is None or cost.usd <= left:
        return Means(image=plan.image_chain, speech=plan.speech_chain)
    told = f"about ${cost.usd:.2f} is needed and ${max(left, 0):.2f} may be spent"
    if cost.speech_usd <= left:
        return Means(image=(OFFLINE,), speech=plan.speech_chain, notes=(f"Cards in place of pictures: {told}.",))
    note = f"Cards in place of pictures, and a voice of this machine: {told}."
    return Means(image=(OFFLINE,), speech=(OFFLINE,), notes=(note,))


def recaptioned(words: Sequence[SpokenWord], caption: str) -> tuple[SpokenWord, ...]:
    """The times of `words` with the words of `caption`: one for one where there are as many, else spread by length."""
    shown = caption.split()
    if not shown or not words:
        return tuple(words)
    if len(shown) == len(words):
        return tuple(word.model_copy(update={"text": text}) for word, text in zip(words, shown, strict=True))
    return tuple(_spread(shown, words[0].start, words[-1].end))


def _spread(shown: Sequence[str], start: float, end: float) -> Iterator[SpokenWord]:
    share = (end - start) / sum(len(word) + 1 for word in shown)
    for word in shown:
        until = start + share * (len(word) + 1)
        yield SpokenWord(text=word, start=round(start, 4), end=round(until, 4))
        start = until


def reel_of(plan: FilmPlan, shots: Sequence[Shot], *, closing: Path | None, music: Path | None) -> Reel:
    """The reel of a plan's shots, in order."""
    width, height = plan.shape.size
    return Reel(
        shots=tuple(shots),
        width=width,
        height=height,
        safe=safe_box(plan.shape),
        language=plan.preferences.language,
        captions=plan.request.captions,
        closing=closing,
        closing_seconds=CLOSING_SECONDS,
        music=music,
        brand=plan.brand,
    )


def safe_box(shape: Shape) -> tuple[int, int, int, int]:
    """Where captions may stand: left, top, right and bottom in pixels."""
    left, top, right, bottom = _shapes()[shape.value]["safe"]
    return left, top, right, bottom


def chapter_lines(chapters: Sequence[tuple[float, str]]) -> str:
    """Chapters as they are pasted into a description: `1:05 Title`, one a line."""
    return "\n".join(f"{clock(start)} {title}" for start, title in chapters)


@cache
def _shapes() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(__package__) / "films.toml").read_text("utf-8"))
