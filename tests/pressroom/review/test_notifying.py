"""Digests: by each member's wish, at most once an hour, nothing twice and nothing lost; over a real SMTP server."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import col, select, update

from apps.desk.courier import ChatSender, Courier, MailSender, unsubscribe_token
from pressroom.errors import Forbidden, Misconfigured, WrongInput
from pressroom.model import Caller
from pressroom.review import commenting, notifying
from pressroom.review.notifying import CHAT, MAIL, Often, Wishes
from pressroom.store.account_tables import Membership
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Notification, Outbox
from pressroom.store.tables import utc_now
from pressroom.vault import Vault
from tests.fixtures.desk import MadeRun
from tests.pressroom.review.review_desk import ReviewDesk

VAULT = Vault("s" * 32)
DESK = "https://desk.example.com"


class Server(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@dataclass
class Inbox:
    """A mail server's handler. answers: to the next messages instead of taking them."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 (aiosmtpd's)
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore
        return "250 Taken"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's)
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        if self.answers and self.answers[0].startswith("550"):
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """The outbox has its tests on both databases."""
    return desk_sqlite_url


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mail_url(inbox: Inbox) -> Iterator[str]:
    controller = Server(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def courier(operators: Database, mail_url: str) -> Courier:
    return Courier(operators, MAIL, MailSender(mail_url, "Pressroom <desk@example.com>", desk=DESK, vault=VAULT))


@pytest.fixture
def said(desk: ReviewDesk, made_run: MadeRun, operators: Database) -> Callable[..., None]:
    """`said(text, due=True)`: the owner's comment; `due`: everything that waits is due now."""

    def say(text: str, *, due: bool = True) -> None:
        commenting.comment(desk.database, desk.owner, made_run.draft, text)
        if due:
            make_due(operators)

    return say


def make_due(operators: Database) -> None:
    with operators.write() as session:
        session.execute(update(Outbox).values(due_at=utc_now()))


def wish(desk: ReviewDesk, caller: Caller, **wishes: object) -> None:
    notifying.set_wishes(desk.database, caller, VAULT, Wishes(**wishes))  # type: ignore[arg-type]


def rows(operators: Database) -> list[Outbox]:
    with operators.read() as session:
        return list(session.exec(select(Outbox).order_by(col(Outbox.created_at))).all())


def test_what_is_unread_comes_in_one_mail_with_a_way_to_end_it(
    desk: ReviewDesk, operators: Database, courier: Courier, inbox: Inbox, said: Callable[..., None], made_run: MadeRun
) -> None:
    wish(desk, desk.editor, mail="hourly")
    said("Look, @editor.", due=False)
    said("Sorry, <b>here</b>: @editor @viewer")
    assert (courier.look(), courier.look()) == (1, 0)
    [mail] = inbox.mails
    assert (mail["subject"], mail["to"], mail["from"]) == (
        "2 notifications from ours", "editor@example.com", "Pressroom <desk@example.com>",
    )  # fmt: skip
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    off = f"{DESK}/unsubscribe/{unsubscribe_token(VAULT, desk.editor.workspace_id, desk.editor.user_id or '')}"
    for expected in ("owner@example.com mentioned you: LinkedIn post, ", "Sorry, <b>here</b>: @editor @viewer",
                     f"{DESK}/content/{made_run.draft}/comments", off):  # fmt: skip
        assert expected in plain
    assert "&lt;b&gt;here&lt;/b&gt;" in html
    assert (mail["list-unsubscribe"], mail["list-unsubscribe-post"]) == (f"<{off}>", "List-Unsubscribe=One-Click")
    said("And again, @editor.", due=False)
    [done, waiting] = rows(operators)
    assert done.done_at
    assert waiting.due_at >= done.done_at + timedelta(hours=1)
    notifying.unsubscribe(desk.database, desk.editor.user_id or "")
    make_due(operators)
    assert (courier.look(), len(inbox.mails)) == (0, 1)


def test_a_refused_mail_comes_again_as_the_same_and_loses_nothing(
    desk: ReviewDesk, operators: Database, courier: Courier, inbox: Inbox, said: Callable[..., None]
) -> None:
    wish(desk, desk.editor, mail="hourly")
    said("First, @editor.")
    inbox.answers = ["451 Later"]
    courier.look()
    said("Second, @editor.")
    make_due(operators)
    courier.look()
    courier.look()
    assert [mail["subject"].strip().partition(":")[0] for mail in inbox.mails] == [
        "owner@example.com mentioned you"
    ] * 2
    texts = [mail.get_body(("plain",)).get_content() for mail in inbox.mails]  # type: ignore[union-attr]
    assert ["First" in text for text in texts] == ["Second" not in text for text in texts] == [True, False]
    first, second = rows(operators)
    assert {mail["message-id"] for mail in inbox.mails} == {f"<{row.id}@example.com>" for row in (first, second)}
    with operators.read() as session:
        tried = session.exec(select(Attempt).where(Attempt.outbox_id == first.id).order_by(Attempt.number)).all()
    assert [(one.outcome, one.status) for one in tried] == [("failed", 451), ("done", 250)]


def test_what_an_address_refuses_for_good_goes_with_the_next_mail(
    desk: ReviewDesk, operators: Database, courier: Courier, inbox: Inbox, said: Callable[..., None]
) -> None:
    wish(desk, desk.editor, mail="hourly")
    said("First, @editor.")
    inbox.answers = ["550 No such mailbox"]
    courier.look()
    assert [row.state for row in rows(operators)] == ["dead"]
    said("Second, @editor.")
    courier.look()
    [mail] = inbox.mails
    assert mail["subject"] == "2 notifications from ours"


def test_a_server_that_is_away_silent_or_without_tls_is_tried_again(
    desk: ReviewDesk, operators: Database, mail_url: str, said: Callable[..., None]
) -> None:
    wish(desk, desk.editor, mail="hourly")
    said("Look, @editor.")
    silent = socket.create_server(("127.0.0.1", 0))
    closed = socket.create_server(("127.0.0.1", 0))
    away = closed.getsockname()[1]
    closed.close()
    cases = {
        f"smtp://127.0.0.1:{silent.getsockname()[1]}": "timed out",
        f"smtp://127.0.0.1:{away}": "refused",
        mail_url.replace("//", "//user:secret@"): "it offers no TLS, so the password is not sent",
    }
    for url, answer in cases.items():
        send = MailSender(url, "desk@example.com", desk=DESK, vault=VAULT, seconds=0.05)
        assert Courier(operators, MAIL, send).look() == 1
        [row] = rows(operators)
        assert (row.state, answer in row.error, "secret" in row.error) == ("waiting", True, False), row.error
        make_due(operators)
    silent.close()
    broken = Courier(operators, MAIL, lambda _: 1 / 0)  # type: ignore[arg-type,return-value]
    assert broken.look() == 1
    assert rows(operators)[0].error == "It could not be sent: ZeroDivisionError."


def test_two_desks_send_a_mail_once(
    desk: ReviewDesk, operators: Database, courier: Courier, inbox: Inbox, said: Callable[..., None], mail_url: str
) -> None:
    wish(desk, desk.editor, mail="hourly")
    said("Look, @editor.")
    threads = [threading.Thread(target=courier.look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inbox.mails) == 1


def test_a_mail_is_for_members_who_wish_it_and_have_not_read_it(
    desk: ReviewDesk, operators: Database, courier: Courier, inbox: Inbox, said: Callable[..., None], made_run: MadeRun
) -> None:
    said("Nothing is wished for, @editor.")
    assert rows(operators) == []
    wish(desk, desk.editor, mail="hourly")
    said("Read in the desk, @editor.")
    commenting.mark_read(desk.database, desk.editor)
    assert (courier.look(), rows(operators)[0].state) == (0, "done")
    said("Not any more, @editor.", due=False)
    wish(desk, desk.editor, mail="off")
    assert [row.state for row in rows(operators)] == ["done", "done"]
    wish(desk, desk.editor, mail="hourly")
    said("And gone, @editor.")
    with operators.write() as session:
        [left] = session.exec(select(Membership).where(Membership.user_id == desk.editor.user_id)).all()
        session.delete(left)
    assert (courier.look(), inbox.mails) == (0, [])


def test_a_daily_mail_comes_at_the_chosen_hour_of_the_workspace(
    desk: ReviewDesk, operators: Database, said: Callable[..., None]
) -> None:
    wish(desk, desk.editor, mail="daily", hour=7)
    said("Tomorrow, @editor.", due=False)
    [row] = rows(operators)
    assert (row.due_at.hour, row.due_at.minute) == (7, 0)
    assert timedelta(0) < row.due_at - utc_now() <= timedelta(days=1)
    wish(desk, desk.editor, mail="hourly")
    assert rows(operators)[0].due_at - utc_now() <= timedelta(minutes=2)
    berlin = ZoneInfo("Europe/Berlin")
    evening, morning = datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert notifying._next(evening, 7, berlin) == morning
    assert notifying._next(morning, 7, berlin) == morning + timedelta(days=1)


def test_a_chat_hears_by_its_own_wish(desk: ReviewDesk, operators: Database, said: Callable[..., None]) -> None:
    for wrong in ("json://127.0.0.1/", "ntfy://127.0.0.1/x", "slack://", "slack", "file:///etc/passwd", "slack://a\nb"):
        with pytest.raises(WrongInput):
            notifying.set_wishes(desk.database, desk.editor, VAULT, Wishes(chat=Often.HOURLY), wrong)
    with pytest.raises(WrongInput, match="no address"):
        wish(desk, desk.editor, chat="hourly")
    with pytest.raises(Forbidden):
        wish(desk, desk.program, mail="hourly")
    address = "slack://T/B/C"
    shown = notifying.set_wishes(
        desk.database, desk.editor, VAULT, Wishes(chat=Often.HOURLY, mail=Often.DAILY), address
    )
    assert shown.has_chat_address
    said("Look, @editor.")
    told: list[tuple[str, ...]] = []
    answers = iter((False, True))

    def tell(*words: str) -> bool:
        told.append(words)
        return next(answers)

    courier = Courier(operators, CHAT, ChatSender(VAULT, DESK, tell))
    courier.look()
    make_due(operators)
    courier.look()
    assert [words[0] for words in told] == [address] * 2
    assert told[0] == told[1]
    assert told[0][1].startswith("owner@example.com mentioned you: LinkedIn post, ")
    assert "Look, @editor." in told[0][2]
    with operators.read() as session:
        [notified] = session.exec(select(Notification)).all()
    assert notified.chat_id
    assert notified.mail_id is None
    other = Courier(operators, CHAT, ChatSender(Vault("t" * 32), DESK, tell))
    said("Once more, @editor.")
    other.look()
    assert "can't be read" in rows(operators)[-1].error


def test_settings_that_can_not_be_used_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for url, sender, named in (
        ("http://mail.example.com", "a@example.com", "PRESSROOM_MAIL_URL"), ("smtp://", "a@example.com", "MAIL_URL"),
        ("smtp://h:x", "a@example.com", "MAIL_URL"), ("smtp://h", "", "MAIL_FROM"), ("smtp://h", "Desk", "MAIL_FROM"),
    ):  # fmt: skip
        with pytest.raises(Misconfigured, match=named):
            MailSender(url, sender, desk=DESK, vault=VAULT)
