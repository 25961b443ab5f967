"""One picture from request to file: asked of the chain, kept, made into the file that its purpose wants."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pressroom.calls.asking import Received
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.media.keeping import Found, Keeper
from pressroom.media.picture_requests import image
from pressroom.media.pictures.receiving import receive
from pressroom.media.pictures.subject import find_subject
from pressroom.media.pictures.values import Options, Variant, Wanted
from pressroom.media.pictures.variants import variants
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
    return made_of(received, Wanted(request.purpose, request.width, request.height), request.brand)


def made_of(received: Received[Found], wanted: Wanted, brand: Brand) -> Made:
    """The answer of a chain as the file that is wanted; the brand's background is seen through what is transparent."""
    kept = received.body.kept
    file = fit(received.body.data, wanted, background=brand.background)
    return Made(
        data=file.data,
        media_type=file.media_type,
        width=file.width,
        height=file.height,
        provider=received.account,
        model=received.model,
        call_ids=received.call_ids,
        notes=(*kept.notes, *file.notes),
        drawn=kept.drawn,
        source_key=kept.key,
    )


def fit(data: bytes, wanted: Wanted, *, background: str) -> Variant:
    """The picture in `data`, from a provider, cut by its subject so that it fills what is wanted.

    Raises:
        BrokenAnswer: it is not a picture that can be used.
    """
    options = Options(background=background, made=True, most_enlarged=math.inf)
    return variants(receive(data), [wanted], options, subject=find_subject, threads=1)[0]
