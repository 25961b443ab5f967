"""Templates: a name that is missing is an error, and whatever is put in is text unless it says otherwise."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from apps.web import assets, previews, publications_shown, showing


@cache
def environment() -> Environment:
    """The templates of `apps/web/templates`, with their filters."""
    made = Environment(
        loader=PackageLoader("apps.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(showing.FILTERS)
    made.filters.update(previews.FILTERS)
    made.filters.update(part_title=publications_shown.part_title, web_address=publications_shown.web_address)
    made.globals.update(compose_address=previews.compose_address)
    made.globals.update(asset=assets.address, **showing.GLOBALS, **publications_shown.GLOBALS)
    return made


def render(template: str, **values: Any) -> str:
    """`template` as HTML."""
    return environment().get_template(template).render(values)
