"""Markdown rendered to a tree of HTML, with the extensions that its tools share."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

import emoji
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from pressroom.sources.readers.shared.equations import is_tex

Tree = Any
"""An lxml element."""

_MARK = re.compile(r"\[\^[^\]\s]{1,60}\]")
_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:")


def tree_of(text: str) -> Tree:
    """The rendered text, in the body of a page."""
    rendered = _renderer().render(text)
    return lxml_html.document_fromstring(
        f"<html><body>{rendered}</body></html>".encode("utf-8", "replace"),
        parser=lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False),
    )


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    made.use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin).use(admon_plugin)
    made.use(sub_plugin).use(superscript_plugin)
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, renderer=_equation)
    made.core.ruler.push("shown_words", _show_words)
    return made


def _equation(source: str, options: dict[str, Any]) -> str:
    """Renders text between dollar signs as an equation if it looks like one, else with its signs."""
    mark = "$$" if options["display_mode"] else "$"
    return html.escape(f"${source}$" if is_tex(source) else f"{mark}{source}{mark}")


def _show_words(state: StateCore) -> None:
    """Emoji for their names; no marks of footnotes that the text doesn't have."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text":
                text = _MARK.sub("", child.content) if "[^" in child.content else child.content
                child.content = _SHORTCODE.sub(_emoji, text) if ":" in text else text


def _emoji(found: re.Match[str]) -> str:
    return emoji.emojize(found[0], language="alias")
