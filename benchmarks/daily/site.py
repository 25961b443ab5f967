"""Where the runs of one benchmark happen: their servers, their folders, and one run after another."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.daily.timeline import Timeline, timeline
from benchmarks.shared.processes import Broken, measured
from benchmarks.shared.servers import Provider

FORMATS = ("linkedin_post", "x_thread", "instagram_reel")
LATENCY = 1.0
"""Seconds the provider takes for a text."""
PLAIN = "plain"
"""A chain of one OpenAI-compatible endpoint, which has no moderation: one call a draft and no more."""


@dataclass(frozen=True)
class Ran:
    """One run. `said`: what its process told; `asked`: requests the provider had, by purpose."""

    home: Path
    said: dict[str, Any]
    asked: dict[str, int]
    times: Timeline

    @property
    def peak(self) -> float:
        return float(self.said["peak_mb"])

    @property
    def ended_at(self) -> float:
        return float(self.said["ended_at"])

    @property
    def seconds(self) -> float:
        """Seconds from the run opened to its flow's end, in the flow's process."""
        return self.ended_at - self.times.opened_at


@dataclass
class Site:
    """`folder`: for everything that runs leave; `api_url`: the Prefect server's."""

    folder: Path
    api_url: str
    provider: Provider
    _numbers: count[int] = field(default_factory=count)

    def fresh(self) -> Path:
        """A new empty folder."""
        made = self.folder / f"run-{next(self._numbers)}"
        made.mkdir()
        return made

    def run(
        self,
        ideas: int,
        *,
        chain: str = "openai",
        at_once: int = 15,
        latency: float = LATENCY,
        home: Path | None = None,
    ) -> Ran:
        """A daily run in a new process, in a fresh folder unless `home` is an earlier run's.

        Raises:
            Broken: it did not make all its drafts, so its times would say nothing.
        """
        home = home or self.fresh()
        self.provider.restart(latency)
        said = measured(
            "benchmarks.daily.measured",
            "--ideas",
            str(ideas),
            "--chain",
            chain,
            env=self._env(home, at_once),
            folder=home,
        )
        report = said["report"]
        if report["drafts"] != ideas * len(FORMATS):
            raise Broken(f"{report['drafts']} drafts instead of {ideas * len(FORMATS)}: {report['failures'][:1]}")
        return Ran(home, said, self.provider.asked(), timeline(home))

    def _env(self, home: Path, at_once: int) -> dict[str, str]:
        prefect_home = os.environ.get("PREFECT_HOME") or str(self.folder / "prefect")
        return {
            **self.provider.env,
            "PREFECT_API_URL": self.api_url,
            "PREFECT_HOME": prefect_home,
            "PRESSROOM_HOME": str(home),
            "PRESSROOM_CONCURRENCY": str(at_once),
            "PRESSROOM_FORMATS": ",".join(FORMATS),
            f"PRESSROOM_ENDPOINTS__{PLAIN.upper()}__BASE_URL": self.provider.env["OPENAI_BASE_URL"],
            f"PRESSROOM_ENDPOINTS__{PLAIN.upper()}__API_KEY": self.provider.env["OPENAI_API_KEY"],
            f"PRESSROOM_ENDPOINTS__{PLAIN.upper()}__MODEL": "gpt-4.1-mini",
        }
