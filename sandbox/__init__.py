"""A scripted provider over real HTTP: what OpenAI, Anthropic, Gemini and Stability AI speak, without what they cost.

    with ProviderServer(latency=0.2) as server:
        server.enqueue(Fault.RATE_LIMIT, Reply(text="{}", purposes=("draft",)))
        client = openai.OpenAI(base_url=server.openai_url, api_key=server.key, max_retries=0)
        ...
        assert server.counts["purpose"]["ideas"] == 1

Unscripted, it answers sensibly by itself: as many ideas as were asked for, drafts that pass their format's
rules, for any other schema the plainest value that fits, and pictures of the size asked for. `python -m
sandbox` runs it as a process; `/__sandbox/` then takes the script and tells the history.
"""

from __future__ import annotations

from sandbox.command import main, serve
from sandbox.faults import PASSING, Fault, FaultRule
from sandbox.records import Record
from sandbox.replies import Options, Reply
from sandbox.server import ProviderServer

__all__ = ["PASSING", "Fault", "FaultRule", "Options", "ProviderServer", "Record", "Reply", "main", "serve"]
