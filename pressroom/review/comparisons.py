"""Comparisons of two variants of posts in matched slots: fixed when they begin, read as often as one likes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from pressroom import zones
from pressroom.errors import NotFound, WrongInput
from pressroom.model import Caller
from pressroom.model.base import Frozen
from pressroom.model.snapshots import AGES, ENGAGED, METRICS, Have
from pressroom.reports.analytics import loading
from pressroom.reports.analytics.comparing import LEAST_PAIRS, MOST_PAIRS, Verdict, compare_counts, compare_rates
from pressroom.reports.analytics.posts import MEASURES, RATES, Post, measured
from pressroom.review.analytics import zone
from pressroom.review.publications import publication_row
from pressroom.store.database import Database
from pressroom.store.publishing_tables import Publication
from pressroom.store.result_tables import ComparisonPair, ComparisonRow
from pressroom.store.tables import utc_now

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
HISTORY = dt.timedelta(days=365)


class Beginning(Frozen):
    """A comparison that is to begin: all of it is fixed from then on."""

    measure: str = Field(default="views", description="The one figure that decides.")
    age: int = Field(default=168, description="Hours after publication at which it is compared.")
    pairs: int = Field(default=8, ge=LEAST_PAIRS, le=MOST_PAIRS, description="How many pairs there will be.")
    a_title: str = Field(default="A", max_length=100)
    b_title: str = Field(default="B", max_length=100)


class PairView(BaseModel):
    """One pair. a and b: its publications; their values are null until both are known."""

    position: int
    a: str
    b: str
    a_value: float | None
    b_value: float | None
    why: str = Field(default="", description="Why a value is missing.")


class ComparisonView(BaseModel):
    """A comparison with its verdict so far. It is no test on users: platforms do not split their audience for it."""

    name: str
    measure: str
    title: str
    age: int
    pairs: int
    a_title: str
    b_title: str
    begun_at: dt.datetime
    items: tuple[PairView, ...]
    verdict: Verdict
    as_of: dt.datetime | None


def begin(database: Database, caller: Caller, name: str, wanted: Beginning) -> ComparisonRow:
    """Fix what is compared, by which figure, at which age, over how many pairs. Raises `WrongInput`."""
    if not NAME.fullmatch(name):
        raise WrongInput(f"{name[:63]!r} is no name for a comparison.", hint="Use small letters, digits and hyphens.")
    if wanted.measure not in MEASURES:
        raise WrongInput(f"There is no figure {wanted.measure[:40]!r}.", hint=f"Choose from: {', '.join(MEASURES)}.")
    if wanted.age not in AGES:
        raise WrongInput(f"{wanted.age} is no age of figures.", hint=f"Hours: {', '.join(map(str, AGES))}.")
    row = ComparisonRow(
        workspace_id=caller.workspace_id, name=name, metric=wanted.measure, age=wanted.age, pairs=wanted.pairs,
        a_title=wanted.a_title, b_title=wanted.b_title, created_by=caller.name, created_at=utc_now(),
    )  # fmt: skip
    with database.write() as session:
        if session.exec(_named(caller.workspace_id, name)).first() is not None:
            raise WrongInput(f"There is a comparison {name!r}.", hint="What it compares is fixed; give another name.")
        session.add(row)
    return row


def add_pair(database: Database, caller: Caller, name: str, a_id: str, b_id: str) -> ComparisonPair:
    """Add a post of each variant, both not public yet, in matching slots.

    Raises:
        WrongInput: they do not match, are public, or are in a comparison already. NotFound.
    """
    local = zones.zone_of(zone(database, caller))
    with database.write() as session:
        row = _one(session, caller, name)
        there = session.exec(select(ComparisonPair).where(ComparisonPair.comparison_id == row.id)).all()
        a, b = publication_row(session, a_id, None), publication_row(session, b_id, None)
        _check_pair(a, b, local)
        _check_new(session, (a, b))
        if len(there) >= row.pairs:
            raise WrongInput(f"{name} has all of its {row.pairs} pairs.", hint="Their number is fixed.")
        pair = ComparisonPair(
            workspace_id=caller.workspace_id, comparison_id=row.id, position=len(there), a_id=a.id, b_id=b.id
        )
        session.add(pair)
    return pair


def _check_pair(a: Publication, b: Publication, local: dt.tzinfo) -> None:
    if a.id == b.id or a.content_hash == b.content_hash:
        raise WrongInput("A and B are the same post.", hint="Give a publication of each variant.")
    if a.channel_id != b.channel_id:
        raise WrongInput("A and B go out on different channels.", hint="A pair is of one channel.")
    slots = [(when.weekday(), when.hour) for when in (each.planned_at.astimezone(local) for each in (a, b))]
    if slots[0] != slots[1]:
        raise WrongInput(
            "A and B are planned for different weekdays or hours.", hint="Plan both for the same hour of the week."
        )
    if early := next((each for each in (a, b) if each.published_at is not None), None):
        raise WrongInput(f"{early.id[:8]} is public already.", hint="A comparison is fixed before its posts go out.")


def _check_new(session: Session, posts: Sequence[Publication]) -> None:
    ids = [each.id for each in posts]
    mine = col(ComparisonPair.a_id).in_(ids) | col(ComparisonPair.b_id).in_(ids)
    if session.exec(select(ComparisonPair).where(mine)).first() is not None:
        raise WrongInput("One of the posts is in a comparison already.", hint="Each post counts once.")


def list_comparisons(database: Database, caller: Caller) -> list[ComparisonView]:
    """Every comparison with its verdict so far, the newest first."""
    with database.read() as session:
        query = select(ComparisonRow).where(ComparisonRow.workspace_id == caller.workspace_id)
        rows = session.exec(query.order_by(col(ComparisonRow.created_at).desc())).all()
    return [_view(database, caller, row) for row in rows]


def get_comparison(database: Database, caller: Caller, name: str) -> ComparisonView:
    """One comparison with its verdict so far. Raises `NotFound`."""
    with database.read() as session:
        row = _one(session, caller, name)
    return _view(database, caller, row)


def _one(session: Session, caller: Caller, name: str) -> ComparisonRow:
    row: ComparisonRow | None = session.exec(_named(caller.workspace_id, name)).first()
    if row is None:
        raise NotFound(f"There is no comparison {name[:63]!r}.", hint="`pressroom results compare list` lists them.")
    return row


def _named(workspace_id: str, name: str) -> Any:
    return select(ComparisonRow).where(ComparisonRow.workspace_id == workspace_id, ComparisonRow.name == name)


def _view(database: Database, caller: Caller, row: ComparisonRow) -> ComparisonView:
    with database.read() as session:
        query = select(ComparisonPair).where(ComparisonPair.comparison_id == row.id)
        pairs = session.exec(query.order_by(col(ComparisonPair.position))).all()
    ids = [one for pair in pairs for one in (pair.a_id, pair.b_id)]
    metrics = loading.FOR_REPORTS if row.metric in RATES else (row.metric,)
    found = loading.posts(database, caller.workspace_id, age=row.age, zone="UTC", metrics=metrics, ids=ids)
    by_id = {post.id: post for post in found} if ids else {}
    both = [(by_id[pair.a_id], by_id[pair.b_id]) for pair in pairs if pair.a_id in by_id and pair.b_id in by_id]
    known = [pair for pair in both if not any(isinstance(measured(post, row.metric), Have) for post in pair)]
    seen = [one.observed_at for pair in known for post in pair for one in post.figures.values()]
    return ComparisonView(
        name=row.name, measure=row.metric, title=MEASURES[row.metric], age=row.age, pairs=row.pairs,
        a_title=row.a_title, b_title=row.b_title, begun_at=row.created_at, as_of=max(seen, default=None),
        items=tuple(_pair(pair, by_id, row.metric) for pair in pairs),
        verdict=_verdict(database, caller, row, known),
    )  # fmt: skip


def _pair(pair: ComparisonPair, by_id: dict[str, Post], measure: str) -> PairView:
    posts = [by_id.get(one) for one in (pair.a_id, pair.b_id)]
    values = [Have.UNKNOWN if post is None else measured(post, measure) for post in posts]
    a, b = (None if isinstance(value, Have) else value for value in values)
    why = "not public yet" if None in posts else next((v.value for v in values if isinstance(v, Have)), "")
    return PairView(position=pair.position + 1, a=pair.a_id, b=pair.b_id, a_value=a, b_value=b, why=why)


def _verdict(database: Database, caller: Caller, row: ComparisonRow, known: Sequence[tuple[Post, Post]]) -> Verdict:
    if row.metric in METRICS:
        counts = [(int(_value(a, row.metric)), int(_value(b, row.metric))) for a, b in known]
        return compare_counts(counts, row.pairs)
    mine = {post.id for pair in known for post in pair}
    since = row.created_at - HISTORY
    earlier = loading.posts(database, caller.workspace_id, age=row.age, zone="UTC", since=since) if known else []
    channels = {post.channel_id for pair in known for post in pair}
    past = [
        _share(post) for post in earlier
        if post.id not in mine and post.channel_id in channels and not isinstance(measured(post, row.metric), Have)
        and post.local < row.created_at
    ]  # fmt: skip
    return compare_rates([(_share(a), _share(b)) for a, b in known], row.pairs, past)


def _value(post: Post, measure: str) -> float:
    found = measured(post, measure)
    assert not isinstance(found, Have)
    return found


def _share(post: Post) -> tuple[int, int]:
    """(engagements, views) of a post whose rate is known. One reader may engage twice: the share is 1 at most."""
    views = post.figures["views"].value or 0
    engaged = sum(post.figures[name].value or 0 for name in ENGAGED if name in post.figures)
    return min(engaged, views), views
