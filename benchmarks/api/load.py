"""`python -m benchmarks.api.load`: HTTP requests over connections that stay open, as fast as they are answered.

A process of its own: what it uses of a core is told too, so that it is seen not to be what is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Answers:
    """What came back. `milliseconds`: of each request, from its first byte sent to the last one received.
    `refused`: the first answer that is anything but a success."""

    milliseconds: list[float] = field(default_factory=list)
    received: int = 0
    refused: str = ""


async def main() -> None:
    """Standard input: an object with `port`, `connections`, and `requests`, each as it goes over the line."""
    order = json.load(sys.stdin)
    waiting = (request.encode("latin-1") for request in order["requests"])
    lines = [await asyncio.open_connection("127.0.0.1", order["port"]) for _ in range(order["connections"])]
    answers = Answers()
    started, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(_ask(reader, writer, waiting, answers) for reader, writer in lines))
    said = {
        "seconds": time.perf_counter() - started,
        "worked": time.process_time() - worked,
        "milliseconds": answers.milliseconds,
        "received": answers.received,
        "refused": answers.refused,
    }
    for _, writer in lines:
        writer.close()
    print(json.dumps(said))


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: Iterator[bytes], answers: Answers
) -> None:
    """One connection: the next request that waits, until none does."""
    for request in waiting:
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        answers.milliseconds.append((time.perf_counter() - begun) * 1000)
        answers.received += len(head) + len(body)
        if head[9:10] != b"2":
            answers.refused = answers.refused or (head + body).decode("latin-1")


def _length(head: bytes) -> int:
    """Of the body. Our routes all say it."""
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])


if __name__ == "__main__":
    asyncio.run(main())
