"""Rows by plain SQL, for a command that only looks: importing the ORM and its tables takes longer than all it shows.

It reads what there is and makes nothing: no database, no workspace. Everything that writes goes through
`pressroom.store.database`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from pressroom.model.briefs import RunStatus
from pressroom.store.migrations import head
from pressroom.store.missing import (
    COLLECTIONS,
    FILMS,
    LATEST,
    no_voice,
    no_workspace,
    only_content,
    only_opportunity,
    only_run,
)

SQLITE, POSTGRES = "sqlite:///", "postgresql+psycopg://"

JSON = {
    *("preferences", "schedule", "idea_calls", "failures", "gate", "totals", "budget", "profile", "excerpt", "trends"),
    "pronunciations",
    *("body", "violations", "findings", "call_ids", "notes"),
}
"""Columns whose text is JSON, in any table."""

SPENT = "SELECT run_id, execution, input_tokens, output_tokens, cached_tokens, cost_microusd FROM provider_call"

FILM_RUNS = (
    "SELECT asset.run_id FROM attachment JOIN asset ON asset.id = attachment.asset_id WHERE attachment.content_id = ?"
    " AND asset.kind = 'film' AND asset.purpose LIKE 'film/%' ORDER BY attachment.position LIMIT 1",
    "SELECT run_id FROM artifact WHERE content_id = ? AND kind = 'film' AND run_id IS NOT NULL"
    " AND key LIKE '%/film.json' ORDER BY created_at DESC LIMIT 1",
)
"""The run of a draft's film: of the one it has attached, else of the last that was made."""

IDS_AT_ONCE = 500

