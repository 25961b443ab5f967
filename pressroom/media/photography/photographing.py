"""One product picture from the photo that was taken in to a file: asked of the image chain, kept, fitted."""

from __future__ import annotations

from typing import Literal

from pressroom.calls.declare import Budget
from pressroom.calls.ledger import Ledger
from pressroom.errors import Lasting
from pressroom.media.chain import ImageChain
from pressroom.media.keeping import Keeper
from pressroom.media.makers import EditRequest
from pressroom.media.photography.asking import photo_request
from pressroom.media.photography.errand import EditErrand, checked
from pressroom.media.photography.styles import photo_styles
from pressroom.media.pictures.making import Made, made_of
from pressroom.media.pictures.taken import Taken
from pressroom.model import Brand
from pressroom.store.artifacts import ArtifactStore

_TRIED = 1080
"""Pixels of the square that is thought of where nothing but the style matters."""


def photograph(
    picture: Taken,
    style: str,
    *,
    description: str = "",
    width: int,
    height: int,
    chain: ImageChain,
    ledger: Ledger,
    store: ArtifactStore,
    workspace: str,
    brand: Brand | None = None,
    ground: str = "",
    quality: Literal["low", "medium", "high"] = "medium",
    variant: int = 0,
    task: str = "",
    budget: Budget | None = None,
    deadline: float | None = None,
) -> Made:
    """The product in `picture`, in `style`, as a file of `width` x `height` pixels; nothing is paid for twice.

    description: what the product is, as data for the model. ground: colour behind it where it is composed, `#rrggbb`;
    "": the brand's background. workspace: first part of the key pictures are kept under. budget, deadline: see
    `AccountChain.run`.

    Raises:
        WrongInput: no such style, or a size nobody makes. ChainExhausted: no account gave a usable one; says for each
        why, also of those that can't do this style. StoreUnusable: it could not be kept.
    """
    request = photo_request(
        picture,
        style,
        description=description,
        width=width,
        height=height,
        brand=brand,
        ground=ground,
        quality=quality,
        variant=variant,
    )
    errand = EditErrand(request, Keeper(store, workspace, chain.policy.sleep))
    received = chain.run(errand, ledger, task=task, budget=budget, deadline=deadline)
    return made_of(received, width, height, request.brand)


def styles_possible(picture: Taken, chain: ImageChain) -> dict[str, str | None]:
    """For every style: None when an account of `chain` can make it of `picture`, else why none can, and what helps.

    Nothing is sent: a key that is refused, or a model that declines, shows only when the picture is made.
    """
    return {
        style: _why_not(photo_request(picture, style, width=_TRIED, height=_TRIED), chain) for style in photo_styles()
    }


def _why_not(request: EditRequest, chain: ImageChain) -> str | None:
    reasons = []
    for link in chain.links:
        try:
            checked(link, request)
        except Lasting as error:
            reasons.append(str(error))
        else:
            return None
    return " ".join(reasons) or "The image chain is empty. Set PRESSROOM_IMAGE_CHAIN."
