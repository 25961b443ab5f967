"""The two requests of a daily run, as words and as data: for ideas, and for one draft.

A request's `inputs` are the JSON between <data> and </data> of its prompt: what a model reads as
material, and what the offline engine works from.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from pressroom import formats, prompts
from pressroom.model import Assignment, IdeaList, Preferences, TextRequest, Violation

EXCLUDED_TITLES = 200
"""Most titles a prompt lists as covered; the newest are kept. The gate compares with all of them."""


def ideas_request(
    *,
    count: int,
    day: date,
    preferences: Preferences,
    temperature: float,
    max_output_tokens: int,
    focus: str = "",
    exclude: Sequence[str] = (),
    variant: int = 0,
) -> TextRequest:
    """Ask for `count` ideas for `day`. `exclude`: titles not to come again, oldest first."""
    excluded = list(exclude[-EXCLUDED_TITLES:])
    inputs: dict[str, Any] = {
        "count": count,
        "date": day.isoformat(),
        "preferences": preferences.model_dump(mode="json"),
        "focus": focus,
        "exclude": excluded,
    }
    words = prompts.load("ideas").render(count=count, focus=focus, excluded=bool(excluded))
    return TextRequest(
        purpose="ideas",
        system=_system(preferences),
        prompt=_with_data(words, inputs),
        schema=IdeaList,
        temperature=temperature,
        max_output_tokens=max_output_tokens,
        prompt_hash=_hash("ideas"),
        variant=variant,
        inputs=inputs,
    )


def draft_request(
    assignment: Assignment,
    *,
    previous: BaseModel | None = None,
    violations: Sequence[Violation] = (),
    temperature: float | None = None,
    variant: int = 0,
    round: int = 1,  # noqa: A002 (the field's own word)
    note: str | None = None,
) -> TextRequest:
    """Ask for one draft; with `previous` and its `violations`, for a better one.

    note: a reviewer turned `previous` down; what should be different, which may be nothing in particular.
    """
    form = formats.get(assignment.format)
    inputs: dict[str, Any] = {"format": form.name, **assignment.model_dump(mode="json", exclude={"format"})}
    words = prompts.load(form.name).render(from_document=assignment.from_document, numbered=assignment.numbered)
    names = [form.name]
    if previous is not None:
        inputs["draft"] = previous.model_dump(mode="json")
    if note is not None:
        words += "\n\n" + prompts.load("redo").render(note=note)
        names.append("redo")
    if violations:
        lines = [f"{violation.where}: {violation.message}" for violation in violations]
        words += "\n\n" + prompts.load("feedback").render(violations=lines)
        names.append("feedback")
    return TextRequest(
        purpose="draft",
        system=_system(assignment.preferences),
        prompt=_with_data(words, inputs),
        schema=form.body,
        temperature=form.temperature if temperature is None else temperature,
        max_output_tokens=form.max_output_tokens,
        prompt_hash=_hash(*names),
        variant=variant,
        round=round,
        inputs=inputs,
    )


def _system(preferences: Preferences) -> str:
    return prompts.load("system").render(
        audience=preferences.audience, language=preferences.language, tone=preferences.tone
    )


def _with_data(words: str, inputs: dict[str, Any]) -> str:
    # "</" can't occur inside JSON strings once escaped, so no text in the data can close the data part.
    data = json.dumps(inputs, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f"{words}\n\n<data>\n{data}\n</data>"


def _hash(*names: str) -> str:
    return "+".join(f"{name}:{prompts.load(name).hash}" for name in ("system", *names))
