"""Turns of an interview have a name before them, or are answers below questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pressroom.formats.shared.language import asks
from pressroom.providers.offline.documents.blocks import Block

HOST, OTHER = "?", "…"
"""Stand for the one who asks, and for speakers without a name or other than the main one: neither is quoted."""

LEAST_TURNS, LONGEST_QUESTION = 4, 160
_WORD = r"[A-ZÀ-ÞА-Я][\w.’'-]*"
_TURN = re.compile(rf"^\W{{0,2}}(?P<label>{_WORD}(?:[ \u00a0]{_WORD}){{0,3}})[ \u00a0]?[:：]\s+(?=\S)")
_TURN_JA = re.compile(
    r"^(?P<label>[―─—]{1,2}|[\u4e00-\u9fff々ァ-ヶー]{1,8}(?:さん|氏)?)[\u3000 ：:]\s*(?=\S)|^(?P<dash>[―─—]{2})(?=\S)"
)
_NAME = re.compile(r"(?<![\w’'-])([A-ZÀ-Þ][\w’'-]*[a-zà-ÿ][\w’'-]*(?: (?:de|del|la|van|von|der|den|di|da|le|du))?"
                   r"(?: [A-ZÀ-Þ][\w’'-]*[a-zà-ÿ][\w’'-]*){1,2})")  # fmt: skip
_FIRST_PERSON = re.compile(
    r"\b(?:I|I[’'](?:m|ve|d|ll)|my|ich|mein\w*|mir|mich|je|j[’']\w+|mon|ma|mes|yo|mi|mis|he|io|mio|mia|eu|meu|minha|ik|mijn)\b|私|僕|我"
)


@dataclass(frozen=True)
class Turn:
    """A paragraph without the label before it.

    speaker: empty for the author's own words; answers: it comes after a question.
    """

    speaker: str
    text: str
    answers: bool = False


def turns_of(paragraphs: Sequence[Block], title: str, author: str = "") -> list[Turn] | None:
    """A turn for each paragraph, in order; None when the document is no interview."""
    labels = [_label(one.text) for one in paragraphs]
    counted = Counter(label for label, _ in labels if label)
    spoken = {label for label, times in counted.items() if times > 1 or len(counted) < 4}
    if len(spoken) > 1 and sum(counted[label] for label in spoken) >= LEAST_TURNS and _has_host(labels):
        return list(_labelled(paragraphs, labels, title, author))
    questions = [_is_question(one) for one in paragraphs]
    answered = sum(one and not other for one, other in pairwise(questions))
    return _answers(paragraphs, questions, title, author) if answered >= LEAST_TURNS - 1 else None


def _label(text: str) -> tuple[str, str]:
    """(label, the rest) of a paragraph."""
    found = _TURN.match(text) or _TURN_JA.match(text)
    if not found:
        return "", text
    return found.groupdict().get("label") or found.group(), text[found.end() :]


def _has_host(labels: Sequence[tuple[str, str]]) -> bool:
    return sum(asks(rest[-6:]) for label, rest in labels if label) >= 2 or any(
        label[0] in "―─—" for label, _ in labels if label
    )


def _labelled(
    paragraphs: Sequence[Block], labels: Sequence[tuple[str, str]], title: str, author: str
) -> Iterator[Turn]:
    whole = " ".join((title, *(one.text for one in paragraphs)))
    intro = " ".join((*_before(paragraphs, labels), title))
    names = {label: _name(label, intro, whole, author) for label, _ in labels if label}
    asking = Counter(label for label, rest in labels if label and (asks(rest[-6:]) or label[0] in "―─—"))
    host = asking.most_common(1)[0][0]
    hosts = {label for label in names if label == host or (names[label] and names[label] == names[host] != "")}
    hosts -= {label for label in hosts if label != host and len(label) == len(host) == 1}
    words = Counter[str]()
    for label, rest in labels:
        if label and label not in hosts:
            words[names[label]] += len(rest)
    main = words.most_common(1)[0][0] if words else ""
    speaker, asked = "", False
    for (label, rest), paragraph in zip(labels, paragraphs, strict=True):
        if label:
            speaker = HOST if label in hosts else main if main and names[label] == main else OTHER
        yield Turn(speaker, rest if label else paragraph.text, answers=asked and speaker != HOST)
        asked = speaker == HOST


def _before(paragraphs: Sequence[Block], labels: Sequence[tuple[str, str]]) -> list[str]:
    """The author's words before the first turn."""
    first = next(at for at, (label, _) in enumerate(labels) if label)
    return [one.text for one in paragraphs[:first]]


def _name(label: str, intro: str, whole: str, author: str) -> str:
    """The full name behind a label: `DB`, `Brown` or `A` of Dan Brown; empty when the text doesn't tell."""
    if label[0] in "―─—":
        return ""
    if not label.isascii() and re.fullmatch(r"[\u4e00-\u9fff々]+", label):
        full = re.search(rf"{label}[\u4e00-\u9fff]{{1,3}}(?=さん|氏|は|が|、)", whole)
        return full.group() if full else label
    known = [match.group() for match in _NAME.finditer(f"{intro} . {whole}")]
    if len(label.split()) > 1:
        return label
    if len(label) > 1 and label.isupper():
        initials = (
            name
            for name in [*known, author]
            if "".join(word[0] for word in name.split()).upper() == label.replace(".", "")
        )
        return next(initials, "")
    if len(label) > 2:
        return next((name for name in [*known, author] if label in name.split()), label)
    return _guessed(intro, author)


def _guessed(intro: str, author: str) -> str:
    """The one person that an introduction names."""
    named = Counter(match.group() for match in _NAME.finditer(intro) if match.group() != author)
    return named.most_common(1)[0][0] if named else ""


def _is_question(one: Block) -> bool:
    return len(one.text) <= LONGEST_QUESTION and asks(one.text[-3:]) and one.kind in ("prose", "heading")


def _answers(paragraphs: Sequence[Block], questions: Sequence[bool], title: str, author: str) -> list[Turn] | None:
    """Answers below questions: an interview when they speak in the first person, else questions and answers."""
    first = questions.index(True)
    said = [one.text for one, question in zip(paragraphs[first:], questions[first:], strict=True) if not question]
    personal = sum(bool(_FIRST_PERSON.search(text)) for text in said)
    speaker = ""
    if personal * 2 >= len(said):
        speaker = _guessed(" ".join((title, *(one.text for one in paragraphs[:first]))), author) or OTHER
    turns = [Turn("", one.text) for one in paragraphs[:first]]
    for at in range(first, len(paragraphs)):
        after = at > 0 and questions[at - 1]
        turns.append(Turn(HOST if questions[at] else speaker, paragraphs[at].text, answers=after and not questions[at]))
    return turns
