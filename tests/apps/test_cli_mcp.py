"""`pressroom mcp`: the official client starts the command, and talks to it over its standard input and output."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import anyio
from mcp import Client, StdioServerParameters

from apps.mcp.listed import TWINS


def test_an_assistant_on_this_machine_reads_what_is_here(tmp_path: Path) -> None:
    """On a fresh home: nothing is asked for, and standard output has nothing but the protocol."""
    environment = {**os.environ, "PRESSROOM_HOME": str(tmp_path), "PRESSROOM_LOG_LEVEL": "INFO"}
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "apps.cli.main", "mcp", "--read-only"], env=environment
    )

    async def talk() -> None:
        async with Client(command) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == [twin.name for twin in TWINS]
            listed = await client.call_tool("list_formats", {})
            assert "linkedin_post" in str(listed.structured_content)
            refused = await client.call_tool("repurpose_document", {"text": "Words."})
            assert refused.is_error
            assert "FORBIDDEN" in refused.content[0].text

    anyio.run(talk)
