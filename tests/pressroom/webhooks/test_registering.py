"""A workspace's webhooks: kept, changed and forgotten by those who may, their secrets never in the clear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from pressroom.errors import NotFound, WrongInput
from pressroom.model import Caller
from pressroom.store import audit
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Event, Outbox, Webhook
from pressroom.webhooks import registering
from pressroom.webhooks.laying_out import lay_out
from pressroom.webhooks.registering import CALLBACKS, WebhookView, WebhookWish
from tests.fixtures.receivers import PlainSealer

PUBLIC = "https://example.com/hook?token=abc"


def test_a_webhook_is_kept_and_shown_without_its_secret(desk: Database, sealer: PlainSealer, owner: Caller) -> None:
    made, secret = registering.add(desk, sealer, owner, WebhookWish(url=PUBLIC, events=("content.", "run.completed")))

    assert secret.startswith("whsec_")
    assert registering.listed(desk).items == [made] == [registering.get(desk, owner, made.id)]
    assert (made.url, made.events, made.active) == (PUBLIC, ("content.", "run.completed"), True)
    with desk.read() as session:
        assert secret not in session.get_one(Webhook, made.id).secret
    assert secret not in made.model_dump_json()


def test_what_is_done_to_webhooks_is_in_the_audit_log(desk: Database, sealer: PlainSealer, owner: Caller) -> None:
    made, _ = registering.add(desk, sealer, owner, WebhookWish(url=PUBLIC))
    registering.change(desk, owner, made.id, active=False)
    registering.secret(desk, sealer, owner, made.id)
    registering.renew_secret(desk, sealer, owner, made.id)
    registering.remove(desk, owner, made.id)

    log = audit.list_audit(desk, owner.workspace_id).items
    assert [entry.action.partition(".")[2] for entry in reversed(log)] == [
        "added", "changed", "secret_read", "secret_renewed", "removed",
    ]  # fmt: skip
    assert {entry.subject_id for entry in log} == {made.id}
    assert not any("abc" in str(entry.details) for entry in log)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/hook",
        "http://localhost:8080/hook",
        "http://127.0.0.1:8080/hook",
        "http://10.1.2.3/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/hook",
        "http://2130706433/hook",
        "http://user:password@example.com/hook",
        "http://example.com:22/hook",
        "hook",
    ],
)
def test_an_address_that_is_not_public_is_refused(desk: Database, sealer: PlainSealer, owner: Caller, url: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        registering.add(desk, sealer, owner, WebhookWish(url=url))
    assert "password" not in refusal.value.message or "user name or password" in refusal.value.message
    assert registering.listed(desk).items == []


@pytest.mark.parametrize("name", ["contents.", "content", "run.complete", "", "."])
def test_an_event_that_never_happens_is_refused(desk: Database, sealer: PlainSealer, owner: Caller, name: str) -> None:
    with pytest.raises(WrongInput, match="is no event"):
        registering.add(desk, sealer, owner, WebhookWish(url=PUBLIC, events=(name,)))


@pytest.mark.parametrize(
    ("wanted", "kind", "heard"),
    [
        ([], "run.completed", True),
        (["run."], "run.completed", True),
        (["run.completed"], "run.completed", True),
        (["run.completed"], "run.failed", False),
        (["content."], "run.completed", False),
        (["content.", "run.failed"], "run.failed", True),
    ],
)
def test_types_and_prefixes_say_what_is_heard(wanted: list[str], kind: str, heard: bool) -> None:
    assert registering.hears(wanted, kind) is heard


def test_another_workspaces_webhook_is_not_there(
    desk: Database,
    desks: Callable[[Caller], Database],
    callers: Callable[[str], Caller],
    sealer: PlainSealer,
    owner: Caller,
) -> None:
    made, _ = registering.add(desk, sealer, owner, WebhookWish(url=PUBLIC))
    stranger = callers("theirs")
    theirs = desks(stranger)

    assert registering.listed(theirs).items == []
    for attempt in (
        lambda: registering.get(theirs, stranger, made.id),
        lambda: registering.change(theirs, stranger, made.id, active=False),
        lambda: registering.remove(theirs, stranger, made.id),
        lambda: registering.secret(theirs, sealer, stranger, made.id),
        lambda: registering.renew_secret(theirs, sealer, stranger, made.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert registering.get(desk, owner, made.id) == made


def test_switching_off_gives_up_what_is_on_its_way(
    operators: Database,
    desk: Database,
    sealer: PlainSealer,
    owner: Caller,
    hook: tuple[WebhookView, str],
    happens: Callable[..., Event],
) -> None:
    happens()
    lay_out(operators, sealer)
    registering.change(desk, owner, hook[0].id, active=False)
    with desk.read() as session:
        (row,) = session.exec(select(Outbox)).all()
    assert (row.state, row.error) == ("dead", "The webhook is switched off.")

    happens()
    lay_out(operators, sealer)
    with desk.read() as session:
        assert len(session.exec(select(Outbox)).all()) == 1
    assert registering.change(desk, owner, hook[0].id, active=True).active


def test_a_forgotten_webhook_takes_its_log_along(
    operators: Database,
    desk: Database,
    sealer: PlainSealer,
    owner: Caller,
    hook: tuple[WebhookView, str],
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    happens()
    assert told() == 1
    with desk.read() as session:
        assert len(session.exec(select(Attempt)).all()) == 1
    registering.remove(desk, owner, hook[0].id)
    with desk.read() as session:
        assert session.exec(select(Outbox)).all() == session.exec(select(Attempt)).all() == []
        assert len(session.exec(select(Event)).all()) == 1
    with pytest.raises(NotFound):
        registering.get(desk, owner, hook[0].id)


def test_every_workspace_has_one_secret_for_callbacks(
    desk: Database,
    desks: Callable[[Caller], Database],
    callers: Callable[[str], Caller],
    sealer: PlainSealer,
    owner: Caller,
) -> None:
    secret = registering.secret(desk, sealer, owner, CALLBACKS)

    assert registering.secret(desk, sealer, owner, CALLBACKS) == secret
    assert registering.renew_secret(desk, sealer, owner, CALLBACKS) != secret
    stranger = callers("theirs")
    assert registering.secret(desks(stranger), sealer, stranger, CALLBACKS) != secret
    assert registering.listed(desk).items == [], "it is no webhook that somebody added"
    with pytest.raises(WrongInput, match="stays"):
        registering.remove(desk, owner, CALLBACKS)
