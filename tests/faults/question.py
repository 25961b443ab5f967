"""What every fault ends with: is everything there, once, and was nothing paid for twice?"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pressroom.store.artifacts import ArtifactStore
from sandbox import ProviderServer
from tests.fixtures.running import every_row

THOROUGH = bool(os.environ.get("TESTS_ALL_FAULTS"))
"""TESTS_ALL_FAULTS=1 runs every moment, longer outages and more runs: minutes instead of seconds."""


def calls_in_flight() -> int:
    """Calls that the ledger knows no answer to: those of a process that has just died."""
    return sum(row["status"] == "claimed" for row in every_row()["provider_call"])


@dataclass(frozen=True)
class Question:
    """What must be there of `runs` runs. `lost`: calls whose answers may never have arrived anywhere."""

    provider: ProviderServer
    ideas: int
    formats: int
    runs: int = 1
    lost: int = 0
    status: str = "completed"
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=every_row)

    def answer(self) -> None:
        """Fails with what is missing, what is there twice, or what was asked for twice."""
        self._the_runs()
        self._the_drafts()
        self._the_calls()
        self._the_artifacts()

    def _the_runs(self) -> None:
        ended = [(row["status"], row["error"], row["lease_owner"]) for row in self.rows["run"]]
        assert ended == [(self.status, None, None)] * self.runs
        assert all(row["closed_at"] and row["totals"]["drafts"] == self.drafts for row in self.rows["run"])

    @property
    def drafts(self) -> int:
        return self.ideas * self.formats

    def _the_drafts(self) -> None:
        for run in self.rows["run"]:
            mine = [row for row in self.rows["subject"] if row["run_id"] == run["id"]]
            assert sorted(row["position"] for row in mine) == list(range(1, self.ideas + 1))
        stored = [(row["subject_id"], row["format"], row["variant"]) for row in self.rows["content"]]
        wanted = {(idea["id"], form, 0) for idea in self.rows["subject"] for form in self._formats(idea["run_id"])}
        assert len(stored) == self.runs * self.drafts
        assert set(stored) == wanted, "a draft for each idea in each format, and no other"
        assert all(row["text"] and row["call_ids"] for row in self.rows["content"])
        wordings = Counter(row["content_id"] for row in self.rows["revision"])
        assert wordings == Counter(row["id"] for row in self.rows["content"]), "one wording each"
        if self.status == "completed":
            assert {row["state"] for row in self.rows["content"]} == {"generated"}

    def _formats(self, run_id: str) -> list[str]:
        return next(list(row["plan"]["formats"]) for row in self.rows["run"] if row["id"] == run_id)

    def _the_calls(self) -> None:
        calls = self.rows["provider_call"]
        assert {row["status"] for row in calls} <= {"answered", "failed"}, "no claim is left behind"
        answered = [row for row in calls if row["status"] == "answered"]
        assert max(Counter(row["request_hash"] for row in answered).values()) == 1, "one answer to each request"
        used = [call for row in self.rows["content"] for call in row["call_ids"]]
        used += [call for row in self.rows["run"] for call in row["idea_calls"]]
        unused = [row for row in answered if row["kind"] == "text" and row["id"] not in used]
        assert not unused, "every answer paid for is used"
        assert set(used) <= {row["id"] for row in answered}
        made = self.provider.counts["total"]
        again = made - len(calls)
        assert 0 <= again <= self.lost, f"{made} calls were made; {len(calls)} are in the ledger"

    def _the_artifacts(self) -> None:
        store = ArtifactStore.from_settings()
        recorded = {row["key"]: (row["sha256"], row["size"]) for row in self.rows["artifact"]}
        assert len(recorded) == len(self.rows["artifact"]), "one row a file"
        kept = {key: store.get(key) for key in store.list() if not key.startswith("results/")}
        assert recorded == {key: (hashlib.sha256(data).hexdigest(), len(data)) for key, data in kept.items()}
        briefs = [json.loads(data) for key, data in kept.items() if key.endswith("/brief.json")]
        assert len(briefs) == self.runs
        for brief in briefs:
            told = [draft for idea in brief["ideas"] for draft in idea["drafts"]]
            assert (brief["status"], len(brief["ideas"]), len(told)) == (self.status, self.ideas, self.drafts)
        texts = [key for key in kept if key.endswith(".txt") and "/data_docs/" not in key]
        assert len(texts) == self.runs * self.drafts
        assert sum(key.endswith("data_docs/index.html") for key in kept) == self.runs
