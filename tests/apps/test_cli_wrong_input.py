"""What goes wrong is said in a sentence or two, with the right exit code, and never as a traceback."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import ProviderServer
from tests.fixtures.running import DAY, Said, every_row

pytestmark = pytest.mark.usefixtures("migrated_home")

DAILY = ("daily", "--date", DAY, "--ideas", "1", "--format", "linkedin_post")


def is_clear(said: Said, *words: str) -> bool:
    """Whether the words are there, the whole is short, and no traceback is."""
    text = " ".join(said.err.split())
    assert "Traceback" not in said.out + said.err
    assert "mistake of ours" not in said.err, said.err
    assert said.out == ""
    assert len(text) < 800
    assert ".. " not in f"{text} "
    missing = [word for word in words if word not in text]
    assert not missing, text
    return True


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--ideas", "0"), ("--ideas", "greater than or equal to 1")),
        (("--ideas", "1001"), ("--ideas", "less than or equal to 1000")),
        (("--ideas", "abc"), ("--ideas", "valid integer")),
        (("--format", "haiku"), ("no format called 'haiku'", "linkedin_post")),
        (("--date", "2026-13-45"), ("'2026-13-45' is not a date", "YYYY-MM-DD")),
        (("--date", "tomorrow"), ("not a date",)),
        (("--workspace", "Not A Name"), ("--workspace",)),
        (("--chain", "no such name"), ("--chain",)),
        (("--focus", "x" * 501), ("--focus", "500")),
        (("--no-such-option",), ("No such option",)),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(words: tuple[str, ...], names: tuple[str, ...], cli: Callable[..., Said]) -> None:
    said = cli("daily", *words)
    assert said.code == 2
    assert is_clear(said, *names)


def test_more_sources_than_a_run_takes_are_counted_by_the_name_they_have_here(cli: Callable[..., Said]) -> None:
    said = cli("repurpose", *(f"{number}.md" for number in range(101)))
    assert said.code == 2
    assert is_clear(said, "SOURCE: at most 100 are taken, and 101 were given.")


def test_a_chain_name_nobody_configured_is_named_with_the_choice(cli: Callable[..., Said]) -> None:
    said = cli(*DAILY, "--chain", "grok")
    assert said.code == 2
    assert is_clear(said, "The chain names 'grok', which is not configured", "openai, anthropic, gemini, offline")


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("command", [DAILY, ("runs",), ("db", "status")], ids=["daily", "runs", "db"])
@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("nonsense", ("not a database address", "postgresql+psycopg://")),
        ("mysql://root:hidden@127.0.0.1/x", ("mysql",)),
        ("oracle+nothing://x", ("database",)),
        ("postgresql+psycopg://me:hidden@127.0.0.1:{port}/x", ("postgresql", "refused", "pressroom doctor")),
    ],
    ids=["nonsense", "driver", "no such driver", "unreachable"],
)
def test_a_database_that_cannot_be_used_is_exit_code_1_without_its_password(
    url: str,
    names: tuple[str, ...],
    command: tuple[str, ...],
    cli: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
    no_waiting: None,
) -> None:
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", url.format(port=closed_port()))
    said = cli(*command)
    assert said.code == 1
    assert "hidden" not in said.err
    assert is_clear(said, *names)


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefect's retries of the infrastructure without their pauses."""
    from tasks.plans import plan_daily

    monkeypatch.setattr(plan_daily, "retry_delay_seconds", 0)


