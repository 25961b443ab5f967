"""Templates: a name that is missing is an error, and whatever is put in is text unless it says otherwise."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from apps.web import assets, previews, showing


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
    made.filters.update(posted=previews.posted, timed=previews.timed, initials=previews.initials)
    made.globals.update(asset=assets.address, **showing.GLOBALS)
    return made


def render(template: str, **values: Any) -> str:
    """`template` as HTML."""
    return environment().get_template(template).render(values)
