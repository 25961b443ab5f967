"""Plans: data, and what is counted against them."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from pressroom.errors import Misconfigured, NotFound, PlanLimit
from pressroom.model import JobStatus
from pressroom.people import plans
from pressroom.people.plans import LimitName, Limits
from pressroom.settings import settings
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, Webhook
from pressroom.store.tables import Workspace, new_id, utc_now
from tests.pressroom.people.conftest import Joined, bound


def test_every_limit_has_words_and_is_counted_or_asked() -> None:
    names = set(get_args(LimitName))
    assert names == set(Limits.model_fields) - {"description"} == set(plans._WORDS)
    assert names - set(plans._COUNTED) == {"ideas_a_run"}


def test_the_plans_are_what_they_say() -> None:
    assert set(plans.plans()) == {"unlimited", "free", "team"}
    assert all(plan.description for plan in plans.plans().values())
    unlimited = plans.plan_named("unlimited").model_dump()
    assert set(unlimited.values()) == {None}


def test_a_workspace_has_the_settings_plan_or_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plans.limits_of(Workspace(name="mill")).members is None
    assert plans.limits_of(Workspace(name="mill", plan="free")).members == 3
    monkeypatch.setenv("PRESSROOM_PLAN", "team")
    settings.cache_clear()
    assert plans.limits_of(Workspace(name="mill")).members == 20
    monkeypatch.setenv("PRESSROOM_PLAN", "golden")
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="golden"):
        plans.limits_of(Workspace(name="mill"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("runs_a_day", "daily"),
        ("documents_a_day", "repurpose"),
        ("images_a_day", "optimize"),
        ("collections_a_day", "trends"),
    ],
)
def test_work_is_counted_by_the_day(
    desk: Database, operators: Database, joined: Joined, name: LimitName, kind: str
) -> None:
    ada = joined()
    plans.set_plan(operators, "mill", "free")
    allowed = getattr(plans.plan_named("free"), name)
    yesterday = utc_now() - timedelta(days=1)
    with bound(desk, ada).write() as session:
        session.add_all([_job(ada.workspace_id, kind) for _ in range(allowed - 1)])
        session.add_all([_job(ada.workspace_id, kind, created_at=yesterday), _job(ada.workspace_id, "export")])
        session.flush()
        plans.check_plan(session, ada.workspace_id, name)
        with pytest.raises(PlanLimit, match=f"has {allowed} "):
            plans.check_plan(session, ada.workspace_id, name, adding=2)


def test_what_is_not_counted_is_asked(desk: Database, operators: Database, joined: Joined) -> None:
    ada = joined()
    plans.set_plan(operators, "mill", "free")
    with bound(desk, ada).write() as session:
        plans.check_plan(session, ada.workspace_id, "ideas_a_run", adding=5)
        with pytest.raises(PlanLimit, match="5 ideas a run"):
            plans.check_plan(session, ada.workspace_id, "ideas_a_run", adding=6)


def test_others_are_not_counted_and_nothing_is_without_a_limit(
    desk: Database, operators: Database, joined: Joined
) -> None:
    ada, alan = joined(), joined("alan@example.com", workspace="harbour")
    plans.set_plan(operators, "mill", "free")
    with bound(desk, alan).write() as session:
        session.add_all([_webhook(alan.workspace_id) for _ in range(9)])
        session.flush()
        plans.check_plan(session, alan.workspace_id, "webhooks", adding=1000)
    with bound(desk, ada).write() as session:
        plans.check_plan(session, ada.workspace_id, "webhooks")
        session.add(_webhook(ada.workspace_id))
        session.flush()
        with pytest.raises(PlanLimit):
            plans.check_plan(session, ada.workspace_id, "webhooks")
    assert plans.plan_of(bound(desk, ada), ada.workspace_id).used["webhooks"] == 1


def test_a_plan_shows_what_is_used(desk: Database, operators: Database, joined: Joined) -> None:
    ada = joined()
    plans.set_plan(operators, "mill", "team")
    found = plans.plan_of(bound(desk, ada), ada.workspace_id)
    assert (found.plan, found.limits.members, found.used["members"]) == ("team", 20, 1)
    assert found.model_dump()["limits"].keys() == set(get_args(LimitName))


def test_a_plan_is_given_and_taken_away(desk: Database, operators: Database, joined: Joined) -> None:
    ada = joined()
    plans.set_plan(operators, "mill", "team")
    plans.set_plan(operators, "mill", "")
    assert plans.plan_of(bound(desk, ada), ada.workspace_id).plan == "unlimited"
    with pytest.raises(NotFound):
        plans.set_plan(operators, "nowhere", "team")
    with pytest.raises(Misconfigured, match="Plans: unlimited, free, team"):
        plans.set_plan(operators, "mill", "golden")


def _job(workspace_id: str, kind: str, **changed: object) -> Job:
    return Job(
        workspace_id=workspace_id,
        kind=kind,
        status=JobStatus.WAITING,
        deployment="daily/desk",
        idempotency_key=new_id(),
        created_by="ada@example.com",
        **changed,
    )


def _webhook(workspace_id: str) -> Webhook:
    return Webhook(workspace_id=workspace_id, url="https://example.com/hook", secret="sealed")
