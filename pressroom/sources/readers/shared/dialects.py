"""Site generators and note apps extend Markdown: marks are kept as shown there, or left out and noted."""

from __future__ import annotations

import re

from pressroom.sources.readers.shared import notations
from pressroom.sources.readers.shared.omissions import Omissions

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
_CLOSING = re.compile(r"\{%-?\s*end(?:comment|highlight|codeblock)|\{\{[<%]\s*/\s*(?:highlight|mermaid|gist-code)")
_INLINE = re.compile(
    rf"{_CODE_SPAN}"
    r"|<!--.*?(?:-->|\Z)|%%(?!%).{1,5000}?%%"
    r"|\{/\*(?:(?!\{/\*).){0,5000}?\*/\}"
    r"|(?P<mark>\{\{[<%](?:(?!\{\{[<%]).){0,2000}?[>%]\}\}|\{%(?:(?!\{%).){0,2000}?%\}"
    r"|\{\{(?:(?!\{\{).){0,500}?\}\}"
    rf"|</?[A-Z][\w.]*+(?:\s{_ATTRIBUTES})?/?>|</?>)"
    r"|(?<![ \t])[ \t]*\{\s?(?:#|:|\.)[^{}\n]{0,200}\}"
    r"|!\[\[(?P<embedded>[^\[\]\n]{1,300})\]\]"
    r"|\[\[(?P<wiki>[^\[\]\n]{1,300})\]\](?!\()"
    r"|(?<![=\w])==(?P<marked>(?=[^\s=])[^\n]{1,500}?(?<=[^\s=]))==(?![=\w])"
    r"|(?P<cited>\[-?@[\w:.,;@ -]{1,200}\])"
    r"|[ \t]\^[\w-]{1,40}(?=[ \t]*$)",
    re.S | re.M,
)
_MODULE = re.compile(
    r"^(?:import\s+(?:[\w*{][^\n;]{0,300}?(?:\n[^\n;]{0,300}?){0,20}?\sfrom\s+)?[\"'][^\"'\n]+[\"'];?[ \t]*$"
    r"|export\s+(?:default|const|let|var|function|async|class|type|interface|\{|\*).*?(?=\n[ \t]*\n|\Z))",
    re.S | re.M,
)
_EXPRESSION = re.compile(rf"{_CODE_SPAN}|{_BRACES}", re.S)
_STRING = re.compile(r"\{\s*+(?P<sign>[\"'`])(?P<words>[^\"'`{}]*+)(?P=sign)\s*+\}")
_CONTAINER = re.compile(
    r"^[ \t]*:{3,}[ \t]*(?:\{[^}\n]*\}|[\w-]+)?[ \t]*(?:\[(?P<named>[^\]\n]*)\])?[ \t]*(?P<title>[^\n{:]*)[^\n]*$", re.M
)
_CALLOUT = re.compile(r"^(?P<quote>[ \t]*>[ \t>]*)\[![\w-]+(?:\|[\w-]+)?\][+-]?[ \t]*(?P<title>[^\n]*)$", re.M)
_FOLDED = re.compile(r"^([ \t]*)(?:===[+!]?|\?{3}\+?(?:[ \t]+[\w-]+)?)[ \t]+(?=[\"'])", re.M)
_CONTENTS = re.compile(r"^[ \t]*(?:\[{1,2}_?TOC_?\]{1,2}|[*-][ \t]+TOC[ \t]*\n\{:toc\})[ \t]*$", re.M | re.I)

_NAME = re.compile(r"[\w./-]+")
_SHOWN = re.compile(r"\b(?:caption|title|heading|summary)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_POSITIONAL = re.compile(r"\s(?:\"([^\"]*)\"|'([^']*)')")
_FOLDS = frozenset({"details", "expand", "tab", "accordion", "collapse", "collapsible", "card", "step"})
_CONTROL = re.compile(
    r"\{%-?\s*(?:end\w*|if|else|elsif|elif|unless|for|raw|case|when|block|macro|set|assign|capture)\b"
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|excalidraw|canvas)$", re.I)


class Dialect:
    """`plain`: the text as CommonMark with footnotes, definitions, admonitions. `code`: whether blocks of code went."""

    def __init__(self, text: str, omissions: Omissions) -> None:
        self._marks: dict[str, None] = {}
        self._embedded: dict[str, None] = {}
        self._fences = 0
        bare = _FENCE.sub(self._fenced, text)
        bare, paired = _PAIRED.subn("", bare) if _CLOSING.search(bare) else (bare, 0)
        bare, modules = _MODULE.subn("", bare)
        bare = notations.plain(_CONTENTS.sub("", bare), omissions)
        plain = _INLINE.sub(self._shown, bare)
        if modules:
            plain = _EXPRESSION.sub(self._worked_out, plain)
        plain = _CONTAINER.sub(lambda found: f"\n{(found['named'] or found['title'] or '').strip()}\n", plain)
        plain = _CALLOUT.sub(_titled, plain)
        self.plain = _FOLDED.sub(r"\1!!! note ", plain)
        self.code = bool(self._fences or paired)
        if self._marks:
            omissions.note(f"Marks of a site generator were left out: {', '.join(list(self._marks)[:10])}.")
        if self._embedded:
            omissions.note(f"Embedded notes were left out: {', '.join(list(self._embedded)[:10])}.")

    def _fenced(self, found: re.Match[str]) -> str:
        prose = notations.directive(found[0])
        self._fences += prose is None
        return prose or ""

    def _worked_out(self, found: re.Match[str]) -> str:
        """The words of an expression that is only a string; another is told, since only its program knows its value."""
        if found["code"]:
            return found["code"]
        if string := _STRING.fullmatch(found[0]):
            return string["words"]
        self._marks[found[0][:40]] = None
        return ""

    def _shown(self, found: re.Match[str]) -> str:
        """Returns what the author's tool shows for a mark."""
        if found["code"] or found["marked"]:
            return found["code"] or found["marked"]
        if found["wiki"]:
            page, _, alias = found["wiki"].partition("|")
            return (alias or page.removeprefix("#").partition("#")[0]).strip()
        if found["embedded"]:
            name = found["embedded"].partition("|")[0].strip()
            self._embedded |= {} if _PICTURE.search(name) else {name: None}
            return ""
        if found["cited"]:
            self._marks["citations"] = None
            return ""
        return self._of_mark(found["mark"], found) if found["mark"] else ""

    def _of_mark(self, mark: str, found: re.Match[str]) -> str:
        """The words a shortcode or a component shows by itself, where it stands on a line of its own."""
        inside = mark.strip("{}<>%- \n")
        if inside.startswith("/") or _CONTROL.match(mark) or not (name := _NAME.match(inside)):
            return ""
        opens = mark.startswith("<") and not mark.endswith("/>")
        positional = [double or single for double, single in _POSITIONAL.findall(mark)]
        begins = found.string[: found.start()].rpartition("\n")[2].strip(" \t>-") == ""
        folds = begins and name[0] in _FOLDS and bool(positional)
        if not opens and (not mark.startswith("{{%") or (not folds and any(" " in words for words in positional))):
            self._marks[name[0]] = None
        words = [double or single for double, single in _SHOWN.findall(mark)] if begins else []
        words += positional[:1] if folds else []
        return "".join(f"{word}\n\n" for word in words if word.strip())


def _titled(found: re.Match[str]) -> str:
    title = found["title"].strip()
    return f"{found['quote']}{title}\n{found['quote'].rstrip()}" if title else ""