Row = SimpleNamespace
"""A row, with the attributes of its class in `tables`."""


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for another database."""
    return Path(url.removeprefix(SQLITE).partition("?")[0]) if url.startswith(SQLITE) else None


class Lookup:
    """Reads one database. Its errors are the driver's: `opened` finds out whether it can be read at all."""

    def __init__(self, url: str) -> None:
        self._url = url

    @classmethod
    def opened(cls, url: str) -> Lookup | None:
        """None where the database is not there, can't be reached, or has another schema: the ORM says which."""
        file = file_of(url)
        if (file is None and not url.startswith(POSTGRES)) or (file is not None and not file.is_file()):
            return None
        found = cls(url)
        try:
            (row,) = found.rows("SELECT version_num FROM alembic_version")
        except Exception:  # a driver's own class of errors, which can't be imported without the driver
            return None
        return found if row.version_num == head() else None

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a SELECT; its values stand as `?`."""
        with self._cursor() as (cursor, mark):
            cursor.execute(sql.replace("?", mark), values)
            names = [column[0] for column in cursor.description]
            return [_row(names, row) for row in cursor.fetchall()]

    @contextmanager
    def _cursor(self) -> Iterator[tuple[Any, str]]:
        with closing(self._connection.cursor()) as cursor:
            yield cursor, "?" if file_of(self._url) else "%s"

    @cached_property
    def _connection(self) -> Any:
        if (file := file_of(self._url)) is not None:
            return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True, timeout=30)
        import psycopg

        return psycopg.connect(self._url.replace(POSTGRES, "postgresql://", 1), connect_timeout=5, autocommit=True)

    def close(self) -> None:
        if "_connection" in self.__dict__:
            self._connection.close()

    # What commands ask for

    def find_home(self, name: str) -> Row | None:
        """The workspace called `name`, unless it is not there or deleted."""
        found = self.rows("SELECT * FROM workspace WHERE name = ? AND deleted_at IS NULL", name)
        return found[0] if found else None

    def home(self, name: str) -> Row:
        """The workspace called `name`. Raises NotFound."""
        found = self.find_home(name)
        if found is None:
            raise no_workspace(name)
        return found

    def list_runs(self, workspace_id: str, *, limit: int) -> list[Row]:
        """The newest runs first, without their plans and without collections of trends."""
        query = "SELECT * FROM run WHERE workspace_id = ? AND kind <> ? ORDER BY started_at DESC LIMIT ?"
        return self.rows(query, workspace_id, COLLECTIONS, limit)

    def find_run(
        self, workspace_id: str, wanted: str, *, having: str = "", preferring: Sequence[RunStatus] = ()
    ) -> RunRow:
        """As `runs.find_run`. Raises WrongInput."""
        which, values = _which(wanted)
        if wanted.strip() in LATEST and not preferring:
            which += f" AND kind <> '{FILMS}'"
        query = "SELECT * FROM run WHERE workspace_id = ? AND kind <> ?" + which  # noqa: S608 (our words)
        order = " ORDER BY started_at DESC LIMIT 2"
        asked: list[tuple[str, tuple[Any, ...]]] = [("", ())]
        if having:
            file = " AND EXISTS (SELECT 1 FROM artifact WHERE artifact.run_id = run.id AND artifact.key LIKE ?)"
            asked.insert(0, (file, (f"%{having}",)))
        if preferring:
            asked.insert(0, (f" AND status IN ({_marks(preferring)})", tuple(map(str, preferring))))
        for more, given in asked:
            if found := self.rows(query + more + order, workspace_id, COLLECTIONS, *values, *given):
                break
        return _of_run(only_run(found, wanted, is_day=_day(wanted) is not None))

    def run_with_key(self, workspace_id: str, kind: str, run_key: str) -> RunRow | None:
        """The run with this natural key, if there is one."""
        query = "SELECT * FROM run WHERE workspace_id = ? AND kind = ? AND run_key = ?"
        found = self.rows(query, workspace_id, kind, run_key)
        return _of_run(found[0]) if found else None

    def run(self, run_id: str) -> RunRow:
        (row,) = self.rows("SELECT * FROM run WHERE id = ?", run_id)
        return _of_run(row)

    def subjects_of(self, run_id: str) -> list[Row]:
        """A run's ideas, documents or pictures, in order."""
        return self.rows("SELECT * FROM subject WHERE run_id = ? ORDER BY position", run_id)

    def subject(self, subject_id: str) -> Row:
        (row,) = self.rows("SELECT * FROM subject WHERE id = ?", subject_id)
        return row

    def drafts_of(self, run_id: str, variant: int) -> list[Row]:
        """The drafts of one variant of a run."""
        query = "SELECT * FROM content WHERE run_id = ? AND variant = ? ORDER BY created_at"
        return self.rows(query, run_id, variant)

    def opportunities_of(self, subject_ids: Sequence[str]) -> list[Row]:
        """The opportunities that ideas came from."""
        if not subject_ids:
            return []
        query = f"SELECT * FROM opportunity WHERE subject_id IN ({_marks(subject_ids)})"  # noqa: S608 (our words)
        return self.rows(query, *subject_ids)

    def assets_of(self, run_id: str, variant: int) -> list[Row]:
        """The pictures of one variant of a run."""
        return self.rows("SELECT * FROM asset WHERE run_id = ? AND variant = ? ORDER BY created_at", run_id, variant)

    def artifact_keys(self, run_id: str, ending: str) -> list[str]:
        """Keys of the run's files in the store that end so."""
        found = self.rows("SELECT key FROM artifact WHERE run_id = ? ORDER BY key", run_id)
        return [row.key for row in found if row.key.endswith(ending)]

    def documents(self, ids: Sequence[str]) -> list[Row]:
        """Id, source and body of documents."""
        return self._by_ids("SELECT id, source, body FROM document WHERE id IN ({})", ids)

    def calls(self, ids: Sequence[str]) -> list[Row]:
        """Calls by their ids, without what was answered."""
        return self._by_ids(f"{SPENT} WHERE id IN ({{}})", ids)

    def calls_of_run(self, run_id: str) -> list[Row]:
        return self.rows(f"{SPENT} WHERE run_id = ?", run_id)

    def find_content(self, workspace_id: str, wanted: str) -> Row:
        """The piece of content whose id begins with `wanted`. Raises WrongInput."""
        begin = wanted.strip().lower()
        query = "SELECT * FROM content WHERE workspace_id = ? AND deleted_at IS NULL AND substr(id, 1, ?) = ? LIMIT 2"
        return only_content(self.rows(query, workspace_id, len(begin), begin) if begin else [], wanted)

    def newest_of(self, workspace_id: str, formats: Sequence[str], unless: Sequence[str]) -> Row | None:
        """As `contents.newest_of`."""
        query = (
            f"SELECT * FROM content WHERE workspace_id = ? AND deleted_at IS NULL AND format IN ({_marks(formats)})"  # noqa: S608 (our words)
            f" AND state NOT IN ({_marks(unless)}) ORDER BY created_at DESC, id LIMIT 1"
        )
        found = self.rows(query, workspace_id, *formats, *unless)
        return found[0] if found else None

    def film_run_of(self, content_id: str) -> str | None:
        """As `assets.film_run_of`."""
        for query in FILM_RUNS:
            if found := self.rows(query, content_id):
                return str(found[0].run_id)
        return None

    def find_opportunity(self, workspace_id: str, wanted: str) -> Row:
        """The opportunity whose id begins with `wanted`. Raises WrongInput."""
        begin = wanted.strip().lower()
        query = "SELECT * FROM opportunity WHERE workspace_id = ? AND substr(id, 1, ?) = ? LIMIT 2"
        return only_opportunity(self.rows(query, workspace_id, len(begin), begin) if begin else [], wanted)

    def waiting_opportunities(self, workspace_id: str) -> list[Row]:
        """Taken ones that no run writes yet, the best first."""
        query = "SELECT id FROM opportunity WHERE workspace_id = ? AND state = 'taken' AND taken_run_id IS NULL"
        return self.rows(f"{query} ORDER BY value DESC, id", workspace_id)

    def voice(self, workspace_id: str, name: str) -> dict[str, Any]:
        """The profile of the voice called `name`. Raises WrongInput."""
        found = {row.name: row.profile for row in self.rows("SELECT * FROM voice WHERE workspace_id = ?", workspace_id)}
        if name not in found:
            raise no_voice(name, sorted(found))
        profile: dict[str, Any] = found[name]
        return profile

    def _by_ids(self, query: str, ids: Sequence[str]) -> list[Row]:
        pieces = [ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE)]
        return [row for piece in pieces for row in self.rows(query.format(_marks(piece)), *piece)]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _which(wanted: str) -> tuple[str, tuple[Any, ...]]:
    """The condition for a day or the beginning of an id."""
    begin = wanted.strip().lower()
    if begin in LATEST:
        return "", ()
    if (day := _day(wanted)) is not None:
        return " AND day = ?", (day,)
    return " AND substr(id, 1, ?) = ?", (len(begin), begin)


