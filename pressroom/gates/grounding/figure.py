"""One figure of a text, and when it is grounded by another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from pressroom.gates.grounding.roles import AMOUNT, FITS
from pressroom.gates.grounding.spans import Span
from pressroom.gates.grounding.units import left_out, worth


@dataclass(frozen=True)
class Figure:
    """A figure: its possible values (`1.234` is read in two ways), its unit, if it is a known one, and its part.

    small: a number in words that is how people talk, or a count of what the draft itself lists.
    roles: the parts it may play in its sentence, see `roles`. within: it is a piece of another figure, a ratio.
    counted: the words behind it, folded, that say what it counts.
    """

    span: Span
    values: frozenset[Fraction]
    units: frozenset[str] = frozenset({""})
    small: bool = False
    scale: Fraction = Fraction(1)
    roles: frozenset[str] = frozenset({AMOUNT})
    within: bool = False
    counted: tuple[str, ...] = ()

    @cached_property
    def measures(self) -> frozenset[tuple[Fraction, str]]:
        """Its worth in the things that its units measure: `90 minutes` and `1.5 hours` as 5400 of `time`."""
        return frozenset(
            (value * much, measured) for unit in self.units for measured, much in worth(unit) for value in self.values
        )

    @cached_property
    def keys(self) -> frozenset[tuple[Fraction, str]]:
        """Two figures of which one grounds the other have one of these in common."""
        return self.measures | {(value, "") for value in self.values}

    def grounded_by(self, known: Figure) -> bool:
        """True when `known` of the source says the same amount, in a part that fits this one."""
        if not any(role in FITS[mine] for mine in self.roles for role in known.roles):
            return False
        if self.measures & known.measures:
            return True
        bare = any(left_out(one, other) for one in self.units for other in known.units if not (one and other))
        return bare and bool(self.values & known.values)
