"""The provider server as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import openai
import pytest

from sandbox import Fault, main
from tests.sandbox.asking import by_chat, draft

COMMAND = [sys.executable, "-m", "sandbox"]


def test_it_prints_its_addresses_serves_and_ends_when_told() -> None:
    command = [*COMMAND, "--port", "0", "--fault-rate", "1", "--fault", "conflict", "--key", "k1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        providers = ("OPENAI", "ANTHROPIC", "GEMINI", "STABILITY")
        names = [f"{who}_{what}" for who in providers for what in ("BASE_URL", "API_KEY")]
        env = dict(process.stdout.readline().strip().split("=", 1) for _ in names)
        assert set(env) == set(names)
        client = openai.OpenAI(api_key="k1", base_url=env["OPENAI_BASE_URL"], max_retries=0)
        with client, pytest.raises(openai.ConflictError):
            by_chat(client, draft())
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_it_lists_its_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-faults"]) == 0
    assert all(fault.value in capsys.readouterr().out for fault in [Fault.HANG])


def test_it_lists_providers_apart_from_what_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-profiles"]) == 0
    providers, _, wrong = capsys.readouterr().out.partition("What goes wrong:")
    assert "/deepseek/v1" in providers and "/no-balance/v1" not in providers
    assert "/no-balance/v1" in wrong


@pytest.mark.parametrize("wrong", [["--fault", "none"], ["--fault-rate", "2"], ["--latency", "soon"]], ids=str)
def test_wrong_options_are_told(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(wrong)
    assert error.value.code == 2
