"""The moves that a person has with a publication, as buttons and as the words of an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field

from pressroom import publishers
from pressroom.model import Frozen
from pressroom.model.publication_states import OUT, PartState, person_moves
from pressroom.review.publications import Decision
from pressroom.store.publishing_tables import ChannelRow, PublicationPart

Act = Literal["move", "publish-now", "cancel", "decide", "accept", "delete"]
DECISIONS = get_args(Decision)


class Offer(Frozen):
    """A move that a person has now. act: the last word of its address (`move`: a PATCH). decision: its field."""

    act: Act
    label: str = Field(description="Of its button.")
    means: str
    decision: str = ""


class PartOffer(NamedTuple):
    """A move that a person has. act: `cancel`, `move`, `accept`, `delete`, or a decision of `publications.decide`."""

    act: str
    label: str
    means: str


_ACTS: Mapping[tuple[PartState, PartState], str] = {
    (PartState.MISMATCH, PartState.PUBLISHED): "accept",
    (PartState.VANISHED, PartState.PUBLISHED): "accept",
    (PartState.NEEDS_PERSON, PartState.SENT): "there",
    (PartState.NEEDS_PERSON, PartState.READY): "send",
    (PartState.NEEDS_PERSON, PartState.CANCELLED): "leave",
}
_BY_TARGET = {PartState.CANCELLED: "cancel", PartState.PLANNED: "move", PartState.DELETED: "delete"}


def offers_of(states: Sequence[PartState], *, deletes: bool) -> tuple[PartOffer, ...]:
    """A person's moves with a publication whose parts are in `states`, each once, in the table's order."""
    offers: dict[str, PartOffer] = {}
    for state in states:
        for move in person_moves(state):
            act = _ACTS.get((move.origin, move.target)) or _BY_TARGET[move.target]
            if act != "delete" or deletes or state is PartState.VANISHED:
                offers.setdefault(act, PartOffer(act, move.label, move.means))
    if PartState.PLANNED in states and not set(states) & OUT:
        offers["move"] = PartOffer("move", "Move", "It goes out at another time.")
    elif "move" in offers and set(states) & OUT:
        offers["move"] = PartOffer("move", "Go on", "What is public stays; the rest goes out at a new time.")
    return tuple(offers.values())


def offers(channel: ChannelRow, parts: Sequence[PublicationPart]) -> Iterator[Offer]:
    """The moves that a person has now, as the words of an address."""
    states = [PartState(part.state) for part in parts]
    for each in offers_of(states, deletes=publishers.get(channel.platform).deletes):
        decision = each.act if each.act in DECISIONS else ""
        act: Any = "decide" if decision else each.act
        yield Offer(act=act, label=each.label, means=each.means, decision=decision)
        if act == "move":
            yield Offer(act="publish-now", label="Publish now", means="It is sent within a minute.")
