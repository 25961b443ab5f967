"""`pressroom admin`: accounts from the command line."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
import typer
from sqlmodel import select

from apps.cli import admin, local
from blocks import connections
from pressroom.errors import NotSignedIn, PressroomError
from pressroom.model import Origin
from pressroom.people import sign_ins
from pressroom.people.keys import KeyRing
from pressroom.settings import settings
from pressroom.store.database import Database
from pressroom.store.tables import Workspace, utc_now
from pressroom.vault import Vault

ADA = "ada@example.com"
LONG = "a sentence nobody guesses"


@pytest.fixture(autouse=True)
def database(migrated_home: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The one in the working directory, with cheap passwords."""
    monkeypatch.setenv("PRESSROOM_PASSWORD_ROUNDS", "4")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)  # else the connections of the tests before, by their blocks
    settings.cache_clear()
    local.database.cache_clear()
    yield local.database()
    local.database.cache_clear()


def test_accounts_are_made_without_prefect(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(connections, "database", lambda: pytest.fail("the blocks of a Prefect server were asked"))
    assert "is now owner" in run("create-user", "eve@example.com", "--password-stdin", stdin=LONG)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`run("sign-out", email, stdin="")` is what `pressroom admin sign-out` prints."""

    def ran(*words: str, stdin: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        app = typer.Typer()
        admin.register(app)
        app(["admin", *words], standalone_mode=False)
        return capsys.readouterr().out

    return ran


def test_the_first_user_is_made_and_signs_in(run: Callable[..., str], database: Database) -> None:
    said = run("create-user", "Ada@Example.com", "--workspace", "mill", "--password-stdin", stdin=f"{LONG}\n")
    assert said == "ada@example.com is now owner of mill.\n"
    assert _signs_in(database, LONG)
    assert run("list-users") == "ada@example.com  ada  owner of mill\n"


def test_a_password_is_made_and_shown_once(run: Callable[..., str], database: Database) -> None:
    said = run("create-user", ADA, "--generate", "--name", "Ada")
    assert _signs_in(database, said.split("shown this once: ")[1].strip())


def test_a_member_is_added_and_changed(run: Callable[..., str]) -> None:
    run("create-user", ADA, "--generate")
    assert run("add-member", ADA, "--workspace", "harbour") == "ada@example.com is now editor of harbour.\n"
    run("add-member", ADA, "--workspace", "harbour", "--role", "viewer")
    assert "owner of default, viewer of harbour" in run("list-users")


def test_another_password_signs_out(run: Callable[..., str], database: Database) -> None:
    run("create-user", ADA, "--password-stdin", stdin=LONG)
    found = _signs_in(database, LONG)
    run("set-password", ADA, "--password-stdin", stdin="another one, as long\n")
    assert not sign_ins.is_open(database, found.sign_in.id)
    assert _signs_in(database, "another one, as long")
    assert "(1 sign-ins)" in run("sign-out", ADA)
    with pytest.raises(NotSignedIn):
        _signs_in(database, LONG)


def test_a_plan_is_given(run: Callable[..., str]) -> None:
    run("create-user", ADA, "--workspace", "mill", "--generate")
    assert run("set-plan", "mill", "team") == "Workspace mill has the plan team.\n"
    assert run("set-plan", "mill", "default") == "Workspace mill has the plan default.\n"


def test_a_deleted_workspace_takes_nobody(run: Callable[..., str], database: Database) -> None:
    run("create-user", ADA, "--workspace", "mill", "--generate")
    with database.write() as session:
        session.exec(select(Workspace)).one().deleted_at = utc_now()
    for words in (("create-user", "grace@example.com"), ("add-member", ADA)):
        with pytest.raises(PressroomError, match="was deleted"):
            run(*words, "--workspace", "mill", *(("--generate",) if words[0] == "create-user" else ()))
    assert run("list-users") == "ada@example.com  ada  in no workspace\n"


@pytest.mark.parametrize("option", [(), ("--at-once",)])
def test_keys_are_rotated(run: Callable[..., str], database: Database, option: tuple[str, ...]) -> None:
    ring = KeyRing(database, Vault.from_settings())
    before = ring.public_keys()["keys"][0]["kid"]
    assert "within 60 seconds" in run("rotate-keys", *option)
    fresh = KeyRing(database, Vault.from_settings())
    kids = [key["kid"] for key in fresh.public_keys()["keys"]]
    assert (before in kids) is not bool(option)
    assert any(kid != before for kid in kids)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("create-user", "no address", "--generate"), "not an e-mail"),
        (("create-user", ADA, "--role", "king", "--generate"), "no role 'king'"),
        (("create-user", ADA, "--password-stdin"), "fewer than 12"),
        (("create-user", ADA, "--password-stdin", "--generate"), "exclude each other"),
        (("set-password", ADA, "--generate"), "No user"),
        (("sign-out", ADA), "No user"),
        (("add-member", ADA), "No user"),
        (("set-plan", "mill", "team"), "no workspace"),
        (("set-plan", "mill", "golden"), "no plan"),
    ],
)
def test_what_can_t_be_done_is_a_sentence(run: Callable[..., str], words: tuple[str, ...], why: str) -> None:
    with pytest.raises(PressroomError, match=why):
        run(*words)


def test_an_address_has_one_account(run: Callable[..., str]) -> None:
    run("create-user", ADA, "--generate")
    with pytest.raises(PressroomError, match="has an account"):
        run("create-user", ADA.upper(), "--generate")


def _signs_in(database: Database, password: str) -> sign_ins.SignedIn:
    keys = KeyRing(database, Vault.from_settings())
    return sign_ins.sign_in(database, keys, ADA, password, Origin())
