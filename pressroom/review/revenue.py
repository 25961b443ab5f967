"""Revenue of publications: entered by a person, or imported from a table; a link's `utm_content` leads to its post."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, select

from pressroom.errors import PressroomError, WrongInput
from pressroom.model import Caller
from pressroom.model.base import Frozen
from pressroom.review.publications import publication_row
from pressroom.store import audit
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.result_tables import RevenueEntry
from pressroom.store.tables import new_id

MICRO = 1_000_000
MOST = 1_000_000_000
"""Units of a currency in one entry."""
MOST_LINES = 10_000
SHOWN = 20
"""Lines with mistakes that an error names."""
COLUMNS = ("publication", "utm_content", "utm_source", "amount", "currency", "date", "reference", "note")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ID = re.compile(r"[0-9a-f]{8,32}")


class Entry(Frozen):
    """One line of revenue. reference: the shop's own number for it; the same one counts once."""

    publication: str = ""
    utm_content: str = ""
    utm_source: str = ""
    amount: str = Field(examples=["12.50"])
    currency: str = Field(examples=["EUR"])
    date: str = Field(examples=["2026-11-30"])
    reference: str = ""
    note: str = ""


class Imported(Frozen):
    """The outcome of an import. repeated: lines that were there already."""

    lines: int
    new: int
    repeated: int


def enter(database: Database, caller: Caller, entry: Entry) -> RevenueEntry:
    """Keep one amount that a person names. Raises `WrongInput`, `NotFound`."""
    with database.write() as session:
        row = _row(session, caller, entry, "entered", entry.reference or new_id())
        if entry.reference and _references(session, [entry.reference]):
            raise WrongInput(f"There is revenue with the reference {entry.reference!r}.", hint="Give another one.")
        session.add(row)
        _note(session, caller, [row])
    return row


def import_csv(database: Database, caller: Caller, text: str) -> Imported:
    """Keep every line of a table, or none: with `;` or `,`, and columns of `COLUMNS`.

    Raises:
        WrongInput: it names each line that can't be used, and why.
    """
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        raise WrongInput(f"The table can't be read: {error}.", hint="Save it as CSV in UTF-8.") from None
    problems, rows, seen = list[str](), list[RevenueEntry](), Counter[str]()
    with database.write() as session:
        for number, line in lines:
            try:
                entry = _entry(line)
                reference = entry.reference or _reference(entry, seen)
                rows.append(_row(session, caller, entry, "imported" if entry.publication else "utm", reference))
            except PressroomError as error:
                problems.append(f"line {number}: {error.message} {error.hint or ''}".strip())
        problems += _doubled(rows, lines)
        if problems:
            more = f" And {len(problems) - SHOWN} more." if len(problems) > SHOWN else ""
            raise WrongInput(
                f"Nothing was imported. {len(problems)} of {len(lines)} lines can't be used: "
                f"{' '.join(problems[:SHOWN])}{more}", hint="Mend these lines and import the file again.",
            )  # fmt: skip
        there = _references(session, [row.reference for row in rows])
        fresh = [row for row in rows if row.reference not in there]
        session.add_all(fresh)
        _note(session, caller, fresh)
    return Imported(lines=len(lines), new=len(fresh), repeated=len(rows) - len(fresh))


