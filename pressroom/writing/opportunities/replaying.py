"""Past collections computed again from what is stored: the same bytes, or other weights compared on past days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.opportunities import Replayed
from pressroom.model.trends import Topic, TrendScore, Weights
from pressroom.store import trends
from pressroom.store.artifacts import ArtifactStore, NoArtifact
from pressroom.store.database import Database
from pressroom.writing.opportunities.collection import Collection
from pressroom.writing.opportunities.computing import Computed

TOP = 10
LATER = timedelta(hours=12)
"""How much later a topic that was rightly at the top still grows."""


class Compared(Frozen):
    """One collection by two weightings. entered, left: labels of topics that are at the top by the other one only.

    grown: how many topics of the top had larger figures 12 hours later, by the present weights and by the other;
    None where there is no collection so late.
    """

    run_id: str
    region: str
    slot: dt.datetime
    same: int = Field(description="Topics that are at the top by both.")
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    grown: tuple[int, int] | None = None


def replay(
    database: Database, store: ArtifactStore, workspace_id: str, region: str | None, since: dt.datetime
) -> list[Replayed]:
    """Every collection since then that is still stored, computed again; its rows become what was computed."""
    return [_replayed(each) for each in stored_collections(database, store, workspace_id, region, since)]


def _replayed(collection: Collection) -> Replayed:
    computed, found, digest = collection.replay()
    plan, run = collection.plan, collection.run
    trends.save_collection(
        collection.database, run, plan.region, plan.slot, computed.scored(), collection.read().signals
    )
    return Replayed(
        run_id=run.id,
        region=plan.region,
        slot=plan.slot,
        topics=len(computed.topics),
        opportunities=len(found),
        digest=digest,
        before=str((run.totals or {}).get("digest", "")),
    )


def compare(
    database: Database,
    store: ArtifactStore,
    workspace_id: str,
    region: str | None,
    since: dt.datetime,
    weights: Weights,
) -> list[Compared]:
    """The top of every stored collection by the weights it was made with and by others, and which topics grew."""
    kept = list(stored_collections(database, store, workspace_id, region, since))
    now = [each.compute() for each in kept]
    other = [each.compute(weights) for each in kept]
    return [_compared(each, now[place], other[place], _later(kept, now, place)) for place, each in enumerate(kept)]


def _compared(collection: Collection, now: Computed, other: Computed, later: Computed | None) -> Compared:
    top, top_other = _top(now), _top(other)
    return Compared(
        run_id=collection.run.id,
        region=collection.plan.region,
        slot=collection.plan.slot,
        same=len(set(top) & set(top_other)),
        entered=tuple(other.topics[one].label for one in top_other if one not in top),
        left=tuple(now.topics[one].label for one in top if one not in top_other),
        grown=None
        if later is None
        else (_grown(top, now.topics, later.topics), _grown(top_other, now.topics, later.topics)),
    )


def _top(computed: Computed) -> list[str]:
    def by_trend(score: TrendScore) -> tuple[float, str]:
        return -score.trend, score.topic_id

    return [score.topic_id for score in sorted(computed.scores, key=by_trend)[:TOP]]


def _later(kept: list[Collection], computed: list[Computed], place: int) -> Computed | None:
    plan = kept[place].plan
    found = (
        at
        for at in range(place + 1, len(kept))
        if kept[at].plan.region == plan.region and kept[at].plan.slot - plan.slot >= LATER
    )
    at = next(found, None)
    return None if at is None else computed[at]


def _grown(top: list[str], now: Mapping[str, Topic], later: Mapping[str, Topic]) -> int:
    return sum(_volume(later[one]) > _volume(now[one]) for one in top if one in later)


def _volume(topic: Topic) -> float:
    return sum(signal.volume or 0.0 for signal in topic.signals)


def stored_collections(
    database: Database, store: ArtifactStore, workspace_id: str, region: str | None, since: dt.datetime
) -> Iterator[Collection]:
    """The collections that were finished since then and whose files are there, oldest first."""
    for run in trends.collections_of(database, workspace_id, region=region, since=since):
        collection = Collection(database, store, run)
        try:
            collection.inputs()
        except NoArtifact:
            continue
        if run.totals:
            yield collection
