"""`python -m benchmarks.grounding`: precision, recall and F1 of the gate, by kind, and of a naive baseline."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence

from benchmarks.grounding.labelled import KINDS, PHENOMENA, Sentence, chosen_by, held_out, of_each_kind
from pressroom.gates.grounding import Source, ungrounded
from pressroom.model import Part

Piece = tuple[str, str]
Method = Callable[[Sentence], set[Piece]]
Counts = tuple[int, int, int]
"""Right, found, and to be found."""


def gate(sentence: Sentence) -> set[Piece]:
    found = ungrounded([Part(label="text", text=sentence.text)], Source.of(sentence.document))
    return {(one.code.split("_")[0], str(one.measured)) for one in found}


def naive(sentence: Sentence) -> set[Piece]:
    """Every run of digits, and every word with a capital but the first, that the source doesn't have as it stands."""
    source = f"{sentence.document.title} {sentence.document.text}"
    numbers = {("number", one) for one in re.findall(r"\d[\d.,]*\d|\d", sentence.text) if one not in source}
    words = re.findall(r"(?<=\s)[A-Z]\w+(?: [A-Z]\w+)*", sentence.text)
    return numbers | {("name", one) for one in words if one not in source}


WHOLE = ("negation", "direction", "counted", "speaker")
"""What is wrong of a sentence and its source together: any piece of the sentence names it."""


def same(kind: str, found: str, labelled: str) -> bool:
    """Whether they overlap by half at least: `Rita Aaltonen` and `Rita`; `45` and `45 percent`."""
    if kind in WHOLE:
        return True
    one, other = _plain(found), _plain(labelled)
    return one == other or (
        min(len(one), len(other)) * 2 >= max(len(one), len(other)) and (one in other or other in one)
    )


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def counts(sentence: Sentence, found: Iterable[Piece], kind: str | None) -> Counts:
    """Pieces right, found, to be found; a date that was called a number is found, as it is told and as it stands."""
    said = [piece for piece in found if kind is None or piece[0] == kind]
    wanted = [piece for piece in sentence.wrong if kind is None or piece[0] == kind]
    right = sum(any(name == other and same(name, text, label) for name, text in said) for other, label in wanted)
    return right, len(said), len(wanted)


def figures(sentences: Sequence[Sentence], method: Method, kind: str | None = None) -> tuple[float, float, float, int]:
    """Precision, recall, F1 and how many pieces there were to be found."""
    rows = [counts(sentence, method(sentence), kind) for sentence in sentences]
    right, found, wanted = (sum(column) for column in zip(*rows, strict=True))
    return right / max(1, found), right / max(1, wanted), 2 * right / max(1, found + wanted), wanted


def _table(name: str, sentences: Sequence[Sentence]) -> None:
    tricky = sum(sentence.tricky for sentence in sentences)
    clean = sum(not sentence.wrong for sentence in sentences)
    print(f"\n{name}: {len(sentences)} sentences, {tricky} of them tricky, {clean} without anything wrong")
    print(f"{'':<22}{'pieces':>7}{'precision':>11}{'recall':>9}{'F1':>8}")
    for label, method, kind in [
        *((kind, gate, kind) for kind in KINDS),
        ("the gate, all kinds", gate, None),
        ("the gate, tricky only", gate, None),
        ("naive, all kinds", naive, None),
    ]:
        own = [sentence for sentence in sentences if sentence.tricky] if "tricky" in label else sentences
        precision, recall, f1, wanted = figures(own, method, kind)
        print(f"{label:<22}{wanted:>7}{precision:>11.3f}{recall:>9.3f}{f1:>8.3f}")


def _phenomena(name: str, sentences: Sequence[Sentence]) -> None:
    print(f"\n{name}, by kind: {len(sentences)} sentences in five languages")
    print(f"{'':<22}{'pieces':>7}{'precision':>11}{'recall':>9}{'F1':>8}{'sentences right':>18}")
    for label in (*PHENOMENA, "all"):
        own = [sentence for sentence in sentences if label in (sentence.phenomenon, "all")]
        precision, recall, f1, wanted = figures(own, gate)
        right = sum(bool(gate(sentence)) == bool(sentence.wrong) for sentence in own)
        print(f"{label:<22}{wanted:>7}{precision:>11.3f}{recall:>9.3f}{f1:>8.3f}{right:>11} of {len(own)}")


def _mistakes(sentences: Sequence[Sentence]) -> None:
    for sentence in sentences:
        found = gate(sentence)
        missed = [
            piece for piece in sentence.wrong if not any(n == piece[0] and same(n, t, piece[1]) for n, t in found)
        ]
        extra = [piece for piece in found if not any(n == piece[0] and same(n, piece[1], t) for n, t in sentence.wrong)]
        if missed or extra:
            print(f"  {sentence.text}\n    missed {missed}, too much {extra}")


def _speed(sentences: Sequence[Sentence]) -> None:
    start = time.perf_counter()
    for sentence in sentences:
        gate(sentence)
    print(f"\n{(time.perf_counter() - start) / len(sentences) * 1000:.2f} ms a sentence, sources parsed before")


def main() -> None:
    chosen, fresh = chosen_by(), held_out()
    _table("Rules chosen on", chosen)
    _table("Held out", fresh)
    kinds, fresh_kinds = of_each_kind("chosen"), of_each_kind("held_out")
    _phenomena("Rules chosen on", kinds)
    _phenomena("Held out", fresh_kinds)
    if "--mistakes" in sys.argv:
        print("\nMistakes")
        _mistakes([*chosen, *kinds, *((*fresh, *fresh_kinds) if "--held-out" in sys.argv else ())])
    _speed([*fresh, *fresh_kinds])


if __name__ == "__main__":
    main()
