"""Raised and lowered characters: which are exponents, which are marks of footnotes."""

from __future__ import annotations

from pressroom.gates.grounding.spans import one_form
from pressroom.sources.readers.shared.raised import lowered, raised

RAISED = {
    ("had 10", "6", " visitors"): "⁶",
    ("resolves 10", "-3", " degrees"): "⁻³",
    ("1.5 × 10", "\u22127", " m"): "⁻⁷",
    ("in 2025", "3", ", and"): "",
    ("visitors", "3", "."): "",
    ("he said.", "12", " Then"): "",
    ("40 %", "5", ""): "",
    ("a word", "1,2", " and"): "",
    ("a word", "[3]", ""): "",
    ("a word", "a", " and"): "",
    ("a word", "*", ""): "",
    ("(see below)", "2", ""): "",
    ("(a + b)", "2", " is"): "²",
    ("", "1", " See also"): "",
    ("of 120 m", "2", " in"): "²",
    ("tiles of 5 in", "2", ""): "²",
    ("we believe in", "2", ""): "",
    ("kg m", "\u22122", ""): "⁻²",
    ("x", "2", ""): "²",
    ("R", "2", " of 0.9"): "²",
    ("sin", "2", " x"): "²",
    ("x", "n", ""): "ⁿ",
    ("2", "k", ""): "^k",
    ("3", "2", " + 4"): "²",
    ("3² + 4", "2", " = 5"): "²",
    ("2", "32", " values"): "³²",
    ("the 1", "st", " day"): "st",
    ("XIX", "e", " siècle"): "e",
    ("n", "o", " 5"): "o",
    ("20", "o", "C"): "°",
    ("Press", "TM", " is"): "™",
    ("Ca", "2+", ""): "²⁺",
    ("the ", "14", "C dating"): "¹⁴",
    ("3", "1", "/2 cups"): " 1",
}
LOWERED = {("CO", "2"): "₂", ("10", "2"): "₂", ("x", "i"): "i", ("10", "b"): "_b"}


def test_exponents_stay_and_marks_of_footnotes_go() -> None:
    assert {case: raised(*case) for case in RAISED} == RAISED


def test_lowered_figures_never_join_a_number() -> None:
    assert {case: lowered(*case) for case in LOWERED} == LOWERED


def test_an_exponent_is_no_digit_of_its_base_where_numbers_are_compared() -> None:
    assert one_form("10⁶ visitors") != one_form("106 visitors")
