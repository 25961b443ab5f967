"""One product picture from the photo that was taken in to a file: asked of the image chain, kept, fitted."""

from __future__ import annotations

from typing import Literal

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.media.keeping import Keeper
from pressroom.media.photography.asking import photo_request
from pressroom.media.picture_requests import edit
from pressroom.media.pictures.making import Made, made_of
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import Wanted
from pressroom.model import Brand


def photograph(
    picture: Taken,
    style: str,
    chain: Chain,
    keeper: Keeper,
    books: Books,
    *,
    description: str = "",
    width: int,
    height: int,
    brand: Brand | None = None,
    ground: str = "",
    quality: Literal["low", "medium", "high"] = "medium",
) -> Made:
    """The product in `picture`, in `style`, as a file of `width` x `height` pixels; nothing is paid for twice.

    description: what the product is, as data for the model. ground: colour behind it where it is composed, `#rrggbb`;
    "": the brand's background.

    Raises:
        WrongInput: an unknown style, or a size that can't be made. ChainExhausted: no account gave a usable picture;
        it gives the reason of each account, also of those that can't do this style. StoreUnusable: the store failed.
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
        variant=books.variant,
    )
    return made_of(chain.ask(edit(request, keeper), books), Wanted(request.purpose, width, height), request.brand)
