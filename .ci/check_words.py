"""Plain English in docstrings and in the sentences people see: six patterns that make them hard to read.

`python .ci/check_words.py` fails when a pattern stands more often than `MOST` allows; `--list` prints each place.
A number here only ever goes down.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("apps", "blocks", "deployments", "flows", "pressroom", "sandbox", "tasks")

PATTERNS = {
    "'is none' for 'is not' or 'there is no'": re.compile(r"\b(?:is|are|was|were) none\b"),
    "an actor without a name": re.compile(r"\b(?:nobody|somebody|whoever|anybody)\b", re.IGNORECASE),
    "'anew' for 'again'": re.compile(r"\banew\b", re.IGNORECASE),
    "'besides' for 'as well as'": re.compile(r"\bbesides\b", re.IGNORECASE),
    "a docstring that begins with a relative clause": re.compile(r"\A(?:What|Who|Whose|Whom|Those|Whatever|Whether)\b"),
    "a function named by a participle": re.compile(
        r"\A_?(?:asked|found|had|kept|made|said|shown|taken|told|wanted|wished|written)\Z"
    ),
}
DOCSTRING, FUNCTION = list(PATTERNS)[4:]
MOST = dict(zip(PATTERNS, (0, 2, 0, 0, 0, 88), strict=True))

DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def texts(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(line, `docstring`, `sentence` or `name`, text) of all that is read by people."""
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS):
            for statement in node.body:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    docstrings.add(statement.value)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, "name", node.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_docstring = node in docstrings
            if is_docstring or " " in node.value:
                yield node.lineno, "docstring" if is_docstring else "sentence", node.value


def places() -> Iterator[tuple[str, str]]:
    """(pattern, `file:line: text`) of each place where one stands."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for line, kind, text in texts(ast.parse(path.read_text("utf-8"))):
                for name, pattern in PATTERNS.items():
                    belongs = {DOCSTRING: "docstring", FUNCTION: "name"}.get(name, kind)
                    if kind == belongs and (kind != "name" or name == FUNCTION) and pattern.search(text):
                        shown = " ".join(text.split())[:90]
                        yield name, f"{path.relative_to(ROOT)}:{line}: {shown}"


def main() -> int:
    found = list(places())
    status = 0
    for name in PATTERNS:
        here = [place for pattern, place in found if pattern == name]
        if "--list" in sys.argv:
            print("\n".join(f"{place}  [{name}]" for place in here))  # noqa: T201
        if len(here) > MOST[name]:
            status = 1
            print(f"{name}: {len(here)} places, at most {MOST[name]} are allowed; --list shows them")  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
