"""The limits of a workspace's plan. The plans are data (`plans.toml`), and so is the way each limit is counted."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, get_args

from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from pressroom.errors import Misconfigured, NotFound, PlanLimit
from pressroom.model import Frozen, workflows
from pressroom.settings import settings
from pressroom.store.account_tables import Membership, ServiceToken
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, Webhook
from pressroom.store.tables import Workspace, utc_now

LimitName = Literal["members", "runs_a_day", "ideas_a_run", "documents_a_day", "images_a_day", "collections_a_day",
                    "webhooks", "tokens"]  # fmt: skip


class Limits(Frozen):
    """How much of each; None: as much as one likes."""

    description: str = Field(default="", exclude=True)
    members: int | None = None
    runs_a_day: int | None = Field(default=None, description="Daily runs asked for at the desk.")
    ideas_a_run: int | None = None
    documents_a_day: int | None = Field(default=None, description="Documents handed in to be repurposed.")
    images_a_day: int | None = Field(default=None, description="Pictures handed in to be optimised.")
    collections_a_day: int | None = Field(
        default=None, description="Collections of trends asked for at the desk, by country; scheduled ones are free."
    )
    webhooks: int | None = None
    tokens: int | None = None


class PlanView(Frozen):
    """A workspace's plan, and how much of it is used."""

    plan: str = Field(examples=["team"])
    description: str
    limits: Limits
    used: dict[str, int] = Field(examples=[{"members": 4, "runs_a_day": 1}])


_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "members": "members",
        "runs_a_day": "runs a day",
        "ideas_a_run": "ideas a run",
        "documents_a_day": "documents a day",
        "images_a_day": "pictures a day",
        "collections_a_day": "collections of trends a day",
        "webhooks": "webhooks",
        "tokens": "service tokens",
    }
)


def _jobs_using(limit: LimitName) -> Callable[[datetime], list[ColumnElement[bool]]]:
    kinds = [each.kind for each in workflows.WORKFLOWS if limit in each.uses]
    return lambda midnight: [col(Job.kind).in_(kinds), col(Job.created_at) >= midnight]


_COUNTED: Mapping[str, tuple[type[Any], Callable[[datetime], list[ColumnElement[bool]]]]] = MappingProxyType(
    {
        "members": (Membership, lambda _: []),
        "runs_a_day": (Job, _jobs_using("runs_a_day")),
        "documents_a_day": (Job, _jobs_using("documents_a_day")),
        "images_a_day": (Job, _jobs_using("images_a_day")),
        "collections_a_day": (Job, _jobs_using("collections_a_day")),
        "webhooks": (Webhook, lambda _: [col(Webhook.url) != ""]),  # without one: what signs the callbacks
        "tokens": (ServiceToken, lambda _: [col(ServiceToken.revoked_at).is_(None)]),
    }
)
"""Which rows of a workspace are counted, given when the day began. What is not here is judged by the asking alone."""


def limits_of(workspace: Workspace) -> Limits:
    """The limits of the workspace's plan, or of PRESSROOM_PLAN when it has no plan of its own.

    Raises:
        Misconfigured: the plan does not exist.
    """
    return plan_named(workspace.plan or settings().plan)


def plan_named(name: str) -> Limits:
    """The plan called `name`. Raises `Misconfigured` when it does not exist."""
    if name not in plans():
        raise Misconfigured(f"There is no plan {name!r}.", hint=f"Plans: {', '.join(plans())}.")
    return plans()[name]


@cache
def plans() -> Mapping[str, Limits]:
    """All plans by name."""
    table = tomllib.loads(files("pressroom.people").joinpath("plans.toml").read_text("utf-8"))
    return MappingProxyType({name: Limits.model_validate(plan) for name, plan in table.items()})


def check_plan(session: Session, workspace_id: str, name: LimitName, adding: int = 1) -> None:
    """Check that the plan has room for `adding` more, within the transaction that adds them.

    The workspace's row is held until that transaction ends, so that two at once can't both take the last place.

    Raises:
        PlanLimit: it has not.
    """
    limit: int | None = getattr(limits_of(_row(session, workspace_id)), name)
    if limit is None:
        return
    session.get(Workspace, workspace_id, with_for_update={"key_share": True}, populate_existing=True)
    if _used(session, workspace_id, name) + adding > limit:
        raise PlanLimit(
            f"The plan of this workspace has {limit} {_WORDS[name]}.",
            hint="Its owner can ask the desk's operator for another plan.",
        )


def plan_of(database: Database, workspace_id: str) -> PlanView:
    """The plan of a workspace, and how much of it is used now."""
    with database.read() as session:
        row = _row(session, workspace_id)
        used = {name: _used(session, workspace_id, name) for name in get_args(LimitName) if name in _COUNTED}
    limits = limits_of(row)
    return PlanView(plan=row.plan or settings().plan, description=limits.description, limits=limits, used=used)


def set_plan(database: Database, name: str, plan: str) -> None:
    """Give the workspace called `name` a plan of its own; an empty one: PRESSROOM_PLAN's. For operators.

    Raises:
        NotFound: no such workspace.
        Misconfigured: no such plan.
    """
    if plan:
        plan_named(plan)
    with database.write() as session:
        row = session.exec(select(Workspace).where(Workspace.name == name)).one_or_none()
        if row is None:
            raise NotFound(f"There is no workspace {name!r}.")
        row.plan, row.updated_at = plan, utc_now()
        session.add(row)


def _used(session: Session, workspace_id: str, name: str) -> int:
    if name not in _COUNTED:
        return 0
    table, narrowing = _COUNTED[name]
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).select_from(table).where(table.workspace_id == workspace_id, *narrowing(midnight))
    return session.exec(query).one()


def _row(session: Session, workspace_id: str) -> Workspace:
    row = session.get(Workspace, workspace_id)
    if row is None:
        raise NotFound("There is no such workspace.")
    return row
