"""A Prefect server has to know block types, the work pool and automations before flows run on it.

Registering twice changes nothing: everything has a name and is updated in place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from prefect.automations import Automation
from prefect.blocks.core import Block
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from blocks.artifact_store import ArtifactStoreBlock
from blocks.content_database import ContentDatabase
from blocks.notifier import Notifier
from blocks.platform_app import PlatformAppBlock
from blocks.provider_account import ProviderAccount
from deployments import pools
from deployments.declared import deployed, flow_of

WORK_POOL = "pressroom"
SILENCE = timedelta(seconds=90)
"""How long a running flow may be silent before it counts as dead: three heartbeats."""

LATE = timedelta(minutes=10)
"""How long after Prefect calls a run late (15 s past its time, unless the server is set otherwise) people are told."""

ENDED = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
REFUSED = "Deployment concurrency limit reached."
"""How Prefect's events say that there was no slot: nothing else in them does."""

NOTHING = "everything: nothing of Pressroom is deployed there"
BEAT = "prefect.flow-run.heartbeat"
OURS = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.pressroom"}
TO_TELL = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.notify-on-failure"}


BLOCKS: tuple[type[Block], ...] = (
    ProviderAccount, PlatformAppBlock, ContentDatabase, ArtifactStoreBlock, Notifier,
)  # fmt: skip
AUTOMATIONS = ("pressroom-dead-run", "pressroom-failed-run", "pressroom-late-run", "pressroom-refused-run")


def register_server(kind: str = "process") -> None:
    """All that flows need there before they are deployed to a pool of this kind."""
    register_blocks()
    register_work_pool(kind)


def missing() -> list[str]:
    """Names what the server lacks of Pressroom; everything where nothing of it was ever deployed."""
    with get_client(sync_client=True) as client:
        deployments = {f"{flow_of(entry).name}/{entry['name']}" for entry in deployed()}
        there = {name for name in deployments if _is_there(client.read_deployment_by_name, name)}
        if not there:
            return [NOTHING]
        blocks = {kind.get_block_type_slug(): kind for kind in BLOCKS}
        lacking = {
            "deployment": sorted(deployments - there),
            "block type": [slug for slug in blocks if not _is_there(client.read_block_type_by_slug, slug)],
            "work pool": [] if _is_there(client.read_work_pool, WORK_POOL) else [WORK_POOL],
        }
    lacking["automation"] = [name for name in AUTOMATIONS if not _is_there(_enabled, name)]
    return [f"{what} {name}" for what, names in lacking.items() for name in names]


def _is_there(read: Callable[[str], object], name: str) -> bool:
    try:
        read(name)
    except (ObjectNotFound, ValueError):
        return False
    return True


def _enabled(name: str) -> None:
    """Raises ValueError: there is no such automation, or it is switched off."""
    if not Automation.read(name=name, _sync=True).enabled:  # type: ignore[call-overload]
        raise ValueError(name)


def register_blocks() -> None:
    """Make the block types known, so that they can be filled in from the UI."""
    for kind in BLOCKS:
        kind.register_type_and_schema()


def register_work_pool(kind: str = "process") -> None:
    """The pool that deployments go to, with its limit and its queues.

    Raises:
        WrongInput: there is no such kind of pool.
    """
    with get_client(sync_client=True) as client:
        pools.register(client, pools.of_kind(kind))


def register_automations() -> None:
    """Dead-run detection, and telling of failures and of runs that don't start. `notify/notify` must be deployed."""
    with get_client(sync_client=True) as client:
        told = _telling(client)
    for automation in (_dead_run(), _failed_run(told), _late_run(told), _refused_run(told)):
        _put(automation)


def _dead_run() -> Automation:
    return Automation(
        name="pressroom-dead-run",
        description="A flow run that has been silent for 90 s is marked as crashed, so that its work can resume.",
        trigger=EventTrigger(
            after={BEAT},
            expect={BEAT, *ENDED},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=OURS,
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message="No heartbeat for 90 s: its process is gone. The same request resumes it.",
            )
        ],
    )


def _failed_run(told: RunDeployment) -> Automation:
    return Automation(
        name="pressroom-failed-run",
        description="Failed and crashed runs are told to the addresses of the notifier.",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=TO_TELL,
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[told],
    )


def _late_run(told: RunDeployment) -> Automation:
    return Automation(
        name="pressroom-late-run",
        description="A run that has not started 10 minutes after its time is told to the addresses of the notifier.",
        trigger=EventTrigger(
            after={"prefect.flow-run.Late"},
            expect={"prefect.flow-run.Running", *ENDED},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=TO_TELL,
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=LATE,
        ),
        actions=[told],
    )


def _refused_run(told: RunDeployment) -> Automation:
    return Automation(
        name="pressroom-refused-run",
        description="A run that is cancelled before it began, since an earlier one holds its place, is told to people.",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Cancelled"},
            match={"prefect.resource.id": "prefect.flow-run.*", "prefect.state-message": REFUSED},
            match_related=TO_TELL,
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[told],
    )


def _telling(client: SyncPrefectClient) -> RunDeployment:
    """Start the deployment that tells people, about the flow run of the event."""
    return RunDeployment(
        source="selected",
        deployment_id=client.read_deployment_by_name("notify/notify").id,
        parameters={"flow_run_id": {"__prefect_kind": "jinja", "template": "{{ event.resource.id }}"}},
    )


def _put(automation: Automation) -> None:
    try:
        known = Automation.read(name=automation.name, _sync=True)  # type: ignore[call-overload]
    except ValueError:
        automation.create(_sync=True)  # type: ignore[call-arg]
        return
    automation.id = known.id
    automation.update(_sync=True)  # type: ignore[call-arg]
