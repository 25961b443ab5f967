"""Which picture of itself a format has: the template that looks like its platform, and text as platforms show it."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from pressroom import formats, platforms

_ENTITY = re.compile(r"https?://\S+|(?<![\w&/])[#＃]\w+|(?<![\w&/@])@\w[\w.]*")
_TIMED = re.compile(r"(?P<label>.+) \((?P<start>\d+:\d\d)–(?P<end>\d+:\d\d)\)$")


def template_of(form: str) -> str:
    """The template for a draft of that format: its platform's, else its parts one below the other."""
    known = platforms.find(formats.get(form).platform) if form in formats.names() else None
    return f"previews/{known.preview_of(form) if known else 'generic'}.html"


def posted(text: str) -> Markup:
    """`text` with hashtags, mentions and links set off, as platforms do; they lead nowhere."""
    done, end = Markup(""), 0
    for found in _ENTITY.finditer(text):
        done += escape(text[end : found.start()]) + Markup('<span class="entity">{}</span>').format(found.group())
        end = found.end()
    return done + escape(text[end:])


def timed(label: str) -> tuple[str, str, str] | None:
    """(name, start, end) of a spoken part's label; None when it is not spoken."""
    found = _TIMED.fullmatch(label)
    return (found["label"], found["start"], found["end"]) if found else None


def initials(name: str) -> str:
    """One or two letters for where a picture would be."""
    words = re.findall(r"[^\W_]+", name)
    return "".join(word[0] for word in words[:2]).upper() or "P"
