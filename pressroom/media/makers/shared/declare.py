"""How a maker of pictures is declared, and what one can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pressroom.calls.vendors import Account
from pressroom.media.makers.shared.edits import EditRequest
from pressroom.model import Finish, ImageRequest, Usage


@dataclass(frozen=True)
class Picture:
    """What a maker gave, before anybody looked at it.

    finish: REFUSAL when it was paid for and withheld or blurred. drawn: it shows the request's card and not what the
    prompt says. usage: tokens, where the provider counts in them.
    """

    data: bytes
    media_type: str
    model: str
    request_id: str = ""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = Finish.STOP
    drawn: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """What a maker makes of a request: what decides its answer and its price.

    identity: everything that is sent, as JSON values: the same identity is the same picture to the ledger.
    width, height: pixels that come back. priced_as: its name in the price list, where that is not the account's model.
    """

    identity: Mapping[str, Any]
    width: int
    height: int
    quality: str = ""
    priced_as: str = ""


class ImageMaker(Protocol):
    """Makes pictures. Safe to call from many threads at once."""

    def make(self, request: ImageRequest) -> Picture:
        """Ask once, without retrying.

        Returns whatever came back and is paid for, unusable pictures included.

        Raises:
            Passing, Lasting: nothing came back; see `pressroom.errors` for which is which.
        """
        ...


class ImageEditor(Protocol):
    """Makes pictures out of others. Safe to call from many threads at once."""

    def edit(self, request: EditRequest) -> Picture:
        """Ask once, without retrying. Returns and raises what `ImageMaker.make` does."""
        ...


@dataclass(frozen=True)
class Editor:
    """How a maker makes pictures out of others.

    order: what a request becomes with an account, found without connecting, importing much or decoding the picture.
    build: the client for an account. check: raises the `Lasting` that says why it can't do what is asked, before
    anything is sent.
    """

    order: Callable[[Account, EditRequest], Order]
    build: Callable[[Account], ImageEditor]
    check: Callable[[Account, EditRequest], None]


@dataclass(frozen=True)
class Maker:
    """A maker plug-in.

    paid: calls cost money. order: what a request becomes with an account, found without connecting or importing much.
    build: the client for an account; it may import an SDK, but connects to nothing yet.
    probe: asks for nothing that costs, and raises what a real call would: wrong key, unknown model, no line.
    editor: how it makes pictures out of others; None: it doesn't.
    """

    name: str
    paid: bool
    order: Callable[[Account, ImageRequest], Order]
    build: Callable[[Account], ImageMaker]
    probe: Callable[[Account], None] | None = None
    editor: Editor | None = None
