"""The same work as a LangGraph graph that maps with `Send` and keeps checkpoints in SQLite.

Each draft also goes into the table, as it does everywhere else: a checkpoint is no place to look drafts up in.
"""

from __future__ import annotations

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send
from openai import AsyncOpenAI

from benchmarks.daily.peers.work import Work, work


class State(TypedDict):
    ideas: list[dict[str, str]]
    drafts: Annotated[list[dict[str, Any]], operator.add]


class Job(TypedDict):
    position: int
    idea: dict[str, str]
    at: int


async def run(asked: Work) -> None:
    table = asked.open()
    async with (
        AsyncOpenAI(**asked.client) as client,
        AsyncSqliteSaver.from_conn_string(str(asked.folder / "checkpoints.db")) as saver,
    ):
        made = _graph(asked, client, table).compile(checkpointer=saver)
        options: Any = {"configurable": {"thread_id": "today"}, "max_concurrency": asked.at_once}
        await made.ainvoke({"ideas": [], "drafts": []}, options)
    table.close()


def _graph(asked: Work, client: AsyncOpenAI, table: Any) -> StateGraph:
    async def ideas(state: State) -> dict[str, Any]:
        answer = await client.chat.completions.parse(**asked.ideas.arguments())
        return {"ideas": answer.choices[0].message.parsed.model_dump()["ideas"]}

    def every_format(state: State) -> list[Send]:
        jobs = [(position, idea) for position, idea in enumerate(state["ideas"], 1)]
        return [
            Send("draft", {"position": position, "idea": idea, "at": at})
            for position, idea in jobs
            for at in range(len(asked.drafts))
        ]

    async def draft(job: Job) -> dict[str, Any]:
        ask = asked.drafts[job["at"]]
        answer = await client.chat.completions.parse(**ask.arguments(job["idea"]))
        body = answer.choices[0].message.parsed
        asked.store(table, job["position"], ask.name, body)
        return {"drafts": [body.model_dump()]}

    graph = StateGraph(State)
    graph.add_node("ideas", ideas)
    graph.add_node("draft", draft)
    graph.add_edge(START, "ideas")
    graph.add_conditional_edges("ideas", every_format, ["draft"])
    graph.add_edge("draft", END)
    return graph


if __name__ == "__main__":
    given = work()
    asyncio.run(run(given))
    given.tell()
