"""The requests of an image chain: a picture, and a picture made out of another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pressroom.calls.images import EditRequest, Picture
from pressroom.calls.links import Link
from pressroom.calls.prices import picture_microusd, price_of
from pressroom.calls.providers import Order
from pressroom.calls.requests import Request
from pressroom.errors import CannotCompose
from pressroom.media.keeping import Found, Keeper
from pressroom.model import Answer, Finish, ImageRequest

if TYPE_CHECKING:
    from PIL.Image import Image as Drawing


@dataclass(frozen=True)
class Edit(Request[Found]):
    """A picture made out of another one; some can be composed without a model."""

    kind: ClassVar[str] = "edit"

    content: EditRequest | ImageRequest
    keeper: Keeper

    def model(self, link: Link) -> str:
        return link.account.model

    def order(self, link: Link) -> Order:
        """How the link's vendor understands the request."""
        return link.order(self.kind, self.content)

    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        """Of a link that makes no pictures out of others there is no order, and it is never in the ledger."""
        return dict(self.order(link).identity) if link.provider.offers(self.kind) else {}

    def check(self, link: Link) -> None:
        """Raises `CannotCompose` for a link that can't do it, so that the next one is asked."""
        if not link.provider.offers(self.kind):
            raise CannotCompose(
                f"{link.account.name} makes no pictures out of others.",
                hint="Put openai or stability into the image chain.",
            )
        super().check(link)
        price_of(self.order(link).priced_as or self.model(link))  # an invalid price file is reported before paying

    def answer(self, link: Link, came: Picture) -> Answer:
        order = self.order(link)
        return self.keeper.keep(came, order.width, order.height)

    def cost(self, link: Link, answer: Answer) -> int:
        return picture_microusd(self.model(link), self.order(link), answer.usage, edit=self.kind == "edit")

    def read(self, answer: Answer) -> Found:
        return self.keeper.find(answer)


@dataclass(frozen=True)
class Image(Edit):
    """A picture; where no model makes it, the request's card is drawn."""

    kind: ClassVar[str] = "image"


def image(request: ImageRequest, keeper: Keeper) -> Image:
    return Image(replace(request, draw=drawn), keeper)


def edit(request: EditRequest, keeper: Keeper) -> Edit:
    return Edit(composable(request), keeper)


def composable(request: EditRequest) -> EditRequest:
    """`request` with the way to compose it without a model."""
    return replace(request, compose=_composed, composable=_check)


def drawn(request: ImageRequest, composition: int) -> tuple[Drawing, tuple[str, ...]]:
    """The card of `request`, and notes. composition: which of its template's."""
    from pressroom.media.cards import draw

    size = {"width": request.width, "height": request.height}
    card = draw(request.card, **size, brand=request.brand, variant=composition, captioned=request.captioned)
    return card.image, tuple(card.notes)


def _composed(request: EditRequest) -> tuple[Drawing, tuple[str, ...]]:
    from pressroom.media.photography.composing import composed

    return composed(request)


def _check(request: EditRequest) -> None:
    from pressroom.media.photography.composing import check_composable

    check_composable(request)
