"""A real model over the wire: a llama.cpp server on one thread, in an environment of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.shared.peers import python_with

PEERS = Path(__file__).parent / "peers"
NAME, MODEL = "smollm", "smollm2-135m"
"""The endpoint's name in the chain, and that of its model: the server takes any."""


def model_python() -> Path | None:
    """The Python that has the model and its server; None when it can't be had."""
    return python_with("SmolLM2 and llama.cpp", "realmodel", PEERS / "requirements.txt", alone=True)


@contextmanager
def served(python: Path) -> Iterator[str]:
    """The base URL of the model's server, which ends with the block."""
    line = [str(python), str(PEERS / "serve.py")]
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            if not address:
                raise SystemExit("The model's server did not start.")
            yield address
        finally:
            process.terminate()


def environment_for(base_url: str, home: Path, *, timeout: int = 120, deadline: int = 300) -> dict[str, str]:
    """The settings of a run on the model alone, one draft at a time. timeout, deadline: in seconds."""
    endpoint = f"PRESSROOM_ENDPOINTS__{NAME.upper()}"
    return {
        f"{endpoint}__BASE_URL": base_url,
        f"{endpoint}__MODEL": MODEL,
        f"{endpoint}__API_KEY": "none",
        "PRESSROOM_HOME": str(home),
        "PRESSROOM_TEXT_CHAIN": NAME,
        "PRESSROOM_TIMEOUT": str(timeout),
        "PRESSROOM_TASK_DEADLINE": str(deadline),
        "PRESSROOM_CONCURRENCY": "1",
    }