def _lines(text: str) -> Iterable[tuple[int, Mapping[str, str]]]:
    """(number, values by column) of a table. Raises `WrongInput` for what is not a table."""
    plain = text.removeprefix("\ufeff")
    first = plain.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(plain, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    named = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if missing := [name for name in ("amount", "currency", "date") if name not in named]:
        raise WrongInput(
            f"The table has no column {missing[0]!r}.", hint=f"Its first line names: {', '.join(COLUMNS)}."
        )
    if not {"publication", "utm_content"} & set(named):
        raise WrongInput("The table names no posts.", hint="It needs a column publication or utm_content.")
    for place, line in enumerate(reader):
        if place >= MOST_LINES:
            raise WrongInput(f"The table has more than {MOST_LINES:,} lines.", hint="Import it in parts.")
        values = zip(named, (value or "" for value in list(line.values())[: len(named)]), strict=False)
        yield reader.line_num, {name: str(value).strip() for name, value in values if name in COLUMNS}


def _entry(line: Mapping[str, str]) -> Entry:
    return Entry(**{name: line.get(name, "") for name in COLUMNS})


def _row(session: Session, caller: Caller, entry: Entry, source: str, reference: str) -> RevenueEntry:
    publication = _publication(session, entry)
    return RevenueEntry(
        workspace_id=caller.workspace_id, publication_id=publication.id, day=_day(entry.date),
        amount_micros=micros(entry.amount), currency=_currency(entry.currency), source=source,
        reference=reference[:128], note=entry.note[:500], created_by=caller.name,
    )  # fmt: skip


def micros(amount: str) -> int:
    """Millionths of `12.50`. Raises `WrongInput` for what is no number, or has more than six decimals."""
    try:
        value = Decimal(amount)
        whole = value * MICRO
        if not value.is_finite() or whole != whole.to_integral_value() or abs(value) > MOST:
            raise InvalidOperation
    except (InvalidOperation, ValueError):
        raise WrongInput(f"{amount[:40]!r} is no amount.", hint="Write it as 1234.50.") from None
    return int(whole)


def _currency(written: str) -> str:
    if not _CURRENCY.fullmatch(written.upper()):
        raise WrongInput(f"{written[:20]!r} is no currency.", hint="Write it as EUR (ISO 4217).")
    return written.upper()


def _day(written: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise WrongInput(f"{written[:40]!r} is no date.", hint="Write it as 2026-11-30.") from None
    if not 2000 <= day.year < 2200:
        raise WrongInput(f"{written} is no date of a post.", hint="Its year is 2000 to 2199.")
    return day


def _publication(session: Session, entry: Entry) -> Publication:
    """The publication that a line is about. Raises `WrongInput` for none, and for several."""
    if entry.publication:
        return _only(session, col(Publication.id).startswith(_hex(entry.publication)), entry.publication, entry)
    return _only(session, col(Publication.content_id).startswith(_hex(entry.utm_content)), entry.utm_content, entry)


def _hex(written: str) -> str:
    if not _ID.fullmatch(written.lower()):
        raise WrongInput(f"{written[:40]!r} names no post.", hint="Give 8 or more digits of its id.")
    return written.lower()


def _only(session: Session, mine: Any, given: str, entry: Entry) -> Publication:
    query: Any = select(Publication).join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
    query = query.where(mine, col(Publication.published_at).is_not(None))
    if entry.utm_source:
        query = query.where(ChannelRow.platform == entry.utm_source.casefold())
    found = session.exec(query.limit(2)).all()
    if len(found) == 1:
        return publication_row(session, found[0].id, None)
    problem = "Several publications are" if found else "No publication is"
    hint = "Add utm_source, or the publication's own id." if found else "Only what is public earns."
    raise WrongInput(f"{problem} of {given[:40]!r}.", hint=hint)


def _reference(entry: Entry, seen: Counter[str]) -> str:
    """The same for the same line of the same file; equal lines of one file are told apart."""
    plain = "\x1f".join(entry.model_dump().values())
    seen[plain] += 1
    digest = hashlib.sha256(f"{seen[plain]} {plain}".encode()).hexdigest()
    return f"line-{digest[:32]}"


def _doubled(rows: Sequence[RevenueEntry], lines: Sequence[tuple[int, Mapping[str, str]]]) -> list[str]:
    """Sentences on references that the table has twice."""
    counted = Counter(row.reference for row in rows)
    twice = {name for name, count in counted.items() if count > 1}
    places: dict[str, list[int]] = {name: [n for n, line in lines if line.get("reference") == name] for name in twice}
    return [f"line {max(at)}: the reference {name!r} stands in line {min(at)} too." for name, at in places.items()]


def _references(session: Session, references: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(references), 500):
        some = references[start : start + 500]
        found |= set(session.exec(select(RevenueEntry.reference).where(col(RevenueEntry.reference).in_(some))))
    return found


def _note(session: Session, caller: Caller, rows: Sequence[RevenueEntry]) -> None:
    if rows:
        audit.note(
            session, caller, "revenue.added", subject_kind="publication", subject_id=rows[0].publication_id,
            details={"lines": len(rows)},
        )  # fmt: skip
