"""One picture from request to file: asked of the chain, kept, fitted to the size that is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.calls.asking import Received
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.media.keeping import Found, Keeper
from pressroom.media.picture_requests import image
from pressroom.media.pictures.fitting import fit
from pressroom.model import Brand, ImageRequest


@dataclass(frozen=True)
class Made:
    """A picture ready to be stored where it is used.

    drawn: it was made without a model: the request's card, or a photo put together from the cut-out. source_key: the
    picture as it was made, in the artifact store. notes: sentences a reviewer should see.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    provider: str
    model: str
    call_ids: tuple[str, ...]
    notes: tuple[str, ...]
    drawn: bool
    source_key: str


def make_picture(request: ImageRequest, chain: Chain, keeper: Keeper, books: Books) -> Made:
    """The picture for `request`; what was paid for once is found by the ledger and never paid for again.

    Raises:
        ChainExhausted: no account gave a usable one. StoreUnusable: it could not be kept.
    """
    received = chain.ask(image(request, keeper), books)
    return made_of(received, request.width, request.height, request.brand)


def made_of(received: Received[Found], width: int, height: int, brand: Brand) -> Made:
    """The answer of a chain, fitted to `width` x `height` pixels; the space that is left has the brand's background."""
    kept = received.body.kept
    fitted = fit(received.body.data, width, height, background=brand.background)
    return Made(
        data=fitted.data,
        media_type=fitted.media_type,
        width=fitted.width,
        height=fitted.height,
        provider=received.account,
        model=received.model,
        call_ids=received.call_ids,
        notes=(*kept.notes, *fitted.notes),
        drawn=kept.drawn,
        source_key=kept.key,
    )