@pytest.mark.parametrize("command", [DAILY, ("runs",)], ids=["daily", "runs"])
def test_a_home_that_cannot_be_written_is_said_so(
    command: tuple[str, ...],
    cli: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    no_waiting: None,
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PRESSROOM_HOME", str(tmp_path / "file" / "home"))
    said = cli(*command)
    assert said.code == 1
    assert is_clear(said, "can't be used", "file/home")


def test_a_wrong_key_is_named_by_provider_and_not_shown(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-secret")
    provider.configure(accepted_keys=("right",))
    said = cli(*DAILY, "--chain", "openai")
    assert said.code == 1
    assert is_clear(said, "openai refused the key", "pressroom doctor")
    assert "sk-wrong" not in said.err
    assert len(provider.history) == 1, "a wrong key is not tried again"
    assert every_row()["run"][0]["status"] == "failed"


def test_no_key_at_all_is_told_before_anything_is_asked(cli: Callable[..., Said]) -> None:
    said = cli(*DAILY, "--chain", "openai")
    assert said.code == 1
    assert is_clear(said, "its key is not set", "Set OPENAI_API_KEY")


def test_a_model_that_does_not_exist_is_named(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_OPENAI_MODEL", "gpt-0-nano")
    provider.configure(known_models=("gpt-4.1-mini",))
    said = cli(*DAILY, "--chain", "openai")
    assert said.code == 1
    assert is_clear(said, "does not know the model 'gpt-0-nano'")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRESSROOM_IDEAS", "many"),
        ("PRESSROOM_CONCURRENCY", "0"),
        ("PRESSROOM_TASK_RUNNER", "hamster"),
        ("PRESSROOM_LOG_LEVEL", "loud"),
        ("PRESSROOM_WORKSPACE", "No Name"),
        ("PRESSROOM_TIMEOUT", "-1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    name: str, value: str, cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    said = cli(*DAILY)
    assert said.code == 1
    assert is_clear(said, name, ".env.example")


def test_a_format_in_the_settings_that_does_not_exist_is_named(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_FORMATS", "linkedin_post,haiku")
    said = cli("daily", "--ideas", "1")
    assert said.code == 1
    assert is_clear(said, "PRESSROOM_FORMATS", "no format called 'haiku'")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe", "../../etc/passwd", "Europe/Berlin/"])
def test_a_time_zone_that_does_not_exist_is_named(
    zone: str, cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_TIME_ZONE", zone)
    said = cli("daily", "--ideas", "1", "--format", "linkedin_post")
    assert said.code == 1
    assert is_clear(said, "is not a time zone", "Europe/Berlin")


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("PRESSROOM_WORKSPACE_FILE", "topics = ["),
        ("PRESSROOM_WORKSPACE_FILE", "topics = []"),
        ("PRESSROOM_WORKSPACE_FILE", "subjects = ['x']"),
        ("PRESSROOM_WORKSPACE_FILE", None),
        ("PRESSROOM_TOPIC_BANK", "nonsense ["),
        ("PRESSROOM_TOPIC_BANK", "unknown = 1"),
        ("PRESSROOM_TOPIC_BANK", None),
        ("PRESSROOM_PRICE_FILE", "{"),
    ],
)
def test_a_broken_file_is_named(
    variable: str, text: str | None, cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "own-file"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv(variable, str(file))
    said = cli(*DAILY)
    assert said.code == 1
    assert is_clear(said, "own-file")


def test_a_home_that_cannot_be_made_is_said_before_a_server_is_started(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PRESSROOM_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.delenv("PREFECT_API_URL")
    said = cli(*DAILY)
    assert said.code == 1
    assert is_clear(said, "file/home can't be made: Not a directory", "PRESSROOM_HOME")


def test_a_mistake_of_ours_is_a_sentence_and_a_file_with_the_details(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pressroom import formats

    def broken(_name: str) -> None:
        raise RuntimeError("the sky fell\n[SQL: and more]")

    monkeypatch.setattr(formats, "get", broken)
    said = cli(*DAILY)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Error: RuntimeError: the sky fell\n  This is a mistake of ours.")
    assert "[SQL" not in said.err
    assert "Traceback" in (tmp_path / ".pressroom" / "error.log").read_text()

    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PRESSROOM_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert "Traceback" not in cli(*DAILY).err
    assert len(list(tmp_path.glob("pressroom-*.log"))) == 1
