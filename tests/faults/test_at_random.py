"""Three calls in ten fail, whichever way: every draft is written exactly once, and every call is in the books.

One course of chance as a rule; three with TESTS_ALL_CASES=1.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from pressroom.model import Idea
from pressroom.store import subjects
from pressroom.store.database import Database
from sandbox import Fault, ProviderServer
from sandbox.faults import PASSING
from tests.faults.morning import Morning
from tests.fixtures.extent import ALL_CASES

FORMS = ("x_thread", "linkedin_post", "instagram_reel")
IDEAS = [
    Idea(title=f"{what} is worth a rehearsal", description=f"One afternoon with {what} saves a night.", category="work")
    for what in ("A migration", "A hand-over", "A launch", "A move", "A fire drill", "An interview", "A price change")
]
LOST = {fault for fault in PASSING if fault.kind != "content"}
"""Faults that leave nothing to keep: the call is in the books as failed."""


@pytest.mark.parametrize("seed", [1, 2, 3] if ALL_CASES else [1])
def test_every_draft_is_written_once(seed: int, database: Database) -> None:
    with ProviderServer(fault_rate=0.3, seed=seed, retry_after=0.05) as server:
        morning = Morning.begun(server, database)
        rows = subjects.save_ideas(database, morning.run, IDEAS)
        pairs = [(row, form) for row in rows for form in FORMS]
        chain, ledger = morning.chain("openai", "anthropic", attempts=4, circuit_failures=3), morning.ledger()
        with ThreadPoolExecutor(15) as pool:  # each twice: two workers may well be given the same draft
            list(pool.map(lambda pair: morning.draft(*pair, chain, ledger), [*pairs, *pairs]))
        drafts = {(draft.subject_id, draft.format) for draft in morning.drafts()}
        assert drafts == {(row.id, form) for row, form in pairs}
        assert len(morning.drafts()) == len(pairs)
        assert morning.failures == []
        morning.check_books()
        check_outcomes(morning)
        before = server.counts["total"]
        for row, form in pairs:
            morning.written(row, form, morning.chain("openai", "anthropic"), morning.ledger())
        assert server.counts["total"] == before


def check_outcomes(morning: Morning) -> None:
    """What the server says it did wrong is what the books say went wrong."""
    outcomes = Counter(record.outcome for record in morning.server.history)
    assert sum(outcomes.values()) - outcomes["answered"] > 0.15 * sum(outcomes.values())
    failed = [row for row in morning.calls() if row.status == "failed"]
    assert len(failed) == sum(outcomes[fault.value] for fault in LOST)
    assert sum(row.error_code == "PROVIDER_RATE_LIMIT" for row in failed) == outcomes[Fault.RATE_LIMIT.value]
