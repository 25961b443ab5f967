"""Cards of web addresses: the page behind a link, the avatar of an account; fetched once and kept in our store.

A picture is drawn again before it is kept, so that no byte of a stranger's file is ever sent to a browser.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Literal

from sqlmodel import col, select

from pressroom.errors import NotFound, PressroomError
from pressroom.sources.fetching import FetchLimits
from pressroom.sources.link_cards import LIMITS, page_facts
from pressroom.sources.pictures import read_picture
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import WebCard
from pressroom.store.publishing_tables import ChannelRow

Kind = Literal["page", "avatar"]

EDGE: Mapping[str, int] = {"page": 640, "avatar": 128}
"""Pixels of the longer edge of a picture that is kept."""

LONGEST_ADDRESS = 2000
MOST_BYTES = 5_000_000
MEDIA_TYPE = "image/png"


def known_cards(database: Database, workspace_id: str, kind: Kind, addresses: Iterable[str]) -> dict[str, WebCard]:
    """The cards that were fetched, by address."""
    hashes = {_hash(address): address for address in addresses}
    if not hashes:
        return {}
    query = select(WebCard).where(WebCard.workspace_id == workspace_id, WebCard.kind == kind)
    with database.read() as session:
        found = session.exec(query.where(col(WebCard.address_hash).in_(hashes))).all()
    return {hashes[row.address_hash]: row for row in found}


def fetch_card(
    database: Database, store: ArtifactStore, workspace_id: str, kind: Kind, address: str, *,
    limits: FetchLimits = LIMITS,
) -> WebCard:  # fmt: skip
    """The card of an address, fetched unless it was before. One that states nothing is kept too: it is not asked again.

    limits: of each of at most two fetches.
    """
    if known := known_cards(database, workspace_id, kind, [address]).get(address):
        return known
    row = WebCard(workspace_id=workspace_id, kind=kind, address_hash=_hash(address), address=address)
    picture = address
    if kind == "page":
        facts = page_facts(address, limits=limits) if len(address) <= LONGEST_ADDRESS else page_facts("")
        row.title, row.description, picture = facts.title, facts.description, facts.picture
    row.picture_key = _keep(store, workspace_id, picture, EDGE[kind], limits) if picture else ""
    with database.write() as session:
        insert_unless_there(session, row, ("workspace_id", "kind", "address_hash"))
    return known_cards(database, workspace_id, kind, [address])[address]


def picture_of(database: Database, card_id: str) -> WebCard:
    """The card with this id, which has a picture. Raises NotFound."""
    with database.read() as session:
        found = session.exec(select(WebCard).where(WebCard.id == card_id)).one_or_none()
    if found is None or not found.picture_key:
        raise NotFound("There is no such picture.")
    return found


def missing_avatars(database: Database) -> list[tuple[str, str]]:
    """(workspace, address) of each avatar of a connected account that was not fetched yet."""
    query = select(ChannelRow.workspace_id, ChannelRow.avatar).where(ChannelRow.avatar != "")
    with database.read() as session:
        wanted = set(session.exec(query.where(ChannelRow.state != "removed")).all())
        cards = select(WebCard.workspace_id, WebCard.address).where(WebCard.kind == "avatar")
        return sorted(wanted - set(session.exec(cards).all()))


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode(errors="replace")).hexdigest()


def _keep(store: ArtifactStore, workspace_id: str, address: str, edge: int, limits: FetchLimits) -> str:
    """The key of a copy of the picture at `address`, drawn again; empty when there is no such picture."""
    from pressroom.media.pictures.headers import Limits  # half a second: Pillow, NumPy
    from pressroom.media.pictures.intake import take_in

    small = Limits(least_edge=16, most_pixels=30_000_000, most_bytes=MOST_BYTES, most_megabytes=150)
    try:
        drawn = BytesIO()
        take_in(read_picture(address, limits=limits, files=False), limits=small).small(edge).save(drawn, "PNG")
    except PressroomError:
        return ""
    data = drawn.getvalue()
    return store.put(f"web/{workspace_id}/{hashlib.sha256(data).hexdigest()}.png", data).key
