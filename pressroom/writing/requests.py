"""The two requests of a daily run, as words and as data: for ideas, and for one draft.

A request's `inputs` are the JSON between <data> and </data> of its prompt: what a model reads as
material, and what the offline engine works from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from pressroom import formats, platforms
from pressroom.formats import prompts
from pressroom.model import Assignment, Excerpt, Preferences, TextRequest, Violation
from pressroom.model.documents import Claims, Condensed
from pressroom.model.ideas import ideas_about
from pressroom.platforms import counting

TOKENS_A_WORD = 4
"""Room for output: a word of English takes one token and a half, one of Japanese or Finnish more."""

CLAIMED = 3
"""Words of an answer that lists claims, for each word of the draft: the claim, and the sentence that bears it."""

LEAST_CLAIMS = 400
"""Tokens such an answer may have in any case."""

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
    results: Sequence[Mapping[str, Any]] = (),
    variant: int = 0,
) -> TextRequest:
    """Ask for `count` ideas for `day`. `exclude`: titles not to come again, oldest first.

    results: what did better than usual on the workspace's own channels; see `reports.analytics.lessons`.
    """
    excluded = list(exclude[-EXCLUDED_TITLES:])
    inputs: dict[str, Any] = {
        "count": count,
        "date": day.isoformat(),
        "preferences": _shown(preferences).model_dump(mode="json"),
        "focus": focus,
        "exclude": excluded,
    }
    words = prompts.load("ideas").render(count=count, focus=focus, excluded=bool(excluded))
    if results:
        inputs["results"] = [dict(each) for each in results]
        words += "\n\n" + prompts.load("lessons").render()
    return TextRequest(
        purpose="ideas",
        system=_system(preferences),
        prompt=with_data(words, inputs),
        schema=ideas_about(preferences.topics),
        temperature=temperature,
        max_output_tokens=max_output_tokens,
        prompt_hash=_hash(*_voiced(preferences), "ideas", *(["lessons"] if results else [])),
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
    shown = assignment.model_copy(update={"preferences": _shown(assignment.preferences)})
    inputs: dict[str, Any] = {"format": form.name, **shown.model_dump(mode="json", exclude={"format"})}
    words = prompts.load(form.name).render(
        from_document=assignment.from_document, numbered=assignment.numbered, platform=platforms.find(form.platform)
    )
    names = [*_voiced(assignment.preferences), form.name]
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
        system=_system(assignment.preferences, signed=form.signed),
        prompt=with_data(words, inputs),
        schema=form.body,
        temperature=form.temperature if temperature is None else temperature,
        max_output_tokens=form.max_output_tokens,
        prompt_hash=_hash(*names),
        variant=variant,
        round=round,
        inputs=inputs,
    )


def condense_request(part: Excerpt, *, most_words: int, variant: int = 0) -> TextRequest:
    """Ask for the key points of `part` of a document, in at most `most_words` words in all."""
    inputs: dict[str, Any] = {"document": part.model_dump(mode="json"), "most_words": most_words}
    words = prompts.load("condense").render(most_words=most_words)
    return TextRequest(
        purpose="condense",
        system=_system(Preferences(language=part.language)),
        prompt=with_data(words, inputs),
        schema=Condensed,
        temperature=0.0,
        max_output_tokens=most_words * TOKENS_A_WORD,
        prompt_hash=_hash("condense"),
        variant=variant,
        inputs=inputs,
    )


def claims_request(texts: Sequence[str], document: Excerpt, *, variant: int = 0) -> TextRequest:
    """Ask for the claims of a draft, of which `texts` are the parts, each with the sentence that bears it."""
    inputs: dict[str, Any] = {"claims_of": list(texts), "document": document.model_dump(mode="json")}
    return TextRequest(
        purpose="claims",
        system=_system(Preferences(language=document.language)),
        prompt=with_data(prompts.load("claims").render(), inputs),
        schema=Claims,
        temperature=0.0,
        max_output_tokens=LEAST_CLAIMS + CLAIMED * sum(map(counting.words, texts)) * TOKENS_A_WORD,
        prompt_hash=_hash("claims"),
        variant=variant,
        inputs=inputs,
    )


def system_words(preferences: Preferences) -> str:
    """The system prompt of a request that is no draft."""
    return _system(preferences)


def _system(preferences: Preferences, *, signed: str = "") -> str:
    """The system prompt; below it the voice, if there is one. signed: the field its sign-off closes."""
    words = prompts.load("system").render(
        audience=preferences.audience, language=preferences.language, tone=preferences.tone
    )
    if voice := preferences.voice:
        words += "\n\n" + prompts.load("voice").render(signed=signed, **voice.model_dump(exclude={"name"}))
    return words


def _voiced(preferences: Preferences) -> tuple[str, ...]:
    return ("voice",) if preferences.voice else ()


def _shown(preferences: Preferences) -> Preferences:
    """The preferences as they go into the data: of a voice, the part that the system prompt does not say."""
    voice = preferences.voice
    return preferences.model_copy(update={"voice": voice.shown()}) if voice else preferences


def with_data(words: str, inputs: dict[str, Any]) -> str:
    """`words` and, below them, `inputs` as the data part of a prompt."""
    # "</" can't occur inside JSON strings once escaped, so no text in the data can close the data part.
    data = json.dumps(inputs, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f"{words}\n\n<data>\n{data}\n</data>"


def _hash(*names: str) -> str:
    return "+".join(f"{name}:{prompts.load(name).hash}" for name in ("system", *names))
