"""Documents made of marked words, written in every kind of markup: what a reader must show, and what it must not.

A reader joins by one entry in `WRITERS`: a function that writes blocks as the bytes of a file of its kind. A block or a
line that the kind can't hold is written as a plain paragraph or a plain word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from hypothesis import strategies as st

SHOWN, HIDDEN = "shown", "hidden"
LONG = "We repaired forty cargo bikes this month and sent each of them around the block before it left the {} workshop."

PLAIN = ("plain",)
TAGS = ("b", "em", "span", "time", "label", "output", "mark", "small", "abbr", "dfn", "kbd", "samp", "var", "data",
        "ins", "u", "bdi", "q", "code", "cite", "x-word", "font", "big", "tt")  # fmt: skip
SPOKEN = (*PLAIN, *TAGS, "link", "raised", "lowered", "equation", "broken", "nested", "wiki", "highlit")
UNSPOKEN = ("styled away", "struck", "attribute", "comment", "script", "class", "control")
BLOCKS = ("paragraph", "item", "quote", "table", "pair", "details", "figure", "box", "heading", "callout", "note")


@dataclass(frozen=True)
class Line:
    """One word and how it is written; `is_shown`: whether a browser shows it."""

    how: str
    word: str

    @property
    def is_shown(self) -> bool:
        return self.word.startswith(SHOWN)


@dataclass(frozen=True)
class Block:
    how: str
    lines: tuple[Line, ...]


def _words(start: str, numbers: Iterator[int]) -> Callable[[], str]:
    return lambda: start + "".join(chr(ord("a") + int(digit)) for digit in f"{next(numbers):03}")


@st.composite
def documents(draw: st.DrawFn) -> tuple[Block, ...]:
    """Between two paragraphs of prose, blocks of every kind with shown and hidden words."""
    shown, hidden = _words(SHOWN, count()), _words(HIDDEN, count())

    def block(how: str) -> Block:
        chosen = draw(st.lists(st.sampled_from([*SPOKEN, *UNSPOKEN]), min_size=1, max_size=5))
        lines = [Line(each, hidden() if each in UNSPOKEN else shown()) for each in chosen]
        return Block(how, (Line("plain", shown()), *lines, Line("plain", shown())))

    middle = [block(how) for how in draw(st.lists(st.sampled_from(BLOCKS), min_size=2, max_size=7))]
    first, last = (Block("prose", (Line("plain", shown()),)) for _ in range(2))
    notes = [each for each in middle if each.how == "note"]  # where a page has its notes: at its end
    return (first, *(each for each in middle if each.how != "note"), last, *notes)


def shown_words(blocks: Sequence[Block]) -> list[str]:
    return [line.word for block in blocks for line in block.lines if line.is_shown]


# Web pages


def page(blocks: Sequence[Block]) -> bytes:
    body = "\n".join(_html(block) for block in blocks)
    style = "<style>.gone { display: none }</style>"
    return f"<!doctype html><title>Bikes</title>{style}<article><h1>Bikes</h1>{body}</article>".encode()


def _html(block: Block) -> str:
    words = " ".join(map(_html_word, block.lines))
    if block.how == "prose":
        return f"<p>{LONG.format(words)} {LONG.format('old')}</p>"
    return {
        "paragraph": f"<p>{words}.</p>",
        "item": f"<ul><li>{words}</li></ul>",
        "quote": f"<blockquote>{words}</blockquote>",
        "table": f"<table><tr>{''.join(f'<td>{_html_word(line)}</td>' for line in block.lines)}</tr></table>",
        "pair": f"<dl><dt>Term</dt><dd>{words}</dd></dl>",
        "details": f"<details><summary>More</summary><p>{words}.</p></details>",
        "figure": f"<figure><img src=a.jpg><figcaption>{words}</figcaption></figure>",
        "box": f"<div class=wrapper><div><p>{words}.</p></div></div>",
        "heading": f"<h2>{words}</h2><p>Below it.</p>",
        "callout": f"<section id=cookies><h2>Cookies</h2><p>{words}. {LONG.format('new')}</p></section>",
        "note": f'<section class="footnotes"><ol><li>{words} <a href="#r" class="footnote-back">↩</a></ol></section>',
    }[block.how]


def _html_word(line: Line) -> str:
    word = line.word
    ways = {
        "plain": word,
        "link": f'<a href="https://example.org/">{word}</a><sup><a href="#fn1">1</a></sup>',
        "raised": f"bike<sup>{word}</sup>",
        "lowered": f"bike <sub>{word} bell</sub>",
        "equation": f"<math><mrow><mi>{word}</mi><mo>=</mo><mn>4</mn></mrow></math>",
        "broken": f"{word}<br>and",
        "nested": f"<b><i><x-word>{word}</x-word></i></b>",
        "wiki": word,
        "highlit": f"<mark>{word}</mark>",
        "styled away": f'<span style="display:none">{word}</span>',
        "struck": f"<del>{word}</del>",
        "attribute": f"<span hidden>{word}</span>",
        "comment": f"<!-- {word} -->",
        "script": f"<script>{word}</script>",
        "class": f"<span class=gone>{word}</span>",
        "control": f"<select><option>{word}</option></select>",
    }
    return ways.get(line.how) or f"<{line.how}>{word}</{line.how}>"


# Markdown


def markdown(blocks: Sequence[Block]) -> bytes:
    return ("# Bikes\n\n" + "\n\n".join(_md(block) for block in blocks) + "\n").encode()


def _md(block: Block) -> str:
    words = " ".join(map(_md_word, block.lines))
    mark = block.lines[0].word
    return {
        "prose": f"{LONG.format(words)} {LONG.format('old')}",
        "item": f"- {words}",
        "quote": f"> {words}",
        "table": f"| A | B |\n|---|---|\n| {words.replace('|', chr(92) + '|')} | x |",
        "pair": f"Term\n: {words}",
        "details": f"<details><summary>More</summary>\n\n{words}\n\n</details>",
        "figure": f"![a picture](a.jpg)\n\n{words}",
        "box": f":::note\n{words}\n:::",
        "heading": f"## {words}\n\nBelow it.",
        "callout": f"> [!tip] Look\n> {words}",
        "note": f"Counted.[^{mark}]\n\n[^{mark}]: {words}",
    }.get(block.how, f"{words}.")


def _md_word(line: Line) -> str:
    word = line.word
    ways = {
        "link": f"[{word}](https://example.org/)[^none]",
        "b": f"**{word}**",
        "em": f"*{word}*",
        "code": f"`{word}`",
        "raised": f"bike<sup>{word}</sup>",
        "lowered": f"bike <sub>{word} bell</sub>",
        "equation": f"${word} = 4$",
        "broken": f"{word}<br>and",
        "nested": f"**_{word}_**",
        "wiki": f"[[page|{word}]]" if line.how == "wiki" else word,
        "highlit": f"=={word}==",
        "struck": f"~~{word}~~",
        "comment": f"%%{word}%%",
        "class": f'<span class="sr-only">{word}</span>',
        "control": f"<!-- {word} -->",
        "script": f"<template>{word}</template>",
    }
    return ways.get(line.how) or _html_word(line)


Writer = Callable[[Sequence[Block]], bytes]

WRITERS: dict[str, Writer] = {"html": page, "markdown": markdown}
