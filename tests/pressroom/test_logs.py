"""Events reach every place they are meant for, with their ids, and no secret reaches any."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from pressroom import logs, redaction
from pressroom.calls.providers import Account
from pressroom.errors import ChainExhausted
from pressroom.settings import settings
from tests.fixtures.measuring import assert_takes_less_than

SECRET = "correct-horse/battery+staple"
Places = Callable[[Callable[[], None]], dict[str, str]]


class Configured(BaseModel):
    url: str
    key: SecretStr


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def python(code: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=root)


@pytest.fixture
def places(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Places:
    """What every place shows of what `work` logs."""

    def run(work: Callable[[], None]) -> dict[str, str]:
        shown: dict[str, str] = {}
        for form in ("json", "console"):
            logs.configure(form, "DEBUG", file=tmp_path / "logs" / f"{form}.jsonl")  # type: ignore[arg-type]
            work()
            shown[form] = capsys.readouterr().err
        shown["file"] = (tmp_path / "logs" / "json.jsonl").read_text()
        return shown

    return run


def test_an_event_is_one_json_line_with_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    log = logs.get_logger("pressroom.x")
    with logs.bound(run="r1", idea="i1", provider="", task=None), logs.bound(format="x_thread"):
        log.info("draft.written", words=12, cost_usd=0.5, where=Path("a/b"))
        log.debug("not.shown")
    log.warning("later")
    captured = capsys.readouterr()
    first, second = lines(captured.err)
    assert captured.out == ""
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "draft.written", "level": "info", "logger": "pressroom.x", "words": 12, "cost_usd": 0.5,
        "where": "a/b", "run": "r1", "idea": "i1", "format": "x_thread",
    }  # fmt: skip
    assert {"run", "idea", "format"}.isdisjoint(second)


def test_records_of_the_standard_library_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    with logs.bound(run="r1"):
        logging.getLogger("pressroom.chain").warning("%s is left alone", "openai", extra={"seconds": 30})
    (line,) = lines(capsys.readouterr().err)
    wanted = {"event": "openai is left alone", "seconds": 30, "run": "r1", "level": "warning"}
    assert wanted.items() <= line.items()
    assert line["logger"] == "pressroom.chain"


def test_on_a_terminal_it_is_readable_and_elsewhere_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logs.get_logger("pressroom.x")
    logs.configure("auto", "INFO")
    log.info("one")
    assert lines(capsys.readouterr().err)[0]["event"] == "one"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    logs.configure("auto", "INFO")
    log.info("two", words=3)
    said = capsys.readouterr().err
    assert not said.startswith("{")
    assert "two" in said
    assert "words" in said


def test_by_default_a_terminal_shows_nothing_and_the_file_gets_it_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRESSROOM_LOG_FILE", str(tmp_path / "events.jsonl"))
    logs.configure()
    logs.get_logger("pressroom.x").error("run.closed")
    assert capsys.readouterr() == ("", "")
    assert lines((tmp_path / "events.jsonl").read_text())[0]["event"] == "run.closed"


def test_unconfigured_it_is_silent() -> None:
    code = "from pressroom import logs; logs.get_logger('pressroom.x').error('run.closed', reason='rain')"
    done = python(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_file_that_cant_be_written_is_a_warning(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    logs.configure("json", "WARNING", file=tmp_path / "taken" / "events.jsonl")
    assert lines(capsys.readouterr().err)[0]["event"] == "log.file_unusable"


def test_configuring_again_starts_afresh(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        logs.configure("json", "INFO")
    logs.configure_once()
    logs.get_logger("pressroom.x").info("once")
    assert len(lines(capsys.readouterr().err)) == 1


def test_threads_that_inherit_the_context_inherit_the_ids(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    with logs.bound(run="r1"):
        work = threading.Thread(target=copy_context().run, args=(logs.get_logger("pressroom.x").info, "there"))
        work.start()
        work.join()
    assert lines(capsys.readouterr().err)[0]["run"] == "r1"


def test_a_value_that_cant_be_shown_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    class Stubborn:
        def __str__(self) -> str:
            raise RuntimeError("no")

    logs.configure("json", "INFO")
    logs.get_logger("pressroom.x").info("odd", value=Stubborn())
    assert lines(capsys.readouterr().err)[0]["event"] == "odd"


def in_every_way() -> None:
    """Log the secret in every way anybody has thought of."""
    log, plain = logs.get_logger("pressroom.x"), logging.getLogger("pressroom.chain")
    log.info(f"the key is {SECRET}", said=f"'{SECRET}'", key=SecretStr(SECRET), nested={"a": [(SECRET, {SECRET})]})
    log.info("x", **{SECRET: 1}, raw=SECRET.encode(), model=Configured(url=f"http://u:{SECRET}@h", key=SECRET))  # type: ignore[arg-type]
    log.info("x", encoded="http://h/?q=correct-horse%2Fbattery%2Bstaple", error=ValueError(SECRET), deep=nest(9))
    plain.warning("%s and %r", SECRET, {"key": SECRET}, extra={"more": SECRET})
    with logs.bound(run=SECRET):
        log.warning("bound")
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ChainExhausted([f"openai: Incorrect API key: {SECRET}"]) from error
    except ChainExhausted:
        log.exception("failed")
        plain.exception("failed too")
        plain.error("and with its stack", exc_info=True, stack_info=True)


def nest(depth: int) -> Any:
    return {"deeper": nest(depth - 1)} if depth else SECRET


def test_a_known_secret_is_in_no_place_whatever_the_way(places: Places) -> None:
    logs.register_secret(SECRET)
    for place, shown in places(in_every_way).items():
        assert "Traceback" in shown, place
        assert "***" in shown, place
        assert SECRET not in shown, place
        assert "battery" not in shown, place


SHAPES = {
    "sk-proj-abcdefghijklmnop": "the key sk-proj-abcdefghijklmnop is wrong",
    "eyJhbGciOi.JIUzI1NiJ9": "Authorization: Bearer eyJhbGciOi.JIUzI1NiJ9",
    "dXNlcjpwYXNz": "authorization: Basic dXNlcjpwYXNz",
    "p@ss:word": "postgresql+psycopg://user:p@ss:word@host/name is away",
    "ghp0123456789abcdefgh": "https://ghp0123456789abcdefgh@host/repo",
    "hunter2": "{'api_key': 'hunter2'}",
    "hunter3": "https://host/?x=1&access_token=hunter3&y=2",
    "hunter4": '{"password": "hunter4"}',
    "hunter5": "OPENAI_API_KEY=hunter5",
    "AIzaSyA0123456789abcdefghijklm": "key AIzaSyA0123456789abcdefghijklm",
}
NAMES = ("api_key", "apiKey", "X-Api-Key", "token", "access_token", "password", "Authorization", "client_secret")
HARMLESS = (
    "input_tokens=12 output_tokens=3",
    "A risk-sk-free life: basic knowledge of things",
    "https://host.example/path?x=1 and user@host.example",
    "The key idea: a keyboard.",
    "gpt-4.1-mini claude-haiku-4-5",
)


@pytest.mark.parametrize("secret", SHAPES)
def test_what_looks_like_a_secret_is_masked_though_nobody_registered_it(secret: str, places: Places) -> None:
    for place, shown in places(lambda: logs.get_logger("pressroom.x").info("said", text=SHAPES[secret])).items():
        assert secret not in shown, place


@pytest.mark.parametrize("name", NAMES)
def test_what_is_called_like_a_secret_is_masked(name: str, places: Places) -> None:
    fields = {name: "plain1", "headers": {name: ["plain2"]}}
    for place, shown in places(lambda: logs.get_logger("pressroom.x").info("said", **fields)).items():
        assert "plain" not in shown, place


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(text: str) -> None:
    assert redaction.mask(text) == text
    assert redaction.scrub({"input_tokens": 12, "said": text}) == {"input_tokens": 12, "said": text}


def test_settings_and_accounts_make_their_secrets_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "first-secret")
    monkeypatch.setenv("PRESSROOM_ENDPOINTS__VLLM__BASE_URL", "http://user:second-secret@gpu/v1")
    monkeypatch.setenv("PRESSROOM_ENDPOINTS__VLLM__API_KEY", "third-secret")
    monkeypatch.setenv("PRESSROOM_ENDPOINTS__VLLM__MODEL", "model-name")
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", "postgresql+psycopg://user:fourth-secret@host/name")
    monkeypatch.setenv("PRESSROOM_NOTIFY_URLS", "slack://fifth/secret")
    monkeypatch.setenv("PRESSROOM_PUSHGATEWAY_URL", "http://user:sixth-secret@host")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "seventh-secret")
    settings()
    redaction.register_environment()
    Account(name="mine", provider="openai", api_key=SecretStr("eighth-secret"), base_url="http://u:ninth-secret@h")
    said = "first-secret second-secret third-secret fourth-secret fifth/secret sixth-secret seventh-secret"
    assert set(redaction.mask(f"{said} eighth-secret ninth-secret").split()) == {"***"}
    assert redaction.mask("model-name postgresql host") == "model-name postgresql host"


def test_secrets_that_follow_each_other_are_known_until_many_others_came() -> None:
    """Each new one had cost a third of a millisecond for each that was known: half a second for the thousandth."""
    logs.register_secret(SECRET)
    tokens = [f"passing-token-{number}" for number in range(redaction.MOST_PASSING + 3)]
    for token in tokens:
        redaction.register_secret(token, passing=True)
    assert redaction.mask(f"{SECRET} {tokens[3]} {tokens[-1]}") == "*** *** ***"
    assert redaction.mask(f"{tokens[0]}.") == f"{tokens[0]}."
    redaction.register_secret("short-of-a", passing=True)
    redaction.register_secret("short-of-a-longer-one", passing=True)
    assert redaction.mask("short-of-a-longer-one short-of-a") == "*** ***"


def test_an_error_is_cleaned_with_its_causes() -> None:
    logs.register_secret(SECRET)
    try:
        try:
            raise OSError(5, f"{SECRET} refused")
        except OSError as cause:
            raise ChainExhausted([f"openai: {SECRET}"], hint=SECRET) from cause
    except ChainExhausted as error:
        redaction.clean(error)
        assert SECRET not in f"{error} {error.attempts} {error.message} {error.hint} {error.__cause__!r}"


def test_an_event_costs_less_than_a_third_of_a_millisecond(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "CRITICAL", file=tmp_path / "events.jsonl")
    log = logs.get_logger("pressroom.x")
    for number in range(5):
        logs.register_secret(f"secret-number-{number}")

    def emit() -> None:
        with logs.bound(run="3f2c0c66", execution="x", task="1/x_thread", idea="i", format="x_thread"):
            log.info("provider.answered", provider="openai", model="gpt-4.1-mini", request="r", ms=812,
                     input_tokens=900, output_tokens=300, cached_tokens=0, cost_usd=0.0012)  # fmt: skip

    emit()
    assert_takes_less_than(0.03, lambda: [emit() for _ in range(100)])


def test_nothing_heavy_is_imported_before_the_first_event() -> None:
    code = (
        "import sys; from pressroom import logs, metrics; from pressroom.calls import ledger\n"
        "logs.configure(); metrics.publish('default'); metrics.call_reused('openai', 'text')\n"
        "logs.get_logger('pressroom.x').info('quiet')\n"
        "print([name for name in ('structlog', 'prometheus_client') if name in sys.modules])"
    )
    done = python(code)
    assert done.stdout == "[]\n", done.stderr


def test_a_line_has_the_fields_and_kinds_of_the_documented_sample(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parents[2] / "docs/operations.md").read_text()
    sample = json.loads(re.search(r"```json\n(.*)\n```", text)[1])  # type: ignore[index]
    logs.configure("json", "INFO")
    ids = {name: sample[name] for name in ("run", "execution", "workspace", "task")}
    own = {name: value for name, value in sample.items() if name not in {*ids, "event", "logger", "level", "timestamp"}}
    with logs.bound(**ids):
        logs.get_logger(sample["logger"]).info(sample["event"], **own)
    (line,) = lines(capsys.readouterr().err)
    assert {name: type(value) for name, value in line.items()} == {name: type(value) for name, value in sample.items()}
    assert {**line, "timestamp": ""} == {**sample, "timestamp": ""}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["timestamp"])
