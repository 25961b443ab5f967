"""What runs are measured against: a Prefect server, and the provider server as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.shared.processes import environment
from blocks import prefect_server

ADDRESSES = 8
"""Lines the provider server says when it is ready."""


@contextmanager
def prefect_api(folder: Path) -> Iterator[str]:
    """The address of a Prefect server: that of PREFECT_API_URL, else one started with its home in `folder`."""
    before = dict(os.environ)
    os.environ["PRESSROOM_HOME"] = str(folder / "server")
    if "PREFECT_API_URL" not in os.environ:
        os.environ["PREFECT_HOME"] = str(folder / "server" / "prefect")
    try:
        prefect_server.prepare()
        server = prefect_server.at_hand()
        server.wait()
        yield server.api_url
        server.stop()
    finally:
        os.environ.clear()
        os.environ.update(before)


class Provider:
    """The provider server of another process. `env`: the variables that point clients to it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env

    def restart(self, latency: float) -> None:
        """Forget what was asked; answer texts after `latency` seconds from now on."""
        self._tell("reset", {})
        self._tell("script", {"options": {"latency": latency, "moderation_latency": 0}})

    def asked(self) -> dict[str, int]:
        """How many requests it had since the last restart, by purpose: `ideas`, `draft`, `moderation`."""
        counts: dict[str, Any] = self._tell("counts")
        return dict(counts.get("purpose", {}))

    def _tell(self, what: str, value: dict[str, Any] | None = None) -> Any:
        body = None if value is None else json.dumps(value).encode()
        address = f"{self.env['ANTHROPIC_BASE_URL']}/__sandbox/{what}"
        with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=10) as answer:
            return json.loads(answer.read())


@contextmanager
def provider(*options: str) -> Iterator[Provider]:
    """The provider server on a free port, started with `options` of its command line."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment({})) as process:
        assert process.stdout is not None
        try:
            said = [process.stdout.readline().strip() for _ in range(ADDRESSES)]
            yield Provider(dict(line.split("=", 1) for line in said))
        finally:
            process.terminate()
