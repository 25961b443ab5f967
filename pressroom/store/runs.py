"""Runs: opened once for the same work, kept alive by a heartbeat, resumed after a death, closed with counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, update
from sqlmodel import Session, col, or_, select

from pressroom.errors import PressroomError, RunBusy
from pressroom.model import Failure, IdeaRef, RunStatus
from pressroom.store import events
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.missing import COLLECTIONS, FILMS, LATEST, only_run
from pressroom.store.own_rows import own_row
from pressroom.store.owners import check_free, clock, is_gone, this_process
from pressroom.store.paging import PAGE, read_page
from pressroom.store.tables import Artifact, Content, Run, utc_now

RUN_NATURAL_KEY = ("workspace_id", "kind", "run_key")

CRASHED = "RUN_CRASHED"
"""Error code of a run whose process died: it did not come to its end."""


def open_run(database: Database, wanted: Run, *, lease_seconds: float, refresh: bool = False) -> Run:
    """Open the run that `wanted` describes, or take up the one with the same natural key.

    With `refresh`, a run that has ended begins its next variant; one that died in a variant goes on with it.

    Raises:
        RunBusy: another process is at it.
    """
    with database.write() as session:
        insert_unless_there(session, wanted, RUN_NATURAL_KEY)
        keys = [getattr(Run, key) == getattr(wanted, key) for key in RUN_NATURAL_KEY]
        row = session.exec(select(Run).where(*keys).with_for_update()).one()
        now = clock(session)
        ended = row.status != RunStatus.RUNNING and row.error_code != CRASHED
        check_free(row, now)
        if refresh and ended:
            row.variant, row.totals = row.variant + 1, None
        row.status, row.error, row.error_code, row.platform = RunStatus.RUNNING, None, None, None
        row.started_at, row.closed_at, row.budget = utc_now(), None, None
        row.flow_run_id = wanted.flow_run_id
        row.lease_owner, row.lease_expires_at = this_process(), now + timedelta(seconds=lease_seconds)
        session.add(row)
        _tell(session, row)
        return row


@contextmanager
def kept_alive(database: Database, run_id: str, *, lease_seconds: float) -> Iterator[None]:
    """Renew the run's lease from a thread, three times per lease, for as long as the block runs."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease_seconds / 3):
            try:
                _renew(database, run_id, lease_seconds)
            except PressroomError:
                continue  # the database may come back before the lease ends

    heart = threading.Thread(target=beat, name=f"lease-{run_id[:8]}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


def _renew(database: Database, run_id: str, lease_seconds: float) -> None:
    ours = (col(Run.id) == run_id) & (col(Run.lease_owner) == this_process())
    with database.write() as session:
        expires = clock(session) + timedelta(seconds=lease_seconds)
        session.connection().execute(update(Run).where(ours).values(lease_expires_at=expires))


def amend(database: Database, run_id: str, **values: Any) -> Run:
    """Set columns of a run."""
    with database.write() as session:
        return _amended(session, run_id, values)


def _amended(session: Session, run_id: str, values: dict[str, Any]) -> Run:
    row = session.get_one(Run, run_id)
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    return row


def close_run(database: Database, run_id: str, status: RunStatus, *, force: bool = False, **values: Any) -> Run:
    """End a run: its status, its counts, and the lease given back. `force`: its holder is dead.

    Raises:
        RunBusy: the lease was lost, and another process is at it now; the run is its to close.
    """
    holder = get_run(database, run_id).lease_owner
    if not force and holder not in {None, this_process()}:
        raise RunBusy(f"Run {run_id[:8]} was taken over by {holder}.", hint="Nothing is lost: it goes on there.")
    ended = {"status": status, "closed_at": utc_now(), "lease_owner": None, "lease_expires_at": None, "platform": None}
    with database.write() as session:
        row = _amended(session, run_id, {**ended, **values})
        _tell(session, row)
        return row


def end_dead_runs(database: Database) -> list[Run]:
    """End every run whose process is gone, as its lease says; the same request goes on with it. Returns those."""
    dead = [run_id for run_id, _, alive in _held(database) if not alive]
    return [row for run_id in dead if (row := _end_dead(database, run_id))]


def crashed_since(database: Database, then: datetime) -> Sequence[Run]:
    """Runs that were ended as crashed after `then`."""
    with database.read() as session:
        return session.exec(select(Run).where(Run.error_code == CRASHED, col(Run.closed_at) > then)).all()


def living_flow_runs(database: Database) -> set[str]:
    """Flow runs of Prefect's whose runs are being made."""
    return {flow_run for _, flow_run, alive in _held(database) if flow_run and alive}


def _held(database: Database) -> list[tuple[str, str | None, bool]]:
    """Runs that processes hold, with their flow runs, and whether those processes live."""
    columns: tuple[Any, ...] = (Run.id, Run.flow_run_id, Run.lease_owner, Run.lease_expires_at)
    with database.read() as session:
        now, found = clock(session), session.exec(select(*columns).where(Run.status == RunStatus.RUNNING)).all()
    return [(run, flow_run, not is_gone(owner, expires, now)) for run, flow_run, owner, expires in found if owner]


def _end_dead(database: Database, run_id: str) -> Run | None:
    """The run, ended; None where another process has taken it up or ended it meanwhile."""
    ended = {"status": RunStatus.FAILED, "closed_at": utc_now(), "lease_owner": None, "lease_expires_at": None}
    why = {"error_code": CRASHED, "error": "Its process died. The same request goes on where it was.", "platform": None}
    with database.write() as session:
        row = session.exec(select(Run).where(Run.id == run_id).with_for_update()).one()
        gone = row.lease_owner and is_gone(row.lease_owner, row.lease_expires_at, clock(session))
        if row.status != RunStatus.RUNNING or not gone:
            return None
        row = _amended(session, run_id, {**ended, **why})
        _tell(session, row)
        return row


def _tell(session: Session, run: Run) -> None:
    """Note that the run came to its status. Its counts go along once it has some."""
    what = "started" if run.status == RunStatus.RUNNING else run.status
    about = {"run_id": run.id, "kind": run.kind, "day": run.day.isoformat(), "trigger": run.trigger}
    events.emit(session, run.workspace_id, f"run.{what}", about | ({"totals": run.totals} if run.totals else {}))


def note_idea_calls(database: Database, run_id: str, call_ids: Sequence[str]) -> None:
    """Add calls to those a run's ideas came from, each once. Safe from many tasks at the same time."""
    with database.write() as session:
        row = session.exec(select(Run).where(Run.id == run_id).with_for_update()).one()
        row.idea_calls = list(dict.fromkeys([*row.idea_calls, *call_ids]))
        session.add(row)


def note_failures(database: Database, run_id: str, positions: Sequence[int], failures: Sequence[Failure]) -> None:
    """Put `failures` into the run's row; they replace the earlier failures of the ideas at `positions`."""
    with database.write() as session:
        row = session.exec(select(Run).where(Run.id == run_id).with_for_update()).one()
        others = [known for known in row.failures if known["idea_position"] not in set(positions)]
        row.failures = [*others, *(failure.model_dump(mode="json") for failure in failures)]
        session.add(row)


def failures_of(
    database: Database, run_id: str, variant: int, ideas: Sequence[IdeaRef], formats: Sequence[str]
) -> list[Failure]:
    """Every draft of `ideas` that isn't there: with the reason noted for it, else as lost with its shard."""
    row = get_run(database, run_id)
    noted = {(known["idea_position"], known["format"]): Failure.model_validate(known) for known in row.failures}
    with database.read() as session:
        query = select(Content.subject_id, Content.format).where(Content.run_id == run_id, Content.variant == variant)
        there = {(subject_id, form) for subject_id, form in session.exec(query).all()}
    missing = [(idea, form) for idea in ideas for form in formats if (idea.id, form) not in there]
    return [noted.get((idea.position, form)) or _lost(idea, form) for idea, form in missing]


def _lost(idea: IdeaRef, form: str) -> Failure:
    return Failure(
        idea_position=idea.position,
        idea_title=idea.title,
        format=form,
        code="SHARD_LOST",
        reason="Its shard ended before it was written; the same request writes it.",
    )


def get_run(database: Database, run_id: str) -> Run:
    with database.read() as session:
        return session.get_one(Run, run_id)


def run_of_flow_run(database: Database, flow_run_id: str) -> Run | None:
    """The run that a flow run of Prefect's made, or last took up."""
    with database.read() as session:
        return session.exec(select(Run).where(Run.flow_run_id == flow_run_id)).first()


def is_there(database: Database, workspace_id: str, kind: str, run_key: str) -> bool:
    with database.read() as session:
        same = (Run.workspace_id == workspace_id, Run.kind == kind, Run.run_key == run_key)
        return session.exec(select(Run.id).where(*same)).first() is not None


def find_run(
    database: Database, workspace_id: str, wanted: str, *, having: str = "", preferring: Sequence[RunStatus] = ()
) -> Run:
    """The run whose id (or its first digits) is `wanted`, or the newest of that date; `latest` is the newest of all.

    having: of a date's or of all runs, those with a file whose key ends so come first. preferring: those with
    such a status do.

    Raises:
        WrongInput: no run matches, or several ids begin like that.
    """
    with database.read() as session:
        mine = (Run.workspace_id == workspace_id, Run.kind != COLLECTIONS)
        query = select(Run).where(*mine).order_by(col(Run.started_at).desc())
        if wanted.strip() not in LATEST:
            query = query.where(or_(col(Run.id).startswith(wanted.lower(), autoescape=True), _on_day(wanted)))
        if wanted.strip() in LATEST and not preferring:
            query = query.where(Run.kind != FILMS)
        if preferring and (found := session.exec(query.where(col(Run.status).in_(preferring)).limit(2)).all()):
            return only_run(found, wanted, is_day=_is_day(wanted))
        with_file = exists().where(col(Artifact.run_id) == col(Run.id), col(Artifact.key).endswith(having))
        preferred = session.exec(query.where(with_file).limit(2)).all() if having else []
        found = preferred or session.exec(query.limit(2)).all()
    return only_run(found, wanted, is_day=_is_day(wanted))


def list_runs(database: Database, workspace_id: str, *, limit: int = 20) -> list[Run]:
    """The newest runs first, without collections of trends."""
    with database.read() as session:
        query = select(Run).where(Run.workspace_id == workspace_id, Run.kind != COLLECTIONS)
        return list(session.exec(query.order_by(col(Run.started_at).desc()).limit(limit)).all())


def run_of(database: Database, workspace_id: str, run_id: str) -> Run:
    """Raises NotFound, also for another workspace's."""
    return own_row(database, Run, workspace_id, run_id, "run")


def page_of_runs(
    database: Database,
    workspace_id: str,
    *,
    kind: str | None = None,
    status: RunStatus | None = None,
    day: date | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Run], str | None]:
    """Runs by when they were first opened, newest first, and where the next page begins.

    Collections of trends are among them only where `kind` asks for them.
    """
    wanted = {"kind": kind, "status": status, "day": day}
    query = select(Run).where(Run.workspace_id == workspace_id)
    query = query if kind else query.where(Run.kind != COLLECTIONS)
    query = query.where(*(getattr(Run, name) == value for name, value in wanted.items() if value is not None))
    with database.read() as session:
        return read_page(session, query, Run, cursor=cursor, limit=limit)


def files_of(database: Database, run: Run) -> dict[str, Artifact]:
    """The files in the store that belong to a run, by their path below the run's folder, sorted."""
    with database.read() as session:
        found = session.exec(select(Artifact).where(Artifact.run_id == run.id)).all()
    by_path = {each.key.partition(f"/{run.id}/")[2]: each for each in found}
    return dict(sorted(by_path.items()))


def _on_day(wanted: str) -> Any:
    return col(Run.day) == (date.fromisoformat(wanted) if _is_day(wanted) else None)


def _is_day(wanted: str) -> bool:
    try:
        date.fromisoformat(wanted)
    except ValueError:
        return False
    return "-" in wanted
