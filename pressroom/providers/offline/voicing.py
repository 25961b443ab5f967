"""A brand voice without a model: what it never says is left out before composing, its sign-off is added after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from pressroom.formats.shared.declare import Format
from pressroom.formats.shared.voice import banned_in, is_signed
from pressroom.model import Assignment, Voice
from pressroom.providers.offline.composing import compose, filling
from pressroom.providers.offline.values import Material, Phrases, Quote

T = TypeVar("T")
LEAST_HOOKS, LEAST_INSIGHTS, LEAST_SCENES = 1, 3, 3
"""Formats can't do without these; a reviewer sees one with a banned phrase rather than no draft."""

MOST_TITLE = 90
TRIALS = 4


def composed(form: Format[Any], material: Callable[[int], Material], assignment: Assignment) -> BaseModel:
    """A draft of `material(turn)`, in the voice it is asked for in, if any; of a few turns the one that breaks least.

    material: takes 0 for what is asked for, and another number for other words of it.
    """
    voice = assignment.preferences.voice
    if voice is None:
        return compose(form, material(0), assignment)
    tried: list[tuple[int, BaseModel]] = []
    for turn in range(TRIALS):
        body = in_voice(form, material(turn), assignment)
        tried.append((len(form.check(body, assignment)), body))
        if not tried[-1][0]:
            break
    return min(tried, key=lambda one: one[0])[1]


def in_voice(form: Format[Any], material: Material, assignment: Assignment) -> BaseModel:
    """A draft of `material`, without the voice's banned phrases and with its sign-off; without a voice as ever."""
    voice = assignment.preferences.voice
    if voice is None:
        return compose(form, material, assignment)
    return signed_body(form, compose(form, without_banned(material, voice), assignment), assignment)


def signed_body(form: Format[Any], body: BaseModel, assignment: Assignment) -> BaseModel:
    """`body` with the sign-off on a line of its own below the field it closes, unless another rule then breaks."""
    voice = assignment.preferences.voice
    if voice is None or not voice.sign_off or not form.signed:
        return body
    value = getattr(body, form.signed)
    if is_signed(value, voice.sign_off):
        return body
    done = body.model_copy(update={form.signed: _with_line(value, voice.sign_off)})
    return done if len(form.check(done, assignment)) < len(form.check(body, assignment)) else body


def _with_line(value: Any, line: str) -> Any:
    """`line` below a text, or below the last of a list of texts."""
    return f"{value}\n\n{line}" if isinstance(value, str) else [*value[:-1], f"{value[-1]}\n\n{line}"]


def without_banned(material: Material, voice: Voice) -> Material:
    """`material` without the sentences, terms and hashtags that hold a banned phrase.

    As many hooks, insights and scenes are left as formats need, whatever they hold.
    """
    if not voice.banned:
        return material

    def clean(*texts: str) -> bool:
        return not any(banned_in(text, voice.banned) for text in texts)

    insights = _kept(material.insights, lambda one: clean(one.point, one.detail), LEAST_INSIGHTS)
    takeaway = material.takeaway
    if not clean(takeaway) and len(insights) > LEAST_INSIGHTS:
        *insights, last = insights
        takeaway = last.detail
    own, telling = material.hashtags[: material.own_hashtags], material.telling_hashtags
    return material.model_copy(
        update={
            "title": _first((material.title, *material.hooks), lambda text: clean(text) and len(text) <= MOST_TITLE),
            "hooks": tuple(_kept(material.hooks, clean, LEAST_HOOKS)),
            "insights": tuple(insights),
            "takeaway": takeaway,
            "question": _first((material.question, *_questions(material)), clean),
            "call_to_action": _first((material.call_to_action, *material.phrases.calls), clean),
            "scenes": tuple(_kept(material.scenes, clean, LEAST_SCENES)),
            "hashtags": tuple(tag for tag in material.hashtags if clean(f"#{tag}")),
            "own_hashtags": sum(clean(f"#{tag}") for tag in own),
            "telling_hashtags": None
            if telling is None
            else sum(clean(f"#{tag}") for tag in material.hashtags[:telling]),
            "quotes": _quotes(material.quotes, clean),
            "phrases": _phrases(material.phrases, clean),
            "terms": tuple(filter(clean, material.terms)),
        }
    )


def _first(texts: Sequence[str], good: Callable[[str], bool]) -> str:
    """The first good one, or the first one."""
    return next(filter(good, texts), texts[0])


def _kept(items: Sequence[T], clean: Callable[[T], bool], least: int) -> list[T]:
    """The clean ones; when they are fewer than `least`, others after them."""
    kept = [item for item in items if clean(item)]
    others = [item for item in items if not clean(item)]
    return [*kept, *others[: max(0, least - len(kept))]]


def _questions(material: Material) -> tuple[str, ...]:
    return material.phrases.questions if material.quotes else (filling.READY_QUESTION,)


def _quotes(quotes: Sequence[Quote], clean: Callable[[str], bool]) -> tuple[Quote, ...]:
    """Without those that can't be understood without one that is left out, either."""
    kept: dict[int, Quote] = {}
    for quote in quotes:
        if clean(quote.text) and (quote.needs is None or quote.needs in kept):
            kept[quote.position] = quote if clean(quote.heading) else quote.model_copy(update={"heading": ""})
    return tuple(kept.values())


def _phrases(phrases: Phrases, clean: Callable[[str], bool]) -> Phrases:
    kept = {name: tuple(filter(clean, getattr(phrases, name))) for name in ("openers", "questions", "calls")}
    return phrases.model_copy(update={**kept, "about": phrases.about if clean(phrases.about) else ""})
