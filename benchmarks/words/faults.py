"""Faults of one draft, by kind, told from its text and its document alone."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

KINDS = (
    "near_equal",
    "boilerplate",
    "pointer",
    "lost_antecedent",
    "speaker",
    "caption",
    "bare_title",
    "hashtag",
    "same_ending",
    "link_word",
    "hook",
    "cut_off",
    "refused",
)
TAGS = ("hashtags", "tags", "topic")
ASIDE = (*TAGS, "title", "link", "chapters", "scenes", "on_screen_text")
_END = re.compile(r"(?<=[.!?…؟])[\"'”’»)]*\s+|(?<=[。！？])[」』）]*")
_TURN = re.compile(
    r"^(?P<who>[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*){0,3})\s?:\s+(?P<said>.+)"
    r"|^(?P<who2>――|[一-龠]{2,6}[　：:] ?)(?P<said2>.+)",
    re.S,
)
_FIRST = re.compile(r"\b(?:I|my|me|we|our|ich|wir|mir|je|j|nous|yo|nosotros)\b|私", re.I)


@cache
def tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "faults.toml").read_text("utf-8"))


def sentences(text: str) -> list[str]:
    lines = (line for line in text.splitlines() if line.strip())
    return [part.strip() for line in lines for part in _END.split(line) if part and part.strip()]


def texts(body: dict[str, Any]) -> list[str]:
    """The running text of a draft, field by field, the items of a list one below the other, without hashtags."""
    found = []
    for name, value in body.items():
        if name not in ASIDE:
            text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
            found.append(re.sub(r"(?<!\S)[#＃][\w]+", "", text))
    return found


def faults(body: dict[str, Any], document: dict[str, Any], endings: Counter[str]) -> Counter[str]:
    """How often each kind of fault occurs in a draft. endings: last sentences of other documents' drafts so far."""
    if "error" in body:
        return Counter({"refused": 1})
    language, running = document["language"], texts(body)
    said = [sentence for text in running for sentence in sentences(text)]
    found = Counter[str]()
    found["near_equal"] = sum(_alike(one, other) for at, one in enumerate(said) for other in said[:at])
    for kind in ("boilerplate", "pointer", "link_word", "caption"):
        found[kind] = sum(_matches(kind, language, one) for one in said)
    found["lost_antecedent"] = sum(_lost(said, at, document) for at in range(len(said)))
    found["speaker"] = _speakers(running, document)
    found["bare_title"] = int(_is_title(_first(body), document["title"]))
    found["hashtag"] = sum(_is_poor(tag, document) for tag in tags(body))
    found["hook"] = int(_is_poor_hook(_first(body), language))
    found["cut_off"] = sum(one.endswith("…") for one in said)
    if ending := _ending(body):
        found["same_ending"] = int(endings[ending] > 0)
        endings[ending] += 1
    return +found


def tags(body: dict[str, Any]) -> list[str]:
    own = [tag for name in TAGS[:1] for tag in body.get(name, [])] + ([body["topic"]] if body.get("topic") else [])
    return own + [tag for text in map(str, body.get("posts", [])) for tag in re.findall(r"[#＃](\w+)", text)]


def _first(body: dict[str, Any]) -> str:
    """The hook, the first post, or the first paragraph of the main text."""
    for name in ("hook", "posts", "caption", "message", "script", "description"):
        if name in body:
            value = body[name][0] if isinstance(body[name], list) else body[name]
            return str(value).split("\n\n")[0].strip()
    return ""


def _ending(body: dict[str, Any]) -> str:
    """The last question or call of a draft; links and hashtags aside."""
    plain = [re.sub(r"\S+://\S+|[#＃]\w+", "", text).strip() for text in texts(body)]
    lines = sentences(plain[-1]) if plain and "caption" not in body else sentences(str(body.get("call_to_action", "")))
    return lines[-1] if lines else ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _is_title(text: str, title: str) -> bool:
    return _plain(text) == _plain(title)


def _words(text: str) -> set[str]:
    plain = _plain(text)
    if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", plain):
        return {plain[at : at + 2] for at in range(len(plain) - 1)}
    return {word[:6] for word in plain.split() if len(word) > 3}


def _alike(one: str, other: str) -> bool:
    a, b = _words(one), _words(other)
    return min(len(a), len(b)) > 2 and len(a & b) > 0.6 * min(len(a), len(b))


def _matches(kind: str, language: str, text: str) -> bool:
    table = tables()[kind]
    return any(
        re.search(each, text, re.I if kind != "caption" else 0)
        for each in (*table.get("any", ()), *table.get(language, ()))
    )


