"""What site generators add to Markdown, taken out before it is read: shortcodes, components, imports, comments."""

from __future__ import annotations

import re

_FENCE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}+|~{3,}+)[^\n]*\n(?:.*?^[ \t>]*(?P=mark)[`~]*[ \t]*$|.*\Z)", re.S | re.M
)

# Quantifiers are possessive or bounded, so that no text makes them try for long.
_INSIDE = r"\"[^\"\n]*+\"|'[^'\n]*+'|[^{}]"
_BRACES = rf"\{{(?:{_INSIDE}|\{{(?:{_INSIDE}|\{{(?:{_INSIDE})*+\}})*+\}})*+\}}"
_ATTRIBUTES = rf"(?:[^<>{{}}\"'/]|\"[^\"]*+\"|'[^']*+'|{_BRACES}|/(?!>))*+"
_CODE_SPAN = r"(?P<code>(?<!`)(?P<ticks>`{1,9})(?!`)(?:(?!\n[ \t]*\n).){1,1000}?(?<!`)(?P=ticks)(?!`))"

_PAIRED = re.compile(
    r"\{%-?\s*(?P<tag>comment|highlight|codeblock)\b[^%]*%\}.{0,10000}?\{%-?\s*end(?P=tag)\s*-?%\}"
    r"|\{\{[<%]\s*(?P<code>highlight|mermaid|gist-code)\b[^>%]*[>%]\}\}.{0,10000}?\{\{[<%]\s*/\s*(?P=code)\s*[>%]\}\}",
    re.S,
)
_INLINE = re.compile(
    rf"{_CODE_SPAN}"
    r"|<!--.*?(?:-->|\Z)"
    r"|\{/\*(?:(?!\{/\*).){0,5000}?\*/\}"
    r"|\{\{[<%](?:(?!\{\{[<%]).){0,2000}?[>%]\}\}|\{%(?:(?!\{%).){0,2000}?%\}|\{\{(?:(?!\{\{).){0,500}?\}\}"
    rf"|</?[A-Z][\w.]*+(?:\s{_ATTRIBUTES})?/?>|</?>"
    r"|(?<![ \t])[ \t]*\{(?:#|:|\.)[^{}\n]{0,200}\}"
    r"|\[\^[^\]\s]{1,60}\](?!:)",
    re.S,
)
_MODULE = re.compile(
    r"^(?:import\s+(?:[\w*{][^\n;]{0,300}?(?:\n[^\n;]{0,300}?){0,20}?\sfrom\s+)?[\"'][^\"'\n]+[\"'];?[ \t]*$"
    r"|export\s+(?:default|const|let|var|function|async|class|type|interface|\{|\*).*?(?=\n[ \t]*\n|\Z))",
    re.S | re.M,
)
_EXPRESSION = re.compile(rf"{_CODE_SPAN}|{_BRACES}", re.S)
_FOOTNOTE = re.compile(r"^[ ]{0,3}\[\^[^\]\n]{1,60}\]:[^\n]*(?:\n(?:[ \t]+[^\n]+|[^\n\s\[#>*-][^\n]*))*", re.M)
_CONTAINER = re.compile(r"^[ \t]*:{3,}[^\n]*$", re.M)
_LINES = re.compile(
    r"^[ \t>]*\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$|^[ \t]*\[{1,2}TOC\]{1,2}[ \t]*$", re.M | re.I
)


def stripped(text: str) -> tuple[str, bool]:
    """`text` as plain CommonMark, and whether blocks of code were left out on the way."""
    bare, fences = _FENCE.subn("", text)
    bare, paired = _PAIRED.subn("", bare)
    bare, modules = _MODULE.subn("", bare)
    plain = _INLINE.sub(_kept, bare)
    if modules:
        plain = _EXPRESSION.sub(_kept, plain)
    for pattern in (_FOOTNOTE, _CONTAINER, _LINES):
        plain = pattern.sub("", plain)
    return plain, bool(fences or paired)


def _kept(found: re.Match[str]) -> str:
    return found["code"] or ""
