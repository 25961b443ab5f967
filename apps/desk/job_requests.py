"""Before a request becomes a job the desk settles whose it is, of which day, and if there is room for it.

A flow may read files of the machine it runs on. A request over the network may not have it do that: it must name a
public address, or something that was handed in at the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel
from sqlmodel import Session

from pressroom.calls.accounts import chain_names
from pressroom.calls.budget import dollars
from pressroom.errors import PlanLimit, SourceForbidden, WrongInput
from pressroom.media import film_planning
from pressroom.model import Caller, FilmRequest, RedoRequest, RepurposeRequest, RetryRequest, TrendsRequest
from pressroom.model.optimizing import OptimizeRequest
from pressroom.model.trends import TrendWishes
from pressroom.model.workflows import OPTIMIZE, workflow_of
from pressroom.people.plans import LimitName, check_plan
from pressroom.sources.fetching import Guard
from pressroom.sources.trends import check_wishes
from pressroom.store import runs
from pressroom.store.contents import find_content, newest_of
from pressroom.store.database import Database
from pressroom.store.tables import Workspace, utc_now
from pressroom.store.uploads import PREFIX, get_upload
from pressroom.store.usage import spent_today
from pressroom.store.workspaces import day_of
from pressroom.webhooks.posting import check_address

if TYPE_CHECKING:
    import datetime as dt

    from apps.desk.dependencies import Desk

R = TypeVar("R", bound=BaseModel)

OFFLINE = "offline"

_ADDRESS = re.compile(r"https?://\S+", re.I)


def completed(desk: Desk, database: Database, caller: Caller, request: R) -> R:
    """`request` as `caller`'s workspace asks for it, whatever workspace it names; a daily one with its day.

    Raises:
        SourceForbidden: it names something that is neither a web address nor `upload:ID`. NotFound: no such upload.
        WrongInput: no such draft or run.
    """
    fields = type(request).model_fields
    _check_sources(database, caller, request)
    if isinstance(request, TrendsRequest):
        check_wishes(TrendWishes(regions=request.regions, sources=request.sources))
    filled: dict[str, Any] = {"workspace": caller.workspace, **_named(database, caller, request)}
    if "every_workspace" in fields:
        filled["every_workspace"] = False
    if "trigger" in fields:
        filled["trigger"] = "api"
    if "date" in fields and getattr(request, "date", None) is None:
        filled["date"] = today(desk, database, caller)
    return request.model_copy(update=filled)


def _named(database: Database, caller: Caller, request: BaseModel) -> dict[str, str]:
    """The whole ids of the draft or run that `request` names by a beginning, or as `latest`."""
    if isinstance(request, RedoRequest):
        return {"content": find_content(database, caller.workspace_id, request.content).id}
    if isinstance(request, FilmRequest):
        return {"content": _script(database, caller, request.content)}
    if isinstance(request, RetryRequest):
        run = runs.find_run(database, caller.workspace_id, request.run)
        if run.kind == OPTIMIZE.kind:
            raise WrongInput("A run of pictures is retried through its job.", hint="POST /jobs/{id}/retry")
        return {"run": run.id}
    return {}


def _script(database: Database, caller: Caller, wanted: str) -> str:
    """The id of the draft that a film is asked for. Raises WrongInput where there is no such script."""
    if wanted != film_planning.LATEST:
        return find_content(database, caller.workspace_id, wanted).id
    if found := newest_of(database, caller.workspace_id, film_planning.scripted(), film_planning.UNFIT):
        return found.id
    raise film_planning.no_script()


def today(desk: Desk, database: Database, caller: Caller) -> dt.date:
    """The day it is where the workspace is. Raises Misconfigured where the settings name no time zone."""
    with database.read() as session:
        return day_of(session.get_one(Workspace, caller.workspace_id), desk.settings, utc_now())


def _check_sources(database: Database, caller: Caller, request: BaseModel) -> None:
    for source in _sources(request):
        if source.startswith(PREFIX):
            get_upload(database, caller.workspace_id, source.removeprefix(PREFIX))
        elif _ADDRESS.fullmatch(source):
            check_address(source, Guard())
        else:
            raise SourceForbidden(
                f"{source[:200]!r} is neither a web address nor an upload.",
                hint="Name https://..., or hand the file in first and name upload:ID.",
            )


def _sources(request: BaseModel) -> Iterable[str]:
    """Yields all that a request names to be read."""
    named: Iterable[str] = ()
    if isinstance(request, RepurposeRequest):
        named = request.sources
    elif isinstance(request, FilmRequest):
        named = film_planning.named_files(request)
    elif isinstance(request, OptimizeRequest):
        named = (*request.images, *request.logo.files)
    return (source.strip() for source in named if source.strip())


def check_room(session: Session, caller: Caller, request: BaseModel) -> None:
    """Check that the workspace's plan has room for this work, within the transaction that notes it.

    Raises:
        PlanLimit: it has not.
    """
    for limit, amount in workflow_of(request).uses.items():
        check_plan(session, caller.workspace_id, cast(LimitName, limit), amount(request))


def check_money(desk: Desk, database: Database, caller: Caller, request: BaseModel) -> None:
    """Check that the day's money is not spent; a chain that ends offline costs nothing, and goes on without any.

    Raises:
        PlanLimit: it is, and all that could be made would be refused.
    """
    if isinstance(request, FilmRequest):
        return  # a film steps down to what is free
    limit = desk.settings.day_budget_usd
    chain = getattr(request, "chain", None) or chain_names("text", desk.settings)
    if not limit or OFFLINE in chain:
        return
    if (spent := spent_today(database, caller.workspace_id)) >= limit:
        raise PlanLimit(
            f"Today's budget of ${dollars(limit)} is spent (${dollars(spent)}).",
            hint="It begins again at midnight UTC; with `offline` last in the chain, work goes on without money.",
        )