def _document_sentences(document: dict[str, Any]) -> list[str]:
    return [part for line in document["text"].split("\n\n") for part in sentences(line.removeprefix("- "))]


def _lost(said: Sequence[str], at: int, document: dict[str, Any]) -> bool:
    """Whether a sentence that points back follows another one than in its document."""
    leaning = tables()["leaning"].get(document["language"])
    if not leaning or not re.search(leaning, _bare(said[at])):
        return False
    own = _document_sentences(document)
    places = [place for place, one in enumerate(own) if _plain(_bare(one)) == _plain(_bare(said[at]))]
    before = _plain(_bare(said[at - 1])) if at else ""
    return bool(places) and not any(place and _plain(_bare(own[place - 1])) == before for place in places)


def _bare(text: str) -> str:
    """Without the speaker's name and opening marks."""
    turn = _TURN.match(text)
    return (turn["said"] or turn["said2"] if turn else text).lstrip('“"«„「 ')


def turns(document: dict[str, Any]) -> list[tuple[str, str]]:
    """(speaker, what is said) of an interview's turns; a question that is a paragraph of its own is the host's."""
    paragraphs, found, asked = document["text"].split("\n\n"), list[tuple[str, str]](), False
    for text in paragraphs:
        match = _TURN.match(text)
        if match and len((match["who"] or match["who2"]).split()) <= 3:
            found.append(((match["who"] or match["who2"]).strip(), match["said"] or match["said2"]))
        elif len(text) < 90 and text.endswith(("?", "？")) and len(sentences(text)) == 1:
            found.append(("?", text))
            asked = True
        elif asked:
            found.append(("!", text))
    return found if len(found) >= 6 else []


def _speakers(running: Sequence[str], document: dict[str, Any]) -> int:
    """Sentences that a speaker says whom the text doesn't name before, and questions of the one who asks."""
    wrong = 0
    spoken = turns(document)
    if not spoken:
        return 0
    asker = spoken[0][0]
    whose = {_plain(_bare(one)): who for who, text in spoken for one in sentences(text)}
    for text in running:
        named = ""
        for one in sentences(text):
            match = _TURN.match(one)
            named = (match["who"] or match["who2"] or "").strip() if match else named
            who = whose.get(_plain(_bare(one)), "")
            quoted = one.startswith(("“", "„", "«", "「", '"'))
            wrong += bool(who) and (
                who == asker or (not named and not quoted and (who != "!" or bool(_FIRST.search(one))))
            )
            wrong += len(named) <= 2 and bool(match)
    return wrong


def _is_poor(tag: str, document: dict[str, Any]) -> bool:
    """A word that says nothing, or words run together that no reader takes for one."""
    language, plain = document["language"], tag.casefold()
    if plain in tables()["tags"].get(language, "").split() or len(tag) < 2:
        return True
    whole = f"{document['title']} {document['text']}".casefold()
    if language in ("ar", "ja", "zh") or not re.search(r"[A-Z]", tag[1:]):
        single = plain in re.findall(r"\w+", whole.replace("’", "'")) or (language in ("ja", "zh") and plain in whole)
        return (not single and plain not in re.sub(r"[\s\-.’']", "", whole)) or (language == "ar" and not single)
    pieces = re.findall(r"[A-ZÀ-Þ][^A-ZÀ-Þ]*", tag)
    poor = set(tables()["tags"].get(language, "").split())
    return len(pieces) > 3 or any(piece.casefold() in poor for piece in pieces)


def _is_poor_hook(text: str, language: str) -> bool:
    first = next(iter(sentences(text)), "")
    leaning = tables()["leaning"].get(language, "^$")
    kinds = ("boilerplate", "pointer", "link_word", "caption")
    return bool(
        not first
        or re.search(leaning, _bare(first))
        or first.endswith("…")
        or any(_matches(kind, language, first) for kind in kinds)
        or len(first.split()) > 40
    )


def all_faults(
    drafts: dict[str, dict[str, Any]], documents: dict[str, dict[str, Any]]
) -> Iterator[tuple[str, str, Counter[str]]]:
    """(document, format, faults) of every draft; endings are compared within a language and format."""
    endings: dict[tuple[str, str], Counter[str]] = {}
    for name, document in documents.items():
        for form, body in drafts[name].items():
            seen = endings.setdefault((document["language"], form), Counter())
            yield name, form, faults(body, document, seen)
