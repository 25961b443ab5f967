"""The error tree is what its docstring draws, and every error can be told to a person and to a program."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator

import pytest

from pressroom import errors
from pressroom.errors import ChainExhausted, Passing, PressroomError, RateLimited

DRAWN = re.compile(r"^(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)\s*(?P<words>.*)$")


def drawn() -> dict[str, str]:
    """Each error of the docstring's drawing with its parent's name; the root has none."""
    parents: dict[str, str] = {}
    line: list[str] = []
    tree = (errors.__doc__ or "").split("\n\n")[1]
    for match in filter(None, map(DRAWN.match, tree.splitlines())):
        depth = len(match["branch"]) // 4
        parents[match["name"]] = line[depth - 1] if depth else ""
        line[depth:] = [match["name"]]
    return parents


def below(root: type[PressroomError]) -> Iterator[type[PressroomError]]:
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from below(child)


EVERY = list(below(PressroomError))
PLAIN = [kind for kind in EVERY if kind not in {errors.ChainExhausted, errors.RunFailed}]


def test_the_drawing_is_the_tree() -> None:
    declared = {kind.__name__: kind.__bases__[0].__name__ for kind in EVERY}
    assert drawn() == {"PressroomError": "", **declared}


def test_every_leaf_is_explained() -> None:
    tree = (errors.__doc__ or "").split("\n\n")[1]
    unexplained = [
        m["name"] for m in filter(None, map(DRAWN.match, tree.splitlines())) if m["branch"] and not m["words"]
    ]
    assert unexplained == []


def test_codes_are_unique_and_meant_for_programs() -> None:
    codes = [kind.code for kind in (PressroomError, *EVERY)]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code) for code in codes)


def test_every_class_has_one_way_up() -> None:
    assert all(len(kind.__bases__) == 1 for kind in EVERY)


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_it_says_what_happened_and_what_to_do(kind: type[PressroomError]) -> None:
    assert str(kind("It rained.", hint="Take an umbrella.")) == "It rained. Take an umbrella."
    assert str(kind("It rained.")) == f"It rained. {kind.next_step}".strip()


def test_whatever_may_pass_has_a_next_step_of_its_own() -> None:
    assert [
        kind.__name__ for kind in EVERY if issubclass(kind, Passing) and kind is not Passing and not kind.next_step
    ] == []


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_it_travels_between_processes(kind: type[PressroomError]) -> None:
    there = pickle.loads(pickle.dumps(kind("It rained.", hint="Take an umbrella.")))
    assert (type(there), str(there), there.hint) == (kind, "It rained. Take an umbrella.", "Take an umbrella.")


def test_what_it_carries_travels_along() -> None:
    limited = pickle.loads(pickle.dumps(RateLimited("Slow down.", retry_after=3.5)))
    assert limited.retry_after == 3.5
    exhausted = pickle.loads(pickle.dumps(ChainExhausted(["openai: A", "anthropic: B"], hint="Go on.")))
    assert exhausted.attempts == ("openai: A", "anthropic: B")
    assert str(exhausted) == "No provider of the chain answered: openai: A; anthropic: B Go on."
