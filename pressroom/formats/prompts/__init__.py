"""The words we ask with: one Markdown file a prompt, with strict variables.

What several prompts say in the same words is a file of its own, which they include. The hash of a prompt, its
included files with it, is stored with everything it produced, so that a draft can be traced to the exact words it
was asked for with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template, meta

from pressroom.errors import WrongInput


def _source(name: str) -> str | None:
    """The text of the file `name`: of this package, or of `prompts/` in a package that brings formats."""
    found = (folder.joinpath(name) for folder in _folders())
    return next((path.read_text("utf-8") for path in found if path.is_file()), None)


def _folders() -> Iterator[Traversable]:
    yield files("pressroom.formats.prompts")
    for point in entry_points(group="pressroom.formats"):
        yield files(point.module.partition(".")[0]).joinpath("prompts")


# Prompts are plain text for a model: HTML escaping would change the words.
_ENVIRONMENT = Environment(  # noqa: S701
    loader=FunctionLoader(_source),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=False,
)


@dataclass(frozen=True)
class Prompt:
    """`hash`: first 16 hex digits of the SHA-256 of the file, followed by the files it includes."""

    name: str
    hash: str
    template: Template

    def render(self, **variables: Any) -> str:
        """The words; a variable the file names and the caller forgot raises `jinja2.UndefinedError`."""
        return self.template.render(**variables).strip()


@cache
def load(name: str) -> Prompt:
    """The prompt in `<name>.md` of this package.

    Raises:
        WrongInput: there is no such file.
    """
    source = _source(f"{name}.md")
    if source is None:
        raise WrongInput(f"There is no prompt called {name!r}.", hint=f"Add pressroom/formats/prompts/{name}.md.")
    whole = source + "".join(_source(included) or "" for included in _included(source))
    return Prompt(
        name=name, hash=hashlib.sha256(whole.encode()).hexdigest()[:16], template=_ENVIRONMENT.from_string(source)
    )


def _included(source: str) -> list[str]:
    """The files that a prompt includes by name, in its order; an included file includes none."""
    return [name for name in meta.find_referenced_templates(_ENVIRONMENT.parse(source)) if name]
