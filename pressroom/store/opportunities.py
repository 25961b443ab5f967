"""Opportunities: opened by collections, taken by people, rules and daily runs, dismissed, expired.

Each move is one transaction that locks the row, asks the table of moves, and writes the event with it: of two who take
the same one, one does. What a run has taken has that run's id, so a run that is taken up again finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from pressroom.errors import MoveRefused, NotFound
from pressroom.model import Caller, DailyPlan, Preferences, RunStatus
from pressroom.model.opportunities import FoundOpportunity, check_can_take, check_opportunity_move, primary
from pressroom.model.trends import Opportunity, OpportunityState
from pressroom.store import audit, events
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.missing import only_opportunity
from pressroom.store.own_rows import own_row
from pressroom.store.tables import Content, Run, Workspace, utc_now
from pressroom.store.trend_tables import LONGEST_CATEGORY, OpportunityRow, OpportunityRule

OPPORTUNITY_KEY = ("workspace_id", "region", "topic_id", "number")
QUIET = timedelta(days=30)
"""How long a topic that was taken or dismissed gives no further opportunity."""

DAILY_RUN = "daily run"

S = OpportunityState


# --- opening ---------------------------------------------------------------------------------------------------------


def save_opportunities(database: Database, run: Run, found: Sequence[FoundOpportunity], now: datetime) -> int:
    """Open what a collection found, or bring the open ones up to date; how many are new. Doing it again adds none.

    A topic whose opportunity was taken or dismissed within 30 days gives none; one that expired may give another. What
    real sources give takes the place of the open ones of the example day.
    """
    with database.write() as session:
        if found and not getattr(run.plan, "example", False):
            _end(session, run.workspace_id, col(OpportunityRow.is_example).is_(True))
        return sum(_save(session, run, each, now) for each in found)


def _save(session: Session, run: Run, found: FoundOpportunity, now: datetime) -> bool:
    last = _last(session, run.workspace_id, found.opportunity)
    if last is not None and last.state == S.OPEN:
        _describe(last, found)
        session.add(last)
        return False
    if last is not None and (last.run_id == run.id or (last.state != S.EXPIRED and last.updated_at > now - QUIET)):
        return False
    row = _opened(run, found, 1 if last is None else last.number + 1)
    if not insert_unless_there(session, row, OPPORTUNITY_KEY):
        return False  # another collection was a moment faster
    _tell(session, row, "opened")
    return True


def _last(session: Session, workspace_id: str, opportunity: Opportunity) -> OpportunityRow | None:
    same = (
        OpportunityRow.workspace_id == workspace_id,
        OpportunityRow.region == opportunity.region,
        OpportunityRow.topic_id == opportunity.topic_id,
    )
    newest = select(OpportunityRow).where(*same).order_by(col(OpportunityRow.number).desc()).limit(1)
    return session.exec(newest.with_for_update()).first()


def _opened(run: Run, found: FoundOpportunity, number: int) -> OpportunityRow:
    opportunity = found.opportunity
    row = OpportunityRow(
        workspace_id=run.workspace_id,
        region=opportunity.region,
        topic_id=opportunity.topic_id,
        number=number,
        state=S.OPEN,
        run_id=run.id,
        title=opportunity.title,
        angle=opportunity.angle,
        why_now=opportunity.why_now,
        value=opportunity.score.opportunity,
        expires_at=opportunity.expires_at,
        is_example=getattr(run.plan, "example", False),
    )
    _describe(row, found)
    return row


def _describe(row: OpportunityRow, found: FoundOpportunity) -> None:
    opportunity = found.opportunity
    row.language, row.category = opportunity.language, opportunity.category[:LONGEST_CATEGORY]
    row.title, row.angle, row.why_now = opportunity.title, opportunity.angle, opportunity.why_now
    row.formats, row.value = list(opportunity.formats), opportunity.score.opportunity
    row.score = opportunity.score.model_dump(mode="json")
    row.links = [link.model_dump(mode="json") for link in opportunity.links]
    row.signals = [signal.model_dump(mode="json") for signal in found.signals]
    row.call_ids, row.expires_at = list(found.call_ids), opportunity.expires_at
    row.updated_at = utc_now()


# --- moves -----------------------------------------------------------------------------------------------------------


def take(
    database: Database,
    workspace_id: str,
    opportunity_id: str,
    *,
    by: str,
    run_id: str | None = None,
    caller: Caller | None = None,
) -> OpportunityRow:
    """Take an open opportunity: the next daily run writes it, or the run `run_id` that takes it.

    by: a person's address, `rule NAME`, or `daily run`. caller: the person, for the audit log.

    Raises:
        NotFound: the workspace has none of that id. MoveRefused: it is not open, or its time went by.
    """
    with database.write() as session:
        row = _moved(session, workspace_id, opportunity_id, S.TAKEN)
        row.taken_by, row.taken_at, row.taken_run_id = by, utc_now(), run_id
        session.add(row)
        _tell(session, row, "taken", caller, by=by)
        return row


def dismiss(
    database: Database, workspace_id: str, opportunity_id: str, *, by: str, caller: Caller | None = None
) -> OpportunityRow:
    """Dismiss an open opportunity. Raises NotFound and MoveRefused, as `take` does."""
    with database.write() as session:
        row = _moved(session, workspace_id, opportunity_id, S.DISMISSED)
        row.closed_by = by
        session.add(row)
        _tell(session, row, "dismissed", caller, by=by)
        return row


def give_back(
    database: Database, workspace_id: str, opportunity_id: str, *, by: str, caller: Caller | None = None
) -> OpportunityRow:
    """Open a taken opportunity again; no rule takes it any more. One whose time went by is expired then.

    Raises:
        NotFound: the workspace has none of that id. MoveRefused: it is not taken, or a run writes about it.
    """
    with database.write() as session:
        row = _moved(session, workspace_id, opportunity_id, S.OPEN)
        if row.taken_run_id is not None and not _came_to_nothing(session, row):
            raise MoveRefused(
                "A run writes about this opportunity, or has written about it, so it can't be given back.",
                hint="Reject its drafts; they are in the run that the opportunity names.",
            )
        row.taken_by, row.taken_at, row.taken_run_id, row.subject_id, row.closed_by = "", None, None, None, by
        session.add(row)
        _tell(session, row, "given_back", caller, by=by)
        return row


def _came_to_nothing(session: Session, row: OpportunityRow) -> bool:
    """True when the run that took it has ended without a draft of it."""
    run = session.get(Run, row.taken_run_id)
    if run is None or run.status == RunStatus.RUNNING:
        return run is None
    return session.exec(select(Content.id).where(Content.subject_id == row.subject_id).limit(1)).first() is None


def expire(database: Database, workspace_id: str, now: datetime) -> int:
    """Expire every open opportunity whose time went by; how many."""
    with database.write() as session:
        return _end(session, workspace_id, col(OpportunityRow.expires_at) <= now)


def _end(session: Session, workspace_id: str, over: ColumnElement[bool]) -> int:
    """Expire the open ones that `over` is true of; how many."""
    mine = (OpportunityRow.workspace_id == workspace_id, OpportunityRow.state == S.OPEN)
    rows = session.exec(select(OpportunityRow).where(*mine, over).with_for_update()).all()
    for row in rows:
        row.state, row.updated_at = S.EXPIRED, utc_now()
        session.add(row)
        _tell(session, row, "expired")
    return len(rows)


def _moved(session: Session, workspace_id: str, opportunity_id: str, target: OpportunityState) -> OpportunityRow:
    query = select(OpportunityRow).where(OpportunityRow.id == opportunity_id)
    row = session.exec(query.where(OpportunityRow.workspace_id == workspace_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"There is no opportunity {opportunity_id!r}.")
    state = state_of(row, utc_now())
    if target is S.TAKEN:
        check_can_take(state, row.language, _language(session, workspace_id))
    check_opportunity_move(state, target)
    row.state, row.updated_at = target, utc_now()
    return row


def _language(session: Session, workspace_id: str) -> str:
    home = session.get(Workspace, workspace_id)
    return primary(Preferences.model_validate(home.preferences).language) if home else ""


def state_of(row: OpportunityRow, now: datetime) -> OpportunityState:
    """The state as of `now`: an open one whose time went by is expired, even before a collection says so."""
    state = OpportunityState(row.state)
    return S.EXPIRED if state is S.OPEN and row.expires_at <= now else state


def _tell(session: Session, row: OpportunityRow, what: str, caller: Caller | None = None, *, by: str = "") -> None:
    about = {"opportunity_id": row.id, "topic_id": row.topic_id, "region": row.region, "score": row.value}
    events.emit(session, row.workspace_id, f"opportunity.{what}", about | ({"by": by} if by else {}))
    if caller is not None:
        audit.note(session, caller, f"opportunity.{what}", subject_kind="opportunity", subject_id=row.id)


# --- what a run writes -----------------------------------------------------------------------------------------------


def take_for_run(
    database: Database,
    run: Run,
    *,
    wanted: Sequence[str] | None,
    most: int,
    open_most: int,
    languages: Iterable[str],
    now: datetime,
) -> list[OpportunityRow]:
    """The opportunities that a run writes: fixed the first time something is taken, and the same ever after.

    wanted: exactly these; None: those that people and rules took, then the best open ones. most: how many in all.
    open_most: how many of the open ones, less those taken before. languages: of open ones, `""` for not known.
    All in one transaction: a run that dies has taken all of them, or none.
    """
    with database.write() as session:
        mine = _of_run(session, run.id)
        if mine or most <= 0:
            return mine
        if wanted is not None:
            chosen = [row for row in (_by_id(session, run, each) for each in wanted) if row is not None]
        else:
            chosen = _waiting(session, run.workspace_id, most)
            chosen += _best_open(session, run.workspace_id, min(most, open_most) - len(chosen), set(languages), now)
        for row in chosen[:most]:
            _take_up(session, row, run)
        session.flush()
        return _of_run(session, run.id)


def _of_run(session: Session, run_id: str) -> list[OpportunityRow]:
    query = select(OpportunityRow).where(OpportunityRow.taken_run_id == run_id)
    return list(session.exec(query.order_by(col(OpportunityRow.value).desc(), col(OpportunityRow.id))).all())


def opportunities_of_run(database: Database, run_id: str) -> list[OpportunityRow]:
    """The opportunities that a run has taken, the best first."""
    with database.read() as session:
        return _of_run(session, run_id)


def _by_id(session: Session, run: Run, opportunity_id: str) -> OpportunityRow | None:
    """One that was asked for by its id: open, or taken and not written yet. Raises NotFound and MoveRefused."""
    query = select(OpportunityRow).where(OpportunityRow.id == opportunity_id)
    row = session.exec(query.where(OpportunityRow.workspace_id == run.workspace_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"There is no opportunity {opportunity_id!r}.")
    language = run.plan.preferences.language if isinstance(run.plan, DailyPlan) else ""
    waits = row.state == S.TAKEN and row.taken_run_id is None
    check_can_take(S.OPEN if waits else state_of(row, utc_now()), row.language, language)
    return row


def _waiting(session: Session, workspace_id: str, most: int) -> list[OpportunityRow]:
    mine = (OpportunityRow.workspace_id == workspace_id, OpportunityRow.state == S.TAKEN)
    query = select(OpportunityRow).where(*mine, col(OpportunityRow.taken_run_id).is_(None))
    order = (col(OpportunityRow.value).desc(), col(OpportunityRow.id))
    return list(session.exec(query.order_by(*order).limit(most).with_for_update()).all())


def _best_open(
    session: Session, workspace_id: str, most: int, languages: set[str], now: datetime
) -> list[OpportunityRow]:
    if most <= 0:
        return []
    mine = (OpportunityRow.workspace_id == workspace_id, OpportunityRow.state == S.OPEN)
    query = select(OpportunityRow).where(*mine, OpportunityRow.expires_at > now)
    order = (col(OpportunityRow.value).desc(), col(OpportunityRow.id))
    rows = session.exec(query.order_by(*order).with_for_update()).all()
    return [row for row in rows if primary(row.language) in languages][:most]


def _take_up(session: Session, row: OpportunityRow, run: Run) -> None:
    if row.state == S.OPEN:
        row.state, row.taken_by, row.taken_at = S.TAKEN, DAILY_RUN, utc_now()
        _tell(session, row, "taken", by=DAILY_RUN)
    row.taken_run_id, row.updated_at = run.id, utc_now()
    session.add(row)


# --- rules -----------------------------------------------------------------------------------------------------------


def apply_rules(
    database: Database, workspace_id: str, *, day: tuple[datetime, datetime], now: datetime
) -> list[OpportunityRow]:
    """Take what the workspace's rules take, the best first; those taken. day: when the workspace's day begins and ends.

    A rule that has taken its number today takes no more, whatever died or was repeated in between. None takes what a
    person gave back, or what is in another language than the workspace writes.
    """
    taken: list[OpportunityRow] = []
    with database.write() as session:
        rules = select(OpportunityRule).where(OpportunityRule.workspace_id == workspace_id)
        active = session.exec(rules.where(col(OpportunityRule.active)).order_by(col(OpportunityRule.name))
                              .with_for_update()).all()  # fmt: skip
        for rule in active:
            taken += _apply(session, rule, day, now)
    return taken


def _apply(
    session: Session, rule: OpportunityRule, day: tuple[datetime, datetime], now: datetime
) -> list[OpportunityRow]:
    by = f"rule {rule.name}"
    mine = (OpportunityRow.workspace_id == rule.workspace_id,)
    today = (
        OpportunityRow.taken_by == by,
        col(OpportunityRow.taken_at) >= day[0],
        col(OpportunityRow.taken_at) < day[1],
    )
    had = session.exec(select(func.count()).select_from(OpportunityRow).where(*mine, *today)).one()
    if had >= rule.most_a_day:
        return []
    fits: tuple[ColumnElement[bool], ...] = (
        col(OpportunityRow.state) == S.OPEN,
        col(OpportunityRow.value) >= rule.least_score,
        col(OpportunityRow.expires_at) > now,
        col(OpportunityRow.closed_by) == "",
    )
    language = _language(session, rule.workspace_id)
    known = col(OpportunityRow.language)
    fits = (*fits, known.in_(("", language)) | known.startswith(f"{language}-"))
    if rule.categories:
        fits = (*fits, col(OpportunityRow.category).in_(rule.categories))
    order = (col(OpportunityRow.value).desc(), col(OpportunityRow.id))
    query = select(OpportunityRow).where(*mine, *fits).order_by(*order).limit(rule.most_a_day - had)
    rows = list(session.exec(query.with_for_update()).all())
    for row in rows:
        row.state, row.taken_by, row.taken_at, row.updated_at = S.TAKEN, by, now, utc_now()
        session.add(row)
        _tell(session, row, "taken", by=by)
    session.flush()
    return rows


def rules_of(database: Database, workspace_id: str) -> list[OpportunityRule]:
    """A workspace's rules by name."""
    with database.read() as session:
        query = select(OpportunityRule).where(OpportunityRule.workspace_id == workspace_id)
        return list(session.exec(query.order_by(col(OpportunityRule.name))).all())


