"""The work as every peer does it: the same requests, the same answer types, the same table, told in the same way."""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, create_model

from benchmarks.shared.processes import peak_megabytes


def model(shape: dict[str, Any]) -> type[BaseModel]:
    """The answer type `shape` describes: its name, its docstring, its fields (texts, lists of texts or of shapes)."""
    fields: dict[str, Any] = {
        name: (_type(part["type"]), Field(description=part["description"])) for name, part in shape["fields"].items()
    }
    made: type[BaseModel] = create_model(shape["name"], __doc__=shape["doc"], **fields)
    return made


def _type(kind: str | dict[str, Any]) -> Any:
    if isinstance(kind, dict):
        return list[model(kind)]
    return {"str": str, "list[str]": list[str]}[kind]


@dataclass(frozen=True)
class Ask:
    """One kind of request. `inputs`: the JSON between <data> and </data>; a draft's holds its idea."""

    name: str
    system: str
    words: str
    inputs: dict[str, Any]
    body: type[BaseModel]
    options: dict[str, Any]

    def arguments(self, idea: dict[str, Any] | None = None) -> dict[str, Any]:
        """Arguments of the SDK's `chat.completions.parse`."""
        data = json.dumps({**self.inputs, "idea": idea} if idea else self.inputs, ensure_ascii=False, indent=1)
        prompt = f"{self.words}\n\n<data>\n{data}\n</data>"
        messages = [{"role": "system", "content": self.system}, {"role": "user", "content": prompt}]
        return {**self.options, "messages": messages, "response_format": self.body}


@dataclass
class Work:
    """What the command line gave: the requests, where to send them, how many at once; and when things were done."""

    client: dict[str, Any]
    ideas: Ask
    drafts: list[Ask]
    at_once: int
    folder: Path
    started: float = 0.0
    stored: list[float] = field(default_factory=list)

    def open(self) -> sqlite3.Connection:
        """Start the clock, and open the table for drafts with the settings Pressroom uses."""
        self.started = time.perf_counter()
        connection = sqlite3.connect(self.folder / "drafts.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE draft (position INTEGER, format TEXT, body TEXT, PRIMARY KEY (position, format))"
        )
        return connection

    def store(self, table: sqlite3.Connection, position: int, form: str, body: BaseModel) -> None:
        """One draft, in its own transaction."""
        table.execute("INSERT INTO draft VALUES (?, ?, ?)", (position, form, body.model_dump_json()))
        self.stored.append(time.perf_counter())

    def tell(self) -> None:
        """One JSON line. `stored`: seconds to the last draft; `ended`: to the end of everything."""
        ended = time.perf_counter() - self.started
        seconds = {"stored": max(self.stored) - self.started, "ended": ended}
        print(json.dumps({**seconds, "drafts": len(self.stored), "peak_mb": peak_megabytes()}))


def work() -> Work:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path, help="the requests as JSON")
    parser.add_argument("--at-once", type=int, required=True)
    given = parser.parse_args()
    told = json.loads(given.file.read_text("utf-8"))
    ideas, *drafts = (Ask(**{**ask, "body": model(ask["body"])}) for ask in told["asks"])
    return Work(told["client"], ideas, drafts, given.at_once, given.file.parent)
