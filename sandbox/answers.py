"""The server's unscripted answers: a sensible answer to the request, made without a model.

Ideas, drafts and the like come from the product's offline engine, so they pass the same gates. On request, ideas are
made up by number, because the engine's topic bank is finite. Any other answer is the plainest value that fits the
schema.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pressroom.errors import PressroomError
from pressroom.model import IdeaList, ImageIdea
from pressroom.model.documents import Claim, Claims, Condensed
from sandbox.asks import Ask
from sandbox.instances import instance
from sandbox.made_up import made_up

if TYPE_CHECKING:
    from pressroom.providers.offline.engine import OfflineText

ANSWERS: Mapping[str, type[BaseModel]] = {"ideas": IdeaList, "condense": Condensed, "image_prompt": ImageIdea}
CHAT = "This is the provider server speaking: no schema was sent and no data, so there is nothing to compose from."
BEARS = 0.3
"""Share of a sentence of a draft that a sentence of the document has to have to bear it, as this server sees it."""

VARIANTS = 8
"""A prompt asked again gets another answer, as a model would give; so many before the first comes again."""


def answer_to(ask: Ask, asked_before: int, *, made_up_ideas: bool = False) -> str:
    """The text for `ask`. `asked_before`: how often the same words came already; `made_up_ideas`: see `Options`."""
    expected = _expected(ask)
    if made_up_ideas and expected is IdeaList:
        return made_up(ask.data, asked_before).model_dump_json()
    if expected is not None:
        # Variants count from 1: 0 is what the offline engine itself answers in a run.
        variant = 1 + asked_before % VARIANTS
        composed = _composed(ask.purpose, expected, json.dumps(ask.data, ensure_ascii=False), variant)
        if composed is not None:
            return composed
    others = {"vision": seen, "accounts": found, "claims": claims}
    if ask.purpose in others:
        return others[ask.purpose](ask)
    return json.dumps(instance(ask.schema), ensure_ascii=False) if ask.schema else CHAT


def claims(ask: Ask) -> str:
    """Each sentence of a draft with the sentence of its document that is nearest to it, none where none is near."""
    from pressroom.gates.grounding.sentences import Nearest, sentences

    document = ask.data.get("document") or {}
    language = str(document.get("language", "en"))
    told = Nearest(sentences(f"{document.get('title', '')}\n\n{document.get('text', '')}", language))
    said = (one for text in ask.data.get("claims_of", ()) for one in sentences(str(text), language))
    found_for = ((one.text, told.to(one.stems, covered=BEARS)) for one in said if one.stems and "?" not in one.text)
    listed = [Claim(claim=text, sentence=near[0].text if near else "") for text, near in found_for if "#" not in text]
    return Claims(claims=listed).model_dump_json()


def _expected(ask: Ask) -> type[BaseModel] | None:
    """The product's own type the answer is of; None when the request is about something else."""
    if ask.purpose in ANSWERS:
        return _if_same(ANSWERS[ask.purpose], ask.schema)
    if ask.purpose == "draft":
        from pressroom import formats

        return _if_same(formats.get(ask.format).body, ask.schema) if ask.format in formats.names() else None
    return None


def _if_same(kind: type[BaseModel], schema: Mapping[str, Any] | None) -> type[BaseModel] | None:
    # Plain JSON mode sends no schema: then the data decide.
    return kind if schema is None or set(schema.get("properties", {})) == set(kind.model_fields) else None


def warm_up() -> None:
    """Imports what the first answer needs: a tenth of a second that no request should wait for."""
    from pressroom import formats

    with contextlib.suppress(PressroomError):
        formats.names()
        _engine()


@lru_cache(maxsize=4096)
def _composed(purpose: str, expected: type[BaseModel], data: str, variant: int) -> str | None:
    """The offline engine's JSON for `data`; None when it has nothing to say."""
    from pressroom.model import TextRequest

    request = TextRequest(
        purpose=purpose,
        system="",
        prompt="",
        schema=expected,
        temperature=0.0,
        max_output_tokens=100_000,
        variant=variant,
        inputs=json.loads(data),
    )
    try:
        return _engine().send(request).text
    except PressroomError:
        return None


@lru_cache(maxsize=1)
def _engine() -> OfflineText:
    from pressroom.calls.providers import Account
    from pressroom.providers.offline.engine import OfflineText

    return OfflineText(Account(name="offline", provider="offline"))


NAME = "example"


def seen(ask: Ask) -> str:
    """The plainest answer that fits the schema, with one description for each picture that was sent."""
    answer: Any = instance(ask.schema or {})
    if isinstance(answer, dict) and isinstance(answer.get("images"), list):
        answer["images"] = answer["images"][:1] * len(ask.pictures)
    return json.dumps(answer, ensure_ascii=False)


def found(ask: Ask) -> str:
    """One made-up account for each platform that was asked for, with the address of its profile as the source."""
    from pressroom import platforms

    asked = [platforms.get(name) for name in ask.data["platforms"] if name in platforms.names()]
    named = [(one, f"{NAME}.org" if one.account(NAME) is None else NAME) for one in asked]
    lines = [f"{one.key} | {name} | An example. [{name}]({one.profile(name)})\n" for one, name in named]
    return "".join(lines) or "none"
