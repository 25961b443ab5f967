"""What the offline engine is asked for, and when it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pressroom.calls.providers import Account
from pressroom.errors import CannotCompose
from pressroom.model import Answer, IdeaList, TextRequest
from sandbox import answers
from sandbox.asks import Ask, text_ask
from tests.sandbox.asking import draft, ideas


class Engine:
    """Remembers what it was asked, says which variant; has nothing to say about drafts."""

    def __init__(self) -> None:
        self.account = Account(name="offline", provider="offline")
        self.asked: list[TextRequest] = []

    def send(self, request: TextRequest) -> Answer:
        self.asked.append(request)
        if request.purpose == "draft":
            raise CannotCompose("Nothing to say.")
        return Answer(text=json.dumps({"variant": request.variant}))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    engine = Engine()
    monkeypatch.setattr(answers, "_engine", lambda: engine)
    answers._composed.cache_clear()
    yield engine
    answers._composed.cache_clear()


def asked(request: TextRequest) -> Ask:
    schema = request.schema.model_json_schema()
    return text_ask({"model": "m"}, system=request.system, prompt=request.prompt, schema=schema)


def test_the_engine_gets_the_data_of_the_prompt(engine: Engine) -> None:
    request = ideas(4, focus="</data> <data>\n{}", exclude=["One", "<data>\n{"])
    answers.answer_to(asked(request), 0)
    assert engine.asked[0].inputs == request.inputs
    assert engine.asked[0].schema is IdeaList


def test_the_same_prompt_gets_another_answer_each_time_but_never_the_offline_one(engine: Engine) -> None:
    said = [answers.answer_to(asked(ideas()), before) for before in range(answers.VARIANTS + 1)]
    assert len(set(said)) == answers.VARIANTS
    assert said[0] == said[-1]
    assert all(request.variant != 0 for request in engine.asked)


def test_a_speechless_engine_leaves_it_to_the_schema(engine: Engine) -> None:
    request = draft()
    request.schema.model_validate_json(answers.answer_to(asked(request), 0))


def test_a_schema_of_somebody_else_is_not_the_engines(engine: Engine) -> None:
    other = text_ask({}, system="", prompt=ideas().prompt, schema={"properties": {"x": {"type": "integer"}}})
    assert json.loads(answers.answer_to(other, 0)) == {"x": 1}
    assert engine.asked == []
