"""A run's books: its calls in the ledger, its files in the store's rows."""

from __future__ import annotations

from collections.abc import Sequence

from blocks import connections
from pressroom.calls.books import Books
from pressroom.calls.ledger import Ledger
from pressroom.model import RunRef
from pressroom.store import contents
from pressroom.store.artifacts import Stored
from pressroom.store.tables import Artifact


def books_of(run: RunRef, task: str = "") -> Books:
    """The books that this execution of a run keeps. task: the task's name in the ledger."""
    ledger = Ledger(connections.database(), run.workspace_id, run_id=run.id, execution=run.execution)
    return Books(ledger, connections.budget(run.workspace_id, run.id), task, variant=run.variant)


def record_files(run: RunRef, kind: str, stored: Sequence[Stored]) -> None:
    """A row for each file that is in the store now."""
    contents.record_artifacts(
        connections.database(),
        [
            Artifact(
                workspace_id=run.workspace_id,
                run_id=run.id,
                kind=kind,
                key=item.key,
                address=item.address,
                sha256=item.sha256,
                size=item.size,
            )
            for item in stored
        ],
    )
