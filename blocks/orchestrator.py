"""A process that runs no flow itself starts, follows and ends flow runs over Prefect's API.

It sends plain requests: Prefect's client tries again for minutes, while a user waits for a page.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field

from blocks import prefect_server
from pressroom.errors import Misconfigured, NotFound, WrongInput
from pressroom.model.schedules import Schedule
from pressroom.settings import settings

SCHEDULED = "daily/desk"
"""The deployment that carries a schedule for every workspace that has one of its own."""

EVERY_MORNING = ("daily/daily", "every-morning")
"""The schedule of `prefect.yaml`, for the workspace of the settings until that has one of its own."""

TIMEOUT = httpx.Timeout(10, connect=2)
BUSY_SECONDS = 3.0
"""How long a server is asked again that says it is busy: on SQLite it does when two write at the same time."""

SILENT_SECONDS = 5.0
"""A server that could not be reached is not looked at for this long. Work is started all the same."""

UNDER_WAY = ("PENDING", "RUNNING", "CANCELLING")
"""Types of states that hold a slot of their deployment."""

TAG = "pressroom"
"""Every flow run of our deployments bears it."""

MOST_AT_ONCE = 200
"""Flow runs that Prefect tells of in one answer."""


class PrefectAway(Misconfigured):
    """Prefect can't be asked, or does not know the deployment."""

    code = "PREFECT_UNREACHABLE"


class FlowState(BaseModel):
    """Where a flow run is. `type`: Prefect's, such as RUNNING; `name`: as its page shows it, such as Late."""

    model_config = ConfigDict(frozen=True)

    type: str
    name: str
    message: str = ""
    start_time: datetime | None = None
    end_time: datetime | None = None
    has_begun: bool = Field(default=True, description="Whether it was ever running.")


class Served(BaseModel):
    """Names a deployment, and whether a process polled it lately."""

    model_config = ConfigDict(frozen=True)

    id: str
    is_served: bool = Field(description="False: what is started waits until a worker, or `pressroom up`, is there.")
    cancels_new: bool = Field(default=False, description="Whether what is started beyond its limit is cancelled.")


