"""What happened reaches a receiver that can check it, once; what is not taken is sent again, at last given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from standardwebhooks.webhooks import WebhookVerificationError

from pressroom.model import Caller
from pressroom.sources.fetching import Guard
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Job, Outbox, Webhook
from pressroom.store.tables import utc_now
from pressroom.webhooks import log, registering
from pressroom.webhooks.log import DeliveryView
from pressroom.webhooks.posting import DELIVERIES
from pressroom.webhooks.registering import CALLBACKS, WebhookView, WebhookWish
from pressroom.webhooks.sending import PATIENCE
from tests.fixtures.receivers import LOOPBACK, PlainSealer, Receiver

Hook = tuple[WebhookView, str]


def hook_row(desk: Database, hook: Hook) -> Webhook:
    with desk.read() as session:
        return session.get_one(Webhook, hook[0].id)


def test_a_receiver_can_check_what_it_is_sent(
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:
    event = happens("run.completed", run_id="r1", title="Zürich – 9 €")
    assert told() == 1

    (message,) = receiver.messages
    assert message.checked(hook[1]) == {
        "type": "run.completed",
        "timestamp": event.created_at.isoformat(),
        "data": {"run_id": "r1", "title": "Zürich – 9 €"},
    }
    assert (message.headers["webhook-id"], message.headers["Content-Type"]) == (event.id, "application/json")
    with pytest.raises(WebhookVerificationError):
        message.checked("whsec_" + "A" * 44)
    done = row()
    assert (done.status, done.attempts, done.response_status, done.error) == ("delivered", 1, 204, "")
    assert done.delivered_at is not None
    assert told() == 0, "what was taken is not sent again"


def test_only_what_was_asked_for_is_sent_and_only_by_its_own_workspace(
    desk: Database,
    sealer: PlainSealer,
    owner: Caller,
    callers: Callable[[str], Caller],
    receiver: Receiver,
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    before = happens("run.failed")
    registering.add(desk, sealer, owner, WebhookWish(url=receiver.url, events=("run.",)), guard=LOOPBACK)
    after, _, _ = happens("run.failed"), happens("content.moved"), happens("run.failed", to=callers("theirs"))
    told()

    assert [message.headers["webhook-id"] for message in receiver.messages] == [after.id]
    assert before.id != after.id, "what happened before there was a webhook is not told"
    with desk.read() as session:
        assert all(event.dispatched_at for event in session.exec(select(Event)).all())


def test_what_fails_is_sent_again_until_it_is_given_up(
    receiver: Receiver,
    desk: Database,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
    late: Callable[..., None],
) -> None:
    receiver.answers = [500]
    happens()
    for attempt, pause in enumerate(DELIVERIES.pauses, 1):
        before = utc_now()
        assert told() == 1
        failed = row()
        assert (failed.status, failed.attempts, failed.response_status) == ("waiting", attempt, 500)
        assert failed.next_attempt_at is not None
        assert pause <= failed.next_attempt_at - before < pause + timedelta(seconds=5)
        assert told() == 0, "not before its time"
        late()
    assert told() == 1
    assert (row().status, row().attempts) == ("failed", 8)
    assert [(each.number, each.outcome, each.status, each.answer) for each in row().history] == [
        (number, "failed", 500, "It answered 500.") for number in range(1, 9)
    ]
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 1
    assert len({message.body for message in receiver.messages}) == 1
    assert hook_row(desk, hook).active, "one event that is not taken is no reason to send nothing more"


def test_a_success_ends_the_failing(
    receiver: Receiver,
    desk: Database,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
    late: Callable[..., None],
) -> None:
    receiver.answers = [503, 200]
    happens()
    told()
    assert hook_row(desk, hook).failing_since is not None
    late()
    told()
    assert hook_row(desk, hook).failing_since is None
    assert (row().status, row().attempts, row().response_status) == ("delivered", 2, 200)


def test_a_webhook_that_fails_for_days_is_switched_off(
    receiver: Receiver,
    operators: Database,
    desk: Database,
    owner: Caller,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    receiver.answers = [500]
    with operators.write() as session:
        failing = session.get_one(Webhook, hook[0].id)
        failing.failing_since = utc_now() - PATIENCE
        session.add(failing)
    happens(), happens()
    told()

    assert not registering.get(desk, owner, hook[0].id).active
    with desk.read() as session:
        assert set(session.exec(select(Outbox.state)).all()) == {"dead"}
        (off,) = session.exec(select(Event).where(Event.type == "webhook.switched_off")).all()
    assert off.data == {"webhook_id": hook[0].id}
    happens()
    assert told() == 0
    back = registering.change(desk, owner, hook[0].id, active=True, guard=LOOPBACK)
    assert (back.active, back.failing_since) == (True, None)


def test_who_is_gone_is_sent_nothing_more(
    receiver: Receiver, desk: Database, hook: Hook, happens: Callable[..., Event], told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:  # fmt: skip
    receiver.answers = [410]
    happens()
    told()
    assert (row().status, row().response_status) == ("failed", 410)
    assert not hook_row(desk, hook).active


def test_a_receiver_may_ask_for_a_longer_pause(
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:
    receiver.answers, receiver.headers = [429], {"Retry-After": "600"}
    happens()
    told()
    again_at = row().next_attempt_at
    assert again_at is not None
    assert timedelta(seconds=590) < again_at - utc_now() <= timedelta(seconds=600)


def test_a_redirect_is_not_followed(
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:
    receiver.answers, receiver.headers = [302], {"Location": receiver.url + "/elsewhere"}
    happens()
    told()
    assert [message.path for message in receiver.messages] == ["/hook"]
    assert "redirects are not followed" in row().error


def test_a_receiver_that_hangs_is_left(
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:
    receiver.hangs = frozenset({"/hook"})
    happens()
    told(seconds=0.3)
    assert (row().status, row().response_status) == ("waiting", None)
    assert "did not answer in time" in row().error
    assert 250 <= row().milliseconds < 5000


@pytest.mark.parametrize("guard", [LOOPBACK, Guard(resolve=lambda host, port: ["127.0.0.1"])])
def test_a_name_that_leads_inside_is_never_reached(
    guard: Guard,
    desk: Database,
    sealer: PlainSealer,
    owner: Caller,
    receiver: Receiver,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:
    wish = WebhookWish(url=f"http://inside.example.com:{receiver.port}/hook")
    registering.add(desk, sealer, owner, wish, guard=guard)
    happens()
    told(guard=guard)
    assert receiver.messages == []
    assert "is not on the public internet" in row().error
    assert "10.0.0.7" not in row().error


def test_a_job_s_own_address_is_told_of_its_end(
    operators: Database,
    desk: Database,
    sealer: PlainSealer,
    owner: Caller,
    receiver: Receiver,
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    job = Job(
        workspace_id=owner.workspace_id, kind="optimize", status="running", deployment="optimize/optimize",
        idempotency_key="k", callback_url=receiver.url, created_by=owner.name,
    )  # fmt: skip
    with desk.write() as session:
        session.add(job)
    happens("job.started", job_id=job.id)
    happens("job.completed", job_id=job.id)
    happens("job.completed", job_id="another")
    told()

    (message,) = receiver.messages
    assert message.checked(registering.secret(desk, sealer, owner, CALLBACKS))["data"] == {"job_id": job.id}
    (entry,) = log.deliveries(desk, owner, CALLBACKS).items
    assert (entry.type, entry.status, entry.url) == ("job.completed", "delivered", receiver.url)


def test_both_secrets_sign_for_a_day_after_a_renewal(
    desk: Database,
    operators: Database,
    sealer: PlainSealer,
    owner: Caller,
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    renewed = registering.renew_secret(desk, sealer, owner, hook[0].id)
    happens()
    told()
    assert receiver.messages[0].checked(hook[1]) == receiver.messages[0].checked(renewed)
    assert registering.secret(desk, sealer, owner, hook[0].id) == renewed != hook[1]


def test_a_secret_that_can_t_be_opened_is_a_failure_like_another(
    operators: Database,
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
    row: Callable[[], DeliveryView],
) -> None:
    with operators.write() as session:
        damaged = session.get_one(Webhook, hook[0].id)
        damaged.secret = "damaged"
        session.add(damaged)
    happens()
    told()
    assert (row().status, receiver.messages) == ("waiting", [])
    assert "can't be read" in row().error