def _day(wanted: str) -> str | None:
    try:
        return date.fromisoformat(wanted.strip()).isoformat() if "-" in wanted else None
    except ValueError:
        return None


def _row(names: Iterable[str], values: Iterable[Any]) -> Row:
    return Row(**{name: _value(name, value) for name, value in zip(names, values, strict=True)})


def _value(name: str, value: Any) -> Any:
    """The value as the tables have it: SQLite keeps JSON and times as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str):
        return value
    if name in JSON:
        return json.loads(value)
    if name == "day":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if name.endswith("_at") else value


class RunRow(SimpleNamespace):
    """A row of `run`. Its plan is validated on demand: building the classes of plans takes long."""

    @cached_property
    def _plan(self) -> dict[str, Any]:
        kept = self.__dict__["plan_kept"]
        plan: dict[str, Any] = json.loads(kept) if isinstance(kept, str) else kept
        return plan

    @cached_property
    def plan(self) -> Any:
        from pressroom.model.plans import plan_of

        return plan_of(self._plan)

    @property
    def chain(self) -> tuple[str, ...]:
        return tuple(self._plan["chain"])

    @property
    def formats(self) -> tuple[str, ...]:
        return tuple(self._plan.get("formats", ()))


def _of_run(row: Row) -> RunRow:
    values = dict(vars(row))
    return RunRow(plan_kept=values.pop("plan"), **values)
