"""How the tests of documents ask the offline engine, and how they tell whose words a draft is made of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pressroom import formats
from pressroom.model import Assignment, Excerpt, Idea, Preferences, TextRequest
from pressroom.model.documents import Condensed
from pressroom.providers.offline.documents import unfit
from pressroom.providers.offline.documents.analysis import analysed
from pressroom.providers.offline.documents.tables import endings_of, phrases_of
from pressroom.writing.requests import draft_request
from tests.pressroom.providers.offline.offline_desk import CLIENT

PROSE = Path(__file__).parents[3] / "data" / "prose"
NAMES = tuple(sorted(path.stem for path in PROSE.glob("*.txt")))
LANGUAGES = ("de", "en", "es", "fr", "ja")
LINK = "https://example.com/article"
TAGGED = {"hashtags", "tags"}
ASIDE = {"title", "scenes", "on_screen_text", "caption", "description", "chapters", "link"}


@cache
def document(name: str) -> Excerpt:
    """The text in `tests/data/prose/<name>.txt`: its title, a blank line, its paragraphs."""
    title, _, text = (PROSE / f"{name}.txt").read_text("utf-8").strip().partition("\n\n")
    return Excerpt(title=title, text=text, language=name[:2], address=LINK)


def excerpt(text: str, language: str = "en", title: str = "What we found out") -> Excerpt:
    return Excerpt(title=title, text=text, language=language)


def assignment_of(document: Excerpt, name: str, hashtags: tuple[str, ...] = (), **more: Any) -> Assignment:
    idea = Idea(title=document.title, description=document.text[:200], category="document")
    preferences = Preferences(language=more.pop("language", document.language), hashtags=hashtags)
    return Assignment(idea=idea, format=name, preferences=preferences, document=document, **more)


def draft_from(document: Excerpt, name: str, variant: int = 0, **more: Any) -> BaseModel:
    """`more`: hashtags, language, and fields of the assignment."""
    answer = CLIENT.send(draft_request(assignment_of(document, name, **more), variant=variant))
    body: BaseModel = formats.get(name).body.model_validate_json(answer.text)
    return body


def broken(body: BaseModel, document: Excerpt, name: str, **more: Any) -> list[str]:
    found = formats.get(name).check(body, assignment_of(document, name, **more))
    return [f"{violation.where}: {violation.message}" for violation in found]


def asked(kind: str, schema: type[BaseModel], **inputs: Any) -> BaseModel:
    request = TextRequest(
        purpose=kind, system="", prompt="", schema=schema, temperature=0.0, max_output_tokens=500, inputs=inputs
    )
    return schema.model_validate_json(CLIENT.send(request).text)


def condensed(document: Excerpt, most_words: int) -> list[str]:
    answer = asked("condense", Condensed, document=document.model_dump(mode="json"), most_words=most_words)
    assert isinstance(answer, Condensed)
    return answer.points


def strangers(body: BaseModel, document: Excerpt) -> list[str]:
    """What a draft says that is neither the document's, as it stands there, nor a phrase; cut sentences aside."""
    own = [one.text for one in analysed(document.text, document.title, document.language).sentences]
    kept = [
        *own,
        *(one.rstrip(".。") for one in own),
        document.title,
        *re.split(r"\n\s*\n", document.text),
        document.address or "",
        *_phrases(document),
    ]
    found = []
    for text in _texts(body):
        left = _framed(text, document)
        for sentence in sorted(filter(None, kept), key=len, reverse=True):
            left = left.replace(sentence, " ")
        pieces = (piece.strip(" \n.。-") for piece in re.split(r"(?<=…)|\n", left))
        found += [piece for piece in pieces if piece and not _is_cut_from(piece, document)]
    return found


def order(body: BaseModel, document: Excerpt) -> list[int]:
    """Where in the document each of its sentences stands, in the order a draft's main text says them."""
    aside = ASIDE if set(type(body).model_fields) - ASIDE - TAGGED else ASIDE - {"caption", "description"}
    main = "\n".join(_texts(body, TAGGED | aside))
    own = [one for one in analysed(document.text, document.title, document.language).sentences if one.text in main]
    return [one.position for one in sorted(own, key=lambda one: main.index(one.text))]


def tags_of(body: BaseModel) -> list[str]:
    return [tag for name in TAGGED & set(type(body).model_fields) for tag in getattr(body, name)]


def _texts(body: BaseModel, skipped: set[str] = TAGGED) -> Iterator[str]:
    for name, value in body.model_dump(exclude=skipped).items():
        for item in value if isinstance(value, list) else [value]:
            text = item["title"] if isinstance(item, dict) else item
            yield re.sub(r"(?<!\S)#\w+", "", text) if name == "posts" else text


def _phrases(document: Excerpt) -> list[str]:
    phrases = phrases_of(document.language)
    about = phrases.about.format(title=document.title)
    endings = [text for kind in unfit.KINDS for texts in endings_of(document.language, kind) for text in texts]
    read = analysed(document.text, document.title, document.language)
    said = [text.format(term=term) for text in endings for term in read.telling]
    return [*phrases.openers, *phrases.questions, *phrases.calls, phrases.ending, about, *endings, *said]


def _framed(text: str, document: Excerpt) -> str:
    """What a scene shows, without the frame it is told in."""
    for frame in (phrases_of(document.language).first, phrases_of(document.language).shown):
        before, _, after = frame.partition("{text}")
        if text.startswith(before) and text.endswith(after):
            return text.removeprefix(before).removesuffix(after)
    return text


def _is_cut_from(piece: str, document: Excerpt) -> bool:
    """Whether it is the beginning of a sentence or the title, ended by an ellipsis, or a term used as a title."""
    whole = " ".join(f"{document.title} {document.text}".split())
    return piece.rstrip("…").casefold() in whole.casefold() and (piece.endswith("…") or len(piece.split()) <= 3)


def all_cases() -> list[tuple[str, str]]:
    return list(itertools.product(NAMES, formats.names()))
