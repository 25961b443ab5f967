"""The words we ask with: one Markdown file a prompt, with strict variables.

The hash of a prompt file is stored with everything it produced, so that a draft can be traced to the
exact words it was asked for with.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from pressroom.errors import WrongInput

# Prompts are plain text for a model: HTML escaping would change the words.
_ENVIRONMENT = Environment(  # noqa: S701
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
)


@dataclass(frozen=True)
class Prompt:
    """`hash`: first 16 hex digits of the file's SHA-256."""

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
    path = files("pressroom.prompts").joinpath(f"{name}.md")
    if not path.is_file():
        raise WrongInput(f"There is no prompt called {name!r}.", hint=f"Add pressroom/prompts/{name}.md.")
    source = path.read_text("utf-8")
    return Prompt(
        name=name, hash=hashlib.sha256(source.encode()).hexdigest()[:16], template=_ENVIRONMENT.from_string(source)
    )