def save_rule(database: Database, wanted: OpportunityRule, caller: Caller | None = None) -> OpportunityRule:
    """Make a rule, or change the one of that name."""
    with database.write() as session:
        insert_unless_there(session, wanted, ("workspace_id", "name"))
        same = (OpportunityRule.workspace_id == wanted.workspace_id, OpportunityRule.name == wanted.name)
        row = session.exec(select(OpportunityRule).where(*same).with_for_update()).one()
        row.least_score, row.categories = wanted.least_score, wanted.categories
        row.most_a_day, row.active, row.updated_at = wanted.most_a_day, wanted.active, utc_now()
        session.add(row)
        if caller is not None:
            audit.note(session, caller, "rule.saved", subject_kind="opportunity_rule", subject_id=row.id)
        return row


def remove_rule(database: Database, workspace_id: str, name: str, caller: Caller | None = None) -> None:
    """Raises NotFound when there is no rule of that name."""
    with database.write() as session:
        same = (OpportunityRule.workspace_id == workspace_id, OpportunityRule.name == name)
        row = session.exec(select(OpportunityRule).where(*same)).one_or_none()
        if row is None:
            raise NotFound(f"There is no rule {name!r}.", hint="`pressroom opportunities rule` lists them.")
        if caller is not None:
            audit.note(session, caller, "rule.removed", subject_kind="opportunity_rule", subject_id=row.id)
        session.delete(row)


