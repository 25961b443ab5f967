"""Composing a format that has no composer of its own: each field is filled by its type and its name.

The body is made with more and more sentences, and the first one that keeps every rule of the format is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pressroom.errors import CannotCompose, WrongInput
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment
from pressroom.platforms import find, tags
from pressroom.providers.offline.composing import filling, quoting
from pressroom.providers.offline.values import Material

SIZES = (4, 6, 9, 3, 12, 2, 16, 1, 20)
"""Sentences of the matter that are tried, the likeliest first."""

MOST_ITEMS, LINE, FEW_TAGS = 10, 60, 3
TAGS = ("hashtags", "tags", "keywords", "topics")
TITLES, HOOKS, LINKS = ("title", "headline", "heading"), ("hook", "opening", "opener", "lead"), ("link", "url")
CLOSINGS = ("closing", "call_to_action", "question", "takeaway", "ending")


def compose(form: Format[Any], material: Material, assignment: Assignment) -> BaseModel:
    """The body, of a few sizes, that breaks the fewest of the format's rules.

    Raises:
        CannotCompose: a field is neither a text nor a list of texts or of such records.
    """
    tried: list[tuple[int, BaseModel]] = []
    for size in SIZES:
        body = _body(form, _Told.of(material, form.platform, size))
        tried.append((len(form.check(body, assignment)), body))
        if not tried[-1][0]:
            break
    return min(tried, key=lambda one: one[0])[1]


@dataclass(frozen=True)
class _Told:
    """One body's fields are filled from this. texts: the sentences between the hook and the closing."""

    material: Material
    hook: str
    texts: tuple[str, ...]
    closing: str
    hashtags: tuple[str, ...]

    @classmethod
    def of(cls, material: Material, platform: str, size: int) -> _Told:
        known = find(platform)
        found = filling.hashtags(material, platform) if known else tags.usable(material.hashtags)[:FEW_TAGS]
        hook, texts, closing = (_quoted if material.quotes else _of_idea)(material, size)
        return cls(material, hook, texts, closing, tuple(found))


def _of_idea(material: Material, size: int) -> tuple[str, tuple[str, ...], str]:
    own = filling.sentences(filling.turned(material.insights, material.seed // 3))
    texts = [*own, material.takeaway, *filling.STOCK]
    return material.hooks[0], tuple(texts[:size]), filling.invitation(material, 30, material.seed)


def _quoted(material: Material, size: int) -> tuple[str, tuple[str, ...], str]:
    closing = quoting.invitation(material, lambda text: len(text) <= 140)
    hook, position = quoting.hook(material, lambda text: len(text) <= 200, bool)
    left = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    count = min(size, len(left))
    found = quoting.chosen(
        left, filling.always, lambda text: sum(one.text in text for one in left) >= count, around=hook
    )
    return hook, tuple(quoting.pieces(found)), closing


def _body(form: Format[Any], told: _Told) -> BaseModel:
    try:
        body: BaseModel = form.body.model_validate(_record(form.body, told, told.texts))
    except (ValidationError, WrongInput) as error:
        raise CannotCompose(
            f"The offline engine can't fill the fields of the format {form.name}: {error}",
            hint="Give the format a composer in the entry-point group 'pressroom.composers', or put a provider with "
            "a model into PRESSROOM_TEXT_CHAIN.",
        ) from None
    return body


def _record(kind: type[BaseModel], told: _Told, texts: Sequence[str]) -> dict[str, Any]:
    """The fields of a body. A body's first plain text and its first list get all that is told, others one piece."""
    values: dict[str, Any] = {}
    main = [name for name, field in kind.model_fields.items() if field.annotation is str and not _role(name)]
    for name, field in kind.model_fields.items():
        annotation: Any = field.annotation
        if get_origin(annotation) is list:
            values[name] = _items(name, get_args(annotation)[0], told, texts, alone=not main)
        elif annotation is str:
            values[name] = _text(name, told, texts, name == next(iter(main), ""), set(map(_role, kind.model_fields)))
        elif field.is_required():
            raise WrongInput(f"{name} is a {annotation}, which has no words in it.")
    return values


def _role(name: str) -> str:
    roles = {"title": TITLES, "hook": HOOKS, "closing": CLOSINGS, "link": LINKS, "topic": ("topic", "hashtag")}
    return next((role for role, names in roles.items() if name in names), "")


def _text(name: str, told: _Told, texts: Sequence[str], is_main: bool, roles: set[str]) -> str:
    role = _role(name)
    if role:
        return {
            "title": told.material.title,
            "hook": told.hook,
            "closing": told.closing,
            "link": told.material.link or "",
            "topic": next(iter(told.hashtags), ""),
        }[role]
    if not is_main:
        return (
            quoting.unsaid(told.material, texts, lambda text: len(text) <= 200) if told.material.quotes else told.hook
        )
    around = [] if "hook" in roles else [told.hook]
    return quoting.joined([*around, *texts, *([] if "closing" in roles else [told.closing])])


def _items(name: str, kind: Any, told: _Told, texts: Sequence[str], *, alone: bool) -> list[Any]:
    """The items of a list: hashtags; one text each; or records of a few of the texts each."""
    if name in TAGS:
        return list(told.hashtags)
    pieces = [told.hook, *texts, told.closing] if alone else list(texts)
    if kind is str:
        return pieces[:MOST_ITEMS]
    return [_item(kind, told, group) for group in quoting.grouped(pieces, MOST_ITEMS, len)]


def _item(kind: type[BaseModel], told: _Told, texts: Sequence[str]) -> dict[str, Any]:
    """A page, slide or scene: its title is the start of its first text."""
    values = _record(kind, told, texts)
    short = quoting.shortened(texts[0], lambda text: len(text) <= LINE) or told.material.title
    lines = [name for name, field in kind.model_fields.items() if get_origin(field.annotation) is list]
    plain = {name: quoting.joined(texts) for name in values if isinstance(values[name], str) and not _role(name)}
    listed = {name: list(texts) for name in lines if name not in TAGS}
    titled = {name: short.rstrip(".。…") for name in values if _role(name) == "title"}
    return {**values, **plain, **listed, **titled}
