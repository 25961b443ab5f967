"""Judging the batch, and turning a run into files a person reads."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect import task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from blocks import connections
from pressroom import formats
from pressroom.errors import GateFailed
from pressroom.gates.batch_gate import BatchGate, batch_hash
from pressroom.model import BatchRow, Brief, Failure, GateVerdict, RunRef, RunStatus
from pressroom.reports import assemble
from pressroom.reports.compile import compile_brief
from pressroom.reports.markdown import to_markdown
from pressroom.reports.rows import Rows
from pressroom.reports.table import drafts_table
from pressroom.settings import settings
from pressroom.store import contents, runs, subjects
from tasks import observing
from tasks.books import record_files
from tasks.observing import observed
from tasks.progress import announce, only_to_be_looked_at
from tasks.retrying import INFRASTRUCTURE, tried_twice

_GATES: dict[str, BatchGate] = {}
"""The gates of the runs of this process: a child process can't be a task's parameter."""

_SPARE: list[BatchGate] = []

LONGEST_MARKDOWN = 200_000
LONGEST_MESSAGE = 2_000
MOST_ROWS = 500
"""An artifact in Prefect's database holds at most so many characters and rows; the store has the whole."""


@contextmanager
def gate_at_hand(run: RunRef) -> Iterator[None]:
    """Start the batch gate's process when drafts are still to be written, so that it is there when they are.

    Importing Great Expectations takes 5 s and 190 MB; in a child process neither is the flow's.
    """
    if _lacks_drafts(run):
        _GATES[run.id] = _started()
    try:
        yield
    finally:
        gate = _GATES.pop(run.id, None)
        if gate is not None:
            gate.close()


@tried_twice
def _lacks_drafts(run: RunRef) -> bool:
    database = connections.database()
    expected = len(subjects.subjects_of(database, run.id)) * len(run.formats)
    return len(contents.drafts_of(database, run.id, run.variant)) < expected


def _not_judged(reason: str) -> GateVerdict:
    sentence = f"The batch was not judged: {reason}"
    return GateVerdict(success=False, expectations=0, failed=(sentence,), batch_hash="", ran=False)


def start_spare_gate() -> None:
    """Begin the gate's import before there is a run, while there is nothing else to do but wait."""
    spare = BatchGate(timeout=settings().gate_timeout).start()
    atexit.register(spare.close)
    _SPARE.append(spare)


def _started() -> BatchGate:
    return _SPARE.pop() if _SPARE else BatchGate(timeout=settings().gate_timeout).start()


def _lengths(wanted: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Least and most characters a draft of each format may have."""
    return {name: formats.get(name).characters for name in wanted}


def judge_batch(run: RunRef, rows: Rows, failures: Sequence[Failure]) -> GateVerdict:
    """The verdict on the run's drafts, whose task run ends failed where the gate did not run or the batch is not good.

    An unchanged batch is not judged again: its verdict is in the run's row. Without a draft there is nothing to judge.
    """
    batch = assemble.batch(rows)
    if not batch:
        return _not_judged("there is no draft.")
    known = rows.run.gate and GateVerdict.model_validate(rows.run.gate)
    if known and known.batch_hash == batch_hash(batch, rows.expected):
        return known
    state = gate_batch(run, batch, rows.expected, failures, return_state=True)
    verdict = state.result(raise_on_failure=False)
    return verdict if isinstance(verdict, GateVerdict) else state.result()


@task(name="gate-batch", task_run_name="gate-batch", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def gate_batch(run: RunRef, batch: Sequence[BatchRow], expected: int, failures: Sequence[Failure]) -> Any:
    """Judge the run's drafts with Great Expectations and publish the Data Docs. Returns a state with the verdict.

    When the gate's process breaks or takes too long, the verdict says so: the drafts are there all the same, and
    a repeat judges them.
    """
    announce(f"Judging {len(batch):,} {'draft' if len(batch) == 1 else 'drafts'}")
    failed = sum(failure.format in run.formats for failure in failures)  # a source that was not read was to give none
    gate = _GATES.get(run.id) or _GATES.setdefault(run.id, _started())
    with tempfile.TemporaryDirectory(prefix="pressroom-gate-") as folder:
        try:
            verdict = gate.judge(batch, expected, _lengths(run.formats), Path(folder), failed=failed)
        except GateFailed as error:
            observing.batch_not_judged(error)
            return Failed(name="Did not run", message=str(error), data=_not_judged(str(error)))
        stored = connections.store().put_tree(Path(folder) / "data_docs", f"{run.folder}/data_docs")
    observing.batch_judged(verdict, len(batch))
    record_files(run, "data_docs", stored)
    docs = connections.store().address(f"{run.folder}/data_docs/index.html")
    verdict = verdict.model_copy(update={"docs": docs})
    if verdict.success:
        return Completed(message=f"All {verdict.expectations} expectations hold.", data=verdict)
    return Failed(name="Did not pass", message=" ".join(verdict.failed)[:LONGEST_MESSAGE], data=verdict)


@task(name="publish-brief", task_run_name="publish-brief", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def publish_brief(
    run: RunRef, rows: Rows, *, status: RunStatus, failures: Sequence[Failure], verdict: GateVerdict
) -> dict[str, str]:
    """Put the brief and a text file per draft into the store, and show it in Prefect. Returns the addresses."""
    announce("Laying out the brief")
    brief = _brief(run, rows, status, failures, verdict)
    store = connections.store()
    stored = store.put_all((f"{run.folder}/{name}", content) for name, content in compile_brief(brief))
    record_files(run, "brief", stored)
    addresses = {
        "folder": store.address(run.folder),
        **{f"brief_{kind}": store.address(f"{run.folder}/brief.{kind}") for kind in ("md", "html", "json")},
        **({"data_docs": verdict.docs} if verdict.docs else {}),
    }
    with only_to_be_looked_at():
        _show(run, brief, addresses)
    return addresses


def _brief(run: RunRef, rows: Rows, status: RunStatus, failures: Sequence[Failure], verdict: GateVerdict) -> Brief:
    counts = assemble.totals(rows, len(failures), assemble.seconds(rows.run))
    # Kept before the brief is written: a repeat must lay out the same seconds, hence the same bytes.
    rows.run = runs.amend(connections.database(), run.id, totals=counts.model_dump(mode="json"))
    return assemble.brief(run, rows, status=status, counts=counts, failures=failures, gate=verdict)


def _show(run: RunRef, brief: Brief, addresses: dict[str, str]) -> None:
    """The brief, the table of drafts and the link to the Data Docs as artifacts in Prefect's UI."""
    key = f"{run.plan.kind}-{run.workspace}-{run.day.isoformat()}-{run.id[:8]}"  # one series of versions a run
    text = to_markdown(brief, base=addresses["folder"])
    if len(text) > LONGEST_MARKDOWN:
        text = text[:LONGEST_MARKDOWN].rpartition("\n")[0] + f"\n\nThe rest is in {addresses['brief_html']}\n"
    create_markdown_artifact(text, key=f"brief-{key}", description=f"Brief of {run.day}")
    create_table_artifact(drafts_table(brief)[:MOST_ROWS], key=f"drafts-{key}", description=f"Drafts of {run.day}")
    if "data_docs" in addresses:
        create_link_artifact(addresses["data_docs"], link_text="Data Docs", key=f"data-docs-{key}")
