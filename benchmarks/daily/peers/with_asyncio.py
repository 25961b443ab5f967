"""The same work in the plainest way there is: asyncio, the SDK's asynchronous client and sqlite3."""

from __future__ import annotations

import asyncio

from openai import AsyncOpenAI

from benchmarks.daily.peers.work import Work, work


async def run(asked: Work) -> None:
    limit = asyncio.Semaphore(asked.at_once)
    table = asked.open()
    async with AsyncOpenAI(**asked.client) as client:

        async def draft(position: int, idea: dict[str, str], at: int) -> None:
            ask = asked.drafts[at]
            async with limit:
                answer = await client.chat.completions.parse(**ask.arguments(idea))
            asked.store(table, position, ask.name, answer.choices[0].message.parsed)

        answer = await client.chat.completions.parse(**asked.ideas.arguments())
        ideas = answer.choices[0].message.parsed.model_dump()["ideas"]
        jobs = [(position, idea, at) for position, idea in enumerate(ideas, 1) for at in range(len(asked.drafts))]
        await asyncio.gather(*(draft(*job) for job in jobs))
    table.close()


if __name__ == "__main__":
    given = work()
    asyncio.run(run(given))
    given.tell()
