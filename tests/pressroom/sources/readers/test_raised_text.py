"""Raised text: what else is an exponent, and that no later step takes the figures of one for its base's."""

from __future__ import annotations

from pressroom.gates.grounding.spans import one_form
from pressroom.sources.readers.shared.raised import raised

RAISED = {
    ("(a + b)", "2", " is"): "²",
    ("sin", "2", " x"): "²",
    ("20", "o", "C"): "°",
    ("the 1", "o", " de"): "o",
    ("3", "1", "/2 cups"): " 1",
}


def test_brackets_functions_degrees_and_fractions() -> None:
    assert {case: raised(*case) for case in RAISED} == RAISED


def test_an_exponent_is_no_digit_of_its_base_where_numbers_are_compared() -> None:
    assert one_form("10⁶ visitors") != one_form("106 visitors")