# --- reading ---------------------------------------------------------------------------------------------------------


def opportunities_of(
    database: Database,
    workspace_id: str,
    *,
    states: Sequence[OpportunityState] = (S.OPEN,),
    region: str | None = None,
    category: str | None = None,
    now: datetime,
    limit: int = 50,
) -> list[OpportunityRow]:
    """A workspace's opportunities in any of the states, the best first. now: open ones must last longer."""
    fits = []
    for state in states:
        fits.append(col(OpportunityRow.state) == state)
        if state is S.OPEN:
            fits[-1] = fits[-1] & (col(OpportunityRow.expires_at) > now)
        if state is S.EXPIRED:
            fits[-1] = fits[-1] | ((col(OpportunityRow.state) == S.OPEN) & (col(OpportunityRow.expires_at) <= now))
    query = select(OpportunityRow).where(OpportunityRow.workspace_id == workspace_id, or_(*fits))
    for column, wanted in ((OpportunityRow.region, region), (OpportunityRow.category, category)):
        query = query if wanted is None else query.where(column == wanted)
    order = (col(OpportunityRow.value).desc(), col(OpportunityRow.id))
    with database.read() as session:
        return list(session.exec(query.order_by(*order).limit(limit)).all())


def opportunity_row(database: Database, workspace_id: str, opportunity_id: str) -> OpportunityRow:
    """Raises NotFound, also for another workspace's."""
    return own_row(database, OpportunityRow, workspace_id, opportunity_id, "opportunity")


def find_opportunity(database: Database, workspace_id: str, wanted: str) -> OpportunityRow:
    """The opportunity whose id begins with `wanted`.

    Raises:
        WrongInput: none does, or several do.
    """
    begins = col(OpportunityRow.id).startswith(wanted.strip().lower(), autoescape=True)
    with database.read() as session:
        query = select(OpportunityRow).where(OpportunityRow.workspace_id == workspace_id, begins)
        return only_opportunity(session.exec(query.limit(2)).all() if wanted.strip() else (), wanted)


def opportunity_of_subject(database: Database, subject_id: str) -> OpportunityRow | None:
    """The opportunity that an idea came from."""
    with database.read() as session:
        return session.exec(select(OpportunityRow).where(OpportunityRow.subject_id == subject_id)).first()


def opportunities_of_subjects(database: Database, subject_ids: Sequence[str]) -> dict[str, OpportunityRow]:
    """The opportunities that ideas came from, by the ids of the ideas."""
    with database.read() as session:
        query = select(OpportunityRow).where(col(OpportunityRow.subject_id).in_(subject_ids))
        return {row.subject_id: row for row in session.exec(query).all() if row.subject_id}