class Orchestrator:
    """Prefect's API, for many threads. Connects when first asked; `address` may name another server by and by.

    Raises, from every method:
        PrefectAway: the server does not answer in time, or lacks the deployment.
    """

    def __init__(self, address: Callable[[], str | None] = prefect_server.address) -> None:
        self._address = address
        self._silent: tuple[str | None, float] = (None, 0.0)

    def start(
        self,
        deployment: str,
        parameters: Mapping[str, Any],
        *,
        idempotency_key: str,
        tags: Sequence[str] = (),
        name: str = "",
    ) -> str:
        """The id of the flow run of `flow/deployment`; asked with the same key again, of the same one.

        Raises:
            WrongInput: the deployment takes no such parameters.
        """
        body = {"parameters": dict(parameters), "idempotency_key": idempotency_key, "tags": list(tags)}
        if name:
            body["name"] = name
        return str(self._ask("POST", f"/deployments/{self.served(deployment).id}/create_flow_run", body)["id"])

    def states(self, flow_run_ids: Iterable[str]) -> dict[str, FlowState]:
        """Where flow runs are, by id; those that Prefect no longer knows are left out."""
        wanted, found = list(flow_run_ids), {}
        for start in range(0, len(wanted), MOST_AT_ONCE):
            named = {"id": {"any_": wanted[start : start + MOST_AT_ONCE]}}
            found.update({each["id"]: _state(each) for each in self._look("/flow_runs/filter", _only(named))})
        return found

    def doing(self, flow_run_id: str) -> list[str]:
        """The names of the tasks that a flow run is at: `instagram: photo.jpg`."""
        running = {"state": {"type": {"any_": ["RUNNING"]}}}
        asked = {**_only({"id": {"any_": [flow_run_id]}}), "task_runs": running, "limit": 20}
        return [each["name"] for each in self._look("/task_runs/filter", asked)]

    def cancel(self, flow_run_id: str) -> None:
        """Have a flow run end: at once while it waits, else by its runner. One that has ended stays as it is.

        Raises:
            NotFound: Prefect does not know it.
        """
        self._ask(
            "POST", f"/flow_runs/{flow_run_id}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}}
        )

    def mark_crashed(self, flow_run_id: str, message: str) -> bool:
        """Have a flow run whose process is gone end as crashed, which frees its slot; one that has ended stays so.

        Returns whether it is of a deployment, of whose ends an automation tells people.
        """
        try:
            found = self._ask("GET", f"/flow_runs/{flow_run_id}")
        except NotFound:
            return False
        if (found["state"] or {}).get("type") in UNDER_WAY:
            state = {"type": "CRASHED", "name": "Crashed", "message": message}
            self._ask("POST", f"/flow_runs/{flow_run_id}/set_state", {"state": state})
        return found["deployment_id"] is not None

    def under_way(self) -> list[str]:
        """Ids of flow runs of our deployments that hold a slot."""
        ours = {
            "tags": {"all_": [TAG]},
            "state": {"type": {"any_": list(UNDER_WAY)}},
            "deployment_id": {"is_null_": False},
        }
        return [each["id"] for each in self._ask("POST", "/flow_runs/filter", {"flow_runs": ours})]

    def served(self, deployment: str) -> Served:
        """The deployment `flow/name`."""
        try:
            found = self._ask("GET", f"/deployments/name/{deployment}")
        except NotFound:
            raise PrefectAway(
                f"The deployment {deployment} is not on the Prefect server.",
                hint="`pressroom up` puts it there; in production `pressroom deploy`.",
            ) from None
        strategy = (found.get("concurrency_options") or {}).get("collision_strategy")
        return Served(id=found["id"], is_served=found["status"] == "READY", cancels_new=strategy == "CANCEL_NEW")

    def set_schedule(self, workspace: str, schedule: Schedule | None) -> None:
        """Have a workspace's morning made as `schedule` says; None: as `prefect.yaml` says, if that names it at all."""
        self._put(SCHEDULED, f"workspace-{workspace}", _scheduled(workspace, schedule) if schedule else None)
        if workspace == settings().workspace:
            deployment, slug = EVERY_MORNING
            self._put(deployment, slug, {"active": schedule is None}, only_change=True)

    def _put(self, deployment: str, slug: str, wanted: Mapping[str, Any] | None, *, only_change: bool = False) -> None:
        path = f"/deployments/{self.served(deployment).id}/schedules"
        known = next((each["id"] for each in self._ask("GET", path) if each["slug"] == slug), None)
        if known is not None and wanted is None:
            self._ask("DELETE", f"{path}/{known}")
        elif known is not None:
            self._ask("PATCH", f"{path}/{known}", wanted)
        elif wanted is not None and not only_change:
            self._ask("POST", path, [{**wanted, "slug": slug}])

    def health(self) -> None:
        """Returns when the server answers."""
        self._ask("GET", "/health")

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()

    def _look(self, path: str, body: Any) -> Any:
        """`_ask`, for what is looked at again and again: a silent server is not waited for each time."""
        silent, until = self._silent
        if silent == self._address() and time.monotonic() < until:
            raise _away("The Prefect server could not be reached just now")
        try:
            return self._ask("POST", path, body)
        except PrefectAway:
            self._silent = self._address(), time.monotonic() + SILENT_SECONDS
            raise

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        address = self._address()
        if not address:
            raise _away("No Prefect server is known")
        until = time.monotonic() + BUSY_SECONDS
        while True:
            answer = self._answer(method, f"{address.rstrip('/')}{path}", body)
            if answer.status_code != 503 or time.monotonic() > until:
                return _read(answer)
            time.sleep(random.uniform(0.05, 0.2))  # noqa: S311 (so that two don't meet again)

    def _answer(self, method: str, url: str, body: Any) -> httpx.Response:
        try:
            auth = (prefect_server.auth_of(self._address() or "") or self._profile_auth).partition(":")
            return self._client.request(method, url, json=body, auth=(auth[0], auth[2]) if auth[0] else None)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _away(f"The Prefect server can't be reached ({type(error).__name__})") from error

    @cached_property
    def _client(self) -> httpx.Client:
        from prefect.settings import get_current_settings  # 1.3 s

        key = get_current_settings().api.key
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        # No proxies of the environment: the server is one of our own.
        return httpx.Client(timeout=TIMEOUT, headers=headers, trust_env=False)

    @cached_property
    def _profile_auth(self) -> str:
        """Reads Prefect's own settings, such as a profile's."""
        from prefect.settings import get_current_settings

        auth = get_current_settings().api.auth_string
        return auth.get_secret_value() if auth else ""


def _only(flow_runs: Mapping[str, Any]) -> dict[str, Any]:
    return {"flow_runs": dict(flow_runs)}


def _scheduled(workspace: str, schedule: Schedule) -> dict[str, Any]:
    asked = schedule.request.model_dump(mode="json", exclude_none=True)
    return {
        "active": schedule.active,
        "schedule": {"cron": schedule.cron, "timezone": schedule.zone, "day_or": True},
        "parameters": {"request": {**asked, "workspace": workspace}},
    }


def _state(flow_run: Mapping[str, Any]) -> FlowState:
    state = flow_run["state"] or {"type": "SCHEDULED", "name": "Scheduled"}
    return FlowState(
        type=state["type"],
        name=state["name"],
        message=state.get("message") or "",
        start_time=flow_run["start_time"],
        end_time=flow_run["end_time"],
        has_begun=flow_run["run_count"] > 0,
    )


def _read(answer: httpx.Response) -> Any:
    if answer.status_code == 404:
        raise NotFound("Prefect does not know it.")
    if answer.status_code in {400, 409, 422}:
        raise WrongInput(f"Prefect refuses this: {_detail(answer)}.")
    if answer.is_error:
        raise _away(f"The Prefect server answers with {answer.status_code}")
    return answer.json() if answer.content else None


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("detail") or answer.json())[:500].rstrip(".")
    except (ValueError, AttributeError):
        return str(answer.status_code)


def _away(sentence: str) -> PrefectAway:
    return PrefectAway(f"{sentence}.", hint="Start it with `pressroom up`, or set PREFECT_API_URL, and ask again.")
