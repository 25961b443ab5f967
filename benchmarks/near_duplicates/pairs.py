"""The labelled pairs: groups of ideas on one subject, single pairs, and pairs held out from all choosing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressroom.model import Idea

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pair:
    """Two ideas, whether a reader would call them one (`duplicate`), and what makes the pair hard (`kind`)."""

    kind: str
    duplicate: bool
    a: Idea
    b: Idea


def chosen_by() -> list[Pair]:
    """The pairs that method and threshold were chosen on."""
    groups = _read("groups.jsonl")
    pairs = [pair for at, group in enumerate(groups) for pair in _of_group(at, group, groups)]
    return pairs + [_single(line) for line in _read("extra.jsonl")]


def held_out() -> list[Pair]:
    """Pairs never used for choosing."""
    return [_single(line) for line in _read("held_out.jsonl")]


def headlines(half: str) -> list[Pair]:
    """Pairs of titles without a description: the first, third, ... line of the file to choose by, the others held out.

    half: `chosen` or `held_out`.
    """
    lines = (HERE / "headlines.txt").read_text("utf-8").splitlines()
    return [pair for line in lines[half == "held_out" :: 2] for pair in _of_event(line.split(" | "))]


def _of_event(titles: list[str]) -> list[Pair]:
    """A title, two paraphrases, one with another number, one with another place or direction, one on the topic."""
    base, one, other, number, changed, topic = titles
    kind, _, title = changed.partition(": ")
    return [
        _title_pair("same event", True, base, one),
        _title_pair("same event", True, base, other),
        _title_pair("same event", True, one, other),
        _title_pair("other number", False, base, number),
        _title_pair(f"other {kind}", False, base, title),
        _title_pair("same topic", False, base, topic),
    ]


def _title_pair(kind: str, duplicate: bool, a: str, b: str) -> Pair:
    return _pair(kind, duplicate, [a, ""], [b, ""])


def _of_group(at: int, group: dict[str, Any], groups: list[dict[str, Any]]) -> list[Pair]:
    base, paraphrase = group["base"], group["paraphrase"]
    pairs = [
        _pair("paraphrase", True, base, paraphrase),
        _pair("retitled", True, base, [group["retitled"], base[1]]),
        _pair("retitled paraphrase", True, base, [group["retitled"], paraphrase[1]]),
        _pair("other angle", False, base, group["angle"]),
        _pair("different", False, base, groups[(at + 1) % len(groups)]["base"]),
    ]
    if at % 4 == 0:
        pairs.append(_pair("same title", True, base, [base[0], paraphrase[1]]))
    return pairs


def _pair(kind: str, duplicate: bool, a: list[str], b: list[str]) -> Pair:
    one, other = (Idea(title=title, description=description, category="technology") for title, description in (a, b))
    return Pair(kind, duplicate, one, other)


def _single(line: dict[str, Any]) -> Pair:
    return _pair(line["kind"], line["duplicate"], line["a"], line["b"])


def _read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
