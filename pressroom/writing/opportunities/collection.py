"""One collection, step by step: what is known, topics with scores, opportunities; and the same computed again.

Each step writes what it came to before the next begins, and can be repeated: inputs are fixed by the first try, models'
answers are in the ledger, rows have natural keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom import formats
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.model import TrendsPlan
from pressroom.model.opportunities import FoundOpportunity
from pressroom.model.trends import OpportunityState, Weights
from pressroom.sources.topics import past_of
from pressroom.sources.topics.past import DAYS
from pressroom.store import opportunities, subjects, trends
from pressroom.store.artifacts import ArtifactStore, NoArtifact
from pressroom.store.database import Database
from pressroom.store.forgetting import trends_folder
from pressroom.store.tables import Run
from pressroom.writing.opportunities import finding, wording
from pressroom.writing.opportunities.collecting import stored_answers
from pressroom.writing.opportunities.computing import Computed, Reading, compute, digest, read_answers
from pressroom.writing.opportunities.inputs import Inputs, PastValues, Words, packed, unpacked

REMEMBERED = timedelta(days=14)
"""How long a topic is recognised when it returns."""
MOST_KNOWN = 1500
"""Topics that are compared with, the newest."""
WRITTEN_DAYS = 30
"""Days of which titles count as covered."""
INPUTS, CATEGORIES, ANGLES = "inputs", "categories", "angles"


@dataclass(frozen=True)
class Collection:
    """One run that collects, with where its rows and files are."""

    database: Database
    store: ArtifactStore
    run: Run

    @property
    def plan(self) -> TrendsPlan:
        assert isinstance(self.run.plan, TrendsPlan)
        return self.run.plan

    def fix_inputs(self, now: datetime) -> Inputs:
        """The inputs, fixed by the first try at its beginning. A repeat knows what the one before it found."""
        if self.store.exists(self._key(INPUTS)):
            return self.inputs()
        inputs = self._known(now)
        self.store.put(self._key(INPUTS), packed(inputs))
        return inputs

    def inputs(self) -> Inputs:
        """Raises NoArtifact once they are forgotten."""
        found = unpacked(self.store.get(self._key(INPUTS)), Inputs)
        assert isinstance(found, Inputs)
        return found

    def words(self, name: str) -> Words:
        """The words of a model; empty where no model was asked."""
        try:
            found = unpacked(self.store.get(self._key(name)), Words)
        except NoArtifact:
            return Words()
        assert isinstance(found, Words)
        return found

    def read(self) -> Reading:
        """The signals of its stored answers."""
        return read_answers(stored_answers(self.database, self.store, self.run.id))

    def score_topics(self, chain: Chain | None, books: Books) -> tuple[Computed, Reading]:
        """Merge, categorise and score what was read, and keep it."""
        inputs, reading = self.inputs(), self.read()
        words = wording.categories_of(compute(inputs, reading.signals), inputs, chain, books) if chain else Words()
        self.store.put(self._key(CATEGORIES), packed(words))
        computed = compute(inputs, reading.signals, words.categories)
        trends.save_collection(
            self.database, self.run, self.plan.region, self.plan.slot, computed.scored(), reading.signals
        )
        return computed, reading

    def open_opportunities(self, chain: Chain | None, books: Books, now: datetime) -> tuple[int, str, int]:
        """Open the best topics as opportunities: how many are new, the digest of it all, how many are foreign."""
        inputs, computed = self.inputs(), self.compute()
        words = wording.angles_of(computed, inputs, chain, books)
        self.store.put(self._key(ANGLES), packed(words))
        found = finding.find(computed, inputs, words)
        opened = opportunities.save_opportunities(self.database, self.run, found, now)
        return opened, digest(computed, found), finding.foreign(computed, inputs)

    def compute(self, weights: Weights | None = None) -> Computed:
        """Topics and scores from what is stored, by other weights where they are given."""
        inputs = self.inputs()
        if weights is not None:
            inputs = inputs.model_copy(update={"weights": weights})
        return compute(inputs, self.read().signals, self.words(CATEGORIES).categories)

    def replay(self) -> tuple[Computed, list[FoundOpportunity], str]:
        """Everything computed again from what is stored, without a network or a model; with its digest."""
        computed = self.compute()
        found = finding.find(computed, self.inputs(), self.words(ANGLES))
        return computed, found, digest(computed, found)

    def _known(self, now: datetime) -> Inputs:
        home, region, plan = self.run.workspace_id, self.plan.region, self.plan
        earlier = trends.earlier_signals(self.database, home, region, now - timedelta(days=DAYS), now,
                                         example=plan.example)  # fmt: skip
        written = subjects.recall(self.database, home, before=now, days=WRITTEN_DAYS)
        return Inputs(
            region=region,
            now=now,
            weights=plan.weights,
            least_score=plan.least_score,
            preferences=plan.preferences,
            formats=formats.names(),
            written=tuple(idea.title for idea in written),
            known=trends.known_topics(
                self.database, home, region, now - REMEMBERED, most=MOST_KNOWN, example=plan.example
            ),
            past=PastValues.of(past_of(earlier, now)),
            velocities=trends.velocities(self.database, home, region, now - timedelta(days=1), self.run.id),
            angles=self._angles(now),
        )

    def _angles(self, now: datetime) -> Mapping[str, str]:
        known = opportunities.opportunities_of(
            self.database, self.run.workspace_id, states=(OpportunityState.OPEN,), region=self.plan.region, now=now,
            limit=1000,
        )  # fmt: skip
        return {row.topic_id: row.angle for row in sorted(known, key=lambda row: row.topic_id)}

    def _key(self, name: str) -> str:
        return f"{trends_folder(self.plan.workspace, self.run.id)}/{self.run.variant}/{name}.json.gz"
