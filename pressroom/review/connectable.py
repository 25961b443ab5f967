"""The platforms that can be connected, how, and what is missing for it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pressroom import platforms, publishers
from pressroom.errors import Misconfigured, WrongInput
from pressroom.model import Frozen
from pressroom.publishers.ledger.access import Access
from pressroom.publishers.sending.publisher import Password, Publisher


class Asked(Frozen):
    """A field of the form that connects an account. secret: it is never shown again."""

    name: str = Field(examples=["identifier"])
    label: str = Field(examples=["Handle"])
    help: str = ""
    secret: bool = False


class Connectable(Frozen):
    """A platform that can be published to, and how an account there is connected."""

    platform: str = Field(examples=["bluesky"])
    title: str = Field(examples=["Bluesky"])
    way: Literal["oauth", "password"] = Field(description="`oauth`: on the desk's page alone.")
    asks: tuple[Asked, ...] = Field(default=(), description="The fields that `password` needs.")
    server: bool = Field(default=False, description="True where the account lives on a server of its own.")
    usual_server: str = Field(default="", examples=["https://bsky.social"])
    missing: str = Field(default="", description="What keeps it from being connected; empty where nothing does.")
    proof: str = Field(description="What tells, after a lost answer, whether a post is public.")


def connectable(access: Access) -> tuple[Connectable, ...]:
    """Every platform with a publisher, by its title."""
    found = (_connectable(publishers.get(name), access) for name in publishers.names())
    return tuple(sorted(found, key=lambda one: one.title.casefold()))


def _connectable(publisher: Publisher, access: Access) -> Connectable:
    title, way = platforms.title(publisher.platform), publisher.connection
    if isinstance(way, Password):
        asks = tuple(
            Asked(name=name, label=label, help=said, secret=name == "secret") for name, label, said in way.asks
        )
        return Connectable(
            platform=publisher.platform, title=title, way="password", asks=asks, server=way.server,
            usual_server=way.usual, proof=publisher.proof,
        )  # fmt: skip
    missing = "" if access.app(publisher.platform) else no_app(publisher.platform).message
    return Connectable(platform=publisher.platform, title=title, way="oauth", missing=missing, proof=publisher.proof)


def publisher_of(platform: str) -> Publisher:
    """Raises `WrongInput`, naming the platforms there are, for another name."""
    if platform not in publishers.names():
        names = ", ".join(publishers.names())
        raise WrongInput(f"Nothing is published to {platform[:40]!r}.", hint=f"Platforms: {names}.")
    return publishers.get(platform)


def no_app(platform: str) -> Misconfigured:
    name = f"PRESSROOM_PLATFORM_APPS__{platform.upper()}__"
    return Misconfigured(
        f"No app of {platforms.title(platform)} is set: it needs a client id and a client secret.",
        hint=f"Register one there, then set {name}CLIENT_ID and {name}CLIENT_SECRET.",
    )
