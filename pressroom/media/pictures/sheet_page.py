"""The contact sheet as a page of its own, which asks no other machine for anything."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from PIL import Image

from pressroom.errors import WrongInput
from pressroom.media.pictures.palette import colour_of
from pressroom.media.pictures.sheet import label_of, shown_small
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import Variant

SHOWN = 640
"""Pixels of the longer edge of a picture that is inside the page."""


def contact_sheet_html(
    taken: Taken, variants: Sequence[Variant], *, alt: str = "", links: Mapping[str, str] | None = None
) -> str:
    """The page.

    alt: text for those who can't see the picture. links: by platform, the path of its file relative to the page's;
    default: small copies inside the page.

    Raises:
        WrongInput: a link leads elsewhere. What `Taken.pixels` does.
    """
    return _template().render(
        title=f"{taken.name or 'Picture'}: {len(variants)} variants",
        alt=alt or taken.name or "The picture",
        source={
            "address": _inside(taken.small(SHOWN)),
            "width": taken.width,
            "height": taken.height,
            "kind": taken.kind.name,
            "notes": taken.notes,
        },
        shown=[_shown(at, variant, links or {}) for at, variant in enumerate(variants)],
    )


def _shown(at: int, variant: Variant, links: Mapping[str, str]) -> dict[str, Any]:
    name, about = label_of(variant)
    link = links.get(variant.platform)
    return {
        "address": _inside(shown_small(variant, SHOWN)) if link is None else _relative(link),
        "name": name,
        "about": about,
        "width": variant.width,
        "height": variant.height,
        "box": variant.box,
        "colour": colour_of(at),
        "notes": variant.notes,
    }


def _relative(link: str) -> str:
    if link.startswith("/") or ":" in link.split("/", maxsplit=1)[0] or "\\" in link:
        raise WrongInput(f"{link!r} is no path relative to the sheet.", hint="Give one like variants/instagram.jpg.")
    return quote(link)


def _inside(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=82)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(files(__package__).joinpath("sheet.html").read_text("utf-8"))
